//! A fault specification as typed: `split=30%/7,flip=2%,unplug=1%/2s`.
//!
//! It says how often and how much; where is the seed's affair.

use std::fmt;

/// Hundredths of a percent in the whole.
pub(super) const WHOLE: u32 = 10_000;
/// Most bytes or bits that one fault may touch: a fault is a mishap, not another receipt.
const MAX_COUNT: u32 = 4_096;
/// Longest stall or absence, in milliseconds: longer than every time-out of a till.
const MAX_PAUSE_MS: u32 = 600_000;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mishap {
    Flip,
    Burst,
    Drop,
    Split,
    Stall,
    Unplug,
}

impl Mishap {
    pub(super) const ALL: [Self; 6] =
        [Self::Flip, Self::Burst, Self::Drop, Self::Split, Self::Stall, Self::Unplug];

    fn name(self) -> &'static str {
        match self {
            Self::Flip => "flip",
            Self::Burst => "burst",
            Self::Drop => "drop",
            Self::Split => "split",
            Self::Stall => "stall",
            Self::Unplug => "unplug",
        }
    }

    /// The amount where only a chance is given.
    fn usual(self) -> u32 {
        match self {
            Self::Flip => 1,
            Self::Burst => 16,
            Self::Drop => 8,
            Self::Split => 7,
            Self::Stall => 500,
            Self::Unplug => 2_000,
        }
    }

    /// Whether the amount is a time.
    fn lasts(self) -> bool {
        matches!(self, Self::Stall | Self::Unplug)
    }
}

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mishap: Mishap,
    /// Chance per receipt, in hundredths of a percent.
    pub(super) chance: u32,
    /// Bits, bytes, or milliseconds of what lasts.
    pub(super) amount: u32,
}

/// A fault specification that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFaults {
    /// A fault that does not exist.
    #[error("expected flip, burst, drop, split, stall or unplug, found {0:?}")]
    Name(String),
    /// The same fault twice.
    #[error("expected each fault once, found {0} again")]
    Twice(&'static str),
    /// An entry without a chance, or with an impossible one.
    #[error("expected a chance per receipt from 0% to 100% such as {name}=2.5%, found {found:?}")]
    Chance {
        /// Which fault.
        name: &'static str,
        /// What was typed.
        found: String,
    },
    /// An amount of another kind, or beyond the limit.
    #[error("expected {expected} after {name}'s slash, found {found:?}")]
    Amount {
        /// Which fault.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was typed.
        found: String,
    },
}

/// Reads a specification; an empty one means no faults.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, BadFaults> {
    let mut entries: Vec<Entry> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let entry = read_entry(part)?;
        if entries.iter().any(|other| other.mishap == entry.mishap) {
            return Err(BadFaults::Twice(entry.mishap.name()));
        }
        entries.push(entry);
    }
    entries.sort_by_key(|entry| entry.mishap);
    Ok(entries)
}

fn read_entry(part: &str) -> Result<Entry, BadFaults> {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    let mishap = Mishap::ALL.into_iter().find(|mishap| mishap.name() == name);
    let mishap = mishap.ok_or_else(|| BadFaults::Name(name.to_owned()))?;
    let (chance, amount) = match value.split_once('/') {
        Some((chance, amount)) => (chance, Some(amount)),
        None => (value, None),
    };
    let bad = || BadFaults::Chance { name: mishap.name(), found: chance.to_owned() };
    let chance = hundredths(chance).filter(|chance| *chance <= WHOLE).ok_or_else(bad)?;
    let amount = amount.map_or(Ok(mishap.usual()), |text| read_amount(mishap, text))?;
    Ok(Entry { mishap, chance, amount })
}

/// `2`, `2%`, `2.5%` or `0.25%` in hundredths of a percent.
fn hundredths(text: &str) -> Option<u32> {
    let text = text.strip_suffix('%').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let tens = if part.len() == 1 { 10 } else { 1 };
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part.parse::<u32>().ok()? * tens)
}

fn read_amount(mishap: Mishap, text: &str) -> Result<u32, BadFaults> {
    let (amount, expected) = if mishap.lasts() {
        let pause = millis(text).filter(|ms| *ms <= MAX_PAUSE_MS);
        (pause, "a time such as 500ms or 2s, at most 600s,")
    } else {
        let count = text.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
        (count, "a number from 1 to 4096")
    };
    amount.ok_or_else(|| BadFaults::Amount {
        name: mishap.name(),
        expected,
        found: text.to_owned(),
    })
}

fn millis(text: &str) -> Option<u32> {
    if let Some(millis) = text.strip_suffix("ms") {
        return millis.parse().ok();
    }
    text.strip_suffix('s')?.parse::<u32>().ok()?.checked_mul(1_000)
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mishap, chance, amount } = self;
        let unit = if mishap.lasts() { "ms" } else { "" };
        write!(f, "{}={}.{:02}%/{amount}{unit}", mishap.name(), chance / 100, chance % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::{BadFaults, Mishap, read};

    #[test]
    fn chance_and_amount_are_read_and_the_usual_amount_is_taken_where_none_is_given() {
        let entries = read("unplug=1%/3s, split=30, stall=0.25%/80ms").expect("good");
        let seen: Vec<_> = entries.iter().map(|e| (e.mishap, e.chance, e.amount)).collect();
        assert_eq!(
            seen,
            [(Mishap::Split, 3_000, 7), (Mishap::Stall, 25, 80), (Mishap::Unplug, 100, 3_000),]
        );
        assert_eq!(read(""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_printed_can_be_typed() {
        let entries =
            read("flip=2.5%/3,burst=0.05%,drop=100%,split=30,stall=1/1s,unplug=0").expect("good");
        let printed: Vec<String> = entries.iter().map(ToString::to_string).collect();
        assert_eq!(read(&printed.join(",")), Ok(entries));
    }

    #[test]
    fn a_mistake_is_answered_with_what_was_expected() {
        assert_eq!(read("melt=1%"), Err(BadFaults::Name("melt".to_owned())));
        assert_eq!(read("flip=1,flip=2"), Err(BadFaults::Twice("flip")));
        for bad in ["flip", "flip=", "flip=101%", "flip=-1", "flip=1.234%", "flip=x"] {
            assert!(matches!(read(bad), Err(BadFaults::Chance { .. })), "{bad}");
        }
        for bad in ["flip=1/0", "flip=1/9999", "stall=1/7", "stall=1/601s", "drop=1/2s"] {
            assert!(matches!(read(bad), Err(BadFaults::Amount { .. })), "{bad}");
        }
        let text = read("stall=1%/soon").expect_err("bad").to_string();
        assert!(text.contains("500ms") && text.contains("soon"), "{text}");
    }
}
