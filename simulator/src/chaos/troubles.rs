//! A schedule on its way: what is to come, what is going on, what is over.
//!
//! It has no clock and no loop of its own: whoever runs the world asks when it wants to act, and lets
//! it.

use std::collections::VecDeque;
use std::time::Duration;

use super::error::ChaosError;
use super::fault::Planned;
use super::perform::{FaultRunning, begin, end};
use crate::load::{FaultDone, World};

/// A schedule on its way.
#[derive(Debug, Default)]
pub struct Troubles {
    waiting: VecDeque<Planned>,
    running: Vec<(u64, FaultRunning)>,
    done: Vec<FaultDone>,
}

impl Troubles {
    /// A schedule that has not begun.
    pub fn new(mut faults: Vec<Planned>) -> Self {
        faults.sort_by_key(|planned| planned.at);
        Self { waiting: faults.into(), ..Self::default() }
    }

    /// When it wants to act next, since the run began; nothing when all is over.
    pub fn next(&self) -> Option<Duration> {
        let ends = self.running.iter().map(|(_, running)| running.until);
        ends.chain(self.waiting.front().map(|planned| planned.at)).min()
    }

    /// Does what is due. Ends come before beginnings: the next of its kind may be about to begin.
    pub async fn act(&mut self, world: &mut World) -> Result<(), ChaosError> {
        let now = Duration::from_micros(world.clock.now_us());
        for (at_us, running) in std::mem::take(&mut self.running) {
            if running.until > now {
                self.running.push((at_us, running));
                continue;
            }
            let (name, text) = (running.name.clone(), running.text.clone());
            if let Some(running) = end(world, running).await? {
                self.running.push((at_us, running));
                continue;
            }
            let until_us = world.clock.now_us();
            self.done.push(FaultDone { at_us, until_us, name, text });
        }
        while self.waiting.front().is_some_and(|planned| planned.at <= now) {
            let Some(planned) = self.waiting.pop_front() else { break };
            let at_us = world.clock.now_us();
            let mut running = begin(world, &planned.fault).await?;
            running.text = format!("{}: {}", planned.n, running.text);
            self.running.push((at_us, running));
        }
        Ok(())
    }

    /// What was done, in the order in which it was over.
    pub fn done(self) -> Vec<FaultDone> {
        self.done
    }
}
