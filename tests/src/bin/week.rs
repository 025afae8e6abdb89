//! Plays the simulated week of three shops and prints what was put in beside what was told, the
//! figures, and the Z reports with planted differences.
//!
//! `cargo run -p pos-tests --bin week -- [--seed S] [--days N]`. Exits with 1 where anything differs.

use std::io::{self, Write};
use std::process::ExitCode;

use pos_tests::week::{Planted, planted, play};

const USAGE: &str = "expected [--seed S] [--days N]";

fn main() -> io::Result<ExitCode> {
    let (mut seed, mut days) = (1, 7);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse().ok());
        let number: u32 = number.ok_or_else(|| io::Error::other(USAGE))?;
        match word.as_str() {
            "--seed" => seed = u64::from(number),
            "--days" => days = number.max(1),
            _ => return Err(io::Error::other(USAGE)),
        }
    }
    let dir = tempfile::tempdir()?;
    let outcome = play(seed, days, dir.path());
    let mut out = io::stdout().lock();
    writeln!(out, "{outcome}messages a month {}\n", outcome.a_month(days))?;
    let planted = planted(seed);
    for one in &planted {
        writeln!(out, "{one}")?;
    }
    let broken = outcome.broken(days);
    for broken in &broken {
        writeln!(io::stderr(), "{broken}")?;
    }
    let well = broken.is_empty() && planted.iter().all(Planted::is_named);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
