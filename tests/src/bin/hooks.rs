//! Pushes thousands of sales while the till prints them, and says what was counted and how fast calls
//! were answered, beside what the disk itself takes.
//!
//! `hooks [SALES [SEED]]`; 10,000 sales where nothing is said. Fails where a sale does not count exactly
//! once or a call is answered later than its provider waits.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use pos_tests::hooks::{HookShop, Outcome, Plan, run};

const SALES: usize = 10_000;
const SEED: u64 = 7;
/// The shortest that a provider waits: Lightspeed X and Shopify.
const DEADLINE: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(default, |n| n.parse().expect("a number"));
    let plan = Plan { sales: number(SALES as u64) as usize, seed: number(SEED) };
    let shop = HookShop::open();
    let outcome = run(&shop, plan);
    let said = std::io::stdout().lock().write_all(report(&outcome).as_bytes());
    let slowest = outcome.answered.last().max(outcome.later.last());
    let slowest = slowest.copied().unwrap_or_default();
    let once = outcome.counted == outcome.sold
        && outcome.sale_events == plan.sales
        && outcome.notices == plan.sales;
    if said.is_ok() && once && slowest < DEADLINE { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(outcome: &Outcome) -> String {
    let Outcome { calls, given_up, counted, sold, sale_events, notices, took, .. } = outcome;
    let per_s = *calls as f64 / took.as_secs_f64();
    format!(
        "sold            {} sales, {}\ncounted         {} sales, {}\n\
         events, notices {sale_events} of the kind sale, {notices} to be told\n\
         calls           {calls} answered in {:.1} s ({per_s:.0}/s), {given_up} given up and made again\n\
         come later      {} tries, {}\n\
         time to 2xx     {}\nraw fdatasync   {}\n",
        sold.0,
        sold.1,
        counted.0,
        counted.1,
        took.as_secs_f64(),
        outcome.later.len(),
        spread(&outcome.later),
        spread(&outcome.answered),
        spread(&outcome.raw),
    )
}

/// Percentiles of sorted times.
fn spread(times: &[Duration]) -> String {
    let at = |share: f64| {
        let index = ((times.len() as f64 - 1.0) * share).round().max(0.0) as usize;
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    format!(
        "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    )
}
