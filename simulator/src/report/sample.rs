//! A run that never was, for the tests of everything that is made from one.
//!
//! Its times come from a small generator with a fixed seed, so that a report of it is the same on
//! every machine.

use std::time::Duration;

use pos_protocol::event::Event;

use super::Report;
use crate::ledger::{Account, Books, Bounds, Slip, Span, Telling, Totals, Trouble, What, Which};
use crate::load::{FaultDone, Machine, Recorded, Sample};
use crate::print::Style;
use crate::scenario::{
    BridgeSetup, DingtalkSetup, Limit, LimitSearch, LineKind, Phase, Scenario, Shape, ShopSetup,
    SlipChoice, Started, Threshold,
};
use crate::shop::{Language, OPENING, Shop, Till};
use crate::truth;
use crate::wire::FaultPlan;

/// Five minutes at 100 slips a second.
pub(super) const FULL: Extent = Extent { seconds: 300, rate: 100 };
/// Enough for every part of a page.
pub(super) const SMALL: Extent = Extent { seconds: 40, rate: 5 };

/// How much of a run.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    seconds: u64,
    rate: u64,
}

/// The report of the full run.
pub(super) fn report() -> Report {
    report_of(FULL)
}

/// The report of a run.
pub(super) fn report_of(extent: Extent) -> Report {
    let (scenario, (recorded, account)) = (scenario(), run(extent));
    Report::of(&scenario, &recorded, &account, "possim load mall.toml --report mall")
}

/// A scenario with thresholds that hold and one that does not.
pub(super) fn scenario() -> Scenario {
    let at_most = |what: &str, max, line| Threshold {
        what: what.to_owned(),
        max: Some(max),
        min: None,
        line,
    };
    let ms = |ms| Limit::Time(Duration::from_millis(ms));
    Scenario {
        name: "mall".to_owned(),
        text: "name = \"mall\" # <b>& 'co'</b>\nseed = 8\n".to_owned(),
        seed: 8,
        duration: Duration::from_mins(5),
        settle: Duration::from_secs(30),
        opening: OPENING,
        clock: None,
        bridge: BridgeSetup::Started(Started { program: None, keep_days: 30, max_connections: 64 }),
        shops: vec![shop("noodles", 2), shop("tea <1>", 1)],
        robots: Vec::new(),
        dingtalk: DingtalkSetup { monthly_quota: 3_000, messages_a_minute: 20, limits: true },
        bounds: Bounds::default(),
        thresholds: vec![
            at_most("latency.print_to_journal.p99", ms(100), 31),
            at_most("latency.print_to_shown.urgent.p99", ms(60_000), 32),
            at_most("bridge.rss_mib.max", Limit::Number(64.0), 33),
        ],
        chaos: None,
        limit: LimitSearch {
            from: 10.0,
            most: 100.0,
            step: Duration::from_secs(30),
            precision: 0.05,
        },
    }
}

fn shop(name: &str, tills: u32) -> ShopSetup {
    ShopSetup {
        name: name.to_owned(),
        shop: &Shop::ALL[0],
        style: Style::ALL.iter().find(|style| style.suits(&Shop::ALL[0])).expect("a style"),
        tills,
        line: LineKind::Tcp,
        slips: SlipChoice::Sales,
        phases: vec![Phase {
            from: Duration::ZERO,
            lasts: Duration::from_mins(5),
            shape: Shape::Constant(50.0),
        }],
        faults: FaultPlan::none(),
    }
}

/// Numbers that look like chance (Numerical Recipes' generator).
struct Dice(u32);

impl Dice {
    /// Between 0 and 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / f64::from(1_u32 << 24)
    }

    /// A time with a long tail.
    fn time(&mut self, median: f64) -> u64 {
        let left = 1.0 - self.roll();
        (median * (0.4 + 0.6 / left.powf(0.35))) as u64
    }
}

