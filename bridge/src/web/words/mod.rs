//! What the page says, in its two languages: written Chinese as in Hong Kong, and English.
//!
//! A table a page. Kinds of event, means of payment and alarms are worded as in messages.

mod common;
mod events;
mod home;
mod outbox;
mod receipt;
mod settings;
mod teach;

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Object;

use crate::config::Language;
use crate::wording;

/// A word's name, and the word in `zh-HK` and `en`.
type Table = &'static [(&'static str, &'static str, &'static str)];

/// All tables.
const TABLES: &[Table] = &[
    common::WORDS,
    home::WORDS,
    receipt::WORDS,
    events::WORDS,
    outbox::WORDS,
    settings::WORDS,
    teach::WORDS,
];

/// A language that the page is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    /// Traditional Chinese as written in Hong Kong.
    ZhHk,
    /// English.
    En,
}

impl Tongue {
    /// The one for a shop whose messages are in `language`.
    pub(super) fn of(language: Language) -> Self {
        match language {
            Language::ZhHk | Language::ZhCn => Self::ZhHk,
            Language::En | Language::Id => Self::En,
        }
    }

    /// By its code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        [Self::ZhHk, Self::En].into_iter().find(|tongue| tongue.code() == code)
    }

    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::ZhHk => "zh-HK",
            Self::En => "en",
        }
    }

    /// Its own name of itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ZhHk => "中文",
            Self::En => "English",
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::ZhHk => Self::En,
            Self::En => Self::ZhHk,
        }
    }

    /// The language of messages that it is.
    pub(super) fn language(self) -> Language {
        match self {
            Self::ZhHk => Language::ZhHk,
            Self::En => Language::En,
        }
    }

    /// A word; its name where there is none, which a test rules out for the templates.
    pub(super) fn say(self, name: &'static str) -> &'static str {
        self.find(name).unwrap_or(name)
    }

    /// A word with `{hole}`s filled.
    pub(super) fn fill(self, name: &'static str, values: &[(&str, &str)]) -> String {
        wording::filled(self.say(name), values)
    }

    fn find(self, name: &str) -> Option<&'static str> {
        let found = TABLES.iter().copied().flatten().find(|(key, ..)| *key == name);
        found.map(|(_, zh_hk, en)| match self {
            Self::ZhHk => *zh_hk,
            Self::En => *en,
        })
    }
}

/// The words of one language, as templates name them: `{{ w.takings }}`. One that is missing is an
/// error there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words(pub(super) Tongue);

impl Object for Words {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.find(key.as_str()?).map(Value::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{TABLES, Tongue};

    #[test]
    fn every_word_is_there_once_in_both_languages_with_the_same_holes() {
        let holes = |text: &'static str| -> BTreeSet<&str> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
        };
        let mut seen = BTreeSet::new();
        for (name, zh_hk, en) in TABLES.iter().copied().flatten() {
            assert!(seen.insert(*name), "{name} is there twice");
            assert!(!zh_hk.is_empty() && !en.is_empty(), "{name}");
            assert_eq!(holes(zh_hk), holes(en), "{name}");
        }
        let said = Tongue::En.fill("ago_minutes", &[("count", "{count}")]);
        assert!(said.contains("{count}"), "values are not read again: {said}");
    }
}
