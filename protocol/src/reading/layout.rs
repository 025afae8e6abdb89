//! The parts of a paper: where goods begin and end, and which lines are a summary of taxes.
//!
//! Not here: what the lines of a part say.

use core::ops::Range;

use super::columns::Heads;
use super::line::ReadLine;
use super::vocabulary::{Label, Role};

/// Lines by part.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Lines that may be goods.
    pub(super) goods: Range<usize>,
    /// The column heads above them.
    pub(super) heads: Option<Heads>,
    /// Lines of tax summaries: their amounts say again what was said.
    pub(super) summaries: Vec<Range<usize>>,
}

impl Layout {
    /// Finds the parts.
    pub(super) fn of(lines: &[ReadLine<'_>]) -> Self {
        let mut layout = Self::default();
        let end = first_sum(lines);
        let mut start = None;
        for (i, line) in lines.iter().enumerate() {
            if !line.numbers.is_empty() && line.numbers.iter().any(|n| n.is_money()) {
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

/// The line of the first sum: goods end there.
fn first_sum(lines: &[ReadLine<'_>]) -> usize {
    let says = |wanted: fn(Role) -> bool| {
        lines.iter().position(|line| line.roles.iter().any(|(role, ..)| wanted(*role)))
    };
    says(|role| matches!(role, Role::Subtotal | Role::Total))
        .or_else(|| says(|role| matches!(role, Role::Payment(_) | Role::Tendered | Role::Change)))
        .unwrap_or(lines.len())
}

/// Without column heads goods begin below the last labelled line that has goods below it.
fn below_head(lines: &[ReadLine<'_>], end: usize) -> usize {
    let mut start = 0;
    for (i, line) in lines[..end].iter().enumerate() {
        let labelled = line.labels.iter().any(|(label, _)| *label != Label::Other || line.amount().is_none_or(|n| !n.is_money()));
        if line.date.is_some() || (labelled && !line.numbers.last().is_some_and(|n| n.is_money())) {
            let goods = lines[i + 1..end].iter().any(|line| line.amount().is_some());
            if goods {
                start = i + 1;
            }
        }
    }
    start
}

/// A summary ends at the first line without an amount.
fn summary_end(lines: &[ReadLine<'_>], head: usize) -> usize {
    let below = lines[head + 1..].iter();
    head + 1 + below.take_while(|line| line.numbers.iter().any(|n| n.decimals)).count()
}
