//! A reader of our own receipts for the tests: it knows the commands that our styles print and
//! nothing else, and decodes text with `encoding_rs`. It shares no code with the decoder.

use super::canvas::{COLUMN_DOTS, STRIP_ROWS};
use super::charset::Charset;
use super::encoder::Dialect;
use super::font::{GLYPH_COLUMNS, GLYPHS};
use super::style::Style;

/// What a person sees and hears when the receipt is printed.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// The text, also where it is drawn.
    pub(super) text: String,
    /// Drawer pulses.
    pub(super) kicks: usize,
    /// Cuts.
    pub(super) cuts: usize,
    /// The first strip of a line that has two.
    upper_half: Vec<Vec<u8>>,
    /// The bytes of the line that is being read.
    line: Vec<u8>,
}

/// Reads one slip; a byte that no style of ours prints fails the test.
pub(super) fn read(bytes: &[u8], style: &Style) -> Paper {
    let mut paper = Paper::default();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match style.dialect {
            Dialect::Epson | Dialect::Clone => escpos(&mut paper, rest, style),
            Dialect::StarLine | Dialect::StarPrnt => star(&mut paper, rest, style),
        };
    }
    assert_eq!(at, bytes.len(), "a command is cut off at the end");
    assert!(paper.line.is_empty() && paper.upper_half.is_empty(), "text without a line end");
    paper
}

fn escpos(paper: &mut Paper, rest: &[u8], style: &Style) -> usize {
    match rest {
        [0x1B, b'@', ..] | [0x1C, b'&', ..] => 2,
        [0x1B, b'a' | b'E', 0..=1, ..]
        | [0x1B, b't', 16 | 21 | 52, ..]
        | [0x1D, b'!', ..]
        | [0x1C, b'C', 1, ..] => 3,
        [0x1B, b'd', lines, ..] => {
            paper.text.extend(std::iter::repeat_n('\n', usize::from(*lines)));
            3
        }
        [0x1B, b'p', 0, 25, 250, ..] | [0x1B, b'p', 0, 60, 255, ..] => {
            paper.kicks += 1;
            5
        }
        [0x1D, b'V', 66, 0, ..] => {
            paper.cuts += 1;
            4
        }
        [0x1D, b'V', 1, ..] => {
            paper.cuts += 1;
            3
        }
        [0x1D, b'(', b'k', low, high, ..] => 5 + usize::from(u16::from_le_bytes([*low, *high])),
        [0x1D, b'v', b'0', 0, w, 0, h, 0, dots @ ..] => {
            let size = usize::from(*w) * usize::from(*h);
            picture(paper, &dots[..size], usize::from(*w));
            8 + size
        }
        _ => character(paper, rest, style),
    }
}

fn star(paper: &mut Paper, rest: &[u8], style: &Style) -> usize {
    match rest {
        [0x1B, b'@' | b'E' | b'F', ..] => 2,
        [0x1B, b'$', 1, ..] => 3,
        [0x1B, 0x1D, b't' | b'a', _, ..]
        | [0x1B, b'i', _, _, ..]
        | [0x1B, 7, 11, 55, ..]
        | [0x1B, 0x1D, b'y', b'P', ..] => 4,
        [0x1B, b'a', lines, ..] => {
            paper.text.extend(std::iter::repeat_n('\n', usize::from(*lines)));
            3
        }
        [7, ..] => {
            paper.kicks += 1;
            1
        }
        [0x1B, b'd', 3, ..] => {
            paper.cuts += 1;
            3
        }
        [0x1B, 0x1D, b'y', b'S', _, _, ..] => 6,
        [0x1B, 0x1D, b'y', b'D', b'1', 0, low, high, ..] => {
            8 + usize::from(u16::from_le_bytes([*low, *high]))
        }
        [0x1B, 0x1D, b'S', 1, w, 0, h, 0, 0, ..] => {
            paper.text.push_str("[image]\n");
            9 + usize::from(*w) * usize::from(*h)
        }
        _ => character(paper, rest, style),
    }
}

