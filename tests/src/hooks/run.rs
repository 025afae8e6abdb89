//! Thousands of sales, printed and pushed at the same time: what was counted, and how fast calls were
//! answered beside what the disk itself takes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pos_protocol::event::{Event, Kind};
use pos_protocol::money::Amount;
use posbridge::journal::{JournalReader, Rows as _};
use posbridge::shop::Day;
use possim::print::Style;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use possim::wire::{StatusCheck, TcpLine};
use rand::seq::SliceRandom;
use rand::{Rng as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::runtime::Runtime;

use super::call::{Answered, Call};
use super::shop::HookShop;
use crate::wait::{check, until};

/// Calls in flight at once: a provider with a few workers.
const AT_ONCE: usize = 16;
/// "Come again later": what a disk that stands still for a second leads to.
const LATER: u16 = 503;
/// Pause before a call is made again then. Providers wait a minute; their whole schedule is not played.
const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// Calls within which the order is lost.
const SHUFFLED: usize = 64;
/// What one raw write has: about what a call and its event take.
const RAW_BYTES: usize = 4096;
/// Pause between two raw writes, so that measuring them is no load of its own.
const RAW_PAUSE: Duration = Duration::from_millis(20);
/// How long everything may take to be read and counted once the last call is answered.
const SETTLE: Duration = Duration::from_mins(5);

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Sales.
    pub sales: usize,
    /// Chance.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Calls that were answered.
    pub calls: usize,
    /// Calls that were given up and made again.
    pub given_up: usize,
    /// Tries that were asked to come again later, in time for any provider.
    pub later: Vec<Duration>,
    /// Sales counted in the books, and their sum.
    pub counted: (i64, Amount),
    /// Sales made, and their sum.
    pub sold: (i64, Amount),
    /// Events of the kind `sale`.
    pub sale_events: usize,
    /// Notices about sales.
    pub notices: usize,
    /// Times from connect to success, sorted.
    pub answered: Vec<Duration>,
    /// Times of raw write and `fdatasync` in the same directory meanwhile, sorted.
    pub raw: Vec<Duration>,
    /// How long the calls took in all.
    pub took: Duration,
}

/// Plays `plan` in `shop`: the till prints each sale while its provider pushes it.
pub fn run(shop: &HookShop, plan: Plan) -> Outcome {
    let sales = sold(plan);
    let runtime = Runtime::new().expect("threads");
    let (over, begun) = (Arc::new(AtomicBool::new(false)), Instant::now());
    let raw = spawn_raw(&shop.bridge.path("raw"), Arc::clone(&over));
    let papers: Vec<Vec<u8>> = sales.iter().map(|(_, bytes)| bytes.clone()).collect();
    let printed = runtime.spawn(print(shop.printer.to_string(), papers));
    let calls = calls(&sales, plan.seed);
    let (answers, given_up) = runtime.block_on(make(shop.hooks, calls));
    let took = begun.elapsed();
    runtime.block_on(printed).expect("every receipt is on paper");
    over.store(true, Ordering::Relaxed);
    let raw = raw.join().expect("the disk takes it");
    let total = |amounts: &mut dyn Iterator<Item = Amount>| {
        amounts.fold(Amount::zero(2), |sum, amount| sum.checked_add(amount).expect("it fits"))
    };
    let amount = |sale: &Event| sale.receipt.as_ref().and_then(|r| r.total).expect("a total");
    let sold = (sales.len() as i64, total(&mut sales.iter().map(|(sale, _)| amount(sale))));
    until(SETTLE, "every print in the journal", || {
        check(printed_events(shop), |count| *count == sales.len())
    });
    let (answers, later) = answers.into_iter().partition::<Vec<_>, _>(|one| one.code == 200);
    assert!(later.iter().all(|one| one.code == LATER), "a call was refused");
    let (sale_events, notices) = kept(shop);
    Outcome {
        calls: answers.len(),
        given_up,
        later: sorted(later.iter().map(|answered| answered.after).collect()),
        counted: counted(shop),
        sold,
        sale_events,
        notices,
        answered: sorted(answers.iter().map(|answered| answered.after).collect()),
        raw: sorted(raw),
        took,
    }
}

