//! Text on paper of so many columns: a CJK character takes two.
//!
//! Nothing is ever cut off: text that is too long makes a long line, and the printer wraps it.

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Everything from the CJK radicals up is double width in the fonts of receipt printers, full-width
/// forms and the ideographic space included.
/// Tones and vowels above and below the letters of Vietnamese and Thai take no column of their own.
fn columns_of(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036F}'
        | '\u{0E31}'
        | '\u{0E34}'..='\u{0E3A}'
        | '\u{0E47}'..='\u{0E4E}' => 0,
        '\u{2E80}'.. => 2,
        _ => 1,
    }
}

/// `text` and then blanks up to `columns`.
fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", blanks(columns, text))
}

/// `label` at the left edge, `value` at the right, at least one blank between them.
pub(super) fn apart(label: &str, value: &str, columns: usize) -> String {
    let room = columns.saturating_sub(width(value)).max(width(label) + 1);
    format!("{}{value}", left(label, room))
}

/// Cells side by side: columns at the left edge of their room where that is positive, at the right
/// edge where it is negative. What is too wide for its cell is followed by one blank.
pub(super) fn cells(row: &[(&str, i32)]) -> String {
    let mut line = String::new();
    let mut edge = 0;
    for &(text, room) in row {
        edge += room.unsigned_abs() as usize;
        let taken = width(&line);
        let start = if room < 0 { edge.saturating_sub(width(text)) } else { edge - room as usize };
        let least = taken + usize::from(taken > 0);
        line.push_str(&" ".repeat(start.max(least) - taken));
        line.push_str(text);
    }
    line
}

fn blanks(columns: usize, text: &str) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use super::{apart, cells, width};

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
    }

    #[test]
    fn cells_keep_their_edges_and_never_touch() {
        assert_eq!(cells(&[("2", -3), ("Tea", 6), ("18.00", -8)]), "  2 Tea     18.00");
        assert_eq!(cells(&[("茶", 4), ("18.00", -6)]), "茶   18.00");
        assert_eq!(cells(&[("long name", 4), ("18.00", -6)]), "long name 18.00");
    }

    #[test]
    fn thai_marks_take_no_column() {
        assert_eq!(width("ต้มยำกุ้ง"), 6);
    }

    #[test]
    fn nothing_is_cut_off() {
        assert_eq!(apart("a long label", "36.00", 8), "a long label 36.00");
    }
}
