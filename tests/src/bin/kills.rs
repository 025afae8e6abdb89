//! Kills the bridge's processes at random moments while three tills print, and says what it cost.
//!
//! `cargo run --release -p pos-tests --bin kills -- [--kills N] [--seed S]`; build the workspace first
//! with the same profile. Exits with 1 where a byte or a sale was forgotten.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use pos_tests::front::{Death, Front, Round, Verdict};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Deaths, unless told.
const KILLS: usize = 500;
/// Deaths in one shop.
const KILLS_PER_SHOP: usize = 25;

fn main() -> io::Result<ExitCode> {
    let words: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let pair = words.windows(2).find(|pair| pair[0] == name);
        pair.and_then(|pair| pair[1].parse::<u64>().ok())
    };
    let kills = number("--kills").and_then(|n| usize::try_from(n).ok()).unwrap_or(KILLS);
    let seed = number("--seed").unwrap_or(1);
    let mut moments = ChaCha8Rng::seed_from_u64(seed);
    let mut out = io::stdout().lock();
    let (mut verdict, mut rounds) = (Verdict::default(), Vec::<Round>::new());
    while rounds.len() < kills {
        let mut shop = Front::open(seed.wrapping_add(rounds.len() as u64));
        for _ in 0..KILLS_PER_SHOP.min(kills - rounds.len()) {
            rounds.push(shop.round(moments.next_u64()));
        }
        verdict.add(shop.settle());
        writeln!(out, "{} deaths: {verdict}", rounds.len())?;
    }
    for wrong in &verdict.wrong {
        writeln!(out, "WRONG: {wrong}")?;
    }
    for death in [Death::Brain, Death::Wire, Death::Both] {
        let count = rounds.iter().filter(|round| round.death == death).count();
        writeln!(out, "{death:?}: {count}")?;
    }
    for (place, name) in ["through the proxy", "in line"].into_iter().enumerate() {
        let mut took: Vec<Duration> =
            rounds.iter().filter_map(|round| round.resumed.map(|both| both[place])).collect();
        took.sort_unstable();
        if let (Some(most), true) = (took.last(), took.len() > 1) {
            let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_millis();
            writeln!(
                out,
                "from a wire process's death to the printer's answer {name}: \
                 p50 {} ms, p99 {} ms, longest {} ms ({} deaths)",
                at(0.5),
                at(0.99),
                most.as_millis(),
                took.len()
            )?;
        }
    }
    Ok(if verdict.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
