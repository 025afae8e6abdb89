//! Cuts bytes into frames that tile the stream.
//!
//! The lexer takes any slice, keeps at most a command's head or a few hundred doubtful bytes of a
//! payload between calls, and passes payloads on as they come. It knows prefixes and lengths, no
//! meaning; it never fails and never drops a byte: the spans of its frames, in order, are exactly
//! the stream.
//!
//! Text is every byte from 20 up, whatever it stands for: no double-byte encoding that printers
//! use has a second byte below 20, so cutting at control bytes never splits a character.

use serde::{Deserialize, Serialize};

use super::grammar::{Grammar, Next, Step};
use super::length::{Item, Length, Measure};
use super::saved::Saved;
use super::{Effect, Row, table};
use crate::profile::Dialect;
use crate::span::Span;
use crate::star;

/// A piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: FrameKind<'a>,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind<'a> {
    /// Bytes from 20 up. A run may come in several frames.
    Text(&'a [u8]),
    /// A command with its parameters.
    Command {
        /// Its row.
        row: &'static Row,
        /// What follows the prefix, short payloads included.
        args: &'a [u8],
        /// Bytes claimed to follow, where that is more than any command needs. What follows is
        /// taken for data only until it looks like print.
        refused: u64,
    },
    /// Part of the payload of the command before.
    Payload {
        /// The command's row.
        row: &'static Row,
        /// This part.
        bytes: &'a [u8],
    },
    /// A real-time command that stands in the payload before. A printer obeys it there and takes
    /// its bytes as data all the same (TM-T88III, `DLE EOT`), so it covers no bytes of its own.
    Noticed {
        /// Its row.
        row: &'static Row,
        /// What follows the prefix.
        args: &'a [u8],
    },
    /// Bytes that no row explains.
    Unknown(&'a [u8]),
    /// The head of a command that ends too early.
    Incomplete {
        /// Its row, where the prefix was complete.
        row: Option<&'static Row>,
        /// Prefix and parameters so far.
        bytes: &'a [u8],
    },
    /// The payload before ended too early. No bytes.
    Truncated {
        /// The command's row.
        row: &'static Row,
        /// How many bytes were still to come.
        missing: u64,
    },
}

impl FrameKind<'_> {
    /// The bytes of the stream that the frame covers.
    pub fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(bytes)
            | Self::Unknown(bytes)
            | Self::Payload { bytes, .. }
            | Self::Incomplete { bytes, .. } => bytes.to_vec(),
            Self::Command { row, args, .. } => [row.prefix, args].concat(),
            Self::Truncated { .. } | Self::Noticed { .. } => Vec::new(),
        }
    }
}

pub(super) static ESCPOS: Grammar = Grammar::new(table::ROWS);
pub(super) static STAR: Grammar = Grammar::new(star::table::ROWS);

/// Frames one lane's bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Lexer {
    pub(super) grammar: &'static Grammar,
    pub(super) star: bool,
    /// Between `ESC * r A` and `ESC * r B`, where `b` and `k` are commands.
    pub(super) raster: bool,
    /// Offset of the first byte not yet framed.
    pub(super) at: u64,
    pub(super) state: State,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    Ground,
    /// A command's head, not complete.
    Head(Vec<u8>),
    /// Within a payload.
    Data(Data),
    /// Before an item of a payload that consists of items; its size bytes so far.
    ItemHead {
        row: &'static Row,
        items: Items,
        head: Vec<u8>,
    },
}

/// Items of a payload that have not begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items {
    pub(super) item: Item,
    pub(super) left: u32,
}

/// A payload that is being passed on.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) row: &'static Row,
    /// Bytes that the claim has still to come, those held included.
    pub(super) left: u64,
    /// None of it was passed on yet.
    pub(super) fresh: bool,
    /// What follows this body.
    pub(super) items: Option<Items>,
    /// Bytes received and not passed on: they may not belong to the payload.
    pub(super) held: Vec<u8>,
}

impl Data {
    pub(super) fn new(row: &'static Row, left: u64, items: Option<Items>) -> Self {
        Self { row, left, fresh: true, items, held: Vec::new() }
    }
}

