//! What is on a piece of paper, flat: one arena of text, runs that point into it, rows of runs,
//! and the order of everything. A line costs no allocation of its own.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::image::Image;
use super::printer::DEFAULT_LINE_DOTS;
use super::style::{Style, Wide};
use super::symbol::Symbol;
use crate::escpos::command::Align;
use crate::hex;
use crate::text::CharacterState;

/// Everything printed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Text as sent, of all runs.
    #[serde(with = "hex")]
    pub(super) bytes: Vec<u8>,
    /// In printed order.
    pub(super) runs: Vec<Run>,
    /// In printed order; blank lines included.
    pub(super) lines: Vec<LineRow>,
    /// Lines and everything between them, in printed order.
    pub(super) parts: Vec<Part>,
    /// Images, in printed order; strips of one image are one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) images: Vec<Drawing<Image>>,
    /// Barcodes and two-dimensional codes, in printed order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) symbols: Vec<Drawing<Symbol>>,
    /// Tab stops that lines refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tabs: Vec<Vec<u8>>,
}

/// Bytes that stand behind one another, under the same settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// First byte in the arena.
    pub(super) at: u32,
    /// How many bytes.
    pub(super) len: u32,
    /// Offset of the first byte in the stream.
    pub start: u64,
    /// How the print position moved before it.
    #[serde(default, skip_serializing_if = "Move::is_none")]
    pub moved: Move,
    /// A macro put it here: its bytes do not stand at `start`, the command that ran it does.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub recalled: bool,
    /// Which characters the bytes stand for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: CharacterState,
    /// How they look.
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    /// What double-byte ones have of their own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wide: Wide,
}

impl Run {
    /// Stream offset just past its last byte.
    pub fn end(&self) -> u64 {
        if self.recalled { self.start } else { self.start + u64::from(self.len) }
    }

    /// Where its bytes stand in the arena.
    pub(super) fn range(&self) -> Range<usize> {
        range(self.at, self.at.saturating_add(self.len))
    }
}

/// One line: which runs, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineRow {
    /// First run, and just past the last one.
    pub(super) runs: (u32, u32),
    /// Between the margins.
    #[serde(skip_serializing_if = "is_default")]
    pub align: Align,
    /// Dots left free.
    #[serde(skip_serializing_if = "is_default")]
    pub margin: u16,
    /// Dots that the paper moves behind it; less than its height means its height.
    pub feed: u16,
    /// 1 + which tab stops are in force; 0 is every eighth column.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) tabs: u16,
}

impl Default for LineRow {
    fn default() -> Self {
        Self { runs: (0, 0), align: Align::Left, margin: 0, feed: DEFAULT_LINE_DOTS, tabs: 0 }
    }
}

impl LineRow {
    /// Whether nothing stands on it.
    pub fn is_blank(&self) -> bool {
        self.runs.0 == self.runs.1
    }
}

/// Something that is not text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing<T> {
    /// Between the margins.
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: Align,
    /// Dots left free.
    #[serde(default, skip_serializing_if = "is_default")]
    pub margin: u16,
    /// What it is.
    pub what: T,
}

/// What is on the paper, in order. Numbers are indices of the document's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A line of text, or a blank one.
    Line(u32),
    /// An image.
    Image(u32),
    /// A barcode or two-dimensional code.
    Symbol(u32),
    /// The paper moves this many dots beyond what lines take.
    Feed(u32),
    /// The paper is cut.
    Cut,
}

/// A move of the print position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// None: right behind what is printed.
    #[default]
    None,
    /// To so many dots right of the left margin.
    To(u16),
    /// By so many dots.
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

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Most of each list that is reserved beforehand for the next paper, and kept of the last one.
const MOST_RESERVED: usize = 256;
/// Most text bytes that are.
const MOST_RESERVED_BYTES: usize = 4_096;

impl Content {
    /// Nothing yet, with room for a paper like `last`: most papers of a till are of a size.
    pub(crate) fn like(last: &Self) -> Self {
        let room = |len: usize| len.min(MOST_RESERVED);
        Self {
            bytes: Vec::with_capacity(last.bytes.len().min(MOST_RESERVED_BYTES)),
            runs: Vec::with_capacity(room(last.runs.len())),
            lines: Vec::with_capacity(room(last.lines.len())),
            parts: Vec::with_capacity(room(last.parts.len())),
            ..Self::default()
        }
    }

    /// Nothing any more, with the room that it had.
    pub(crate) fn emptied(mut self) -> Self {
        let room = (self.bytes.capacity(), self.runs.capacity().max(self.parts.capacity()));
        if room.0 > MOST_RESERVED_BYTES || room.1 > MOST_RESERVED {
            return Self::like(&self);
        }
        self.bytes.clear();
        self.runs.clear();
        self.lines.clear();
        self.parts.clear();
        self.images.clear();
        self.symbols.clear();
        self.tabs.clear();
        self
    }

    /// Lines in printed order.
    pub fn lines(&self) -> &[LineRow] {
        &self.lines
    }

