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

#[cfg(test)]
mod tests {
    use super::{FrameKind, Lexer};
    use crate::profile::Dialect;

    /// Frames as short words, payload and text pieces joined.
    fn frames(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
        let mut lexer = Lexer::new(dialect);
        let mut out: Vec<String> = Vec::new();
        let mut end = 0;
        let mut sink = |frame: super::Frame<'_>| {
            assert_eq!(frame.span.start, end, "frames tile the stream");
            end = frame.span.end;
            out.push(match frame.kind {
                FrameKind::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
                FrameKind::Command { row, args, refused: 0 } => format!("{} {args:?}", row.name),
                FrameKind::Command { row, refused, .. } => {
                    format!("{} refuses {refused}", row.name)
                }
                FrameKind::Payload { bytes, .. } => format!("+{}", bytes.len()),
                FrameKind::Unknown(bytes) => format!("?{bytes:02x?}"),
                FrameKind::Incomplete { bytes, .. } => format!("~{bytes:02x?}"),
                FrameKind::Truncated { missing, .. } => format!("-{missing}"),
            });
        };
        lexer.push(bytes, &mut sink);
        lexer.flush(&mut sink);
        assert_eq!(end, bytes.len() as u64, "to the last byte");
        out
    }

    #[test]
    fn a_receipt_is_text_and_commands() {
        let seen = frames(Dialect::Escpos, b"\x1b@SHOP\n\x1bp\x00\x19\xfa\x1dVB\x03");
        let want = ["ESC @ []", "\"SHOP\"", "LF []", "ESC p [0, 25, 250]", "GS V [66, 3]"];
        assert_eq!(seen, want);
    }

    #[test]
    fn an_image_is_passed_on_and_its_end_is_found() {
        let mut bytes = b"\x1dv0\x00\x10\x00\x10\x00".to_vec();
        bytes.extend([0xAA; 256]);
        bytes.extend(b"TEA");
        let want = ["GS v 0 [0, 16, 0, 16, 0]", "+256", "\"TEA\""];
        assert_eq!(frames(Dialect::Escpos, &bytes), want);
        assert_eq!(frames(Dialect::Escpos, &bytes[..100]), [want[0], "+92", "-164"]);
    }

    #[test]
    fn a_claim_beyond_belief_swallows_nothing() {
        let seen = frames(Dialect::Escpos, b"\x1dv0\x00\xff\xff\xff\xffTOTAL 36.00\n");
        assert_eq!(seen, ["GS v 0 refuses 4294836225", "\"TOTAL 36.00\"", "LF []"]);
    }

    #[test]
    fn an_unknown_letter_goes_but_a_control_byte_stays() {
        assert_eq!(frames(Dialect::Escpos, b"\x1b\x99A"), ["?[1b, 99]", "\"A\""]);
        assert_eq!(frames(Dialect::Escpos, b"\x1b\x1b@"), ["?[1b]", "ESC @ []"]);
    }

    #[test]
    fn a_kick_cut_short_by_the_end_is_incomplete() {
        assert_eq!(frames(Dialect::Escpos, b"\x1bp\x00"), ["~[1b, 70, 00]"]);
    }

    #[test]
    fn a_barcode_without_its_nul_gives_its_text_back() {
        let seen = frames(Dialect::Escpos, b"\x1dk\x04ABC\nTOTAL");
        assert_eq!(seen, ["~[1d, 6b, 04]", "\"ABC\"", "LF []", "\"TOTAL\""]);
    }

    #[test]
    fn the_shorter_prefix_wins_when_the_longer_one_does_not_come() {
        assert_eq!(frames(Dialect::Escpos, b"\x1d(Z\x01\x00x"), ["GS ( X [90, 1, 0, 120]"]);
        assert_eq!(frames(Dialect::Escpos, b"\x1fA"), ["US []", "\"A\""]);
    }

    #[test]
    fn star_letters_are_commands_only_in_raster_mode() {
        let seen = frames(Dialect::StarLine, b"bk\x1b*rAb\x02\x00\xff\xff\x1b*rBbk\x1c");
        let want = ["\"bk\"", "ESC * r A []", "raster b [2, 0, 255, 255]", "ESC * r B []"];
        assert_eq!(seen, [&want[..], &["\"bk\"", "FS []"]].concat());
    }

    #[test]
    fn user_characters_are_counted_one_by_one() {
        let seen = frames(Dialect::Escpos, b"\x1b&\x03AB\x02aaaaaa\x01bbbC");
        assert_eq!(seen, ["ESC & [3, 65, 66]", "+1", "+6", "+1", "+3", "\"C\""]);
    }

    #[test]
    fn a_saved_lexer_goes_on_as_if_nothing_had_happened() {
        let bytes = b"\x1b@A\x1d(k\x04\x001A2\x00\x1b&\x03AB\x02aaaaaa\x01bbb\x1dv0\x00\x0a\x00\x0a\x00\
            0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789Z\x1bp";
        let whole = frames(Dialect::Escpos, bytes).concat();
        for cut in 0..bytes.len() {
            let mut first = Lexer::new(Dialect::Escpos);
            let mut seen = Vec::new();
            let mut note = |f: super::Frame<'_>| seen.push((f.span, format!("{:?}", f.kind)));
            first.push(&bytes[..cut], &mut note);
            let json = serde_json::to_string(&first.save()).expect("plain data");
            let mut second = Lexer::restore(&serde_json::from_str(&json).expect("its own text"));
            first.push(&bytes[cut..], &mut note);
            first.flush(&mut note);
            let mut resumed = Vec::new();
            let mut note = |f: super::Frame<'_>| resumed.push((f.span, format!("{:?}", f.kind)));
            second.push(&bytes[cut..], &mut note);
            second.flush(&mut note);
            assert!(seen.ends_with(&resumed), "cut at {cut}: {whole}");
        }
    }
}
