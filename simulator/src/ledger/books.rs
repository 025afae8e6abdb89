//! Everything that is known of a run: what the tills did, what was journalled, what was shown; and
//! how soon it had to be.

use std::collections::BTreeMap;
use std::time::Duration;

use pos_protocol::event::{Event, Kind};
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::record::{Deaf, Excused, Journalled, Shown, Slip};

/// What is known of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    /// The seed that sells the same again.
    pub seed: u64,
    /// What was printed, by number.
    pub slips: Vec<Slip>,
    /// What the journal holds, in its order. Absent where nobody looked: then nothing is said of it.
    pub journal: Option<Vec<Journalled>>,
    /// What the group saw, in its order.
    pub group: Vec<Shown>,
    /// By source, prints that broke off and belong to no slip: the till gave up, or died.
    pub torn: BTreeMap<String, u32>,
    /// Times in which listeners could not hear.
    pub deaf: Vec<Deaf>,
    /// Times in which nobody could have told the group.
    pub excused: Vec<Excused>,
    /// From when on a message can be late.
    pub timing: Timing,
}

/// From when on a message can be late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// From the end of printing, as the slips tell it.
    #[default]
    Printed,
    /// From the time of the journal's event: the tills had another clock.
    Journalled,
    /// Nobody knows: nothing is late.
    Unknown,
}

/// How soon what must be where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// From paper to group, of what a person may have to act on.
    pub urgent: Duration,
    /// From paper to group, of everything else.
    pub ordinary: Duration,
    /// Kinds that are urgent.
    pub urgent_kinds: Vec<Kind>,
    /// Kinds that the group must hear of. None where nobody looked at the group.
    pub told_kinds: Vec<Kind>,
    /// Whether a message about one slip names its items (privacy `items` or `full`).
    pub shows_items: bool,
}

impl Default for Bounds {
    /// A minute for what is urgent, ten for the rest; sales, and what is urgent and printed, are told.
    fn default() -> Self {
        let urgent_kinds =
            vec![Kind::Refund, Kind::Void, Kind::NoSale, Kind::TopUp, Kind::ShiftReport];
        Self {
            urgent: Duration::from_mins(1),
            ordinary: Duration::from_mins(10),
            told_kinds: vec![Kind::Sale, Kind::Refund, Kind::Void, Kind::NoSale],
            urgent_kinds,
            shows_items: false,
        }
    }
}

impl Books {
    /// Books without times: what was sold, what was journalled, titles and texts of the group.
    pub fn untimed(sold: Vec<Event>, journal: Vec<Event>, group: Vec<Shown>) -> Self {
        let slips = (1..).zip(sold).map(|(n, event)| Slip::untimed(n, event));
        let journal = journal.into_iter().map(|event| Journalled { at_us: 0, event });
        Self {
            slips: slips.collect(),
            journal: Some(journal.collect()),
            group,
            timing: Timing::Unknown,
            ..Self::default()
        }
    }

    /// Holds everything against everything.
    pub fn settle(&self, bounds: &Bounds) -> Account {
        super::settle::settle(self, bounds)
    }
}
