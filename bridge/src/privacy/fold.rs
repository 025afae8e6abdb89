//! Characters as what they look like, so that a number is found however it is written.

/// The first digit of each script that tills print numbers in.
const ZEROS: [char; 7] = ['0', '０', '٠', '۰', '०', '๐', '၀'];

/// `text` without the characters that nobody sees: they can split a number that is read as one, or
/// make a line read as something else than it says.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// `c` as the plain character it looks like: full-width forms, digits of other scripts, dashes and
/// spaces of any width. One character stays one.
pub(super) fn fold(c: char) -> char {
    for zero in ZEROS {
        if let Some(value) = (c as u32).checked_sub(zero as u32).filter(|value| *value < 10) {
            return (b'0' + value as u8) as char;
        }
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\n' => '\n',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, visible};

    #[test]
    fn look_alikes_become_what_they_look_like() {
        let folded: String = "Ａ９٩๙（\u{3000}–\u{A0}\n茶".chars().map(fold).collect();
        assert_eq!(folded, "A999( - \n茶");
        assert_eq!(visible("a\u{200B}\u{202E}b\tc\u{7}\n"), "ab\tc\n");
    }
}
