//! What a frame told the printer, as far as words, paper and drawer are concerned.
//!
//! A command that is framed but not needed here is [`Command::Other`]; nothing is an error.

use super::lexer::FrameKind;
use super::{Effect, Row, Source};
use crate::event::Kick;

/// What a printer was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// Characters in whatever encoding is in force.
    Text(&'a [u8]),
    /// The line is printed and the paper moves this many lines on.
    LineEnd(u8),
    /// Back to the left edge; some programs end lines with nothing else.
    CarriageReturn,
    /// To the next tab stop.
    Tab,
    /// To this column, counted in characters of font A, from the left margin.
    MoveTo(u16),
    /// This many columns on (or back).
    MoveBy(i16),
    /// Everything back to its default.
    Init,
    /// `ESC t`: single-byte code page, by the maker's number.
    CodePage(u8),
    /// `FS &` and `FS .`: double-byte characters on or off.
    DoubleByte(bool),
    /// `FS ( C`: UTF-8 on or off.
    Utf8(bool),
    /// Page mode on or off.
    PageMode(bool),
    /// Form feed: in page mode the page is printed, outside it a label ends.
    FormFeed,
    /// What follows is for the customer display, or for the printer again.
    Display(bool),
    /// The paper is cut.
    Cut,
    /// The drawer is pulsed, at this connector pin where it is one of the two there are.
    Kick(Option<Kick>),
    /// Asked at the end of a job by many programs: `GS r 1`, `GS ( H`.
    JobEnd,
    /// Dots, or the command that prints stored ones.
    Image,
    /// A barcode or two-dimensional code.
    Barcode,
    /// Framed, and without effect on what is read.
    Other(&'static Row),
    /// Explained by nothing.
    Unknown(&'a [u8]),
    /// Began and did not end.
    CutShort,
    /// Claims more than is believed.
    Refused(u64),
}

/// Dots a character of font A is wide (TM-T88III, "Character size").
const FONT_A_DOTS: u16 = 12;

impl<'a> Command<'a> {
    /// The meaning of a frame. `None` for a payload, which its command has announced.
    pub fn of(frame: FrameKind<'a>) -> Option<Self> {
        Some(match frame {
            FrameKind::Text(text) => Self::Text(text),
            // A pulse seen in the middle of dots may be dots: it opens nothing by itself.
            FrameKind::Payload { .. } | FrameKind::Noticed { .. } => return None,
            FrameKind::Unknown(bytes) => Self::Unknown(bytes),
            // Some programs end a job with `ESC p m` and nothing more (SambaPOS-3 issue 363).
            FrameKind::Incomplete { bytes: [0x1B, 0x70, m, ..], .. } => Self::Kick(pin(*m)),
            FrameKind::Incomplete { .. } => Self::CutShort,
            FrameKind::Truncated { .. } => Self::CutShort,
            FrameKind::Command { refused, .. } if refused > 0 => Self::Refused(refused),
            FrameKind::Command { row, args, .. } => match row.source {
                Source::StarLine => star(row, args),
                _ => epson(row, args),
            },
        })
    }
}

fn pin(m: u8) -> Option<Kick> {
    match m {
        0 | b'0' => Some(Kick::Pin2),
        1 | b'1' => Some(Kick::Pin5),
        _ => None,
    }
}

fn word(args: &[u8]) -> u16 {
    u16::from_le_bytes([args[0], args[1]])
}

/// Prefixes and parameters in hex, in the order of the manual.
fn epson<'a>(row: &'static Row, args: &[u8]) -> Command<'a> {
    match (row.prefix, args) {
        ([0x09], _) => Command::Tab,
        ([0x0A] | [0x1B, 0x4A], _) => Command::LineEnd(1),
        ([0x0D], _) => Command::CarriageReturn,
        ([0x0C], _) => Command::FormFeed,
        ([0x10, 0x14, 0x01], [m, ..]) => Command::Kick(pin(*m)),
        ([0x1B, 0x24], [_, _]) => Command::MoveTo(word(args) / FONT_A_DOTS),
        ([0x1B, 0x3D], [n]) => Command::Display(n & 0b11 == 0b10),
        ([0x1B, 0x40], _) => Command::Init,
        ([0x1B, 0x4C], _) => Command::PageMode(true),
        ([0x1B, 0x53], _) => Command::PageMode(false),
        ([0x1B, 0x5C], [_, _]) => {
            Command::MoveBy(word(args).cast_signed() / FONT_A_DOTS.cast_signed())
        }
        ([0x1B, 0x64], [n]) => Command::LineEnd(*n),
        ([0x1B, 0x69 | 0x6D], _) => Command::Cut,
        ([0x1B, 0x70], [m, ..]) => Command::Kick(pin(*m)),
        ([0x1B, 0x74], [n]) => Command::CodePage(*n),
        ([0x1C, 0x26], _) => Command::DoubleByte(true),
        ([0x1C, 0x2E], _) => Command::DoubleByte(false),
        ([0x1C, 0x28], [b'C', _, _, b'0', m, ..]) => Command::Utf8(matches!(m, 2 | b'2')),
        ([0x1D, 0x28, 0x48], _) => Command::JobEnd,
        ([0x1D, 0x72], [1 | b'1']) => Command::JobEnd,
        ([0x1D, 0x53 | 0x56] | [0x1C, 0x7D, 0x60], _) => Command::Cut,
        _ => by_effect(row),
    }
}

