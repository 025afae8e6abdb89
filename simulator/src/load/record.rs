//! What a run leaves: the books, a sample of every second, what went wrong with the run itself.

use serde::{Deserialize, Serialize};

use crate::ledger::Books;

/// Everything that is known of a run.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// What was printed, journalled and shown.
    pub books: Books,
    /// One for every second of the machine's time.
    pub samples: Vec<Sample>,
    /// Why the run proves nothing, where it does not.
    pub reproaches: Vec<Reproach>,
    /// Where it ran.
    pub machine: Machine,
    /// What was done to the world.
    pub faults: Vec<FaultDone>,
    /// When the last customer came.
    pub sold_until_us: u64,
    /// When the run ended.
    pub ended_us: u64,
}

/// How things stood at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub at_us: u64,
    /// Slips due so far.
    pub offered: u64,
    /// Slips printed.
    pub printed: u64,
    /// Slips that the journal handed over: events with a receipt or a report.
    pub journalled: u64,
    /// Slips that the group was told, as far as their numbers show: the ledger knows exactly.
    pub told: u64,
    /// Messages that the group saw.
    pub messages: u64,
    /// Resident memory of the brain, in bytes.
    pub brain_rss: u64,
    /// Resident memory of the wire process, in bytes.
    pub wire_rss: u64,
    /// Processor of the brain since the last sample, in cores.
    pub brain_cpu: f64,
    /// Processor of the wire process, in cores.
    pub wire_cpu: f64,
    /// Processor of the simulator, in cores.
    pub own_cpu: f64,
    /// How late the latest slip was handed to its till, in microseconds of the machine's time.
    pub behind_us: u64,
}

/// Why a run proves nothing about the bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reproach", rename_all = "snake_case")]
pub enum Reproach {
    /// Slips were handed to their tills too late.
    GeneratorBehind {
        /// The latest, in microseconds of the machine's time.
        worst_us: u64,
        /// How many were later than the bound.
        slips: u64,
    },
    /// The mock took too long over its own answers.
    MockSlow {
        /// The longest, in microseconds of the machine's time.
        worst_us: u64,
        /// How many took longer than the bound.
        calls: u64,
    },
    /// A process of the bridge ended that nobody had killed.
    BridgeDied {
        /// `brain` or `wire`.
        process: String,
        /// When it was noticed.
        at_us: u64,
        /// The end of what it said.
        log: String,
    },
    /// Something else of the run's own failed.
    Failed {
        /// What.
        what: String,
    },
}

/// The machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Processors.
    pub cores: usize,
    /// Name and version of its kernel.
    pub kernel: String,
    /// An append of 4 KiB and fdatasync on the disk of the run, while it ran, in microseconds: half of
    /// them took no longer.
    pub fdatasync_p50_us: u64,
    /// 99 of 100 took no longer.
    pub fdatasync_p99_us: u64,
    /// How many were measured.
    pub fdatasyncs: usize,
}

/// A trouble that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultDone {
    /// When it began.
    pub at_us: u64,
    /// When it was over.
    pub until_us: u64,
    /// Its name.
    pub name: String,
    /// What it was, for people.
    pub text: String,
}
