//! What a condition is asked about: the event and the day, as the engine takes them.
//!
//! Nothing is hidden here, since nothing leaves the shop by being asked about. What is not known is
//! none.

use std::collections::BTreeMap;

use minijinja::Value;
use pos_protocol::event::{Event, Receipt};
use pos_protocol::money::Amount;
use rust_decimal::Decimal;

use super::condition::Asks;
use super::schema::{DAY, SCALE_DIGITS};
use crate::journal::{JournalError, Rows};
use crate::notice::spoken;
use crate::shop::moment::Moment;
use crate::shop::stock;
use crate::shop::{Day, ItemDay, Sum};

/// The day of a shop, and its items where they are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Today {
    pub(super) day: Day,
    pub(super) items: Vec<(String, ItemDay)>,
    /// What the categories of the catalogue took, where they are asked for.
    pub(super) categories: BTreeMap<String, Sum>,
}

impl Today {
    pub(super) fn read(
        rows: &dyn Rows,
        shop: &str,
        at: Moment,
        asks: Asks,
    ) -> Result<Self, JournalError> {
        let day = Day::read(rows, shop, at.day)?.unwrap_or_default();
        let items = if asks.items { ItemDay::of_day(rows, shop, at.day)? } else { Vec::new() };
        let mut categories: BTreeMap<String, Sum> = BTreeMap::new();
        for (name, item) in items.iter().filter(|_| asks.categories) {
            let article = stock::named(rows, shop, name)?;
            if let Some(category) = article.and_then(|article| article.category) {
                let sum = categories.entry(category).or_default();
                sum.count += item.sum.count;
                let both = sum.amount.checked_add(item.sum.amount);
                sum.amount = both.unwrap_or(sum.amount);
            }
        }
        Ok(Self { day, items, categories })
    }

    /// As texts may name it.
    pub(super) fn spoken(&self) -> spoken::Today<'_> {
        let Self { day, items, categories } = self;
        spoken::Today { day, items, categories, average: self.average() }
    }

    /// What a sale came to on average; nothing where there was none.
    pub(super) fn average(&self) -> Option<Amount> {
        let sales = self.day.sales;
        (sales.count > 0)
            .then(|| Amount::new(sales.amount.minor() / sales.count, sales.amount.digits()))
    }
}

/// Everything that the schema names.
pub(super) fn facts(event: &Event, shop: &str, at: Moment, today: &Today) -> Value {
    let empty = Receipt::default();
    let receipt = event.receipt.as_ref().unwrap_or(&empty);
    let mut facts = of_receipt(receipt);
    let local = at.local;
    facts.extend([
        ("kind", Value::from(event.kind.as_str())),
        ("source", Value::from(event.source.as_str())),
        ("shop", Value::from(shop)),
        ("date", Value::from(at.day.to_string())),
        ("time", Value::from(local.strftime("%H:%M").to_string())),
        ("weekday", Value::from(local.strftime("%a").to_string().to_lowercase())),
        ("hour", whole(i64::from(local.hour()))),
        ("minute", whole(i64::from(local.minute()))),
        ("text", text(event.text.as_deref())),
        ("verdict", text(event.verdict.map(pos_protocol::event::Verdict::as_str))),
        ("drawer", text(event.drawer.as_ref().map(|drawer| drawer.state.as_str()))),
        (DAY, of_day(today)),
    ]);
    Value::from_pairs(facts)
}

