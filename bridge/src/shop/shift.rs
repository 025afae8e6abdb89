//! The slips of each till since its last Z report, and what that report was found to say.
//!
//! It keeps just what a report can count, until the report comes and `reconcile` has seen both; then
//! the slips are forgotten and the result stays. An X report ends nothing.

use jiff::ToSpan;
use jiff::civil::Date;
use pos_protocol::event::{Event, Kind, Method, Receipt, Report, ReportType};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::reconcile::{Reconciliation, Slip, Ways, reconcile};
use crate::journal::{JournalError, Rows};

/// One row a till.
const SHIFT: &str = "shift";
/// One row a slip since the last report, by till and order.
const SLIP: &str = "shift_slip";
/// One row a report, by day, till and event.
const REPORT: &str = "z_report";

/// Most slips kept of a till that prints no Z report: a month of a busy one. The oldest go first.
const MAX_SLIPS: u64 = 10_000;
/// Days that a report's result is kept: as long as what was sold.
const KEEP_DAYS: i64 = 400;

/// A till's shift that is under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Shift {
    /// Slips from here on are of this shift.
    first: u64,
    next: u64,
    /// The report before, which began it; nothing where we came in the middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Report>,
    /// Receipt number of its last slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// How the till may count, going by its reports that agreed with us.
    #[serde(default, skip_serializing_if = "Ways::is_any")]
    ways: Ways,
}

/// A report beside our count, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reckoning {
    /// The till.
    pub source: String,
    /// The shop, where the bridge has several.
    pub shop: String,
    /// Number of the report.
    pub number: Option<String>,
    /// Local time.
    pub at: String,
    /// The business day that it ends.
    pub day: Date,
    /// The event.
    pub event: String,
    /// Whether our count began with the report before; else it began in the middle.
    pub whole: bool,
    /// Cash that came into the drawer in the shift.
    pub cash: Amount,
    /// The figures and what makes them differ.
    pub found: Reconciliation,
}

impl Reckoning {
    /// Reports of a shop with `from <= day < to`, in order.
    pub fn range(
        rows: &dyn Rows,
        shop: &str,
        from: Date,
        to: Date,
    ) -> Result<Vec<Self>, JournalError> {
        let found = rows.range(REPORT, shop, &from.to_string(), &to.to_string())?;
        Ok(found.into_iter().filter_map(|(_, body)| serde_json::from_str(&body).ok()).collect())
    }
}

/// Keeps what `event` is for its till's shift; a Z report ends that, and is answered.
pub(super) fn keep(
    event: &Event,
    at: Moment,
    shop: &str,
    own: &str,
    rows: &mut dyn Rows,
) -> Result<Option<Reckoning>, JournalError> {
    let z = event.report.as_ref().filter(|report| report.report_type == ReportType::Z);
    if event.kind == Kind::ShiftReport {
        return match z {
            Some(report) => end(event, report, at, shop, rows),
            None => Ok(None),
        };
    }
    let Some(slip) = slip(event, at, own) else { return Ok(None) };
    let mut shift: Shift = rows.load(SHIFT, shop, &event.source)?.unwrap_or_default();
    rows.save(SLIP, shop, &key(&event.source, shift.next), &slip)?;
    shift.next += 1;
    if shift.next - shift.first > MAX_SLIPS {
        rows.remove(SLIP, shop, &key(&event.source, shift.first))?;
        shift.first += 1;
        // What is left is no whole shift.
        shift.since = None;
    }
    rows.save(SHIFT, shop, &event.source, &shift)?;
    Ok(None)
}

/// Puts a better reading in the place of the first, where its shift is still under way.
pub(super) fn correct(
    original: &Event,
    better: &Event,
    at: Moment,
    shop: &str,
    own: &str,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    let source = &original.source;
    let id = original.id.to_string();
    for (key, body) in rows.range(SLIP, shop, &key(source, 0), &format!("{source}\n"))? {
        let known: Option<Slip> = serde_json::from_str(&body).ok();
        if known.is_some_and(|known| known.event == id) {
            return match slip(better, at, own) {
                Some(slip) => rows.save(SLIP, shop, &key, &slip),
                None => rows.remove(SLIP, shop, &key),
            };
        }
    }
    Ok(())
}

/// Cash that came into the drawer since the last report of `source`, and whether anything was
/// printed since.
pub fn cash_since(
    rows: &dyn Rows,
    shop: &str,
    source: &str,
) -> Result<Option<Amount>, JournalError> {
    let slips = slips(rows, shop, source)?;
    Ok((!slips.is_empty()).then(|| cash(&slips)))
}

