//! `posbridge outbox`: what is on its way, why it is not there yet, and what to do about it.
//!
//! Looking needs no daemon. Changing goes through the one writer: the daemon, or this process where
//! none runs.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Configured, Exit, Failure, asking, outbox_show as show, print, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::control::{ControlError, Done, MAX_IDS, Request};
use crate::journal::{Journal, JournalError, JournalReader, OutboxRow, OutboxState};

/// Most notices that one call lists or changes: more than a shop's worst month.
const MAX_ROWS: usize = 100_000;

/// What to do.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// List what is not delivered
    List(List),
    /// Show one message: its attempts, why, when next, and its request without personal data
    Show(Show),
    /// Try messages again at once
    Retry(Retry),
    /// Take messages out of the queue for good
    Drop(Drop),
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    configured: Configured,
    /// Of this robot only
    #[arg(long, value_name = "NAME")]
    robot: Option<String>,
    /// In this state only; delivered and dropped ones are listed only so
    #[arg(long, value_parser = state)]
    state: Option<OutboxState>,
    /// At most so many, the oldest first
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// As JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Show {
    #[command(flatten)]
    configured: Configured,
    /// Its number, as `outbox list` says
    id: i64,
    /// With personal data
    #[arg(long)]
    raw: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[group(id = "which", required = true, multiple = false)]
struct Which {
    /// Their numbers, as `outbox list` says
    #[arg(value_name = "ID")]
    ids: Vec<i64>,
    /// All that waits, is parked or dead for this robot
    #[arg(long, value_name = "NAME")]
    robot: Option<String>,
    /// All dead letters
    #[arg(long)]
    all_dead: bool,
}

#[derive(Args)]
struct Retry {
    #[command(flatten)]
    configured: Configured,
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
struct Drop {
    #[command(flatten)]
    configured: Configured,
    /// Their numbers, as `outbox list` says
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    /// Why, for whoever looks later
    #[arg(long, value_name = "TEXT")]
    why: String,
}

fn state(word: &str) -> Result<OutboxState, String> {
    OutboxState::ALL.iter().copied().find(|state| state.as_str() == word).ok_or_else(|| {
        let words: Vec<&str> = OutboxState::ALL.iter().map(|state| state.as_str()).collect();
        format!("expected {}", words.join(", "))
    })
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::List(arguments) => list(arguments),
        Verb::Show(arguments) => show_one(arguments),
        Verb::Retry(arguments) => retry(arguments),
        Verb::Drop(arguments) => drop_some(arguments),
    }
}

/// The journal, where there is one: nothing has run yet otherwise.
fn reader(path: &Path) -> Result<Option<JournalReader>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    JournalReader::open(path).map(Some).map_err(|error| failed(&error))
}

fn failed(error: &JournalError) -> Failure {
    Failure::new(Exit::Failed, error)
}

fn known(robot: Option<&String>, config: &Config, rows: &[OutboxRow]) -> Result<(), Failure> {
    let Some(name) = robot else { return Ok(()) };
    // A robot that is not configured any more may still have a queue.
    if !rows.is_empty() || config.robots.iter().any(|known| known.name == *name) {
        return Ok(());
    }
    let names: Vec<&str> = config.robots.iter().map(|known| known.name.as_str()).collect();
    let message = format!("expected a robot ({}), found {name:?}", names.join(", "));
    Err(Failure::said(Exit::Usage, message))
}

fn list(arguments: &List) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    let limit = arguments.limit as usize;
    let robot = arguments.robot.as_ref();
    let mut rows = match (reader(&config.journal.path)?, arguments.state) {
        (None, _) => Vec::new(),
        (Some(reader), None) => {
            reader.undelivered(robot.map(String::as_str), limit).map_err(|error| failed(&error))?
        }
        (Some(reader), Some(state)) => {
            let mut rows = reader.outbox(state, MAX_ROWS).map_err(|error| failed(&error))?;
            rows.retain(|row| robot.is_none_or(|name| row.robot == *name));
            rows
        }
    };
    rows.truncate(limit);
    known(robot, &config, &rows)?;
    print(|out| {
        if arguments.json {
            return rows.iter().try_for_each(|row| writeln!(out, "{}", show::json(row)));
        }
        show::table(&rows, &config.shop.timezone, out)
    })
}

