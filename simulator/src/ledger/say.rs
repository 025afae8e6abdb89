//! An account in words: what a person who tests a bridge reads.
//!
//! Each trouble is one line that says which slip, what is wrong with it, and how to get its bytes.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::account::{Totals, Trouble, What, Which};

impl Display for Totals {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { sold, journalled, delivered, lost, duplicated, wrong, late, unheard, .. } = self;
        write!(
            f,
            "sold {sold}, journalled {journalled}, delivered {delivered}, \
             lost {lost}, duplicated {duplicated}, wrong {wrong}"
        )?;
        for (count, word) in [(late, "late"), (unheard, "not heard")] {
            if *count > 0 {
                write!(f, ", {word} {count}")?;
            }
        }
        Ok(())
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.slip {
            Some(slip) => write!(f, "{slip}: {}", self.what),
            None => self.what.fmt(f),
        }
    }
}

impl Display for Which {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let number = self.number.as_deref().unwrap_or("-");
        write!(f, "slip {}, {} #{number} at {}", self.n, self.kind, self.source)?;
        write!(f, " (till {}, seed {}", self.till, self.seed)?;
        if let Some(bytes) = self.bytes {
            write!(f, ", wire.bin {}+{}", bytes.at, bytes.len)?;
        }
        write!(f, ")")
    }
}

impl Display for What {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJournalled => write!(f, "it is not in the journal"),
            Self::NotTold => write!(f, "the group never saw it"),
            Self::ToldUnjournalled => write!(f, "the group saw it, and it is not in the journal"),
            Self::JournalledAgain { times } => write!(f, "the journal holds it {times} times"),
            Self::ToldAgain { times } => write!(f, "the group saw it {times} times"),
            Self::WrongKind { found } => write!(f, "the journal calls it {found}"),
            Self::WrongAmount { expected, found } => {
                write!(f, "the total is {expected}, the journal says {}", or_nothing(found))
            }
            Self::WrongText { field, expected, found } => {
                write!(f, "{field} reads {expected:?}, the journal says {found:?}")
            }
            Self::WrongField { field, expected, found } => {
                let (expected, found) = (or_nothing(expected), or_nothing(found));
                write!(f, "{field} is {expected}, the journal says {found}")
            }
            Self::Mistold { expected, found } => {
                write!(f, "the group had to see {expected}, and saw {found:?}")
            }
            Self::TextMistold { expected, found } => {
                write!(f, "the group had to see {expected:?}, and saw {found:?}")
            }
            Self::DamageHidden { field, expected, found } => write!(
                f,
                "its bytes were damaged, and the journal says {field} {found} in place of \
                 {expected} without a word of damage"
            ),
            Self::Late { took_us, excused_us, bound_us } => {
                let time = |us: &u64| in_words(*us);
                write!(
                    f,
                    "the group saw it after {}, the bound is {}",
                    time(took_us),
                    time(bound_us)
                )?;
                if *excused_us > 0 {
                    write!(f, " ({} more in which nobody could tell)", time(excused_us))?;
                }
                Ok(())
            }
            Self::StrangeEvent { source, kind, number, id } => {
                let number = number.as_deref().unwrap_or("-");
                write!(
                    f,
                    "nobody printed what the journal calls {kind} #{number} at {source} ({id})"
                )
            }
            Self::StrangeMessage { line } => write!(f, "nobody sold what the group saw: {line:?}"),
        }
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

/// To the millisecond: `61.250s`.
fn in_words(us: u64) -> String {
    let time = Duration::from_micros(us);
    format!("{}.{:03}s", time.as_secs(), time.subsec_millis())
}
