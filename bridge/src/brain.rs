//! The brain: link, ingest, delivery, control, web and the Stream, each kept up by itself, stopped in
//! order. `SIGHUP` reads the configuration again.
//!
//! It owns no port. When it dies the wire process goes on, and the ring keeps what is heard until
//! the next brain reads it.

use std::convert::Infallible;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::UnixListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::Config;
use crate::control::Desk;
use crate::deliver::{News, Revival};
use crate::health::Health;
use crate::ingest::{Ingest, IngestError, Signal};
use crate::journal::{Journal, JournalError, Understand};
use crate::link::{Finder, Wire};
use crate::live::Live;
use crate::matters::Matters;
use crate::notify::Notifier;
use crate::runtime_dir::RuntimeDir;
use crate::shop::Clerk;
use crate::supervise::{Failing, Policy, keep};
use crate::watch::watch;
use crate::{admin, app, control, deliver, inbound, link, priority, rounds, web};

/// Signals that may wait for ingest. Wakes beyond that are dropped: ingest looks anyway.
const MAX_SIGNALS: usize = 64;
/// How long a stop may take. A request under way has 15 s; a service manager waits 90.
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// Pause before a signal that must arrive is offered again.
const OFFER_PAUSE: Duration = Duration::from_millis(50);

/// Why the brain cannot run.
#[derive(Debug, thiserror::Error)]
pub enum BrainError {
    /// The journal is gone. Its writer cannot be started again while the process holds the lock.
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
    /// A stage does not stay up.
    #[error(transparent)]
    Failing(#[from] Failing),
    /// A stage's keeper is gone, which no fault of the stage can do.
    #[error("expected every stage to be kept until the stop, found one let go")]
    Ended,
}

type Kept = JoinHandle<Result<(), Failing>>;

/// What every stage is given.
#[derive(Clone)]
struct Stages {
    live: Live,
    revival: Revival,
    journal: Journal,
    dir: RuntimeDir,
    clock: Clock,
    wire: Wire,
    health: Arc<Health>,
    told: Arc<News>,
    stopped: watch::Receiver<bool>,
    signals: SyncSender<Signal>,
}

/// Runs until `shutdown` is done. Must be called within a multi-threaded runtime.
pub async fn run(
    config: Config,
    journal: Journal,
    dir: RuntimeDir,
    clock: Clock,
    wire: Wire,
    shutdown: impl Future<Output = ()>,
) -> Result<(), BrainError> {
    let health = Arc::new(Health::default());
    let told_of_journal = Arc::clone(&health);
    journal.on_trouble(move |trouble| told_of_journal.journal(trouble));
    let clerk: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::new(config.clone())));
    if journal.renew_books(Arc::clone(&clerk)).await? {
        tracing::info!("the shop's books were made anew from the journalled events");
    }
    journal.look_after(config.journal.keep(), clock, Some(clerk))?;
    let (stop, stopped) = watch::channel(false);
    let (signals, waiting) = mpsc::sync_channel(MAX_SIGNALS);
    let stages = Stages {
        live: Live::new(config),
        revival: Revival::new(),
        journal,
        dir,
        clock,
        wire,
        health,
        told: Arc::default(),
        stopped,
        signals,
    };
    let path = stages.dir.control_socket();
    let listener = control::bind(&path).map_err(|source| BrainError::Control { path, source })?;
    let mut control = stages.control(listener);
    let mut web = stages.web();
    let mut ingest = stages.ingest(waiting);
    let mut link = stages.link();
    let mut delivery = stages.delivery();
    let mut admin = stages.admin();
    let mut rounds = stages.rounds();
    let mut stream = stages.stream();
    let mut hooks = stages.hooks();
    let notifier = Notifier::from_env();
    let watched = watch(Arc::clone(&stages.health), stages.journal.clone(), clock, &notifier);

    let failed = |kept: Result<Result<(), Failing>, _>| match kept {
        Ok(Err(failing)) => Err(failing.into()),
        _ => Err(BrainError::Ended),
    };
    let outcome = tokio::select! {
        () = shutdown => Ok(()),
        gone = watched => Err(gone.into()),
        never = heed_hangups(stages.live.clone()) => match never {},
        kept = &mut ingest => failed(kept),
        kept = &mut delivery => failed(kept),
        kept = &mut link => failed(kept),
        kept = &mut control => failed(kept),
        kept = &mut web => failed(kept),
        kept = &mut admin => failed(kept),
        kept = &mut rounds => failed(kept),
        kept = &mut stream => failed(kept),
        kept = &mut hooks => failed(kept),
    };
    notifier.stopping();
    tracing::info!(
        pid_in = %stages.dir.wire_lock().display(),
        "stopping; the wire process goes on, so that printing does"
    );
    // The stages hold receivers of their own; one that has ended needs no telling.
    let _ended_already = stop.send(true);
    let ordered = async {
        ended(link).await;
        offer(&stages.signals, Signal::Stop).await;
        tokio::join!(ended(ingest), ended(delivery), ended(control), ended(web));
        tokio::join!(ended(admin), ended(rounds), ended(stream), ended(hooks));
    };
    if tokio::time::timeout(STOP_LIMIT, ordered).await.is_err() {
        tracing::warn!(
            "did not stop within {} s; what is missing is taken up at the next start",
            STOP_LIMIT.as_secs()
        );
    }
    outcome
}

