//! Plots as SVG text, drawn for a page that may be as narrow as a phone.
//!
//! Colours are classes (`s1` to `s4`); the page's style decides what they look like by day and by
//! night, and gives each a dash of its own, so that no line is known by its colour alone. Nothing
//! here knows what it draws.

mod axis;
mod canvas;
mod curve;
mod gantt;
mod lines;

pub(super) use axis::{micros, number, round_seconds, seconds};
pub(super) use canvas::escape;
pub(super) use curve::{Curve, percentiles};
pub(super) use gantt::{Row, gantt};
pub(super) use lines::{Line, Lines};
