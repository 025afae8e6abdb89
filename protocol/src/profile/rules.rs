//! A profile's text made ready to be applied: regexes compiled, words folded.
//!
//! Not here: the application, which is the reader's ([`crate::reading`]).

use core::fmt::Write;
use core::ops::Range;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::sample::Sample;
use crate::event::Kind;
use crate::reading::fold::folded;

pub(crate) use super::roles::TextField;

/// Hex digits of the text's hash in evidence: enough to tell two versions of one file apart.
const HASH_DIGITS: usize = 4;

/// How the receipts of one till read.
#[derive(Clone, Debug)]
pub struct Rules {
    /// `name@hash`, as evidence shows it.
    pub(super) label: String,
    pub(super) hash: [u8; 32],
    pub(crate) matching: Matching,
    /// Lines after which a paper ends, in every encoding they may come in.
    pub(crate) ends_with: Vec<Vec<u8>>,
    /// Folded words and the standard words they are read as, longest first.
    pub(crate) words: Vec<(Vec<char>, &'static str)>,
    /// Folded words of lines that say nothing.
    pub(crate) ignored: Vec<Vec<char>>,
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) kinds: Vec<KindRule>,
    pub(crate) layout: Option<Layout>,
    pub(super) samples: Vec<Sample>,
}

/// What a paper must show to be this till's; all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matching {
    /// Folded; each stands somewhere.
    pub(crate) words: Vec<String>,
    /// Each matches some line.
    pub(crate) lines: Vec<Regex>,
    /// No line is wider.
    pub(crate) columns: Option<usize>,
}

/// `[[field]]`.
#[derive(Clone, Debug)]
pub(crate) struct FieldRule {
    pub(crate) what: What,
    /// Has a group `value`.
    pub(crate) line: Regex,
    pub(crate) within: Option<Region>,
}

/// What a field's rule finds.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// An amount, by its standard word.
    Amount(&'static str),
    /// Text, with the format of a date where it is one.
    Text(TextField, Option<String>),
}

/// Part of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// The first lines.
    First(usize),
    /// The last lines.
    Last(usize),
}

impl Region {
    /// Whether line `index` of `count` lies in it.
    pub(crate) fn holds(self, index: usize, count: usize) -> bool {
        match self {
            Self::First(lines) => index < lines,
            Self::Last(lines) => index + lines >= count,
        }
    }
}

/// `[[kind]]`, or a word of `[titles]`.
#[derive(Clone, Debug)]
pub(crate) struct KindRule {
    pub(crate) kind: Kind,
    pub(super) sees: Sees,
}

/// What a rule of kinds looks for.
#[derive(Clone, Debug)]
pub(super) enum Sees {
    /// Folded letters and digits of a line that says nothing else.
    Title(String),
    /// A line that matches.
    Line(Regex),
}

impl KindRule {
    /// Whether `line` says that a paper is of this kind.
    pub(crate) fn is_match(&self, line: &str) -> bool {
        match &self.sees {
            Sees::Title(title) => letters(&folded(line)) == *title,
            Sees::Line(regex) => regex.is_match(line),
        }
    }
}

/// A title without its blanks and marks.
pub(super) fn letters(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// `[items]`.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    /// Has a group `amount`, and may have `name`, `quantity` and `unit_price`.
    Line(Regex),
    /// Columns from 0, half open: name, quantity, unit price, amount.
    Columns([Option<Range<usize>>; 4]),
}

impl Rules {
    /// `name@hash`.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Samples that come with it.
    pub fn sample_count(&self) -> usize {
        self.samples.len()
    }

    /// Whether lines can end a paper.
    pub(crate) fn has_marks(&self) -> bool {
        !self.ends_with.is_empty()
    }

    /// Whether a paper ends with a line of these bytes.
    pub(crate) fn ends_with(&self, line: &[u8]) -> bool {
        let found = |mark: &Vec<u8>| line.windows(mark.len()).any(|w| w.eq_ignore_ascii_case(mark));
        self.ends_with.iter().any(found)
    }
}

/// The label and the hash of a profile's text.
pub(super) fn identity(name: &str, text: &str) -> (String, [u8; 32]) {
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut label = format!("{name}@");
    for byte in &hash[..HASH_DIGITS / 2] {
        let _ = write!(label, "{byte:02x}");
    }
    (label, hash)
}

/// Two rule sets are equal where their texts are.
impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Rules {}
