//! What is known of a till before its first byte: the printer's language, encoding and idle time,
//! and how its receipts read.
//!
//! A profile is TOML text (`docs/PROFILES.md`), checked as a whole when it is loaded: every
//! [`Mistake`] has its place in the text and a hint, and its samples are read with it
//! ([`check_samples`]). Its rules only translate: they say which of the till's words mean what, and
//! where on the paper a value stands. Amounts come from the paper, and the reader's arithmetic
//! judges them as it judges any other receipt.
//!
//! Not here: files, and the choice of a profile.

mod builtin;
mod load;
mod loader;
mod mistake;
mod printer;
mod raw;
mod roles;
mod rules;
mod sample;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::drawer;
use crate::money::Currency;

pub use crate::text::codepage::PageFamily;
pub use builtin::{builtin, builtin_names};
pub use load::load;
pub use mistake::Mistake;
pub use printer::{Dialect, Encoding, Timing};
pub use roles::PAPER_KINDS;
pub use rules::Rules;
pub(crate) use rules::{FieldRule, Layout, TextField, What};
pub use sample::check as check_samples;

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
    /// Whose numbers of code pages the printer understands.
    #[serde(default)]
    pub pages: PageFamily,
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
    /// How its receipts read, where a profile's text says so.
    #[serde(skip)]
    pub rules: Option<Arc<Rules>>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: "auto".to_owned(),
            dialect: Dialect::Auto,
            encoding: Encoding::Auto,
            pages: PageFamily::Epson,
            idle_ms: DEFAULT_IDLE_MS,
            timing: Timing::Live,
            drawer: drawer::Setup::default(),
            currency: None,
            rules: None,
        }
    }
}
