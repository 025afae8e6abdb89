//! `possim webhooks`: a cloud till that tells of its sales.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::civil::DateTime;
use serde_json::json;

use super::command::Outcome;
use super::names;
use crate::clock::Clock;
use crate::shop::{OPENING, Shop};
use crate::truth;
use crate::webhooks::{self, Key, LineUp, Order, Scheme};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Provider that the sender is like
    #[arg(long, value_enum)]
    scheme: Scheme,
    /// Where the webhooks are received
    #[arg(long, value_name = "URL")]
    to: String,
    /// The address as it was subscribed, where a proxy stands between; Square signs it
    #[arg(long, value_name = "URL")]
    subscribed: Option<String>,
    /// What is signed with; USER:PASSWORD of lightspeed-k, whsec_... of standard
    #[arg(long)]
    secret: Option<String>,
    /// Shop; `possim list` names them
    #[arg(long, value_parser = names::shop, default_value = "bubble-tea")]
    shop: &'static Shop,
    /// How many sales and refunds
    #[arg(long, default_value_t = 10)]
    sales: u32,
    /// The same seed sells and tells the same on every machine
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the truth goes, one event a line, before anything is sent
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// How many calls of a hundred come twice
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    duplicates: u8,
    /// Let calls overtake each other
    #[arg(long)]
    reorder: bool,
    /// New calls per minute, such as 600/min [default: as fast as they are answered]
    #[arg(long, value_parser = names::rate)]
    rate: Option<Duration>,
    /// Calls under way at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1_024))]
    connections: u16,
    /// How many times faster the schedule of further tries runs
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    hurry: u32,
    /// Name of the till, and `source` of the truth
    #[arg(long, default_value = "cloud")]
    till: String,
    /// Local time at which the day begins
    #[arg(long, value_parser = names::opening, default_value_t = OPENING)]
    opening: DateTime,
    /// Send to a host that is not this machine
    #[arg(long)]
    i_own_this_host: bool,
    /// Virtual time of the signatures: origin=RFC3339,rate=N[,anchor=NANOSECONDS]
    #[cfg(feature = "test-clock")]
    #[arg(long, hide = true, value_parser = Clock::parse)]
    clock: Option<Clock>,
}

impl Arguments {
    #[cfg(feature = "test-clock")]
    fn clock(&self) -> Clock {
        self.clock.unwrap_or_else(Clock::real)
    }

    #[cfg(not(feature = "test-clock"))]
    #[expect(clippy::unused_self, reason = "the same call in both builds")]
    fn clock(&self) -> Clock {
        Clock::real()
    }

    fn line_up(&self) -> LineUp {
        LineUp {
            shop: self.shop,
            till: self.till.clone(),
            seed: self.seed,
            opening: self.opening,
            sales: self.sales,
            scheme: self.scheme,
            duplicates: self.duplicates,
            reorder: self.reorder,
        }
    }
}

/// Ends well when every call was answered 2xx in the end.
pub(super) async fn run(arguments: Arguments) -> Outcome {
    let order = Order {
        url: arguments.to.clone(),
        subscribed: arguments.subscribed.clone(),
        owned: arguments.i_own_this_host,
        scheme: arguments.scheme,
        key: Key::new(arguments.scheme, arguments.secret.as_deref())?,
        pause: arguments.rate.unwrap_or(Duration::ZERO),
        connections: arguments.connections.into(),
        hurry: arguments.hurry,
        clock: arguments.clock(),
    };
    let line_up = arguments.line_up();
    if let Some(path) = &arguments.truth {
        let mut told = BufWriter::new(File::create(path)?);
        for event in line_up.truth() {
            truth::write_line(&mut told, &event)?;
        }
        told.flush()?;
    }
    tokio::select! {
        report = webhooks::send(&order, line_up.calls()) => {
            let report = report?;
            let mut line = serde_json::to_value(&report)?;
            line["sold"] = json!(arguments.sales);
            writeln!(std::io::stdout(), "{line}")?;
            Ok(report.given_up == 0 && !report.disabled)
        }
        _ = tokio::signal::ctrl_c() => Ok(false),
    }
}
