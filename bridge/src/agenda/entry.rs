//! A date or a task, as it is kept until it is made.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::approve::short_name;
use crate::journal::{MatterKind, NewMatter};

/// A key holds for a day, says DingTalk: an hour less, since clocks differ.
const KEY_HOLDS_MS: i64 = 23 * 3_600_000;
/// Bytes of a key's digest, two digits each.
const KEY_BYTES: usize = 16;

/// What it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum What {
    /// A promotion.
    Promotion {
        /// Its name.
        name: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// What to prepare.
        prepare: Vec<String>,
    },
    /// Something that runs out.
    Restock {
        /// The shop, where the bridge has several.
        shop: String,
        /// The article.
        article: String,
        /// How much was left.
        left: Decimal,
        /// What it is counted in.
        unit: String,
        /// Where it is ordered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplier: Option<String>,
        /// When it was found, wall time in milliseconds.
        at_ms: i64,
    },
}

/// A date or a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// What it is asked once by.
    pub(crate) key: String,
    /// What it is about.
    #[serde(flatten)]
    pub(crate) what: What,
    /// When it was asked first without an answer that says it was not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) doubt_ms: Option<i64>,
    /// Calls that came to nothing.
    #[serde(default)]
    pub(crate) tries: u32,
}

impl Entry {
    /// One that was not asked yet.
    pub(super) fn new(key: String, what: What) -> Self {
        Self { key, what, doubt_ms: None, tries: 0 }
    }

    /// As it comes up.
    pub(super) fn new_row(&self, kind: MatterKind, now_ms: i64) -> NewMatter {
        NewMatter {
            key: self.key.clone(),
            kind,
            body: self.body(),
            due_ms: Some(now_ms),
            instance: None,
            created_ms: now_ms,
        }
    }

    /// As it is kept.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string(self).expect("plain data always serialises")
    }

    /// One that was kept; nothing where this program cannot read it.
    pub(crate) fn read(body: &str) -> Option<Self> {
        serde_json::from_str(body).ok()
    }

    /// Its key as DingTalk takes it: short, and without names.
    pub(crate) fn token(&self) -> String {
        format!("posbridge-{}", short_name(&self.key, KEY_BYTES))
    }

    /// Whether asking at `now_ms` may make a second one: of a task never, since its key holds for
    /// ever, of a date once its key may have been forgotten.
    pub(crate) fn may_double(&self, kind: MatterKind, now_ms: i64) -> bool {
        let stale = |since: i64| !(since..since + KEY_HOLDS_MS).contains(&now_ms);
        kind == MatterKind::Date && self.doubt_ms.is_some_and(stale)
    }
}
