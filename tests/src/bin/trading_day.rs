//! Plays one scripted trading day of 600 slips through a naive sender and the bridge, side by side,
//! and says what each of them lost, doubled and delayed.
//!
//! `cargo run --release -p pos-tests --bin trading_day -- [--seed S] [--naive-only | --bridge-only]
//! [--short] [--json]`; build the workspace first with the same profile. Exits with 1 where the bridge
//! broke a promise.

use std::io::{self, Write};
use std::process::ExitCode;

use pos_tests::day::{Scale, Senders, run};

const USAGE: &str = "expected [--seed S] [--naive-only | --bridge-only] [--short] [--json]";

fn main() -> io::Result<ExitCode> {
    let (mut seed, mut senders, mut scale, mut json) = (1, Senders::Both, Scale::Full, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seed" => {
                let number = words.next().and_then(|number| number.parse().ok());
                seed = number.ok_or_else(|| io::Error::other(USAGE))?;
            }
            "--naive-only" => senders = Senders::Naive,
            "--bridge-only" => senders = Senders::Bridge,
            "--short" => scale = Scale::Short,
            "--json" => json = true,
            _ => return Err(io::Error::other(USAGE)),
        }
    }
    let outcome = run(scale, seed, senders);
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", outcome.table.json())?;
    } else {
        write!(out, "{}", outcome.table)?;
    }
    for broken in &outcome.broken {
        writeln!(io::stderr(), "the bridge broke a promise: {broken}")?;
    }
    Ok(if outcome.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
