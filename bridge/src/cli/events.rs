//! `posbridge events`: what is in the journal, as JSON Lines.

use clap::Args;

use super::{Configured, Exit, Failure, print};
use crate::journal::JournalReader;
use crate::privacy::redact_event;

/// Events read at once.
const PAGE: usize = 256;

/// Which events, and how much of them.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Show personal data too: printed text, names, phone numbers
    #[arg(long)]
    raw: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = arguments.configured.load()?.journal.path;
    if !path.exists() {
        return Err(Failure::said(Exit::Failed, format!("no journal at {} yet", path.display()))
            .hint("posbridge run makes it"));
    }
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    let reader = JournalReader::open(&path).map_err(|error| failed(&error))?;
    let mut after = 0;
    loop {
        let page = reader.events(after, PAGE).map_err(|error| failed(&error))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        for stored in page {
            let line = if arguments.raw {
                stored.body
            } else {
                let event = stored.event().map_err(|error| failed(&error))?;
                serde_json::to_string(&redact_event(event)).map_err(|error| failed(&error))?
            };
            print(|out| writeln!(out, "{line}"))?;
        }
    }
}
