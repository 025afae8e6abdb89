//! The single-byte code pages that `ESC t` selects.
//!
//! Numbers are Epson's (ESC/POS reference, `ESC t`); makers differ, and a page that is not listed
//! here is read as code page 437, the power-on default.

use encoding_rs::{Encoding, WINDOWS_1252};
use oem_cp::code_table::{
    DECODING_TABLE_CP437, DECODING_TABLE_CP850, DECODING_TABLE_CP852, DECODING_TABLE_CP858,
    DECODING_TABLE_CP860, DECODING_TABLE_CP863, DECODING_TABLE_CP865, DECODING_TABLE_CP866,
};

/// The character that byte `byte` (80 to FF) stands for in `ESC t` page `page`.
pub fn character(page: u8, byte: u8) -> char {
    debug_assert!(byte >= 0x80, "lower bytes are ASCII in every page");
    let index = usize::from(byte & 0x7F);
    match page {
        2 => DECODING_TABLE_CP850[index],
        3 => DECODING_TABLE_CP860[index],
        4 => DECODING_TABLE_CP863[index],
        5 => DECODING_TABLE_CP865[index],
        16 => windows(WINDOWS_1252, byte),
        17 => DECODING_TABLE_CP866[index],
        18 => DECODING_TABLE_CP852[index],
        19 => DECODING_TABLE_CP858[index],
        _ => DECODING_TABLE_CP437[index],
    }
}

fn windows(encoding: &'static Encoding, byte: u8) -> char {
    let (text, _) = encoding.decode_without_bom_handling(core::slice::from_ref(&byte));
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::character;

    #[test]
    fn the_same_byte_is_another_character_in_another_page() {
        assert_eq!(character(0, 0x9C), '£');
        assert_eq!(character(16, 0x80), '€');
        assert_eq!(character(19, 0xD5), '€');
        assert_eq!(character(17, 0x80), 'А');
        assert_eq!(character(200, 0x9C), '£', "an unknown page is read as 437");
    }
}
