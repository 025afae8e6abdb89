//! What a load run does: shops and tills, arrivals, robots, bounds, thresholds, chaos; read from TOML.
//!
//! `raw` is what was typed, `resolved` what it means. Nothing is run here.

mod arrival;
mod error;
mod raw;
mod read;
mod resolve;
mod resolve_bridge;
mod resolve_shop;
mod resolved;
mod scope;
#[cfg(test)]
mod tests;

pub use error::{Problem, ScenarioError};
pub use resolved::{
    Attached, BridgeSetup, ChaosPlan, ClockRate, DingtalkSetup, Limit, LimitSearch, LineKind,
    Phase, Rate, RobotSetup, Sales, Scenario, Shape, ShopSetup, SlipChoice, Started, Threshold,
};
