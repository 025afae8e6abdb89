//! Sample events and alarms: what `check` shows of a robot's level and tries templates on.
//!
//! Nobody's data: the numbers and names are made up so that it can be seen that they are hidden.

use pos_protocol::event::{Event, Kind, Receipt};
use pos_protocol::money::Amount;
use pos_protocol::time::Timestamp;
#[cfg(test)]
use serde_json::Value;
use serde_json::json;

use super::card::Card;
use super::context::Context;
use super::{DigestReason, TemplateError, alarm, compose, digest, exception};
use crate::alarm::{Alarm, HookFault};
use crate::config::{Format, Privacy, Robot};
use crate::shop::{Exception, Oddity, Trouble};

/// When the samples happened, in milliseconds of wall time.
const AT_MS: i64 = 1_795_233_682_000;

/// A sale with everything on it, as `kind` would carry it.
pub fn event(kind: Kind) -> Event {
    let sign = if kind == Kind::Refund { "-" } else { "" };
    let mut event = json!({
        "schema": 1, "id": "1a2b3c4d5e6f708192a3b4c5d6e7f809", "source": "counter-1",
        "observed_at": "2026-11-21T04:01:25.120Z", "kind": kind,
        "receipt": {
            "merchant": "明記冰室", "number": "1001", "printed_at": "2026-11-21T12:01:22",
            "table": "7", "cashier": "Chan Tai Man", "currency": "HKD",
            "items": [
                {"name": "凍奶茶 (少甜)", "quantity": "2", "unit_price": "18.00",
                 "amount": format!("{sign}36.00")},
                {"name": "*Set* for 9123 4567", "amount": format!("{sign}58.00")},
            ],
            "discounts": [{"label": "會員 A123456(7)", "amount": "-5.00"}],
            "total": format!("{sign}89.00"),
            "payments": [{"method": "octopus", "label": "八達通", "amount": format!("{sign}89.00")}],
        },
    });
    match kind {
        Kind::Refund => event["receipt"]["original_number"] = json!("0998"),
        Kind::NoSale | Kind::DrawerLeftOpen | Kind::DrawerOpened | Kind::DrawerClosed => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["drawer"] = match kind {
                Kind::DrawerLeftOpen => json!({"state": "opened"}),
                Kind::DrawerClosed => json!({"state": "closed"}),
                _ => json!({"kick": "pin2", "state": "commanded"}),
            };
        }
        Kind::PrinterStatus => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["printer"] = json!({"paper": "out", "cover": "closed", "offline": true,
                "error": "none"});
        }
        Kind::ShiftReport => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["report"] = json!({
                "type": "z", "number": "42", "gross": "12345.60", "net": "12300.60",
                "refunds": "-45.00", "no_sales": 2, "receipts": 181,
                "tenders": [{"method": "cash", "amount": "8000.60", "count": 120},
                            {"method": "other", "label": "飯盒券 91234567", "amount": "4300.00"}],
            });
        }
        Kind::Unread | Kind::RasterReceipt => {
            event.as_object_mut().expect("an object").remove("receipt");
            event["text"] = json!("?? Tel 9123 4567\n\nTOTAL ??");
            event["evidence"] = json!({"session": "counter-1/0/0", "start": 0, "end": 9,
                "profile": "auto", "dialect": "escpos", "encoding": "big5",
                "diagnostics": [{"code": "gap", "start": 3, "end": 3}]});
        }
        _ => {}
    }
    if kind == Kind::DrawerOpened {
        event["related"] = json!("ffffffff5e6f708192a3b4c5d6e7f809");
    }
    serde_json::from_value(event).expect("the wire schema")
}

/// One alarm of each kind.
pub fn alarms() -> Vec<Alarm> {
    let (source, robot) = ("counter-1".to_owned(), "owner".to_owned());
    vec![
        Alarm::SourceSilent { source: source.clone(), since_ms: 1_795_230_082_000 },
        Alarm::QueueParked { robot, reason: "DingTalk does not know this robot. [300005]".into() },
        Alarm::QuotaNear { used: 2_700, quota: 3_000, forecast: 3_400 },
        Alarm::DiskLow { free_mib: 300 },
        Alarm::TillClock { source: source.clone(), off_s: -7_200 },
        Alarm::OwnClock { off_s: 4_200 },
        Alarm::JournalDamaged { set_aside: "posbridge.db.damaged-20261121-040000".into() },
        Alarm::BytesMissing { source: source.clone() },
        Alarm::ReceiptsUnread { source, count: 3 },
        Alarm::HookTested { scheme: "square".into() },
        Alarm::WentLive { since_ms: 1_795_230_082_000 },
        Alarm::HookRefused { scheme: "square".into(), fault: HookFault::Unproved },
        Alarm::HookRefused { scheme: "shopify".into(), fault: HookFault::Malformed },
        Alarm::HookRefused { scheme: "push".into(), fault: HookFault::TooLarge },
    ]
}

