//! Takings by business day: running sums, changed by each event and never counted again.
//!
//! It counts what was read and judges nothing: a total that does not add up is counted and said to
//! be so. Figures of a currency that is not the shop's stand beside the shop's own.

use std::collections::BTreeMap;

use jiff::civil::Date;
use pos_protocol::event::{Event, Kind, Receipt, Verdict};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

use super::clerk::Effect;
use super::items;
use super::moment::Moment;
use super::receipts::Standing;
use crate::journal::{JournalError, Rows};

/// One row a business day.
const DAY: &str = "day";
/// Most cashiers, sources, currencies and tenders told apart on one day; further ones share a row.
const MAX_TOLD_APART: usize = 100;
/// The name of those that share a row.
const OTHERS: &str = "…";
/// Most characters of a name.
const MAX_NAME_CHARS: usize = 80;

/// A number of things and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// What they add up to.
    pub amount: Amount,
}

impl Default for Sum {
    fn default() -> Self {
        Self { count: 0, amount: Amount::zero(0) }
    }
}

impl Sum {
    /// Adds another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.add(other.count, Some(other.amount));
    }

    pub(super) fn add(&mut self, count: i64, amount: Option<Amount>) {
        self.count += count;
        // A sum beyond what 64 bits hold stays where it is.
        let sum = amount.and_then(|amount| self.amount.checked_add(amount));
        self.amount = sum.unwrap_or(self.amount);
    }
}

/// What a business day took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Day {
    /// Sales, at what the customer owed.
    pub sales: Sum,
    /// Refunds, below zero.
    pub refunds: Sum,
    /// Voids of sales that had counted, below zero.
    pub taken_back: Sum,
    /// Voids of all kinds, at what they say.
    pub voids: Sum,
    /// Reductions, below zero.
    pub discounts: Sum,
    /// What was put on stored-value cards: no sale.
    pub top_ups: Sum,
    /// Net sums by means of payment; counts are of sales.
    pub tenders: BTreeMap<String, Sum>,
    /// Net sums by hour of the day.
    #[serde(with = "by_hour")]
    pub hours: BTreeMap<u8, Sum>,
    /// Net sums by cashier.
    pub cashiers: BTreeMap<String, Sum>,
    /// Net sums by source.
    pub sources: BTreeMap<String, Sum>,
    /// Net sums of receipts in other currencies.
    pub foreign: BTreeMap<String, Sum>,
    /// Slips that are no takings, by kind.
    pub others: BTreeMap<String, i64>,
    /// Receipts whose sums do not add up.
    pub off: i64,
}

impl Day {
    /// What stays in the shop: sales less what was paid and taken back.
    pub fn net(&self) -> Option<Amount> {
        self.sales.amount.checked_add(self.refunds.amount)?.checked_add(self.taken_back.amount)
    }

    /// Adds another day, or another shop's.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in [
            (&mut self.sales, other.sales),
            (&mut self.refunds, other.refunds),
            (&mut self.taken_back, other.taken_back),
            (&mut self.voids, other.voids),
            (&mut self.discounts, other.discounts),
            (&mut self.top_ups, other.top_ups),
        ] {
            sum.merge(more);
        }
        for (sums, more) in [
            (&mut self.tenders, &other.tenders),
            (&mut self.cashiers, &other.cashiers),
            (&mut self.sources, &other.sources),
            (&mut self.foreign, &other.foreign),
        ] {
            for (name, more) in more {
                entry(sums, name).merge(*more);
            }
        }
        for (hour, more) in &other.hours {
            self.hours.entry(*hour).or_default().merge(*more);
        }
        for (kind, more) in &other.others {
            *self.others.entry(kind.clone()).or_default() += more;
        }
        self.off += other.off;
    }

    /// Whether anything was sold, paid back or taken back.
    pub fn is_empty(&self) -> bool {
        self.sales.count == 0 && self.refunds.count == 0 && self.voids.count == 0
    }

    /// The day of a shop, where there was one.
    pub fn read(rows: &dyn Rows, shop: &str, day: Date) -> Result<Option<Self>, JournalError> {
        rows.load(DAY, shop, &day.to_string())
    }

    /// The days of a shop with `from <= day < to`.
    pub fn range(
        rows: &dyn Rows,
        shop: &str,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Date, Self)>, JournalError> {
        let found = rows.range(DAY, shop, &from.to_string(), &to.to_string())?;
        let days = found
            .into_iter()
            .filter_map(|(key, body)| Some((key.parse().ok()?, serde_json::from_str(&body).ok()?)));
        Ok(days.collect())
    }
}

