//! Finding a receipt number or an amount in what people read.
//!
//! It knows no message format: a number counts wherever it stands as a whole.

/// Whether `text` holds `word` as a word or number of its own, whatever escapes Markdown put in and
/// however thousands are separated.
pub(super) fn holds_word(text: &str, word: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, '\\' | ',')).collect();
    let part_of_one = |c: char| c.is_ascii_alphanumeric();
    !word.is_empty()
        && plain.match_indices(word).any(|(at, _)| {
            let before = plain[..at].chars().next_back();
            let mut after = plain[at + word.len()..].chars();
            let (next, second) = (after.next(), after.next());
            let decimals = next == Some('.') && second.is_some_and(|c| c.is_ascii_digit());
            let joined = before.is_some_and(|c| c == '.' || c.is_ascii_digit())
                || (!word.contains('.') && before.is_some_and(part_of_one))
                || next.is_some_and(part_of_one)
                || decimals;
            !joined
        })
}

#[cfg(test)]
mod tests {
    use super::holds_word;

    #[test]
    fn a_number_is_found_as_a_whole_only() {
        for text in ["#1001", "New Order: #1001, Amount", "單號1001", "1001.", "\\#1001"] {
            assert!(holds_word(text, "1001"), "{text}");
        }
        for text in ["#10010", "21001", "1001.50", "a1001", "0.1001", ""] {
            assert!(!holds_word(text, "1001"), "{text}");
        }
        for text in ["HK$36.00", "HK$36\\.00", "金額36.00元"] {
            assert!(holds_word(text, "36.00"), "{text}");
        }
        assert!(holds_word("HK$1,036.00", "1036.00"));
        assert!(!holds_word("HK$136.00", "36.00") && !holds_word("HK$36.005", "36.00"));
    }
}
