//! What is sent: receipts as a till prints them, pages of dots, and bytes without a pattern.

/// A receipt of a Hong Kong tea house, ESC/POS, cut off at its end.
pub(crate) fn receipt(number: u32) -> Vec<u8> {
    let mut bytes =
        b"\x1b@\x1ba\x01TAI PING TEA HOUSE\n12 Nathan Road, Kowloon\n\x1ba\x00".to_vec();
    let text = format!(
        "Receipt {number:06}   2026-11-21 12:01\n\
         --------------------------------\n\
         Milk tea            2      36.00\n\
         Pineapple bun       1      12.00\n\
         --------------------------------\n\
         TOTAL              HKD     48.00\n\
         Octopus                    48.00\n\n\n\n"
    );
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(b"\x1dVB\x00");
    bytes
}

/// `len` bytes or a little more of raster pages: what makes a print long. The dots are noise, so
/// that no page is like another.
pub(crate) fn pages(len: usize) -> Vec<u8> {
    /// Bytes of a row: 576 dots, an 80 mm printer.
    const ROW: usize = 72;
    /// Rows of a page.
    const ROWS: usize = 1_000;
    let dots = noise(0, ROW * ROWS);
    let mut bytes = Vec::with_capacity(len + ROW * ROWS);
    while bytes.len() < len {
        bytes.extend_from_slice(b"\x1b@\x1dv0\x00");
        bytes.extend_from_slice(&(ROW as u16).to_le_bytes());
        bytes.extend_from_slice(&(ROWS as u16).to_le_bytes());
        bytes.extend_from_slice(&dots);
        bytes.extend_from_slice(b"\x1dVB\x00");
    }
    bytes
}

/// The `index`-th block of `len` bytes without a pattern: a shifted or repeated copy of one is never
/// like another.
pub(crate) fn noise(index: u64, len: usize) -> Vec<u8> {
    let mut state = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        // Marsaglia's xorshift64.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}
