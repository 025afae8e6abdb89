//! Spoils the Stream of a real bridge for hours of its time, and prints what became of every question,
//! event, press and connection; the last line is JSON.
//!
//! `cargo run -p pos-tests --bin soak -- [--minutes 30] [--rate 10] [--seed 1] [--disconnects 200]
//! [--kills 0]`; build the workspace first. The minutes are the machine's: 30 at a rate of 10 are five
//! hours of the shop. Exits with 1 where anything is broken, with 2 where the plan cannot be played.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use pos_tests::soak::{Plan, play};

const USAGE: &str = "expected [--minutes N] [--rate N] [--seed S] [--disconnects N] [--kills N]";

fn main() -> io::Result<ExitCode> {
    let (mut minutes, mut rate, mut seed, mut disconnects, mut kills) = (30, 10, 1, 200, 0);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().and_then(|value| value.parse::<u32>().ok());
        let place = match word.as_str() {
            "--minutes" => &mut minutes,
            "--rate" => &mut rate,
            "--seed" => &mut seed,
            "--disconnects" => &mut disconnects,
            "--kills" => &mut kills,
            _ => return usage(USAGE),
        };
        let Some(value) = value else { return usage(USAGE) };
        *place = value;
    }
    let span = Duration::from_mins(minutes.into());
    let plan = Plan { span, rate: rate.max(1), seed: seed.into(), disconnects, kills };
    if let Some(why) = plan.refused() {
        return usage(&why);
    }
    let outcome = play(plan);
    write!(io::stdout().lock(), "{outcome}")?;
    Ok(if outcome.broken().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn usage(why: &str) -> io::Result<ExitCode> {
    writeln!(io::stderr(), "{why}")?;
    Ok(ExitCode::from(2))
}
