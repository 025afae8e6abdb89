//! Two reports side by side: which figures differ by more than chance.
//!
//! It tells no cause. Two runs are two samples; what it calls noise is the chance of each percentile
//! and the tenth by which runs on one machine differ anyway.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::distribution::Point;
use super::paths::{self, Unit};
use super::plot::{micros, number};
use super::shape::{Report, Stage, Verdict};
use super::words::table;

/// By how much runs on one machine differ anyway, as a share.
const RUNS: f64 = 0.1;
/// Standard deviations within which a percentile is taken for chance.
const DEVIATIONS: f64 = 2.0;
/// With fewer values above it than this, a percentile could as well have been any larger.
const BEYOND: f64 = 5.0;
/// Percentiles that are judged.
const PERCENTILES: [(&str, f64); 4] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)];

/// Figures that the sentence names.
const NAMED: usize = 4;

/// Two reports that are not of the same thing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "expected two reports of one scenario, found {what}\n\
     hint: --anyway compares them all the same"
)]
pub struct Unlike {
    what: String,
}

/// What the second report's figure is beside the first one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Better beyond noise.
    Better,
    /// Worse beyond noise.
    Worse,
    /// Within noise, or equal.
    Noise,
    /// Neither is better, or it is one value of which nobody knows the chance.
    NotJudged,
}

/// A figure of both reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its path.
    pub what: String,
    /// In the first report, in words.
    pub first: String,
    /// In the second.
    pub second: String,
    /// The second over the first; absent where the first is nothing.
    pub ratio: Option<f64>,
    /// What that means.
    pub change: Change,
}

/// Two reports side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What one must know before reading on.
    pub notes: Vec<String>,
    /// The figures.
    pub figures: Vec<Compared>,
}

/// How a figure is judged.
#[derive(Clone, Copy)]
enum Rule {
    /// Every one is one too many.
    Count,
    /// Less is better, beyond a share and an amount.
    Less(f64),
    /// It only says what was run.
    Neither,
}

/// Figures besides the latencies.
const FIGURES: [(&str, Rule); 17] = [
    ("sold", Rule::Neither),
    ("delivered", Rule::Neither),
    ("lost", Rule::Count),
    ("duplicated", Rule::Count),
    ("wrong", Rule::Count),
    ("late", Rule::Count),
    ("unheard", Rule::Neither),
    ("bridge.rss_mib.mean", Rule::Less(1.0)),
    ("bridge.rss_mib.max", Rule::Less(1.0)),
    ("bridge.rss_mib.growth", Rule::Less(1.0)),
    ("bridge.cpu.mean", Rule::Less(0.02)),
    ("bridge.cpu.max", Rule::Neither),
    ("machine.fdatasync.p50", Rule::Neither),
    ("machine.fdatasync.p99", Rule::Neither),
    ("generator.behind.p99", Rule::Neither),
    ("generator.behind.max", Rule::Neither),
    ("generator.cpu.mean", Rule::Neither),
];

/// Sets two reports side by side. `anyway` takes reports of different scenarios too.
pub fn compare(first: &Report, second: &Report, anyway: bool) -> Result<Comparison, Unlike> {
    let mut notes = Vec::new();
    if let Some(what) = unlike(first, second) {
        if !anyway {
            return Err(Unlike { what });
        }
        notes.push(format!("not the same scenario: {what}"));
    }
    notes.extend(remarks(first, second));
    let void = [first, second].iter().any(|report| report.verdict == Verdict::Void);
    let both = [first, second].map(|report| paths::figures(&report.value()));
    let mut figures = Vec::new();
    for (what, rule) in FIGURES {
        figures.extend(compared(what, &both, |a, b| judge(rule, a, b)));
    }
    let stages = first.latency.stages().into_iter().zip(second.latency.stages());
    for (name, ((_, a), (_, b))) in STAGES.into_iter().zip(stages) {
        for (percentile, quantile) in PERCENTILES {
            let what = format!("latency.{name}.{percentile}");
            figures.extend(compared(&what, &both, |x, y| chance((x, a), (y, b), quantile)));
        }
        let what = format!("latency.{name}.max");
        figures.extend(compared(&what, &both, |_, _| Change::NotJudged));
    }
    if void {
        for figure in &mut figures {
            figure.change = Change::NotJudged;
        }
    }
    Ok(Comparison { notes, figures })
}

/// Fields of the latencies, in the order of `Latency::stages`.
const STAGES: [&str; 7] = [
    "print_to_journal",
    "print_to_sent",
    "print_to_shown",
    "intended_to_print",
    "intended_to_journal",
    "intended_to_sent",
    "intended_to_shown",
];

fn unlike(first: &Report, second: &Report) -> Option<String> {
    if first.scenario != second.scenario {
        return Some(format!("{:?} and {:?}", first.scenario, second.scenario));
    }
    let differs = first.scenario_text != second.scenario_text;
    differs.then(|| format!("two texts of {:?}", first.scenario))
}

