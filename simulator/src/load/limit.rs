//! Searches for the highest rate at which the books close: doubling, then halving the gap.
//!
//! Each step is a run of its own with a fresh bridge. Where the search ends because the simulator
//! itself could not keep up, it says so: that is no limit of the bridge's.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::error::LoadError;
use super::record::{Recorded, Reproach, Sample};
use super::run::{Options, run};
use crate::ledger::{Account, Totals};
use crate::scenario::{Rate, Scenario};

/// A backlog of so much of the load, in seconds of it, has grown and was not there by chance.
const BACKLOG_S: f64 = 2.0;
/// A process that takes so much of a core, or all of them together of the machine, has no more to get.
const SATURATED: f64 = 0.85;
/// Most steps: a search by doubling and halving needs no more for any rate that can be asked for.
const MAX_STEPS: usize = 40;

/// One step of a search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Slips a second of the run's time.
    pub rate: Rate,
    /// What the ledger says.
    pub totals: Totals,
    /// Why the rate cannot be had; nothing where it can.
    pub broke: Option<Broke>,
    /// What it took.
    pub took: Took,
}

/// What a step took while customers came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Took {
    /// Processor of the brain, in cores.
    pub brain_cpu: f64,
    /// Processor of the wire process, in cores.
    pub wire_cpu: f64,
    /// Processor of the simulator, in cores.
    pub own_cpu: f64,
    /// Cores of the machine.
    pub cores: usize,
    /// An append of a page and fdatasync on the same disk, in microseconds: 99 of 100.
    pub fdatasync_p99_us: u64,
    /// Largest memory of the brain, in bytes.
    pub brain_rss: u64,
}

/// Why a rate cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "broke", rename_all = "snake_case")]
pub enum Broke {
    /// The simulator did not keep up: nothing is known of the bridge.
    Simulator {
        /// What of it.
        what: String,
    },
    /// The bridge died.
    Died,
    /// Slips were lost, doubled or wrong.
    Open,
    /// Slips were told too late.
    Late,
    /// Slips waited for their printers, more and more of them.
    Printing {
        /// How many at the end.
        waiting: u64,
    },
    /// Slips waited for the journal, more and more of them.
    Journal {
        /// How many at the end.
        waiting: u64,
    },
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// The highest rate that was had; nothing where none was.
    pub highest: Option<Rate>,
    /// The lowest that was not had; nothing where all were.
    pub lowest_broken: Option<Rate>,
    /// All steps, in the order in which they were made.
    pub steps: Vec<Step>,
}

/// A finished step with everything that is known of it.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The step.
    pub step: &'a Step,
    /// The scenario at its rate.
    pub scenario: &'a Scenario,
    /// Its run.
    pub recorded: &'a Recorded,
    /// Its ledger.
    pub account: &'a Account,
    /// Its directory.
    pub options: &'a Options,
}

/// Searches. `finished` hears of every step.
pub async fn find_limit(
    scenario: &Scenario,
    options: &Options,
    view: &mut dyn FnMut(&Sample),
    finished: &mut dyn FnMut(&Tried<'_>),
) -> Result<Limit, LoadError> {
    let mut search = Search::new(scenario);
    while let Some(rate) = search.next() {
        let n = search.steps.len() + 1;
        let mut own = options.clone();
        own.dir = options.dir.join("limit").join(format!("{n:02}-{rate:.0}"));
        let scenario = scenario.at_rate(rate, scenario.limit.step);
        let recorded = run(&scenario, &own, Vec::new(), view).await?;
        let account = recorded.books.settle(&scenario.bounds);
        let took = took(&recorded);
        let broke = broke(rate, &recorded, &account);
        let step = Step { rate, totals: account.totals, broke, took };
        finished(&Tried {
            step: &step,
            scenario: &scenario,
            recorded: &recorded,
            account: &account,
            options: &own,
        });
        search.steps.push(step);
    }
    Ok(search.found())
}

/// Where a search stands. Pure.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) from: Rate,
    pub(super) most: Rate,
    pub(super) precision: f64,
    pub(super) steps: Vec<Step>,
}

impl Search {
    fn new(scenario: &Scenario) -> Self {
        let limit = scenario.limit;
        Self { from: limit.from, most: limit.most, precision: limit.precision, steps: Vec::new() }
    }

    fn highest(&self) -> Option<Rate> {
        let had = self.steps.iter().filter(|step| step.broke.is_none());
        had.map(|step| step.rate).reduce(f64::max)
    }

    fn lowest_broken(&self) -> Option<Rate> {
        let broken = self.steps.iter().filter(|step| step.broke.is_some());
        broken.map(|step| step.rate).reduce(f64::min)
    }

    /// The rate to try next; nothing when the limit is known well enough.
    pub(super) fn next(&self) -> Option<Rate> {
        if self.steps.len() >= MAX_STEPS {
            return None;
        }
        match (self.highest(), self.lowest_broken()) {
            (None, None) => Some(self.from.min(self.most)),
            (Some(had), None) if had >= self.most => None,
            (Some(had), None) => Some((had * 2.0).min(self.most)),
            // Below one slip in ten seconds nothing is a load.
            (None, Some(broken)) => Some(broken / 2.0).filter(|rate| *rate >= 0.1),
            (Some(had), Some(broken)) if broken - had <= had * self.precision => None,
            (Some(had), Some(broken)) => Some(f64::midpoint(had, broken)),
        }
    }