fn end(
    event: &Event,
    report: &Report,
    at: Moment,
    shop: &str,
    rows: &mut dyn Rows,
) -> Result<Option<Reckoning>, JournalError> {
    let source = &event.source;
    let shift: Shift = rows.load(SHIFT, shop, source)?.unwrap_or_default();
    // A second print of a report says nothing new.
    if shift.since.as_ref() == Some(report) && report.number.is_some() {
        return Ok(None);
    }
    let slips = slips(rows, shop, source)?;
    let found = reconcile(report, &slips, shift.ways, shift.before.as_deref());
    for n in shift.first..shift.next {
        rows.remove(SLIP, shop, &key(source, n))?;
    }
    let agreed = found.agrees() && !slips.is_empty();
    let ways = if agreed { shift.ways.narrowed(report, &slips) } else { shift.ways };
    let last = slips.iter().rev().find_map(|slip| slip.number.clone());
    let reckoning = Reckoning {
        source: source.clone(),
        shop: shop.to_owned(),
        number: report.number.clone(),
        at: at.local.to_string(),
        day: at.day,
        event: event.id.to_string(),
        whole: shift.since.is_some(),
        cash: cash(&slips),
        found,
    };
    let next = Shift {
        first: shift.next,
        next: shift.next,
        since: Some(report.clone()),
        before: last.or(shift.before),
        ways,
    };
    rows.save(SHIFT, shop, source, &next)?;
    rows.save(REPORT, shop, &format!("{}\t{source}\t{}", at.day, event.id), &reckoning)?;
    if let Ok(oldest) = at.day.checked_sub(KEEP_DAYS.days()) {
        for (old, _) in rows.range(REPORT, shop, "", &oldest.to_string())? {
            rows.remove(REPORT, shop, &old)?;
        }
    }
    Ok(Some(reckoning))
}

fn slips(rows: &dyn Rows, shop: &str, source: &str) -> Result<Vec<Slip>, JournalError> {
    let found = rows.range(SLIP, shop, &key(source, 0), &format!("{source}\n"))?;
    Ok(found.into_iter().filter_map(|(_, body)| serde_json::from_str(&body).ok()).collect())
}

/// What a report can count, or what has a number of the till's own counter.
fn slip(event: &Event, at: Moment, own: &str) -> Option<Slip> {
    let empty = Receipt::default();
    let receipt = event.receipt.as_ref().unwrap_or(&empty);
    let foreign = receipt.currency.as_deref().is_some_and(|currency| currency != own);
    let kind = match event.kind {
        Kind::Sale | Kind::Refund | Kind::Void | Kind::TopUp if !foreign => event.kind,
        Kind::NoSale => Kind::NoSale,
        Kind::Sale
        | Kind::Refund
        | Kind::Void
        | Kind::TopUp
        | Kind::Training
        | Kind::Membership
        | Kind::Document
            if receipt.number.is_some() =>
        {
            Kind::Document
        }
        _ => return None,
    };
    let counts = kind != Kind::Document;
    let reduced = receipt
        .discounts
        .iter()
        .try_fold(Amount::zero(0), |sum, discount| sum.checked_add(discount.amount));
    let paid = receipt.payments.iter().filter_map(|paid| Some((paid.method, paid.amount?)));
    Some(Slip {
        event: event.id.to_string(),
        kind,
        at: at.local.to_string(),
        number: receipt.number.clone(),
        total: receipt.total.filter(|_| counts),
        reduced: reduced.filter(|sum| counts && !sum.is_zero()),
        reduced_lines: reduced_lines(receipt).filter(|_| counts),
        paid: if counts { paid.collect() } else { Vec::new() },
        off: event.verdict == Some(pos_protocol::event::Verdict::Off),
        of: receipt
            .original_number
            .clone()
            .or_else(|| receipt.number.clone())
            .filter(|_| kind == Kind::Void),
    })
}

/// What single lines are reduced by, below zero: their prices come to so much more than the subtotal.
/// Unknown where a price or the subtotal is not printed.
fn reduced_lines(receipt: &Receipt) -> Option<Amount> {
    let mut prices = receipt.items.iter().map(|item| item.amount);
    let goods = prices.try_fold(Amount::zero(0), |sum, price| sum.checked_add(price?))?;
    let lines = receipt.subtotal?.checked_sub(goods)?;
    // Only what stands on the paper as a reduction is one.
    let told = receipt.discounts.iter().map(|discount| discount.amount);
    let told = told.filter(|amount| amount.is_negative());
    let told = told.fold(Amount::zero(0), |sum, amount| sum.checked_add(amount).unwrap_or(sum));
    let beyond = told.checked_sub(lines)?;
    (lines.is_negative() && (beyond.is_negative() || beyond.is_zero())).then_some(lines)
}

/// Cash that these slips brought into the drawer: sales and top-ups less what was paid back.
fn cash(slips: &[Slip]) -> Amount {
    let brought = |slip: &Slip| -> Amount {
        let cash = slip.paid.iter().filter(|(method, _)| *method == Method::Cash);
        cash.fold(Amount::zero(0), |sum, (_, amount)| sum.checked_add(*amount).unwrap_or(sum))
    };
    let mut sum = Amount::zero(0);
    for slip in slips {
        let moved = match (slip.kind, &slip.of) {
            (Kind::Sale | Kind::Refund, _) => Some(brought(slip)),
            // A card is topped up with cash, where nothing else is printed.
            (Kind::TopUp, _) if slip.paid.is_empty() => slip.total,
            (Kind::TopUp, _) => Some(brought(slip)),
            (Kind::Void, Some(of)) => slips
                .iter()
                .find(|sale| sale.kind == Kind::Sale && sale.number.as_ref() == Some(of))
                .and_then(|sale| brought(sale).checked_neg()),
            _ => None,
        };
        sum = moved.and_then(|moved| sum.checked_add(moved)).unwrap_or(sum);
    }
    sum
}

fn key(source: &str, n: u64) -> String {
    format!("{source}\t{n:010}")
}
