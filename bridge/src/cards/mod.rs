//! What stands on interactive cards: a matter to be decided, and the day.
//!
//! Pure: variables for a template and what a button means. Cards are made and changed in `matters`.
//!
//! # The variables
//! | card | variable | value |
//! |---|---|---|
//! | both | `title`, `text` | one line; a few, as Markdown |
//! | matter | `state` | where it stands, in words |
//! | | `open` | `true` while it can be decided: the template shows its buttons then |
//! | | `seen` | who has seen it, in words; empty: nobody |
//! | | `told` (private) | what the one who pressed is told |
//! | day | `time` | when it was changed last |
//!
//! A value holds 1 KB, says DingTalk: longer ones end with "…".

mod button;
mod matter;
mod today;

pub(crate) use button::Button;
pub(crate) use matter::{matter_card, matter_state, told};
pub(crate) use today::{Shown, today_card};

use crate::dingtalk::openapi::CardData;

/// Largest value of a card's variable, in bytes, says DingTalk.
const MAX_VALUE_BYTES: usize = 1_024;

/// `values` as a card takes them.
fn fitted<const N: usize>(values: [(&str, String); N]) -> CardData {
    values.into_iter().map(|(name, value)| (name.to_owned(), shortened(value))).collect()
}

/// `text`, or as much of it as a variable holds.
fn shortened(text: String) -> String {
    if text.len() <= MAX_VALUE_BYTES {
        return text;
    }
    let end = text.floor_char_boundary(MAX_VALUE_BYTES - '…'.len_utf8());
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::{MAX_VALUE_BYTES, shortened};

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(shortened("茶".into()), "茶");
        let fits = "茶".repeat(341);
        assert_eq!(shortened(fits.clone()), fits);
        let cut = shortened("茶".repeat(342));
        assert!(cut.len() <= MAX_VALUE_BYTES && cut.ends_with("茶…"), "{}", cut.len());
    }
}
