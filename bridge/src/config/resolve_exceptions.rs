//! From what was typed to what is meant: `[exceptions]`, and what a `[[source]]` says beside it.
//!
//! `false` switches any of them off, `true` gives it its default.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use pos_protocol::money::Amount;
use toml::{Spanned, Value};

use super::exceptions::{Exceptions, Thresholds};
use super::raw::{Any, RawExceptions, RawSource};
use super::scope::{Scope, parse_duration, quoted};

/// Counts that a threshold may have.
const COUNTS: RangeInclusive<u32> = 0..=10_000;
/// Receipts that may come before a missing number is told.
const LATER: RangeInclusive<u32> = 1..=100;
/// Per cent.
const PERCENT: RangeInclusive<u32> = 0..=100;
/// Shortest and longest time of a threshold.
const SPAN: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(48);

/// What can be typed for one key.
enum Typed<'t> {
    Default,
    Off,
    Value(&'t Value, Range<usize>),
}

fn typed(raw: Option<&Spanned<Value>>) -> Typed<'_> {
    match raw.map(|raw| (raw.get_ref(), raw.span())) {
        None | Some((Value::Boolean(true), _)) => Typed::Default,
        Some((Value::Boolean(false), _)) => Typed::Off,
        Some((value, at)) => Typed::Value(value, at),
    }
}

impl Scope<'_> {
    /// The thresholds of all tills. What is wrong has its problem; its default stands in its place.
    pub(super) fn exceptions(
        &mut self,
        raw: &RawExceptions,
        sources: &[Spanned<RawSource>],
    ) -> Exceptions {
        let common = self.thresholds(raw, &Thresholds::default());
        let mut own = BTreeMap::new();
        for source in sources {
            let source = source.get_ref();
            if let (Some(name), Some(raw)) = (&source.name, &source.exceptions) {
                own.insert(name.get_ref().clone(), self.thresholds(raw.get_ref(), &common));
            }
        }
        Exceptions { common, own }
    }

    fn thresholds(&mut self, raw: &RawExceptions, base: &Thresholds) -> Thresholds {
        let given = Thresholds::default();
        Thresholds {
            no_sales: self.count(&raw.no_sales, COUNTS, base.no_sales, given.no_sales),
            refund_over: self.money(&raw.refund_over, base.refund_over),
            refund_without_original: self
                .switch(&raw.refund_without_original, base.refund_without_original),
            refund_soon: self.span(&raw.refund_soon, base.refund_soon, given.refund_soon),
            refunds: self.count(&raw.refunds, COUNTS, base.refunds, given.refunds),
            void_after_tender: self.switch(&raw.void_after_tender, base.void_after_tender),
            discount_over: self.count(
                &raw.discount_over,
                PERCENT,
                base.discount_over,
                given.discount_over,
            ),
            zero_total: self.switch(&raw.zero_total, base.zero_total),
            reprints: self.count(&raw.reprints, COUNTS, base.reprints, given.reprints),
            reprints_of_day: self.count(
                &raw.reprints_of_day,
                COUNTS,
                base.reprints_of_day,
                given.reprints_of_day,
            ),
            number_missing: self.count(
                &raw.number_missing,
                LATER,
                base.number_missing,
                given.number_missing,
            ),
            number_repeated: self.switch(&raw.number_repeated, base.number_repeated),
            outside_hours: self.span(&raw.outside_hours, base.outside_hours, given.outside_hours),
            kitchen_unbilled: self.span(
                &raw.kitchen_unbilled,
                base.kitchen_unbilled,
                given.kitchen_unbilled,
            ),
            bill_unpaid: self.span(&raw.bill_unpaid, base.bill_unpaid, given.bill_unpaid),
            z_missing: self.span(&raw.z_missing, base.z_missing, given.z_missing),
            z_sequence: self.switch(&raw.z_sequence, base.z_sequence),
            printer: self.span(&raw.printer, base.printer, given.printer),
        }
    }

    /// A number; `base` is what holds where nothing is typed, `given` what `true` means.
    fn count(
        &mut self,
        raw: &Any,
        range: RangeInclusive<u32>,
        base: Option<u32>,
        given: Option<u32>,
    ) -> Option<u32> {
        let (value, at) = match typed(raw.as_ref()) {
            Typed::Default => return if raw.is_some() { given } else { base },
            Typed::Off => return None,
            Typed::Value(value, at) => (value, at),
        };
        let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let expected = format!("a number from {} to {}, or false", range.start(), range.end());
            self.wrong(at, expected, shown(value), "more than this is told; false tells nothing");
        }
        number
    }

    fn span(
        &mut self,
        raw: &Any,
        base: Option<Duration>,
        given: Option<Duration>,
    ) -> Option<Duration> {
        let (value, at) = match typed(raw.as_ref()) {
            Typed::Default => return if raw.is_some() { given } else { base },
            Typed::Off => return None,
            Typed::Value(value, at) => (value, at),
        };
        let span = value.as_str().and_then(parse_duration).filter(|span| SPAN.contains(span));
        if span.is_none() {
            let expected = "a duration from \"1s\" to \"48h\", or false";
            let hint = "write a whole number and a unit: \"90s\", \"30m\", \"4h\"";
            self.wrong(at, expected, shown(value), hint);
        }
        span
    }

    fn money(&mut self, raw: &Any, base: Option<Amount>) -> Option<Amount> {
        let (value, at) = match typed(raw.as_ref()) {
            Typed::Default if raw.is_none() => return base,
            Typed::Off => return None,
            Typed::Value(value, at) => (value, at),
            Typed::Default => {
                let at = raw.as_ref().map_or(0..0, Spanned::span);
                self.wrong(at, "an amount or false", "true", "there is no default: \"500.00\"");
                return None;
            }
        };
        let amount = match value {
            Value::Integer(whole) => Some(Amount::new(*whole, 0)),
            Value::String(text) => Amount::parse(text),
            _ => None,
        };
        let amount = amount.filter(|amount| !amount.is_negative());
        if amount.is_none() {
            let hint = "in the shop's currency, in quotes: \"500.00\"";
            self.wrong(at, "an amount of zero or more, or false", shown(value), hint);
        }
        amount
    }

    fn switch(&mut self, raw: &Any, base: bool) -> bool {
        match typed(raw.as_ref()) {
            Typed::Default => raw.is_some() || base,
            Typed::Off => false,
            Typed::Value(value, at) => {
                self.wrong(at, "true or false", shown(value), "it has no threshold");
                base
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        other => format!("a value of type {}", other.type_str()),
    }
}
