//! When two names are the same name, and which ones somebody may have meant.

use crate::config::distance;

/// Most names offered.
const MAX_OFFERED: usize = 3;
/// Characters of a name that have to fit for each that may be wrong.
const FIT: usize = 3;

/// `name` as it is compared: full-width letters, digits and signs as half-width ones, small letters,
/// one blank where there are several.
pub(crate) fn folded(name: &str) -> String {
    let half = name.chars().map(|c| match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFF01 + u32::from('!')).unwrap_or(c)
        }
        '\u{3000}' => ' ',
        other => other,
    });
    let small: String = half.flat_map(char::to_lowercase).collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names like `name`, the likeliest first. They are for a person to choose from.
pub fn suggestions<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = folded(name);
    let length = wanted.chars().count();
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|known| {
            let folded = folded(known);
            let shorter = length.min(folded.chars().count());
            // Two characters are a word already where words are written with one or two.
            let part = shorter >= 2 && (wanted.contains(&folded) || folded.contains(&wanted));
            let slips = distance(&wanted, &folded);
            (part || slips * FIT <= shorter.max(FIT).min(length.max(1))).then_some((slips, known))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MAX_OFFERED);
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{folded, suggestions};

    #[test]
    fn width_case_and_blanks_make_no_difference_and_everything_else_does() {
        for name in ["Milk Tea", "ＭＩＬＫ　ＴＥＡ", " milk\t tea "] {
            assert_eq!(folded(name), "milk tea");
        }
        assert_ne!(folded("凍奶茶"), folded("凍檸茶"));
        assert_ne!(folded("Tea 1"), folded("Tea 2"));
    }

    #[test]
    fn near_names_are_offered_the_nearest_first_and_others_are_not() {
        let known = ["凍奶茶", "熱奶茶", "蝦餃", "Pearl milk tea", "Milk tea"];
        let offered = |name: &str| suggestions(name, known.into_iter());
        assert_eq!(offered("凍奶荼"), ["凍奶茶"]);
        assert_eq!(offered("奶茶"), ["凍奶茶", "熱奶茶"]);
        assert_eq!(offered("Milk tee"), ["Milk tea"]);
        assert_eq!(offered("Milk tea (L)"), ["Milk tea"]);
        assert_eq!(offered("Cola"), Vec::<&str>::new());
        assert_eq!(offered(""), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(name in any::<String>()) {
            let once = folded(&name);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
