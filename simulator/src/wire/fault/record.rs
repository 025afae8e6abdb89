//! The truth of what was damaged, one JSON object a line.
//!
//! Offsets count in the receipt as the till meant it, so that a reader of the log can find the
//! place without knowing what else went wrong before it.

use serde::Serialize;

/// One fault on one receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Which receipt of this cable, from 1; the line of the truth.
    pub receipt: u64,
    /// What happened to it.
    #[serde(flatten)]
    pub damage: Damage,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Damage {
    /// One bit was turned over.
    Flip {
        /// Offset of its byte.
        at: usize,
        /// Which bit, 0 the lowest.
        bit: u32,
    },
    /// A run of bytes became noise; each of them differs from what it was.
    Burst {
        /// Offset of the first.
        at: usize,
        /// What they were, in hex.
        was: String,
        /// What they became, in hex.
        became: String,
    },
    /// A run of bytes never arrived.
    Drop {
        /// Offset of the first.
        at: usize,
        /// What they were, in hex.
        bytes: String,
    },
    /// The receipt went out in small pieces; no byte is damaged.
    Split {
        /// How many.
        pieces: usize,
    },
    /// The till fell silent; no byte is damaged.
    Stall {
        /// Before which byte.
        at: usize,
        /// For how long.
        ms: u64,
    },
    /// The plug was pulled in the middle.
    Unplug {
        /// Before which byte.
        at: usize,
        /// Bytes of the receipt that were still to come.
        left: usize,
        /// How long until it was put in again.
        ms: u64,
    },
    /// The till noticed that its print broke off and printed the receipt again, whole and sound.
    Reprint {
        /// Attempts that broke off.
        torn: u32,
    },
}

impl Damage {
    /// Whether bytes of the receipt arrived otherwise than they were meant, or not at all.
    pub fn spoils(&self) -> bool {
        match self {
            Self::Flip { .. } | Self::Burst { .. } | Self::Drop { .. } | Self::Unplug { .. } => {
                true
            }
            Self::Split { .. } | Self::Stall { .. } | Self::Reprint { .. } => false,
        }
    }
}
