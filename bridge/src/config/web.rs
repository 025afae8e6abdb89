//! `[web]` once it has been checked: where the page and the numbers are, and who may see the page.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use crate::web::Password;

/// `[web]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Web {
    /// Where the page is; beyond this machine only with a password.
    pub listen: Option<SocketAddr>,
    /// What opens the page; without one it is open to whoever reaches it, which is this machine.
    pub password: Option<Password>,
    /// Names under which browsers may call it, in small letters, beside `localhost` and addresses.
    pub names: BTreeSet<String>,
    /// Where a monitor finds `/healthz` and `/metrics` besides: an address of this machine.
    pub metrics: Option<SocketAddr>,
}

impl Web {
    /// Whether both listen at the same places.
    pub(super) fn listens_as(&self, other: &Self) -> bool {
        (self.listen, self.metrics) == (other.listen, other.metrics)
    }

    /// This one at the places of `other`. A password that is taken away while the page goes on
    /// listening beyond this machine stays.
    pub(super) fn listening_as(self, other: &Self) -> Self {
        let beyond = other.listen.is_some_and(|listen| !listen.ip().is_loopback());
        let old = other.password.clone().filter(|_| beyond);
        let password = self.password.or(old);
        Self { listen: other.listen, metrics: other.metrics, password, ..self }
    }
}