/// One exception of each kind.
pub fn exceptions() -> Vec<Exception> {
    let fifty = Amount::new(5_000, 2);
    let all = [
        Oddity::NoSales { limit: 5 },
        Oddity::RefundOver { limit: fifty },
        Oddity::RefundWithoutOriginal,
        Oddity::RefundSoon { original: "0998".into(), minutes: 4 },
        Oddity::Refunds { limit: 3 },
        Oddity::VoidAfterTender,
        Oddity::DiscountOver { percent: 61, limit: 50 },
        Oddity::ZeroTotal,
        Oddity::Reprints { limit: 2 },
        Oddity::ReprintsOfDay { limit: 10 },
        Oddity::NumberMissing { from: "1043".into(), to: "1043".into() },
        Oddity::NumberMissing { from: "A-0043".into(), to: "A-0045".into() },
        Oddity::NumberRepeated,
        Oddity::OutsideHours { hours: "11:00-22:30".into() },
        Oddity::OutsideHours { hours: String::new() },
        Oddity::KitchenUnbilled { minutes: 245 },
        Oddity::BillUnpaid { minutes: 182 },
        Oddity::ZMissing { day: "2026-11-20".into() },
        Oddity::ZSequence { expected: "43".into(), found: "44".into() },
        Oddity::Printer { trouble: Trouble::Fault },
        Oddity::Printer { trouble: Trouble::PaperOut },
        Oddity::Printer { trouble: Trouble::CoverOpen },
        Oddity::Printer { trouble: Trouble::Offline },
        Oddity::Printer { trouble: Trouble::PaperLow },
    ];
    all.into_iter().map(on_paper).collect()
}

/// `what` on a paper that says everything, or on none where there is none.
fn on_paper(what: Oddity) -> Exception {
    let paper = !matches!(
        what,
        Oddity::NoSales { .. }
            | Oddity::NumberMissing { .. }
            | Oddity::ZMissing { .. }
            | Oddity::Printer { .. }
    );
    Exception {
        once: "1".into(),
        event: paper.then(|| "1a2b3c4d5e6f708192a3b4c5d6e7f809".to_owned()),
        source: "counter-1".into(),
        shop: String::new(),
        at: "2026-11-21T12:01:22".into(),
        number: paper.then(|| "1001".to_owned()),
        amount: paper.then(|| Amount::new(8_900, 2)),
        currency: None,
        table: paper.then(|| "7".to_owned()),
        cashier: paper.then(|| "Chan Tai Man".to_owned()),
        what,
    }
}

/// What each level tells of a sample sale beyond the level before it, in the words of the message.
pub fn revealed(context: &Context<'_>) -> Vec<(Privacy, Vec<String>)> {
    let mut known: Vec<String> = Vec::new();
    let mut levels = Vec::new();
    for level in [Privacy::Totals, Privacy::Categories, Privacy::Items, Privacy::Full] {
        let robot = Robot { privacy: level, ..context.robot.clone() };
        let told =
            parts(&compose::card(&event(Kind::Sale), &Context { robot: &robot, ..*context }));
        let new: Vec<String> = told.into_iter().filter(|part| !known.contains(part)).collect();
        known.extend(new.iter().cloned());
        levels.push((level, new));
    }
    levels
}

/// What is wrong with the owner's templates when they say the samples, whole and with nothing on
/// them, in every format; each fault once.
pub fn faults(context: &Context<'_>) -> Vec<TemplateError> {
    let mut faults: Vec<TemplateError> = Vec::new();
    for format in [Format::Text, Format::Markdown, Format::Card] {
        let robot = Robot { format, ..context.robot.clone() };
        for card in cards(&Context { robot: &robot, ..*context }) {
            if let Some(Err(fault)) = context.templates.owners_text(&card, format)
                && !faults.iter().any(|known| known.to_string() == fault.to_string())
            {
                faults.push(fault);
            }
        }
    }
    faults
}

/// Everything that is ever said, once.
fn cards(context: &Context<'_>) -> Vec<Card> {
    let whole: Vec<Event> = Kind::ALL.iter().map(|kind| event(*kind)).collect();
    let bare = |event: &Event| Event {
        receipt: event.receipt.as_ref().map(|_| Receipt::default()),
        evidence: None,
        ..event.clone()
    };
    let bare: Vec<Event> = whole.iter().map(bare).collect();
    let events = whole.iter().chain(&bare).map(|event| compose::card(event, context));
    let late = DigestReason::Late { since_ms: AT_MS };
    let digests =
        [digest::card(&whole, DigestReason::Budget, context), digest::card(&bare, late, context)];
    let alarms: Vec<Card> = alarms().iter().map(|trouble| alarm::card(trouble, context)).collect();
    let hello = compose::hello_card(context, Timestamp::new(0, AT_MS));
    let odd = exceptions();
    let odd = odd.iter().map(|exception| exception::card(exception, context));
    events.chain(digests).chain(alarms).chain(odd).chain([hello]).collect()
}

fn parts(card: &Card) -> Vec<String> {
    let rows = card.rows.iter().map(|row| format!("{}{}{}", row.label, card.colon, row.value));
    std::iter::once(card.title.clone()).chain(rows).chain(card.lines.iter().cloned()).collect()
}

/// As [`event`], with something changed.
#[cfg(test)]
pub(crate) fn changed(kind: Kind, change: impl FnOnce(&mut Value)) -> Event {
    let mut value = serde_json::to_value(event(kind)).expect("plain data");
    change(&mut value);
    serde_json::from_value(value).expect("the wire schema")
}