/// `SIGHUP` reads the configuration again.
async fn heed_hangups(live: Live) -> Infallible {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangups = match signal(SignalKind::hangup()) {
        Ok(hangups) => hangups,
        Err(error) => {
            tracing::warn!("SIGHUP cannot be heard, only `robot set` changes anything: {error}");
            return std::future::pending().await;
        }
    };
    loop {
        if hangups.recv().await.is_none() {
            return std::future::pending().await;
        }
        let live = live.clone();
        // What came of it is in the log.
        let _told = tokio::task::spawn_blocking(move || live.reload()).await;
    }
}

/// Waits for a stage, unless it was the one whose end was noticed.
async fn ended(kept: Kept) {
    if !kept.is_finished() {
        let _cancelled = kept.await;
    }
}

impl Stages {
    fn keep<F, Work, E>(&self, stage: &'static str, start: F) -> Kept
    where
        F: FnMut() -> Work + Send + 'static,
        Work: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        let (health, stopped) = (Arc::clone(&self.health), self.stopped.clone());
        tokio::spawn(keep(stage, Policy::default(), health, stopped, start))
    }

    fn desk(&self) -> Desk {
        let (dir, journal) = (self.dir.clone(), self.journal.clone());
        let (health, told) = (Arc::clone(&self.health), Arc::clone(&self.told));
        let (live, revival) = (self.live.clone(), self.revival.clone());
        Desk { dir, journal, health, live, revival, told, clock: self.clock }
    }

    fn control(&self, listener: UnixListener) -> Kept {
        let (stages, path) = (self.clone(), self.dir.control_socket());
        let mut first = Some(listener);
        self.keep("control", move || {
            let (desk, mut stopped) = (stages.desk(), stages.stopped.clone());
            let bound = first.take().map_or_else(|| control::bind(&path), Ok);
            async move {
                tokio::select! {
                    failed = control::serve(bound?, desk) => failed,
                    _ = stopped.wait_for(|stop| *stop) => Ok(()),
                }
            }
        })
    }

    fn web(&self) -> Kept {
        let stages = self.clone();
        self.keep("web", move || web::run(stages.desk(), stages.stopped.clone()))
    }

    fn hooks(&self) -> Kept {
        let stages = self.clone();
        self.keep("hooks", move || {
            let Stages { live, journal, clock, told, health, stopped, .. } = stages.clone();
            inbound::run(inbound::Reception::new(journal, live, clock, told, health), stopped)
        })
    }

