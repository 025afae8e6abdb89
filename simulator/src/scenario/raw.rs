//! What was typed: every key optional, nothing judged but types. Values keep their place in the text.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A typed value and where it stands.
pub(super) type Typed<T> = Option<Spanned<T>>;
/// A string.
pub(super) type Text = Typed<String>;
/// A whole number.
pub(super) type Number = Typed<i64>;
/// A number.
pub(super) type Real = Typed<toml::Value>;
/// A list of strings.
pub(super) type Texts = Typed<Vec<Spanned<String>>>;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawScenario {
    pub(super) name: Text,
    pub(super) seed: Number,
    pub(super) duration: Text,
    pub(super) settle: Text,
    pub(super) clock: Typed<RawClock>,
    pub(super) bridge: RawBridge,
    pub(super) shop: Vec<Spanned<RawShop>>,
    pub(super) phase: Vec<Spanned<RawPhase>>,
    pub(super) robot: Vec<Spanned<RawRobot>>,
    pub(super) dingtalk: RawDingtalk,
    pub(super) late: RawLate,
    pub(super) threshold: Vec<Spanned<RawThreshold>>,
    pub(super) chaos: Typed<RawChaos>,
    pub(super) limit: RawLimit,
}

/// `[clock]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawClock {
    pub(super) origin: Text,
    pub(super) rate: Real,
}

/// `[bridge]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawBridge {
    pub(super) program: Text,
    pub(super) keep_days: Number,
    pub(super) max_connections: Number,
    pub(super) attach: Typed<RawAttach>,
}

/// `attach = { ... }` of `[bridge]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAttach {
    pub(super) tills: Texts,
    pub(super) names: Texts,
    pub(super) mock: Text,
    pub(super) printers: Text,
    pub(super) journal: Text,
}

/// `[[shop]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawShop {
    pub(super) name: Text,
    pub(super) shop: Text,
    pub(super) style: Text,
    pub(super) tills: Number,
    pub(super) line: Text,
    pub(super) baud: Number,
    pub(super) slips: Text,
    pub(super) faults: Text,
    pub(super) rate: Text,
    pub(super) phase: Vec<Spanned<RawPhase>>,
}

/// `[[phase]]`, the keys of all shapes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPhase {
    pub(super) shape: Text,
    pub(super) lasts: Text,
    pub(super) rate: Text,
    pub(super) from: Text,
    pub(super) to: Text,
    pub(super) peak: Text,
    pub(super) width: Text,
    pub(super) times: Real,
}

/// `[[robot]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRobot {
    pub(super) name: Text,
    pub(super) shops: Texts,
    pub(super) sales: Text,
    pub(super) privacy: Text,
}

/// `[dingtalk]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDingtalk {
    pub(super) monthly_quota: Number,
    pub(super) messages_a_minute: Number,
    pub(super) limits: Typed<bool>,
}

/// `[late]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLate {
    pub(super) urgent: Text,
    pub(super) ordinary: Text,
}

/// `[[threshold]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawThreshold {
    pub(super) what: Text,
    pub(super) max: Real,
    pub(super) min: Real,
}

/// `[chaos]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawChaos {
    pub(super) faults: Number,
    pub(super) kinds: BTreeMap<String, Spanned<i64>>,
}

/// `[limit]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLimit {
    pub(super) from: Text,
    pub(super) most: Text,
    pub(super) step: Text,
    pub(super) precision: Real,
}
