//! What was typed: the shape of `posbridge.toml`, every key optional, nothing judged but types.
//!
//! Values keep their place in the text, for errors that are found later.

use serde::Deserialize;
use toml::Spanned;

/// A typed value and where it stands.
pub(super) type Typed<T> = Option<Spanned<T>>;
/// A string.
pub(super) type Text = Typed<String>;
/// A whole number.
pub(super) type Number = Typed<i64>;
/// A value whose type says what is meant.
pub(super) type Any = Typed<toml::Value>;
/// A list of strings.
pub(super) type Texts = Typed<Vec<Spanned<String>>>;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawConfig {
    pub(super) mode: Text,
    pub(super) shop: RawShop,
    pub(super) journal: RawJournal,
    pub(super) source: Vec<Spanned<RawSource>>,
    pub(super) dingtalk: RawDingtalk,
    pub(super) notices: RawNotices,
    pub(super) robot: Vec<Spanned<RawRobot>>,
    pub(super) exceptions: RawExceptions,
    pub(super) rule: Vec<Spanned<RawRule>>,
    pub(super) admin: RawAdmin,
    pub(super) hooks: RawHooks,
    pub(super) web: RawWeb,
    pub(super) holiday: Vec<Spanned<RawOccasion>>,
    pub(super) promotion: Vec<Spanned<RawOccasion>>,
    pub(super) approval: Vec<Spanned<RawApproval>>,
    pub(super) agenda: Option<Spanned<RawAgenda>>,
    pub(super) today: Option<Spanned<RawToday>>,
}

/// `[shop]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawShop {
    pub(super) name: Text,
    pub(super) timezone: Text,
    pub(super) currency: Text,
    pub(super) language: Text,
    pub(super) hours: Text,
    pub(super) day_ends: Text,
    pub(super) float: Text,
}

/// `[[holiday]]` and `[[promotion]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOccasion {
    pub(super) name: Text,
    pub(super) date: Text,
    pub(super) from: Text,
    pub(super) to: Text,
    pub(super) hours: Text,
    pub(super) remind_days: Number,
    pub(super) prepare: Texts,
}

/// `[journal]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawJournal {
    pub(super) path: Text,
    pub(super) keep_days: Number,
    pub(super) max_mib: Number,
}

/// `[[source]]`, the keys of all kinds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSource {
    pub(super) name: Text,
    pub(super) shop: Text,
    pub(super) kind: Text,
    pub(super) port: Text,
    pub(super) printer: Text,
    pub(super) baud: Number,
    pub(super) data_bits: Number,
    pub(super) parity: Text,
    pub(super) stop_bits: Number,
    pub(super) flow: Text,
    pub(super) listen: Text,
    pub(super) upstream: Text,
    pub(super) max_connections: Number,
    pub(super) path: Text,
    pub(super) profile: Text,
    pub(super) dialect: Text,
    pub(super) encoding: Text,
    pub(super) pages: Text,
    pub(super) idle: Text,
    pub(super) drawer_high: Text,
    pub(super) drawer_left_open: Text,
    pub(super) open_code: Text,
    pub(super) status_open: Text,
    pub(super) status_closed: Text,
    pub(super) exceptions: Typed<RawExceptions>,
}

/// `[exceptions]`, and a source's own. A count, a time or an amount, or whether at all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawExceptions {
    pub(super) no_sales: Any,
    pub(super) refund_over: Any,
    pub(super) refund_without_original: Any,
    pub(super) refund_soon: Any,
    pub(super) refunds: Any,
    pub(super) void_after_tender: Any,
    pub(super) discount_over: Any,
    pub(super) zero_total: Any,
    pub(super) reprints: Any,
    pub(super) reprints_of_day: Any,
    pub(super) number_missing: Any,
    pub(super) number_repeated: Any,
    pub(super) outside_hours: Any,
    pub(super) kitchen_unbilled: Any,
    pub(super) bill_unpaid: Any,
    pub(super) z_missing: Any,
    pub(super) z_sequence: Any,
    pub(super) printer: Any,
}

/// `[[rule]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRule {
    pub(super) name: Text,
    pub(super) on: Texts,
    pub(super) when: Text,
    pub(super) say: Text,
    pub(super) say_file: Text,
    pub(super) robot: Text,
    pub(super) mention: Texts,
    pub(super) urgent: Typed<bool>,
    pub(super) once: Text,
}

/// `[dingtalk]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDingtalk {
    pub(super) monthly_quota: Number,
    pub(super) proxy: Text,
    pub(super) proxy_file: Text,
    pub(super) app: Option<Spanned<RawApp>>,
}

