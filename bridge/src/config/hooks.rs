//! `[hooks]`, checked: who may push, and what proves it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use crate::inbound::Scheme;
use crate::inbound::pointers::Pointers;
use crate::inbound::verify::Proof;
use crate::secret::Secret;

/// `[hooks]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// Where the bridge listens.
    pub listen: SocketAddr,
    /// The shop that pushed sales belong to; `""` is the only one.
    pub shop: String,
    /// Who is believed.
    pub pushed: Pushed,
}

/// Who is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// What proves each scheme's calls.
    pub proofs: BTreeMap<Scheme, Proof>,
    /// What proves a push from this machine.
    pub token: Option<Secret>,
    /// The word in the path of unsigned calls.
    pub path: Option<Secret>,
    /// Schemes that are believed at that path.
    pub unsigned: BTreeSet<Scheme>,
    /// Where the fields of a generic call stand.
    pub generic: Option<Pointers>,
    /// Where the fields of a call of Lightspeed's K-Series stand.
    pub lightspeed_k: Option<Pointers>,
}
