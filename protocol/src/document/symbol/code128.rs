//! Code 128 and GS1-128 as bars (ISO/IEC 15417), and their data as people read it.
//!
//! Epson's data says itself which code set is in force: `{A`, `{B` and `{C`, `{S` for one
//! character of the other set, `{1` to `{4` for the functions, `{{` for a brace. In code set C a
//! byte is a pair of digits, 0 to 99.

/// Six widths of each value, bar first, as decimal digits.
pub(super) const WIDTHS: [u32; 106] = [
    212_222, 222_122, 222_221, 121_223, 121_322, 131_222, 122_213, 122_312, 132_212, 221_213,
    221_312, 231_212, 112_232, 122_132, 122_231, 113_222, 123_122, 123_221, 223_211, 221_132,
    221_231, 213_212, 223_112, 312_131, 311_222, 321_122, 321_221, 312_212, 322_112, 322_211,
    212_123, 212_321, 232_121, 111_323, 131_123, 131_321, 112_313, 132_113, 132_311, 211_313,
    231_113, 231_311, 112_133, 112_331, 132_131, 113_123, 113_321, 133_121, 313_121, 211_331,
    231_131, 213_113, 213_311, 213_131, 311_123, 311_321, 331_121, 312_113, 312_311, 332_111,
    314_111, 221_411, 431_111, 111_224, 111_422, 121_124, 121_421, 141_122, 141_221, 112_214,
    112_412, 122_114, 122_411, 142_112, 142_211, 241_211, 221_114, 413_111, 241_112, 134_111,
    111_242, 121_142, 121_241, 114_212, 124_112, 124_211, 411_212, 421_112, 421_211, 212_141,
    214_121, 412_121, 111_143, 111_341, 131_141, 114_113, 114_311, 411_113, 411_311, 113_141,
    114_131, 311_141, 411_131, 211_412, 211_214, 211_232,
];
/// Stop, with its last bar.
const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];
const SHIFT: u8 = 98;
pub(super) const TO_C: u8 = 99;
pub(super) const TO_B: u8 = 100;
pub(super) const TO_A: u8 = 101;
pub(super) const FNC1: u8 = 102;
pub(super) const START_A: u8 = 103;
const MODULUS: u32 = 103;
/// Fewest digits for which code set C is worth two switches.
const LONG_RUN: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

/// One thing that Epson's data says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Select(Set),
    Shift,
    Function(u8),
    Character(u8),
}

fn tokens(data: &[u8]) -> impl Iterator<Item = Token> {
    let mut bytes = data.iter().copied();
    core::iter::from_fn(move || {
        let byte = bytes.next()?;
        if byte != b'{' {
            return Some(Token::Character(byte));
        }
        Some(match bytes.next() {
            Some(b'A') => Token::Select(Set::A),
            Some(b'B') => Token::Select(Set::B),
            Some(b'C') => Token::Select(Set::C),
            Some(b'S') => Token::Shift,
            Some(n @ b'1'..=b'4') => Token::Function(n - b'0'),
            Some(other) => Token::Character(other),
            None => Token::Character(b'{'),
        })
    })
}

/// The characters behind Epson's data. Pairs of code set C become two digits.
pub(super) fn characters(data: &[u8]) -> Vec<u8> {
    let mut set = Set::B;
    let mut out = Vec::with_capacity(data.len());
    for token in tokens(data) {
        match token {
            Token::Select(other) => set = other,
            Token::Character(pair @ 0..=99) if set == Set::C => {
                out.extend([pair / 10 + b'0', pair % 10 + b'0']);
            }
            Token::Character(byte) => out.push(byte),
            Token::Shift | Token::Function(_) => {}
        }
    }
    out
}

/// Bars of data that chooses its code sets; set B where it begins with none.
pub(super) fn code128(data: &[u8]) -> Option<Vec<u8>> {
    let mut tokens = tokens(data).peekable();
    let mut set = match tokens.peek() {
        Some(&Token::Select(first)) => {
            tokens.next();
            first
        }
        _ => Set::B,
    };
    let mut values = vec![START_A + set as u8];
    let mut shifted = false;
    for token in tokens {
        let other = if set == Set::A { Set::B } else { Set::A };
        match token {
            Token::Select(next) if next == set => {}
            Token::Select(next) => {
                values.push(switch(next));
                set = next;
            }
            Token::Shift if set == Set::C => return None,
            Token::Shift => {
                values.push(SHIFT);
                shifted = true;
            }
            Token::Function(n) => values.push(function(n, set)?),
            Token::Character(byte) => {
                values.push(value(byte, if shifted { other } else { set })?);
                shifted = false;
            }
        }
    }
    (values.len() > 1).then(|| bars(values))
}

