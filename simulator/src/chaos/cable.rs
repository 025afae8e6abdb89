//! The cable of a tapped till: pulled in the middle of a slip, and heard again some time later.
//!
//! Its till does not notice, so what is printed meanwhile may be lost: these are the times in which
//! nobody could hear it.

use std::time::Duration;

use crate::ledger::Deaf;
use crate::load::World;

/// How soon a bridge opens a port that is there again, in real time: it looks every two seconds.
pub(super) const REOPENED_WITHIN: Duration = Duration::from_secs(3);
/// Pause between two looks whether the till has begun a slip, in real time.
const LOOK_PAUSE: Duration = Duration::from_millis(100);
/// How long a till is waited for that has no customer, in real time.
const MOST_LOOKS: u32 = 300;

/// A cable that is to be pulled, or was.
#[derive(Debug)]
pub(super) struct Pulled {
    till: u32,
    gone_for: Duration,
    looks: u32,
    out: bool,
}

impl Pulled {
    /// The cable of `till`, from its next slip on.
    pub(super) fn of(till: u32, gone_for: Duration) -> Self {
        Self { till, gone_for, looks: 0, out: false }
    }

    /// How long until it is to be looked at again; nothing once it is heard again, which is written
    /// down.
    pub(super) fn look(&mut self, world: &mut World, from_us: u64) -> Option<Duration> {
        if !self.out && world.crowd.unplug_waits(self.till) && self.looks < MOST_LOOKS {
            self.looks += 1;
            return Some(world.clock.virtual_time(LOOK_PAUSE));
        }
        if !self.out {
            self.out = true;
            return Some(self.gone_for + world.clock.virtual_time(REOPENED_WITHIN));
        }
        let source = world.crowd.source(self.till).to_owned();
        world.deaf.push(Deaf { source, from_us, until_us: world.clock.now_us() });
        None
    }
}
