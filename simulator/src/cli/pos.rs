//! `possim pos`: a till that sells and prints to a port.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::civil::DateTime;
use pos_protocol::event::Kind;
use tokio::time::Instant;

use super::command::{Outcome, complain};
use super::names;
use crate::print::Style;
use crate::shop::{Day, OPENING, Shop};
use crate::truth;
use crate::wire::{Destination, FaultPlan, FaultyLine, Line, Pace};

/// Pause between two receipts where nothing is said.
const UNHURRIED: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Shop; `possim list` names them
    #[arg(long, value_parser = names::shop)]
    shop: &'static Shop,
    /// Receipt style; `possim list` names them
    #[arg(long, value_parser = names::style, default_value = "english-42")]
    style: &'static Style,
    /// Receipts per minute, such as 20/min [default: 20/min; with --fast, no pause]
    #[arg(long, value_parser = names::rate)]
    rate: Option<Duration>,
    /// How many slips, of all the kinds that the style prints
    #[arg(long, default_value_t = 10)]
    receipts: u32,
    /// Only slips of these kinds, such as sale,refund [default: all that the style prints]
    #[arg(long, value_parser = names::kind, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// The same seed prints the same bytes on every machine
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// tcp:HOST:PORT, serial:PATH or pty:LINK
    #[arg(long)]
    to: Destination,
    /// Where the truth goes, one event a line, as it happens
    #[arg(long)]
    truth: Option<PathBuf>,
    /// Speed of the line, in bits per second [default: 9600 on a serial line or pty; TCP is not paced]
    #[arg(long)]
    baud: Option<u32>,
    /// Do not pace the line, nor, without --rate, the customers
    #[arg(long)]
    fast: bool,
    /// What goes wrong on the line: KIND=CHANCE%[/AMOUNT],... with flip, burst, drop (amount: bits or
    /// bytes), split (bytes a piece), stall, unplug (a time); the chance is per receipt
    #[arg(long, value_parser = names::faults)]
    faults: Option<FaultPlan>,
    /// The same seed damages the same bytes on every machine
    #[arg(long, default_value_t = 1, requires = "faults")]
    fault_seed: u64,
    /// Where the truth about the damage goes, one fault a line, as it happens
    #[arg(long, requires = "faults")]
    fault_log: Option<PathBuf>,
    /// Name of the till, on paper and as `source` of the truth
    #[arg(long, default_value = "counter-1")]
    till: String,
    /// Local time at which the day begins
    #[arg(long, value_parser = names::opening, default_value_t = OPENING)]
    opening: DateTime,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    tokio::select! {
        sold = sell(&arguments) => sold,
        _ = tokio::signal::ctrl_c() => Ok(false),
    }
}

async fn sell(arguments: &Arguments) -> Outcome {
    let Arguments { shop, style, seed, till: name, .. } = arguments;
    names::matched(shop, style)?;
    let pace = Pace::of(&arguments.to, arguments.baud, arguments.fast);
    let pause = arguments.rate.unwrap_or(if arguments.fast { Duration::ZERO } else { UNHURRIED });
    let mut told = arguments.truth.as_ref().map(File::create).transpose()?;
    let mut line = faulty(Line::open(&arguments.to, pace)?, arguments)?;
    let day = Day::open(shop, *seed, name, 1001, arguments.opening);
    let slips = day.filter(|slip| names::wanted(slip, style, &arguments.kinds));
    let (began, mut all_printed) = (Instant::now(), true);
    for (number, slip) in (0..arguments.receipts).zip(slips) {
        tokio::time::sleep_until(began + pause * number).await;
        // A peer that goes away costs a receipt and not the rest of the day.
        if let Err(error) = line.print(&style.print_slip(&slip)).await {
            complain(&error);
            all_printed = false;
            continue;
        }
        if let Some(told) = &mut told {
            truth::write_line(told, &truth::slip(&slip, style, name))?;
        }
    }
    line.drained().await?;
    Ok(all_printed)
}

/// The line with the faults that were asked for, which are said on stderr.
fn faulty(line: Line, arguments: &Arguments) -> Result<FaultyLine, Box<dyn Error>> {
    let Some(plan) = arguments.faults.clone() else {
        return Ok(FaultyLine::new(line, FaultPlan::none(), None)?);
    };
    let plan = plan.with_seed(arguments.fault_seed);
    writeln!(std::io::stderr(), "possim: faults: {plan}")?;
    let log = arguments.fault_log.as_ref().map(File::create).transpose()?;
    Ok(FaultyLine::new(line, plan, log.map(|log| Box::new(log) as Box<dyn Write + Send>))?)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::{Ipv4Addr, SocketAddr};

    use super::{Arguments, Destination, OPENING, Shop, Style, sell};
    use crate::printer::Printer;
    use crate::shop::Day;

    #[tokio::test]
    async fn what_arrives_at_the_printer_is_what_the_truth_says_was_sold() {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let printer = Printer::start(any).await.expect("a printer");
        let dir = tempfile::tempdir().expect("a directory");
        let truth = dir.path().join("truth.jsonl");
        let (shop, style) = (&Shop::ALL[0], &Style::ALL[2]);
        let arguments = Arguments {
            shop,
            style,
            rate: None,
            receipts: 5,
            kinds: Vec::new(),
            seed: 3,
            to: Destination::Tcp(printer.address().to_string()),
            truth: Some(truth.clone()),
            baud: None,
            fast: true,
            faults: None,
            fault_seed: 1,
            fault_log: None,
            till: "counter-1".to_owned(),
            opening: OPENING,
        };
        assert!(sell(&arguments).await.expect("a willing printer"));
        let mut day = Day::open(shop, 3, "counter-1", 1001, OPENING);
        let asked = [0x10, 0x04, 0x01];
        let expected: Vec<u8> = (0..5)
            .flat_map(|_| {
                [&asked, style.print_slip(&day.next().expect("a slip")).as_slice(), &asked].concat()
            })
            .collect();
        assert_eq!(printer.counts().log, expected);
        assert_eq!(fs::read_to_string(truth).expect("lines").lines().count(), 5);
    }
}
