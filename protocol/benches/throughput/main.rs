//! How fast bytes become frames, papers and events, beside the least that any reader must do: copy
//! them, look for the bytes that begin commands, decode their characters.
//!
//! `cargo bench -p pos-protocol --bench throughput [-- MIB [ROUNDS]]`. All stages take turns on the
//! same data in the same run, so that whatever else the machine does strikes all of them; the table
//! says whether the ratios hold that the project has set itself, and exits 0 either way: a busy
//! machine is not a regression. Instruction counts (`instructions.rs`) are the gate.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "what the decoder must not do, clocks and files, is a bench's work"
)]

mod corpora;
mod report;
mod stages;

use std::io;
use std::time::{Duration, Instant};

use corpora::Corpus;
use stages::{Scratch, Stage};

/// Size of each corpus, unless told.
const DEFAULT_MIB: usize = 8;
/// Turns of every stage, unless told; the median counts.
const DEFAULT_ROUNDS: usize = 7;

fn main() -> io::Result<()> {
    // Cargo adds `--bench` to the arguments.
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<usize>().ok());
    let size = numbers.next().unwrap_or(DEFAULT_MIB).max(1) * 1024 * 1024;
    let rounds = numbers.next().unwrap_or(DEFAULT_ROUNDS).max(1);
    let mut out = io::stdout().lock();
    report::heading(&mut out, size, rounds)?;
    for corpus in corpora::simulated(size) {
        report::corpus(&mut out, &corpus, &measured(&corpus, rounds))?;
    }
    match corpora::captured(size) {
        Some(corpus) => report::corpus(&mut out, &corpus, &measured(&corpus, rounds))?,
        None => report::skipped(&mut out)?,
    }
    report::scale(&mut out)
}

/// What was measured on one corpus.
struct Measured {
    /// MB/s of every stage, in the order of [`Stage::ALL`].
    rates: Vec<f64>,
    /// How long each receipt took on its own, shortest first.
    receipts: Vec<Duration>,
}

impl Measured {
    fn rate(&self, stage: Stage) -> f64 {
        self.rates[stage as usize]
    }
}

fn measured(corpus: &Corpus, rounds: usize) -> Measured {
    let mut scratch = Scratch::for_bytes(corpus.bytes.len());
    let mut took = vec![Vec::new(); Stage::ALL.len()];
    // Round 0 warms up caches and allocator.
    for round in 0..=rounds {
        for stage in Stage::ALL {
            let began = Instant::now();
            stage.run(&corpus.bytes, &mut scratch);
            if round > 0 {
                took[stage as usize].push(began.elapsed());
            }
        }
    }
    let rate = |mut times: Vec<Duration>| {
        times.sort_unstable();
        corpus.bytes.len() as f64 / 1e6 / times[times.len() / 2].as_secs_f64()
    };
    let rates = took.into_iter().map(rate).collect();
    Measured { rates, receipts: stages::receipt_times(corpus) }
}
