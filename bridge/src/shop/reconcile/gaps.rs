//! Receipt numbers that a till must have given out and that we did not see.
//!
//! Only numbers that count up are judged: the same letters before the digits, and not many missing.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::Kind;

use super::Slip;

/// Most missing numbers between two that were seen: a till that skips more does not count up.
const MAX_MISSING: u64 = 30;

/// Letters before a number's digits, the digits as a number, and how many digits they are.
fn parts(number: &str) -> Option<(&str, u64, usize)> {
    let digits = number.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (letters, digits) = number.split_at(number.len() - digits);
    Some((letters, digits.parse().ok()?, digits.len()))
}

/// Missing numbers among `slips`, in order; `before` is the last number of the shift before.
pub(super) fn missing(slips: &[Slip], before: Option<&str>) -> Vec<String> {
    // Orders and bills are counted by another counter, and a copy has its original's number.
    let counts = |slip: &&Slip| {
        !matches!(slip.kind, Kind::Bill | Kind::KitchenOrder | Kind::Reprint | Kind::ShiftReport)
    };
    let numbers = slips.iter().filter(counts).filter_map(|slip| slip.number.as_deref());
    let mut series: BTreeMap<(&str, usize), BTreeSet<u64>> = BTreeMap::new();
    for (letters, number, width) in numbers.filter_map(parts) {
        series.entry((letters, width)).or_default().insert(number);
    }
    if let Some((letters, number, width)) = before.and_then(parts)
        && let Some(own) = series.get_mut(&(letters, width))
    {
        own.insert(number);
    }
    let mut missing = Vec::new();
    for ((letters, width), numbers) in series {
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        for (low, high) in pairs.filter(|(low, high)| **high - **low <= MAX_MISSING + 1) {
            missing.extend((low + 1..*high).map(|number| format!("{letters}{number:0>width$}")));
        }
    }
    missing
}
