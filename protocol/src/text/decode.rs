//! One character at a time, with its length in bytes.

use encoding_rs::{BIG5, Encoding, GB18030};

use super::{CharacterState, Charset, codepage};

/// One or two characters (some Big5 codes are a letter and its accent) and the bytes they took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The character.
    pub first: char,
    /// Its accent, where the code stands for both.
    pub second: Option<char>,
    /// Bytes taken, at least 1.
    pub len: usize,
    /// Whether the bytes mean something in this encoding.
    pub valid: bool,
}

impl Decoded {
    fn valid(first: char, len: usize) -> Self {
        Self { first, second: None, len, valid: true }
    }

    fn invalid() -> Self {
        Self { first: char::REPLACEMENT_CHARACTER, second: None, len: 1, valid: false }
    }
}

/// The first character of `bytes`, which is not empty.
///
/// Bytes that mean nothing give U+FFFD and take one byte, so that the next one gets its chance.
pub fn first(bytes: &[u8], charset: Charset, state: CharacterState) -> Decoded {
    let lead = bytes[0];
    if lead < 0x80 {
        // DEL prints as a blank or a house, depending on the maker.
        return Decoded::valid(if lead == 0x7F { ' ' } else { char::from(lead) }, 1);
    }
    match charset {
        Charset::Ascii => Decoded::invalid(),
        Charset::CodePage => Decoded::valid(codepage::character(state.code_page, lead), 1),
        Charset::Gb18030 => gb18030(bytes),
        Charset::Big5 => pair(BIG5, bytes, 2),
        Charset::Utf8 => utf8(bytes),
    }
}

/// GB 18030: a second byte of 30 to 39 announces a four-byte code.
fn gb18030(bytes: &[u8]) -> Decoded {
    let len = if matches!(bytes.get(1), Some(0x30..=0x39)) { 4 } else { 2 };
    pair(GB18030, bytes, len)
}

fn pair(encoding: &'static Encoding, bytes: &[u8], len: usize) -> Decoded {
    let text = bytes
        .get(..len)
        .and_then(|code| encoding.decode_without_bom_handling_and_without_replacement(code));
    let Some(text) = text else { return Decoded::invalid() };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), second) if second.is_none_or(|c| !c.is_ascii()) => {
            Decoded { first, second, len, valid: true }
        }
        _ => Decoded::invalid(),
    }
}

fn utf8(bytes: &[u8]) -> Decoded {
    let len = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return Decoded::invalid(),
    };
    let text = bytes.get(..len).and_then(|code| core::str::from_utf8(code).ok());
    match text.and_then(|text| text.chars().next()) {
        Some(c) => Decoded::valid(c, len),
        None => Decoded::invalid(),
    }
}

/// Columns that `c` takes on paper: two for the wide characters of East Asian fonts.
pub fn columns(c: char) -> usize {
    let wide = matches!(c,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFD}');
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::{Charset, columns, first};
    use crate::text::CharacterState;

    fn all(mut bytes: &[u8], charset: Charset) -> String {
        let mut out = String::new();
        while !bytes.is_empty() {
            let decoded = first(bytes, charset, CharacterState::default());
            out.push(decoded.first);
            out.extend(decoded.second);
            bytes = &bytes[decoded.len..];
        }
        out
    }

    #[test]
    fn chinese_reads_in_its_own_encoding() {
        let text = "總計：HK$36.00 凍檸茶";
        assert_eq!(all(&encoding_rs::BIG5.encode(text).0, Charset::Big5), text);
        assert_eq!(all(&encoding_rs::GB18030.encode(text).0, Charset::Gb18030), text);
        assert_eq!(all(text.as_bytes(), Charset::Utf8), text);
    }

    #[test]
    fn four_byte_codes_are_one_character() {
        assert_eq!(all(&encoding_rs::GB18030.encode("㐀x").0, Charset::Gb18030), "㐀x");
    }

    #[test]
    fn a_code_for_letter_and_accent_keeps_both() {
        assert_eq!(all(&[0x88, 0x62], Charset::Big5), "\u{CA}\u{304}");
    }

    #[test]
    fn half_a_pair_costs_one_byte() {
        assert_eq!(all(b"\xa1", Charset::Gb18030), "\u{FFFD}");
        assert_eq!(all(b"\xff\xff36.00", Charset::Big5), "\u{FFFD}\u{FFFD}36.00");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!("計A：".chars().map(columns).sum::<usize>(), 5);
    }
}
