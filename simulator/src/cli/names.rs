//! Shops, styles, rates and clocks as typed.

use std::num::NonZeroU32;
use std::time::Duration;

use jiff::civil::DateTime;

use pos_protocol::event::Kind;

use crate::print::Style;
use crate::shop::{Shop, Slip};
use crate::wire::FaultPlan;

pub(super) fn shop(name: &str) -> Result<&'static Shop, String> {
    Shop::named(name).ok_or_else(|| {
        let known: Vec<&str> = Shop::ALL.iter().map(|shop| shop.id).collect();
        format!("expected one of {}, found {name:?}", known.join(", "))
    })
}

pub(super) fn style(name: &str) -> Result<&'static Style, String> {
    Style::named(name).ok_or_else(|| {
        let known: Vec<&str> = Style::ALL.iter().map(|style| style.name).collect();
        format!("expected one of {}, found {name:?}", known.join(", "))
    })
}

pub(super) fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        format!("expected a kind of event such as sale, refund or shift_report, found {name:?}")
    })
}

/// A shop that is asked to print in a language it does not speak.
#[derive(Debug, thiserror::Error)]
#[error(
    "expected a style that {shop} prints, found {style:?}\nhint: {shop} prints {}",
    known.join(", ")
)]
pub(super) struct Mismatch {
    shop: &'static str,
    style: &'static str,
    known: Vec<&'static str>,
}

/// Whether `shop` and `style` go together.
pub(super) fn matched(shop: &'static Shop, style: &'static Style) -> Result<(), Mismatch> {
    if style.suits(shop) {
        return Ok(());
    }
    let known = Style::ALL.iter().filter(|style| style.suits(shop)).map(|style| style.name);
    Err(Mismatch { shop: shop.id, style: style.name, known: known.collect() })
}

/// Whether `slip` is one that `style` prints and that was asked for; no kinds ask for all.
pub(super) fn wanted(slip: &Slip, style: &Style, kinds: &[Kind]) -> bool {
    let kind = slip.kind();
    style.kinds().contains(&kind) && (kinds.is_empty() || kinds.contains(&kind))
}

/// `N` or `N/min`: the pause between two receipts.
pub(super) fn rate(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix("/min").unwrap_or(text);
    match number.parse::<NonZeroU32>() {
        Ok(per_minute) => Ok(Duration::from_mins(1) / per_minute.get()),
        Err(_) => Err(format!("expected receipts per minute such as 20/min, found {text:?}")),
    }
}

/// The faults of a line; the seed is an option of its own.
pub(super) fn faults(text: &str) -> Result<FaultPlan, String> {
    FaultPlan::parse(text, 0).map_err(|bad| bad.to_string())
}

pub(super) fn opening(text: &str) -> Result<DateTime, String> {
    text.parse()
        .map_err(|_| format!("expected a local time such as 2026-11-21T11:00:00, found {text:?}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Shop, Style, matched, rate};

    #[test]
    fn a_rate_is_receipts_per_minute() {
        assert_eq!(rate("30/min"), Ok(Duration::from_secs(2)));
        assert_eq!(rate("120"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "fast", "3/h"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_shop_refuses_a_language_it_does_not_speak_and_names_its_styles() {
        let shop = |name| Shop::named(name).expect("a shop of the catalogue");
        let style = |name| Style::named(name).expect("a style");
        assert!(matched(shop("bubble-tea"), style("english-42")).is_ok());
        let refused = matched(shop("bangkok-food"), style("english-42")).expect_err("not English");
        let refused = refused.to_string();
        assert!(refused.ends_with("hint: bangkok-food prints thai-42-874"), "{refused}");
    }
}
