//! One thing that a provider tells, with the id that stays the same with every try.

use sha2::{Digest, Sha256};

use crate::hex::hex;

/// One call, before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What the receiver tells repetitions by, where the provider has such an id.
    pub id: String,
    /// What it is about.
    pub topic: &'static str,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// When it happened, in milliseconds since the Unix epoch.
    pub created_ms: i64,
}

/// Names of objects: what has the same parts has the same name, on every machine.
#[derive(Clone, Debug)]
pub(super) struct Names {
    world: String,
}

impl Names {
    /// Names of what this shop sells under this seed at this till.
    pub(super) fn new(shop: &str, seed: u64, till: &str) -> Self {
        Self { world: format!("{shop}/{seed}/{till}") }
    }

    /// 24 letters of hex.
    pub(super) fn of(&self, kind: &str, key: &str) -> String {
        self.digest(kind, key)[..24].to_owned()
    }

    /// The form of a UUID.
    pub(super) fn uuid(&self, kind: &str, key: &str) -> String {
        let hex = self.digest(kind, key);
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32]].join("-")
    }

    /// A number of at most 12 digits.
    pub(super) fn number(&self, kind: &str, key: &str) -> u64 {
        u64::from_str_radix(&self.digest(kind, key)[..15], 16).unwrap_or(0) % 1_000_000_000_000
    }

    fn digest(&self, kind: &str, key: &str) -> String {
        let parts = [self.world.as_str(), kind, key].join("/");
        hex(&Sha256::digest(parts.as_bytes()))
    }
}
