//! `posbridge check`: is the configuration right, and is what it names there?

use clap::Args;

use super::{Configured, Exit, Failure, print};
use crate::operate::doctor::{Finding, Level, examine};

/// How to look, and how to say it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Leave out what needs the network
    #[arg(long)]
    offline: bool,
    /// As JSON Lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let findings = runtime.block_on(examine(&config, clock, arguments.offline));
    print(|out| {
        for finding in &findings {
            if arguments.json {
                serde_json::to_writer(&mut *out, finding)?;
                writeln!(out)?;
            } else {
                tell(finding, out)?;
            }
        }
        Ok(())
    })?;
    let bad = findings.iter().filter(|finding| finding.level == Level::Bad).count();
    if bad == 0 {
        return Ok(());
    }
    Err(Failure::said(Exit::Failed, format!("{bad} of {} checks failed", findings.len())))
}

fn tell(finding: &Finding, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mark = match finding.level {
        Level::Ok => "ok  ",
        Level::Note => "note",
        Level::Bad => "BAD ",
    };
    writeln!(out, "{mark} {}", finding.words)?;
    match &finding.hint {
        Some(hint) => writeln!(out, "     hint: {hint}"),
        None => Ok(()),
    }
}
