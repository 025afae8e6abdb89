//! kill -9 of the bridge's processes, and their return.
//!
//! Nobody waits here: a bridge that cannot become ready while its disk is full must not keep the disk
//! from being emptied.

use std::time::{Duration, Instant};

use super::cable::REOPENED_WITHIN;
use super::error::ChaosError;
use crate::bridge::{Bridge, BridgeError};
use crate::ledger::Deaf;
use crate::load::World;

/// How long a bridge may take to be ready again, in real time. A full disk can be in its way.
const BACK_WITHIN: Duration = Duration::from_mins(1);
/// Pause between two looks, in real time.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// Processes that were killed.
#[derive(Debug)]
pub(super) struct Death {
    brain: bool,
    wire: Option<WireDeath>,
    /// When it was begun to be undone; nothing before.
    undoing: Option<Instant>,
}

#[derive(Debug)]
struct WireDeath {
    pid: i32,
    from_us: u64,
    replugged: bool,
}

impl Death {
    /// Kills.
    pub(super) async fn of(world: &mut World, brain: bool, wire: bool) -> Result<Self, ChaosError> {
        let from_us = world.clock.now_us();
        let Some(bridge) = &mut world.bridge else {
            return Err(ChaosError::Skipped("somebody else's bridge is not ours to kill".into()));
        };
        // The brain first: it would start another wire process.
        if brain {
            bridge.kill_brain().await?;
        }
        let pid = if wire { Some(bridge.kill_wire()?) } else { None };
        let wire = pid.map(|pid| WireDeath { pid, from_us, replugged: false });
        Ok(Self { brain, wire, undoing: None })
    }

    /// Whether the brain was among them.
    pub(super) fn of_brain(&self) -> bool {
        self.brain
    }

    /// Goes on with their return; how long to wait before the next look, or nothing when all is as it
    /// was.
    pub(super) async fn undo(&mut self, world: &mut World) -> Result<Option<Duration>, ChaosError> {
        let Some(bridge) = &mut world.bridge else { return Ok(None) };
        let look_again = world.clock.virtual_time(LOOK_PAUSE);
        let Some(since) = self.undoing else {
            self.undoing = Some(Instant::now());
            if self.brain {
                bridge.spawn()?;
            }
            return Ok(Some(look_again));
        };
        if let Some(wire) = self.wire.as_mut().filter(|wire| !wire.replugged)
            && !bridge.is_ours(wire.pid)
        {
            world.crowd.replug();
            wire.replugged = true;
        }
        if self.is_back(bridge).await? {
            self.heard_again(world);
            return Ok(None);
        }
        if since.elapsed() >= BACK_WITHIN {
            return Err(ChaosError::NotBack(bridge.not_ready("not ready".to_owned(), BACK_WITHIN)));
        }
        Ok(Some(look_again))
    }

    async fn is_back(&self, bridge: &mut Bridge) -> Result<bool, ChaosError> {
        let killed = self.wire.as_ref().map(|wire| wire.pid);
        match bridge.look(killed).await {
            Ok(ready) => Ok(ready && self.wire.as_ref().is_none_or(|wire| wire.replugged)),
            Err(error @ BridgeError::NotReady { .. }) => Err(ChaosError::NotBack(error)),
            // A brain that has just been started does not answer yet.
            Err(_) => Ok(false),
        }
    }

    /// From now on serial ports are open again; what was printed in between may be missing.
    fn heard_again(&self, world: &mut World) {
        let Some(wire) = &self.wire else { return };
        let reopened = world.clock.virtual_time(REOPENED_WITHIN);
        let until_us = world.clock.now_us() + reopened.as_micros() as u64;
        for till in world.crowd.serial() {
            let source = world.crowd.source(till).to_owned();
            world.deaf.push(Deaf { source, from_us: wire.from_us, until_us });
        }
    }
}
