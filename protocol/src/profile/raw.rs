//! What was typed: the shape of a profile's text, nothing judged but types.
//!
//! Values keep their place in the text, for mistakes that are found later.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(super) type Text = Option<Spanned<String>>;
pub(super) type Texts = Vec<Spanned<String>>;
/// A table of lists: a role or a kind, and its words.
pub(super) type Lists = BTreeMap<Spanned<String>, Texts>;

/// The whole text.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawProfile {
    pub(super) name: Text,
    pub(super) about: Text,
    pub(super) dialect: Text,
    pub(super) encoding: Text,
    pub(super) pages: Text,
    #[serde(rename = "match")]
    pub(super) matching: RawMatch,
    pub(super) boundaries: RawBoundaries,
    pub(super) words: Lists,
    pub(super) titles: Lists,
    pub(super) field: Vec<Spanned<RawField>>,
    pub(super) kind: Vec<Spanned<RawKind>>,
    pub(super) items: Option<Spanned<RawItems>>,
    pub(super) drawer: RawDrawer,
    pub(super) sample: Vec<Spanned<RawSample>>,
}

/// `[match]`: what a paper must show to be this till's.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMatch {
    pub(super) words: Texts,
    pub(super) lines: Texts,
    pub(super) columns: Option<Spanned<i64>>,
}

/// `[boundaries]`: where a paper ends, but for a cut.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawBoundaries {
    pub(super) idle: Text,
    pub(super) ends_with: Texts,
}

/// `[[field]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawField {
    pub(super) name: Text,
    pub(super) line: Text,
    pub(super) within: Text,
    pub(super) format: Text,
}

/// `[[kind]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawKind {
    pub(super) kind: Text,
    pub(super) line: Text,
}

/// `[items]`: a regex, or columns.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawItems {
    pub(super) line: Text,
    pub(super) columns: Option<RawColumns>,
}

/// Columns from 1, first and last.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawColumns {
    pub(super) name: Option<Spanned<[i64; 2]>>,
    pub(super) quantity: Option<Spanned<[i64; 2]>>,
    pub(super) unit_price: Option<Spanned<[i64; 2]>>,
    pub(super) amount: Option<Spanned<[i64; 2]>>,
}

/// `[drawer]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDrawer {
    pub(super) high: Text,
    pub(super) left_open: Text,
}

/// `[[sample]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSample {
    pub(super) name: Text,
    pub(super) text: Text,
    pub(super) hex: Text,
    pub(super) currency: Text,
    pub(super) expect: Option<Spanned<toml::Table>>,
    pub(super) absent: Texts,
}
