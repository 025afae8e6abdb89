//! Something to be decided, as it is kept until it is: the plain facts.

use std::fmt::Write as _;

use pos_protocol::event::{About, Stocked, Way};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::state::State;
use crate::journal::{MatterKind, NewMatter};

/// Bytes of a matter's short name, two digits each: a shop decides a few things a day, and its names
/// are told apart by eye.
const REFERENCE_BYTES: usize = 4;
/// Bytes of a name that never comes twice.
const UNIQUE_BYTES: usize = 16;
/// Before the short name, where DingTalk wants a name of our own that is unique for ever.
const OWN_NAME: &str = "posbridge-";

/// Something to be decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matter {
    /// What it is asked once by.
    pub key: String,
    /// What it is.
    pub about: About,
    /// The shop; of a transfer, the one that gives. Empty: the only one.
    pub shop: String,
    /// Of a transfer: the shop that gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Of a transfer: how much of what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Stocked>,
    /// The till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The money that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Its currency, where that is not the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// More than this had to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Amount>,
    /// Receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The receipt in words, as far as it may leave the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// The event that brought it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Who asked, where a person did: a DingTalk user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// When, wall time in milliseconds.
    pub at_ms: i64,
    /// How it was asked, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// Who said yes or no to it last in its process, where DingTalk told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// How it stands.
    pub state: State,
}

impl Matter {
    /// Its short name, for people.
    pub fn reference(&self) -> String {
        short_name(&self.key, REFERENCE_BYTES)
    }

    /// What its card is called. The whole key is in it: a short name may come twice in many years.
    pub(crate) fn card_name(&self) -> String {
        format!("{OWN_NAME}{}", short_name(&self.key, UNIQUE_BYTES))
    }

    /// As it is kept.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string(self).expect("plain data always serialises")
    }

    /// A matter that was kept; nothing where this program cannot read it.
    pub(crate) fn read(body: &str) -> Option<Self> {
        serde_json::from_str(body).ok()
    }

    /// As it comes up: it is looked at at once.
    pub(crate) fn new_row(&self) -> NewMatter {
        NewMatter {
            key: self.key.clone(),
            kind: MatterKind::Approval,
            body: self.body(),
            due_ms: Some(self.at_ms),
            instance: None,
            created_ms: self.at_ms,
        }
    }
}

/// So many bytes of the digest of `key`, in hex digits: a name without words.
pub(crate) fn short_name(key: &str, bytes: usize) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(bytes).fold(String::new(), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}
