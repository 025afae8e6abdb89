//! Everything that runs, as those see it who make trouble.

use super::clock::RunClock;
use super::crowd::Crowd;
use super::farm::Farm;
use crate::bridge::Bridge;
use crate::dingtalk::MockRobot;
use crate::ledger::{Deaf, Excused};

/// Everything that runs.
#[derive(Debug)]
pub struct World {
    /// The bridge; nothing where somebody else's is tested.
    pub bridge: Option<Bridge>,
    /// DingTalk.
    pub mock: MockRobot,
    /// The printers.
    pub farm: Farm,
    /// The tills.
    pub crowd: Crowd,
    /// The run's clock.
    pub clock: RunClock,
    /// Times in which nobody could have told the group: whoever causes one writes it down.
    pub excused: Vec<Excused>,
    /// Times in which a listener could not hear: as `excused`.
    pub deaf: Vec<Deaf>,
    /// Names of the robots, each with its token at the mock.
    pub robots: Vec<(String, String)>,
    /// Directory of the bridge's journal.
    pub journal_dir: std::path::PathBuf,
    /// What was prepared for troubles.
    pub ground: std::sync::Arc<crate::chaos::Ground>,
}
