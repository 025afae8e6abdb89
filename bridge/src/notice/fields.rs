//! Single fields in words: time, number, means of payment, goods, cleaned text.
//!
//! It hides nothing: what it is given was let through by `privacy`.

use jiff::civil;
use pos_protocol::event::{Event, Item, Method, Payment, PrintedAt};
use pos_protocol::money::Amount;

use super::money::Money;
use super::words;
use crate::config::{Language, Shop};

/// Longest receipt number shown, in characters.
const MAX_NUMBER_CHARS: usize = 40;

/// Longest free text shown in one place, in characters.
const MAX_TEXT_CHARS: usize = 60;

/// A day, and the time of it where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) date: civil::Date,
    pub(super) time: Option<civil::Time>,
}

impl From<civil::DateTime> for Moment {
    fn from(at: civil::DateTime) -> Self {
        Self { date: at.date(), time: Some(at.time()) }
    }
}

/// When it happened: as printed with a time, else as seen, in the shop's zone.
pub(super) fn moment(event: &Event, shop: &Shop) -> Option<Moment> {
    let seen = event.observed_at.parse::<jiff::Timestamp>().ok();
    let seen = seen.map(|at| at.to_zoned(shop.timezone.clone()).datetime());
    let printed = event.receipt.as_ref().and_then(|receipt| receipt.printed_at);
    match (printed, seen) {
        (Some(PrintedAt::DateTime(at)), _) => Some(at.into()),
        (Some(PrintedAt::Date(date)), Some(seen)) if seen.date() == date => Some(seen.into()),
        (Some(PrintedAt::Date(date)), _) => Some(Moment { date, time: None }),
        (None, seen) => seen.map(Moment::from),
    }
}

/// [`moment`] in words.
pub(super) fn time(event: &Event, shop: &Shop) -> Option<String> {
    let moment = moment(event, shop)?;
    Some(match moment.time {
        Some(time) => minute(moment.date.to_datetime(time)),
        None => moment.date.to_string(),
    })
}

/// `2026-11-21 12:01`, of milliseconds of wall time.
pub(super) fn wall(at_ms: i64, shop: &Shop) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at_ms).ok()?;
    let at = at.to_zoned(shop.timezone.clone()).datetime();
    Some(at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// `2026-11-21 12:01:22`.
pub(super) fn minute(at: civil::DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A receipt number: never redacted, only made fit for one line.
pub(super) fn number(number: &str) -> Option<String> {
    clean(number.trim_start_matches('#'), MAX_NUMBER_CHARS).map(|number| format!("#{number}"))
}

/// Free text on one line, capped.
pub(super) fn free_text(text: &str) -> Option<String> {
    clean(text, MAX_TEXT_CHARS)
}

/// `text` on one line, without characters that are not seen, capped; `None` when nothing is left.
pub(super) fn clean(text: &str, max_chars: usize) -> Option<String> {
    // Direction marks can make a line read as something else than it says.
    let seen = text.chars().filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'));
    let line: String = seen.map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return None;
    }
    if line.chars().count() <= max_chars {
        return Some(line);
    }
    Some(line.chars().take(max_chars - 1).chain(['…']).collect())
}

/// Means of payment in words, each with its amount where there are several.
pub(super) fn payments(
    payments: &[Payment],
    money: &Money,
    language: Language,
    most: usize,
) -> Option<String> {
    let alone = payments.len() == 1;
    let named = payments.iter().take(most).map(|payment| {
        let label = payment.label.as_deref().filter(|_| payment.method == Method::Other);
        let word = label
            .and_then(free_text)
            .unwrap_or_else(|| words::method(payment.method).of(language).to_owned());
        match payment.amount.filter(|_| !alone) {
            Some(amount) => format!("{word} {}", money.show(amount)),
            None => word,
        }
    });
    let mut named: Vec<_> = named.collect();
    if payments.len() > most {
        named.push("…".to_owned());
    }
    (!named.is_empty()).then(|| named.join(" + "))
}

/// Pieces sold: whole quantities as they are, anything weighed or unclear as one.
pub(super) fn pieces(items: &[Item]) -> u64 {
    let pieces = items.iter().map(|item| {
        let whole = item.quantity.filter(|q| q.fract().is_zero() && !q.is_zero());
        whole.and_then(|q| q.abs().normalize().to_string().parse().ok()).unwrap_or(1)
    });
    pieces.fold(0, u64::saturating_add)
}

/// `奶茶 ×2 HK$36.00`. What was paid back says so once, by its amount: `奶茶 ×2 -HK$36.00`.
pub(super) fn item(item: &Item, money: &Money) -> Option<String> {
    let back = item.amount.is_some_and(Amount::is_negative);
    let quantity = item.quantity.map(|q| if back { q.abs() } else { q });
    let quantity = quantity.map(|q| q.normalize().to_string()).filter(|q| q != "1");
    let quantity = quantity.map(|quantity| format!("×{quantity}"));
    let amount = item.amount.map(|amount| money.show(amount));
    let parts = [free_text(&item.name), quantity, amount];
    parts[0].as_ref()?;
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Item;
    use pos_protocol::money::{Amount, Currency};

    use super::super::money::Money;
    use super::{clean, item, number, pieces};

    #[test]
    fn text_becomes_one_visible_line_or_nothing() {
        assert_eq!(clean(" a\n\u{202E}b\t c\u{0} ", 60).as_deref(), Some("a b c"));
        assert_eq!(clean("\u{200B}\n", 60), None);
        assert_eq!(clean("abcdef", 4).as_deref(), Some("abc…"));
        assert_eq!(number("#1001").as_deref(), Some("#1001"));
        assert_eq!(number("9123 4567").as_deref(), Some("#9123 4567"), "never redacted");
    }

    #[test]
    fn what_was_paid_back_has_one_minus() {
        let of = |quantity: &str, amount: &str| {
            let back = Item {
                name: "奶茶".to_owned(),
                quantity: quantity.parse().ok(),
                amount: Amount::parse(amount),
                ..Item::default()
            };
            item(&back, &Money::new(None, Currency::HKD)).expect("a name")
        };
        assert_eq!(of("-2", "-36.00"), "奶茶 ×2 -HK$36.00");
        assert_eq!(of("-1", "-18.00"), "奶茶 -HK$18.00");
        assert_eq!(of("2", "36.00"), "奶茶 ×2 HK$36.00");
    }

    #[test]
    fn weighed_goods_count_as_one_piece() {
        let of = |quantity: Option<&str>| Item {
            quantity: quantity.map(|q| q.parse().expect("a decimal")),
            ..Item::default()
        };
        let items = [of(Some("2")), of(Some("1.25")), of(None), of(Some("3.00")), of(Some("-1"))];
        assert_eq!(pieces(&items), 8);
    }
}
