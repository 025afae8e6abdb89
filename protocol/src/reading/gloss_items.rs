//! Lines of goods as a profile lays them out: which number is the quantity, the price, the amount.
//!
//! Not here: whether they multiply, which the reader of items finds out.

use core::ops::Range;

use super::fold::Folded;
use super::gloss::Edit;
use super::vocabulary;
use crate::document::line::Line;
use crate::profile::Layout;
use crate::text;

/// An item's line with its numbers marked: the quantity as a factor, the unit price as a price, and
/// nothing beside its cells; and where its name is. `None` where the line is no item's.
pub(super) fn marks(
    layout: &Layout,
    line: Line<'_>,
    folded: &Folded,
) -> Option<(Option<Range<usize>>, Vec<Edit>)> {
    let cells = match layout {
        Layout::Line(regex) => regex.captures(line.text).map(|captures| {
            CELLS.map(|name| captures.name(name).map(|cell| folded.chars_of(cell.range())))
        }),
        Layout::Columns(columns) => Some(in_columns(columns, line, folded)),
    };
    let [name, quantity, price, amount] = cells?;
    let text = |chars: &Range<usize>| folded.chars[chars.clone()].iter().collect::<String>();
    let is_number = |cell: &Option<Range<usize>>| {
        cell.as_ref().is_none_or(|cell| {
            let text = text(cell);
            text.trim().chars().all(|c| c.is_ascii_digit() || "X*@.,-() $".contains(c))
        })
    };
    let named = name.as_ref().is_none_or(|name| {
        let text = text(name);
        text.contains(char::is_alphabetic) && vocabulary::role(text.trim()).is_none()
    });
    let priced = amount.as_ref().is_some_and(|a| text(a).contains(|c: char| c.is_ascii_digit()));
    if !named || !priced || ![&quantity, &price, &amount].into_iter().all(is_number) {
        return None;
    }
    if names_a_sum(folded, name.as_ref(), amount.as_ref()?.start) {
        return None;
    }
    let mut edits = beside(&[&name, &quantity, &price, &amount], folded.chars.len());
    if let Some(end) = quantity.and_then(|cell| digits_end(folded, &cell)) {
        edits.push(Edit { chars: end..end, with: "X" });
    }
    if let Some(start) = price.and_then(|cell| digits_start(folded, &cell)) {
        edits.push(Edit { chars: start..start, with: "@" });
    }
    Some((name, edits))
}

/// Whether a word of the sums (`TOTAL`, `CASH`) stands before the amount and not within the name: cut
/// away with what is beside the cells, its amount would be nobody's.
fn names_a_sum(folded: &Folded, name: Option<&Range<usize>>, amount: usize) -> bool {
    let within = |word: &Range<usize>| {
        name.is_some_and(|name| name.start <= word.start && word.end <= name.end)
    };
    let mut words = vocabulary::matches(folded).into_iter();
    words.any(|found| {
        found.word.role.is_some() && found.chars.start < amount && !within(&found.chars)
    })
}

/// Names of an item's cells, in the order of [`Layout::Columns`].
const CELLS: [&str; 4] = ["name", "quantity", "unit_price", "amount"];

/// Just past a bare number's last digit.
fn digits_end(folded: &Folded, cell: &Range<usize>) -> Option<usize> {
    let end = cell.clone().rev().find(|i| folded.chars[*i].is_ascii_digit())? + 1;
    let marked = cell.clone().any(|i| matches!(folded.chars[i], 'X' | '*'));
    (!marked && !folded.char(end).is_ascii_alphanumeric()).then_some(end)
}

/// A bare number's first digit.
fn digits_start(folded: &Folded, cell: &Range<usize>) -> Option<usize> {
    let start = cell.clone().find(|i| folded.chars[*i].is_ascii_digit())?;
    (folded.before(start) == ' ').then_some(start)
}

/// What stands beside an item's cells is taken out.
fn beside(cells: &[&Option<Range<usize>>], len: usize) -> Vec<Edit> {
    let mut kept: Vec<Range<usize>> = cells.iter().filter_map(|cell| (*cell).clone()).collect();
    kept.sort_by_key(|cell| cell.start);
    let mut out = Vec::new();
    let mut from = 0;
    for cell in kept {
        if cell.start > from {
            out.push(Edit { chars: from..cell.start, with: "" });
        }
        from = from.max(cell.end);
    }
    if from < len {
        out.push(Edit { chars: from..len, with: "" });
    }
    out
}

/// The characters of a line by the columns they begin in.
fn in_columns(
    columns: &[Option<Range<usize>>; 4],
    line: Line<'_>,
    folded: &Folded,
) -> [Option<Range<usize>>; 4] {
    let mut starts = Vec::with_capacity(folded.chars.len());
    let mut column = line.margin;
    for c in line.text.chars() {
        starts.push(column);
        column += text::columns(c);
    }
    let at = |column: usize| starts.partition_point(|start| *start < column);
    columns.each_ref().map(|range| {
        let range = range.as_ref()?;
        let chars = at(range.start)..at(range.end);
        (!chars.is_empty()).then_some(chars)
    })
}
