//! UPC-A, UPC-E, EAN-13 and EAN-8 as bars (ISO/IEC 15420).

/// Widths of space, bar, space, bar of a digit of number set A, in modules.
pub(super) const DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits of EAN-13 are of set B, by the digit that is not drawn; first
/// digit in the highest of six bits.
pub(super) const FIRST: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];
/// Which of the six digits of UPC-E are of set B, by the check digit, for number system 0; number
/// system 1 has the opposite.
pub(super) const CHECK: [u8; 10] = [
    0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010,
    0b10_1001, 0b10_0101,
];

/// Bars of EAN-13; `None` unless there are 12 or 13 digits. A printer computes the check digit
/// where there are 12, and so do we; one that was given is kept, right or wrong.
pub(super) fn ean13(digits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let digits = checked(digits, 12)?;
    let (left, right) = digits[1..].split_at(6);
    let mut widths = vec![1, 1, 1];
    sets(left, FIRST[usize::from(digits[0])], &mut widths);
    widths.extend([1; 5]);
    sets(right, 0, &mut widths);
    widths.extend([1; 3]);
    Some((widths, digits))
}

/// Bars of UPC-A, which is EAN-13 with a zero in front.
pub(super) fn upc_a(digits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let digits = checked(digits, 11)?;
    let (widths, all) = ean13(&[&[0], digits.as_slice()].concat())?;
    Some((widths, all[1..].to_vec()))
}

/// Bars of EAN-8.
pub(super) fn ean8(digits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let digits = checked(digits, 7)?;
    let (left, right) = digits.split_at(4);
    let mut widths = vec![1, 1, 1];
    sets(left, 0, &mut widths);
    widths.extend([1; 5]);
    sets(right, 0, &mut widths);
    widths.extend([1; 3]);
    Some((widths, digits))
}

/// Bars of UPC-E, from its six digits, with number system and check digit or without, or from the
/// UPC-A that it stands for.
pub(super) fn upc_e(digits: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (system, six) = match (digits.len(), digits) {
        (6, six) => (0, six.to_vec()),
        (7 | 8, [system @ 0..=1, rest @ ..]) => (*system, rest[..6].to_vec()),
        (11 | 12, [system @ 0..=1, rest @ ..]) => (*system, compressed(&rest[..10])?),
        _ => return None,
    };
    let check = check_digit(&expanded(system, &six));
    let given = (digits.len() == 8 || digits.len() == 12).then(|| digits.last().copied()).flatten();
    let check = given.unwrap_or(check);
    let parity = CHECK[usize::from(check)] ^ if system == 1 { 0b11_1111 } else { 0 };
    let mut widths = vec![1, 1, 1];
    sets(&six, parity, &mut widths);
    widths.extend([1; 6]);
    Some((widths, [&[system], six.as_slice(), &[check]].concat()))
}

/// Digits `0..=9` with their check digit; `without` is their number without it.
fn checked(digits: &[u8], without: usize) -> Option<Vec<u8>> {
    let mut all = digits.to_vec();
    if all.len() == without {
        all.push(check_digit(digits));
    }
    (all.len() == without + 1).then_some(all)
}

/// Weights 3 and 1 in turn, from the right.
pub(super) fn check_digit(digits: &[u8]) -> u8 {
    let weights = [3_u32, 1].into_iter().cycle();
    let sum: u32 = digits.iter().rev().zip(weights).map(|(d, weight)| u32::from(*d) * weight).sum();
    ((10 - sum % 10) % 10) as u8
}

/// The eleven digits of UPC-A that six digits of UPC-E stand for.
fn expanded(system: u8, six: &[u8]) -> Vec<u8> {
    let (first, last) = six.split_at(5);
    let parts: [&[u8]; 3] = match last[0] {
        0..=2 => [&first[..2], &[last[0], 0, 0, 0, 0], &first[2..]],
        3 => [&first[..3], &[0; 5], &first[3..]],
        4 => [&first[..4], &[0; 5], &first[4..]],
        _ => [first, &[0; 4], last],
    };
    [&[system], parts.concat().as_slice()].concat()
}

/// The six digits that stand for the ten after the number system, if there are such.
fn compressed(ten: &[u8]) -> Option<Vec<u8>> {
    let short = |first: &[u8], second: &[u8], kind: u8| [first, second, &[kind]].concat();
    match ten {
        [_, _, kind @ 0..=2, 0, 0, 0, 0, _, _, _] => Some(short(&ten[..2], &ten[7..], *kind)),
        [_, _, _, 0, 0, 0, 0, 0, _, _] => Some(short(&ten[..3], &ten[8..], 3)),
        [_, _, _, _, 0, 0, 0, 0, 0, _] => Some(short(&ten[..4], &ten[9..], 4)),
        [_, _, _, _, _, 0, 0, 0, 0, last @ 5..=9] => Some(short(&ten[..5], &[], *last)),
        _ => None,
    }
}

/// Draws digits of set A, or of set B (the mirror image) where the bit in `parity` says so. Set C
/// has the widths of set A; it only begins with a bar.
fn sets(digits: &[u8], parity: u8, widths: &mut Vec<u8>) {
    for (i, digit) in digits.iter().enumerate() {
        let mut digit = DIGITS[usize::from(*digit)];
        if parity >> (5 - i) & 1 == 1 {
            digit.reverse();
        }
        widths.extend(digit);
    }
}
