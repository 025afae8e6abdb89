//! How well text fits a double-byte encoding or UTF-8.
//!
//! Every code is judged by its place in the encoding: frequent, common, rare, or no code at all.
//! Nothing is decoded here, and nothing is decided: [`super::detect`] compares.

use super::detect::Piece;
use super::frequent::{BIG5, EUC_KR, GB18030, SHIFT_JIS};
use super::{Charset, Pages, pair, score_page};
use encoding_rs::Encoding;

/// A character that receipts are full of.
pub(super) const FREQUENT: i32 = 6;
/// Punctuation, full-width letters.
const PUNCTUATION: i32 = 3;
/// In the part of the standard that ordinary words come from.
const COMMON: i32 = 1;
/// In the part with rare characters.
const RARE: i32 = -1;
/// Unlikely on any receipt: private use, extensions.
const ODD: i32 = -3;
/// No code.
pub(super) const INVALID: i32 = -12;
/// Half-width katakana in a word: every byte from A1 to DF is one, so it proves nothing.
const HALF_WIDTH: i32 = 0;
/// A single one between others: half of a Chinese character, most likely.
const LONE_HALF_WIDTH: i32 = -3;
/// UTF-8 is seldom an accident; the more bytes agree, the less.
const UTF8_BYTE: i32 = 4;

/// How much of a document is looked at.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    /// Most codes with a byte from 80 up.
    pub(super) codes: u32,
    /// Most bytes.
    pub(super) bytes: usize,
}

/// The score of `charset`; `left` is how much may be looked at, and then how much more might be.
pub(super) fn score(
    pieces: &[Piece<'_>],
    charset: Charset,
    pages: Pages,
    left: &mut Sample,
) -> i32 {
    let mut total = 0;
    for &(bytes, state) in pieces {
        let bytes = &bytes[..bytes.len().min(left.bytes)];
        left.bytes -= bytes.len();
        total += match charset {
            Charset::CodePage => {
                score_page::score(bytes, pages.page(state), state, &mut left.codes)
            }
            _ => multi_byte(bytes, charset, &mut left.codes),
        };
        if left.codes == 0 || left.bytes == 0 {
            break;
        }
    }
    total
}

/// One loop for each encoding, so that none asks again for every code which one it is.
fn multi_byte(bytes: &[u8], charset: Charset, left: &mut u32) -> i32 {
    match charset {
        Charset::Gb18030 => codes(bytes, left, |rest, code| double(Charset::Gb18030, rest, code)),
        Charset::Big5 => codes(bytes, left, |rest, code| double(Charset::Big5, rest, code)),
        Charset::ShiftJis => codes(bytes, left, |rest, code| double(Charset::ShiftJis, rest, code)),
        Charset::EucKr => codes(bytes, left, |rest, code| double(Charset::EucKr, rest, code)),
        Charset::Ascii | Charset::Utf8 | Charset::CodePage => {
            codes(bytes, left, |rest, _| utf8(rest))
        }
    }
}

/// The length and the grade of the code of two bytes, or of something else, at the start of `rest`.
#[inline]
fn double(charset: Charset, rest: &[u8], code: u16) -> (usize, i32) {
    let [lead, trail] = code.to_be_bytes();
    match charset {
        _ if pair::is_shaped(charset, lead, trail) => (2, grade(charset, code)),
        Charset::ShiftJis if matches!(lead, 0xA1..=0xDF) => half_width(rest),
        Charset::Gb18030 if is_four(rest) => (4, ODD),
        _ => (1, INVALID),
    }
}

/// Grades what is not ASCII; `read` says how long each code is and what it counts.
#[inline]
fn codes(bytes: &[u8], left: &mut u32, read: impl Fn(&[u8], u16) -> (usize, i32)) -> i32 {
    let mut total = 0;
    let mut before = 0;
    let mut rest = bytes;
    while *left > 0 {
        let [lead, ..] = *rest else { break };
        if lead < 0x80 {
            rest = &rest[Encoding::ascii_valid_up_to(rest)..];
            continue;
        }
        let trail = rest.get(1).copied().unwrap_or(0);
        let code = u16::from_be_bytes([lead, trail]);
        let (len, grade) = read(rest, code);
        // A ruled line is one character many times over: it counts once.
        if code != before || grade < 0 {
            total += grade;
        }
        before = code;
        rest = &rest[len..];
        *left -= 1;
    }
    total
}

/// A word of half-width katakana at once: a single one, or one behind another.
fn half_width(bytes: &[u8]) -> (usize, i32) {
    const LONGEST: usize = 32;
    let run = bytes.iter().take(LONGEST).take_while(|byte| matches!(**byte, 0xA1..=0xDF)).count();
    (run, if run > 2 { HALF_WIDTH } else { run as i32 * LONE_HALF_WIDTH })
}

fn is_four(bytes: &[u8]) -> bool {
    matches!(bytes, [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..])
}

fn utf8(bytes: &[u8]) -> (usize, i32) {
    let len = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (1, INVALID),
    };
    match bytes.get(..len).map(core::str::from_utf8) {
        Some(Ok(_)) => (len, len as i32 * UTF8_BYTE),
        _ => (1, INVALID),
    }
}

