//! The control socket: how `status` and the verbs that change something speak to the daemon.
//!
//! A Unix socket in the runtime directory. A peer sends one line, a verb; it gets one line of JSON
//! and the connection ends. `status` is the only verb yet.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::health::Health;
use crate::journal::JournalReader;
use crate::runtime_dir::RuntimeDir;
use crate::wire::{self, SourceState, WireStatus};

/// Longest verb, in bytes.
const MAX_VERB_BYTES: u64 = 256;
/// Longest answer that is believed, in bytes.
const MAX_ANSWER_BYTES: u64 = 4 * 1024 * 1024;
/// How long a peer may take to say or read a line.
const PEER_LIMIT: Duration = Duration::from_secs(5);

/// How the daemon is: what `status --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Attached to a wire process, and everything it has heard is in the journal.
    pub ready: bool,
    /// The brain's process, where it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Where the ring and the sockets are.
    pub runtime_directory: PathBuf,
    /// What is wrong at present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The wire process, where it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<WireStatus>,
    /// What is in the journal, by source.
    pub sources: Vec<SourceTotal>,
    /// Events in the journal.
    pub events: u64,
    /// Notices, by robot and state.
    pub outbox: Vec<OutboxTotal>,
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

/// Why the daemon cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nothing listens.
    #[error("expected a running posbridge at {}, found: {source}", path.display())]
    NotRunning {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It does not answer in time.
    #[error("expected an answer within {} s, found none", PEER_LIMIT.as_secs())]
    Silent,
    /// The connection broke.
    #[error("expected an answer, found: {0}")]
    Io(#[from] io::Error),
    /// It is of another version.
    #[error("expected a status, found something else: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Answers peers for ever.
pub async fn serve(listener: UnixListener, dir: RuntimeDir, journal: PathBuf, health: Arc<Health>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: others may close some.
            tokio::time::sleep(PEER_LIMIT).await;
            continue;
        };
        let (dir, journal, health) = (dir.clone(), journal.clone(), Arc::clone(&health));
        tokio::spawn(async move {
            let answered =
                tokio::time::timeout(PEER_LIMIT, answer(stream, &dir, &journal, &health));
            if let Ok(Err(error)) = answered.await {
                tracing::debug!("a control peer went away: {error}");
            }
        });
    }
}

/// Binds the control socket, replacing one that a dead process left behind.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    UnixListener::bind(path)
}

async fn answer(
    stream: UnixStream,
    dir: &RuntimeDir,
    journal: &Path,
    health: &Health,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut verb = String::new();
    (&mut stream).take(MAX_VERB_BYTES).read_line(&mut verb).await?;
    let line = match verb.trim() {
        "status" => serde_json::to_string(&status(dir, journal, health).await)?,
        other => {
            let found: String = other.chars().filter(char::is_ascii_graphic).collect();
            serde_json::json!({ "error": format!("expected status, found {found:?}") }).to_string()
        }
    };
    stream.write_all(line.as_bytes()).await?;
    stream.write_all(b"\n").await
}

async fn status(dir: &RuntimeDir, journal: &Path, health: &Health) -> Status {
    let state = health.state();
    let mut status = offline(dir, journal).await;
    status.ready = state.attached && state.caught_up;
    status.pid = Some(std::process::id());
    status.trouble = state.trouble.or(status.trouble);
    status
}

/// What can be said without the brain: the wire process and the journal speak for themselves.
pub async fn offline(dir: &RuntimeDir, journal: &Path) -> Status {
    let wire = wire::status(dir).await.ok();
    let path = journal.to_owned();
    let read = tokio::task::spawn_blocking(move || totals(&path)).await;
    let (mut sources, events, outbox, trouble) = match read {
        Ok(Ok((sources, events, outbox))) => (sources, events, outbox, None),
        Ok(Err(error)) => (Vec::new(), 0, Vec::new(), Some(error.to_string())),
        Err(error) => (Vec::new(), 0, Vec::new(), Some(error.to_string())),
    };
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
    Status { ready: false, pid: None, runtime_directory, trouble, wire, sources, events, outbox }
}

type Totals = (Vec<SourceTotal>, u64, Vec<OutboxTotal>);

fn totals(journal: &Path) -> Result<Totals, crate::journal::JournalError> {
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

/// Asks the daemon of this runtime directory how it is.
pub async fn ask_status(dir: &RuntimeDir) -> Result<Status, ControlError> {
    let path = dir.control_socket();
    let stream = UnixStream::connect(&path)
        .await
        .map_err(|source| ControlError::NotRunning { path, source })?;
    let exchange = async {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"status\n").await?;
        let mut line = String::new();
        stream.take(MAX_ANSWER_BYTES).read_line(&mut line).await?;
        Ok::<_, ControlError>(serde_json::from_str(&line)?)
    };
    tokio::time::timeout(PEER_LIMIT, exchange).await.map_err(|_| ControlError::Silent)?
}
