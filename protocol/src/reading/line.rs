//! Each line's part: its numbers, its labels, and the role of its amount.

use core::ops::Range;

use super::amount::{self, Number};
use super::convention::Convention;
use super::date;
use super::fold::Folded;
use super::gloss::Gloss;
use super::roles;
use super::vocabulary::{self, Label, Role};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::line::Line;
use crate::document::paper::Paper;
use crate::limits::MAX_CANDIDATES;
use crate::money::Currency;

/// A line with what was seen on it.
#[derive(Clone, Debug)]
pub(super) struct ReadLine<'p> {
    pub(super) line: Line<'p>,
    pub(super) folded: Folded,
    /// Every word of the vocabulary on it.
    pub(super) words: Vec<vocabulary::Match>,
    pub(super) numbers: Vec<Number>,
    pub(super) date: Option<date::Found>,
    /// Labelled values: receipt number, cashier, table.
    pub(super) labels: Vec<(Label, Range<usize>)>,
    /// Numbers with a role: the role, the word that gave it, and which number.
    pub(super) roles: Vec<(Role, &'static str, usize)>,
    /// The role of a label whose amount is not on this line.
    waiting: Option<(Role, &'static str)>,
}

impl ReadLine<'_> {
    /// The amount at the right edge.
    pub(super) fn amount(&self) -> Option<&Number> {
        self.numbers.last()
    }

    /// The line's text of the folded characters `chars`, trimmed.
    pub(super) fn text(&self, chars: Range<usize>) -> &str {
        self.line.text[self.folded.bytes(chars)].trim()
    }

    /// Whether nothing but marks stands left of the first number.
    pub(super) fn is_bare(&self) -> bool {
        let first = self.numbers.first().map_or(self.folded.chars.len(), |n| n.chars.start);
        !self.folded.chars[..first].iter().any(|c| c.is_alphabetic())
    }

    /// Whether any letter stands on it.
    pub(super) fn has_words(&self) -> bool {
        self.folded.chars.iter().any(|c| c.is_alphabetic())
    }
}

/// Looks at every line of the paper, and finds the habit of its numbers.
pub(super) fn classify<'p>(
    paper: &'p Paper,
    currency: Option<Currency>,
    mut gloss: Option<&mut Gloss>,
    diagnostics: &mut Diagnostics,
) -> (Vec<ReadLine<'p>>, Convention) {
    let mut candidates = 0;
    let mut out: Vec<ReadLine<'p>> = Vec::with_capacity(paper.lines().len());
    for (index, line) in paper.lines().enumerate() {
        let folded = match &mut gloss {
            Some(gloss) => gloss.fold(index, line),
            None => Folded::new(line.text),
        };
        let mut numbers = amount::scan(&folded, currency);
        if candidates + numbers.len() > MAX_CANDIDATES {
            let span = line.span(0..line.text.len());
            diagnostics.push(Diagnostic::new(Code::TooManyCandidates, span, ""));
            numbers.clear();
        }
        candidates += numbers.len();
        let date = date::find(&folded);
        if let Some(found) = &date {
            numbers
                .retain(|n| n.chars.end <= found.chars.start || n.chars.start >= found.chars.end);
        }
        let words = vocabulary::matches(&folded);
        let labels = labels(&folded, &words);
        let roles = roles::of(&folded, &words, &numbers);
        let waiting = if numbers.is_empty() { roles::waiting(&folded, &words) } else { None };
        out.push(ReadLine { line, folded, words, numbers, date, labels, roles, waiting });
    }
    carry_roles_down(&mut out);
    let convention = convention(&out, currency);
    for number in out.iter_mut().flat_map(|line| &mut line.numbers) {
        number.settle(convention);
    }
    (out, convention)
}

