//! From what was recorded, and what the ledger makes of it, to a report.
//!
//! Pure. It leaves nothing out but what has a named limit.

use serde_json::Value;

use super::distribution::{Distribution, Tally};
use super::latency::latencies;
use super::shape::{
    Bridge, Fault, Gauge, Generator, Latency, Machine, Report, SCHEMA, Series, Stage, Troubles,
    Verdict,
};
use super::thresholds::{self, ThresholdError};
use super::{paths, trouble};
use crate::ledger::{Account, Slip};
use crate::load::{Recorded, Reproach, Sample};
use crate::scenario::Scenario;

/// Moments in a series: two hours by the second. A longer run keeps every second one, or third.
const MOMENTS: usize = 7_200;
/// Samples from which a growth is told.
const GROWTH_SAMPLES: usize = 10;
/// Bytes of a MiB.
const MIB: f64 = 1_048_576.0;

impl Report {
    /// The report of a run. `repeat` is the command that repeats it.
    pub fn of(scenario: &Scenario, recorded: &Recorded, account: &Account, repeat: &str) -> Self {
        let totals = account.totals;
        let shop_of = |slip: &Slip| shop_of(scenario, slip.till);
        let (latency, shops) = latencies(&recorded.books, account, &scenario.bounds, shop_of);
        let mut report = Self {
            schema: SCHEMA,
            sold: totals.sold as u64,
            journalled: totals.journalled as u64,
            delivered: totals.delivered as u64,
            lost: totals.lost as u64,
            duplicated: totals.duplicated as u64,
            wrong: totals.wrong as u64,
            late: totals.late as u64,
            slips: totals.slips as u64,
            unheard: totals.unheard as u64,
            verdict: Verdict::Passed,
            reproaches: recorded.reproaches.iter().map(reproach).collect(),
            scenario: scenario.name.clone(),
            scenario_text: scenario.text.clone(),
            seed: scenario.seed,
            repeat: repeat.to_owned(),
            seconds: short(recorded.ended_us as f64 / 1e6),
            clock_rate: scenario.clock.as_ref().map(|clock| clock.rate),
            machine: machine(&recorded.machine),
            latency,
            shops,
            bridge: bridge(&recorded.samples),
            generator: generator(&recorded.samples),
            thresholds: Vec::new(),
            troubles: trouble::troubles(&account.troubles),
            faults: recorded.faults.iter().map(fault).collect(),
            series: series(&recorded.samples),
        };
        report.thresholds =
            thresholds::judge(&scenario.thresholds, &paths::figures(&report.value()));
        report.verdict = if !report.reproaches.is_empty() {
            Verdict::Void
        } else if report.missed().is_empty() {
            Verdict::Passed
        } else {
            Verdict::Missed
        };
        report
    }

    /// Checks that reports have what the scenario asks for, before anything is run.
    pub fn check(scenario: &Scenario) -> Result<(), ThresholdError> {
        let shops = scenario.shops.iter().map(|shop| shop.name.clone());
        let value = Self::measured(shops).value();
        thresholds::check(&scenario.thresholds, &paths::figures(&value))
    }

    pub(super) fn value(&self) -> Value {
        serde_json::to_value(self).expect("strings for keys, finite numbers")
    }

    /// A report in which everything is measured, and is nothing: what paths there are.
    fn measured(shops: impl Iterator<Item = String>) -> Self {
        let times = || [0].into_iter().collect::<Tally>().distribution();
        let stage =
            || Stage { all: times(), ordinary: times(), urgent: times(), curve: Vec::new() };
        let latency = || Latency {
            print_to_journal: stage(),
            print_to_sent: stage(),
            print_to_shown: stage(),
            intended_to_print: stage(),
            intended_to_journal: stage(),
            intended_to_sent: stage(),
            intended_to_shown: stage(),
        };
        let gauge = || gauge(&[0.0; GROWTH_SAMPLES]);
        Self {
            schema: SCHEMA,
            sold: 0,
            journalled: 0,
            delivered: 0,
            lost: 0,
            duplicated: 0,
            wrong: 0,
            late: 0,
            slips: 0,
            unheard: 0,
            verdict: Verdict::Passed,
            reproaches: Vec::new(),
            scenario: String::new(),
            scenario_text: String::new(),
            seed: 0,
            repeat: String::new(),
            seconds: 0.0,
            clock_rate: Some(1.0),
            machine: Machine { cores: 1, kernel: String::new(), fdatasync: fdatasync(1, 0, 0) },
            latency: latency(),
            shops: shops.map(|shop| (shop, latency())).collect(),
            bridge: Bridge {
                rss_mib: gauge(),
                brain_rss_mib: gauge(),
                wire_rss_mib: gauge(),
                cpu: gauge(),
            },
            generator: Generator { behind: times(), cpu: gauge() },
            thresholds: Vec::new(),
            troubles: Troubles::default(),
            faults: Vec::new(),
            series: Series::default(),
        }
    }
}

