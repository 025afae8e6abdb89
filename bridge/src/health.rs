//! What the brain knows of its own state, in one place: `status`, the log, `/healthz`, the metrics
//! and the service manager all say what stands here.
//!
//! Parts tell it what they see; it draws no conclusion that they could not. It holds no text of a
//! receipt and no secret.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::dingtalk::stream::Link;

/// A loop whose standstill the service manager must hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turning {
    /// The ingest thread looks at the ring.
    Ingest,
    /// Delivery looks at its queue.
    Delivery,
    /// The journal's writer answers.
    Journal,
}

impl Turning {
    const ALL: [Self; 3] = [Self::Ingest, Self::Delivery, Self::Journal];

    /// Its name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Delivery => "delivery",
            Self::Journal => "journal",
        }
    }
}

/// Shared by the brain's parts.
#[derive(Debug)]
pub struct Health {
    inner: Mutex<State>,
    born: Instant,
    /// When each loop last turned, in milliseconds since `born`.
    turned_ms: [AtomicU64; Turning::ALL.len()],
    changed: Notify,
}

/// A look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// A wire process is up and attached to.
    pub attached: bool,
    /// Everything in the ring was in the journal at the last look.
    pub caught_up: bool,
    /// What is wrong at present, by part, in words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub troubles: BTreeMap<String, String>,
    /// How often each stage had to be started again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub restarts: BTreeMap<String, u64>,
    /// Papers that the decoder failed on since the start.
    #[serde(default)]
    pub quarantined: u64,
    /// Seconds that this machine's clock is ahead of `DingTalk`'s, as last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_s: Option<i64>,
    /// The application's connection, where there is an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<Link>,
}

impl State {
    /// Attached, and nothing that was heard waits.
    pub fn is_ready(&self) -> bool {
        self.attached && self.caught_up
    }

    /// Everything that is wrong, in one line.
    pub fn trouble(&self) -> Option<String> {
        let all: Vec<&str> = self.troubles.values().map(String::as_str).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The whole state in one line, for the log and the service manager.
    pub fn summary(&self) -> String {
        let mut line = match (self.attached, self.caught_up) {
            (false, _) => "waiting for the wire process",
            (true, false) => "catching up",
            (true, true) => "ready",
        }
        .to_owned();
        let restarts: u64 = self.restarts.values().sum();
        if restarts > 0 {
            let _ = write!(line, ", {restarts} restarts of a stage");
        }
        if self.quarantined > 0 {
            let _ = write!(line, ", {} papers that the decoder failed on", self.quarantined);
        }
        if let Some(trouble) = self.trouble() {
            let _ = write!(line, "; trouble: {trouble}");
        }
        line
    }
}

impl Default for Health {
    fn default() -> Self {
        Self {
            inner: Mutex::default(),
            born: Instant::now(),
            turned_ms: Default::default(),
            changed: Notify::new(),
        }
    }
}

impl Health {
    /// A wire process was attached to, or is gone.
    pub fn attached(&self, attached: bool) {
        self.change(|state| {
            state.attached = attached;
            state.caught_up &= attached;
            if attached {
                state.troubles.remove("wire");
            }
        });
    }

    /// The ring has been read to its end; whatever was wrong with that is over.
    pub fn caught_up(&self) {
        self.change(|state| {
            state.caught_up = state.attached;
            state.troubles.remove("ingest");
        });
    }

    /// Something that was heard is not in the journal yet, and will not be at once.
    pub fn behind(&self) {
        self.change(|state| state.caught_up = false);
    }

    /// Something is wrong with taking in what was heard.
    pub fn trouble(&self, what: String) {
        self.trouble_in("ingest", what);
    }

    /// Something is wrong with `part`, until [`Health::well`] is said of it.
    pub fn trouble_in(&self, part: &str, what: String) {
        self.change(|state| {
            state.troubles.insert(part.to_owned(), what);
        });
    }

    /// Whatever was wrong with `part` is over.
    pub fn well(&self, part: &str) {
        self.change(|state| {
            state.troubles.remove(part);
        });
    }

    /// What is wrong with the journal; `None` when nothing is any more.
    pub fn journal(&self, trouble: Option<String>) {
        match trouble {
            Some(trouble) => self.trouble_in("journal", trouble),
            None => self.well("journal"),
        }
    }

    /// A stage is started again.
    pub fn restarted(&self, stage: &str) {
        self.change(|state| *state.restarts.entry(stage.to_owned()).or_default() += 1);
    }

    /// The decoder failed on so many papers.
    pub fn quarantined(&self, papers: usize) {
        if papers > 0 {
            self.change(|state| state.quarantined += papers as u64);
        }
    }

    /// `DingTalk` dated an answer: this machine is so many seconds ahead.
    pub fn ahead(&self, ahead_s: i64) {
        self.change(|state| state.ahead_s = Some(ahead_s));
    }

    /// How the application's connection is; `None` where there is no application.
    pub fn stream(&self, link: Option<Link>) {
        self.change(|state| state.stream = link);
    }

    /// A loop has turned.
    pub fn turned(&self, which: Turning) {
        let now = self.born.elapsed().as_millis() as u64;
        self.turned_ms[which as usize].store(now, Ordering::Relaxed);
    }

    /// A loop that has not turned for longer than `limit`.
    pub fn stalled(&self, limit: Duration) -> Option<Turning> {
        let now = self.born.elapsed().as_millis() as u64;
        Turning::ALL.into_iter().find(|which| {
            let turned = self.turned_ms[*which as usize].load(Ordering::Relaxed);
            u128::from(now.saturating_sub(turned)) > limit.as_millis()
        })
    }

    /// The state now.
    pub fn state(&self) -> State {
        self.lock().clone()
    }

    /// Done when the state has changed since the last call.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        let before = state.clone();
        change(&mut state);
        if *state != before {
            self.changed.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain data: a panic elsewhere leaves nothing half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Health, Turning};

    #[test]
    fn one_line_says_what_is_wrong_until_it_is_over() {
        let health = Health::default();
        assert_eq!(health.state().summary(), "waiting for the wire process");
        health.attached(true);
        health.trouble("the journal cannot be written".into());
        health.restarted("delivery");
        health.quarantined(2);
        assert_eq!(
            health.state().summary(),
            "catching up, 1 restarts of a stage, 2 papers that the decoder failed on; \
             trouble: the journal cannot be written"
        );
        health.caught_up();
        assert!(health.state().is_ready() && health.state().trouble().is_none());
        health.attached(false);
        assert!(!health.state().is_ready(), "a wire process that is gone may have heard more");
    }

    #[test]
    fn a_loop_that_stands_still_is_named() {
        let health = Health::default();
        let hour = Duration::from_hours(1);
        assert_eq!(health.stalled(hour), None);
        let moment = Duration::from_nanos(1);
        while health.stalled(moment).is_none() {
            std::hint::spin_loop();
        }
        health.turned(Turning::Ingest);
        health.turned(Turning::Delivery);
        assert!(health.stalled(moment).is_some(), "the journal has not answered");
    }

    #[tokio::test]
    async fn a_change_is_heard_of_and_a_repetition_is_not() {
        let health = Health::default();
        health.attached(true);
        health.changed().await;
        health.attached(true);
        let again = tokio::time::timeout(Duration::from_millis(20), health.changed()).await;
        assert!(again.is_err());
    }
}
