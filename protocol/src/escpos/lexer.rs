//! Cuts bytes into frames that tile the stream.
//!
//! The lexer takes any slice, keeps at most a command's head between calls, and passes payloads on
//! as they come. It knows prefixes and lengths, no meaning; it never fails and never drops a byte:
//! the spans of its frames, in order, are exactly the stream.
//!
//! Text is every byte from 20 up, whatever it stands for: no double-byte encoding that printers
//! use has a second byte below 20, so cutting at control bytes never splits a character.

use serde::{Deserialize, Serialize};

use super::length::{Item, Measure};
use super::saved::Saved;
use super::{Row, find, table};
use crate::limits::MAX_CLAIM_BYTES;
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
        /// Bytes that were claimed to follow and are not believed.
        refused: u64,
    },
    /// Part of the payload of the command before.
    Payload {
        /// The command's row.
        row: &'static Row,
        /// This part.
        bytes: &'a [u8],
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
            Self::Truncated { .. } => Vec::new(),
        }
    }
}

/// Frames one lane's bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Lexer {
    pub(super) rows: &'static [Row],
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
    Head(Head),
    Payload {
        row: &'static Row,
        left: u64,
    },
    Items {
        row: &'static Row,
        item: Item,
        /// Items not begun.
        left: u32,
        /// The size bytes of the item being read.
        head: Vec<u8>,
    },
    /// Inside one item's body.
    Body {
        row: &'static Row,
        item: Item,
        left: u32,
        body: u64,
    },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    /// The row whose prefix the first bytes are.
    row: Option<&'static Row>,
    /// Whether a longer prefix is still possible.
    open: bool,
}

/// What to do after another byte of a head.
enum Step {
    Wait,
    /// The command is complete with this many parameters; then this follows.
    Done {
        row: &'static Row,
        args: usize,
        refused: u64,
        next: Next,
    },
    /// The first `n` bytes are explained by nothing.
    Unknown(usize),
    /// The first `n` bytes are a command without the end it must have.
    Broken {
        row: &'static Row,
        n: usize,
    },
}

enum Next {
    Ground,
    Payload(u64),
    Items { count: u32, item: Item },
}

impl Lexer {
    /// A lexer at offset 0. `Dialect::Auto` frames ESC/POS.
    pub fn new(dialect: Dialect) -> Self {
        let star = matches!(dialect, Dialect::StarLine | Dialect::StarPrnt);
        let rows = if star { star::table::ROWS } else { table::ROWS };
        Self { rows, star, raster: false, at: 0, state: State::Ground }
    }

    /// Offset of the first byte that no frame has covered yet.
    pub fn offset(&self) -> u64 {
        self.at
    }

    /// Whether a command has begun that is not complete.
    pub fn is_within(&self) -> bool {
        !matches!(self.state, State::Ground)
    }