    /// Lines and everything between them.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// All runs, in printed order.
    pub fn all_runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs of a line.
    pub fn runs(&self, line: &LineRow) -> &[Run] {
        self.runs.get(range(line.runs.0, line.runs.1)).unwrap_or_default()
    }

    /// Images; a part says where in the order of the paper.
    pub fn images(&self) -> &[Drawing<Image>] {
        &self.images
    }

    /// Barcodes and two-dimensional codes.
    pub fn symbols(&self) -> &[Drawing<Symbol>] {
        &self.symbols
    }

    /// The bytes of a run.
    pub fn text(&self, run: &Run) -> &[u8] {
        self.bytes.get(run.range()).unwrap_or_default()
    }

    /// The bytes of all runs.
    pub(super) fn all_text(&self) -> &[u8] {
        &self.bytes
    }

    /// The tab stops of a line; none is every eighth column.
    pub fn tabs(&self, line: &LineRow) -> &[u8] {
        let index = usize::from(line.tabs).checked_sub(1);
        index.and_then(|i| self.tabs.get(i)).map_or(&[], Vec::as_slice)
    }

    /// The number by which a line refers to `stops`.
    pub(super) fn refer_to_tabs(&mut self, stops: &[u8]) -> u16 {
        if stops.is_empty() {
            return 0;
        }
        let known = self.tabs.last().is_some_and(|last| last == stops);
        if !known && self.tabs.len() < MAX_TAB_SETS {
            self.tabs.push(stops.to_vec());
        }
        self.tabs.len() as u16
    }

    /// Moves the paper on between lines.
    pub(super) fn feed(&mut self, dots: u32) {
        match self.parts.last_mut() {
            _ if dots == 0 => {}
            Some(Part::Feed(before)) => *before = before.saturating_add(dots),
            _ => self.parts.push(Part::Feed(dots)),
        }
    }

    /// Puts a code down.
    pub(super) fn push_symbol(&mut self, symbol: Drawing<Symbol>) {
        self.parts.push(Part::Symbol(self.symbols.len() as u32));
        self.symbols.push(symbol);
    }

    /// Puts an image down: to the right of the one before where both stand in one line
    /// (`beside`), below it where both are strips of one image, else apart. White that joining
    /// adds takes at most `room` bytes; without `room` it stands apart.
    pub(super) fn push_image(
        &mut self,
        image: Drawing<Image>,
        beside: bool,
        room: Option<usize>,
    ) -> Put {
        let (parts, blank, feed) = self.since_image();
        let before = match parts.checked_sub(1).and_then(|i| self.parts.get(i)) {
            Some(Part::Image(before)) => self.images.get_mut(*before as usize),
            _ => None,
        };
        let before = before.filter(|b| (b.align, b.margin) == (image.align, image.margin));
        if let (Some(Drawing { what: before, .. }), Some(room)) = (before, room) {
            let in_line = beside && before.is_in_line() && image.what.is_in_line();
            if in_line && before.append_right(&image.what) {
                return Put::Joined { white: 0 };
            }
            let white = before.white_between(&image.what, feed);
            if let Some(white) = white.filter(|white| !in_line && *white <= room) {
                before.append(&image.what, white);
                self.parts.truncate(parts);
                self.lines.truncate(self.lines.len() - blank);
                return Put::Joined { white };
            }
        }
        self.parts.push(Part::Image(self.images.len() as u32));
        self.images.push(image);
        Put::Apart
    }

    /// Looks back over feeds and blank lines: how many parts are before them, how many are blank
    /// lines, and how far the paper moved.
    fn since_image(&self) -> (usize, usize, u32) {
        let (mut blank, mut feed) = (0, 0_u32);
        let between = self.parts.iter().rev().take(MAX_PARTS_BETWEEN_STRIPS);
        let is_white = |part: &&Part| match part {
            Part::Feed(_) => true,
            Part::Line(line) => self.lines.get(*line as usize).is_some_and(LineRow::is_blank),
            Part::Image(_) | Part::Symbol(_) | Part::Cut => false,
        };
        let mut parts = self.parts.len();
        for part in between.take_while(is_white) {
            let dots = match part {
                Part::Feed(dots) => *dots,
                Part::Line(line) => {
                    blank += 1;
                    self.lines.get(*line as usize).map_or(0, |line| line.feed.into())
                }
                Part::Image(_) | Part::Symbol(_) | Part::Cut => 0,
            };
            feed = feed.saturating_add(dots);
            parts -= 1;
        }
        (parts, blank, feed)
    }

    #[inline]
    pub(super) fn push_line(&mut self, line: LineRow) {
        self.parts.push(Part::Line(self.lines.len() as u32));
        self.lines.push(line);
    }
}

/// What became of an image that was put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It is one more.
    Apart,
    /// It went on with the one before, after this many bytes of white rows.
    Joined {
        /// Bytes.
        white: usize,
    },
}

/// Most feeds and blank lines that are looked through for the strip before.
const MAX_PARTS_BETWEEN_STRIPS: usize = 8;

/// Most sets of tab stops of one document; more changes use the last one.
const MAX_TAB_SETS: usize = 64;

fn range(from: u32, to: u32) -> Range<usize> {
    from as usize..to as usize
}