/// A picture, or a line of text that is one: letters are told by their dots. A strip that cannot be
/// read is the upper half of a tall line.
fn picture(paper: &mut Paper, dots: &[u8], row_bytes: usize) {
    let rows: Vec<Vec<u8>> = dots.chunks(row_bytes).map(<[u8]>::to_vec).collect();
    if rows.len() != STRIP_ROWS {
        return paper.text.push_str("[image]\n");
    }
    let upper = std::mem::take(&mut paper.upper_half);
    let whole = [upper.clone(), rows.clone()].concat();
    let read = if upper.is_empty() {
        letters(&rows, 1, 1)
    } else {
        letters(&whole, 1, 2).or_else(|| letters(&whole, 2, 2))
    };
    match read {
        Some(line) => {
            paper.text.push_str(line.trim_end());
            paper.text.push('\n');
        }
        None if upper.is_empty() => paper.upper_half = rows,
        None => panic!("a picture that is no text"),
    }
}

/// The text of `rows` of dots in letters so many times as wide and as tall as usual. A centred line
/// of large letters may begin between two large columns.
fn letters(rows: &[Vec<u8>], wide: usize, tall: usize) -> Option<String> {
    (0..wide).find_map(|first| letters_from(rows, first, wide, tall))
}

fn letters_from(rows: &[Vec<u8>], first: usize, wide: usize, tall: usize) -> Option<String> {
    let dot = |x: usize, y: usize| rows[y][x / 8] >> (7 - x % 8) & 1 == 1;
    let columns = rows[0].len() * 8 / COLUMN_DOTS;
    let places = (first..columns + 1 - wide).step_by(wide);
    let letter = |column: usize| {
        let drawn: [u8; 7] = std::array::from_fn(|row| {
            let y = (4 + row * 2) * tall;
            let x = |at: usize| column * COLUMN_DOTS + at * 2 * wide;
            (0..GLYPH_COLUMNS).fold(0, |dots, at| dots << 1 | u8::from(dot(x(at), y)))
        });
        GLYPHS.iter().find(|(_, dots)| *dots == drawn).map(|(letter, _)| *letter)
    };
    places.map(letter).collect()
}

fn character(paper: &mut Paper, rest: &[u8], style: &Style) -> usize {
    if rest[0] == b'\n' {
        let line = std::mem::take(&mut paper.line);
        paper.text.push_str(&decoded(&line, style.charset));
        paper.text.push('\n');
        return 1;
    }
    assert!(rest[0] >= 0x20, "a command that no style prints: {:02X?}", &rest[..4.min(rest.len())]);
    let double = matches!(style.charset, Charset::Gb18030 | Charset::Big5 | Charset::ShiftJis)
        && rest[0] >= 0x80
        && !is_half_width(rest[0], style);
    let length = 1 + usize::from(double);
    paper.line.extend(&rest[..length]);
    length
}

/// Half-width katakana of Shift JIS take one byte.
fn is_half_width(byte: u8, style: &Style) -> bool {
    style.charset == Charset::ShiftJis && (0xA1..=0xDF).contains(&byte)
}

/// What `bytes` say.
pub(super) fn decoded(bytes: &[u8], charset: Charset) -> String {
    let encoding = charset.encoding().unwrap_or(encoding_rs::WINDOWS_1252);
    let (text, _, wrong) = encoding.decode(bytes);
    assert!(!wrong, "{bytes:02X?} is not {}", charset.name());
    text.into_owned()
}

/// `text` as it comes back from a printer: tones of Vietnamese stand apart, and a yen sign of
/// Shift JIS is a backslash.
pub(super) fn there_and_back(text: &str, charset: Charset) -> String {
    let mut bytes = Vec::new();
    charset.encode(text, &mut bytes);
    decoded(&bytes, charset)
}
