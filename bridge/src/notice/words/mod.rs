//! What is said, in the four languages of messages. No logic but the choice of one.
//!
//! `zh-HK` is written Chinese as shops in Hong Kong write it, `zh-CN` has the mainland's words and not
//! only its characters.

mod alarms;
mod approvals;
mod asked;
mod digests;
mod exceptions;
mod exceptions_later;
mod findings;
mod kinds;
mod labels;
mod reckonings;
mod stock;
mod summaries;

pub(super) use alarms::*;
pub(super) use approvals::*;
pub(super) use asked::*;
pub(super) use digests::*;
pub(super) use exceptions::*;
pub(super) use findings::*;
pub(super) use kinds::*;
pub(super) use labels::*;
pub(super) use reckonings::*;
pub(super) use stock::*;
pub(super) use summaries::*;

use crate::config::Language;
use crate::wording;

/// A word in every language.
#[derive(Clone, Copy)]
pub(super) struct Word {
    zh_hk: &'static str,
    zh_cn: &'static str,
    en: &'static str,
    id: &'static str,
}

impl Word {
    const fn new(
        zh_hk: &'static str,
        zh_cn: &'static str,
        en: &'static str,
        id: &'static str,
    ) -> Self {
        Self { zh_hk, zh_cn, en, id }
    }

    /// One that all languages write alike.
    const fn same(word: &'static str) -> Self {
        Self::new(word, word, word, word)
    }

    /// The word in `language`.
    pub(super) fn of(self, language: Language) -> &'static str {
        match language {
            Language::ZhHk => self.zh_hk,
            Language::ZhCn => self.zh_cn,
            Language::En => self.en,
            Language::Id => self.id,
        }
    }

    /// The word in `language`, with `{name}` replaced by its value for each of `values`.
    pub(super) fn with(self, language: Language, values: &[(&str, &str)]) -> String {
        wording::filled(self.of(language), values)
    }
}

#[cfg(test)]
mod tests {
    use super::Word;
    use crate::config::Language;

    #[test]
    fn holes_are_filled_by_name_and_values_are_not_read_again() {
        let word = Word::same("{count} of {name}");
        let said = word.with(Language::En, &[("name", "{count}"), ("count", "3")]);
        assert_eq!(said, "3 of {count}");
    }
}
