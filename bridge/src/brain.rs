//! The brain: link, ingest, delivery and control, started in this order and stopped in it.
//!
//! It owns no port. When it dies the wire process goes on, and the ring keeps what is heard until
//! the next brain reads it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::config::Config;
use crate::health::Health;
use crate::ingest::{Ingest, IngestError, Signal};
use crate::journal::{Journal, JournalError};
use crate::runtime_dir::RuntimeDir;
use crate::{control, deliver, link, priority};

/// Signals that may wait for ingest. Wakes beyond that are dropped: ingest looks anyway.
const MAX_SIGNALS: usize = 64;
/// How long a stop may take. A request under way has 15 s; a service manager waits 90.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// Why the brain cannot run.
#[derive(Debug, thiserror::Error)]
pub enum BrainError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The control socket cannot be bound.
    #[error("cannot listen on {}: {source}", path.display())]
    Control {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Ingest ended.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A part ended that should run for ever.
    #[error("expected {0} to run until the stop, found it ended")]
    Ended(&'static str),
    /// No thread could be started.
    #[error("cannot start the ingest thread: {0}")]
    Thread(#[source] io::Error),
}

/// Runs until `shutdown` is done. Must be called within a multi-threaded runtime.
pub async fn run(
    config: Config,
    journal: Journal,
    dir: RuntimeDir,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), BrainError> {
    let config = Arc::new(config);
    let health = Arc::new(Health::default());
    let told_of_journal = Arc::clone(&health);
    journal.on_trouble(move |trouble| told_of_journal.journal(trouble));
    journal.look_after(config.journal.keep(), clock)?;
    let (told, (stop, stopped)) = (Arc::new(Notify::new()), watch::channel(false));
    let (signals, waiting) = mpsc::sync_channel(MAX_SIGNALS);

    let path = dir.control_socket();
    let listener = control::bind(&path).map_err(|source| BrainError::Control { path, source })?;
    let journal_path = journal.path().to_owned();
    tokio::spawn(control::serve(listener, dir.clone(), journal_path, Arc::clone(&health)));

    let ingest = Ingest::new(
        journal.clone(),
        Arc::clone(&config),
        clock,
        Arc::clone(&health),
        Arc::clone(&told),
    );
    let (ended, mut ingest_ended) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("ingest".to_owned())
        .spawn(move || {
            priority::give_way();
            // Nobody listens any more once the stop limit has passed.
            let _late = ended.send(ingest.run(&waiting));
        })
        .map_err(BrainError::Thread)?;

    let (own, link_stop) = (signals.clone(), stopped.clone());
    let wire_lock = dir.wire_lock();
    let (link_config, link_dir, link_health) = (config.file.clone(), dir, Arc::clone(&health));
    let link = tokio::spawn(async move {
        link::run(&link_config, &link_dir, clock, link_health, own, link_stop).await;
    });
    let deliver_config = Arc::clone(&config);
    let mut delivery =
        tokio::spawn(
            async move { deliver::run(journal, &deliver_config, clock, told, stopped).await },
        );

    let outcome = tokio::select! {
        () = shutdown => Ok(()),
        done = &mut ingest_ended => match done {
            Ok(Err(error)) => Err(error.into()),
            _ => Err(BrainError::Ended("ingest")),
        },
        done = &mut delivery => match done {
            Ok(Err(error)) => Err(error.into()),
            _ => Err(BrainError::Ended("delivery")),
        },
    };
    tracing::info!(
        pid_in = %wire_lock.display(),
        "stopping; the wire process goes on, so that printing does"
    );
    // The parts hold receivers of their own; one that has ended needs no telling.
    let _ended_already = stop.send(true);
    let ordered = async {
        let _cancelled = link.await;
        let _full_or_gone = signals.try_send(Signal::Stop);
        drop(signals);
        if outcome.is_ok() {
            let _both = tokio::join!(ingest_ended, delivery);
        }
    };
    if tokio::time::timeout(STOP_LIMIT, ordered).await.is_err() {
        tracing::warn!(
            "did not stop within {} s; what is missing is taken up at the next start",
            STOP_LIMIT.as_secs()
        );
    }
    outcome
}
