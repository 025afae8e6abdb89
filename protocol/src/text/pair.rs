//! The shapes of double-byte codes, and the codes that only a shop's own characters have.
//!
//! Says nothing about which encoding text is in.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS};

use super::Charset;

/// Codes of a shop's own characters by Big5 lead bytes: first and last lead, first private code
/// point (code page 950, end-user-defined characters).
const BIG5_PRIVATE: [(u8, u8, u32); 3] =
    [(0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8)];
/// Codes from C6A1 to C8FE follow (code page 950).
const BIG5_PRIVATE_C6: u32 = 0xF6B1;
/// Big5 codes with one lead byte.
const BIG5_TRAILS: u32 = 157;

/// Whether `lead` and `trail` are shaped like a code of `charset`.
#[inline]
pub(super) fn is_shaped(charset: Charset, lead: u8, trail: u8) -> bool {
    match charset {
        Charset::Gb18030 => {
            matches!(lead, 0x81..=0xFE) && matches!(trail, 0x40..=0x7E | 0x80..=0xFE)
        }
        Charset::Big5 => matches!(lead, 0x81..=0xFE) && matches!(trail, 0x40..=0x7E | 0xA1..=0xFE),
        Charset::ShiftJis => {
            matches!(lead, 0x81..=0x9F | 0xE0..=0xFC) && matches!(trail, 0x40..=0x7E | 0x80..=0xFC)
        }
        Charset::EucKr => {
            matches!(lead, 0x81..=0xFE) && matches!(trail, 0x41..=0x5A | 0x61..=0x7A | 0x81..=0xFE)
        }
        Charset::Ascii | Charset::Utf8 | Charset::CodePage => false,
    }
}

/// The decoder of a double-byte `charset`.
pub(super) fn encoding(charset: Charset) -> Option<&'static Encoding> {
    match charset {
        Charset::Gb18030 => Some(GB18030),
        Charset::Big5 => Some(BIG5),
        Charset::ShiftJis => Some(SHIFT_JIS),
        Charset::EucKr => Some(EUC_KR),
        Charset::Ascii | Charset::Utf8 | Charset::CodePage => None,
    }
}

/// The letter and its accent that one code stands for: there are four in Big5.
pub(super) fn two_characters(charset: Charset, code: [u8; 2]) -> Option<String> {
    let encoding = encoding(charset).filter(|_| is_shaped(charset, code[0], code[1]))?;
    let text = encoding.decode_without_bom_handling_and_without_replacement(&code)?;
    (text.chars().count() == 2).then(|| text.into_owned())
}

/// The private character of a code that the standard leaves to the user. Logos and rare names are
/// printed that way; they keep their place, so that the words around them stay whole.
pub(super) fn private(charset: Charset, lead: u8, trail: u8) -> Option<char> {
    if !is_shaped(charset, lead, trail) {
        return None;
    }
    let (row, column) = (u32::from(lead), u32::from(trail));
    let code = match charset {
        Charset::Big5 if (0xC6A1..=0xC8FE).contains(&(row << 8 | column)) => {
            // The 63 codes before C6A1 are ordinary characters.
            BIG5_PRIVATE_C6 + (row - 0xC6) * BIG5_TRAILS + big5_column(column) - 63
        }
        Charset::Big5 => {
            let (first, _, base) = BIG5_PRIVATE
                .into_iter()
                .find(|(first, last, _)| (*first..=*last).contains(&lead))?;
            base + (row - u32::from(first)) * BIG5_TRAILS + big5_column(column)
        }
        // Code page 949: the two rows C9 and FE of 94.
        Charset::EucKr if lead == 0xC9 && trail >= 0xA1 => 0xE000 + column - 0xA1,
        Charset::EucKr if lead == 0xFE && trail >= 0xA1 => 0xE05E + column - 0xA1,
        _ => return None,
    };
    char::from_u32(code)
}

/// Place of a trail byte among the 157 of its row.
fn big5_column(trail: u32) -> u32 {
    if trail < 0x7F { trail - 0x40 } else { trail - 0xA1 + 63 }
}

#[cfg(test)]
mod tests {
    use super::{Charset, private};

    #[test]
    fn private_codes_run_on_without_holes_as_code_page_950_has_them() {
        let ends = [
            ((0xFA, 0x40), '\u{E000}'),
            ((0xFE, 0xFE), '\u{E310}'),
            ((0x8E, 0x40), '\u{E311}'),
            ((0xA0, 0xFE), '\u{EEB7}'),
            ((0x81, 0x40), '\u{EEB8}'),
            ((0x8D, 0xFE), '\u{F6B0}'),
            ((0xC6, 0xA1), '\u{F6B1}'),
            ((0xC8, 0xFE), '\u{F848}'),
        ];
        for ((lead, trail), expected) in ends {
            assert_eq!(
                private(Charset::Big5, lead, trail),
                Some(expected),
                "{lead:02X}{trail:02X}"
            );
        }
        assert_eq!(private(Charset::Big5, 0xA4, 0x40), None, "an ordinary character");
        assert_eq!(private(Charset::Big5, 0xFA, 0x80), None, "no code at all");
        assert_eq!(private(Charset::EucKr, 0xFE, 0xFE), Some('\u{E0BB}'));
    }
}