fn show_one(arguments: &Show) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    let id = arguments.id;
    let none = || {
        Failure::said(Exit::Failed, format!("expected a message in the outbox, found no {id}"))
            .hint("posbridge outbox list says their numbers")
    };
    let reader = reader(&config.journal.path)?.ok_or_else(none)?;
    let row = reader.notice(id).map_err(|error| failed(&error))?.ok_or_else(none)?;
    let whole = show::Whole {
        attempts: reader.attempts(id).map_err(|error| failed(&error))?,
        members: reader.members(id).map_err(|error| failed(&error))?,
        request: reader
            .request(id)
            .map_err(|error| failed(&error))?
            .map(|body| show::body(&body, arguments.raw)),
        row,
    };
    print(|out| {
        if arguments.json {
            return writeln!(out, "{}", whole.json());
        }
        whole.tell(&config.shop.timezone, out)
    })
}

fn retry(arguments: &Retry) -> Result<(), Failure> {
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    let Which { ids, robot, all_dead } = &arguments.which;
    let ids = if ids.is_empty() {
        let rows = match reader(&config.journal.path)? {
            None => Vec::new(),
            Some(reader) if *all_dead => {
                reader.outbox(OutboxState::Dead, MAX_ROWS).map_err(|error| failed(&error))?
            }
            Some(reader) => {
                reader.undelivered(robot.as_deref(), MAX_ROWS).map_err(|error| failed(&error))?
            }
        };
        known(robot.as_ref(), &config, &rows)?;
        let waits = |row: &&OutboxRow| {
            use OutboxState::{Dead, Parked, Queued};
            matches!(row.state, Queued | Parked | Dead)
        };
        rows.iter().filter(waits).map(|row| row.id).collect()
    } else {
        ids.clone()
    };
    let done = change(&config, clock, &ids, None)?;
    tell(&ids, &done, "due at once", arguments.which.ids.is_empty())
}

fn drop_some(arguments: &Drop) -> Result<(), Failure> {
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    if arguments.why.trim().is_empty() {
        let message = "expected a reason behind --why, found none";
        return Err(Failure::said(Exit::Usage, message));
    }
    let done = change(&config, clock, &arguments.ids, Some(&arguments.why))?;
    tell(&arguments.ids, &done, "dropped", false)
}

/// Retries, or with a reason drops, through whoever writes the journal; those for which it was done.
fn change(
    config: &Config,
    clock: Clock,
    ids: &[i64],
    why: Option<&str>,
) -> Result<Vec<i64>, Failure> {
    let mut done = Vec::new();
    for some in ids.chunks(MAX_IDS) {
        let ids = some.to_vec();
        let request = match why {
            Some(why) => Request::Drop { ids, why: why.to_owned() },
            None => Request::Retry { ids },
        };
        match asking(&request) {
            Ok(Done::Retry { ids } | Done::Drop { ids }) => done.extend(ids),
            Ok(_) => return Err(Failure::new(Exit::Failed, &ControlError::Beside("outbox"))),
            Err(ControlError::NotRunning { .. }) => {
                done.extend(alone(&config.journal.path, clock, some, why)?);
            }
            Err(error) => return Err(Failure::new(Exit::Failed, &error)),
        }
    }
    Ok(done)
}

/// Without a daemon this process is the one writer, for as long as it takes.
fn alone(path: &Path, clock: Clock, ids: &[i64], why: Option<&str>) -> Result<Vec<i64>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let journal = Journal::open(path).map_err(|error| failed(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let done = runtime.block_on(async {
        match why {
            Some(why) => journal.drop_notices(ids.to_vec(), why.trim()).await,
            None => journal.retry(ids.to_vec(), clock.wall_ms()).await,
        }
    });
    done.map_err(|error| failed(&error))
}

/// What was done, and which of the numbers that were named it was not done for.
fn tell(asked: &[i64], done: &[i64], what: &str, chosen: bool) -> Result<(), Failure> {
    say(&format!("{} messages are {what}", done.len()));
    let left: Vec<String> =
        asked.iter().filter(|id| !done.contains(id)).map(ToString::to_string).collect();
    if left.is_empty() || chosen {
        return Ok(());
    }
    let message = format!("nothing was done for {}", left.join(", "));
    let hint = "a message that is delivered, being sent, or told in a digest stays as it is; \
                posbridge outbox show ID says where it stands";
    Err(Failure::said(Exit::Failed, message).hint(hint))
}
