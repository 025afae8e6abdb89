//! `posbridge check`: is the configuration right, and is what it names there?

use std::sync::Arc;

use clap::Args;

use super::{Configured, Exit, Failure, print};
use crate::config::Config;
use crate::journal::{Books, JournalReader};
use crate::operate::doctor::{Finding, Level, examine};
use crate::shop::Clerk;

/// How to look, and how to say it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Leave out what needs the network
    #[arg(long)]
    offline: bool,
    /// Read the journalled events again, and compare the shop's books with them to the byte
    #[arg(long)]
    deep: bool,
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
    let mut findings = runtime.block_on(examine(&config, clock, arguments.offline));
    if arguments.deep {
        findings.push(books(&config));
    }
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

/// Whether the shop's books are what the journalled events say.
fn books(config: &Config) -> Finding {
    let path = &config.journal.path;
    if !path.exists() {
        let words = "no journal yet, so no books".to_owned();
        return Finding { level: Level::Note, words, hint: None };
    }
    let clerk = Clerk::new(Arc::new(config.clone()));
    let checked = JournalReader::open(path).and_then(|reader| reader.check_books(&clerk));
    match checked {
        Ok(Books { rows, events, differs: None }) => {
            let words = format!("the books' {rows} rows are what {events} events say, to the byte");
            Finding { level: Level::Ok, words, hint: None }
        }
        Ok(Books { differs: Some(row), .. }) => Finding {
            level: Level::Bad,
            words: format!("expected the books to be what the events say, found {row} to differ"),
            hint: Some("keep a copy of the journal and tell the maintainers".to_owned()),
        },
        Err(error) => Finding { level: Level::Bad, words: error.to_string(), hint: None },
    }
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
