//! Words that tell an address from a name.
//!
//! Not here: which lines of a receipt are looked at.

use super::amount::Number;
use super::line::ReadLine;
use super::vocabulary::Label;

/// Words of streets and parts of towns.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "JALAN", "JLN", "JL", "LORONG", "LRG", "TAMAN", "TMN", "BANDAR", "KAMPUNG", "KG", "SEKSYEN",
    "SEKSYAN", "KAWASAN", "PERSIARAN", "LEBUH", "LEBUHRAYA", "SELANGOR", "JOHOR", "MALAYSIA",
    "ROAD", "RD", "STREET", "AVENUE", "AVE", "LANE", "BOULEVARD", "HIGHWAY", "FLOOR", "FLR",
    "LEVEL", "BLOCK", "BLK", "LOT", "DISTRICT", "QUAN", "PHUONG",
    "DUONG", "KECAMATAN", "KELURAHAN", "JAKARTA",
];
/// Rooms of a building, which need their number.
const ROOMS: &[&str] = &["SHOP", "STALL", "SUITE", "UNIT"];
/// Ends of addresses that are too short to be looked for elsewhere in a line.
const STREET_ENDS: &[&str] = &["ST", "SQ", "DR"];
/// Characters of an address in a script without blanks; two of them, or one and a number.
#[rustfmt::skip]
const SIGNS: &[char] = &[
    '路', '街', '道', '號', '号', '樓', '楼', '舖', '铺', '區', '区', '市', '村', '巷', '弄', '檔',
    '丁', '県', '都',
];
const THAI: &[&str] = &["ถนน", "แขวง", "เขต", "ซอย", "ตำบล", "อำเภอ", "กรุงเทพ"];
/// Digits of a postcode.
const POSTCODE: [usize; 2] = [5, 6];

/// The line's words: runs of letters and digits, folded.
pub(super) fn words<'l>(line: &'l ReadLine<'_>) -> Vec<&'l [char]> {
    let words = line.folded.chars.split(|c| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect()
}

/// Whether the word reads `text`.
pub(super) fn is(word: &[char], text: &str) -> bool {
    word.iter().copied().eq(text.chars())
}

/// Whether the word is one of `list`.
pub(super) fn is_of(word: &[char], list: &[&str]) -> bool {
    list.iter().any(|text| is(word, text))
}

/// Whether the words are a registration or a running number: digits, and a few letters.
pub(super) fn is_bare_number(words: &[&[char]]) -> bool {
    let count = |f: fn(char) -> bool| -> usize {
        words.iter().map(|word| word.iter().filter(|c| f(**c)).count()).sum()
    };
    let letters = count(char::is_alphabetic);
    let digits = count(|c| c.is_ascii_digit());
    letters == 0 || (letters <= 3 && digits >= letters + 2)
}

/// Whether a line says where something is.
pub(super) fn is_address(line: &ReadLine<'_>) -> bool {
    let marked = line.words.iter().any(|found| {
        let other = matches!(found.word.label, Some(Label::Phone | Label::Other | Label::Date));
        let after = line.folded.chars[found.chars.end..].iter().find(|c| !matches!(c, ' ' | '.'));
        other && after.is_some_and(|c| *c == ':')
    });
    if marked || line.date.is_some() || !line.has_words() {
        return false;
    }
    let tokens = words(line);
    let digit = |word: &[char]| word.first().is_some_and(char::is_ascii_digit);
    let numbered = tokens.iter().any(|word| digit(word));
    let place = tokens.iter().filter(|word| is_of(word, PLACES)).count();
    let ends = numbered && tokens.iter().skip(1).any(|word| is_of(word, STREET_ENDS));
    let room = tokens.windows(2).any(|pair| is_of(pair[0], ROOMS) && digit(pair[1]));
    let house = tokens.first().is_some_and(|word| is(word, "NO"))
        && tokens.get(1).is_some_and(|word| digit(word));
    let postcode = tokens
        .iter()
        .any(|word| POSTCODE.contains(&word.len()) && word.iter().all(char::is_ascii_digit))
        && tokens.iter().any(|word| {
            let bytes: usize = word.iter().map(|c| c.len_utf8()).sum();
            bytes > 2 && word.iter().all(|c| c.is_alphabetic())
        });
    let text = &line.line.text;
    let figure = text.contains(|c: char| c.is_ascii_digit());
    let signs = text.chars().filter(|c| SIGNS.contains(c)).count();
    let thai = THAI.iter().any(|word| text.contains(word));
    // `2 x Congee, Pork` is an order, and a sum is a sum.
    let counted = tokens.get(1).is_some_and(|word| is(word, "X"));
    if counted || line.numbers.iter().any(Number::is_money) {
        return false;
    }
    let listed = text.contains(',') && digit(tokens[0]) && tokens.len() >= 3;
    let apart = (signs >= 2 && figure) || signs >= 4;
    // A receipt's number may have as many digits as a postcode.
    let labelled = line.words.iter().any(|found| {
        let label = found.word.label;
        matches!(label, Some(Label::Number | Label::Original | Label::Order | Label::Table))
    });
    place >= 2
        || (place == 1 && (numbered || text.contains(',') || tokens.len() == 1))
        || ends
        || house
        || room
        || (postcode && line.roles.is_empty() && !labelled)
        || apart
        || thai
        || listed
}
