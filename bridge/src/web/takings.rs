//! What was sold: today by hour and by means of payment, and the last days. Pure.

use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::Method;
use pos_protocol::money::{Amount, currency_digits};
use serde::Serialize;

use super::plot::{Bar, bars};
use super::words::Tongue;
use crate::config::Shop;
use crate::notice::{Shown, method_word};
use crate::shop::Day;

/// Days of the second plot.
pub(super) const PLOT_DAYS: i64 = 14;
/// Most means of payment that are told apart here.
const MOST_TENDERS: usize = 6;

#[derive(Clone, Debug, Serialize)]
struct Tender {
    name: String,
    amount: String,
    share: u32,
}

/// Today, in words and plots.
pub(super) fn takings(day: &Day, shop: &Shop, tongue: Tongue) -> Value {
    let shown = Shown::of_shop(shop);
    let some = |count: i64, amount: Amount| {
        (count != 0).then(|| format!("{} ({count})", shown.amount(amount)))
    };
    let average = (day.sales.count > 0).then(|| {
        let digits = currency_digits(shop.currency);
        let minor = day.sales.amount.rescale(digits).map(Amount::minor);
        minor.map(|minor| shown.amount(Amount::new(minor / day.sales.count, digits)))
    });
    let discounts = day.discounts;
    context! {
        net => day.net().map(|net| shown.amount(net)),
        sales => format!("{} ({})", shown.amount(day.sales.amount), day.sales.count),
        average => average.flatten(),
        refunds => some(day.refunds.count, day.refunds.amount),
        voids => some(day.voids.count, day.voids.amount),
        discounts => (!discounts.amount.is_zero()).then(|| shown.amount(discounts.amount)),
        off => Some(day.off).filter(|off| *off > 0),
        hours => plot(&hours(day, &shown), "by_hour", tongue),
        tenders => Value::from(Serde(tenders(day, &shown, tongue))),
    }
}

fn size(amount: Amount) -> f64 {
    amount.to_string().parse().unwrap_or_default()
}

/// Bars, and the highest of them in words: on paper and on a phone nobody points at a bar.
fn plot(all: &[Bar], name: &'static str, tongue: Tongue) -> Value {
    let most = all.iter().max_by(|one, other| one.size.total_cmp(&other.size));
    let most = most
        .filter(|bar| bar.size > 0.0)
        .map(|bar| tongue.fill("plot_most", &[("label", &bar.label), ("amount", &bar.text)]));
    context! { drawn => bars(all, tongue.say(name)), most => most }
}

/// From the first hour with takings to the last one.
fn hours(day: &Day, shown: &Shown<'_>) -> Vec<Bar> {
    let (first, last) = (day.hours.keys().next(), day.hours.keys().next_back());
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let all = (*first..=*last).map(|hour| {
        let amount = day.hours.get(&hour).map_or(Amount::zero(0), |sum| sum.amount);
        Bar { label: format!("{hour}:00"), text: shown.amount(amount), size: size(amount) }
    });
    all.collect()
}

fn tenders(day: &Day, shown: &Shown<'_>, tongue: Tongue) -> Vec<Tender> {
    let mut all: Vec<(&String, Amount)> =
        day.tenders.iter().map(|(name, sum)| (name, sum.amount)).collect();
    all.sort_by(|one, other| size(other.1).total_cmp(&size(one.1)));
    let most = all.first().map_or(0.0, |(_, amount)| size(*amount));
    let shares = all.into_iter().take(MOST_TENDERS).map(|(name, amount)| {
        let method = serde_json::from_value::<Method>(name.as_str().into());
        let name =
            method.map_or_else(|_| name.clone(), |m| method_word(m, tongue.language()).into());
        let share = if most > 0.0 { (size(amount) / most * 100.0).clamp(0.0, 100.0) } else { 0.0 };
        Tender { name, amount: shown.amount(amount), share: share as u32 }
    });
    shares.collect()
}

/// The last days, those without trade among them; nothing where there was none before today.
pub(super) fn days(
    days: &[(Date, Day)],
    today: Date,
    shop: &Shop,
    tongue: Tongue,
) -> Option<Value> {
    if !days.iter().any(|(date, day)| *date != today && !day.is_empty()) {
        return None;
    }
    let shown = Shown::of_shop(shop);
    let all = (0..PLOT_DAYS).rev().map(|back| {
        let date = today.saturating_sub(back.days());
        let day = days.iter().find(|(day, _)| *day == date);
        let amount = day.and_then(|(_, day)| day.net()).unwrap_or(Amount::zero(0));
        let label = format!("{}/{}", date.day(), date.month());
        Bar { label, text: shown.amount(amount), size: size(amount) }
    });
    Some(plot(&all.collect::<Vec<_>>(), "by_day", tongue))
}
