//! Bytes to characters: what the printer's character generator would have shown.
//!
//! Which encoding double-byte text is in is not said by the stream. It is settled once for a whole
//! document, from the text itself and from what the same printer sent before ([`detect`]), and only
//! then are bytes turned into characters ([`decode`]). Every character remembers its bytes.
//!
//! Not here: words, columns of amounts, languages.

pub mod codepage;
mod compose;
pub mod decode;
#[cfg(test)]
mod decode_tests;
pub mod detect;
#[cfg(test)]
mod detect_tests;
mod frequent;
mod international;
mod memo;
mod pages;
mod pair;
mod score;
mod score_page;
mod width;

use serde::{Deserialize, Serialize};

pub use memo::Memo;
pub use pages::Pages;
pub use width::columns;

/// The character settings of a printer. They outlive receipts: only a command or power-off changes
/// them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that one command sets")]
pub struct CharacterState {
    /// `ESC t`: number of the single-byte code page.
    pub code_page: u8,
    /// `FS &`: double-byte characters were switched on.
    pub double_byte: bool,
    /// `FS ( C`: UTF-8 was switched on.
    pub utf8: bool,
    /// `ESC R`: number of the international character set.
    #[serde(skip_serializing_if = "is_zero")]
    pub international: u8,
    /// `FS C`: 0 where Kanji are JIS codes, 1 where they are Shift-JIS.
    #[serde(skip_serializing_if = "is_zero")]
    pub kanji: u8,
    /// The numbers of code pages are Star's.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub star: bool,
    /// `ESC % 1`: characters that the till has drawn itself take the place of the printer's.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub user_defined: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if asks so")]
fn is_zero(n: &u8) -> bool {
    *n == 0
}

/// An encoding that was settled on for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// No byte from 80 up occurs.
    Ascii,
    /// GB 18030.
    Gb18030,
    /// Big5 with HKSCS.
    Big5,
    /// Shift-JIS with the NEC and IBM rows; in JIS mode its seven-bit pairs.
    ShiftJis,
    /// EUC-KR with the Hangul of code page 949.
    EucKr,
    /// UTF-8.
    Utf8,
    /// The single-byte code page in force.
    CodePage,
}

impl Charset {
    /// The name in `evidence.encoding`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift-jis",
            Self::EucKr => "euc-kr",
            Self::Utf8 => "utf-8",
            Self::CodePage => "code-page",
        }
    }
}
