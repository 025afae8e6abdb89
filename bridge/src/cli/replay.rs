//! `posbridge replay`: what the journal's bytes would be read as today, beside what was told.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use pos_protocol::event::Event;
use serde_json::Value;

use super::since::since;
use super::{Configured, Exit, Failure, print, say};
use crate::config::{self, Config, ProfileError};
use crate::control::{self, ControlError, Done, Request};
use crate::journal::{Batch, Journal, JournalReader};
use crate::operate::compare::{Change, changes, correction};
use crate::operate::replay::{Outcome, Wanted, replay};
use crate::privacy::redact_event;
use crate::runtime_dir::RuntimeDir;
use crate::shop::Clerk;

/// Corrections in one request: events are a few KiB, a request may hold one MiB.
const CORRECTIONS_AT_ONCE: usize = 64;
/// Longest value that is shown of a field, in characters.
const MAX_SHOWN: usize = 60;

/// What to read again, and how.
#[derive(Args)]
#[command(
    after_help = "Nothing is sent again, whatever comes out. --accept writes one correction \
    event for every changed event; papers that are new or gone are only shown."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Read with this profile instead of each source's own: a built-in name or a file
    #[arg(long)]
    profile: Option<String>,
    /// Only what was observed from then on: 2026-11-21, 2026-11-21T12:00, 90m, 24h or 7d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Keep what is read today as corrections
    #[arg(long)]
    accept: bool,
    /// As JSON Lines
    #[arg(long)]
    json: bool,
    /// Show personal data too
    #[arg(long)]
    raw: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    let clock = arguments.configured.clock()?;
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    let profile = arguments
        .profile
        .as_ref()
        .map(|word| config::load_profile(word, Path::new("")))
        .transpose()
        .map_err(|error: ProfileError| Failure::said(Exit::Usage, error.to_string()))?;
    let path = &config.journal.path;
    if !path.exists() {
        return Err(Failure::said(Exit::Failed, format!("no journal at {} yet", path.display())));
    }
    let reader = JournalReader::open(path).map_err(|error| failed(&error))?;
    let now = clock.now().wall;
    let from = arguments.since.as_deref().map(|text| since(text, now, &config.shop.timezone));
    let wanted = Wanted {
        source: arguments.source.as_deref(),
        since: from.transpose()?,
        profile: profile.as_ref().map(|loaded| &loaded.profile),
    };
    let replayed = replay(&reader, &config, &wanted).map_err(|error| failed(&error))?;
    print(|out| {
        for outcome in &replayed.outcomes {
            if arguments.json {
                json(outcome, arguments.raw, out)?;
            } else {
                tell(outcome, arguments.raw, out)?;
            }
        }
        Ok(())
    })?;
    let changed = replayed.outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Changed { id, now: event, .. } => {
            let at = crate::clock::Clock::real().now().rfc3339();
            Some(correction(*id, event, at))
        }
        _ => None,
    });
    let corrections: Vec<Event> = changed.collect();
    say(&format!(
        "{} events are read as they were, {} otherwise, {} are new or gone",
        replayed.same,
        corrections.len(),
        replayed.outcomes.len() - corrections.len()
    ));
    if arguments.accept {
        let count = corrections.len();
        let new = keep(&corrections, &config)?;
        say(&format!("{new} corrections are kept, {} were known", count - new));
    }
    Ok(())
}

/// Hands the corrections to the daemon; where none runs, writes them into the journal.
fn keep(corrections: &[Event], config: &Config) -> Result<usize, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let mut new = 0;
    for some in corrections.chunks(CORRECTIONS_AT_ONCE) {
        let request = Request::Correct { corrections: some.to_vec() };
        match runtime.block_on(control::ask(&dir, &request)) {
            Ok(Done::Correct { new: some }) => new += some,
            Err(ControlError::NotRunning { .. }) => {
                let journal =
                    Journal::open(&config.journal.path).map_err(|error| failed(&error))?;
                // The books are put right with the event, as the daemon does it.
                let shop = Some(Arc::new(Clerk::new(Arc::new(config.clone()))) as Arc<_>);
                let batch = Batch { events: some.to_vec(), shop, ..Batch::default() };
                new += journal.commit(batch).map_err(|error| failed(&error))?.new_events;
            }
            Ok(_) => return Err(failed(&ControlError::Beside("correct"))),
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(new)
}

/// The changes as they may be shown.
fn shown(outcome: &Outcome, raw: bool) -> Vec<Change> {
    match outcome {
        Outcome::Changed { changes, .. } if raw => changes.clone(),
        Outcome::Changed { was, now, .. } => {
            changes(&redact_event((**was).clone()), &redact_event((**now).clone()))
        }
        _ => Vec::new(),
    }
}

fn json(outcome: &Outcome, raw: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let open = |event: &Event| if raw { event.clone() } else { redact_event(event.clone()) };
    let line = match outcome {
        Outcome::Changed { id, .. } => serde_json::json!({
            "outcome": "changed", "id": id, "changes": shown(outcome, raw),
        }),
        Outcome::New { event } => serde_json::json!({ "outcome": "new", "event": open(event) }),
        Outcome::Gone { event } => serde_json::json!({ "outcome": "gone", "event": open(event) }),
    };
    writeln!(out, "{line}")
}

fn tell(outcome: &Outcome, raw: bool, out: &mut dyn Write) -> std::io::Result<()> {
    match outcome {
        Outcome::New { event } => writeln!(out, "new      {}", head(event)),
        Outcome::Gone { event } => writeln!(out, "gone     {}", head(event)),
        Outcome::Changed { was, .. } => {
            writeln!(out, "changed  {}", head(was))?;
            for change in shown(outcome, raw) {
                let (a, b) = (value(change.was.as_ref()), value(change.now.as_ref()));
                writeln!(out, "         {}: {a} -> {b}", change.field)?;
            }
            Ok(())
        }
    }
}

fn head(event: &Event) -> String {
    let receipt = event.receipt.as_ref();
    let number = receipt.and_then(|receipt| receipt.number.as_ref());
    let number = number.map_or_else(String::new, |number| format!(" #{number}"));
    format!("{}  {}  {}  {}{number}", event.observed_at, event.source, event.id.short(), event.kind)
}

fn value(value: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    let text = value.to_string();
    if text.chars().count() <= MAX_SHOWN {
        return text;
    }
    let cut: String = text.chars().take(MAX_SHOWN).collect();
    format!("{cut}…")
}
