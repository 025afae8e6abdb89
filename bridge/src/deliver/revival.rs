//! How the rest of the program tells delivery that a robot works again.

use std::collections::BTreeMap;

use tokio::sync::watch;

/// By robot: how often it was said to work.
pub(crate) type Revived = BTreeMap<String, u64>;

/// Says that robots work again: what is parked for them leaves. Clones say it to the same delivery.
#[derive(Clone, Debug)]
pub struct Revival(watch::Sender<Revived>);

impl Revival {
    /// Nothing has been said yet.
    pub fn new() -> Self {
        Self(watch::channel(BTreeMap::new()).0)
    }

    /// `robot` took a message: a `send-test` that was delivered.
    pub fn works(&self, robot: &str) {
        self.0.send_modify(|revived| *revived.entry(robot.to_owned()).or_default() += 1);
    }

    /// Hears of it.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Revived> {
        self.0.subscribe()
    }
}

impl Default for Revival {
    fn default() -> Self {
        Self::new()
    }
}
