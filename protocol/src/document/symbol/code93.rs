//! Code 93 as bars (AIM BC5).

/// The characters that are one symbol, in the order of their values.
pub(super) const CHARACTERS: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/// Values of the four shifts, which stand for `($)`, `(%)`, `(/)` and `(+)`.
const DOLLAR: u8 = 43;
const PERCENT: u8 = 44;
const SLASH: u8 = 45;
const PLUS: u8 = 46;
/// Six widths of each value, bar first, as decimal digits.
pub(super) const WIDTHS: [u32; 47] = [
    131_112, 111_213, 111_312, 111_411, 121_113, 121_212, 121_311, 111_114, 131_211, 141_111,
    211_113, 211_212, 211_311, 221_112, 221_211, 231_111, 112_113, 112_212, 112_311, 122_112,
    132_111, 111_123, 111_222, 111_321, 121_122, 131_121, 212_112, 212_211, 211_122, 211_221,
    221_121, 222_111, 112_122, 112_221, 122_121, 123_111, 121_131, 311_112, 311_211, 321_111,
    112_131, 113_121, 211_131, 121_221, 312_111, 311_121, 122_211,
];
/// Start and stop.
pub(super) const GUARD: u32 = 111_141;
/// Number of values.
const MODULUS: u32 = 47;

/// Bars of `data`; `None` where a byte is not ASCII.
pub(super) fn code93(data: &[u8]) -> Option<Vec<u8>> {
    let mut values = Vec::with_capacity(data.len() * 2 + 2);
    for &byte in data {
        push(byte, &mut values)?;
    }
    for longest_weight in [20, 15] {
        values.push(check(&values, longest_weight));
    }
    let mut widths = Vec::with_capacity((values.len() + 2) * 6 + 1);
    digits(GUARD, &mut widths);
    for value in values {
        digits(WIDTHS[usize::from(value)], &mut widths);
    }
    digits(GUARD, &mut widths);
    widths.push(1);
    Some(widths)
}

/// Weights from 1 to `longest_weight` in turn, from the right.
pub(super) fn check(values: &[u8], longest_weight: u32) -> u8 {
    let weights = (1..=longest_weight).cycle();
    let sum = values.iter().rev().zip(weights).map(|(value, weight)| u32::from(*value) * weight);
    sum.fold(0, |sum, part| (sum + part) % MODULUS) as u8
}

/// The values of one ASCII character: one symbol, or a shift and a letter.
fn push(byte: u8, values: &mut Vec<u8>) -> Option<()> {
    if let Some(value) = CHARACTERS.iter().position(|known| *known == byte) {
        values.push(value as u8);
        return Some(());
    }
    let (shift, letter) = match byte {
        0x00 => (PERCENT, b'U'),
        0x01..=0x1A => (DOLLAR, byte - 0x01 + b'A'),
        0x1B..=0x1F => (PERCENT, byte - 0x1B + b'A'),
        b'!'..=b',' => (SLASH, byte - b'!' + b'A'),
        b':' => (SLASH, b'Z'),
        b';'..=b'?' => (PERCENT, byte - b';' + b'F'),
        b'@' => (PERCENT, b'V'),
        b'['..=b'_' => (PERCENT, byte - b'[' + b'K'),
        b'`' => (PERCENT, b'W'),
        b'a'..=b'z' => (PLUS, byte - b'a' + b'A'),
        b'{'..=0x7F => (PERCENT, byte - b'{' + b'P'),
        _ => return None,
    };
    values.extend([shift, letter - b'A' + 10]);
    Some(())
}

/// The decimal digits of six widths.
fn digits(widths: u32, out: &mut Vec<u8>) {
    out.extend((0..6).rev().map(|place| (widths / 10_u32.pow(place) % 10) as u8));
}
