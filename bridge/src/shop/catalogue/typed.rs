//! What was typed into a catalogue, and where it stands: the same for every format.

use std::ops::Range;

/// Some words and their place in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

impl Typed {
    pub(super) fn new(text: impl Into<String>, at: Range<usize>) -> Self {
        Self { text: text.into(), at }
    }
}

/// What is taken, and how much of it: `60 g`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ingredient {
    pub(super) article: Typed,
    pub(super) amount: Typed,
}

/// One article as it was typed; blank fields are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The whole line, for what is missing in it.
    pub(super) at: Range<usize>,
    pub(super) name: Option<Typed>,
    pub(super) aliases: Vec<Typed>,
    pub(super) category: Option<Typed>,
    pub(super) price: Option<Typed>,
    pub(super) unit: Option<Typed>,
    pub(super) start: Option<Typed>,
    pub(super) threshold: Option<Typed>,
    pub(super) supplier: Option<Typed>,
    pub(super) buyer: Option<Typed>,
    pub(super) recipe: Vec<Ingredient>,
}

/// A mistake before it is shown with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: Range<usize>,
    pub(super) expected: String,
    pub(super) found: String,
    pub(super) hint: String,
}

impl Mistake {
    pub(super) fn new(
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { at, expected: expected.into(), found: found.into(), hint: hint.into() }
    }
}
