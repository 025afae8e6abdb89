//! Letter and tone mark of Vietnamese as one character.
//!
//! Windows-1258 sends them as two; a receipt is read, searched and measured by whole letters.

/// Base letters, each with grave, hook, tilde, acute and dot below.
const LETTERS: [(char, &str); 24] = [
    ('A', "ÀẢÃÁẠ"),
    ('a', "àảãáạ"),
    ('Ă', "ẰẲẴẮẶ"),
    ('ă', "ằẳẵắặ"),
    ('Â', "ẦẨẪẤẬ"),
    ('â', "ầẩẫấậ"),
    ('E', "ÈẺẼÉẸ"),
    ('e', "èẻẽéẹ"),
    ('Ê', "ỀỂỄẾỆ"),
    ('ê', "ềểễếệ"),
    ('I', "ÌỈĨÍỊ"),
    ('i', "ìỉĩíị"),
    ('O', "ÒỎÕÓỌ"),
    ('o', "òỏõóọ"),
    ('Ô', "ỒỔỖỐỘ"),
    ('ô', "ồổỗốộ"),
    ('Ơ', "ỜỞỠỚỢ"),
    ('ơ', "ờởỡớợ"),
    ('U', "ÙỦŨÚỤ"),
    ('u', "ùủũúụ"),
    ('Ư', "ỪỬỮỨỰ"),
    ('ư', "ừửữứự"),
    ('Y', "ỲỶỸÝỴ"),
    ('y', "ỳỷỹýỵ"),
];

/// `base` with `mark` on it, where that is a letter of Vietnamese.
pub(super) fn compose(base: char, mark: char) -> Option<char> {
    let index = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}']
        .iter()
        .position(|listed| *listed == mark)?;
    let (_, marked) = LETTERS.iter().find(|(letter, _)| *letter == base)?;
    marked.chars().nth(index)
}

#[cfg(test)]
mod tests {
    use super::compose;

    #[test]
    fn tones_join_their_letter() {
        assert_eq!(compose('ơ', '\u{309}'), Some('ở'));
        assert_eq!(compose('E', '\u{323}'), Some('Ẹ'));
        assert_eq!(compose('n', '\u{303}'), None);
        assert_eq!(compose('a', 'b'), None);
    }
}
