//! The result of settling: figures, and one entry for each thing that is not as it should be.
//!
//! It only says and shows; what counts as trouble is decided where the lists are settled.

use std::fmt;

use serde::Serialize;

/// The result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The figures.
    pub totals: Totals,
    /// One entry for each thing that is not as it should be.
    pub troubles: Vec<Trouble>,
}

/// The figures, in the order in which they are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Sales.
    pub sold: usize,
    /// Sales that the journal holds.
    pub journalled: usize,
    /// Sales that the group saw.
    pub delivered: usize,
    /// Sales that are not in the journal, or that the group did not see.
    pub lost: usize,
    /// Sales journalled or shown more than once.
    pub duplicated: usize,
    /// Sales told wrongly, and things told that nobody sold.
    pub wrong: usize,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A sale that the journal lacks.
    NotJournalled(String),
    /// A sale that the group did not see.
    NotDelivered(String),
    /// A sale that the journal holds more than once.
    JournalledTwice(String),
    /// A sale that the group saw more than once.
    DeliveredTwice(String),
    /// A field that was read differently.
    Misread {
        /// Receipt number.
        number: String,
        /// Field.
        field: &'static str,
        /// What was sold.
        expected: String,
        /// What was journalled.
        found: String,
    },
    /// A message that does not give the sale's amount or till.
    Mistold {
        /// Receipt number.
        number: String,
        /// What was sold.
        expected: String,
    },
    /// An event that no sale accounts for: its kind, number and id.
    StrangeEvent(String),
    /// A message that no sale accounts for: its first line.
    StrangeMessage(String),
}

impl Account {
    /// Whether everything agrees.
    pub fn closes(&self) -> bool {
        self.troubles.is_empty()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sold, journalled, delivered, lost, duplicated, wrong } = self;
        write!(
            f,
            "sold {sold}, journalled {journalled}, delivered {delivered}, \
             lost {lost}, duplicated {duplicated}, wrong {wrong}"
        )
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJournalled(number) => write!(f, "#{number} is not in the journal"),
            Self::NotDelivered(number) => write!(f, "#{number} was not seen in the group"),
            Self::JournalledTwice(number) => write!(f, "#{number} is in the journal twice"),
            Self::DeliveredTwice(number) => write!(f, "#{number} was seen in the group twice"),
            Self::Misread { number, field, expected, found } => {
                write!(f, "#{number} {field}: expected {expected:?}, found {found:?}")
            }
            Self::Mistold { number, expected } => {
                write!(f, "#{number} was told without its amount {expected} or its till")
            }
            Self::StrangeEvent(event) => write!(f, "nobody sold what the journal calls {event}"),
            Self::StrangeMessage(line) => write!(f, "nobody sold what the group saw: {line}"),
        }
    }
}
