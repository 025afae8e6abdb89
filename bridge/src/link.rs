//! The brain's side of the wake socket: finds the wire process, starts one when there is none, and
//! passes its wakes on to ingest.

use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::health::Health;
use crate::ingest::Signal;
use crate::runtime_dir::RuntimeDir;
use crate::wire::{self, AttachError, Attached};

/// Looks for a wire process this often while there is none.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// A wire process that was started has this long to listen before another is started.
const START_LIMIT: Duration = Duration::from_secs(5);
/// Longest wait for a wake; also how often a lost one is made up for.
const WAKE_LIMIT: Duration = Duration::from_millis(500);

/// What is done where no wire process is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// One is started.
    Start,
    /// One is waited for: it is a service of its own, with rights that this process has not.
    Attach,
}

/// Finds the wire process.
#[derive(Clone, Copy, Debug)]
pub struct Finder<'a> {
    /// The configuration that a wire process is started with.
    pub config: &'a Path,
    /// Where its socket is.
    pub dir: &'a RuntimeDir,
    /// The time it lives by.
    pub clock: Clock,
    /// Whether one is started.
    pub wire: Wire,
    /// Who is told of it.
    pub health: &'a Health,
}

/// Attaches to the wire process again and again until `shutdown` turns true.
pub async fn run(
    finder: Finder<'_>,
    ingest: SyncSender<Signal>,
    mut shutdown: watch::Receiver<bool>,
) {
    let mut child: Option<Child> = None;
    loop {
        let session = async {
            let attached = finder.find(&mut child).await;
            finder.health.attached(true);
            let hello = attached.hello();
            tracing::info!(pid = hello.pid, "attached to the wire process");
            let ring = hello.ring.clone().into();
            pass_on(attached, ring, &ingest).await
        };
        tokio::select! {
            biased;
            _ = shutdown.wait_for(|stop| *stop) => return,
            error = session => {
                finder.health.attached(false);
                tracing::warn!("the wire process is gone: {error}");
            }
        }
    }
}

impl Finder<'_> {
    /// A wire process, started if need be.
    async fn find(&self, child: &mut Option<Child>) -> Attached {
        let mut waited = START_LIMIT;
        loop {
            reap(child);
            match wire::attach(self.dir).await {
                Ok(attached) => return attached,
                Err(AttachError::NotRunning { .. }) if waited >= START_LIMIT => {
                    waited = Duration::ZERO;
                    match self.wire {
                        Wire::Start => *child = self.start(),
                        Wire::Attach => self.miss(),
                    }
                }
                Err(error) => tracing::debug!("looking for the wire process: {error}"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
            waited += LOOK_EVERY;
            // One that ended at once will not listen later.
            if child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None))) {
                waited += LOOK_EVERY;
            }
        }
    }

    fn start(&self) -> Option<Child> {
        let exe = std::env::current_exe();
        let started = exe.and_then(|exe| wire::spawn(&exe, self.config, self.dir, &self.clock));
        match started {
            Ok(child) => {
                tracing::info!(pid = child.id(), "started the wire process");
                Some(child)
            }
            Err(error) => {
                tracing::error!("cannot start the wire process: {error}");
                let trouble = format!("the wire process cannot be started: {error}");
                self.health.trouble_in("wire", trouble);
                None
            }
        }
    }

    fn miss(&self) {
        let socket = self.dir.wire_socket();
        let trouble = format!(
            "no wire process listens on {}, and none is started from here (--attach)",
            socket.display()
        );
        self.health.trouble_in("wire", trouble);
    }
}

/// A child that has ended must be waited for, or it stays a zombie.
fn reap(child: &mut Option<Child>) {
    if child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None))) {
        *child = None;
    }
}

/// Passes wakes on until the wire process is gone.
async fn pass_on(
    mut attached: Attached,
    ring: std::path::PathBuf,
    ingest: &SyncSender<Signal>,
) -> AttachError {
    let mut news = Signal::Attached(ring);
    // The one signal that must arrive waits for room; a wake may be dropped where others wait.
    while let Err(TrySendError::Full(back)) = ingest.try_send(news) {
        news = back;
        tokio::time::sleep(LOOK_EVERY).await;
    }
    loop {
        match attached.wait_wake(WAKE_LIMIT).await {
            Ok(_) => {
                let _woken_anyway = ingest.try_send(Signal::Wake);
            }
            Err(error) => return error,
        }
    }
}
