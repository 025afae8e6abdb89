//! The clerk's rounds: about once a minute it is looked whether the time alone brings something to
//! tell (a summary, a reminder, a report that is missing), and that goes into the outbox. Where no
//! application is set up, what somebody should have decided is told every few seconds. A changed
//! configuration is a round at once: it may end practice, which is told too.
//!
//! It decides nothing: `shop` does, from the rows, and what was told once is not told again. Nothing
//! is looked for while the machine's clock cannot be right.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::alarm::Alarm;
use crate::clock::Clock;
use crate::config::{Config, Mode};
use crate::deliver::News;
use crate::journal::{Journal, JournalError, NewAlarm};
use crate::live::Live;
use crate::matters::unasked;
use crate::shop::Clerk;

/// Time between two rounds: what is due at a time of day may be a minute late.
const ROUND_EVERY: Duration = Duration::from_mins(1);
/// Time between two looks for what nobody can be asked about: a refund should not wait for its round.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Shortest real time between two of either, however fast virtual time runs.
const REAL_PAUSE: Duration = Duration::from_millis(100);

/// Makes rounds for ever, the first one at once.
pub(crate) async fn run(
    journal: Journal,
    live: Live,
    clock: Clock,
    told: Arc<News>,
) -> Result<(), JournalError> {
    let real = |span| clock.real_duration(span).max(REAL_PAUSE);
    let mut settings = live.subscribe();
    let mut next_round = Instant::now();
    loop {
        let mut found = nobody_to_ask(&journal, &live, clock).await?;
        if Instant::now() >= next_round {
            next_round = Instant::now() + real(ROUND_EVERY);
            found += practice(&journal, &live.config(), clock.wall_ms()).await?;
            found += round(&journal, &live, clock.wall_ms()).await?;
        }
        if found > 0 {
            tracing::info!(notices = found, "due by the time of day, or nobody to ask");
            told.changed();
        }
        let pause = tokio::time::sleep_until(next_round.min(Instant::now() + real(LOOK_EVERY)));
        tokio::select! {
            () = pause => {}
            // The sender is ours as well: it outlives the loop.
            _ = settings.changed() => next_round = Instant::now(),
        }
    }
}

/// Tells every group once when practice is over; how many that were.
async fn practice(journal: &Journal, config: &Config, now_ms: i64) -> Result<usize, JournalError> {
    let alarm = Alarm::WentLive { since_ms: now_ms };
    let body = serde_json::to_string(&alarm).expect("plain data always serialises");
    let heads = config.robots.iter().filter(|robot| robot.pool.is_none());
    let ended = heads.map(|robot| NewAlarm {
        robot: robot.name.clone(),
        key: alarm.key(),
        body: body.clone(),
        created_ms: now_ms,
    });
    match journal.practises(config.mode == Mode::Setup, ended.collect()).await {
        Err(JournalError::Closed) => Err(JournalError::Closed),
        Err(error) => {
            tracing::debug!("the mode is noted at the next round: {error}");
            Ok(0)
        }
        told => told,
    }
}

/// What nobody can be asked about, for want of an application; how many groups are to be told.
async fn nobody_to_ask(
    journal: &Journal,
    live: &Live,
    clock: Clock,
) -> Result<usize, JournalError> {
    match unasked(journal, &live.config(), clock.now()).await {
        Err(JournalError::Closed) => Err(JournalError::Closed),
        Err(error) => {
            tracing::debug!("matters stay open: {error}");
            Ok(0)
        }
        closed => closed,
    }
}

/// One round; how many notices it put into the outbox.
async fn round(journal: &Journal, live: &Live, now_ms: i64) -> Result<usize, JournalError> {
    let clerk = Clerk::new(live.config());
    let Some(now) = clerk.moment_of(now_ms) else { return Ok(0) };
    match journal.look_for(now_ms, move |rows| clerk.tick(now, rows)).await {
        // A full or failing disk is told by the journal itself, and the next round tries again.
        Err(JournalError::Closed) => Err(JournalError::Closed),
        Err(error) => {
            tracing::debug!("a round came to nothing: {error}");
            Ok(0)
        }
        found => found,
    }
}
