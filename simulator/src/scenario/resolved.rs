//! What a scenario means once it has been checked: every default filled in, every unit resolved.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::DateTime;

use crate::ledger::Bounds;
use crate::print::Style;
use crate::shop::Shop;
use crate::wire::FaultPlan;

/// A checked scenario. All its times are the run's own: virtual where it has a clock.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The file's text, so that a report can show what was asked for.
    pub text: String,
    /// The same seed sells the same things at the same times.
    pub seed: u64,
    /// How long customers come.
    pub duration: Duration,
    /// How long the group may take to hear of the last slips.
    pub settle: Duration,
    /// What the tills' calendars show when the run begins.
    pub opening: DateTime,
    /// Virtual time, where it has one.
    pub clock: Option<ClockRate>,
    /// The bridge.
    pub bridge: BridgeSetup,
    /// The shops, at least one, names unique.
    pub shops: Vec<ShopSetup>,
    /// The robots, at least one, names unique.
    pub robots: Vec<RobotSetup>,
    /// What DingTalk allows.
    pub dingtalk: DingtalkSetup,
    /// How soon what must be told.
    pub bounds: Bounds,
    /// What decides the exit code.
    pub thresholds: Vec<Threshold>,
    /// Troubles by seed.
    pub chaos: Option<ChaosPlan>,
    /// How `--find-limit` searches.
    pub limit: LimitSearch,
}

/// Virtual time.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockRate {
    /// What the clock shows at the start, RFC 3339.
    pub origin: String,
    /// How many of its seconds pass in one of the machine's.
    pub rate: f64,
}

/// Which bridge is tested.
#[derive(Clone, Debug)]
pub enum BridgeSetup {
    /// One that is started with a configuration of its own.
    Started(Started),
    /// One that runs already.
    Attached(Attached),
}

/// A `posbridge` that the run starts and ends.
#[derive(Clone, Debug)]
pub struct Started {
    /// Its program, where the scenario names one.
    pub program: Option<PathBuf>,
    /// Days that its journal keeps what it heard.
    pub keep_days: u32,
    /// Most connections at once of one source.
    pub max_connections: u32,
}

/// Somebody else's bridge: tills connect to it, and it sends to the mock.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Where each till prints to, in the order of the shops: as many as there are tills.
    pub tills: Vec<SocketAddr>,
    /// What the bridge calls each till in its messages and events, in the same order.
    pub names: Vec<String>,
    /// Where the mock robot listens.
    pub mock: SocketAddr,
    /// Where the printers listen that the bridge prints on.
    pub printers: Option<SocketAddr>,
    /// A file to which the bridge appends its events, one JSON object a line.
    pub journal: Option<PathBuf>,
}

/// Some tills of one shop.
#[derive(Clone, Debug)]
pub struct ShopSetup {
    /// Its name: the beginning of its sources' names.
    pub name: String,
    /// What it sells.
    pub shop: &'static Shop,
    /// How its receipts look.
    pub style: &'static Style,
    /// How many tills.
    pub tills: u32,
    /// How they are connected.
    pub line: LineKind,
    /// What they print.
    pub slips: SlipChoice,
    /// When its customers come, all its tills together.
    pub phases: Vec<Phase>,
    /// What goes wrong on its cables.
    pub faults: FaultPlan,
}

/// How a till is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Over the network, one connection per receipt.
    Tcp,
    /// On a serial cable that is tapped.
    Pty {
        /// Bits per second.
        baud: u32,
    },
}

/// What a till prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipChoice {
    /// Sales and nothing else.
    Sales,
    /// Whatever a trading day brings.
    All,
}

/// A part of the run with one pattern of arrivals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// Its beginning, since the run began.
    pub from: Duration,
    /// How long it lasts.
    pub lasts: Duration,
    /// How arrivals are spread over it.
    pub shape: Shape,
}

/// Arrivals a second of the run's time.
pub type Rate = f64;

/// How arrivals are spread over a phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// The same all the time.
    Constant(Rate),
    /// From one rate to another in a straight line.
    Ramp(Rate, Rate),
    /// One rate, and another in the middle for a while.
    Spike {
        /// Before and after.
        base: Rate,
        /// In between.
        peak: Rate,
        /// For so long.
        width: Duration,
    },
    /// The shop's own customers by the hour, times a factor.
    Day(f64),
}

/// How a robot tells ordinary sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sales {
    /// A message each.
    Each,
    /// Together.
    Digest,
    /// A message each while the budget allows it.
    Auto,
}

/// A robot of the group.
#[derive(Clone, Debug)]
pub struct RobotSetup {
    /// Its name.
    pub name: String,
    /// The shops it tells of, by name; all of them unless given.
    pub shops: Vec<String>,
    /// How it tells ordinary sales.
    pub sales: Sales,
    /// How much of a receipt it shows, in the bridge's words.
    pub privacy: String,
}

/// What DingTalk allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DingtalkSetup {
    /// Calls a month of the organisation.
    pub monthly_quota: u32,
    /// Messages a minute of each robot.
    pub messages_a_minute: u32,
    /// Whether the mock keeps any limit.
    pub limits: bool,
}

/// What must hold of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// A path in `report.json`, such as `latency.print_to_journal.p99`.
    pub what: String,
    /// At most.
    pub max: Option<Limit>,
    /// At least.
    pub min: Option<Limit>,
    /// Its line in the scenario.
    pub line: usize,
}

/// A bound of a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A time.
    Time(Duration),
    /// A number.
    Number(f64),
}

/// Troubles by seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChaosPlan {
    /// How many.
    pub faults: u32,
    /// Which kinds, and how often each beside the others. All kinds alike where there are none.
    pub kinds: Vec<(String, u32)>,
}

/// How `--find-limit` searches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitSearch {
    /// The rate it begins with.
    pub from: Rate,
    /// The rate it never exceeds.
    pub most: Rate,
    /// How long customers come in each step.
    pub step: Duration,
    /// It stops when the limit is known so exactly: the share of the rate.
    pub precision: f64,
}

impl Scenario {
    /// All tills together.
    pub fn tills(&self) -> u32 {
        self.shops.iter().map(|shop| shop.tills).sum()
    }

    /// The shop of `till` and its place among that shop's tills, both from 0.
    pub fn place(&self, till: u32) -> Option<(usize, u32)> {
        let mut first = 0;
        for (at, shop) in self.shops.iter().enumerate() {
            if till < first + shop.tills {
                return Some((at, till - first));
            }
            first += shop.tills;
        }
        None
    }

    /// The same with customers at one rate for so long, spread over the tills as before.
    #[must_use]
    pub fn at_rate(&self, rate: Rate, lasts: Duration) -> Self {
        let mut scenario = self.clone();
        let tills = f64::from(self.tills());
        for shop in &mut scenario.shops {
            let share = Shape::Constant(rate * f64::from(shop.tills) / tills);
            shop.phases = vec![Phase { from: Duration::ZERO, lasts, shape: share }];
        }
        scenario.duration = lasts;
        scenario
    }
}
