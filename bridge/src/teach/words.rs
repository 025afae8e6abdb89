//! A printed text in words that can be pointed at one by one.
//!
//! What a word means is not known here.

use std::ops::Range;

/// One line, by its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its bytes, without the end of the line.
    pub bytes: Range<usize>,
    /// Its words, by their places in the text.
    pub words: Vec<Range<usize>>,
}

/// The lines of `text`.
pub fn lines(text: &str) -> Vec<Line> {
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let bytes = start..start + line.len();
        start = bytes.end + 1;
        let words = words(line).into_iter().map(|word| at(&bytes, word)).collect();
        Line { bytes, words }
    });
    lines.collect()
}

fn at(line: &Range<usize>, word: Range<usize>) -> Range<usize> {
    line.start + word.start..line.start + word.end
}

/// What a character belongs to: a word goes on as long as this stays the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    /// Characters that are written without blanks between words.
    Wide,
    Other,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_whitespace() => Class::Blank,
        // A full-width colon, comma or bracket goes with what it stands at.
        '\u{2E80}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => Class::Wide,
        _ => Class::Other,
    }
}

/// Words of one line: between blanks, behind a colon, and where Chinese ends or begins.
fn words(line: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut chars = line.char_indices().peekable();
    let mut open: Option<(usize, Class)> = None;
    let mut before_digit = false;
    while let Some((at, c)) = chars.next() {
        let own = class(c);
        let colon = matches!(c, ':' | '：');
        let goes_on = open.is_some_and(|(_, of)| own != Class::Blank && (of == own || colon));
        if !goes_on {
            out.extend(open.take().map(|(start, _)| start..at));
            if own != Class::Blank {
                open = Some((at, own));
            }
        }
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        // 12:01 is one word, "No:1001" is two.
        if colon && !(before_digit && digit_next) {
            out.extend(open.take().map(|(start, _)| start..at + c.len_utf8()));
        }
        before_digit = c.is_ascii_digit();
    }
    out.extend(open.map(|(start, _)| start..line.len()));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lines;

    fn words(text: &str) -> Vec<&str> {
        lines(text).into_iter().flat_map(|line| line.words).map(|word| &text[word]).collect()
    }

    #[test]
    fn words_end_at_blanks_behind_colons_and_where_chinese_ends() {
        for (line, expected) in [
            ("Kuitti 004217  Poyta 12", &["Kuitti", "004217", "Poyta", "12"][..]),
            ("單號：1001  經手人：Amy", &["單號：", "1001", "經手人：", "Amy"]),
            ("合計HK$36.00", &["合計", "HK$36.00"]),
            ("21/11 12:01:22 No:7", &["21/11", "12:01:22", "No:", "7"]),
            ("  :  ", &[":"]),
            ("", &[]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn every_letter_is_in_one_word_and_no_blank_is(text in "[a-z0-9:： 合計$.\n]{0,60}") {
            let whole: String = words(&text).concat();
            let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(whole, letters);
            for line in lines(&text) {
                prop_assert!(!text[line.bytes.clone()].contains('\n'));
                for word in &line.words {
                    prop_assert!(line.bytes.start <= word.start && word.end <= line.bytes.end);
                    prop_assert!(!text[word.clone()].contains(char::is_whitespace));
                }
            }
        }
    }
}
