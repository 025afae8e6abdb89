//! What a rule said, as it is kept until it is told: the finished text, since the rule may be another
//! one by then.

use serde::{Deserialize, Serialize};

/// The text of a rule for one robot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The rule's name.
    pub rule: String,
    /// What is told once.
    pub once: String,
    /// The text, bounded by the robot's level.
    pub text: String,
    /// The event.
    pub event: String,
    /// Its till.
    pub source: String,
    /// Mobile numbers that are called.
    pub mention: Vec<String>,
    /// Whether it goes before ordinary notices.
    pub urgent: bool,
}

impl Said {
    /// What is told once.
    pub(crate) fn key(&self) -> String {
        format!("rule/{}@{}", self.rule, self.once)
    }
}
