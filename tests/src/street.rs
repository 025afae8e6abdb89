//! The simulator's street read back: what the decoder says of each slip against what was sold.
//!
//! Compared is what a bookkeeper signs; words that a reader may phrase as it likes are not.

use std::collections::BTreeMap;

use pos_protocol::event::{Event, Item, Kind, Receipt, Verdict};
use pos_protocol::limits::Limits;
use pos_protocol::money::{Amount, Currency};
use pos_protocol::profile::{Profile, Timing};
use pos_protocol::session::{EndReason, Lane};
use possim::print::Style;
use possim::shop::{Day, OPENING, Shop, Slip};
use possim::truth;

use crate::drive;

/// Name of the till.
const SOURCE: &str = "counter-1";
/// The first receipt number of a till.
const FIRST_NUMBER: u32 = 1001;

/// One slip: what was sold and what was read.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What a perfect reader says.
    pub truth: Event,
    /// What ours said; `None` where it made nothing of the paper.
    pub read: Option<Event>,
}

/// The slips of a day of `shop` in `style`, as a bridge that knows the shop's currency reads them.
pub fn pairs(style: &'static Style, shop: &'static Shop, seed: u64, count: usize) -> Vec<Pair> {
    let wanted = |slip: &Slip| style.kinds().contains(&slip.kind()) && style.leaves_paper(slip);
    let slips = Day::open(shop, seed, SOURCE, FIRST_NUMBER, OPENING).filter(wanted).take(count);
    let currency = Currency::from_code(shop.money.code);
    let profile = Profile { timing: Timing::File, currency, ..Profile::default() };
    let mut session = drive::session(&profile, Limits::default());
    let mut out = Vec::new();
    let mut ends = Vec::new();
    let mut at = 0;
    for slip in slips {
        let bytes = style.print_slip(&slip);
        at += bytes.len() as u64;
        ends.push(at);
        session.receive(Lane::ToPrinter(0), drive::at(0), &bytes);
        out.push(Pair { truth: truth::slip(&slip, style, SOURCE), read: None });
    }
    session.finish(drive::at(0), EndReason::EndOfFile);
    for event in drive::drain(&mut session).into_iter().filter(|event| event.text.is_some()) {
        // A kick behind the cut belongs to what follows, so the end tells more than the start.
        let last = event.evidence.as_ref().map_or(0, |evidence| evidence.end);
        let slip = ends.partition_point(|end| *end < last);
        if let Some(pair) = out.get_mut(slip) {
            pair.read.get_or_insert(event);
        }
    }
    out
}

/// A text of lines, read as `posbridge decode --currency` reads it.
pub fn read_text(text: &str, currency: Option<Currency>) -> Option<Event> {
    let profile = Profile { timing: Timing::File, currency, ..Profile::default() };
    let mut session = drive::session(&profile, Limits::default());
    session.receive(Lane::ToPrinter(0), drive::at(0), text.as_bytes());
    session.finish(drive::at(0), EndReason::EndOfFile);
    drive::drain(&mut session).into_iter().find(|event| event.text.is_some())
}

/// Right ones among those that the truth has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Read as they were.
    pub right: usize,
    /// In the truth.
    pub truth: usize,
    /// Read, right or not.
    pub read: usize,
}

impl Count {
    /// Harmonic mean of precision and recall; 1 where there is nothing.
    pub fn f1(self) -> f64 {
        let all = self.truth + self.read;
        if all == 0 { 1.0 } else { 2.0 * self.right as f64 / all as f64 }
    }

    fn one<T: PartialEq>(&mut self, truth: Option<&T>, read: Option<&T>) -> bool {
        self.truth += usize::from(truth.is_some());
        self.read += usize::from(read.is_some());
        let right = truth.is_some() && truth == read;
        self.right += usize::from(right);
        right || truth.is_none()
    }

    fn many(&mut self, truth: &[String], read: &[String]) -> bool {
        let mut left: Vec<&String> = read.iter().collect();
        let mut right = 0;
        for wanted in truth {
            if let Some(at) = left.iter().position(|found| *found == wanted) {
                left.swap_remove(at);
                right += 1;
            }
        }
        self.truth += truth.len();
        self.read += read.len();
        self.right += right;
        right == truth.len() && right == read.len()
    }
}

/// The figures, by field.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// By field.
    pub fields: BTreeMap<&'static str, Count>,
    /// Sales and refunds whose amounts were found to add up.
    pub balanced: Count,
}

impl Score {
    /// Counts one slip; the names of the fields that are wrong.
    pub fn add(&mut self, pair: &Pair) -> Vec<&'static str> {
        let mut wrong = Vec::new();
        let read = pair.read.as_ref();
        let mut count = |field, right: &mut dyn FnMut(&mut Count) -> bool| {
            if !right(self.fields.entry(field).or_default()) {
                wrong.push(field);
            }
        };
        count("kind", &mut |c| c.one(Some(&pair.truth.kind), read.map(|event| &event.kind)));
        let empty = Receipt::default();
        if let Some(truth) = &pair.truth.receipt {
            let found = read.and_then(|event| event.receipt.as_ref()).unwrap_or(&empty);
            for (field, told, said) in texts(truth).into_iter().zip(texts(found)).map(zipped) {
                count(field, &mut |c| c.one(told.as_ref(), said.as_ref()));
            }
            count("items", &mut |c| c.many(&items(truth), &items(found)));
            count("payments", &mut |c| c.many(&payments(truth), &payments(found)));
            if truth.total.is_some() && pair.truth.kind != Kind::TopUp {
                self.balanced.truth += 1;
                let verdict = read.and_then(|event| event.verdict);
                self.balanced.right += usize::from(verdict == Some(Verdict::Balanced));
                self.balanced.read += usize::from(verdict == Some(Verdict::Off));
            }
        }
        wrong
    }
}

type Text = (&'static str, Option<String>);

fn zipped(
    ((field, told), (_, said)): (Text, Text),
) -> (&'static str, Option<String>, Option<String>) {
    (field, told, said)
}

fn texts(receipt: &Receipt) -> [Text; 8] {
    let shown = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
    [
        ("number", receipt.number.clone()),
        ("printed_at", receipt.printed_at.map(|at| at.to_string())),
        ("total", shown(receipt.total)),
        ("subtotal", shown(receipt.subtotal)),
        ("tendered", shown(receipt.tendered)),
        ("change", shown(receipt.change)),
        ("cashier", receipt.cashier.clone()),
        ("table", receipt.table.clone()),
    ]
}

/// Items as text that can be compared and shown.
pub fn items(receipt: &Receipt) -> Vec<String> {
    let one = |item: &Item| {
        let quantity = item.quantity.map(|q| q.normalize().to_string()).unwrap_or_default();
        let amount = item.amount.map(|amount| amount.to_string()).unwrap_or_default();
        format!("{quantity} | {} | {amount}", item.name)
    };
    receipt.items.iter().map(one).collect()
}

/// Payments as text that can be compared and shown.
pub fn payments(receipt: &Receipt) -> Vec<String> {
    let one = |payment: &pos_protocol::event::Payment| {
        let amount = payment.amount.map(|amount| amount.to_string()).unwrap_or_default();
        format!("{} {amount}", payment.method)
    };
    receipt.payments.iter().map(one).collect()
}
