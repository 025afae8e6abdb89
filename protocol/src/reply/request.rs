//! What a till asks of a printer, as far as the form of the answer depends on it.
//!
//! Commands without an answer, and what an answer means, are not here.

use serde::{Deserialize, Serialize};

use crate::escpos::{Effect, Row, Source};

/// A question, or a command that changes what comes unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// `DLE EOT n`: answered at once, whatever waits to be printed.
    RealTime(u8),
    /// `GS r 1`, `ESC v`: one byte on paper, in printing order.
    Paper,
    /// `GS r 2`, `ESC u`: one byte on the drawer, in printing order.
    Drawer,
    /// One byte that says nothing of paper or drawer: `GS r 4`, `GS I 1`, Star `ENQ` and `EOT`.
    Byte,
    /// A block with this first byte: `GS I 33` and up, `GS ( H`, `DLE DC4 7`.
    Block(u8),
    /// `GS a n`: which changes are told unasked; 0 ends it.
    Automatic(u8),
    /// `ESC @`: what comes unasked is back to the printer's default, which is not known.
    Reset,
    /// A question to a Star printer that is answered by a whole status.
    Star,
}

/// Heads of blocks.
const INFORMATION_A: u8 = 0x3D;
const INFORMATION_B: u8 = 0x5F;
const PROCESS_ID: u8 = 0x37;

impl Request {
    /// The question that a command puts, if it does. Prefixes in hex, as the manuals print them.
    #[inline]
    pub fn of(row: &Row, args: &[u8]) -> Option<Self> {
        let asks = matches!(row.effect, Effect::Status | Effect::Mode);
        if asks { Self::asked(row, args) } else { None }
    }

    fn asked(row: &Row, args: &[u8]) -> Option<Self> {
        Some(match (row.prefix, args, row.source) {
            ([0x04 | 0x05], _, Source::StarLine) => Self::Byte,
            ([0x1B, 0x06, 0x01], _, _) => Self::Star,
            ([0x10, 0x04], [n, ..], _) => Self::RealTime(*n),
            ([0x10, 0x14, 0x07], _, _) => Self::Block(PROCESS_ID),
            ([0x1B, 0x40], _, _) => Self::Reset,
            ([0x1B, 0x75], _, _) | ([0x1D, 0x72], [2 | b'2'], _) => Self::Drawer,
            ([0x1B, 0x76], _, _) | ([0x1D, 0x72], [1 | b'1'], _) => Self::Paper,
            ([0x1D, 0x28, 0x48], _, _) => Self::Block(PROCESS_ID),
            ([0x1D, 0x49], [1..=4 | b'1'..=b'4'], _) | ([0x1D, 0x72], _, _) => Self::Byte,
            ([0x1D, 0x49], [33..=63], _) => Self::Block(INFORMATION_A),
            ([0x1D, 0x49], [64..=255], _) => Self::Block(INFORMATION_B),
            ([0x1D, 0x61], [n], _) => Self::Automatic(*n),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::escpos::lexer::{FrameKind, Lexer};
    use crate::profile::Dialect;

    fn asked(dialect: Dialect, bytes: &[u8]) -> Vec<Request> {
        let mut out = Vec::new();
        Lexer::new(dialect).push(bytes, &mut |frame| {
            if let FrameKind::Command { row, args, .. } = frame.kind {
                out.extend(Request::of(row, args));
            }
        });
        out
    }

    #[test]
    fn every_question_of_either_language_is_recognised() {
        let epson: [(&[u8], Request); 15] = [
            (b"\x10\x04\x01", Request::RealTime(1)),
            (b"\x10\x04\x07\x01", Request::RealTime(7)),
            (b"\x1dr\x01", Request::Paper),
            (b"\x1dr1", Request::Paper),
            (b"\x1bv", Request::Paper),
            (b"\x1dr\x02", Request::Drawer),
            (b"\x1bu\x00", Request::Drawer),
            (b"\x1dr\x04", Request::Byte),
            (b"\x1dI\x01", Request::Byte),
            (b"\x1dI!", Request::Block(0x3D)),
            (b"\x1dIB", Request::Block(0x5F)),
            (b"\x1d(H\x06\x000011AB", Request::Block(0x37)),
            (b"\x1da\xff", Request::Automatic(0xFF)),
            (b"\x1b@", Request::Reset),
            (b"\x10\x14\x07\x01", Request::Block(0x37)),
        ];
        for (bytes, request) in epson {
            assert_eq!(asked(Dialect::Escpos, bytes), [request], "{bytes:02x?}");
        }
        assert_eq!(asked(Dialect::StarLine, b"\x05\x04"), [Request::Byte, Request::Byte]);
        assert_eq!(asked(Dialect::StarLine, b"\x1b\x06\x01"), [Request::Star]);
    }

    #[test]
    fn what_is_printed_asks_nothing() {
        assert_eq!(asked(Dialect::Escpos, b"TEA\n\x1bp\x00\x19\xfa\x1dV\x00\x10\x05\x01"), []);
    }
}
