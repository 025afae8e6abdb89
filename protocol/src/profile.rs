//! What is known of a printer before its first byte: language, encoding, idle time, currency.

use serde::{Deserialize, Serialize};

use crate::drawer;
use crate::money::Currency;

/// Printer command language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Found out from the stream.
    #[default]
    Auto,
    /// Epson ESC/POS and its clones.
    Escpos,
    /// Star Line Mode.
    StarLine,
    /// StarPRNT.
    StarPrnt,
}

impl Dialect {
    /// The configured word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Escpos => "escpos",
            Self::StarLine => "star-line",
            Self::StarPrnt => "star-prnt",
        }
    }

    /// The dialect called `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Auto, Self::Escpos, Self::StarLine, Self::StarPrnt]
            .into_iter()
            .find(|dialect| dialect.as_str() == word)
    }
}

/// Text encoding of bytes from 80 up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Decided from the text.
    #[default]
    Auto,
    /// GB 18030 (holds GBK and GB 2312).
    Gb18030,
    /// Big5 with HKSCS.
    Big5,
    /// UTF-8.
    Utf8,
    /// The code page that the till selects with `ESC t`, single-byte.
    CodePage,
}

impl Encoding {
    /// The configured word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::Utf8 => "utf-8",
            Self::CodePage => "code-page",
        }
    }

    /// The encoding called `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Auto, Self::Gb18030, Self::Big5, Self::Utf8, Self::CodePage]
            .into_iter()
            .find(|encoding| encoding.as_str() == word)
    }
}

/// Whether the time stamps of the bytes mean anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Taken off a wire as they came.
    #[default]
    Live,
    /// Read from a file: all bytes carry one time.
    File,
}

/// Milliseconds of silence that end a document where nothing else is configured.
pub const DEFAULT_IDLE_MS: u64 = 3_000;

/// What is known of one printer beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name, as evidence shows it.
    pub name: String,
    /// Command language.
    pub dialect: Dialect,
    /// Text encoding.
    pub encoding: Encoding,
    /// Milliseconds of silence that end a document.
    pub idle_ms: u64,
    /// What the time stamps of the bytes mean.
    pub timing: Timing,
    /// The drawer and its sensor.
    #[serde(default)]
    pub drawer: drawer::Setup,
    /// Currency where the receipt names none.
    #[serde(skip)]
    pub currency: Option<Currency>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: "auto".to_owned(),
            dialect: Dialect::Auto,
            encoding: Encoding::Auto,
            idle_ms: DEFAULT_IDLE_MS,
            timing: Timing::Live,
            drawer: drawer::Setup::default(),
            currency: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Encoding};

    #[test]
    fn words_read_back() {
        for word in ["auto", "escpos", "star-line", "star-prnt"] {
            assert_eq!(Dialect::parse(word).map(Dialect::as_str), Some(word));
        }
        for word in ["auto", "gb18030", "big5", "utf-8", "code-page"] {
            assert_eq!(Encoding::parse(word).map(Encoding::as_str), Some(word));
        }
        assert_eq!(Encoding::parse("latin-1"), None);
    }
}
