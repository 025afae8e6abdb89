//! What standing in the line costs: the wire process beside `socat`, in one run, on the same bytes.
//!
//! `cargo bench -p posbridge --bench forward [-- SECONDS [ROUNDS]]`: latency and throughput over TCP
//! and from pty to pty. Three forwarders take turns in every round, so that whatever else the
//! machine does strikes all of them: `socat`; the wire process alone; and the wire process with the
//! brain decoding receipts, a DingTalk that accepts and never answers, and WAL checkpoints.
//! `-- --gigabyte` sends 1 GB through TCP and compares every byte, on paper and in the ring.
//! `-- --idle` prints memory, ready time, size and the processor time of one port at full speed.
//!
//! It says whether the ratios hold that the project has set itself, and exits 0 either way: a busy
//! machine is not a regression. Bytes that differ are one, and exit 1.

mod bytes;
mod ends;
mod forwarder;
mod gigabyte;
mod idle;
mod load;
mod measure;
mod report;

use std::io::Write;
use std::time::Duration;

use ends::Kind;
use forwarder::{Forwarder, Setup};
use measure::Figures;

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
    for kind in Kind::ALL {
        report::heading(&mut out, kind, seconds, rounds)?;
        compare(&mut out, kind, Duration::from_secs(seconds), rounds)?;
    }
    Ok(())
}

fn compare(out: &mut impl Write, kind: Kind, span: Duration, rounds: usize) -> Outcome<()> {
    let mut figures: Vec<(Setup, Vec<Figures>)> =
        Setup::ALL.iter().map(|setup| (*setup, Vec::new())).collect();
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
            rows.push(measure::figures(&mut ends, &forwarder, kind, span)?);
            drop(load);
        }
    }
    report::table(out, &figures)?;
    Ok(())
}
