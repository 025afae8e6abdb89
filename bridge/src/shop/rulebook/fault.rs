//! What can be wrong with a rule: before it holds, and while it does.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Why an expression or a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found} (hint: {hint})")]
pub struct ExpressionFault {
    /// The bytes of it that are wrong.
    pub at: Range<usize>,
    /// What should stand there.
    pub expected: String,
    /// What does.
    pub found: String,
    /// What to do.
    pub hint: String,
}

impl ExpressionFault {
    pub(super) fn new(
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { at, expected: expected.into(), found: found.into(), hint: hint.into() }
    }
}

/// A rule that failed on an event: told once to those who look after the bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFault {
    /// Its name.
    pub rule: String,
    /// What the engine said; never the receipt's words.
    pub why: String,
    /// Tells versions of the rule apart: a mended one that fails again is news.
    pub version: String,
    /// The till of the event.
    pub source: String,
}

impl RuleFault {
    /// What is told once.
    pub(crate) fn key(&self) -> String {
        format!("rule_failed/{}@{}", self.rule, self.version)
    }
}