/// The shop of a till: shops own tills in their order.
fn shop_of(scenario: &Scenario, till: u32) -> String {
    let mut first_of_next = 0;
    let shop = scenario.shops.iter().find(|shop| {
        first_of_next += shop.tills;
        till < first_of_next
    });
    shop.map_or_else(|| format!("till-{till}"), |shop| shop.name.clone())
}

fn reproach(reproach: &Reproach) -> String {
    let micros = super::plot::micros;
    match reproach {
        Reproach::GeneratorBehind { worst_us, slips } => format!(
            "void: the load fell behind its schedule for {slips} slips, by {} at worst",
            micros(*worst_us)
        ),
        Reproach::MockSlow { worst_us, calls } => format!(
            "void: the mock robot was slow to answer {calls} calls, by {} at worst",
            micros(*worst_us)
        ),
        Reproach::BridgeDied { process, at_us, log } => {
            let last = log.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
            format!(
                "void: the {process} process of the bridge died by itself after {}, and last said: {last}",
                micros(*at_us)
            )
        }
        Reproach::Failed { what } => format!("void: {what}"),
    }
}

fn machine(machine: &crate::load::Machine) -> Machine {
    Machine {
        cores: machine.cores as u64,
        kernel: machine.kernel.clone(),
        fdatasync: fdatasync(
            machine.fdatasyncs as u64,
            machine.fdatasync_p50_us,
            machine.fdatasync_p99_us,
        ),
    }
}

fn fdatasync(count: u64, p50: u64, p99: u64) -> Distribution {
    let measured = |us| (count > 0).then_some(us);
    Distribution { count, p50: measured(p50), p99: measured(p99), ..Distribution::default() }
}

fn fault(fault: &crate::load::FaultDone) -> Fault {
    let crate::load::FaultDone { at_us, until_us, name, text } = fault.clone();
    Fault { at_us, until_us, name, text }
}

/// A process that is dead, or that somebody else runs, has no memory to speak of.
fn bridge(samples: &[Sample]) -> Bridge {
    let of = |rss: fn(&Sample) -> u64, figure: fn(&Sample) -> f64| {
        let alive = samples.iter().filter(|sample| rss(sample) > 0);
        gauge(&alive.map(figure).collect::<Vec<_>>())
    };
    Bridge {
        rss_mib: of(|s| s.brain_rss + s.wire_rss, |s| (s.brain_rss + s.wire_rss) as f64 / MIB),
        brain_rss_mib: of(|s| s.brain_rss, |s| s.brain_rss as f64 / MIB),
        wire_rss_mib: of(|s| s.wire_rss, |s| s.wire_rss as f64 / MIB),
        cpu: of(|s| s.brain_rss + s.wire_rss, |s| s.brain_cpu + s.wire_cpu),
    }
}

fn generator(samples: &[Sample]) -> Generator {
    Generator {
        behind: samples.iter().map(|sample| sample.behind_us).collect::<Tally>().distribution(),
        cpu: gauge(&samples.iter().map(|sample| sample.own_cpu).collect::<Vec<_>>()),
    }
}

/// Three decimals: the rest is noise, and makes a file twice as long.
fn short(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn gauge(values: &[f64]) -> Gauge {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let fifth = values.len() / 5;
    Gauge {
        mean: (!values.is_empty()).then(|| short(mean(values))),
        max: values.iter().copied().reduce(f64::max).map(short),
        last: values.last().copied().map(short),
        growth: (values.len() >= GROWTH_SAMPLES)
            .then(|| mean(&values[values.len() - fifth..]) - mean(&values[fifth..2 * fifth]))
            .map(short),
    }
}

fn series(samples: &[Sample]) -> Series {
    let every = samples.len().div_ceil(MOMENTS).max(1);
    let last = samples.len().saturating_sub(1);
    let mut series = Series::default();
    for (index, sample) in samples.iter().enumerate() {
        // The last one has the final counts.
        if index % every != 0 && index != last {
            continue;
        }
        series.at_s.push(short(sample.at_us as f64 / 1e6));
        series.offered.push(sample.offered);
        series.printed.push(sample.printed);
        series.journalled.push(sample.journalled);
        series.told.push(sample.told);
        series.backlog.push(sample.printed.saturating_sub(sample.told));
        series.messages.push(sample.messages);
        series.behind_us.push(sample.behind_us);
        series.brain_rss_mib.push(short(sample.brain_rss as f64 / MIB));
        series.wire_rss_mib.push(short(sample.wire_rss as f64 / MIB));
        series.brain_cpu.push(short(sample.brain_cpu));
        series.wire_cpu.push(short(sample.wire_cpu));
        series.own_cpu.push(short(sample.own_cpu));
    }
    series
}
