//! Which command language a printer is spoken to in, told from the commands that only one of them
//! has.
//!
//! ESC/POS and Star share most prefixes and disagree about them (`ESC d n` feeds in one and cuts in
//! the other), so nothing is framed before a decisive command was seen: the first bytes of an
//! unknown printer are held. Most receipts decide within their first line.

use serde::{Deserialize, Serialize};

use crate::hex;
use crate::profile::Dialect;
use crate::time::Timestamp;

/// Most bytes that are held while no command decides; ESC/POS is assumed then.
const MAX_HELD_BYTES: usize = 4_096;
/// Longest sequence that decides.
const SIGNATURE_BYTES: usize = 4;

/// Bytes of one connection that wait for a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// All bytes held, in order.
    #[serde(with = "hex")]
    bytes: Vec<u8>,
    /// Where each record ends, and when it was seen.
    records: Vec<(usize, Timestamp)>,
    /// Commands that lean to Star, and to ESC/POS.
    leaning: (u32, u32),
    /// Bytes that were looked at.
    looked: usize,
}

/// What was decided, and after which of the bytes just given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) dialect: Dialect,
    pub(super) taken: usize,
}

impl Held {
    /// Holds bytes up to the one that decides. Which one that is depends on the bytes alone.
    pub(super) fn hold(&mut self, bytes: &[u8], now: Timestamp) -> Option<Decision> {
        let before = self.bytes.len();
        let room = MAX_HELD_BYTES - before;
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let decided = self.look();
        let end = decided.map_or(self.bytes.len(), |(_, end)| end.max(before));
        self.bytes.truncate(end);
        if end > before {
            self.records.push((end, now));
        }
        let taken = end - before;
        match decided {
            Some((dialect, _)) => Some(Decision { dialect, taken }),
            None if end == MAX_HELD_BYTES => Some(Decision { dialect: self.lean(), taken }),
            None => None,
        }
    }

    /// What is held, record by record; nothing is held any more.
    pub(super) fn release(&mut self) -> Vec<(Timestamp, Vec<u8>)> {
        let held = core::mem::take(self);
        let mut start = 0;
        let mut out = Vec::with_capacity(held.records.len());
        for (end, at) in held.records {
            out.push((at, held.bytes[start..end].to_vec()));
            start = end;
        }
        out
    }

    /// The likelier dialect where nothing decides.
    pub(super) fn lean(&self) -> Dialect {
        let (star, escpos) = self.leaning;
        if star > escpos { Dialect::StarLine } else { Dialect::Escpos }
    }

    /// Looks at the bytes not looked at yet. Returns the first decision and where its sequence
    /// ends.
    fn look(&mut self) -> Option<(Dialect, usize)> {
        while self.looked < self.bytes.len() {
            let rest = &self.bytes[self.looked..];
            let rest = &rest[..rest.len().min(SIGNATURE_BYTES)];
            match signature(rest) {
                Sign::More => return None,
                Sign::Decides(dialect, len) => return Some((dialect, self.looked + len)),
                Sign::Leans(Dialect::Escpos) => self.leaning.1 += 1,
                Sign::Leans(_) => self.leaning.0 += 1,
                Sign::Silent => {}
            }
            // A letter after ESC belongs to it.
            let lettered = rest[0] == 0x1B && rest.get(1).is_some_and(|letter| *letter >= 0x20);
            self.looked += if lettered { 2 } else { 1 };
        }
        None
    }
}

/// Letters of ESC/POS commands that begin with GS.
const GS_LETTERS: &[u8] = b"!(*/8BHIJKLPVWabfhkrvw";

/// The dialect of a stream that begins with `bytes`; ESC/POS where nothing decides.
pub fn infer_dialect(bytes: &[u8]) -> Dialect {
    let mut held = Held::default();
    let decision = held.hold(bytes, Timestamp::new(0, 0));
    decision.map_or_else(|| held.lean(), |decision| decision.dialect)
}

enum Sign {
    /// The sequence is not complete.
    More,
    /// Only this dialect has it; it takes so many bytes.
    Decides(Dialect, usize),
    /// More usual in this one.
    Leans(Dialect),
    Silent,
}

