//! What lies on the counter: lines of paper, kicks, where one piece of paper ends.
//!
//! [`builder`] collects commands of one lane until a boundary; the result is a [`Document`] that
//! still holds raw bytes, flat in its [`content`]. [`paper`] turns it into lines of text once its
//! encoding is settled, and [`plain`] shows those as they stand on the paper.
//!
//! Not here: what the words mean.

pub mod builder;
pub mod content;
pub mod graphics;
mod graphics_bitmap;
mod graphics_shelf;
pub mod image;
pub mod line;
mod lines;
mod page;
pub mod paper;
pub mod plain;
pub mod printer;
pub mod qr;
mod recall;
mod runs;
pub mod style;
pub mod svg;
mod svg_dots;
mod svg_text;
pub mod symbol;
#[cfg(test)]
mod tests;
mod typeset;

pub use content::{Content, Drawing, LineRow, Move, Part, Run};
pub use printer::Printer;
pub use style::Style;

pub use crate::escpos::command::Align;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostics;
use crate::event::Kick;
use crate::span::Span;
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
    /// A line came that ends every paper of this till, as its profile says.
    Mark,
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
    /// What is on the paper.
    pub content: Content,
    /// Drawer kicks, wherever they stood.
    pub kicks: Vec<KickSeen>,
    /// Images printed.
    pub images: u32,
    /// Barcodes and two-dimensional codes printed.
    pub barcodes: u32,
    /// Bytes that nothing explains.
    pub unknown_bytes: u64,
    /// Text bytes that were not printed where they stand: sent to the customer display, defining a
    /// macro, or on a page that was cancelled.
    pub unprinted_bytes: u64,
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
