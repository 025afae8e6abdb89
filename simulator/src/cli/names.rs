//! Shops, styles, rates and clocks as typed.

use std::num::NonZeroU32;
use std::time::Duration;

use jiff::civil::DateTime;

use crate::print::Style;
use crate::shop::Shop;
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

    use super::rate;

    #[test]
    fn a_rate_is_receipts_per_minute() {
        assert_eq!(rate("30/min"), Ok(Duration::from_secs(2)));
        assert_eq!(rate("120"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "fast", "3/h"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