impl Lexer {
    /// A lexer at offset 0. `Dialect::Auto` frames ESC/POS.
    pub fn new(dialect: Dialect) -> Self {
        let star = matches!(dialect, Dialect::StarLine | Dialect::StarPrnt);
        let grammar = if star { &STAR } else { &ESCPOS };
        Self { grammar, star, raster: false, at: 0, state: State::Ground }
    }

    /// Frames by another dialect's table from here on. Only between commands.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        let fresh = Self::new(dialect);
        (self.grammar, self.star, self.raster) = (fresh.grammar, fresh.star, false);
    }

    /// The dialect that is framed; Star's two share a table.
    pub fn dialect(&self) -> Dialect {
        if self.star { Dialect::StarLine } else { Dialect::Escpos }
    }

    /// Offset of the first byte that no frame has covered yet.
    pub fn offset(&self) -> u64 {
        self.at
    }

    /// Whether a command has begun that is not complete.
    pub fn is_within(&self) -> bool {
        !matches!(self.state, State::Ground)
    }

    /// Goes on at offset `to`; what was being framed is given up. The one way to leave a hole
    /// between frames.
    pub fn skip_to(&mut self, to: u64) {
        (self.at, self.state, self.raster) = (to, State::Ground, false);
    }

    /// Frames `bytes`, calling `sink` for each frame in order.
    pub fn push<F: FnMut(Frame<'_>)>(&mut self, bytes: &[u8], sink: &mut F) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match core::mem::replace(&mut self.state, State::Ground) {
                State::Ground => self.ground(rest, sink),
                State::Head(head) => self.head(head, rest, sink),
                State::Data(data) => self.data(data, rest, sink),
                State::ItemHead { row, items, head } => {
                    self.item_head(row, items, head, rest, sink)
                }
            };
        }
    }

    /// Frames what is held back: nothing more comes, or not for a long time.
    pub fn flush<F: FnMut(Frame<'_>)>(&mut self, sink: &mut F) {
        match core::mem::replace(&mut self.state, State::Ground) {
            State::Ground => {}
            State::Head(head) => self.flush_head(&head, sink),
            State::Data(data) => self.flush_data(&data, sink),
            State::ItemHead { row, items, head } => {
                if !head.is_empty() {
                    self.emit(head.len(), FrameKind::Payload { row, bytes: &head }, sink);
                }
                let sizes = u64::from(items.left) * items.item.head() as u64;
                let missing = sizes - head.len() as u64;
                self.emit(0, FrameKind::Truncated { row, missing }, sink);
            }
        }
    }

    /// Bytes may be missing here. A command that has begun is given up, since its rest may never
    /// come. A picture goes on: a printer draws what comes next, and where that is print after all,
    /// it reads as such from here.
    pub fn gap<F: FnMut(Frame<'_>)>(&mut self, sink: &mut F) {
        match &mut self.state {
            State::Data(data) if data.row.effect == Effect::Graphics => {
                let held = core::mem::take(&mut data.held);
                let data = data.clone();
                self.gap_in_picture(data, &held, sink);
            }
            _ => self.flush(sink),
        }
    }

    #[inline]
    pub(super) fn emit<F: FnMut(Frame<'_>)>(
        &mut self,
        len: usize,
        kind: FrameKind<'_>,
        sink: &mut F,
    ) {
        let start = self.at;
        self.at += len as u64;
        sink(Frame { span: Span::new(start, self.at), kind });
    }

    /// Text and whole commands, straight from the slice.
    fn ground<'b, F: FnMut(Frame<'_>)>(&mut self, bytes: &'b [u8], sink: &mut F) -> &'b [u8] {
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            if first >= 0x20 {
                let run = if self.raster { raster_text_len(rest) } else { text_len(rest) };
                if run > 0 {
                    let (text, more) = rest.split_at(run);
                    self.emit(run, FrameKind::Text(text), sink);
                    rest = more;
                    continue;
                }
            }
            if let Some(row) = self.grammar.plain(first) {
                self.emit(1, FrameKind::Command { row, args: &[], refused: 0 }, sink);
                rest = &rest[1..];
                continue;
            }
            if !self.star
                && let Some((row, n)) = self.grammar.simple(rest)
            {
                let args = &rest[row.prefix.len()..n];
                self.emit(n, FrameKind::Command { row, args, refused: 0 }, sink);
                rest = &rest[n..];
                continue;
            }
            match self.grammar.step(rest) {
                Step::Wait => {
                    self.state = State::Head(rest.to_vec());
                    return &[];
                }
                step => {
                    let used = self.finish_head(rest, &step, sink);
                    rest = &rest[used..];
                    if self.is_within() {
                        return rest;
                    }
                }
            }
        }
        rest
    }

    /// A head that began in an earlier slice, byte by byte.
    fn head<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        mut head: Vec<u8>,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        for (i, &byte) in bytes.iter().enumerate() {
            head.push(byte);
            match self.grammar.step(&head) {
                Step::Wait => {}
                step => {
                    let used = self.finish_head(&head, &step, sink);
                    // Bytes that turned out not to be the command's own are framed afresh.
                    self.push(&head[used..], sink);
                    return &bytes[i + 1..];
                }
            }
        }
        self.state = State::Head(head);
        &[]
    }

    /// Emits the command at the start of `bytes` and says how many of them it took.
    fn finish_head<F: FnMut(Frame<'_>)>(
        &mut self,
        bytes: &[u8],
        step: &Step,
        sink: &mut F,
    ) -> usize {
        match *step {
            Step::Wait => 0,
            Step::Unknown(n) => {
                self.emit(n, FrameKind::Unknown(&bytes[..n]), sink);
                n
            }
            Step::Broken { row, n } => {
                let kind = FrameKind::Incomplete { row: Some(row), bytes: &bytes[..n] };
                self.emit(n, kind, sink);
                n
            }
            Step::Done { row, args, refused, ref next } => {
                let n = row.prefix.len() + args;
                let args = &bytes[row.prefix.len()..n];
                self.emit(n, FrameKind::Command { row, args, refused }, sink);
                if self.star {
                    self.note_raster_mode(row);
                }
                match *next {
                    Next::Ground | Next::Payload(0) => {}
                    Next::Payload(left) => {
                        self.state = State::Data(Data::new(row, left, None));
                    }
                    Next::Items { count, item } => {
                        self.next_item(row, Some(Items { item, left: count }));
                    }
                }
                n
            }
        }
    }

    /// Star's raster mode gives letters a meaning.
    fn note_raster_mode(&mut self, row: &'static Row) {
        match row.prefix {
            [0x1B, 0x2A, 0x72, 0x41] => self.raster = true,
            [0x1B, 0x2A, 0x72, 0x42] | [0x1B, 0x40] => self.raster = false,
            _ => {}
        }
    }

    /// A head at the end of the stream: complete if its rule asks for nothing more.
    fn flush_head<F: FnMut(Frame<'_>)>(&mut self, bytes: &[u8], sink: &mut F) {
        let Some(row) = self.grammar.row_at_end(bytes) else {
            return self.emit(bytes.len(), FrameKind::Incomplete { row: None, bytes }, sink);
        };
        let (prefix, args) = bytes.split_at(row.prefix.len());
        let bare = matches!(row.length, Length::Optional) && args.is_empty();
        let complete = bare || matches!(row.length.measure(args), Measure::Args(n) if n == 0);
        if complete {
            self.emit(prefix.len(), FrameKind::Command { row, args: &[], refused: 0 }, sink);
            if !args.is_empty() {
                self.push(args, sink);
                self.flush(sink);
            }
        } else {
            self.emit(bytes.len(), FrameKind::Incomplete { row: Some(row), bytes }, sink);
        }
    }
}

/// Length of the run of bytes from 20 up, eight at a time.
#[inline]
pub(super) fn text_len(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = ONES << 7;
    let (words, tail) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The top bit of each byte that is below 20; borrows only spoil bytes above the first.
        let below = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
        if below != 0 {
            return i * 8 + below.trailing_zeros() as usize / 8;
        }
    }
    let rest = tail.iter().position(|b| *b < 0x20).unwrap_or(tail.len());
    words.len() * 8 + rest
}

/// As [`text_len`], stopping at Star's raster letters too.
fn raster_text_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| *b < 0x20 || matches!(b, b'b' | b'k')).unwrap_or(bytes.len())
}
