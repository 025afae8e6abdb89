//! What was understood, and its wire form (schema 1, `docs/EVENTS.md`).
//!
//! An event is a statement about paper or a drawer, made once and never changed. Unknown is absent:
//! no field is ever `""` or a made-up zero. The struct layout *is* the wire schema; nothing here
//! decides anything.

mod approval;
mod id;
mod inventory;
mod kind;
mod receipt;

use serde::{Deserialize, Serialize};

pub use approval::{About, Approval, Reason, Ruling, Way};
pub use id::{EventId, SessionId};
pub use inventory::{Article, Entry, Inventory, Stocked};
pub use kind::{Cover, DrawerState, Fault, Kick, Kind, Method, Paper, Verdict};
pub use receipt::{Discount, Item, Payment, PrintedAt, Receipt, Report, ReportType, Tax, Tender};

use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The version of the wire schema. New optional fields keep it.
pub const SCHEMA: u32 = 1;

/// One statement about what happened at the till.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// Deterministic: the same bytes of the same session give the same id.
    pub id: EventId,
    /// Name of the source, as configured.
    pub source: String,
    /// Wall time of the last byte it rests on, RFC 3339 in UTC.
    pub observed_at: String,
    /// What kind of statement.
    pub kind: Kind,
    /// It was heard before the shop went live: practice, which counts nowhere. A reader never says
    /// so; whoever keeps the event does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The event this one belongs to (a drawer opening to its sale, a reprint to its original).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<EventId>,
    /// The event this one puts right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<EventId>,
    /// What a receipt says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What an X or Z report says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// What is known of the drawer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawer: Option<Drawer>,
    /// How the printer is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<Printer>,
    /// What a person entered about goods or cash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
    /// How something ended that somebody had to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The paper as a person read it, lines joined by `\n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the printed amounts add up. Absent where there is nothing to add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Where in the stream it was read, and by what rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A drawer command and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawer {
    /// The connector pin that was pulsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kick: Option<Kick>,
    /// How far the opening is known.
    pub state: DrawerState,
}

/// A printer's state, as far as it has told it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printer {
    /// Paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Paper>,
    /// Cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// Whether it is off line: it prints nothing, for whatever reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<bool>,
    /// What is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
}

/// Where an event came from: enough to find the bytes again and to argue about the reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Source, session epoch and connection: `counter-1/0/0`.
    pub session: String,
    /// First byte of the document, absolute in the lane.
    pub start: u64,
    /// Just past its last byte.
    pub end: u64,
    /// Name of the profile that was applied.
    pub profile: String,
    /// Printer command language.
    pub dialect: String,
    /// Encoding that the text was read in.
    pub encoding: String,
    /// Field name to the bytes and the rule it came from.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub fields: std::collections::BTreeMap<String, FieldEvidence>,
    /// What was odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
}

/// The bytes one field was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldEvidence {
    /// First byte, absolute in the lane.
    pub start: u64,
    /// Just past the last byte.
    pub end: u64,
    /// Name of the rule.
    pub rule: String,
}

impl FieldEvidence {
    /// Read from the bytes `span` by `rule`.
    pub fn new(span: Span, rule: impl Into<String>) -> Self {
        Self { start: span.start, end: span.end, rule: rule.into() }
    }
}
