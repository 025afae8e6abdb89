//! Bytes to characters: what the printer's character generator would have shown.
//!
//! Which encoding double-byte text is in is not said by the stream. It is settled once for a whole
//! document, from the text itself and from what the same printer sent before ([`detect`]), and only
//! then are bytes turned into characters ([`decode`]). Every character remembers its bytes.
//!
//! Not here: words, columns of amounts, languages.

pub mod codepage;
pub mod decode;
pub mod detect;
mod frequent;

use serde::{Deserialize, Serialize};

/// The character settings of a printer. They outlive receipts: only a command or power-off changes
/// them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mode of the printer of its own")]
pub struct CharacterState {
    /// `ESC t`: number of the single-byte code page.
    pub code_page: u8,
    /// `FS &`: double-byte characters were switched on.
    pub double_byte: bool,
    /// `FS ( C`: UTF-8 was switched on.
    pub utf8: bool,
    /// `ESC R`: number of the international set.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub international: u8,
    /// `FS C`: Kanji code system, 0 JIS, 1 Shift-JIS.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub kanji: u8,
    /// Page numbers and defaults are Star's.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub star: bool,
    /// `ESC %`: characters that the till has drawn itself.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
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
            Self::Utf8 => "utf-8",
            Self::CodePage => "code-page",
        }
    }
}
