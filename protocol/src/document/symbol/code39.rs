//! Code 39 as bars (ISO/IEC 16388).

/// The characters and their nine elements, bar first, 1 is wide.
pub(super) const TABLE: [(u8, u16); 44] = [
    (b'0', 0b0_0011_0100),
    (b'1', 0b1_0010_0001),
    (b'2', 0b0_0110_0001),
    (b'3', 0b1_0110_0000),
    (b'4', 0b0_0011_0001),
    (b'5', 0b1_0011_0000),
    (b'6', 0b0_0111_0000),
    (b'7', 0b0_0010_0101),
    (b'8', 0b1_0010_0100),
    (b'9', 0b0_0110_0100),
    (b'A', 0b1_0000_1001),
    (b'B', 0b0_0100_1001),
    (b'C', 0b1_0100_1000),
    (b'D', 0b0_0001_1001),
    (b'E', 0b1_0001_1000),
    (b'F', 0b0_0101_1000),
    (b'G', 0b0_0000_1101),
    (b'H', 0b1_0000_1100),
    (b'I', 0b0_0100_1100),
    (b'J', 0b0_0001_1100),
    (b'K', 0b1_0000_0011),
    (b'L', 0b0_0100_0011),
    (b'M', 0b1_0100_0010),
    (b'N', 0b0_0001_0011),
    (b'O', 0b1_0001_0010),
    (b'P', 0b0_0101_0010),
    (b'Q', 0b0_0000_0111),
    (b'R', 0b1_0000_0110),
    (b'S', 0b0_0100_0110),
    (b'T', 0b0_0001_0110),
    (b'U', 0b1_1000_0001),
    (b'V', 0b0_1100_0001),
    (b'W', 0b1_1100_0000),
    (b'X', 0b0_1001_0001),
    (b'Y', 0b1_1001_0000),
    (b'Z', 0b0_1101_0000),
    (b'-', 0b0_1000_0101),
    (b'.', 0b1_1000_0100),
    (b' ', 0b0_1100_0100),
    (b'$', 0b0_1010_1000),
    (b'/', 0b0_1010_0010),
    (b'+', 0b0_1000_1010),
    (b'%', 0b0_0010_1010),
    (b'*', 0b0_1001_0100),
];
/// Modules of a wide element.
const WIDE: u8 = 3;

/// Bars of `data`, start and stop characters added where they are missing; `None` where a
/// character is not in the set.
pub(super) fn code39(data: &[u8]) -> Option<Vec<u8>> {
    let inner = data.strip_prefix(b"*").unwrap_or(data);
    let inner = inner.strip_suffix(b"*").unwrap_or(inner);
    let mut widths = Vec::with_capacity((inner.len() + 2) * 10);
    for &character in b"*".iter().chain(inner).chain(b"*") {
        if !widths.is_empty() {
            widths.push(1);
        }
        let (_, elements) = TABLE.iter().find(|(known, _)| *known == character)?;
        widths.extend((0..9).rev().map(|bit| if elements >> bit & 1 == 1 { WIDE } else { 1 }));
    }
    Some(widths)
}
