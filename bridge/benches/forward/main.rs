//! What standing in the line costs: the wire process beside `socat`, in one run, on the same bytes.
//!
//! `cargo bench -p posbridge --bench forward [-- SECONDS [ROUNDS]]`: latency and throughput over TCP
//! and from pty to pty. Three forwarders take turns in every round, so that whatever else the
//! machine does strikes all of them: `socat`; the wire process alone; and the wire process with the
//! brain decoding receipts, a DingTalk that accepts and never answers, and WAL checkpoints.
//! `-- --crowd` adds a fourth: the same with the page shown, and a thousand idle connections and some
//! dozens of slow ones at it, while somebody honest asks for it too.
//! `-- --gigabyte` sends 1 GB through TCP and compares every byte, on paper and in the ring.
//! `-- --idle` prints memory, ready time, size and the processor time of one port at full speed.
//! `-- --page` prints bytes and times of each page, and memory once all were looked at.
//!
//! It says whether the ratios hold that the project has set itself, and exits 0 either way: a busy
//! machine is not a regression. Bytes that differ are one, and a page that a crowd keeps from others:
//! exit 1.

mod bytes;
mod crowd;
mod ends;
mod forwarder;
mod gigabyte;
mod honest;
mod idle;
mod load;
mod measure;
mod page;
mod report;
mod siege;

use std::io::Write;
use std::time::Duration;

use ends::Kind;
use forwarder::{Forwarder, Setup};
use measure::Figures;
use siege::Siege;

/// Length of one latency measurement, unless told.
const DEFAULT_SECONDS: u64 = 2;
/// Turns of every forwarder, unless told; the median counts.
const DEFAULT_ROUNDS: usize = 5;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    // Cargo adds `--bench` to the arguments.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let mut out = std::io::stdout().lock();
    if asked("--idle") {
        return idle::run(&mut out);
    }
    if asked("--page") {
        return page::run(&mut out);
    }
    if asked("--gigabyte") {
        return gigabyte::run(&mut out);
    }
    let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<usize>().ok());
    let seconds = numbers.next().map_or(DEFAULT_SECONDS, |seconds| seconds.max(1) as u64);
    let rounds = numbers.next().unwrap_or(DEFAULT_ROUNDS).max(1);
    if !forwarder::have_socat() {
        writeln!(out, "SKIPPED: socat is not installed (Debian: apt-get install socat)")?;
        return Ok(());
    }
    let crowded = asked("--crowd");
    if let Some(Err(why)) = crowded.then(crowd::make_room) {
        writeln!(out, "SKIPPED: {why}")?;
        return Ok(());
    }
    let setups = Setup::ALL.into_iter().filter(|setup| crowded || *setup != Setup::Crowd);
    let setups: Vec<Setup> = setups.collect();
    for kind in Kind::ALL {
        report::heading(&mut out, kind, seconds, rounds)?;
        compare(&mut out, kind, &setups, Duration::from_secs(seconds), rounds)?;
    }
    Ok(())
}

fn compare(
    out: &mut impl Write,
    kind: Kind,
    setups: &[Setup],
    span: Duration,
    rounds: usize,
) -> Outcome<()> {
    let mut figures: Vec<(Setup, Vec<Figures>)> =
        setups.iter().map(|setup| (*setup, Vec::new())).collect();
    let mut sieges = Vec::new();
    for _ in 0..rounds {
        for (setup, rows) in &mut figures {
            let (mut ends, forwarder) = match Forwarder::start(*setup, kind)? {
                Ok(started) => started,
                Err(refused) => {
                    writeln!(out, "SKIPPED: {refused}")?;
                    return Ok(());
                }
            };
            let load = forwarder.load()?;
            let siege = forwarder.page().filter(|_| *setup == Setup::Crowd).map(Siege::lay);
            let siege = siege.transpose()?;
            rows.push(measure::figures(&mut ends, &forwarder, kind, span)?);
            sieges.extend(siege.map(Siege::lift).transpose()?);
            drop(load);
        }
    }
    report::table(out, &figures)?;
    if !sieges.is_empty() {
        siege::say(out, &sieges)?;
    }
    Ok(())
}
