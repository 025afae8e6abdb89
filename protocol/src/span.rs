//! Where in a lane's byte stream something was said.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A half-open range of absolute offsets in one lane's byte stream.
///
/// Offsets count from the first byte the session ever saw on that lane; they are not indices into
/// any buffer. Invariant: `start <= end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset just past the last byte.
    pub end: u64,
}

impl Span {
    /// The span `start..end`. An inverted pair becomes an empty span at `start`.
    pub fn new(start: u64, end: u64) -> Self {
        Self { start, end: end.max(start) }
    }

    /// A span without bytes, at `at`.
    pub fn empty(at: u64) -> Self {
        Self { start: at, end: at }
    }

    /// Number of bytes covered.
    pub fn len(self) -> u64 {
        self.end - self.start
    }

    /// Whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn cover_holds_both_in_either_order() {
        let (a, b) = (Span::new(3, 7), Span::new(10, 12));
        assert_eq!(a.cover(b), Span::new(3, 12));
        assert_eq!(b.cover(a), Span::new(3, 12));
    }

    #[test]
    fn an_inverted_pair_is_empty() {
        assert!(Span::new(9, 4).is_empty());
    }
}
