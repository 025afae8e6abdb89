//! What lies on the counter: lines of paper, kicks, where one piece of paper ends.
//!
//! [`builder`] collects commands of one lane until a boundary; the result is a [`Document`] that
//! still holds raw bytes. [`paper`] turns it into lines of text once its encoding is settled.
//!
//! Not here: what the words mean.

pub mod builder;
pub mod graphics;
mod graphics_bitmap;
mod graphics_shelf;
pub mod image;
pub mod paper;
pub mod qr;
pub mod symbol;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostics;
use crate::event::Kick;
use crate::hex;
use crate::span::Span;
use crate::text::CharacterState;
use crate::time::Timestamp;

/// Why a document ended where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The paper was cut.
    Cut,
    /// Form feed outside page mode.
    FormFeed,
    /// The till asked whether the job is done, and a new one began.
    JobEnd,
    /// Nothing came for a while.
    Idle,
    /// The connection closed.
    Closed,
    /// The connection broke: the rest of the paper is missing.
    Broken,
    /// The capture ended.
    End,
    /// A cap was reached.
    Limit,
}

/// One piece of paper, as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// All its bytes.
    pub span: Span,
    /// When its first and its last byte were seen.
    pub seen: (Timestamp, Timestamp),
    /// Lines in the order printed.
    pub lines: Vec<RawLine>,
    /// Drawer kicks, wherever they stood.
    pub kicks: Vec<KickSeen>,
    /// Images printed.
    pub images: u32,
    /// Barcodes and two-dimensional codes printed.
    pub barcodes: u32,
    /// Bytes that nothing explains.
    pub unknown_bytes: u64,
    /// Why it ended.
    pub ended: Ended,
    /// What was odd.
    pub diagnostics: Diagnostics,
}

/// A drawer kick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KickSeen {
    /// Connector pin, where it is one of the two there are.
    pub pin: Option<Kick>,
    /// Where the command stands.
    pub span: Span,
    /// When.
    pub at: Timestamp,
}

/// A line before its encoding is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawLine {
    /// In printed order.
    pub runs: Vec<Run>,
}

impl RawLine {
    /// Text bytes of the line.
    pub fn bytes(&self) -> usize {
        self.runs.iter().map(|run| run.bytes.len()).sum()
    }
}

/// Bytes that follow one another in the stream, under the same settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// How the print position moved before it.
    #[serde(default, skip_serializing_if = "Move::is_none")]
    pub moved: Move,
    /// Offset of the first byte.
    pub start: u64,
    /// The bytes.
    #[serde(with = "hex")]
    pub bytes: Vec<u8>,
    /// Settings in force.
    pub state: CharacterState,
}

/// A move of the print position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Move {
    /// None: right behind what is printed.
    #[default]
    None,
    /// To a column.
    To(u16),
    /// By so many columns.
    By(i16),
    /// To the next of so many tab stops.
    Tab(u8),
}

impl Move {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if asks so")]
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}
