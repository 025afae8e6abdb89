//! Which parts of a text redaction takes out: for a drawing in which every word keeps its place.

use std::ops::Range;

use super::{HIDDEN, fold, redact};

/// The bytes of `text` that [`redact`] hides. Whatever is not among them stands in the redacted text
/// too: where a stretch can be laid in more than one way, which one is taken says nothing more.
pub fn hidden(text: &str) -> Vec<Range<usize>> {
    let safe = redact(text);
    let seen: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| !fold::visible(c.encode_utf8(&mut [0; 4])).is_empty())
        .collect();
    let kept: Vec<Vec<char>> = safe.split(HIDDEN).map(|part| part.chars().collect()).collect();
    let mut ranges = Vec::new();
    // How many characters are laid.
    let mut at = 0;
    for (index, part) in kept.iter().enumerate() {
        let (first, last) = (index == 0, index + 1 == kept.len());
        let found = match (first, last) {
            (true, _) => Some(0).filter(|_| is_at(&seen, 0, part)),
            (false, true) => seen
                .len()
                .checked_sub(part.len())
                .filter(|end| *end >= at && is_at(&seen, *end, part)),
            (false, false) => (at..=seen.len()).find(|from| is_at(&seen, *from, part)),
        };
        let Some(found) = found else {
            // It cannot be laid: all that is left is hidden.
            ranges.push(byte(&seen, text, at)..text.len());
            return ranges;
        };
        if !first && found > at {
            ranges.push(byte(&seen, text, at)..byte(&seen, text, found));
        }
        at = found + part.len();
    }
    if at < seen.len() {
        ranges.push(byte(&seen, text, at)..text.len());
    }
    ranges
}

fn is_at(seen: &[(usize, char)], from: usize, part: &[char]) -> bool {
    seen.get(from..from + part.len())
        .is_some_and(|some| some.iter().map(|(_, c)| *c).eq(part.iter().copied()))
}

/// Where the character number `index` begins.
fn byte(seen: &[(usize, char)], text: &str, index: usize) -> usize {
    seen.get(index).map_or(text.len(), |(byte, _)| *byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::hidden;
    use crate::privacy::{fold, redact};

    /// What is left in sight.
    fn left(text: &str) -> String {
        let ranges = hidden(text);
        let seen = text.char_indices().filter(|(at, _)| !ranges.iter().any(|r| r.contains(at)));
        fold::visible(&seen.map(|(_, c)| c).collect::<String>())
    }

    #[test]
    fn numbers_and_names_are_found_where_they_stand() {
        for (text, parts) in [
            ("TOTAL 36.00", vec![]),
            ("Call 9123 4567 please", vec!["9123 4567"]),
            ("a@b.c d@e.f", vec!["a@b.c", "d@e.f"]),
            ("Tea\nMember: Chan Siu Ming\nBun", vec!["Chan Siu Ming"]),
            ("電話91234567多謝", vec!["91234567"]),
        ] {
            let found: Vec<&str> = hidden(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, parts, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_in_sight_is_what_redaction_leaves(
            text in "([0-9A-Za-z@.+*() -]|會員|Member|: |\n|\u{200B}|９){0,40}",
        ) {
            // Stars that were printed count as hidden.
            let safe = redact(&text).replace("***", "");
            prop_assert_eq!(left(&text), safe);
        }

        #[test]
        fn any_text_is_looked_at_without_a_fault(text in any::<String>()) {
            prop_assert_eq!(left(&text), redact(&text).replace("***", ""));
        }
    }
}
