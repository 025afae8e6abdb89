//! How the daemon is, as one value: what `status` prints, `/healthz` says and the metrics count.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::robots::{MonthCalls, RobotStatus, robots};
use super::waiting::{Waiting, waiting};
use crate::config::{Config, Mode};
use crate::health::{Health, State};
use crate::journal::{JournalError, JournalReader};
use crate::runtime_dir::RuntimeDir;
use crate::wire::{self, SourceState, WireStatus};

/// How the daemon is: what `status --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Attached to a wire process, and everything it has heard is in the journal.
    pub ready: bool,
    /// Receipts are tests and count nowhere: `mode = "setup"`.
    #[serde(default)]
    pub practice: bool,
    /// The brain's process, where it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Where the ring and the sockets are.
    pub runtime_directory: PathBuf,
    /// What is wrong at present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What the brain knows of itself, where it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<State>,
    /// The wire process, where it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<WireStatus>,
    /// What is in the journal, by source.
    pub sources: Vec<SourceTotal>,
    /// Events in the journal.
    pub events: u64,
    /// Notices, by robot and state.
    pub outbox: Vec<OutboxTotal>,
    /// The configured robots.
    #[serde(default)]
    pub robots: Vec<RobotStatus>,
    /// The organisation's calls of this month.
    #[serde(default)]
    pub calls: MonthCalls,
    /// What waits for people or for DingTalk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
}

/// One source's share of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTotal {
    /// The source.
    pub name: String,
    /// Whether it hears anything, where the wire process says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SourceState>,
    /// Bytes towards the printer that are on disk.
    pub journalled_bytes: u64,
}

/// One robot's notices in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxTotal {
    /// The robot.
    pub robot: String,
    /// Queued, sending, delivered, parked, dead.
    pub state: String,
    /// How many.
    pub count: u64,
    /// Why the oldest of them is not delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How the daemon is, asked from within it.
pub(super) async fn of(
    dir: &RuntimeDir,
    config: &Arc<Config>,
    journal: &Path,
    health: &Health,
    now_ms: i64,
) -> Status {
    let state = health.state();
    let mut status = looked_at(dir, config, journal, now_ms).await;
    status.ready = state.is_ready();
    status.pid = Some(std::process::id());
    status.trouble = state.trouble().or(status.trouble);
    status.health = Some(state);
    status
}

/// What can be said without the brain: the wire process and the journal speak for themselves.
pub async fn offline(dir: &RuntimeDir, config: &Arc<Config>, now_ms: i64) -> Status {
    looked_at(dir, config, &config.journal.path, now_ms).await
}

async fn looked_at(dir: &RuntimeDir, config: &Arc<Config>, journal: &Path, now_ms: i64) -> Status {
    let wire = wire::status(dir).await.ok();
    let path = journal.to_owned();
    let practice = config.mode == Mode::Setup;
    let config = Arc::clone(config);
    let read = tokio::task::spawn_blocking(move || {
        Ok::<_, JournalError>((totals(&path)?, robots(&path, &config, now_ms)?, waiting(&path)?))
    });
    let (found, trouble) = match read.await {
        Ok(Ok(found)) => (found, None),
        Ok(Err(error)) => (Default::default(), Some(error.to_string())),
        Err(error) => (Default::default(), Some(error.to_string())),
    };
    let ((mut sources, events, outbox), (robots, calls), waiting) = found;
    for heard in wire.iter().flat_map(|wire| &wire.sources) {
        match sources.iter_mut().find(|source| source.name == heard.name) {
            Some(source) => source.state = Some(heard.state),
            None => sources.push(SourceTotal {
                name: heard.name.clone(),
                state: Some(heard.state),
                journalled_bytes: 0,
            }),
        }
    }
    let runtime_directory = dir.path().to_owned();
    Status {
        ready: false,
        practice,
        pid: None,
        runtime_directory,
        trouble,
        health: None,
        wire,
        sources,
        events,
        outbox,
        robots,
        calls,
        waiting,
    }
}

type Totals = (Vec<SourceTotal>, u64, Vec<OutboxTotal>);

fn totals(journal: &Path) -> Result<Totals, JournalError> {
    if !journal.exists() {
        // Nothing has run yet, which is no trouble.
        return Ok((Vec::new(), 0, Vec::new()));
    }
    let reader = JournalReader::open(journal)?;
    let totals = reader.totals()?;
    let sources = totals
        .journalled_bytes
        .into_iter()
        .map(|(name, journalled_bytes)| SourceTotal { name, state: None, journalled_bytes })
        .collect();
    let mut outbox = Vec::new();
    for count in totals.outbox {
        let oldest = reader.outbox(count.state, MAX_REASONS)?;
        let reason =
            oldest.into_iter().filter(|row| row.robot == count.robot).find_map(|row| row.reason);
        let state = count.state.to_string();
        outbox.push(OutboxTotal { robot: count.robot, state, count: count.count, reason });
    }
    Ok((sources, totals.events, outbox))
}

/// Most notices looked at for a reason.
const MAX_REASONS: usize = 100;
