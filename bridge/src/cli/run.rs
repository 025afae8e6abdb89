//! `posbridge run`: the daemon.

use clap::Args;

use super::{Configured, Exit, Failure, log_to_stderr};
use crate::brain::{self, BrainError};
use crate::journal::{Journal, JournalError};
use crate::link;
use crate::runtime_dir::RuntimeDir;
use crate::supervise;

/// Who runs the wire process.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Start no wire process: it is a service of its own
    #[arg(long)]
    attach: bool,
    /// What is to be broken, for tests: drop=N,double=N,alter=N
    #[cfg(feature = "sabotage")]
    #[arg(long, hide = true)]
    sabotage: Option<crate::ingest::Sabotage>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    log_to_stderr();
    supervise::log_panics_without_their_words();
    #[cfg(feature = "sabotage")]
    if let Some(sabotage) = arguments.sabotage {
        tracing::warn!(?sabotage, "this bridge is broken on purpose");
        crate::ingest::order(sabotage);
    }
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    let wire = if arguments.attach { link::Wire::Attach } else { link::Wire::Start };
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    // The journal blocks while it is opened, so that happens outside the runtime.
    let journal = Journal::open(&config.journal.path).map_err(|error| journal_failure(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let done = runtime.block_on(brain::run(config, journal, dir, clock, wire, stop_asked()));
    runtime.shutdown_background();
    done.map_err(|error| match &error {
        BrainError::Journal(journal) => journal_failure(journal),
        other => Failure::new(Exit::Failed, other),
    })
}

fn journal_failure(error: &JournalError) -> Failure {
    match error {
        JournalError::Locked { .. } => Failure::new(Exit::AlreadyRunning, error)
            .hint("one posbridge writes a journal; stop the other, or give this one a [journal] path of its own"),
        other => Failure::new(Exit::Failed, other),
    }
}

/// Done when the process is asked to stop.
pub(super) async fn stop_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the default action ends the process, which is safe at any moment.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
