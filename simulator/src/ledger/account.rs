//! The result of settling: figures, when each slip reached which stage, and one entry for each thing
//! that is not as it should be.
//!
//! It only says and shows; what counts as trouble is decided where the books are settled.

use pos_protocol::event::Kind;
use serde::{Deserialize, Serialize};

use super::record::Span;

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The figures.
    pub totals: Totals,
    /// One entry for each thing that is not as it should be, in the order of the slips; what no slip
    /// accounts for comes last.
    pub troubles: Vec<Trouble>,
    /// Slips that a listener could not hear, where the journal says that something is missing. They
    /// are no trouble, and they are not in the group.
    pub unheard: Vec<Trouble>,
    /// When each slip was where, in the order of the slips.
    pub tellings: Vec<Telling>,
}

/// The figures, in the order in which they are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sales.
    pub sold: usize,
    /// Sales that the journal holds.
    pub journalled: usize,
    /// Sales that the group saw.
    pub delivered: usize,
    /// Slips that are not in the journal, or that the group had to see and did not.
    pub lost: usize,
    /// Slips journalled or shown more than once.
    pub duplicated: usize,
    /// Slips journalled or told wrongly, and what was told and is no slip.
    pub wrong: usize,
    /// Slips that the group saw later than their bound.
    pub late: usize,
    /// Slips of every kind.
    pub slips: usize,
    /// Slips that nobody could hear, with a gap in the journal to say so.
    pub unheard: usize,
}

/// When a slip was where, in microseconds since the run began. Absent where it never was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// The slip.
    pub n: u64,
    /// First in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journalled_us: Option<u64>,
    /// First attempt to send the first message that tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_us: Option<u64>,
    /// First in the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_us: Option<u64>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The slip. Absent where no slip accounts for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<Which>,
    /// What is not as it should be.
    #[serde(flatten)]
    pub what: What,
}

/// Which slip: enough to find it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Which {
    /// Counts the slips of a run.
    pub n: u64,
    /// Which till of the run.
    pub till: u32,
    /// The seed that sells it again.
    pub seed: u64,
    /// Its source.
    pub source: String,
    /// Its kind.
    pub kind: Kind,
    /// Its printed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where its bytes are in the run's directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Span>,
}

/// What is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum What {
    /// The journal lacks it.
    NotJournalled,
    /// The group never saw it.
    NotTold,
    /// The journal holds it more than once.
    JournalledAgain {
        /// How often.
        times: usize,
    },
    /// The group saw it more than once.
    ToldAgain {
        /// How often.
        times: usize,
    },
    /// The journal calls it something else.
    WrongKind {
        /// What the journal calls it.
        found: Kind,
    },
    /// The journal gives another total.
    WrongAmount {
        /// What was printed.
        expected: String,
        /// What was journalled.
        found: String,
    },
    /// The journal gives another name of an item or a shop.
    WrongText {
        /// Which field.
        field: String,
        /// What was printed.
        expected: String,
        /// What was journalled.
        found: String,
    },
    /// The journal gives another value of a field.
    WrongField {
        /// Which field.
        field: String,
        /// What was printed.
        expected: String,
        /// What was journalled.
        found: String,
    },
    /// A message names it without its amount or its till.
    Mistold {
        /// What a reader had to see.
        expected: String,
        /// The message's line about it.
        found: String,
    },
    /// A message about it shows another text than the paper.
    TextMistold {
        /// What a reader had to see.
        expected: String,
        /// A line of the message.
        found: String,
    },
    /// It was damaged on the wire, and told as if it were sound with something else than it said.
    DamageHidden {
        /// What differs.
        field: String,
        /// What was printed.
        expected: String,
        /// What was told.
        found: String,
    },
    /// The group saw it too late.
    Late {
        /// From paper to group, less the time in which nobody could have told, in microseconds.
        took_us: u64,
        /// Of it nobody could have told for so long, in microseconds.
        excused_us: u64,
        /// The bound, in microseconds.
        bound_us: u64,
    },
    /// The group saw it, and the journal never held it.
    ToldUnjournalled,
    /// An event that no slip accounts for.
    StrangeEvent {
        /// Its source.
        source: String,
        /// Its kind.
        kind: Kind,
        /// Its number.
        number: Option<String>,
        /// Its id.
        id: String,
    },
    /// A message that tells what nobody sold.
    StrangeMessage {
        /// Its first line.
        line: String,
    },
}

impl What {
    /// Whether the slip did not arrive somewhere.
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::NotJournalled | Self::NotTold | Self::ToldUnjournalled)
    }

    /// Whether it arrived more than once.
    pub fn is_double(&self) -> bool {
        matches!(self, Self::JournalledAgain { .. } | Self::ToldAgain { .. })
    }

    /// Whether it arrived too late.
    pub fn is_late(&self) -> bool {
        matches!(self, Self::Late { .. })
    }

    /// Whether it arrived as something else than it is.
    pub fn is_wrong(&self) -> bool {
        !self.is_loss() && !self.is_double() && !self.is_late()
    }
}

impl Account {
    /// Whether everything agrees.
    pub fn closes(&self) -> bool {
        self.troubles.is_empty()
    }
}
