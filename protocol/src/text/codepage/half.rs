//! The upper half of a code page, written down as text.
//!
//! Runs while the program is compiled: a page of the wrong length does not compile.

/// The 128 characters of `text` as a table.
pub(super) const fn half(text: &str) -> [char; 128] {
    let bytes = text.as_bytes();
    let mut table = ['\u{FFFD}'; 128];
    let mut at = 0;
    let mut index = 0;
    while at < bytes.len() {
        let lead = bytes[at] as u32;
        let (len, mut code) = match lead {
            0..0x80 => (1, lead),
            0xC0..0xE0 => (2, lead & 0x1F),
            0xE0..0xF0 => (3, lead & 0x0F),
            _ => (4, lead & 0x07),
        };
        let mut rest = 1;
        while rest < len {
            code = code << 6 | (bytes[at + rest] & 0x3F) as u32;
            rest += 1;
        }
        table[index] = match char::from_u32(code) {
            Some(c) => c,
            None => panic!("text is valid UTF-8"),
        };
        at += len;
        index += 1;
    }
    assert!(index == 128, "a page has 128 characters from 80 up");
    table
}
