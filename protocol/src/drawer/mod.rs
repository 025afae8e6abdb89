//! What is known of a drawer, from kicks, from its sensor and from the sales around them.
//!
//! [`Watch`] decides which kick belongs to which sale, and which to none. [`Sensor`] follows the
//! level of pin 3 and says what a kick did, who opened without one, and how long it stood open.
//! [`port`] hears a drawer that has a serial port of its own.
//!
//! Not here: events, and what an owner is told.

pub mod port;
mod sensor;
mod watch;

pub use sensor::{
    CONFIRM_NS, LEARN_NS, POLL_GAP_NS, Place, REST_EVIDENCE_NS, REST_NS, Sample, Sensed, Sensor,
};
pub use watch::{Finding, Unexplained, WINDOW_NS, Watch, explains_kick};

use serde::{Deserialize, Serialize};

/// Minutes that a drawer may stand open before somebody is told, where nothing else is configured:
/// longer than any customer takes, and short enough to act.
pub const DEFAULT_LEFT_OPEN_MS: u64 = 180_000;

/// What a high level of the sensor means; drawers differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HighMeans {
    /// Found out from what kicks do to it and how it rests.
    #[default]
    Learn,
    /// The drawer is open.
    Open,
    /// The drawer is closed.
    Closed,
}

impl HighMeans {
    /// The configured word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What is known of a drawer beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// What a high level means.
    pub high_means: HighMeans,
    /// Milliseconds it may stand open.
    pub left_open_ms: u64,
    /// How it is spoken to, where it has a serial port of its own and no printer.
    pub port: Option<port::Setup>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { high_means: HighMeans::default(), left_open_ms: DEFAULT_LEFT_OPEN_MS, port: None }
    }
}