/// The grade of a two-byte code.
#[inline]
pub(super) fn grade(charset: Charset, code: u16) -> i32 {
    match charset {
        Charset::Gb18030 => gb18030(code),
        Charset::Big5 => big5(code),
        Charset::ShiftJis => shift_jis(code),
        _ => euc_kr(code),
    }
}

/// GB 2312 has its ordinary characters in rows B0 to D7, the rest of GBK around them.
fn gb18030(code: u16) -> i32 {
    let [lead, trail] = code.to_be_bytes();
    match (lead, trail) {
        _ if GB18030.has(code) => FREQUENT,
        (0xA1 | 0xA3, 0xA1..) => PUNCTUATION,
        // Kana stand in A4 and A5.
        (0xA4 | 0xA5 | 0xB0..=0xD7, 0xA1..) => COMMON,
        (0xA2 | 0xA6..=0xA9 | 0xD8..=0xF7, 0xA1..) => RARE,
        // Traditional characters in GBK.
        (0x81..=0xA0 | 0xAA..=0xFD, 0x40..=0xA0) => RARE,
        _ => ODD,
    }
}

fn big5(code: u16) -> i32 {
    match code {
        _ if BIG5.has(code) => FREQUENT,
        0xA140..=0xA3BF => PUNCTUATION,
        0xA440..=0xC67E => COMMON,
        0xC940..=0xF9D5 => RARE,
        // Lines and boxes.
        0xF9D6..=0xF9FE => RARE,
        // HKSCS has the characters of Cantonese there.
        0x8740..=0xA0FE | 0xC6A1..=0xC8FE | 0xFA40..=0xFEFE => ODD,
        _ => INVALID,
    }
}

fn shift_jis(code: u16) -> i32 {
    match code {
        _ if SHIFT_JIS.has(code) => FREQUENT,
        // Kana, and the bar that lengthens them.
        0x829F..=0x82F1 | 0x8340..=0x8396 | 0x815B => FREQUENT,
        0x8140..=0x829A => PUNCTUATION,
        0x889F..=0x9872 => COMMON,
        0x989F..=0xEAA4 => RARE,
        0x849F..=0x84BE | 0x8740..=0x879C => RARE,
        0xED40..=0xEEFC | 0xF040..=0xFC4B => ODD,
        _ => INVALID,
    }
}

fn euc_kr(code: u16) -> i32 {
    let [lead, trail] = code.to_be_bytes();
    match (lead, trail) {
        _ if EUC_KR.has(code) => FREQUENT,
        (0xA1 | 0xA3, 0xA1..) => PUNCTUATION,
        (0xB0..=0xC8, 0xA1..) => COMMON,
        (0xA2 | 0xA4..=0xAC, 0xA1..) => RARE,
        // Hanja stand on Korean receipts one at a time, if at all.
        (0xCA..=0xFD, 0xA1..) => ODD,
        (0x81..=0xC6, _) => ODD,
        _ => INVALID,
    }
}

/// How well seven-bit pairs of JIS X 0208 fit: what Kanji mode shows where the till sends no byte
/// from 80 up.
pub(super) fn jis(bytes: &[u8], pairs: u32) -> i32 {
    let pairs = bytes.chunks_exact(2).take(pairs as usize);
    let (mut total, mut before) = (0, 0);
    for pair in pairs {
        let code = shifted(pair[0], pair[1]);
        let grade = grade(Charset::ShiftJis, code);
        // A rule of `=` in Kanji mode is one pair many times over: it counts once.
        if code != before || grade < 0 {
            total += grade;
        }
        before = code;
    }
    total
}

/// The Shift-JIS code of a JIS X 0208 pair: two rows of 94 share one lead byte.
fn shifted(row: u8, column: u8) -> u16 {
    let lead = (row - 0x21) / 2 + 0x81;
    let lead = if lead > 0x9F { lead + 0x40 } else { lead };
    let trail = if row.is_multiple_of(2) {
        column + 0x7E
    } else {
        column + if column < 0x60 { 0x1F } else { 0x20 }
    };
    u16::from_be_bytes([lead, trail])
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_JP, SHIFT_JIS};

    use super::shifted;

    #[test]
    fn jis_pairs_and_shift_jis_are_the_same_characters() {
        let mut compared = 0;
        for row in 0x21..=0x7E_u8 {
            for column in 0x21..=0x7E_u8 {
                let euc = [row | 0x80, column | 0x80];
                let sjis = shifted(row, column).to_be_bytes();
                let expected = EUC_JP.decode_without_bom_handling_and_without_replacement(&euc);
                let found = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&sjis);
                // Rows from 75 are the vendors' own.
                if let (Some(expected), Some(found), ..0x75) = (expected, found, row) {
                    assert_eq!(found, expected, "{row:02X}{column:02X}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 6_000, "only {compared} codes were compared");
    }
}
