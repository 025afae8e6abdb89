//! Text on paper of so many columns: a CJK character takes two.
//!
//! Nothing is ever cut off: text that is too long makes a long line, and the printer wraps it.

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Everything from the CJK radicals up is double width in the fonts of receipt printers, full-width
/// forms and the ideographic space included.
fn columns_of(c: char) -> usize {
    if c >= '\u{2E80}' { 2 } else { 1 }
}

/// `text` and then blanks up to `columns`.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", blanks(columns, text))
}

/// Blanks up to `columns` and then `text`.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", blanks(columns, text))
}

/// `label` at the left edge, `value` at the right, at least one blank between them.
pub(super) fn apart(label: &str, value: &str, columns: usize) -> String {
    let room = columns.saturating_sub(width(value)).max(width(label) + 1);
    format!("{}{value}", left(label, room))
}

fn blanks(columns: usize, text: &str) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use super::{apart, right, width};

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(width("應付金額："), 10);
        assert_eq!(width("Tea"), 3);
    }

    #[test]
    fn a_value_ends_at_the_right_edge_whatever_the_label() {
        for label in ["TOTAL", "應付金額："] {
            assert_eq!(width(&apart(label, "36.00", 32)), 32);
        }
        assert_eq!(right("找", 4), "  找");
    }

    #[test]
    fn nothing_is_cut_off() {
        assert_eq!(apart("a long label", "36.00", 8), "a long label 36.00");
    }
}