fn remarks(first: &Report, second: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, report) in [("A", first), ("B", second)] {
        for why in &report.reproaches {
            notes.push(format!("{name} is {why}; nothing is judged"));
        }
    }
    if first.seed != second.seed {
        notes.push(format!("other sales: seed {} and {}", first.seed, second.seed));
    }
    if first.clock_rate != second.clock_rate {
        notes.push("other clocks: what the machine itself takes weighs differently".to_owned());
    }
    let machine =
        |report: &Report| format!("{} cores, {}", report.machine.cores, report.machine.kernel);
    if machine(first) != machine(second) {
        notes.push(format!("other machines: {} and {}", machine(first), machine(second)));
    }
    notes
}

fn compared(
    what: &str,
    both: &[BTreeMap<String, (f64, Unit)>; 2],
    judge: impl Fn(f64, f64) -> Change,
) -> Option<Compared> {
    let [first, second] = both.each_ref().map(|figures| figures.get(what).copied());
    let shown = |figure: Option<(f64, Unit)>| match figure {
        None => "-".to_owned(),
        Some((us, Unit::Time)) => micros(us as u64),
        Some((value, Unit::Number)) => number(value),
    };
    let (ratio, change) = match (first, second) {
        (None, None) => return None,
        (Some((a, _)), Some((b, _))) => ((a != 0.0).then(|| b / a), judge(a, b)),
        _ => (None, Change::NotJudged),
    };
    let what = what.to_owned();
    Some(Compared { what, first: shown(first), second: shown(second), ratio, change })
}

fn judge(rule: Rule, a: f64, b: f64) -> Change {
    match rule {
        Rule::Neither => Change::NotJudged,
        Rule::Count => sooner_is_better(a, b),
        Rule::Less(amount) => {
            let noise = (RUNS * a.abs().max(b.abs())).max(amount);
            if (a - b).abs() <= noise { Change::Noise } else { sooner_is_better(a, b) }
        }
    }
}

fn sooner_is_better(a: f64, b: f64) -> Change {
    if b < a {
        Change::Better
    } else if b > a {
        Change::Worse
    } else {
        Change::Noise
    }
}

/// Judges a percentile: the values that chance could have put there must lie apart in both reports.
fn chance((x, a): (f64, &Stage), (y, b): (f64, &Stage), quantile: f64) -> Change {
    let ((least_a, most_a), (least_b, most_b)) = (within(a, quantile), within(b, quantile));
    let apart = most_a < least_b || most_b < least_a;
    let far = (x - y).abs() > RUNS * x.min(y);
    if apart && far { sooner_is_better(x, y) } else { Change::Noise }
}

/// Between which values a percentile lies by chance: the ranks of a binomial distribution.
fn within(stage: &Stage, quantile: f64) -> (f64, f64) {
    let count = stage.all.count.max(1) as f64;
    let spread = DEVIATIONS * (quantile * (1.0 - quantile) / count).sqrt();
    let most = if (1.0 - quantile) * count < BEYOND {
        f64::INFINITY
    } else {
        along(&stage.curve, quantile + spread)
    };
    (along(&stage.curve, quantile - spread), most)
}

/// The value at a share, in a straight line between points of a curve.
fn along(curve: &[Point], quantile: f64) -> f64 {
    let us = |point: &Point| point.us as f64;
    let after = curve.iter().position(|point| point.quantile >= quantile);
    match after {
        None => curve.last().map_or(0.0, us),
        Some(0) => us(&curve[0]),
        Some(index) => {
            let (before, after) = (curve[index - 1], curve[index]);
            let share = (quantile - before.quantile) / (after.quantile - before.quantile);
            us(&before) + share * (us(&after) - us(&before))
        }
    }
}

impl Change {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Noise => "same",
            Self::NotJudged => "",
        }
    }
}

impl Compared {
    /// The ratio in words.
    pub(super) fn times(&self) -> String {
        self.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("×{ratio:.2}"))
    }
}

impl Comparison {
    /// In one sentence.
    pub fn sentence(&self) -> String {
        let names = |change: Change| {
            let names = self.figures.iter().filter(|figure| figure.change == change);
            names.map(|figure| figure.what.as_str()).collect::<Vec<_>>()
        };
        let (worse, better) = (names(Change::Worse), names(Change::Better));
        let list = |word: &str, names: &[&str]| match names {
            [] => format!("nothing is {word} beyond noise"),
            names => {
                let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                let rest = if names.len() > NAMED { " and others" } else { "" };
                format!("{} {word}: {first}{rest}", names.len())
            }
        };
        format!("B beside A: {}; {}.", list("worse", &worse), list("better", &better))
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let rows = self.figures.iter().map(|figure| {
            let Compared { what, first, second, change, .. } = figure;
            vec![
                what.clone(),
                first.clone(),
                second.clone(),
                figure.times(),
                change.word().to_owned(),
            ]
        });
        table(&mut out, &["", "A", "B", "B/A", ""], rows.collect());
        for note in &self.notes {
            let _ = writeln!(out, "note: {note}");
        }
        let _ = writeln!(out, "{}", self.sentence());
        out
    }
}