    fn link(&self) -> Kept {
        let stages = self.clone();
        self.keep("link", move || {
            let own = stages.clone();
            async move {
                let Stages { live, dir, clock, wire, health, signals, stopped, .. } = own;
                let config = live.config();
                let finder =
                    Finder { config: &config.file, dir: &dir, clock, wire, health: &health };
                link::run(finder, signals, stopped).await;
                Ok::<(), Infallible>(())
            }
        })
    }

    fn admin(&self) -> Kept {
        let stages = self.clone();
        self.keep("admin", move || {
            let Stages { live, journal, clock, health, told, mut stopped, .. } = stages.clone();
            async move {
                tokio::select! {
                    failed = admin::run(journal, live, clock, told, health) => failed,
                    _ = stopped.wait_for(|stop| *stop) => Ok(()),
                }
            }
        })
    }

    fn rounds(&self) -> Kept {
        let stages = self.clone();
        self.keep("rounds", move || {
            let Stages { live, journal, clock, told, mut stopped, .. } = stages.clone();
            async move {
                tokio::select! {
                    failed = rounds::run(journal, live, clock, told) => failed,
                    _ = stopped.wait_for(|stop| *stop) => Ok(()),
                }
            }
        })
    }

    /// Where no application is configured there is nothing to do until one is.
    fn stream(&self) -> Kept {
        let stages = self.clone();
        self.keep("stream", move || {
            let Stages { live, journal, clock, health, told, stopped, .. } = stages.clone();
            let open_desk: app::OpenDesk = Matters::open;
            async move {
                app::run(app::Stages { journal, live, clock, told, health, stopped, open_desk })
                    .await;
                Ok::<(), Infallible>(())
            }
        })
    }

    fn delivery(&self) -> Kept {
        let stages = self.clone();
        self.keep("delivery", move || {
            let Stages { live, revival, journal, clock, health, told, stopped, .. } =
                stages.clone();
            let settings = live.subscribe();
            async move {
                deliver::run(journal, settings, &revival, clock, told, stopped, &health).await
            }
        })
    }

    /// Ingest blocks, so it has a thread. The receiving end of its signals outlives it.
    fn ingest(&self, waiting: Receiver<Signal>) -> Kept {
        let (stages, waiting) = (self.clone(), Arc::new(Mutex::new(waiting)));
        let mut again = false;
        self.keep("ingest", move || {
            let (stages, waiting) = (stages.clone(), Arc::clone(&waiting));
            let again = std::mem::replace(&mut again, true);
            async move { stages.run_ingest(waiting, again).await }
        })
    }

    async fn run_ingest(
        self,
        waiting: Arc<Mutex<Receiver<Signal>>>,
        again: bool,
    ) -> Result<(), IngestError> {
        let Self { live, journal, clock, health, told, .. } = self;
        let ingest = Ingest::new(journal, live.subscribe(), clock, Arc::clone(&health), told);
        let (ended, end) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("ingest".to_owned())
            .spawn(move || {
                priority::give_way();
                // One that panicked left signals, and nothing half done with them.
                let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                // Nobody listens any more once the stop limit has passed.
                let _late = ended.send(ingest.run(&waiting));
            })
            .map_err(IngestError::Thread)?;
        // The link says where the ring is when it attaches; a new ingest missed that.
        if again && health.state().attached {
            offer(&self.signals, Signal::Attached(self.dir.ring())).await;
        }
        end.await.unwrap_or_else(|_| panic!("the ingest thread panicked"))
    }
}

/// Waits for room for a signal that must arrive.
async fn offer(signals: &SyncSender<Signal>, mut signal: Signal) {
    while let Err(TrySendError::Full(back)) = signals.try_send(signal) {
        signal = back;
        tokio::time::sleep(OFFER_PAUSE).await;
    }
}