/// The sales as the till knows them, and their receipts.
fn sold(plan: Plan) -> Vec<(Event, Vec<u8>)> {
    let style = Style::named("english-42").expect("a style of the simulator");
    let mut till = Till::open(&Shop::ALL[0], plan.seed, "counter-1", 1_001, OPENING);
    let sale = |_| {
        let sale = till.sell();
        (truth::event(&sale, style.language, "counter-1"), style.print(&sale))
    };
    (0..plan.sales).map(sale).collect()
}

/// A call and whether its sender gives up once before.
type Made = (Call, bool);

/// Every payment is told when it is approved and when it is completed; some of that twice, some by a
/// third call, and none of it in order.
fn calls(sales: &[(Event, Vec<u8>)], seed: u64) -> Vec<Made> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut calls = Vec::new();
    for (number, (sale, _)) in sales.iter().enumerate() {
        let completed = Call::of(sale, "COMPLETED", &format!("completed-{number}"));
        calls.push((Call::of(sale, "APPROVED", &format!("approved-{number}")), false));
        calls.push((completed.clone(), chance.random_bool(0.05)));
        if chance.random_bool(0.2) {
            calls.push((completed, false));
        }
        if chance.random_bool(0.1) {
            calls.push((Call::of(sale, "COMPLETED", &format!("updated-{number}")), false));
        }
    }
    calls.chunks_mut(SHUFFLED).for_each(|window| window.shuffle(&mut chance));
    calls
}

async fn make(to: std::net::SocketAddr, calls: Vec<Made>) -> (Vec<Answered>, usize) {
    let (calls, next) = (Arc::new(calls), Arc::new(AtomicUsize::new(0)));
    let given_up = calls.iter().filter(|(_, gives_up)| *gives_up).count();
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (calls, next) = (Arc::clone(&calls), Arc::clone(&next));
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while let Some((call, gives_up)) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if *gives_up {
                        call.give_up(to).await.expect("a bridge that listens");
                    }
                    loop {
                        let answered = call.make(to).await.expect("an answer");
                        answers.push(answered);
                        if answered.code != LATER {
                            break;
                        }
                        tokio::time::sleep(RETRY_PAUSE).await;
                    }
                }
                answers
            })
        })
        .collect();
    let mut answers = Vec::new();
    for worker in workers {
        answers.extend(worker.await.expect("a worker"));
    }
    (answers, given_up)
}

async fn print(to: String, papers: Vec<Vec<u8>>) {
    let mut line = TcpLine::new(&to, StatusCheck::Required);
    for paper in papers {
        line.print(&paper).await.expect("a bridge that stands in for a printer");
    }
}

/// Writes and syncs until it is told to stop: what the disk itself takes meanwhile.
fn spawn_raw(path: &Path, over: Arc<AtomicBool>) -> std::thread::JoinHandle<Vec<Duration>> {
    let mut file = File::create(path).expect("room");
    std::thread::spawn(move || {
        let mut times = Vec::new();
        while !over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            file.write_all(&[0; RAW_BYTES]).and_then(|()| file.sync_data()).expect("room");
            times.push(begun.elapsed());
            std::thread::sleep(RAW_PAUSE);
        }
        times
    })
}

fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

/// Transactions that were read from paper so far.
fn printed_events(shop: &HookShop) -> usize {
    let sql = "SELECT count(*) FROM event WHERE source = 'counter-1'
               AND kind IN ('sale', 'correction', 'document')";
    number(shop, sql)
}

fn number(shop: &HookShop, sql: &str) -> usize {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let journal = rusqlite::Connection::open_with_flags(shop.bridge.journal(), flags);
    let count: i64 =
        journal.expect("a journal").query_row(sql, [], |row| row.get(0)).expect("a number");
    usize::try_from(count).expect("a count")
}

/// Events of the kind `sale`, and notices about events.
fn kept(shop: &HookShop) -> (usize, usize) {
    let sales = format!("SELECT count(*) FROM event WHERE kind = '{}'", Kind::Sale);
    (number(shop, &sales), number(shop, "SELECT count(*) FROM outbox WHERE subject = 'event'"))
}

/// What the books say of all days.
fn counted(shop: &HookShop) -> (i64, Amount) {
    let reader = JournalReader::open(&shop.bridge.journal()).expect("a journal");
    let days = reader.books().range("day", "", "", "9999").expect("the books");
    let days = days.into_iter().map(|(_, body)| serde_json::from_str::<Day>(&body).expect("a day"));
    days.fold((0, Amount::zero(2)), |(count, sum), day| {
        (count + day.sales.count, sum.checked_add(day.sales.amount).expect("it fits"))
    })
}