/// What was recorded of a run, and a ledger that found three losses, an amount and two late ones.
pub(super) fn run(extent: Extent) -> (Recorded, Account) {
    let mut dice = Dice(8);
    let mut till = Till::open(&Shop::ALL[0], 1, "noodles-1", 1001, OPENING);
    let sale = truth::event(&till.sell(), Language::ZhHant, "noodles-1");
    let mut refund = sale.clone();
    refund.kind = pos_protocol::event::Kind::Refund;
    let count = extent.seconds * extent.rate;
    let mut slips = Vec::new();
    let mut tellings = Vec::new();
    for n in 1..=count {
        let intended_us = n * 1_000_000 / extent.rate;
        let began_us = intended_us + dice.time(300.0);
        let printed_us = began_us + dice.time(9_000.0);
        let event = if n % 50 == 0 { &refund } else { &sale };
        slips.push(slip(n, (intended_us, began_us, printed_us), event));
        let journalled = printed_us + dice.time(17_000.0);
        let wait = if n % 50 == 0 { 800_000.0 } else { 6_000_000.0 };
        let sent = journalled + dice.time(wait);
        tellings.push(Telling {
            n,
            journalled_us: Some(journalled),
            sent_us: Some(sent),
            shown_us: (n > 3).then(|| sent + dice.time(2_000.0)),
        });
    }
    let recorded = Recorded {
        books: Books { seed: 8, slips, journal: Some(Vec::new()), ..Books::default() },
        samples: samples(extent, &mut dice),
        reproaches: Vec::new(),
        machine: Machine {
            cores: 2,
            kernel: "Linux 6.12".to_owned(),
            fdatasync_p50_us: 900,
            fdatasync_p99_us: 6_200,
            fdatasyncs: 3_000,
        },
        faults: faults(extent.seconds),
        sold_until_us: extent.seconds * 1_000_000,
        ended_us: (extent.seconds + 20) * 1_000_000,
    };
    (recorded, account(count as usize, tellings))
}

fn slip(n: u64, (intended_us, began_us, printed_us): (u64, u64, u64), event: &Event) -> Slip {
    Slip {
        n,
        till: (n % 3) as u32,
        intended_us,
        began_us,
        printed_us,
        torn: 0,
        damaged: false,
        bytes: None,
        event: event.clone(),
    }
}

fn account(count: usize, tellings: Vec<Telling>) -> Account {
    let which = |n: u64| {
        Some(Which {
            n,
            till: (n % 3) as u32,
            seed: 8,
            source: "noodles-1".to_owned(),
            kind: pos_protocol::event::Kind::Sale,
            number: Some((1_000 + n).to_string()),
            bytes: Some(Span { at: n * 455, len: 455 }),
        })
    };
    let lost = (1..=3).map(|n| Trouble { slip: which(n), what: What::NotTold });
    let late = (4..=5).map(|n| Trouble {
        slip: which(n),
        what: What::Late { took_us: 612_000_000, excused_us: 0, bound_us: 600_000_000 },
    });
    let hostile = "</li></svg><script>document.title='pwned'</script>".to_owned();
    let wrong = Trouble {
        slip: which(6),
        what: What::WrongAmount { expected: "36.00".to_owned(), found: hostile },
    };
    Account {
        totals: Totals {
            sold: count,
            journalled: count,
            delivered: count - 3,
            lost: 3,
            duplicated: 0,
            wrong: 1,
            late: 2,
            slips: count,
            unheard: 0,
        },
        troubles: lost.chain(late).chain([wrong]).collect(),
        unheard: Vec::new(),
        tellings,
    }
}

fn faults(seconds: u64) -> Vec<FaultDone> {
    let parts = [
        (2, 2, "kill-brain", "kill -9 of the brain, dead for 2 s"),
        (3, 10, "network-away", "the network is away"),
        (9, 1, "kill-wire", "kill -9 of the wire process"),
        (12, 2, "kill-brain", "kill -9 of the brain, dead for 2 s <again>"),
        (15, 4, "printer-away", "the printer of till 2 is switched off"),
    ];
    let at = |part: u64| part * seconds * 1_000_000 / 20;
    let fault = |(from, lasts, name, text): (u64, u64, &str, &str)| FaultDone {
        at_us: at(from),
        until_us: at(from) + lasts * 1_000_000,
        name: name.to_owned(),
        text: text.to_owned(),
    };
    parts.into_iter().map(fault).collect()
}

/// Sales go out in digests; the brain is dead for two seconds after a tenth of the run.
fn samples(extent: Extent, dice: &mut Dice) -> Vec<Sample> {
    let Extent { seconds, rate } = extent;
    let dead = seconds / 10 + 1;
    let sample = |second: u64| {
        let offered = rate * second.min(seconds);
        let late = (dice.roll() * 3.0) as u64;
        let waiting = if second.abs_diff(dead) <= 1 { rate * 2 } else { 0 };
        let told = if second > seconds { offered } else { rate * (second / 6 * 6) };
        let alive = second != dead;
        Sample {
            at_us: second * 1_000_000,
            offered,
            printed: offered - late.min(offered),
            journalled: offered.saturating_sub(waiting + late),
            told,
            messages: told / 20,
            brain_rss: if alive { 30_000_000 + second * 4_000 } else { 0 },
            wire_rss: 5_500_000,
            brain_cpu: if alive { 0.35 + dice.roll() * 0.1 } else { 0.0 },
            wire_cpu: 0.06 + dice.roll() * 0.02,
            own_cpu: 0.7 + dice.roll() * 0.1,
            behind_us: dice.time(400.0),
        }
    };
    (1..=seconds + 20).map(sample).collect()
}
