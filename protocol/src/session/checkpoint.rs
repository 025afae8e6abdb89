//! A session between two records, so that another process can go on from there.

use core::fmt;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::copies::Copies;
use super::lane::ToPrinter;
use super::slips::Slips;
use crate::document::Printer;
use crate::drawer::{Sensor, Watch, port};
use crate::profile::Dialect;
use crate::reply::{Condition, Reader};
use crate::text::detect::Evidence;
use crate::time::Timestamp;

/// Layout of a checkpoint. Another one cannot be resumed from; the caller then reads the epoch
/// again from its start.
const VERSION: u32 = 2;

/// Everything a session knows: printer state, evidence, and the papers being printed.
///
/// It is taken after all events have been polled, and holds none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    version: u32,
    pub(super) state: State,
}

/// The part of a session that outlives the process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// Latest time stamp seen.
    pub(super) now: Option<Timestamp>,
    /// The dialect that was found out.
    #[serde(default)]
    pub(super) dialect: Option<Dialect>,
    /// The dialect that the last bytes were framed by.
    #[serde(default)]
    pub(super) spoken: Option<Dialect>,
    pub(super) printer: Printer,
    pub(super) encoding: Evidence,
    /// By connection. Boxed: a map makes room for eleven at once, and most printers have one or none.
    pub(super) lanes: BTreeMap<u64, Box<ToPrinter>>,
    /// What printers answer, by connection.
    pub(super) replies: BTreeMap<u64, Reader>,
    pub(super) condition: Condition,
    pub(super) sensor: Sensor,
    /// The line of a drawer that has its own.
    pub(super) port: port::Line,
    /// A gap before the first byte of the next lane.
    pub(super) gap: Option<String>,
    pub(super) drawer: Watch,
    pub(super) copies: Copies,
    #[serde(default)]
    pub(super) slips: Slips,
}

impl Checkpoint {
    pub(super) fn new(state: State) -> Self {
        Self { version: VERSION, state }
    }

    /// As JSON text, for a journal.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain data with text keys always serialises")
    }

    /// Reads what [`Checkpoint::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, CheckpointError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(CheckpointError::Unreadable)?;
        if head.version != VERSION {
            return Err(CheckpointError::Version { found: head.version });
        }
        serde_json::from_str(text).map_err(CheckpointError::Unreadable)
    }
}

/// Why a checkpoint cannot be resumed from.
#[derive(Debug)]
pub enum CheckpointError {
    /// Written by a build with another layout.
    Version {
        /// The layout found.
        found: u32,
    },
    /// Not a checkpoint.
    Unreadable(serde_json::Error),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } => {
                write!(f, "expected checkpoint layout {VERSION}, found {found}")
            }
            Self::Unreadable(_) => f.write_str("expected a checkpoint, found something else"),
        }
    }
}

impl core::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Version { .. } => None,
            Self::Unreadable(source) => Some(source),
        }
    }
}
