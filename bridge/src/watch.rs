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
const STALL_LIMIT: Duration = Duration::from_secs(60);
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
        if quiet && self.line.contains("trouble") || !quiet {
            tracing::info!("{line}");
        }
        self.line = line;
    }
}