/// Hours as keys of an object, which are texts: also where they are read out of a larger value.
mod by_hour {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Sum;

    pub(super) fn serialize<S: Serializer>(
        hours: &BTreeMap<u8, Sum>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        hours.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<u8, Sum>, D::Error> {
        let texts = BTreeMap::<String, Sum>::deserialize(from)?;
        let hour = |(hour, sum): (String, Sum)| Some((hour.parse().ok()?, sum));
        Ok(texts.into_iter().filter_map(hour).collect())
    }
}

/// An event on its way into the books.
pub(super) struct Counted<'a> {
    pub(super) event: &'a Event,
    pub(super) at: Moment,
    pub(super) shop: &'a str,
    /// The shop's currency.
    pub(super) own: &'a str,
    pub(super) standing: Standing,
    pub(super) effect: Effect,
}

/// Counts it.
pub(super) fn keep(counted: &Counted<'_>, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let Counted { event, at, shop, standing, effect, .. } = counted;
    let key = at.day.to_string();
    let known: Option<Day> = rows.load(DAY, shop, &key)?;
    if known.is_none() {
        items::forget(shop, at.day, rows)?;
    }
    let mut day = known.unwrap_or_default();
    let sign = if *effect == Effect::Count { 1 } else { -1 };
    let empty = Receipt::default();
    let receipt = event.receipt.as_ref().unwrap_or(&empty);
    let total = signed(receipt.total, sign);
    match event.kind {
        Kind::Sale | Kind::Refund => {
            let main = if event.kind == Kind::Sale { &mut day.sales } else { &mut day.refunds };
            if is_foreign(receipt, counted.own) {
                let currency = receipt.currency.as_deref().unwrap_or_default();
                entry(&mut day.foreign, currency).add(sign, total);
            } else {
                main.add(sign, total);
                takings(&mut day, event, *at, sign, sign * i64::from(event.kind == Kind::Sale));
                items::keep(counted, receipt, sign, rows)?;
            }
            day.off += if event.verdict == Some(Verdict::Off) { sign } else { 0 };
        }
        Kind::Void => {
            day.voids.add(sign, total);
            if let Standing::Of(known) = standing
                && let Some(sale) = rows.event(&known.event)?
            {
                let back = sale.receipt.as_ref().unwrap_or(&empty);
                day.taken_back.add(sign, signed(back.total, -sign));
                takings(&mut day, &sale, *at, -sign, -sign);
                items::keep(counted, back, -sign, rows)?;
            }
        }
        Kind::TopUp => day.top_ups.add(sign, total),
        Kind::DrawerOpened | Kind::DrawerClosed | Kind::PrinterStatus | Kind::CardSlip => {
            return Ok(());
        }
        other => *day.others.entry(other.as_str().to_owned()).or_default() += sign,
    }
    rows.save(DAY, shop, &key, &day)
}

/// Counts the means of payment, the hour, the cashier and the till of `event`; `sales` is by how
/// much the number of sales changes.
fn takings(day: &mut Day, event: &Event, at: Moment, sign: i64, sales: i64) {
    let Some(receipt) = &event.receipt else { return };
    let total = signed(receipt.total, sign);
    for payment in &receipt.payments {
        let method = payment.method.as_str();
        entry(&mut day.tenders, method).add(sales, signed(payment.amount, sign));
    }
    for discount in &receipt.discounts {
        day.discounts.add(sign, signed(Some(discount.amount), sign));
    }
    day.hours.entry(at.local.hour().unsigned_abs()).or_default().add(sales, total);
    entry(&mut day.sources, &event.source).add(sales, total);
    if let Some(cashier) = &receipt.cashier {
        entry(&mut day.cashiers, cashier).add(sales, total);
    }
}

fn is_foreign(receipt: &Receipt, own: &str) -> bool {
    receipt.currency.as_deref().is_some_and(|currency| currency != own)
}

