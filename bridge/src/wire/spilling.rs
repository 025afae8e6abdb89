//! The spill thread: the only one of the wire process that touches a disk, and nobody waits for it.
//!
//! It sleeps until a filling ring calls it. How a step is made is the ring's business, see
//! [`spill`](crate::ring::spill).

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::lock::Lock;
use super::recorder::Hub;
use crate::ring::spill::{SpillError, SpillLimits, Spiller, Turn, spill_directory};
use crate::runtime_dir::RuntimeDir;

/// How often the brain's progress is looked at while something is on disk.
const COLLECT_EVERY: Duration = Duration::from_millis(250);
/// First wait after a failure.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Longest wait after a failure: a disk that somebody made room on is used again within it.
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// How long an orderly stop waits for a step under way. A thread on a hanging disk is left behind,
/// and keeps the lock until the process ends.
const STOP_LIMIT: Duration = Duration::from_secs(2);
/// How often an orderly stop looks whether the thread has ended.
const STOP_LOOK: Duration = Duration::from_millis(5);

/// What the spill thread says of itself.
#[derive(Debug, Default)]
pub(super) struct SpillState {
    on_disk: AtomicU64,
    trouble: Mutex<Option<String>>,
    stop: AtomicBool,
}

impl SpillState {
    /// Bytes on disk.
    pub(super) fn on_disk(&self) -> u64 {
        self.on_disk.load(Ordering::Relaxed)
    }

    /// Why nothing can be spilled at present.
    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes how a turn went, and logs it where that is news.
    fn note(&self, trouble: Option<String>) {
        let mut now = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == trouble {
            return;
        }
        if let Some(why) = &trouble {
            tracing::error!("the ring fills up and cannot be spilled to disk: {why}");
        } else {
            tracing::info!("the ring has room again");
        }
        *now = trouble;
    }
}

/// The running thread.
pub(super) struct Spilling {
    hub: Arc<Hub>,
    thread: Option<JoinHandle<()>>,
}

impl Spilling {
    /// Starts the thread. It holds `lock` for as long as it lives, so that no other wire process
    /// spills from the same ring.
    pub(super) fn start(hub: &Arc<Hub>, dir: &RuntimeDir, journal: &Path, lock: Arc<Lock>) -> Self {
        let (ring, target) = (dir.ring(), spill_directory(journal));
        let own = Arc::clone(hub);
        let started = Spiller::open(&ring, &target, SpillLimits::default())
            .map_err(|error| error.to_string())
            .and_then(|spiller| {
                let run = move || {
                    watch(&own, spiller);
                    drop(lock);
                };
                let builder = std::thread::Builder::new().name("spill".to_owned());
                builder.spawn(run).map_err(|error| error.to_string())
            });
        let thread = match started {
            Ok(thread) => Some(thread),
            Err(why) => {
                hub.spill.note(Some(format!("expected to start its thread, found: {why}")));
                None
            }
        };
        Self { hub: Arc::clone(hub), thread }
    }

    /// Ends the thread after the step under way.
    pub(super) async fn stop(mut self) {
        self.ask_to_stop();
        let Some(thread) = self.thread.take() else { return };
        let ended = async {
            while !thread.is_finished() {
                tokio::time::sleep(STOP_LOOK).await;
            }
        };
        if tokio::time::timeout(STOP_LIMIT, ended).await.is_err() {
            tracing::warn!("the spill thread did not stop in {} s", STOP_LIMIT.as_secs());
        }
    }

    fn ask_to_stop(&self) {
        self.hub.spill.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Spilling {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

fn watch(hub: &Hub, mut spiller: Spiller) {
    let (state, call) = (&hub.spill, hub.ring.spill_call());
    call.answer_here();
    let mut retry = FIRST_RETRY;
    while !state.stop.load(Ordering::SeqCst) {
        call.looking();
        let turned = spiller.turn();
        state.on_disk.store(spiller.used(), Ordering::Relaxed);
        match turned {
            Ok(turn) => {
                retry = FIRST_RETRY;
                state.note(None);
                match turn {
                    Turn::Moved => {}
                    Turn::Rested if spiller.used() > 0 => std::thread::park_timeout(COLLECT_EVERY),
                    Turn::Rested => std::thread::park(),
                }
            }
            Err(error) => {
                state.note(Some(words(&error)));
                rest(state, retry);
                retry = (retry * 2).min(LONGEST_RETRY);
            }
        }
    }
}

/// One line: counts that change with every try would make each of them news.
fn words(error: &SpillError) -> String {
    match error {
        SpillError::Reserve { path, reserve, .. } => {
            format!("less than {reserve} bytes are free beside {}", path.display())
        }
        SpillError::Full { path, cap, .. } => {
            format!("{} holds {cap} bytes, all it may; is posbridge run up?", path.display())
        }
        other => other.to_string(),
    }
}

/// Waits, calls notwithstanding, until a stop or the end of `pause`.
fn rest(state: &SpillState, pause: Duration) {
    let until = Instant::now() + pause;
    while !state.stop.load(Ordering::SeqCst) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::park_timeout(left);
    }
}
