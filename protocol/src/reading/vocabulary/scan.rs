//! One pass over a line: at each place where a word can begin, the longest one of the index.

use super::index::{Sense, candidates};
use super::{Match, Word, spelling};

/// Most marks or blanks between two parts of a word (`TOTAL  (EXCL`, `合　　計`).
const WIDEST_GAP: usize = 4;
/// Most blanks between two letters of a letter-spaced word.
const WIDEST_SPACING: usize = 2;

/// Every word of the folded characters `line`, left to right.
pub(super) fn matches(line: &[char]) -> Vec<Match> {
    match spelling::mended(line) {
        None => words(line),
        Some((mended, at)) => {
            let place = |found: Match| {
                let chars = at[found.chars.start]..at[found.chars.end];
                Match { chars, ..found }
            };
            words(&mended).into_iter().map(place).collect()
        }
    }
}

fn words(line: &[char]) -> Vec<Match> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < line.len() {
        let found = if begins(line, i) { longest(line, i) } else { None };
        match found {
            Some((end, word)) => {
                out.push(Match { chars: i..end, word });
                i = end;
            }
            None => i += 1,
        }
    }
    out
}

/// Whether a word can begin at `i`: at a letter that no other letter of an alphabet precedes.
/// Chinese, Japanese and Thai leave no blanks between words.
fn begins(line: &[char], i: usize) -> bool {
    let here = line[i];
    let before = i.checked_sub(1).map_or(' ', |before| line[before]);
    match here {
        c if !c.is_alphabetic() => false,
        c if is_unspaced(c) => true,
        c if c.is_ascii() => !before.is_ascii_alphabetic(),
        _ => !before.is_alphabetic() || is_unspaced(before),
    }
}

/// Letters of scripts that print words without blanks between them.
fn is_unspaced(c: char) -> bool {
    is_ideograph(c) || matches!(c, '\u{E00}'..='\u{E7F}')
}

/// Chinese characters and kana, which are spaced out to fill a line.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// What may stand between two parts of a word in place of a blank.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '_' | '\'' | '\u{2019}' | '(' | ')' | '/' | '*' | '&' | ',')
}

/// The longest word at `start` and where it ends, with all its meanings.
fn longest(line: &[char], start: usize) -> Option<(usize, Word)> {
    let first = line[start];
    let second = line[start + 1..].iter().take(WIDEST_GAP + 1).find(|c| !is_mark(**c));
    let second = second.copied().unwrap_or('\0');
    let mut found: Option<(usize, Word)> = None;
    let single = candidates(first, '\0').filter(|_| second != '\0');
    for (text, sense) in candidates(first, second).chain(single) {
        let Some(end) = fits(text, line, start) else { continue };
        match &mut found {
            Some((longest, _)) if *longest > end => {}
            Some((longest, word)) if *longest == end => mean(word, sense),
            _ => {
                let mut word = Word { text, role: None, label: None, title: None };
                mean(&mut word, sense);
                found = Some((end, word));
            }
        }
    }
    found
}

fn mean(word: &mut Word, sense: Sense) {
    match sense {
        Sense::Role(role) => _ = word.role.get_or_insert(role),
        Sense::Label(label) => _ = word.label.get_or_insert(label),
        Sense::Title(kind) => _ = word.title.get_or_insert(kind),
    }
}

/// Where the word `text` ends, if it stands at `start`.
fn fits(text: &str, line: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    let mut before = ' ';
    // Letters are either all spaced out or none is.
    let mut spaced = None;
    for letter in text.chars() {
        if letter == ' ' {
            before = ' ';
            continue;
        }
        if at > start {
            let gap = line[at..].iter().take(WIDEST_GAP + 1).take_while(|c| is_mark(**c)).count();
            let blanks = line[at..at + gap].iter().all(|c| *c == ' ');
            let fits = match before {
                ' ' => gap <= WIDEST_GAP,
                c if is_ideograph(c) => gap <= WIDEST_GAP && blanks,
                c if c.is_ascii_alphabetic() && letter.is_ascii_alphabetic() => {
                    let same = *spaced.get_or_insert(gap > 0) == (gap > 0);
                    same && gap <= WIDEST_SPACING && blanks
                }
                _ => gap == 0,
            };
            if !fits {
                return None;
            }
            at += gap;
        }
        if line.get(at) != Some(&letter) {
            return None;
        }
        before = letter;
        at += 1;
    }
    ends(line, at).then_some(at)
}

/// Whether a word can end before `at`: no letter of its alphabet follows, and behind a digit of its
/// own no other. Behind a letter a number may.
fn ends(line: &[char], at: usize) -> bool {
    let last = line[at - 1];
    let next = line.get(at).copied().unwrap_or(' ');
    match last {
        c if c.is_ascii_digit() => !next.is_ascii_digit(),
        c if is_unspaced(c) || !c.is_alphabetic() => true,
        c if c.is_ascii() => !next.is_ascii_alphabetic(),
        _ => !next.is_alphabetic() || is_unspaced(next),
    }
}