pub(super) fn signed(amount: Option<Amount>, sign: i64) -> Option<Amount> {
    if sign < 0 { amount.and_then(Amount::checked_neg) } else { amount }
}

/// The sum under `name`, or under that of the others where there are too many.
fn entry<'a>(sums: &'a mut BTreeMap<String, Sum>, told: &str) -> &'a mut Sum {
    let told = name(told);
    let full = sums.len() >= MAX_TOLD_APART && !sums.contains_key(&told);
    sums.entry(if full { OTHERS.to_owned() } else { told }).or_default()
}

pub(super) fn name(text: &str) -> String {
    text.trim().chars().take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use pos_protocol::event::{Event, Kind};
    use pos_protocol::money::Amount;
    use serde_json::json;

    use super::Day;
    use crate::journal::{Memory, Understand};
    use crate::shop::ItemDay;
    use crate::shop::samples;

    fn kept(events: &[Event]) -> Memory {
        let mut rows = Memory::default();
        for event in events {
            rows.remember(event).expect("plain data");
            samples::clerk().event(event, &mut rows).expect("memory");
        }
        rows
    }

    fn day(rows: &Memory) -> Day {
        Day::read(rows, "", date(2026, 11, 21)).expect("memory").expect("a day")
    }

    fn hkd(minor: i64) -> Amount {
        Amount::new(minor, 2)
    }

    #[test]
    fn sales_add_up_by_tender_hour_cashier_and_item() {
        let rows = kept(&[samples::sale("1001"), samples::sale("1002")]);
        let day = day(&rows);
        assert_eq!((day.sales.count, day.sales.amount), (2, hkd(7_200)));
        assert_eq!(day.tenders["octopus"].amount, hkd(7_200));
        assert_eq!(day.hours[&12].count, 2);
        assert_eq!(day.cashiers["Ming"].amount, hkd(7_200));
        let items = ItemDay::of_day(&rows, "", date(2026, 11, 21)).expect("memory");
        assert_eq!(items[0].0, "凍奶茶");
        assert_eq!(items[0].1.quantity.to_string(), "4");
    }

    #[test]
    fn a_refund_and_a_void_of_a_sale_take_back_what_it_brought() {
        let sale = samples::sale("1001");
        let refund =
            samples::slip(Kind::Refund, "1002", "-36.00", json!({"original_number": "1001"}));
        let void = samples::slip(Kind::Void, "1003", "36.00", json!({"original_number": "1001"}));
        let after_refund = day(&kept(&[sale.clone(), refund]));
        assert_eq!(after_refund.net(), Some(hkd(0)));
        let after_void = day(&kept(&[sale, void.clone()]));
        assert_eq!((after_void.net(), after_void.taken_back.amount), (Some(hkd(0)), hkd(-3_600)));
        assert_eq!(after_void.tenders["octopus"].amount, hkd(0));
        let of_nothing = day(&kept(&[void]));
        assert_eq!((of_nothing.voids.count, of_nothing.net()), (1, Some(hkd(0))));
    }

    #[test]
    fn what_is_no_sale_counts_as_what_it_is() {
        let reprint = samples::slip(Kind::Reprint, "1001", "36.00", json!({}));
        let day = day(&kept(&[samples::sale("1001"), reprint]));
        assert_eq!((day.sales.count, day.others["reprint"]), (1, 1));
    }

    #[test]
    fn another_currency_is_not_added_to_the_shops_own() {
        let mut yuan = samples::sale("1002");
        yuan.receipt.as_mut().expect("a receipt").currency = Some("CNY".into());
        let day = day(&kept(&[samples::sale("1001"), yuan]));
        assert_eq!((day.sales.amount, day.foreign["CNY"].amount), (hkd(3_600), hkd(3_600)));
    }

    #[test]
    fn a_correction_counts_in_place_of_what_was_read_first() {
        let first = samples::sale("1001");
        let mut better = samples::slip(Kind::Correction, "1001", "38.00", json!({}));
        better.corrects = Some(first.id);
        let day = day(&kept(&[first, better]));
        assert_eq!((day.sales.count, day.sales.amount), (1, hkd(3_800)));
    }
}
