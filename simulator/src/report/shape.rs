//! The shape of `report.json`, schema version 1.
//!
//! Only data: a field is added here and filled elsewhere. Times are microseconds unless their name
//! says otherwise; what was not measured is absent, never 0. New optional fields keep the version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::distribution::{Distribution, Point};

/// The version of the shape.
pub const SCHEMA: u32 = 1;

/// A run of a scenario: what was asked for, what came of it, and how long everything took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this shape: 1.
    pub schema: u32,
    /// Sales at the tills.
    pub sold: u64,
    /// Sales that the bridge's journal holds.
    pub journalled: u64,
    /// Sales that the group saw.
    pub delivered: u64,
    /// Sales that are not in the journal, or that the group did not see.
    pub lost: u64,
    /// Sales journalled or shown more than once.
    pub duplicated: u64,
    /// Sales told wrongly, and things told that nobody sold.
    pub wrong: u64,
    /// Slips told after the bound of their priority.
    pub late: u64,
    /// Slips of every kind at the tills.
    pub slips: u64,
    /// Slips that a listener could not hear, with a gap in the journal to say so. They are not lost.
    pub unheard: u64,
    /// Whether the run counts, and whether every threshold held.
    pub verdict: Verdict,
    /// Why the run is void: each line begins with `void: `. Empty where it counts.
    pub reproaches: Vec<String>,
    /// Name of the scenario.
    pub scenario: String,
    /// The scenario's text, as it was when it ran.
    pub scenario_text: String,
    /// Seed: the same seed sells the same things at the same times.
    pub seed: u64,
    /// The command that repeats the run.
    pub repeat: String,
    /// Length of the run on its own clock, in seconds.
    pub seconds: f64,
    /// Seconds of the run in one second of the machine; absent where the run had no clock of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_rate: Option<f64>,
    /// The machine that did it.
    pub machine: Machine,
    /// Latencies of all shops together.
    pub latency: Latency,
    /// Latencies of each shop.
    pub shops: BTreeMap<String, Latency>,
    /// What the bridge used.
    pub bridge: Bridge,
    /// How well the load was made.
    pub generator: Generator,
    /// What was asked for, and what was found.
    pub thresholds: Vec<Asked>,
    /// What is not as it should be.
    pub troubles: Troubles,
    /// What was done to the bridge on purpose, in order.
    pub faults: Vec<Fault>,
    /// The course of the run.
    pub series: Series,
}

/// What the run shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every threshold held.
    Passed,
    /// At least one threshold was missed.
    Missed,
    /// The figures say nothing about the bridge: the load was not made as meant, or the bridge died.
    Void,
}

/// The machine that did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Machine {
    /// Processor cores.
    pub cores: u64,
    /// The kernel's name and version.
    pub kernel: String,
    /// An append of 4 KiB and `fdatasync` on the disk of the run while it ran, in microseconds of the
    /// machine's time.
    pub fdatasync: Distribution,
}

/// Latencies, each from the end of printing and from the moment that the scenario intended for the
/// slip. The second is free of coordinated omission: arrivals are scheduled before the run, so what
/// a slow bridge, printer or generator holds up counts in full.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Latency {
    /// From the last byte printed to the journal.
    pub print_to_journal: Stage,
    /// From the last byte printed to the first call to DingTalk that carries it.
    pub print_to_sent: Stage,
    /// From the last byte printed to the message in the group.
    pub print_to_shown: Stage,
    /// From the intended moment to the last byte printed.
    pub intended_to_print: Stage,
    /// From the intended moment to the journal.
    pub intended_to_journal: Stage,
    /// From the intended moment to the first call to DingTalk that carries it.
    pub intended_to_sent: Stage,
    /// From the intended moment to the message in the group.
    pub intended_to_shown: Stage,
}

/// One latency: of all slips, of the ordinary and of the urgent ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stage {
    /// All slips.
    #[serde(flatten)]
    pub all: Distribution,
    /// Slips whose bound is the ordinary one.
    pub ordinary: Distribution,
    /// Slips that a person must hear of at once.
    pub urgent: Distribution,
    /// The distribution of all slips, for drawing. Empty for one shop's latencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<Point>,
}

/// What the bridge used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bridge {
    /// Resident memory of both processes, MiB.
    pub rss_mib: Gauge,
    /// Resident memory of the brain, MiB.
    pub brain_rss_mib: Gauge,
    /// Resident memory of the wire process, MiB.
    pub wire_rss_mib: Gauge,
    /// Both processes' share of one core: 1 is a whole core.
    pub cpu: Gauge,
}

/// How well the load was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Generator {
    /// How late the generator handed a slip to its till, taken once a second, in microseconds of the
    /// machine's time. Not the bridge's doing.
    pub behind: Distribution,
    /// Share of one core that generator, printers and mock used: 1 is a whole core.
    pub cpu: Gauge,
}

/// A quantity that was read once a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gauge {
    /// Mean; absent where nothing was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<f64>,
    /// Mean of the last fifth less the mean of the second fifth: what grew after the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<f64>,
}

/// A threshold of the scenario and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asked {
    /// Path in this file, such as `latency.print_to_journal.p99`.
    pub what: String,
    /// What was asked for, such as `at most 100ms`.
    pub asked: String,
    /// What was found, in the same unit; `nothing measured` where there is nothing.
    pub found: String,
    /// Whether it held.
    pub ok: bool,
}

/// What is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Troubles {
    /// How many there are.
    pub count: u64,
    /// How many of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// The first thousand.
    pub first: Vec<Troubled>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Troubled {
    /// Kind of trouble, such as `not_journalled`.
    pub kind: String,
    /// What is wrong, in words.
    pub text: String,
    /// How to see it again; absent where nothing of the truth belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reproduce: Option<String>,
}

/// Something that was done on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fault {
    /// Begin, microseconds of the run.
    pub at_us: u64,
    /// End, microseconds of the run.
    pub until_us: u64,
    /// Kind, such as `kill-brain`.
    pub name: String,
    /// What was done, in words.
    pub text: String,
}

/// The course of the run: one column for each quantity, one entry for each moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Series {
    /// Seconds of the run.
    pub at_s: Vec<f64>,
    /// Slips due so far.
    pub offered: Vec<u64>,
    /// Slips printed so far.
    pub printed: Vec<u64>,
    /// Slips in the journal so far.
    pub journalled: Vec<u64>,
    /// Slips that the group saw so far.
    pub told: Vec<u64>,
    /// Slips printed that the group had not seen.
    pub backlog: Vec<u64>,
    /// Messages shown so far.
    pub messages: Vec<u64>,
    /// How late the generator handed over its latest slip, microseconds of the machine's time.
    pub behind_us: Vec<u64>,
    /// Resident memory of the brain, MiB.
    pub brain_rss_mib: Vec<f64>,
    /// Resident memory of the wire process, MiB.
    pub wire_rss_mib: Vec<f64>,
    /// Share of one core that the brain used.
    pub brain_cpu: Vec<f64>,
    /// Share of one core that the wire process used.
    pub wire_cpu: Vec<f64>,
    /// Share of one core that generator, printers and mock used.
    pub own_cpu: Vec<f64>,
}
