//! The parts of a paper: where goods begin and end, and which lines are a summary of taxes.
//!
//! Not here: what the lines of a part say.

use core::ops::Range;

use super::amount::Number;
use super::columns::Heads;
use super::line::ReadLine;
use super::vocabulary::Role;

/// Lines by part.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Lines that may be goods.
    pub(super) goods: Range<usize>,
    /// The column heads above them.
    pub(super) heads: Option<Heads>,
    /// Whether a word names a sum.
    pub(super) summed: bool,
    /// Lines of tax summaries: their amounts say again what was said.
    pub(super) summaries: Vec<Range<usize>>,
}

impl Layout {
    /// Finds the parts.
    pub(super) fn of(lines: &[ReadLine<'_>]) -> Self {
        let mut layout = Self::default();
        let (end, summed) = first_sum(lines);
        layout.summed = summed;
        let mut start = None;
        for (i, line) in lines.iter().enumerate() {
            if line.numbers.iter().any(Number::is_money) {
                continue;
            }
            let Some(heads) = Heads::of(&line.folded) else { continue };
            if i < end && heads.are_goods() {
                layout.heads = layout.heads.or(Some(heads));
                start = Some(i + 1);
            } else if i > end && heads.are_taxes() {
                layout.summaries.push(i..summary_end(lines, i));
            }
        }
        let start = start.unwrap_or_else(|| below_head(lines, end));
        layout.goods = start..end;
        layout
    }

    /// Whether `line` belongs to a summary of taxes.
    pub(super) fn is_summary(&self, line: usize) -> bool {
        self.summaries.iter().any(|range| range.contains(&line))
    }
}

/// The line of the first sum, where goods end, and whether a word of sums says so. Without such a
/// word goods end where the payments begin.
fn first_sum(lines: &[ReadLine<'_>]) -> (usize, bool) {
    let says = |wanted: fn(Role) -> bool| {
        lines.iter().position(|line| line.roles.iter().any(|(role, ..)| wanted(*role)))
    };
    if let Some(sum) = says(|role| matches!(role, Role::Subtotal | Role::Total | Role::Net)) {
        return (sum, true);
    }
    let paid = says(|role| matches!(role, Role::Payment(_) | Role::Tendered | Role::Change));
    (paid.unwrap_or(lines.len()), false)
}

/// Without column heads goods begin below the last line of the head: one with a date or a labelled
/// value, and no amount above it.
fn below_head(lines: &[ReadLine<'_>], end: usize) -> usize {
    let money = |line: &ReadLine<'_>| line.amount().is_some_and(Number::is_money);
    let priced = lines[..end].iter().position(is_priced);
    let priced = priced.or_else(|| lines[..end].iter().position(money)).unwrap_or(end);
    let head = |line: &ReadLine<'_>| line.date.is_some() || !line.labels.is_empty() && !money(line);
    lines[..priced].iter().rposition(head).map_or(0, |last| last + 1)
}

/// Whether an amount stands at the right edge, apart from all words.
fn is_priced(line: &ReadLine<'_>) -> bool {
    let apart = |amount: &Number| {
        let before = line.folded.chars[..amount.chars.start].iter().rev();
        before.take_while(|c| **c == ' ').count() >= EDGE_GAP
    };
    line.date.is_none()
        && line.amount().is_some_and(|amount| {
            (amount.is_money() || amount.printed.last.is_some()) && apart(amount)
        })
}

/// Blanks that set the last column apart.
const EDGE_GAP: usize = 2;

/// A summary ends at the first line without an amount.
fn summary_end(lines: &[ReadLine<'_>], head: usize) -> usize {
    let below = lines[head + 1..].iter();
    head + 1 + below.take_while(|line| line.numbers.iter().any(|n| n.decimals)).count()
}
