//! One thing that is wrong with a profile's text, where it stands, and what to do about it.
//!
//! Not here: the file's name, which the caller knows.

use core::fmt;
use core::ops::Range;

/// A mistake in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the text that are meant.
    pub at: Range<usize>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What should stand there.
    pub expected: String,
    /// What does.
    pub found: String,
    /// What a person can do.
    pub hint: String,
}

impl Mistake {
    /// A mistake at the bytes `at` of `text`.
    pub(super) fn new(
        text: &str,
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let start = text.floor_char_boundary(at.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            at: start..at.end.clamp(start, text.len()),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            expected: expected.into(),
            found: found.into(),
            hint: hint.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: error", self.line, self.column)?;
        writeln!(f, "expected {}, found {}", self.expected, self.found)?;
        write!(f, "hint: {}", self.hint)
    }
}

impl core::error::Error for Mistake {}
