//! What is known of a printer: its command language, its text encoding, and what its bytes' times
//! mean.

use serde::{Deserialize, Serialize};

use crate::text::codepage::Page;

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
#[serde(try_from = "String", into = "&'static str")]
pub enum Encoding {
    /// Decided from the text.
    #[default]
    Auto,
    /// GB 18030 (holds GBK and GB 2312).
    Gb18030,
    /// Big5 with HKSCS.
    Big5,
    /// Shift-JIS.
    ShiftJis,
    /// EUC-KR with the Hangul of code page 949.
    EucKr,
    /// UTF-8.
    Utf8,
    /// The code page that the till selects with `ESC t`, single-byte.
    CodePage,
    /// This single-byte page, whatever the till selects.
    Page(Page),
}

impl Encoding {
    /// All that are no single page.
    const FAMILIES: [Self; 7] = [
        Self::Auto,
        Self::Gb18030,
        Self::Big5,
        Self::ShiftJis,
        Self::EucKr,
        Self::Utf8,
        Self::CodePage,
    ];

    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::FAMILIES.into_iter().chain(Page::ALL.iter().copied().map(Self::Page))
    }

    /// The configured word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift-jis",
            Self::EucKr => "euc-kr",
            Self::Utf8 => "utf-8",
            Self::CodePage => "code-page",
            Self::Page(page) => page.as_str(),
        }
    }

    /// The encoding called `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|encoding| encoding.as_str() == word)
    }
}

impl From<Encoding> for &'static str {
    fn from(encoding: Encoding) -> Self {
        encoding.as_str()
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| format!("expected an encoding, found {word:?}"))
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

#[cfg(test)]
mod tests {
    use super::{Dialect, Encoding};

    #[test]
    fn words_read_back() {
        for word in ["auto", "escpos", "star-line", "star-prnt"] {
            assert_eq!(Dialect::parse(word).map(Dialect::as_str), Some(word));
        }
        let words = ["auto", "gb18030", "big5", "utf-8", "code-page", "shift-jis", "euc-kr"];
        for word in words.into_iter().chain(["cp866", "windows-1258", "cp874", "tcvn3"]) {
            assert_eq!(Encoding::parse(word).map(Encoding::as_str), Some(word));
        }
        assert_eq!(Encoding::parse("latin-1"), None);
    }

    #[test]
    fn an_encoding_is_kept_by_its_word() {
        for encoding in Encoding::all() {
            let json = serde_json::to_string(&encoding).expect("a word serialises");
            assert_eq!(json, format!("\"{}\"", encoding.as_str()));
            assert_eq!(serde_json::from_str::<Encoding>(&json).ok(), Some(encoding));
        }
        assert!(serde_json::from_str::<Encoding>("\"latin-1\"").is_err());
    }
}
