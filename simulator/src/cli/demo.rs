//! `possim demo`: the whole line, live, with a ledger at the end.

use clap::Args;

use super::command::Outcome;
use crate::demo::{self, DemoOptions};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How long to sell
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,
    /// The same seed sells the same things
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// End with one line of JSON on stdout; the rest goes to stderr
    #[arg(long)]
    json: bool,
    /// Kill the brain, then the wire process, in the middle of the trade
    #[arg(long)]
    kill: bool,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let Arguments { seconds, seed, json, kill } = arguments;
    let posbridge = demo::posbridge_beside_us()?;
    Ok(demo::run(&DemoOptions { seconds, seed, json, kill, posbridge }).await?)
}