fn of_receipt(receipt: &Receipt) -> BTreeMap<&'static str, Value> {
    let discount = receipt.discounts.iter().map(|discount| discount.amount);
    let discount = discount.map(scaled).sum::<i128>();
    let names: Vec<&str> = receipt.items.iter().map(|item| item.name.trim()).collect();
    let (mut quantity, mut amount, mut paid) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut pieces = 0;
    for item in &receipt.items {
        let name = item.name.trim().to_owned();
        let count = item.quantity.map_or(unit(), in_units);
        pieces += count;
        *quantity.entry(name.clone()).or_insert(0) += count;
        *amount.entry(name).or_insert(0) += item.amount.map_or(0, scaled);
    }
    for payment in &receipt.payments {
        let all = payment.amount.or(receipt.total.filter(|_| receipt.payments.len() == 1));
        let method = payment.method.as_str().to_owned();
        *paid.entry(method).or_insert(0) += all.map_or(0, scaled);
    }
    BTreeMap::from([
        ("number", text(receipt.number.as_deref())),
        ("original_number", text(receipt.original_number.as_deref())),
        ("terminal", text(receipt.terminal.as_deref())),
        ("cashier", text(receipt.cashier.as_deref())),
        ("table", text(receipt.table.as_deref())),
        ("currency", text(receipt.currency.as_deref())),
        ("guests", receipt.guests.map_or(none(), |guests| whole(i64::from(guests)))),
        ("total", money(receipt.total)),
        ("subtotal", money(receipt.subtotal)),
        ("discount", Value::from(-discount)),
        ("service_charge", money(receipt.service_charge)),
        ("tip", money(receipt.tip)),
        ("tendered", money(receipt.tendered)),
        ("change", money(receipt.change)),
        ("goods", Value::from(names.join("\n"))),
        ("items", names.into_iter().collect()),
        ("quantity", numbers(quantity)),
        ("amount", numbers(amount)),
        ("paid", numbers(paid)),
        ("pieces", Value::from(pieces)),
    ])
}

fn of_day(today: &Today) -> Value {
    let day = &today.day;
    let sums = |sums: &BTreeMap<String, Sum>| {
        numbers(sums.iter().map(|(name, sum)| (name.clone(), scaled(sum.amount))))
    };
    let items = || today.items.iter();
    Value::from_pairs([
        ("sales", money(Some(day.sales.amount))),
        ("count", whole(day.sales.count)),
        ("net", money(day.net())),
        ("average", money(today.average())),
        ("refunds", Value::from(-scaled(day.refunds.amount))),
        ("refund_count", whole(day.refunds.count)),
        ("voids", money(Some(day.voids.amount))),
        ("void_count", whole(day.voids.count)),
        ("discounts", Value::from(-scaled(day.discounts.amount))),
        ("top_ups", money(Some(day.top_ups.amount))),
        ("tenders", sums(&day.tenders)),
        ("cashiers", sums(&day.cashiers)),
        ("tills", sums(&day.sources)),
        ("categories", sums(&today.categories)),
        ("items", numbers(items().map(|(name, item)| (name.clone(), scaled(item.sum.amount))))),
        (
            "quantities",
            numbers(items().map(|(name, item)| (name.clone(), in_units(item.quantity)))),
        ),
    ])
}

fn none() -> Value {
    Value::from(())
}

fn text(text: Option<&str>) -> Value {
    text.map_or_else(none, Value::from)
}

fn numbers(numbers: impl IntoIterator<Item = (String, i128)>) -> Value {
    Value::from_pairs(numbers.into_iter().map(|(name, number)| (name, Value::from(number))))
}

/// One, in the units of the schema.
fn unit() -> i128 {
    10_i128.pow(SCALE_DIGITS as u32)
}

fn whole(number: i64) -> Value {
    Value::from(i128::from(number) * unit())
}

fn money(amount: Option<Amount>) -> Value {
    amount.map_or_else(none, |amount| Value::from(scaled(amount)))
}

fn scaled(amount: Amount) -> i128 {
    let digits = SCALE_DIGITS as u32 - u32::from(amount.digits());
    i128::from(amount.minor()) * 10_i128.pow(digits)
}

/// A quantity; beyond six decimals it is cut, beyond what can be counted it is the most that can.
fn in_units(quantity: Decimal) -> i128 {
    let cut = quantity.trunc_with_scale(SCALE_DIGITS as u32);
    let missing = SCALE_DIGITS as u32 - cut.scale();
    cut.mantissa().saturating_mul(10_i128.pow(missing)).clamp(-MOST, MOST)
}

/// The largest quantity: so many of them still add up.
const MOST: i128 = 10_i128.pow(30);
