//! What state a printer is in, and how it was built.

use serde::Serialize;

/// How much paper there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Enough.
    #[default]
    Full,
    /// The near-end sensor sees the core.
    Low,
    /// None: the printer stops.
    Out,
}

/// A pin of the drawer connector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pin {
    /// Pin 2, the first drawer.
    #[default]
    Pin2,
    /// Pin 5, the second.
    Pin5,
}

/// What the drawer's sensor does to pin 3 of the connector; drawers differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polarity {
    /// Low while it is open. A printer without a drawer reads high as well.
    #[default]
    OpenIsLow,
    /// High while it is open.
    OpenIsHigh,
}

/// How a printer was built and loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The drawer's sensor.
    pub polarity: Polarity,
    /// The pin that opens the drawer.
    pub drawer_on: Pin,
    /// Lines on the roll; nothing for a roll that never ends.
    pub roll_lines: Option<u32>,
}

/// The state of a printer and its drawer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Paper.
    pub paper: Paper,
    /// Whether the cover is open.
    pub cover_open: bool,
    /// Whether somebody took it off line at its panel.
    pub off_line: bool,
    /// Whether the drawer is open.
    pub drawer_open: bool,
}

impl Condition {
    /// Whether it prints.
    pub fn online(&self) -> bool {
        self.paper != Paper::Out && !self.cover_open && !self.off_line
    }

    /// Whether pin 3 is high.
    pub fn pin3_high(&self, polarity: Polarity) -> bool {
        self.drawer_open == (polarity == Polarity::OpenIsHigh)
    }
}
