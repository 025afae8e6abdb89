//! A reader of our own receipts for the tests: it knows the commands that our styles print and
//! nothing else, and decodes text with `encoding_rs`. It shares no code with the decoder.

use super::escpos::Charset;

/// What a person sees and hears when the receipt is printed.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// The text.
    pub(super) text: String,
    /// Bytes of the longest encoded character.
    pub(super) longest_character: usize,
    /// Drawer pulses.
    pub(super) kicks: usize,
    /// Cuts.
    pub(super) cuts: usize,
}

/// Reads one receipt; a byte that no style of ours prints fails the test.
pub(super) fn read(bytes: &[u8], charset: Charset) -> Paper {
    let mut paper = Paper::default();
    let mut at = 0;
    while at < bytes.len() {
        at += match &bytes[at..] {
            [0x1B, b'@', ..] | [0x1C, b'&', ..] => 2,
            [0x1B, b'a' | b'E', 0..=1, ..] | [0x1D, b'!', ..] => 3,
            [0x1B, b'd', lines, ..] => {
                paper.text.extend(std::iter::repeat_n('\n', usize::from(*lines)));
                3
            }
            [0x1B, b'p', 0, 25, 250, ..] => {
                paper.kicks += 1;
                5
            }
            [0x1D, b'V', 66, 0, ..] => {
                paper.cuts += 1;
                4
            }
            [0x1D, b'v', b'0', 0, w, 0, h, 0, ..] => {
                paper.text.push_str("[image]\n");
                8 + usize::from(*w) * usize::from(*h)
            }
            [0x0A, ..] => {
                paper.text.push('\n');
                1
            }
            rest => character(&mut paper, rest, charset),
        };
    }
    assert_eq!(at, bytes.len(), "a command is cut off at the end");
    paper
}

fn character(paper: &mut Paper, rest: &[u8], charset: Charset) -> usize {
    let length = if rest[0] < 0x80 { 1 } else { 2 };
    assert!(rest[0] >= 0x20, "a command that no style prints: {:02X?}", &rest[..4.min(rest.len())]);
    let encoding = match charset {
        Charset::Ascii => encoding_rs::WINDOWS_1252,
        Charset::Gb18030 => encoding_rs::GB18030,
        Charset::Big5 => encoding_rs::BIG5,
    };
    let (text, _, _) = encoding.decode(&rest[..length]);
    paper.text.push_str(&text);
    paper.longest_character = paper.longest_character.max(length);
    length
}
