//! `possim printer`: a receipt printer that runs until it is stopped.
//!
//! Control lines come on stdin, what happens goes to stdout as JSON Lines.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::command::{Outcome, complain};
use crate::printer::{Act, DrawerSetup, Pin, Polarity, Printer, SerialDrawer, Setup};

/// Control lines that may wait; a script that is faster waits itself.
const WAITING_LINES: usize = 64;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sensor {
    OpenLow,
    OpenHigh,
}

/// The control lines on stdin, one act each: `paper full|low|out`, `cover open|closed`,
/// `drawer open|closed|stuck|free`, `offline`, `online`, `serial-drawer closed`, and `state`, which
/// prints the state.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A serial port as well: a pty under this name
    #[arg(long)]
    pty: Option<PathBuf>,
    /// A serial drawer on a port of its own: a pty under this name; any byte opens it
    #[arg(long)]
    serial_drawer: Option<PathBuf>,
    /// Lines on the roll [default: it never ends]
    #[arg(long)]
    roll_lines: Option<u32>,
    /// What the drawer's sensor does to pin 3
    #[arg(long, value_enum, default_value = "open-low")]
    sensor: Sensor,
    /// The drawer hangs on pin 5 instead of pin 2
    #[arg(long)]
    pin5: bool,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let setup = Setup {
        polarity: match arguments.sensor {
            Sensor::OpenLow => Polarity::OpenIsLow,
            Sensor::OpenHigh => Polarity::OpenIsHigh,
        },
        drawer_on: if arguments.pin5 { Pin::Pin5 } else { Pin::Pin2 },
        roll_lines: arguments.roll_lines,
    };
    let mut printer = Printer::start_as(arguments.listen, setup).await?;
    if let Some(link) = &arguments.pty {
        printer.attach(link)?;
    }
    let drawer = arguments.serial_drawer.as_deref();
    let drawer =
        drawer.map(|link| SerialDrawer::start(link, DrawerSetup::default())).transpose()?;
    say(&json!({"listening": printer.address()}))?;
    tokio::select! {
        served = serve(&printer, drawer.as_ref()) => served,
        stopped = tokio::signal::ctrl_c() => Ok(stopped.is_ok()),
    }
}

async fn serve(printer: &Printer, drawer: Option<&SerialDrawer>) -> Outcome {
    let mut lines = control_lines();
    let mut changes = printer.changes();
    let mut drawer_changes = drawer.map(SerialDrawer::changes);
    let (mut seen, mut was_open) = (0, false);
    loop {
        for happening in printer.happenings_after(seen) {
            seen += 1;
            say(&serde_json::to_value(happening)?)?;
        }
        if let Some(open) = drawer.map(SerialDrawer::is_open).filter(|open| *open != was_open) {
            was_open = open;
            say(&json!({"event": "serial_drawer", "open": open}))?;
        }
        let pushed_or_kicked = async {
            match &mut drawer_changes {
                Some(changes) => changes.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            told = changes.changed() => told?,
            told = pushed_or_kicked => told?,
            Some(line) = lines.recv() => obey(printer, drawer, &line)?,
        }
    }
}

fn obey(printer: &Printer, drawer: Option<&SerialDrawer>, line: &str) -> std::io::Result<()> {
    match (line.trim(), drawer) {
        ("", _) => {}
        ("state", _) => {
            let (is, counts) = (printer.condition(), printer.counts());
            say(&json!({
                "state": is,
                "online": is.online(),
                "receipts": counts.receipts,
                "kicks": counts.kicks,
                "bytes": counts.bytes,
            }))?;
        }
        ("serial-drawer closed", Some(drawer)) => drawer.push_shut(),
        (line, _) => match line.parse::<Act>() {
            Ok(act) => printer.act(act),
            Err(bad) => complain(&bad),
        },
    }
    Ok(())
}

/// Lines of stdin, from a thread that may block. Its end is no reason to switch off.
fn control_lines() -> mpsc::Receiver<String> {
    let (lines, queue) = mpsc::channel(WAITING_LINES);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    queue
}

fn say(line: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
