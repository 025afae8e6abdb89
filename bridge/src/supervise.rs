//! Keeps a stage running: started again after a panic or an error, later and later, and not more
//! often than a shop would want to hear of.
//!
//! A stage that fails for ever ends the process with an error, so that the service manager starts
//! all of it anew. What cannot be started again by itself (the journal's writer thread, which owns
//! the file) is not a stage: its end ends the process at once.

use std::collections::VecDeque;
use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::health::Health;

/// The span in which restarts are counted.
const WINDOW: Duration = Duration::from_hours(1);

/// How a stage is started again.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Wait before the first restart; each further one within an hour waits twice as long.
    pub first: Duration,
    /// Longest wait.
    pub longest: Duration,
    /// Most restarts within an hour. One more failure ends the process.
    pub most: usize,
}

impl Default for Policy {
    /// Five restarts take six seconds in all: what may pass by itself has passed by then.
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(10), most: 5 }
    }
}

/// A stage that does not stay up.
#[derive(Debug, thiserror::Error)]
#[error(
    "expected {stage} to stay up, found it failed after {restarts} restarts: {why}\n\
     hint: the log says why each time; the service manager starts the process again"
)]
pub struct Failing {
    stage: &'static str,
    restarts: usize,
    why: String,
}

/// Runs what `start` gives until `stop` turns true, as often as `policy` allows.
///
/// A stage runs as a task of its own. One that returns before the stop has failed, whatever it
/// returns; what it does at the stop is its own business, and is waited for.
pub async fn keep<F, Work, E>(
    stage: &'static str,
    policy: Policy,
    health: Arc<Health>,
    mut stop: watch::Receiver<bool>,
    mut start: F,
) -> Result<(), Failing>
where
    F: FnMut() -> Work,
    Work: Future<Output = Result<(), E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let mut restarts = Restarts::default();
    loop {
        let ended = tokio::spawn(start()).await;
        if *stop.borrow() {
            return Ok(());
        }
        let why = match ended {
            Ok(Ok(())) => "it ended by itself".to_owned(),
            Ok(Err(error)) => error.to_string(),
            // The panic's own words may quote a receipt; where it happened is in the log.
            Err(_) => "it panicked".to_owned(),
        };
        let Some(wait) = restarts.next(Instant::now(), policy) else {
            return Err(Failing { stage, restarts: policy.most, why });
        };
        tracing::error!(
            stage,
            wait_ms = wait.as_millis(),
            "a stage failed, starting it again: {why}"
        );
        health.restarted(stage);
        health.trouble_in(stage, format!("{stage} failed and is started again: {why}"));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
        health.well(stage);
    }
}

/// When a stage was started again lately.
#[derive(Debug, Default)]
struct Restarts {
    at: VecDeque<Instant>,
}

impl Restarts {
    /// How long to wait before the next restart; nothing where there have been enough.
    fn next(&mut self, now: Instant, policy: Policy) -> Option<Duration> {
        while self.at.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
            self.at.pop_front();
        }
        if self.at.len() >= policy.most {
            return None;
        }
        let doublings = u32::try_from(self.at.len()).unwrap_or(u32::MAX);
        self.at.push_back(now);
        let wait = policy.first.saturating_mul(2_u32.saturating_pow(doublings));
        Some(wait.min(policy.longest))
    }
}

/// From here on a panic is logged with its place and without its words: they may quote what was
/// printed (a string cut in the middle of a character quotes the string).
pub fn log_panics_without_their_words() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(thread, place, "a panic: this is a fault of posbridge, please report it");
    }));
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use tokio::sync::watch;

    use super::{Policy, Restarts, WINDOW, keep};
    use crate::health::Health;

    const QUICK: Policy =
        Policy { first: Duration::from_millis(1), longest: Duration::from_millis(4), most: 5 };

    #[tokio::test]
    async fn a_stage_that_panics_twice_is_back() {
        let (stop, stopped) = watch::channel(false);
        let (health, starts) = (Arc::new(Health::default()), Arc::new(AtomicUsize::new(0)));
        let (back, is_back) = tokio::sync::oneshot::channel();
        let mut back = Some(back);
        let waiting = stopped.clone();
        let kept = keep("delivery", QUICK, Arc::clone(&health), stopped, || {
            let nth = starts.fetch_add(1, Ordering::SeqCst);
            let (mut stop, back) = (waiting.clone(), if nth == 2 { back.take() } else { None });
            async move {
                assert!(nth >= 2, "the first two times");
                back.expect("the third start").send(()).expect("waited for");
                let _stopped = stop.wait_for(|stop| *stop).await;
                Ok::<(), Infallible>(())
            }
        });
        let (kept, ()) = tokio::join!(kept, async {
            is_back.await.expect("it is back");
            assert_eq!(health.state().restarts["delivery"], 2);
            assert_eq!(health.state().trouble(), None, "what is over is no trouble");
            stop.send(true).expect("still running");
        });
        kept.expect("an orderly stop");
    }

    #[tokio::test]
    async fn a_stage_that_fails_for_ever_is_given_up_and_says_why() {
        let (_stop, stopped) = watch::channel(false);
        let health = Arc::new(Health::default());
        let failing = keep("ingest", QUICK, Arc::clone(&health), stopped, || async {
            Err::<(), _>("the ring is gone")
        });
        let failing = failing.await.expect_err("for ever").to_string();
        assert_eq!(
            failing,
            "expected ingest to stay up, found it failed after 5 restarts: the ring is gone\n\
             hint: the log says why each time; the service manager starts the process again"
        );
        assert_eq!(health.state().restarts["ingest"], 5);
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_the_next_restart() {
        let slow = Policy { first: Duration::from_hours(1), ..QUICK };
        let (stop, stopped) = watch::channel(false);
        let health = Arc::new(Health::default());
        let kept = keep("web", slow, Arc::clone(&health), stopped, || async { Err::<(), _>("no") });
        let (kept, ()) = tokio::join!(kept, async {
            health.changed().await;
            stop.send(true).expect("still running");
        });
        kept.expect("an orderly stop");
    }

    #[test]
    fn waits_double_and_an_hour_later_all_is_forgotten() {
        let (mut restarts, now) = (Restarts::default(), Instant::now());
        let waits: Vec<_> = (0..6).map(|_| restarts.next(now, QUICK)).collect();
        let ms = |n| Some(Duration::from_millis(n));
        assert_eq!(waits, [ms(1), ms(2), ms(4), ms(4), ms(4), None]);
        assert_eq!(restarts.next(now + WINDOW, QUICK), ms(1));
    }
}
