//! How well text fits the single-byte page in force.
//!
//! Accented letters stand alone between others in French; a Thai or Russian word is nothing but
//! bytes from 80 up. So letters are judged by what their page says they are: marks follow letters,
//! capitals begin words, lines are drawn with one byte.

use encoding_rs::Encoding;

use super::CharacterState;
use super::codepage::Page;
use super::score::{FREQUENT, INVALID};
use super::width::is_mark;

/// A letter in a page whose words are full of bytes from 80 up.
const DENSE_LETTER: i32 = 3;
/// One of a few accented letters in a row.
const NEIGHBOUR: i32 = 2;
/// A currency sign or the like by itself.
const SYMBOL: i32 = 4;
/// The first dash of a ruled line.
const RULE: i32 = 3;
/// Signs among letters, a capital within a word, accents without end.
const UNLIKELY: i32 = -4;
/// A mark on nothing.
const STRAY_MARK: i32 = -6;
/// Most bytes from 80 up in a row that a Latin word has (Vietnamese has three).
const LATIN_RUN: usize = 2;
/// Letters beyond Latin that make a page one of another script.
const SCRIPT_LETTERS: usize = 32;

/// What a character is in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Caseless,
    Mark,
    Drawn,
    Sign,
    Other,
}

/// The score of `bytes` in `page`; `left` is how many more bytes from 80 up may be looked at.
pub(super) fn score(bytes: &[u8], page: Page, state: CharacterState, left: &mut u32) -> i32 {
    let mut at = Encoding::ascii_valid_up_to(bytes);
    if at == bytes.len() {
        return 0;
    }
    // The till has said that this is something else.
    if state.double_byte || state.utf8 {
        *left -= 1;
        return INVALID;
    }
    let dense = page.vietnamese() || is_other_script(page);
    let mut total = 0;
    while at < bytes.len() && *left > 0 {
        let run = bytes[at..].iter().take_while(|byte| **byte >= 0x80).take(*left as usize).count();
        total += score_run(bytes, at..at + run, page, dense);
        *left -= run as u32;
        at += run;
        at += Encoding::ascii_valid_up_to(&bytes[at..]);
    }
    total
}

/// Whether the page's letters are of another script than Latin.
pub(super) fn is_other_script(page: Page) -> bool {
    // The power-on page is asked about most, and has a few Greek letters only.
    if page == Page::Cp437 {
        return false;
    }
    // Scripts by their blocks: asking each character for its properties takes longer than reading.
    let foreign = |c: &&char| {
        matches!(**c, '\u{370}'..='\u{1DFF}' | '\u{3040}'..='\u{30FF}' | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}' | '\u{FF66}'..='\u{FF9D}')
    };
    page.upper().iter().filter(foreign).count() >= SCRIPT_LETTERS
}

fn score_run(bytes: &[u8], run: core::ops::Range<usize>, page: Page, dense: bool) -> i32 {
    let ruled = is_ruled(&bytes[run.clone()], page);
    let mut total = 0;
    let mut before = match run.start.checked_sub(1).map(|index| bytes[index]) {
        Some(b'a'..=b'z') => Class::Lower,
        Some(b'A'..=b'Z') => Class::Upper,
        _ => Class::Other,
    };
    for (nth, at) in run.clone().enumerate() {
        let c = page.character(bytes[at]);
        let class = class(c);
        let repeated = nth > 0 && bytes[at - 1] == bytes[at];
        total += match class {
            _ if c == char::REPLACEMENT_CHARACTER => INVALID,
            Class::Mark if matches!(before, Class::Other | Class::Drawn | Class::Sign) => {
                STRAY_MARK
            }
            Class::Mark => DENSE_LETTER,
            Class::Drawn | Class::Sign | Class::Other if repeated => 0,
            // The page may not be the one that the till believes in.
            Class::Drawn | Class::Sign if run.len() == 1 && is_within_word(bytes, at) => NEIGHBOUR,
            Class::Drawn if is_letter(before) || !ruled => UNLIKELY,
            Class::Drawn if nth > 0 => 0,
            Class::Drawn => RULE,
            Class::Sign | Class::Other if is_letter(before) && nth > 0 => UNLIKELY,
            Class::Sign | Class::Other => SYMBOL,
            Class::Upper if before == Class::Lower => UNLIKELY,
            _ if dense => DENSE_LETTER,
            _ if run.len() == 1 => FREQUENT,
            _ if nth < LATIN_RUN => NEIGHBOUR,
            _ => UNLIKELY,
        };
        before = class;
    }
    total
}

/// Whether a run is a line with corners, not double-byte text that this page shows as pieces of
/// lines: nothing but drawn characters, most of them like their neighbour.
fn is_ruled(run: &[u8], page: Page) -> bool {
    const CORNERS: usize = 3;
    let drawn = run.iter().all(|byte| class(page.character(*byte)) == Class::Drawn);
    let changes = run.windows(2).filter(|pair| pair[0] != pair[1]).count();
    drawn && (changes < CORNERS || changes * 2 < run.len())
}

fn is_within_word(bytes: &[u8], at: usize) -> bool {
    let letter = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_alphabetic);
    at.checked_sub(1).is_some_and(letter) && letter(at + 1)
}

fn is_letter(class: Class) -> bool {
    matches!(class, Class::Lower | Class::Upper | Class::Caseless | Class::Mark)
}

fn class(c: char) -> Class {
    match c {
        _ if is_mark(c) => Class::Mark,
        '\u{2500}'..='\u{259F}' => Class::Drawn,
        _ if c.is_lowercase() => Class::Lower,
        _ if c.is_uppercase() => Class::Upper,
        _ if c.is_alphabetic() => Class::Caseless,
        '\u{A0}' => Class::Other,
        _ => Class::Sign,
    }
}
