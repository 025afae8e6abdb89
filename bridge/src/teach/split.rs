//! What was pointed at on a line, taken apart: the value, and the till's words before it. Somebody may
//! point at either, or at both.

use std::ops::Range;

use super::words::Line;

/// Marks between a label and its value, which belong to neither.
const MARKS: [char; 9] = [' ', ':', '：', '.', '#', '=', '-', '*', '\t'];

/// A value and what stands before it, by their places in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    /// The till's words for it.
    pub(super) label: Option<Range<usize>>,
    /// The value.
    pub(super) value: Option<Range<usize>>,
}

/// A line being taken apart: `first..=last` of its words were pointed at.
pub(super) struct Chosen<'a> {
    pub(super) text: &'a str,
    pub(super) line: &'a Line,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// The first and the last of some words of a line.
type Words = Option<(usize, usize)>;

impl Chosen<'_> {
    /// All that was pointed at.
    pub(super) fn whole(&self) -> Range<usize> {
        self.line.words[self.first].start..self.line.words[self.last].end
    }

    /// An amount: the figure at the right edge, or the last one that was pointed at.
    pub(super) fn amount(&self) -> Split {
        let count = self.line.words.len();
        let pointed = (self.first..=self.last).rev().find(|at| self.is_figure(*at));
        let value = pointed.or_else(|| (self.last + 1..count).rev().find(|at| self.is_figure(*at)));
        let Some(value) = value else { return Split::default() };
        // Words that were pointed at before the figure are its label; else those right before it.
        let own = (self.first..=self.last).take_while(|at| *at < value && !self.is_figure(*at));
        let label = match own.last() {
            Some(last) => Some((self.first, last)),
            None => self.label_before(value),
        };
        Split { label: self.label(label), value: Some(self.line.words[value].clone()) }
    }

    /// A text: behind the words that were pointed at, or what was pointed at itself.
    pub(super) fn text(&self) -> Split {
        let (label, value) = self.text_parts();
        let value =
            value.map(|(first, last)| self.line.words[first].start..self.line.words[last].end);
        Split { label: self.label(label), value }
    }

    /// The words of the label, and those of the value.
    fn text_parts(&self) -> (Words, Words) {
        let (first, last) = (self.first, self.last);
        let colon = (first..=last).find(|at| self.word(*at).ends_with([':', '：']));
        let rest = self.segment_after(last);
        if let Some(colon) = colon {
            let value = if colon < last { Some((colon + 1, last)) } else { rest };
            return (Some((first, colon)), value);
        }
        let figure = (first..=last).find(|at| self.is_figure(*at));
        match (figure, rest) {
            (Some(figure), _) if figure > first => {
                (Some((first, figure - 1)), Some((figure, last)))
            }
            (None, Some(rest)) if self.label_before(first).is_none() => {
                (Some((first, last)), Some(rest))
            }
            _ => (self.label_before(first), Some((first, last))),
        }
    }

    /// The words behind `at` up to a wide blank; across one where nothing else stands before it.
    fn segment_after(&self, at: usize) -> Option<(usize, usize)> {
        let first = at + 1;
        let mut last = Some(first).filter(|first| *first < self.line.words.len())?;
        while last + 1 < self.line.words.len() && !self.is_wide(last) {
            last += 1;
        }
        Some((first, last))
    }

    /// The words without figures right before `at`.
    fn label_before(&self, at: usize) -> Option<(usize, usize)> {
        let last = at.checked_sub(1).filter(|last| !self.is_figure(*last))?;
        let mut first = last;
        while first > 0 && !self.is_figure(first - 1) && !self.is_wide(first - 1) {
            first -= 1;
        }
        Some((first, last))
    }

    /// A label's place without the marks around it; nothing where it is nothing but marks.
    fn label(&self, words: Option<(usize, usize)>) -> Option<Range<usize>> {
        let (first, last) = words?;
        let start = self.line.words[first].start;
        let text = &self.text[start..self.line.words[last].end];
        let rest = text.trim_start_matches(MARKS);
        let start = start + text.len() - rest.len();
        let rest = rest.trim_end_matches(MARKS);
        (!rest.is_empty()).then(|| start..start + rest.len())
    }

    fn word(&self, at: usize) -> &str {
        &self.text[self.line.words[at].clone()]
    }

    /// Whether it is rather digits than letters.
    pub(super) fn is_figure(&self, at: usize) -> bool {
        let count = |is: fn(char) -> bool| self.word(at).chars().filter(|c| is(*c)).count();
        let digits = count(|c| c.is_ascii_digit());
        digits > 0 && digits >= count(char::is_alphabetic)
    }

    /// Whether more than one blank follows word `at`.
    fn is_wide(&self, at: usize) -> bool {
        let words = &self.line.words;
        words.get(at + 1).is_some_and(|next| next.start - words[at].end > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Split};
    use crate::teach::lines;

    fn split<'t>(text: &'t str, pointed: &str, as_text: bool) -> (&'t str, &'t str) {
        let line = &lines(text)[0];
        let at = |word: &str| line.words.iter().position(|w| &text[w.clone()] == word);
        let mut words = pointed.split(' ').map(|word| at(word).expect(word));
        let first = words.next().expect("one");
        let chosen = Chosen { text, line, first, last: words.next_back().unwrap_or(first) };
        let Split { label, value } = if as_text { chosen.text() } else { chosen.amount() };
        let shown = |part: Option<std::ops::Range<usize>>| part.map_or("", |part| &text[part]);
        (shown(label), shown(value))
    }

    #[test]
    fn an_amount_is_the_figure_whatever_was_pointed_at() {
        for pointed in ["8,20", "Zu zahlen EUR", "Zu 8,20"] {
            let (label, value) =
                split("Zu zahlen EUR:   8,20", &pointed.replace("EUR", "EUR:"), false);
            assert_eq!(value, "8,20", "{pointed}");
            assert_eq!(label, "Zu zahlen EUR", "{pointed}");
        }
        assert_eq!(split("合計HK$36.00", "合計", false), ("合計", "HK$36.00"));
        assert_eq!(split("Bar 3 10,00", "Bar", false), ("Bar", "10,00"));
        assert_eq!(split("   36.00", "36.00", false), ("", "36.00"));
        assert_eq!(split("Danke", "Danke", false), ("", ""));
    }

    #[test]
    fn a_text_is_told_from_its_label() {
        let line = "Kuitti 004217  Poyta 12";
        for pointed in ["Kuitti", "004217", "Kuitti 004217"] {
            assert_eq!(split(line, pointed, true), ("Kuitti", "004217"), "{pointed}");
        }
        assert_eq!(split(line, "12", true), ("Poyta", "12"));
        assert_eq!(split("經手人：Amy", "經手人：", true), ("經手人", "Amy"));
        assert_eq!(split("Served by: Mary Chan  7", "Mary Chan", true), ("Served by", "Mary Chan"));
        assert_eq!(
            split("Served by: Mary Chan  7", "Served by:", true),
            ("Served by", "Mary Chan")
        );
        assert_eq!(split("Kasse Anna", "Kasse", true), ("Kasse", "Anna"));
        assert_eq!(split("Kasse Anna", "Anna", true), ("Kasse", "Anna"));
        assert_eq!(split("# A-1001", "A-1001", true), ("", "A-1001"));
    }
}
