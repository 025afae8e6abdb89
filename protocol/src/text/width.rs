//! How many columns of paper a character takes.

/// Columns that `c` takes on paper: two for the wide characters of East Asian fonts, none for
/// marks that stand above or below the letter before.
pub fn columns(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        _ if is_mark(c) => 0,
        _ if is_wide(c) => 2,
        _ => 1,
    }
}

/// Whether `c` is drawn over its neighbour.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}'..='\u{5C2}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{E31}' | '\u{E34}'..='\u{E3A}'
        | '\u{E47}'..='\u{E4E}' | '\u{17B4}'..='\u{17B5}' | '\u{17B7}'..='\u{17BD}' | '\u{17C6}'
        | '\u{17C9}'..='\u{17D3}' | '\u{200B}'..='\u{200F}' | '\u{3099}'..='\u{309A}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{FEFF}')
}

/// Private use stands here too: the printers that have such characters have them as Kanji.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{E000}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::columns;

    fn width(text: &str) -> usize {
        text.chars().map(columns).sum()
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("計A："), 5);
        assert_eq!(width("합계"), 4);
    }

    #[test]
    fn half_width_katakana_take_one_column() {
        assert_eq!(width("ｺﾞｳｹｲ"), 5);
    }

    #[test]
    fn marks_above_and_below_take_none() {
        assert_eq!(width("ที่"), 1);
        assert_eq!(width("ใบสั่งอาหาร"), 9);
        assert_eq!(width("e\u{301}"), 1);
    }
}
