//! Fields of other people's JSON, by pointer: absent where they are not of the form that is asked for.
//!
//! It refuses nothing: what a provider must say is decided where it is read.

use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pos_protocol::event::{Method, PrintedAt};
use pos_protocol::money::Amount;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

/// Longest name or number that is taken over, in characters.
const MAX_CHARS: usize = 200;

/// Words, or a number as it is written. Never empty.
pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    let text = match value.pointer(pointer)? {
        Value::String(text) => text.trim().chars().take(MAX_CHARS).collect(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text: &String| !text.is_empty())
}

/// The list at `pointer`; nothing in it where there is none.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A number, or one written as a string.
pub(super) fn decimal(value: &Value, pointer: &str) -> Option<Decimal> {
    // The shortest text of a number: 5.95 is 5.95, whatever its bits are.
    let text = text(value, pointer)?;
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// Money in the major unit, to `digits` after the point.
pub(super) fn money(value: &Value, pointer: &str, digits: u8) -> Option<Amount> {
    to_amount(decimal(value, pointer)?, digits)
}

/// Money in the minor unit: a whole number.
pub(super) fn minor(value: &Value, pointer: &str, digits: u8) -> Option<Amount> {
    Some(Amount::new(value.pointer(pointer)?.as_i64()?, digits))
}

/// A decimal as money, rounded to `digits`: tills that count in floats send 12.350000000000001.
pub(super) fn to_amount(decimal: Decimal, digits: u8) -> Option<Amount> {
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    let mut rounded = decimal.round_dp_with_strategy(digits.into(), strategy);
    rounded.rescale(digits.into());
    if rounded.is_zero() {
        return Some(Amount::zero(digits));
    }
    Amount::parse(&rounded.to_string())
}

/// A time of any zone as the shop's clock shows it, to the second. One without a zone is UTC.
pub(super) fn local(value: &Value, pointer: &str, zone: &TimeZone) -> Option<PrintedAt> {
    let text = text(value, pointer)?;
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
    })?;
    let local = at.to_zoned(zone.clone()).datetime();
    let second = local.with().subsec_nanosecond(0).build().ok()?;
    Some(PrintedAt::DateTime(second))
}

/// A means of payment by what a provider calls it.
pub(super) fn method(name: &str) -> Method {
    const WORDS: [(&str, Method); 22] = [
        ("octopus", Method::Octopus),
        ("八達通", Method::Octopus),
        ("visa", Method::Visa),
        ("master", Method::Mastercard),
        ("union", Method::Unionpay),
        ("銀聯", Method::Unionpay),
        ("american", Method::Amex),
        ("amex", Method::Amex),
        ("jcb", Method::Jcb),
        ("fps", Method::Fps),
        ("轉數快", Method::Fps),
        ("payme", Method::Payme),
        ("alipay", Method::Alipay),
        ("wechat", Method::WechatPay),
        ("voucher", Method::Voucher),
        ("gift", Method::Voucher),
        ("cash", Method::Cash),
        ("現金", Method::Cash),
        ("card", Method::Card),
        ("credit", Method::Card),
        ("debit", Method::Card),
        ("eftpos", Method::Card),
    ];
    let name = name.to_lowercase();
    // "eps" stands in other words too.
    if name == "eps" {
        return Method::Eps;
    }
    let known = WORDS.iter().find(|(word, _)| name.contains(word));
    known.map_or(Method::Other, |(_, method)| *method)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use pos_protocol::event::Method;
    use serde_json::json;

    use super::{decimal, list, local, method, minor, money, text};

    #[test]
    fn money_is_read_from_numbers_and_strings_and_never_drifts() {
        let value = json!({ "f": 5.95, "s": "5.95", "i": 6, "n": -0.1, "long": 12.350_000_000_000_001,
            "z": -0.001, "bad": "5,95", "null": null });
        let said = |pointer| money(&value, pointer, 2).map(|amount| amount.to_string());
        for (pointer, amount) in [
            ("/f", "5.95"),
            ("/s", "5.95"),
            ("/i", "6.00"),
            ("/n", "-0.10"),
            ("/long", "12.35"),
            ("/z", "0.00"),
        ] {
            assert_eq!(said(pointer).as_deref(), Some(amount), "{pointer}");
        }
        assert_eq!((said("/bad"), said("/null"), said("/none")), (None, None, None));
        assert_eq!(money(&value, "/f", 0).map(|a| a.to_string()).as_deref(), Some("6"));
        assert_eq!(
            minor(&json!({ "a": 200 }), "/a", 2).map(|a| a.to_string()).as_deref(),
            Some("2.00")
        );
        assert_eq!(minor(&json!({ "a": 2.5 }), "/a", 2), None, "no minor unit");
    }

    #[test]
    fn text_is_never_empty_and_a_list_may_be() {
        let value = json!({ "a": " x ", "b": "  ", "c": 7, "d": [1] });
        assert_eq!(text(&value, "/a").as_deref(), Some("x"));
        assert_eq!(text(&value, "/b"), None);
        assert_eq!(text(&value, "/c").as_deref(), Some("7"));
        assert_eq!((list(&value, "/d").len(), list(&value, "/a").len()), (1, 0));
        assert_eq!(decimal(&value, "/a"), None);
    }

    #[test]
    fn times_are_shown_by_the_shops_clock() {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        let value = json!({ "z": "2026-05-20T14:25:27.123Z", "o": "2026-05-20T22:25:27+08:00",
            "n": "2026-05-20 14:25:27", "x": "yesterday" });
        for pointer in ["/z", "/o", "/n"] {
            let at = local(&value, pointer, &zone).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some("2026-05-20T22:25:27"), "{pointer}");
        }
        assert_eq!(local(&value, "/x", &zone), None);
    }

    #[test]
    fn means_of_payment_are_known_by_their_words() {
        for (name, means) in [
            ("CASH", Method::Cash),
            ("Credit Card", Method::Card),
            ("Octopus 八達通", Method::Octopus),
            ("EPS", Method::Eps),
            ("AlipayHK", Method::Alipay),
            ("Store steps", Method::Other),
        ] {
            assert_eq!(method(name), means, "{name}");
        }
    }
}