    pub(super) fn found(self) -> Limit {
        let (highest, lowest_broken) = (self.highest(), self.lowest_broken());
        Limit { highest, lowest_broken, steps: self.steps }
    }
}

/// Why a run shows that its rate cannot be had; the first reason counts, the simulator's own first.
pub(super) fn broke(rate: Rate, recorded: &Recorded, account: &Account) -> Option<Broke> {
    if recorded.died() {
        return Some(Broke::Died);
    }
    // What was not printed is told by the reproaches, and is the bridge's affair where the tills
    // were handed their slips on time.
    let end = selling(recorded).last().copied().unwrap_or_default();
    let printing = end.offered.saturating_sub(end.printed);
    let behind = recorded.reproaches.iter().find_map(|reproach| match reproach {
        Reproach::GeneratorBehind { worst_us, slips } => {
            Some(format!("{slips} slips were due earlier, the worst by {worst_us} us"))
        }
        Reproach::MockSlow { worst_us, calls } => {
            Some(format!("the mock was slow over {calls} calls, at worst {worst_us} us"))
        }
        _ => None,
    });
    if let Some(what) = behind {
        return Some(Broke::Simulator { what });
    }
    let allowed = (rate * BACKLOG_S) as u64;
    if printing > allowed {
        return Some(Broke::Printing { waiting: printing });
    }
    let waiting = end.printed.saturating_sub(end.journalled);
    if waiting > allowed {
        return Some(Broke::Journal { waiting });
    }
    let Totals { lost, duplicated, wrong, late, .. } = account.totals;
    if lost + duplicated + wrong > 0 {
        return Some(Broke::Open);
    }
    if late > 0 {
        return Some(Broke::Late);
    }
    recorded.is_void().then(|| Broke::Simulator { what: format!("{:?}", recorded.reproaches) })
}

/// The samples of the time in which customers came.
fn selling(recorded: &Recorded) -> &[Sample] {
    let until = recorded.samples.partition_point(|s| s.at_us <= recorded.sold_until_us);
    &recorded.samples[..until]
}

fn took(recorded: &Recorded) -> Took {
    let samples = selling(recorded);
    // The first looks at processes that have just started.
    let steady = &samples[1.min(samples.len())..];
    let mean =
        |of: fn(&Sample) -> f64| steady.iter().map(of).sum::<f64>() / steady.len().max(1) as f64;
    Took {
        brain_cpu: mean(|sample| sample.brain_cpu),
        wire_cpu: mean(|sample| sample.wire_cpu),
        own_cpu: mean(|sample| sample.own_cpu),
        cores: recorded.machine.cores,
        fdatasync_p99_us: recorded.machine.fdatasync_p99_us,
        brain_rss: steady.iter().map(|sample| sample.brain_rss).max().unwrap_or(0),
    }
}

impl Took {
    /// What has no more to give.
    pub fn saturates(&self) -> String {
        let Self { brain_cpu, wire_cpu, own_cpu, cores, .. } = *self;
        let together = brain_cpu + wire_cpu + own_cpu;
        if together >= SATURATED * cores as f64 {
            return format!("all {cores} cores of the machine");
        }
        let parts = [("brain", brain_cpu), ("wire process", wire_cpu), ("simulator", own_cpu)];
        let full = parts.iter().find(|(_, cpu)| *cpu >= SATURATED);
        full.map_or_else(
            || "no processor: look at the disk, and at what else runs here".to_owned(),
            |(name, _)| format!("one core of the {name}"),
        )
    }
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { brain_cpu, wire_cpu, own_cpu, cores, fdatasync_p99_us, brain_rss } = self;
        write!(
            f,
            "brain {brain_cpu:.2}, wire {wire_cpu:.2}, simulator {own_cpu:.2} of {cores} cores; \
             fdatasync p99 {:?}; brain {} MiB",
            Duration::from_micros(*fdatasync_p99_us),
            brain_rss / (1024 * 1024)
        )
    }
}

impl fmt::Display for Broke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simulator { what } => {
                write!(f, "the simulator could not keep up, not the bridge: {what}")
            }
            Self::Died => f.write_str("the bridge died"),
            Self::Open => f.write_str("the ledger does not close"),
            Self::Late => f.write_str("slips were told too late"),
            Self::Printing { waiting } => write!(f, "{waiting} slips waited for their printers"),
            Self::Journal { waiting } => write!(f, "{waiting} slips waited for the journal"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.broke.as_ref().map_or_else(|| "had".to_owned(), ToString::to_string);
        write!(f, "{:7.1}/s  {verdict}\n           {}", self.rate, self.took)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        match self.highest {
            Some(rate) => writeln!(f, "highest rate with a closed ledger: {rate:.1}/s")?,
            None => writeln!(f, "no rate was had")?,
        }
        let lowest = |step: &&Step| Some(step.rate) == self.lowest_broken;
        match self.steps.iter().find(lowest) {
            Some(step) => {
                let broke = step.broke.as_ref().map(ToString::to_string).unwrap_or_default();
                let full = step.took.saturates();
                write!(f, "at {:.1}/s: {broke}; what saturates there: {full}", step.rate)
            }
            None => f.write_str("nothing broke up to the highest rate that was allowed"),
        }
    }
}
