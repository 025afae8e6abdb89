//! Barcodes of narrow and wide elements without check characters: Interleaved 2 of 5
//! (ISO/IEC 16390) and Codabar (EN 798).

/// Modules of a wide element.
const WIDE: u8 = 3;
/// Five elements of each digit of Interleaved 2 of 5, 1 is wide.
pub(super) const TWO_OF_FIVE: [u8; 10] = [
    0b0_0110, 0b1_0001, 0b0_1001, 0b1_1000, 0b0_0101, 0b1_0100, 0b0_1100, 0b0_0011, 0b1_0010,
    0b0_1010,
];
/// The characters of Codabar and their seven elements, bar first, 1 is wide.
pub(super) const CODABAR: [(u8, u8); 20] = [
    (b'0', 0b000_0011),
    (b'1', 0b000_0110),
    (b'2', 0b000_1001),
    (b'3', 0b110_0000),
    (b'4', 0b001_0010),
    (b'5', 0b100_0010),
    (b'6', 0b010_0001),
    (b'7', 0b010_0100),
    (b'8', 0b011_0000),
    (b'9', 0b100_1000),
    (b'-', 0b000_1100),
    (b'$', 0b001_1000),
    (b':', 0b100_0101),
    (b'/', 0b101_0001),
    (b'.', 0b101_0100),
    (b'+', 0b001_0101),
    (b'A', 0b001_1010),
    (b'B', 0b010_1001),
    (b'C', 0b000_1011),
    (b'D', 0b000_1110),
];

/// Bars of an even number of digits `0..=9`, the first of a pair in the bars, the second in the
/// spaces. A last digit without a partner is not printed (ESC/POS, `GS k`).
pub(super) fn itf(digits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (pairs, _) = digits.as_chunks::<2>();
    if pairs.is_empty() {
        return None;
    }
    let mut widths = vec![1; 4];
    for [bars, spaces] in pairs {
        for bit in (0..5).rev() {
            for digit in [bars, spaces] {
                widths.push(width(TWO_OF_FIVE[usize::from(*digit)] >> bit & 1 == 1));
            }
        }
    }
    widths.extend([WIDE, 1, 1]);
    Some((widths, pairs.concat()))
}

/// Bars of `data`, which brings its own start and stop characters, in either case; where it brings
/// none they are `A`.
pub(super) fn codabar(data: &[u8]) -> Option<Vec<u8>> {
    let mut data = data.to_ascii_uppercase();
    if !data.first().is_some_and(|c| matches!(c, b'A'..=b'D')) {
        data.insert(0, b'A');
        data.push(b'A');
    }
    let mut widths = Vec::with_capacity(data.len() * 8);
    for character in data {
        if !widths.is_empty() {
            widths.push(1);
        }
        let (_, elements) = CODABAR.iter().find(|(known, _)| *known == character)?;
        widths.extend((0..7).rev().map(|bit| width(elements >> bit & 1 == 1)));
    }
    Some(widths)
}

fn width(wide: bool) -> u8 {
    if wide { WIDE } else { 1 }
}