/// `[dingtalk.app]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawApp {
    pub(super) client_id: Text,
    pub(super) client_secret_file: Text,
    pub(super) client_secret_env: Text,
    /// Typed by many, accepted from nobody: known here only to say what to write instead.
    pub(super) client_secret: Typed<toml::Value>,
    pub(super) api: Text,
    pub(super) robot_code: Text,
    pub(super) monthly_calls: Number,
    pub(super) ca_file: Text,
    pub(super) may_change: Texts,
}

/// `[[approval]]`, the keys of all ways.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawApproval {
    pub(super) on: Text,
    pub(super) robot: Text,
    pub(super) over: Text,
    pub(super) process_code: Text,
    pub(super) originator: Text,
    pub(super) department: Number,
    pub(super) fields: Typed<std::collections::BTreeMap<String, Spanned<toml::Value>>>,
    pub(super) app_type: Text,
    pub(super) system_token_file: Text,
    pub(super) system_token_env: Text,
    pub(super) form: Text,
    pub(super) template: Text,
    pub(super) group: Text,
    pub(super) deciders: Texts,
    pub(super) form_url: Text,
    pub(super) number_field: Text,
}

/// `[agenda]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAgenda {
    pub(super) owner: Text,
    pub(super) people: Texts,
    pub(super) promotions: Texts,
    pub(super) restock: Texts,
    pub(super) remind: Typed<Vec<i64>>,
    pub(super) page: Text,
}

/// `[today]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawToday {
    pub(super) template: Text,
    pub(super) group: Text,
    pub(super) every: Text,
}

/// `[notices]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNotices {
    pub(super) templates: Text,
    pub(super) receipt_link: Text,
}

/// `[[robot]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRobot {
    pub(super) name: Text,
    pub(super) url: Text,
    pub(super) url_file: Text,
    pub(super) url_env: Text,
    pub(super) token_file: Text,
    pub(super) token_env: Text,
    pub(super) secret_file: Text,
    pub(super) secret_env: Text,
    /// Typed by many, accepted from nobody: known here only to say what to write instead.
    pub(super) secret: Typed<toml::Value>,
    /// As `secret`.
    pub(super) token: Typed<toml::Value>,
    pub(super) keywords: Texts,
    pub(super) notices: Texts,
    pub(super) sources: Texts,
    pub(super) sales: Text,
    pub(super) format: Text,
    pub(super) privacy: Text,
    pub(super) ca_file: Text,
    pub(super) proxy: Text,
    pub(super) proxy_file: Text,
    pub(super) pool: Text,
    pub(super) mention: Typed<Vec<Spanned<RawMention>>>,
    pub(super) group: Text,
    pub(super) stock_left: Typed<bool>,
    pub(super) stock_tone: Text,
}

/// One of a robot's `mention = [{ ... }]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMention {
    pub(super) notices: Texts,
    pub(super) mobiles: Texts,
    pub(super) user_ids: Texts,
    pub(super) all: Typed<bool>,
}

/// `[admin]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAdmin {
    pub(super) robot: Text,
    /// One number or a list of them.
    pub(super) mention: Typed<toml::Value>,
}

/// `[hooks]`: one secret file per scheme.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHooks {
    pub(super) listen: Text,
    pub(super) public_url: Text,
    pub(super) push_secret_file: Text,
    pub(super) square_secret_file: Text,
    pub(super) lightspeed_secret_file: Text,
    pub(super) shopify_secret_file: Text,
    pub(super) loyverse_secret_file: Text,
    pub(super) standard_secret_file: Text,
    pub(super) generic_secret_file: Text,
    pub(super) lightspeed_k_secret_file: Text,
    pub(super) push_token_file: Text,
    pub(super) path_file: Text,
    pub(super) unsigned: Texts,
    pub(super) shop: Text,
    pub(super) generic: Option<Spanned<RawPointers>>,
    pub(super) lightspeed_k: Option<Spanned<RawPointers>>,
}

/// `[hooks.generic]` and `[hooks.lightspeed_k]`: where the fields of a transaction stand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPointers {
    pub(super) signature_header: Text,
    pub(super) id: Text,
    pub(super) kind: Text,
    pub(super) kinds: Typed<std::collections::BTreeMap<String, Spanned<String>>>,
    pub(super) total: Text,
    pub(super) minor_units: Typed<bool>,
    pub(super) number: Text,
    pub(super) at: Text,
    pub(super) currency: Text,
    pub(super) cashier: Text,
    pub(super) terminal: Text,
    pub(super) table: Text,
    pub(super) original_number: Text,
    pub(super) method: Text,
    pub(super) items: Text,
    pub(super) item_name: Text,
    pub(super) item_quantity: Text,
    pub(super) item_price: Text,
    pub(super) item_amount: Text,
}

/// `[web]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawWeb {
    pub(super) listen: Text,
    pub(super) password_file: Text,
    pub(super) names: Texts,
    pub(super) metrics: Text,
}