fn star<'a>(row: &'static Row, args: &[u8]) -> Command<'a> {
    match (row.prefix, args) {
        ([0x1B, 0x61], [n]) => Command::LineEnd(*n),
        ([0x1B, 0x49 | 0x4A], _) => Command::LineEnd(1),
        ([0x0C], _) => Command::FormFeed,
        ([0x07 | 0x1C], _) => Command::Kick(Some(Kick::Pin2)),
        ([0x1A | 0x19], _) => Command::Kick(Some(Kick::Pin5)),
        ([0x1B, 0x40], _) => Command::Init,
        ([0x1B, 0x64], _) => Command::Cut,
        ([0x1B, 0x1D, 0x41], [_, _]) => Command::MoveTo(word(args) / FONT_A_DOTS),
        ([0x1B, 0x1D, 0x52], [_, _]) => {
            Command::MoveBy(word(args).cast_signed() / FONT_A_DOTS.cast_signed())
        }
        ([0x1B, 0x1D, 0x74], [n]) => Command::CodePage(*n),
        ([0x1B, 0x24], [n]) => Command::DoubleByte(matches!(n, 1 | b'1')),
        _ => by_effect(row),
    }
}

/// Rows whose meaning is their kind.
fn by_effect<'a>(row: &'static Row) -> Command<'a> {
    match row.effect {
        Effect::Graphics => Command::Image,
        Effect::Barcode => Command::Barcode,
        _ => Command::Other(row),
    }
}

#[cfg(test)]
mod tests {
    use super::Command;
    use crate::escpos::lexer::Lexer;
    use crate::event::Kick;
    use crate::profile::Dialect;

    fn commands(dialect: Dialect, bytes: &[u8]) -> Vec<String> {
        let mut lexer = Lexer::new(dialect);
        let mut out = Vec::new();
        let mut sink = |frame: crate::escpos::lexer::Frame<'_>| {
            out.extend(Command::of(frame.kind).map(|command| format!("{command:?}")));
        };
        lexer.push(bytes, &mut sink);
        lexer.flush(&mut sink);
        out
    }

    #[test]
    fn every_form_of_kick_is_a_kick() {
        let pin2 = format!("{:?}", Command::Kick(Some(Kick::Pin2)));
        let forms: [&[u8]; 5] = [
            b"\x1bp\x00\x19\xfa",
            b"\x1bp07y",
            b"\x1bp\x00",
            b"\x10\x14\x01\x00\x02",
            b"\x1bp\x00\x19",
        ];
        for form in forms {
            assert_eq!(commands(Dialect::Escpos, form), [pin2.as_str()], "{form:02x?}");
        }
        assert_eq!(commands(Dialect::Escpos, b"\x1bp\x05\x19\xfa"), ["Kick(None)"]);
        assert_eq!(commands(Dialect::StarLine, b"\x07"), [pin2.as_str()]);
    }

    #[test]
    fn every_form_of_cut_is_a_cut() {
        for form in [&b"\x1dV\x00"[..], b"\x1dVB\x03", b"\x1bi", b"\x1bm", b"\x1dV1"] {
            assert_eq!(commands(Dialect::Escpos, form), ["Cut"], "{form:02x?}");
        }
        assert_eq!(commands(Dialect::StarLine, b"\x1bd\x02"), ["Cut"]);
        assert_eq!(commands(Dialect::Escpos, b"\x1bd\x02"), ["LineEnd(2)"], "a feed in ESC/POS");
    }

    #[test]
    fn moves_are_in_columns() {
        assert_eq!(commands(Dialect::Escpos, b"\x1b$\xf0\x00"), ["MoveTo(20)"]);
        assert_eq!(commands(Dialect::Escpos, b"\x1b\\\xf4\xff"), ["MoveBy(-1)"]);
    }
}
