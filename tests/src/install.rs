//! A box on the day that it is installed: a till on a cable whose settings nobody told, a group with a
//! robot, and a `posbridge` without a configuration.

use pos_protocol::event::Event;

use crate::bridge::Bridge;
use crate::shopfront::Shopfront;
use crate::world::{SECRET, TOKEN};

/// Everything that is there before the first question.
#[derive(Debug)]
pub struct Install {
    /// The box.
    pub bridge: Bridge,
    /// The till, its cable at `port` beside the configuration, and the group.
    pub front: Shopfront,
}

impl Install {
    /// A box beside a till.
    ///
    /// # Panics
    /// Where the machine has no room for it.
    pub fn new(seed: u64) -> Self {
        let bridge = Bridge::new(None);
        bridge.keep_secret(TOKEN);
        bridge.keep_secret(SECRET);
        let front = Shopfront::open(&bridge.path("port"), seed);
        Self { bridge, front }
    }

    /// The robot's address, as DingTalk shows it.
    pub fn webhook(&self) -> String {
        self.front.webhook()
    }

    /// A customer pays: what is printed, and what was sold.
    pub fn sell(&mut self) -> (Vec<u8>, Event) {
        self.front.sell()
    }

    /// What the group reads, oldest first.
    pub fn group(&self) -> Vec<String> {
        self.front.group()
    }
}
