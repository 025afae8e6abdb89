//! Notices that the wall clock was set, and has everything that waits wait as long as before.
//!
//! Minutes, pauses and back-offs are kept as wall times, so that they survive a reboot. Until then
//! the monotonic clock knows better how much time really passed, in this process and in the next one:
//! what the wall clock showed when it began is written down with them. It judges no clock right or
//! wrong; that is `admin`'s and `dingtalk`'s.

use std::sync::Arc;

use pos_protocol::time::Timestamp;
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::journal::{Journal, JournalError};

/// A difference that is no step: a clock that is steered, and rows that were written meanwhile.
const STEADY_MS: i64 = 1_000;

/// What the wall clock showed when the monotonic one began, by the last look. Shared by all queues:
/// the first that sees a step has it made good, and the others wait for that.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    clock: Clock,
    boot: Arc<str>,
    origin_ms: Arc<Mutex<i64>>,
}

impl Pace {
    /// Goes on where the last process of this boot left off, and makes good what the wall clock was
    /// set by meanwhile. `boot` names the boot.
    pub(super) async fn resume(
        journal: &Journal,
        clock: Clock,
        boot: &str,
    ) -> Result<Self, JournalError> {
        let kept_ms = journal.clock_origin(boot).await?;
        let origin_ms = kept_ms.unwrap_or_else(|| origin_ms(clock.now()));
        let pace = Self { clock, boot: boot.into(), origin_ms: Arc::new(Mutex::new(origin_ms)) };
        if kept_ms.is_none() {
            journal.clock_was_set(boot, origin_ms, clock.wall_ms(), 0).await?;
        }
        pace.wall_ms(journal).await?;
        Ok(pace)
    }

    /// Wall time in milliseconds, after what waits was moved along with it.
    pub(super) async fn wall_ms(&self, journal: &Journal) -> Result<i64, JournalError> {
        let mut origin = self.origin_ms.lock().await;
        let now = self.clock.now();
        let wall_ms = now.wall.as_millisecond();
        let by_ms = origin_ms(now).saturating_sub(*origin);
        if by_ms.abs() >= STEADY_MS {
            tracing::warn!(by_s = by_ms / 1_000, "the wall clock was set; what waits goes by it");
            let (new, was_ms) = (origin.saturating_add(by_ms), wall_ms.saturating_sub(by_ms));
            journal.clock_was_set(&self.boot, new, was_ms, by_ms).await?;
            *origin = new;
        }
        Ok(wall_ms)
    }
}

fn origin_ms(now: Timestamp) -> i64 {
    now.wall.as_millisecond().saturating_sub((now.mono / 1_000_000) as i64)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::Pace;
    use crate::clock::Clock;
    use crate::deliver::bench::{Bench, OK, server};
    use crate::journal::{
        Ask, Attempt, Begin, Finish, Frozen, Journal, JournalReader, OutboxState, Settle,
    };

    const PENALTY_MS: i64 = 600_000;

    /// One notice that was throttled a moment ago, and what is left of its penalty by `clock`.
    async fn throttled(journal: &Journal, clock: Clock) {
        let now_ms = clock.wall_ms();
        let frozen = Frozen { msg_uuid: "u".into(), body: "{}".into() };
        let begin = Begin { outbox_id: 1, carrier: "owner".into(), frozen, now_ms };
        let attempt_id = journal.begin(begin).await.expect("kept").expect("it was queued");
        let attempt = Attempt {
            attempt_id,
            outcome: "throttled",
            detail: String::new(),
            http_status: Some(200),
            errcode: Some(660_026),
        };
        let (not_before_ms, reason) = (now_ms + PENALTY_MS, "throttled".to_owned());
        let settle = Settle::Queue { not_before_ms, same: false, reason };
        let finish = Finish {
            attempt,
            outbox_id: 1,
            finished_ms: now_ms,
            pause_until_ms: Some(now_ms + PENALTY_MS),
            settle,
        };
        journal.finish(finish).await.expect("kept");
    }

    async fn left_ms(journal: &Journal, now_ms: i64) -> i64 {
        let (robot, carriers) = ("owner".to_owned(), vec!["owner".to_owned()]);
        let look = journal.look(Ask { robot, carriers, now_ms, month_ms: 0 }).await.expect("reads");
        let traffic = &look.traffic["owner"];
        assert_eq!(traffic.recent_ms.len(), 1, "the minute's attempt is still one of the minute");
        traffic.pause_until_ms.expect("it is in penalty") - now_ms
    }

    #[tokio::test]
    async fn a_clock_that_is_set_makes_no_wait_longer_or_shorter() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("steps");
        let path = file.to_str().expect("text");
        let clock = Clock::parse(&format!("origin=2026-11-21T04:00:00Z,rate=1,steps={path}"));
        let clock = clock.expect("a clock");
        let bench = Bench::new(&[("owner", &server(&[OK]).await)]);
        let journal = Journal::open(&bench.path()).expect("opens");
        bench.sell(&journal, "owner", &[1]).await;
        let mut pace = Pace::resume(&journal, clock, "a boot").await.expect("kept");
        throttled(&journal, clock).await;
        for (restarted, set_ms) in
            [(false, 6_000_000), (true, -5_400_000), (true, 0), (false, 7_000_000)]
        {
            let before = clock.wall_ms();
            fs::write(&file, set_ms.to_string()).expect("a file");
            while (clock.wall_ms() - before).abs() < 1_000_000 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            if restarted {
                pace = Pace::resume(&journal, clock, "a boot").await.expect("kept");
            }
            let now_ms = pace.wall_ms(&journal).await.expect("kept");
            let left = left_ms(&journal, now_ms).await;
            assert!((PENALTY_MS - 60_000..=PENALTY_MS).contains(&left), "{set_ms}: {left}");
            let reader = JournalReader::open(&bench.path()).expect("opens");
            let row = reader.outbox(OutboxState::Queued, 1).expect("reads").remove(0);
            let put_off = row.not_before_ms - now_ms;
            assert!((PENALTY_MS - 60_000..=PENALTY_MS).contains(&put_off), "{set_ms}: {put_off}");
        }
    }
}