/// Bars of plain text, the code sets chosen for it; with FNC1 in front for GS1-128, whose data may
/// have brackets around its application identifiers and `{1` between fields.
pub(super) fn automatic(data: &[u8], gs1: bool) -> Option<Vec<u8>> {
    let mut plain: Vec<Token> = tokens(data).filter(|t| !matches!(t, Token::Select(_))).collect();
    if gs1 {
        plain.retain(|t| !matches!(t, Token::Character(b'(' | b')' | b' ')));
        if !matches!(plain.first(), Some(Token::Function(1))) {
            plain.insert(0, Token::Function(1));
        }
    }
    let digits_from = |at: usize| {
        let digit = |t: &&Token| matches!(t, Token::Character(b'0'..=b'9'));
        plain[at..].iter().take_while(digit).count()
    };
    let first = usize::from(matches!(plain.first(), Some(Token::Function(_))));
    let mut set = if digits_from(first) >= LONG_RUN { Set::C } else { Set::B };
    let mut values = vec![START_A + set as u8];
    let (mut at, mut run) = (0, 0);
    while let Some(&token) = plain.get(at) {
        if run == 0 {
            run = digits_from(at);
        }
        let next = match token {
            Token::Character(0..=0x1F) => Set::A,
            Token::Character(b'0'..=b'9') if set == Set::C && run >= 2 => Set::C,
            Token::Character(b'0'..=b'9') if run >= LONG_RUN && run.is_multiple_of(2) => Set::C,
            Token::Character(b'0'..=b'_') if set == Set::A => Set::A,
            Token::Function(_) | Token::Shift | Token::Select(_) => set,
            Token::Character(_) => Set::B,
        };
        if next != set {
            values.push(switch(next));
            set = next;
        }
        match (token, plain.get(at + 1)) {
            (Token::Character(tens), Some(Token::Character(ones))) if set == Set::C => {
                values.push((tens - b'0') * 10 + (ones - b'0'));
                (at, run) = (at + 2, run - 2);
                continue;
            }
            (Token::Character(byte), _) => values.push(value(byte, set)?),
            (Token::Function(n), _) => values.push(function(n, set)?),
            (Token::Shift | Token::Select(_), _) => {}
        }
        (at, run) = (at + 1, run.saturating_sub(1));
    }
    (values.len() > 1).then(|| bars(values))
}

fn switch(to: Set) -> u8 {
    match to {
        Set::A => TO_A,
        Set::B => TO_B,
        Set::C => TO_C,
    }
}

fn value(byte: u8, set: Set) -> Option<u8> {
    match (set, byte) {
        (Set::A, 0x00..=0x1F) => Some(byte + 64),
        (Set::A, 0x20..=0x5F) | (Set::B, 0x20..=0x7F) => Some(byte - 0x20),
        (Set::C, 0..=99) => Some(byte),
        _ => None,
    }
}

fn function(n: u8, set: Set) -> Option<u8> {
    match (n, set) {
        (1, _) => Some(FNC1),
        (2, Set::A | Set::B) => Some(97),
        (3, Set::A | Set::B) => Some(96),
        (4, Set::A) => Some(TO_A),
        (4, Set::B) => Some(TO_B),
        _ => None,
    }
}

/// The check character: each value by its place, the start character once.
pub(super) fn check(values: &[u8]) -> u8 {
    let weights = core::iter::once(1).chain(1..);
    let sum = values.iter().zip(weights).map(|(value, weight)| u32::from(*value) * weight);
    sum.fold(0, |sum, part| (sum + part) % MODULUS) as u8
}

fn bars(mut values: Vec<u8>) -> Vec<u8> {
    values.push(check(&values));
    let mut widths = Vec::with_capacity(values.len() * 6 + STOP.len());
    for value in values {
        let digits = WIDTHS[usize::from(value)];
        widths.extend((0..6).rev().map(|place| (digits / 10_u32.pow(place) % 10) as u8));
    }
    widths.extend(STOP);
    widths
}
