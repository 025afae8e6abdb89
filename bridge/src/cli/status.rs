//! `posbridge status`: how the daemon is.

use std::io::Write;
use std::sync::Arc;

use clap::Args;

use super::{Configured, Exit, Failure, print};
use crate::control::{self, ControlError, Status, Waiting};
use crate::operate::doctor::how_to_start;
use crate::runtime_dir::RuntimeDir;
use crate::wire::SourceState;

/// How to say it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Arc::new(arguments.configured.load()?);
    let now_ms = arguments.configured.clock()?.wall_ms();
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let (status, asked) = runtime.block_on(async {
        match control::ask_status(&dir).await {
            Ok(status) => (status, Ok(())),
            Err(error) => (control::offline(&dir, &config, now_ms).await, Err(error)),
        }
    });
    if arguments.json {
        print(|out| {
            serde_json::to_writer(&mut *out, &status)?;
            writeln!(out)
        })?;
    } else {
        print(|out| say_status(&status, out))?;
    }
    match asked {
        Ok(()) => Ok(()),
        Err(error @ ControlError::NotRunning { .. }) => {
            Err(Failure::new(Exit::Failed, &error).hint(how_to_start()))
        }
        Err(error) => Err(Failure::new(Exit::Failed, &error)),
    }
}

fn say_status(status: &Status, out: &mut dyn Write) -> std::io::Result<()> {
    let how = match &status.health {
        Some(health) => health.summary(),
        None => "not running".to_owned(),
    };
    writeln!(out, "posbridge  {how}")?;
    if status.practice {
        writeln!(out, "mode       setup: receipts are tests until posbridge go-live")?;
    }
    // The summary has the brain's own; without a brain the journal's stands alone.
    if let Some(trouble) = status.trouble.as_ref().filter(|trouble| !how.contains(*trouble)) {
        writeln!(out, "trouble    {trouble}")?;
    }
    writeln!(out, "runtime    {}", status.runtime_directory.display())?;
    let wire = status.wire.as_ref().map_or_else(
        || "not running".to_owned(),
        |wire| {
            let (waiting, room) = (size(wire.ring_waiting), size(wire.ring_capacity));
            let spilled = match wire.spilled {
                0 => String::new(),
                bytes => format!(", {} more on disk", size(bytes)),
            };
            format!("process {}, {waiting} of {room} wait{spilled}", wire.pid)
        },
    );
    writeln!(out, "wire       {wire}")?;
    if let Some(trouble) = status.wire.as_ref().and_then(|wire| wire.spill_trouble.as_ref()) {
        writeln!(out, "trouble    nothing can be spilled to disk: {trouble}")?;
    }
    for source in &status.sources {
        let (name, kept) = (&source.name, size(source.journalled_bytes));
        writeln!(out, "source     {name}: {kept} kept, {}", heard(status, name))?;
    }
    writeln!(out, "events     {}", status.events)?;
    say_robots(status, out)?;
    for waiting in &status.waiting {
        let Waiting { kind, count, since } = waiting;
        writeln!(out, "waiting    {count} {kind}, the oldest since {since}")?;
    }
    if let Some(stream) = status.health.as_ref().and_then(|health| health.stream.as_ref()) {
        writeln!(out, "stream     {stream}")?;
    }
    for (stage, count) in status.health.iter().flat_map(|health| &health.restarts) {
        writeln!(out, "restarts   {stage}: {count}")?;
    }
    Ok(())
}

fn say_robots(status: &Status, out: &mut dyn Write) -> std::io::Result<()> {
    for robot in &status.robots {
        let mut words = match &robot.pool {
            Some(head) => vec![format!("carries for {head}")],
            None => vec![format!("{} queued", robot.queued)],
        };
        if robot.parked > 0 {
            let why = robot.parked_why.as_deref().unwrap_or("it was not said why");
            words.push(format!("{} PARKED ({why})", robot.parked));
        }
        if robot.dead > 0 {
            words.push(format!("{} dead", robot.dead));
        }
        words.push(format!("{} calls this month", robot.month_calls));
        if let Some(until) = &robot.pause_until {
            words.push(format!("silent until {until}"));
        }
        if let Some(until) = &robot.muted_until {
            words.push(format!("muted until {until}"));
        }
        writeln!(out, "robot      {}: {}", robot.name, words.join(", "))?;
    }
    let configured = |name: &str| status.robots.iter().any(|robot| robot.name == name);
    for row in status.outbox.iter().filter(|row| !configured(&row.robot)) {
        writeln!(out, "robot      {}, not configured: {} {}", row.robot, row.count, row.state)?;
    }
    let calls = status.calls;
    writeln!(
        out,
        "month      {} of {} calls used, {} expected by its end",
        calls.used, calls.quota, calls.forecast
    )
}

/// A count of bytes as people say it.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..0x10_0000 => format!("{} KiB", bytes / KIB),
        _ => format!("{} MiB", bytes / KIB / KIB),
    }
}

/// Whether a source is heard, in words.
fn heard(status: &Status, name: &str) -> String {
    let Some(wire) = &status.wire else { return "not heard: no wire process".to_owned() };
    let Some(source) = wire.sources.iter().find(|source| source.name == name) else {
        return "not configured any more".to_owned();
    };
    let state = match source.state {
        SourceState::Starting => "starting",
        SourceState::Open => "open",
        SourceState::Waiting => "waiting",
        SourceState::Failed => "failed",
    };
    let gaps = match source.gaps {
        0 => String::new(),
        1 => ", 1 gap".to_owned(),
        many => format!(", {many} gaps"),
    };
    match &source.why {
        Some(why) => format!("{state}{gaps}: {why}"),
        None => format!("{state}{gaps}"),
    }
}
