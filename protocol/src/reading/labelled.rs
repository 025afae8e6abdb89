//! Labels with their values on one line: where labels stand, and how far a value reaches.
//!
//! A label counts where labels stand: at the start of a line or behind a wide blank, or with a
//! mark behind it; words in the middle of a sentence are no labels.
//!
//! Not here: what becomes of a value (`head`).

use core::ops::Range;

use super::line::ReadLine;
use super::vocabulary::{Label, Match};

/// Longest value of a label, in characters; more is a sentence.
const LONGEST_VALUE: usize = 40;

/// A label on a line.
pub(super) struct Labelled {
    pub(super) label: Label,
    /// The word, as the vocabulary has it.
    pub(super) text: &'static str,
    /// Whether a colon, a `#` or `No` says that a value follows.
    pub(super) marked: bool,
    /// Whether such a mark or a wide blank sets the value apart.
    pub(super) apart: bool,
}

/// The line's labels with their values, left to right; no value where the line ends.
pub(super) fn values(line: &ReadLine<'_>) -> Vec<(Labelled, Option<Range<usize>>)> {
    let labels = line.words.iter().filter(|found| found.word.label.is_some());
    let mut taken: Option<usize> = None;
    let labels: Vec<(&Match, usize, bool)> = labels
        .filter_map(|found| {
            let (from, marked) = behind(line, found.chars.end);
            // A till may be called `counter-1`: what stands where a value begins is one.
            let is_value = taken == Some(found.chars.start) && !marked;
            let marked = marked || found.word.text.ends_with(" NO") || !found.word.text.is_ascii();
            let stands = !is_value && (marked || stands_apart(line, found.chars.start));
            taken = if stands { Some(from) } else { taken };
            stands.then_some((found, from, marked))
        })
        .collect();
    let ends =
        labels.iter().skip(1).map(|(next, ..)| next.chars.start).chain([line.folded.chars.len()]);
    let values = labels.iter().zip(ends).filter_map(|((found, from, marked), to)| {
        let label = found.word.label?;
        let apart = *marked || from - found.chars.end > 1;
        let labelled = Labelled { label, text: found.word.text, marked: *marked, apart };
        Some((labelled, value(line, *from, to)))
    });
    values.collect()
}

/// Whether a wide blank or nothing stands before `at`, marks left out.
fn stands_apart(line: &ReadLine<'_>, at: usize) -> bool {
    let before = &line.folded.chars[..at];
    let blanks = before.iter().rev().take_while(|c| **c == ' ').count();
    blanks >= 2 || before.iter().all(|c| !c.is_alphanumeric())
}

/// Where a value begins behind a label that ends at `at`, and whether a mark says so.
fn behind(line: &ReadLine<'_>, at: usize) -> (usize, bool) {
    let chars = &line.folded.chars;
    let mut from = at;
    let mut marked = false;
    let rest: String = chars[at..].iter().take(6).collect();
    let plain = rest.trim_start_matches([' ', '.', '(']);
    if let Some(after) = plain.strip_prefix("NO").or_else(|| plain.strip_prefix("ID"))
        && !after.starts_with(char::is_alphabetic)
    {
        from += rest.chars().count() - after.chars().count();
        marked = true;
    }
    while let Some(c) = chars.get(from) {
        match c {
            ':' | '#' | '№' | '=' => marked = true,
            ' ' | '.' | ')' | '-' | '[' => {}
            _ => break,
        }
        from += 1;
    }
    (from, marked)
}

/// The value from `from`, up to `to` or a wide blank.
fn value(line: &ReadLine<'_>, from: usize, to: usize) -> Option<Range<usize>> {
    let chars = &line.folded.chars;
    let mut end = from;
    while end < to && !(chars[end] == ' ' && line.folded.char(end + 1) == ' ') {
        end += 1;
    }
    while end > from && matches!(chars[end - 1], ' ' | ',' | ';' | ']' | '|') {
        end -= 1;
    }
    (end > from && end - from <= LONGEST_VALUE).then_some(from..end)
}

#[cfg(test)]
mod tests {
    use super::values;
    use crate::diagnostic::Diagnostics;
    use crate::document::paper::Paper;
    use crate::reading::line::classify;
    use crate::reading::vocabulary::Label;

    fn found(text: &str) -> Vec<(Label, String)> {
        let paper = Paper::plain(text);
        let (lines, _) = classify(&paper, None, None, &mut Diagnostics::default());
        let values = values(&lines[0]).into_iter();
        values
            .map(|(found, value)| (found.label, value.map_or("", |v| lines[0].text(v)).to_owned()))
            .collect()
    }

    #[test]
    fn values_reach_to_the_next_label_or_a_wide_blank() {
        for (line, want) in [
            ("單號：1001  經手人：Amy", vec![(Label::Number, "1001"), (Label::Cashier, "Amy")]),
            ("Receipt No.: A-1001   12:01", vec![(Label::Number, "A-1001")]),
            ("CHECK#: 77", vec![(Label::Number, "77")]),
            ("Cashier: Mary Chan", vec![(Label::Cashier, "Mary Chan")]),
            ("Terminal:   counter-1", vec![(Label::Terminal, "counter-1")]),
            ("TABLE NO: D06", vec![(Label::Table, "D06")]),
            ("RECEIPT NO.[00522899]", vec![(Label::Number, "00522899")]),
            ("Số HĐ: 0012", vec![(Label::Number, "0012")]),
        ] {
            let want: Vec<_> = want.into_iter().map(|(l, v)| (l, v.to_owned())).collect();
            assert_eq!(found(line), want, "{line}");
        }
    }

    #[test]
    fn words_in_a_sentence_are_no_labels() {
        for line in ["PLEASE KEEP YOUR RECEIPT FOR 7 DAYS", "ASK OUR STAFF OR CASHIER"] {
            assert_eq!(found(line), [], "{line}");
        }
    }
}
