//! What the owner's own texts may name of an event and of the day, in words: bounded by the robot's
//! level, as every message is.

use std::collections::BTreeMap;

use minijinja::Value;
use pos_protocol::event::Event;
use pos_protocol::money::Amount;

use super::context::Context;
use super::money::Money;
use super::{fields, words};
use crate::config::Privacy;
use crate::privacy::{let_through, redact};
use crate::shop::{Day, ItemDay, Sum};

/// Longest name shown, in characters.
const MAX_NAME_CHARS: usize = 80;

fn text(text: Option<String>) -> Value {
    text.map_or_else(|| Value::from(()), Value::from)
}

/// A name on one line, without people's data.
pub(crate) fn name(name: &str) -> Value {
    text(fields::clean(&redact(name), MAX_NAME_CHARS))
}

/// The fields of an event.
pub(crate) fn event(event: &Event, context: &Context<'_>) -> BTreeMap<&'static str, Value> {
    let language = context.shop.language;
    let served = event.receipt.as_ref().and_then(|receipt| receipt.cashier.as_deref());
    let served = served.filter(|_| context.robot.privacy >= Privacy::Full);
    let event = &let_through(event, context.robot.privacy);
    let receipt = event.receipt.clone().unwrap_or_default();
    let money = Money::new(receipt.currency.as_deref(), context.shop.currency);
    let discounts = receipt.discounts.iter().map(|discount| discount.amount);
    let discount = discounts.reduce(|all, one| all.checked_add(one).unwrap_or(all));
    let number = |number: &Option<String>| text(number.as_deref().and_then(fields::number));
    let free = |free: &Option<String>| text(free.as_deref().and_then(fields::free_text));
    let named = receipt.items.iter().filter(|item| !item.name.is_empty());
    let item = |item: &pos_protocol::event::Item| {
        let quantity = item.quantity.map(|quantity| quantity.normalize().to_string());
        Value::from_pairs([
            ("name", text(fields::free_text(&item.name))),
            ("quantity", text(quantity)),
            ("amount", text(item.amount.map(|amount| money.show(amount)))),
        ])
    };
    let pieces = fields::pieces(&receipt.items);
    BTreeMap::from([
        ("kind", Value::from(words::kind(event.kind).word.of(language))),
        ("source", name(&event.source)),
        ("shop", name(&context.shop.name)),
        ("time", text(fields::time(event, context.shop))),
        ("number", number(&receipt.number)),
        ("original_number", number(&receipt.original_number)),
        ("table", free(&receipt.table)),
        ("terminal", free(&receipt.terminal)),
        ("cashier", served.map_or_else(|| text(None), name)),
        ("total", text(receipt.total.map(|total| money.show(total)))),
        ("discount", text(discount.map(|discount| money.show(discount)))),
        ("paid", text(fields::payments(&receipt.payments, &money, language, usize::MAX))),
        ("items", named.map(item).collect()),
        ("pieces", text((pieces > 0).then(|| pieces.to_string()))),
    ])
}

/// The day so far, as the owner's texts may name it.
#[derive(Clone, Copy)]
pub(crate) struct Today<'a> {
    pub(crate) day: &'a Day,
    pub(crate) items: &'a [(String, ItemDay)],
    pub(crate) categories: &'a BTreeMap<String, Sum>,
    pub(crate) average: Option<Amount>,
}

/// The day so far: sums for all, means of payment from `categories` on, names of goods from `items`
/// on, people with `full`.
pub(crate) fn day(today: &Today<'_>, context: &Context<'_>) -> Value {
    let Today { day, items, categories, average } = *today;
    let money = Money::new(None, context.shop.currency);
    let level = context.robot.privacy;
    let show = |amount: Amount| Value::from(money.show(amount));
    let positive = |amount: Amount| show(amount.checked_neg().unwrap_or(amount));
    let sums = |sums: &BTreeMap<String, Sum>, from: Privacy| {
        let seen = sums.iter().filter(|_| level >= from);
        Value::from_pairs(seen.map(|(name, sum)| (redact(name), show(sum.amount))))
    };
    let items = || items.iter().filter(|_| level >= Privacy::Items);
    let amounts = items().map(|(name, item)| (redact(name), show(item.sum.amount)));
    let quantities =
        items().map(|(name, item)| (redact(name), item.quantity.normalize().to_string()));
    Value::from_pairs([
        ("sales", show(day.sales.amount)),
        ("count", Value::from(day.sales.count)),
        ("net", day.net().map_or_else(|| text(None), show)),
        ("average", average.map_or_else(|| text(None), show)),
        ("refunds", positive(day.refunds.amount)),
        ("refund_count", Value::from(day.refunds.count)),
        ("voids", show(day.voids.amount)),
        ("void_count", Value::from(day.voids.count)),
        ("discounts", positive(day.discounts.amount)),
        ("top_ups", show(day.top_ups.amount)),
        ("tenders", sums(&day.tenders, Privacy::Categories)),
        ("cashiers", sums(&day.cashiers, Privacy::Full)),
        ("tills", sums(&day.sources, Privacy::Totals)),
        ("categories", sums(categories, Privacy::Categories)),
        ("items", Value::from_pairs(amounts)),
        ("quantities", Value::from_pairs(quantities)),
    ])
}