/// The currency that the paper names, else the shop's.
pub(super) fn currency(lines: &[ReadLine<'_>], home: Option<Currency>) -> Option<Currency> {
    let printed = lines.iter().flat_map(|line| &line.numbers).find_map(|number| number.currency);
    printed.or(home)
}

/// The habit that the numbers of a paper show together. Those beside a date do not vote: its time
/// may be one of them.
fn convention(lines: &[ReadLine<'_>], home: Option<Currency>) -> Convention {
    let numbers = lines.iter().filter(|line| line.date.is_none()).flat_map(|line| &line.numbers);
    Convention::of(numbers, currency(lines, home))
}

/// Narrow paper prints a label on one line and its amount on the next.
fn carry_roles_down(lines: &mut [ReadLine<'_>]) {
    for i in 1..lines.len() {
        let (above, below) = lines.split_at_mut(i);
        let (above, below) = (&above[i - 1], &mut below[0]);
        if let Some((role, word)) = above.waiting
            && below.numbers.len() == 1
            && below.is_bare()
            && below.roles.is_empty()
        {
            below.roles.push((role, word, 0));
        }
    }
}

/// Labelled values, left to right. A value reaches to the next label or a wide blank.
fn labels(folded: &Folded, words: &[vocabulary::Match]) -> Vec<(Label, Range<usize>)> {
    let labelled = |from: usize| {
        words[from..].iter().find_map(|found| found.word.label.map(|_| found.chars.start))
    };
    let value_of = |(i, found): (usize, &vocabulary::Match)| {
        let to = labelled(i + 1).unwrap_or(folded.chars.len());
        Some((found.word.label?, value(folded, found.chars.end, to)?))
    };
    words.iter().enumerate().filter_map(value_of).collect()
}

/// The value between a label and `to`: marks are skipped, a wide blank ends it.
fn value(folded: &Folded, from: usize, to: usize) -> Option<Range<usize>> {
    let chars = &folded.chars[..to];
    let mut start = from;
    // "No", "No." and "#" between a label and its number belong to the label.
    let rest: String = chars[from..].iter().take(4).collect();
    let marks = rest.trim_start_matches([' ', '.', ':']);
    if let Some(after) = marks.strip_prefix("NO").filter(|a| !a.starts_with(char::is_alphabetic)) {
        start += rest.chars().count() - after.chars().count();
    }
    while start < to && matches!(chars[start], ' ' | '.' | ':' | '#' | '№' | '=') {
        start += 1;
    }
    let mut end = start;
    while end < to && !(chars[end] == ' ' && folded.char(end + 1) == ' ') {
        end += 1;
    }
    while end > start && chars[end - 1] == ' ' {
        end -= 1;
    }
    (end > start).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::{Label, Role, labels};
    use crate::reading::fold::Folded;
    use crate::reading::vocabulary;

    fn values(line: &str) -> Vec<(Label, String)> {
        let folded = Folded::new(line);
        let found = labels(&folded, &vocabulary::matches(&folded));
        found.into_iter().map(|(label, at)| (label, line[folded.bytes(at)].to_owned())).collect()
    }

    #[test]
    fn labelled_values_are_cut_at_the_next_label_or_a_wide_blank() {
        assert_eq!(
            values("單號：1001  經手人：Amy"),
            [(Label::Number, "1001".into()), (Label::Cashier, "Amy".into())]
        );
        assert_eq!(values("Receipt No.: A-1001   12:01"), [(Label::Number, "A-1001".into())]);
        assert_eq!(values("RECEIPT #1001"), [(Label::Number, "1001".into())]);
        assert_eq!(values("Order #12345"), [(Label::Order, "12345".into())]);
        assert_eq!(values("Cashier: Mary Chan"), [(Label::Cashier, "Mary Chan".into())]);
    }

    #[test]
    fn a_role_needs_its_word_at_the_start() {
        assert_eq!(vocabulary::role("NO TOTAL HERE"), None);
        assert_eq!(vocabulary::role("TOTAL (3 ITEMS)").map(|r| r.0), Some(Role::Total));
    }
}