    /// Frames `bytes`, calling `sink` for each frame in order.
    pub fn push<F: FnMut(Frame<'_>)>(&mut self, bytes: &[u8], sink: &mut F) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match core::mem::replace(&mut self.state, State::Ground) {
                State::Ground => self.ground(rest, sink),
                State::Head(head) => self.head(head, rest, sink),
                State::Payload { row, left } => self.payload(row, left, rest, sink),
                State::Items { row, item, left, head } => {
                    self.items(row, item, left, head, rest, sink)
                }
                State::Body { row, item, left, body } => {
                    self.body(row, item, left, body, rest, sink)
                }
            };
        }
    }

    /// Frames what is held back: nothing more comes, or not for a long time.
    pub fn flush<F: FnMut(Frame<'_>)>(&mut self, sink: &mut F) {
        match core::mem::replace(&mut self.state, State::Ground) {
            State::Ground => {}
            State::Head(head) => self.flush_head(&head, sink),
            State::Payload { row, left } => {
                self.emit(0, FrameKind::Truncated { row, missing: left }, sink);
            }
            State::Items { row, item, left, head } => {
                if !head.is_empty() {
                    self.emit(head.len(), FrameKind::Payload { row, bytes: &head }, sink);
                }
                let missing = u64::from(left) * item.head() as u64 - head.len() as u64;
                self.emit(0, FrameKind::Truncated { row, missing }, sink);
            }
            State::Body { row, body, .. } => {
                self.emit(0, FrameKind::Truncated { row, missing: body }, sink);
            }
        }
    }

    fn emit<F: FnMut(Frame<'_>)>(&mut self, len: usize, kind: FrameKind<'_>, sink: &mut F) {
        let start = self.at;
        self.at += len as u64;
        sink(Frame { span: Span::new(start, self.at), kind });
    }

    fn ground<'b, F: FnMut(Frame<'_>)>(&mut self, bytes: &'b [u8], sink: &mut F) -> &'b [u8] {
        let run = if self.raster { raster_text_len(bytes) } else { text_len(bytes) };
        let (text, rest) = bytes.split_at(run);
        if !text.is_empty() {
            self.emit(run, FrameKind::Text(text), sink);
        }
        if !rest.is_empty() {
            self.state = State::Head(Head::default());
        }
        rest
    }

    fn head<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        mut head: Head,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        for (i, &byte) in bytes.iter().enumerate() {
            head.bytes.push(byte);
            match self.step(&mut head) {
                Step::Wait => {}
                step => {
                    let left_over = self.finish_head(&head, &step, sink);
                    // Bytes that turned out not to be the command's own are framed afresh.
                    self.push(left_over, sink);
                    return &bytes[i + 1..];
                }
            }
        }
        self.state = State::Head(head);
        &[]
    }

    /// Decides what the head is, now that it has one more byte.
    fn step(&self, head: &mut Head) -> Step {
        if head.row.is_none() || head.open {
            let found = find(self.rows, &head.bytes);
            match (found.row, found.longer) {
                (Some(row), longer) => (head.row, head.open) = (Some(row), longer),
                (None, true) => head.open = true,
                (None, false) => head.open = false,
            }
            if head.open {
                return Step::Wait;
            }
        }
        let Some(row) = head.row else { return Step::Unknown(unknown_len(&head.bytes)) };
        let args = &head.bytes[row.prefix.len()..];
        match row.length.measure(args) {
            Measure::Need(_) => Step::Wait,
            Measure::Args(args) => Step::Done { row, args, refused: 0, next: Next::Ground },
            Measure::Payload { args, rest } => {
                Step::Done { row, args, refused: 0, next: Next::Payload(rest) }
            }
            Measure::Items { args, count, item } => {
                Step::Done { row, args, refused: 0, next: Next::Items { count, item } }
            }
            Measure::TooLong { args, claimed } => {
                Step::Done { row, args, refused: claimed, next: Next::Ground }
            }
            Measure::Unterminated { args } => Step::Broken { row, n: row.prefix.len() + args },
        }
    }

    /// Emits a finished head; the bytes after it are returned.
    fn finish_head<'h, F: FnMut(Frame<'_>)>(
        &mut self,
        head: &'h Head,
        step: &Step,
        sink: &mut F,
    ) -> &'h [u8] {
        let bytes = head.bytes.as_slice();
        let used = match *step {
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
                self.note_raster_mode(row);
                match *next {
                    Next::Ground => {}
                    Next::Payload(left) => {
                        if left > 0 {
                            self.state = State::Payload { row, left };
                        }
                    }
                    Next::Items { count, item } => self.next_item(row, item, count),
                }
                n
            }
        };
        &bytes[used..]
    }

    /// Star's raster mode gives letters a meaning.
    fn note_raster_mode(&mut self, row: &'static Row) {
        if self.star {
            match row.prefix {
                [0x1B, 0x2A, 0x72, 0x41] => self.raster = true,
                [0x1B, 0x2A, 0x72, 0x42] | [0x1B, 0x40] => self.raster = false,
                _ => {}
            }
        }
    }

    fn next_item(&mut self, row: &'static Row, item: Item, left: u32) {
        self.state = if left == 0 {
            State::Ground
        } else {
            State::Items { row, item, left, head: Vec::new() }
        };
    }

    fn payload<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        row: &'static Row,
        left: u64,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.emit(n, FrameKind::Payload { row, bytes: &bytes[..n] }, sink);
        if left > n as u64 {
            self.state = State::Payload { row, left: left - n as u64 };
        }
        &bytes[n..]
    }

    fn items<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        row: &'static Row,
        item: Item,
        left: u32,
        mut head: Vec<u8>,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        let n = (item.head() - head.len()).min(bytes.len());
        head.extend_from_slice(&bytes[..n]);
        if head.len() < item.head() {
            self.state = State::Items { row, item, left, head };
            return &bytes[n..];
        }
        let body = item.body(&head);
        if body > MAX_CLAIM_BYTES {
            self.emit(head.len(), FrameKind::Unknown(&head), sink);
            return &bytes[n..];
        }
        self.emit(head.len(), FrameKind::Payload { row, bytes: &head }, sink);
        if body == 0 {
            self.next_item(row, item, left - 1);
        } else {
            self.state = State::Body { row, item, left: left - 1, body };
        }
        &bytes[n..]
    }

    fn body<'b, F: FnMut(Frame<'_>)>(
        &mut self,
        row: &'static Row,
        item: Item,
        left: u32,
        body: u64,
        bytes: &'b [u8],
        sink: &mut F,
    ) -> &'b [u8] {
        let rest = self.payload(row, body, bytes, sink);
        match self.state {
            State::Payload { left: body, .. } => self.state = State::Body { row, item, left, body },
            _ => self.next_item(row, item, left),
        }
        rest
    }

    /// A head at the end of the stream: complete if its rule asks for nothing more.
    fn flush_head<F: FnMut(Frame<'_>)>(&mut self, head: &Head, sink: &mut F) {
        let bytes = head.bytes.as_slice();
        let Some(row) = head.row else {
            return self.emit(bytes.len(), FrameKind::Incomplete { row: None, bytes }, sink);
        };
        let (prefix, args) = bytes.split_at(row.prefix.len());
        let bare = matches!(row.length, super::length::Length::Optional) && args.is_empty();
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

/// How many of a head's bytes are lost with it: an unknown command letter goes with its prefix, a
/// control byte may begin the next command.
fn unknown_len(bytes: &[u8]) -> usize {
    match bytes {
        [_] => 1,
        [.., last] if *last < 0x20 => bytes.len() - 1,
        _ => bytes.len(),
    }
}

/// Length of the run of bytes from 20 up. Sixteen at a time, so that the compiler can use vector
/// instructions.
fn text_len(bytes: &[u8]) -> usize {
    const LANES: usize = 16;
    let blocks = bytes.chunks_exact(LANES);
    let clean =
        blocks.take_while(|block| block.iter().fold(0xFF, |least, b| (*b).min(least)) >= 0x20);
    let start = clean.count() * LANES;
    let tail = bytes[start..].iter().position(|b| *b < 0x20);
    tail.map_or(bytes.len(), |n| start + n)
}

/// As [`text_len`], stopping at Star's raster letters too.
fn raster_text_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| *b < 0x20 || matches!(b, b'b' | b'k')).unwrap_or(bytes.len())
}
