//! Languages, and the same words in several of them.

/// Language of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Traditional Chinese as written in Hong Kong.
    ZhHant,
    /// Simplified Chinese.
    ZhHans,
    /// Indonesian.
    Id,
    /// Malay.
    Ms,
    /// Vietnamese.
    Vi,
    /// Thai.
    Th,
    /// Japanese.
    Ja,
}

/// The same words in every language of one shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Traditional Chinese; English outside Hong Kong.
    pub zh: &'static str,
    /// The language of the shop's own country; English in Hong Kong and London.
    pub local: &'static str,
}

impl Words {
    /// The words in `language`.
    pub fn of(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::ZhHant => self.zh,
            Language::ZhHans
            | Language::Id
            | Language::Ms
            | Language::Vi
            | Language::Th
            | Language::Ja => self.local,
        }
    }
}

/// Words of a shop in Hong Kong.
pub(super) const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh, local: en }
}

/// Words of a shop elsewhere.
pub(super) const fn local(en: &'static str, local: &'static str) -> Words {
    Words { en, zh: en, local }
}

/// Words that are the same everywhere, such as brands.
pub(super) const fn same(text: &'static str) -> Words {
    Words { en: text, zh: text, local: text }
}
