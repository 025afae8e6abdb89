//! Finding a receipt number or an amount in what people read.
//!
//! It knows no message format: a number counts wherever it stands as a whole.

use std::collections::BTreeSet;

/// `text` without the escapes that Markdown needs and without separators of thousands.
pub(super) fn plain(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|c| *c != '\\').collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let separates = |at: usize| {
        letters[at] == ','
            && at.checked_sub(1).is_some_and(digit)
            && (1..=3).all(|n| digit(at + n))
            && !digit(at + 4)
    };
    (0..letters.len()).filter(|at| !separates(*at)).map(|at| letters[at]).collect()
}

/// The words and numbers of `plain` text: what stands between anything but ASCII letters, digits and
/// points within. A sign and a currency are no part of a number.
pub(super) fn words(plain: &str) -> BTreeSet<&str> {
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{plain, words};

    fn holds(text: &str, word: &str) -> bool {
        words(&plain(text)).contains(word)
    }

    #[test]
    fn a_number_is_found_as_a_whole_only() {
        for text in ["#1001", "New Order: #1001, Amount", "單號1001", "1001.", "\\#1001"] {
            assert!(holds(text, "1001"), "{text}");
        }
        for text in ["#10010", "21001", "1001.50", "a1001", "0.1001", ""] {
            assert!(!holds(text, "1001"), "{text}");
        }
        for text in ["HK$36.00", "HK$36\\.00", "金額36.00元", "-HK$36.00"] {
            assert!(holds(text, "36.00"), "{text}");
        }
        assert!(holds("HK$1,036.00", "1036.00") && holds("12:01, 1001, 36.00", "1001"));
        assert!(!holds("HK$136.00", "36.00") && !holds("HK$36.005", "36.00"));
    }
}
