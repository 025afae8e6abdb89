//! Looks at everything once a second: the counts, the bridge's processes, our own.
//!
//! It says what went wrong with the run itself; what went wrong with the sales is the ledger's.

use std::sync::Arc;
use std::time::Instant;

use super::clerk::SLOW_CALL_US;
use super::clock::RunClock;
use super::counts::Counts;
use super::crowd::BEHIND_BOUND;
use super::record::{Reproach, Sample};
use crate::bridge::{Vitals, own_cpu, usage_of};

/// Share of slips that may be handed over late, and of calls that the mock may be slow over, before
/// the run is void: a machine that stumbles once
/// has shown nothing, a generator that limps has.
const LATE_OF_THOUSAND: u64 = 5;

/// Whoever looks.
#[derive(Debug)]
pub(super) struct Watch {
    clock: RunClock,
    counts: Arc<Counts>,
    vitals: Option<Arc<Vitals>>,
    before: Look,
    pub(super) samples: Vec<Sample>,
    deaths: Vec<(&'static str, u64)>,
    /// Processes that are known to be dead.
    mourned: Vec<i32>,
}

/// Processor times at one moment.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Instant,
    brain: (i32, u64),
    wire: (i32, u64),
    own_us: u64,
}

impl Watch {
    pub(super) fn new(clock: RunClock, counts: Arc<Counts>, vitals: Option<Arc<Vitals>>) -> Self {
        let before = Look { at: Instant::now(), brain: (0, 0), wire: (0, 0), own_us: own_cpu() };
        let (samples, deaths, mourned) = (Vec::new(), Vec::new(), Vec::new());
        Self { clock, counts, vitals, before, samples, deaths, mourned }
    }

    /// Takes a sample.
    pub(super) fn look(&mut self) -> Sample {
        let at = Instant::now();
        let (brain, wire) = self.vitals.as_ref().map_or((None, None), |v| (v.brain(), v.wire()));
        let (brain_rss, brain) = self.process("brain", brain);
        let (wire_rss, wire) = self.process("wire", wire);
        let now = Look { at, brain, wire, own_us: own_cpu() };
        let passed = at.saturating_duration_since(self.before.at).as_micros().max(1) as f64;
        let cores = |now: (i32, u64), before: (i32, u64)| {
            // Another process has used nothing of what this one did.
            let used = if now.0 == before.0 { now.1.saturating_sub(before.1) } else { 0 };
            used as f64 / passed
        };
        let counts = &self.counts;
        let sample = Sample {
            at_us: self.clock.us_at(at),
            offered: counts.offered.get(),
            printed: counts.printed.get(),
            journalled: counts.journalled.get(),
            told: counts.told.get(),
            messages: counts.messages.get(),
            brain_rss,
            wire_rss,
            brain_cpu: cores(now.brain, self.before.brain),
            wire_cpu: cores(now.wire, self.before.wire),
            own_cpu: cores((0, now.own_us), (0, self.before.own_us)),
            behind_us: counts.behind_us.get(),
        };
        self.before = now;
        self.samples.push(sample);
        sample
    }

    /// Memory and processor time of a process that should be alive. One that is not has died.
    fn process(&mut self, name: &'static str, pid: Option<i32>) -> (u64, (i32, u64)) {
        let Some(pid) = pid else { return (0, (0, 0)) };
        match usage_of(pid).filter(|usage| !usage.ended) {
            Some(usage) => (usage.rss, (pid, usage.cpu_us)),
            // Whoever kills a process takes it off the list first.
            None if !self.mourned.contains(&pid) => {
                self.mourned.push(pid);
                self.deaths.push((name, self.clock.now_us()));
                (0, (0, 0))
            }
            None => (0, (0, 0)),
        }
    }

    /// Whether the brain died without having been killed.
    pub(super) fn brain_died(&self) -> bool {
        self.deaths.iter().any(|(name, _)| *name == "brain")
    }

    /// What makes the run void; `log` is the end of what the bridge said.
    pub(super) fn reproaches(&self, log: &str) -> Vec<Reproach> {
        let mut reproaches = Vec::new();
        let (late, offered) = (self.counts.late_starts.get(), self.counts.offered.get());
        let worst_us = self.counts.worst_behind_us.get();
        if late * 1_000 > offered * LATE_OF_THOUSAND {
            debug_assert!(u128::from(worst_us) > BEHIND_BOUND.as_micros());
            reproaches.push(Reproach::GeneratorBehind { worst_us, slips: late });
        }
        let (calls, judged) = (self.counts.slow_calls.get(), self.counts.calls.get());
        if calls * 1_000 > judged * LATE_OF_THOUSAND {
            let worst_us = self.counts.worst_call_us.get();
            debug_assert!(worst_us > SLOW_CALL_US);
            reproaches.push(Reproach::MockSlow { worst_us, calls });
        }
        reproaches.extend(self.deaths.iter().map(|(process, at_us)| Reproach::BridgeDied {
            process: (*process).to_owned(),
            at_us: *at_us,
            log: log.to_owned(),
        }));
        reproaches
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Counts, Reproach, RunClock, Watch};

    fn watch(offered: u64, late: u64) -> Watch {
        let counts = Arc::new(Counts::default());
        counts.offered.add(offered);
        counts.late_starts.add(late);
        counts.worst_behind_us.at_least(if late > 0 { 900_000 } else { 1_000 });
        Watch::new(RunClock::start(1.0), counts, None)
    }

    #[test]
    fn a_generator_that_limps_makes_the_run_void_and_one_stumble_does_not() {
        assert_eq!(watch(1_000, 5).reproaches(""), []);
        let void = Reproach::GeneratorBehind { worst_us: 900_000, slips: 6 };
        assert_eq!(watch(1_000, 6).reproaches(""), [void]);
    }

    #[test]
    fn a_process_that_is_gone_without_having_been_killed_died_once() {
        let mut watch = watch(1, 0);
        for _ in 0..2 {
            assert_eq!(watch.process("brain", Some(i32::MAX)).0, 0);
        }
        assert!(watch.brain_died());
        let [Reproach::BridgeDied { process, log, .. }] = &watch.reproaches("last words")[..]
        else {
            panic!("one death");
        };
        assert_eq!((process.as_str(), log.as_str()), ("brain", "last words"));
    }

    #[test]
    fn a_sample_counts_and_this_process_has_used_some_time() {
        let mut watch = watch(7, 0);
        let sample = watch.look();
        assert_eq!((sample.offered, sample.brain_rss), (7, 0));
        assert!(sample.own_cpu >= 0.0 && watch.samples.len() == 1);
    }
}