/// What the sequence at the start of `bytes` says. Prefixes in hex, in the order of the manuals.
fn signature(bytes: &[u8]) -> Sign {
    use Dialect::{Escpos, StarLine, StarPrnt};
    match bytes {
        [0x1B | 0x1C | 0x1D | 0x10] => Sign::More,
        // DLE EOT, ENQ, DC4; FS and its letters; GS and its letters.
        [0x10, 0x04 | 0x05 | 0x14, ..] => Sign::Decides(Escpos, 2),
        [0x1C, 0x21 | 0x26 | 0x28 | 0x2D | 0x2E | 0x43 | 0x70 | 0x71, ..] => {
            Sign::Decides(Escpos, 2)
        }
        [0x1D, letter, ..] if GS_LETTERS.contains(letter) => Sign::Decides(Escpos, 2),
        // ESC !, ESC t, ESC {, ESC V, ESC c, ESC 2.
        [0x1B, 0x21 | 0x32 | 0x56 | 0x63 | 0x74 | 0x7B, ..] => Sign::Decides(Escpos, 2),
        // ESC GS and ESC RS; a StarPRNT raster or QR code.
        [0x1B, 0x1D] => Sign::More,
        [0x1B, 0x1D, 0x53 | 0x29, ..] => Sign::Decides(StarPrnt, 3),
        [0x1B, 0x1D | 0x1E, ..] => Sign::Decides(StarLine, 2),
        // ESC ACK SOH, ESC BEL, ESC 0, ESC 1, ESC X, ESC b, ESC h, ESC k, ESC z.
        [0x1B, 0x06 | 0x07 | 0x30 | 0x31 | 0x58 | 0x62 | 0x68 | 0x6B | 0x7A, ..] => {
            Sign::Decides(StarLine, 2)
        }
        [0x1B, 0x2A | 0x45 | 0x4D | 0x57 | 0x69 | 0x70] | [0x1B, 0x69, 0..=5] => Sign::More,
        // ESC * m dots, or ESC * r raster mode.
        [0x1B, 0x2A, 0 | 1 | 32 | 33, ..] => Sign::Decides(Escpos, 3),
        [0x1B, 0x2A, b'r', ..] => Sign::Decides(StarLine, 3),
        // ESC E and ESC M have a parameter in ESC/POS only.
        [0x1B, 0x45 | 0x4D, 0 | 1, ..] => Sign::Decides(Escpos, 3),
        [0x1B, 0x45, b'0' | b'1', ..] => Sign::Leans(Escpos),
        [0x1B, 0x45 | 0x46, ..] => Sign::Leans(StarLine),
        // ESC W n: double width in Star; eight coordinates, in page mode only, in ESC/POS.
        [0x1B, 0x57, 0 | 1 | b'0' | b'1', ..] => Sign::Decides(StarLine, 3),
        // ESC i h w: size in Star; a cut in ESC/POS.
        [0x1B, 0x69, 0..=5, 0..=5, ..] => Sign::Decides(StarLine, 4),
        // ESC p m: a kick in ESC/POS; Kanji without parameter in Star.
        [0x1B, 0x70, 0 | 1 | b'0' | b'1', ..] => Sign::Decides(Escpos, 3),
        _ => Sign::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Held, MAX_HELD_BYTES};
    use crate::profile::Dialect;
    use crate::time::Timestamp;

    fn decide(bytes: &[u8], size: usize) -> Option<(Dialect, usize)> {
        let mut held = Held::default();
        let mut before = 0;
        for piece in bytes.chunks(size) {
            if let Some(Decision { dialect, taken }) = held.hold(piece, Timestamp::new(0, 0)) {
                return Some((dialect, before + taken));
            }
            before += piece.len();
        }
        None
    }

    #[test]
    fn a_command_that_one_dialect_has_decides_however_it_comes() {
        let cases = [
            (&b"\x1b@SHOP\n\x1d!\x11"[..], Some((Dialect::Escpos, 9))),
            (b"\x1b@SHOP\n\x1bE\x01", Some((Dialect::Escpos, 10))),
            (b"SHOP\n\x1bp\x00\x19\xfa", Some((Dialect::Escpos, 8))),
            (b"\x1b@\x1b\x1dt\x20", Some((Dialect::StarLine, 4))),
            (b"\x1b@\x1bi\x01\x00TOTAL", Some((Dialect::StarLine, 6))),
            (b"\x1b\x1dS\x01", Some((Dialect::StarPrnt, 3))),
            (b"\x1b*rA", Some((Dialect::StarLine, 3))),
            (b"TOTAL 36.00\n\n\n", None),
            (b"\x1bi\x01", None),
        ];
        for (bytes, want) in cases {
            for size in 1..=bytes.len() {
                assert_eq!(decide(bytes, size), want, "{bytes:02x?} by {size}");
            }
        }
    }

    #[test]
    fn no_more_than_the_cap_is_held() {
        let text = vec![b'A'; 3 * MAX_HELD_BYTES];
        for size in [1, 7, 5_000, text.len()] {
            assert_eq!(decide(&text, size), Some((Dialect::Escpos, MAX_HELD_BYTES)));
        }
    }

    #[test]
    fn records_come_back_with_their_times() {
        let mut held = Held::default();
        held.hold(b"AB", Timestamp::new(1, 1));
        held.hold(b"C", Timestamp::new(2, 2));
        let back = held.release();
        let want = [(Timestamp::new(1, 1), b"AB".to_vec()), (Timestamp::new(2, 2), b"C".to_vec())];
        assert_eq!(back, want);
        assert_eq!(held, Held::default());
    }
}
