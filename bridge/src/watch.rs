//! Looks after the whole brain: tells the service manager and the log how it is, and gives the
//! sign of life only while every loop turns.
//!
//! It ends when the journal's writer is gone, which nothing but a new process mends. It starts
//! and restarts nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{self, Clock};
use crate::health::{Health, State, Turning};
use crate::journal::{Journal, JournalError};
use crate::notify::Notifier;

/// Time between two looks where no service manager asks for a quicker pace.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A watchdog is answered this many times within its period.
const LOOKS_PER_PERIOD: u32 = 4;
/// Where nobody watches, a loop that stands still this long is told in the log all the same.
const STALL_LIMIT: Duration = Duration::from_mins(1);
/// A start that still makes progress asks for this much more time.
const MORE_TIME: Duration = Duration::from_secs(30);

/// Watches until the journal is gone.
pub async fn watch(
    health: Arc<Health>,
    journal: Journal,
    clock: Clock,
    notifier: &Notifier,
) -> JournalError {
    let limit = notifier.watchdog().unwrap_or(STALL_LIMIT);
    let pace = (limit / LOOKS_PER_PERIOD).min(LOOK_EVERY);
    let mut said = Said::default();
    let mut looks = tokio::time::interval(pace);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = looks.tick() => {
                match answers(&journal, pace).await {
                    Some(Err(gone @ JournalError::Closed)) => return gone,
                    // An error is an answer: the thread lives, and says what is wrong by itself.
                    Some(_) => health.turned(Turning::Journal),
                    None => tracing::warn!("the journal has not answered for {pace:?}"),
                }
                look_at_clock(&health, clock);
                if let Some(which) = health.stalled(limit) {
                    tracing::error!(stalled = which.as_str(), "a loop stands still; no sign of life is given");
                } else {
                    notifier.alive();
                    if !said.ready {
                        notifier.starting(MORE_TIME);
                    }
                }
            }
            () = health.changed() => {}
        }
        said.tell(&health.state(), notifier);
    }
}

/// Whether the writer answers in time; nothing where it does not.
async fn answers(journal: &Journal, limit: Duration) -> Option<Result<(), JournalError>> {
    tokio::time::timeout(limit, journal.answers()).await.ok()
}

fn look_at_clock(health: &Health, clock: Clock) {
    match clock::implausible(clock.wall_ms(), None) {
        Some(why) => health.trouble_in("clock", why),
        None => health.well("clock"),
    }
}

/// What was said last, so that nothing is said twice.
#[derive(Debug, Default)]
struct Said {
    ready: bool,
    line: String,
}

impl Said {
    fn tell(&mut self, state: &State, notifier: &Notifier) {
        if state.is_ready() && !self.ready {
            self.ready = true;
            notifier.ready();
        }
        let line = state.summary();
        if line == self.line {
            return;
        }
        notifier.status(&line);
        // Catching up comes and goes with every receipt: that is no news.
        let quiet = self.ready && state.attached && state.troubles.is_empty();
        if !quiet || self.line.contains("trouble") {
            tracing::info!("{line}");
        }
        self.line = line;
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::watch;
    use crate::clock::Clock;
    use crate::health::{Health, Turning};
    use crate::journal::Journal;
    use crate::notify::Notifier;

    /// The service manager's patience in these tests.
    const PERIOD: Duration = Duration::from_millis(400);
    /// Longest wait for a message that must come.
    const DEADLINE: Duration = Duration::from_secs(20);

    fn next(socket: &UnixDatagram, limit: Duration) -> Option<String> {
        let mut buffer = [0; 1024];
        socket.set_read_timeout(Some(limit)).expect("a socket");
        let count = socket.recv(&mut buffer).ok()?;
        Some(String::from_utf8_lossy(&buffer[..count]).into_owned())
    }

    fn heard(socket: &UnixDatagram, wanted: &str) {
        while next(socket, DEADLINE).expect(wanted) != wanted {}
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_sign_of_life_is_given_while_every_loop_turns_and_not_by_a_timer() {
        let temp = tempfile::tempdir().expect("a directory");
        let (path, socket) = (temp.path().join("j.db"), temp.path().join("notify"));
        let manager = UnixDatagram::bind(&socket).expect("binds");
        let notifier = Notifier::of(|name| match name {
            "NOTIFY_SOCKET" => Some(socket.clone().into()),
            "WATCHDOG_USEC" => Some(PERIOD.as_micros().to_string().into()),
            _ => None,
        });
        let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
        let journal = opened.expect("no panic").expect("opens");
        let (health, turns) = (Arc::new(Health::default()), Arc::new(AtomicBool::new(true)));
        let (own, ingest) = (Arc::clone(&health), Arc::clone(&turns));
        let loops = tokio::spawn(async move {
            loop {
                own.turned(Turning::Delivery);
                if ingest.load(Ordering::SeqCst) {
                    own.turned(Turning::Ingest);
                }
                tokio::time::sleep(PERIOD / 20).await;
            }
        });
        let (own, held) = (Arc::clone(&health), journal.clone());
        let watched = tokio::spawn(async move { watch(own, held, Clock::real(), &notifier).await });
        let manager = tokio::task::spawn_blocking(move || {
            for _ in 0..3 {
                heard(&manager, "WATCHDOG=1");
            }
            manager
        });
        let manager = manager.await.expect("signs of life");
        health.attached(true);
        health.caught_up();
        let manager = tokio::task::spawn_blocking(move || {
            heard(&manager, "READY=1");
            heard(&manager, "STATUS=ready");
            manager
        });
        let manager = manager.await.expect("ready");
        turns.store(false, Ordering::SeqCst);
        // Everything but ingest goes on; within a few periods there is silence.
        let silent = tokio::task::spawn_blocking(move || {
            (0..50).any(|_| next(&manager, PERIOD * 2).is_none())
        });
        assert!(silent.await.expect("no panic"), "a loop stood still and nobody was told");
        watched.abort();
        loops.abort();
        tokio::task::spawn_blocking(move || drop(journal)).await.expect("closes");
    }
}
