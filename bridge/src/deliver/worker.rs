//! One robot's loop: look, freeze, record the start, send, record the outcome.

use std::sync::Arc;
use std::time::Duration;

use pos_protocol::event::Event;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::budget::{Pace, pace};
use super::schedule;
use crate::clock::Clock;
use crate::config::{Mode, Robot, Shop};
use crate::dingtalk::RobotClient;
use crate::journal::{
    Ask, Attempt, Begin, Content, Finish, Frozen, Journal, JournalError, MAX_AHEAD_MS, Settle, Subject,
};
use crate::notice::render;

/// Longest nap: a wall clock that jumps, or a bell that was missed, costs no more than this.
const MAX_NAP: Duration = Duration::from_mins(1);

/// Wait before a journal that failed is asked again.
const JOURNAL_NAP: Duration = Duration::from_secs(5);

/// One robot and what it needs.
pub(super) struct Worker {
    pub(super) journal: Journal,
    pub(super) robot: Robot,
    pub(super) shop: Shop,
    pub(super) mode: Mode,
    pub(super) clock: Clock,
    /// Rung when notices were queued.
    pub(super) bell: Arc<Notify>,
    pub(super) shutdown: watch::Receiver<bool>,
    /// Randomness, for idempotency keys and jitter.
    pub(super) dice: fn() -> Uuid,
}

/// What one turn of the loop found.
enum Turn {
    /// Something was done; look again.
    Again,
    /// Nothing to do before this wall time.
    Until(Option<i64>),
    /// The robot's queue waits for a person.
    Parked(String),
}

impl Worker {
    /// Delivers until told to stop. A request under way is finished and recorded first.
    pub(super) async fn run(mut self) {
        let client = match RobotClient::new(&self.robot, self.clock) {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(robot = %self.robot.name, %error, "this robot cannot be used");
                return self.keep_parked(error.to_string()).await;
            }
        };
        while !self.is_stopping() {
            match self.turn(&client).await {
                Ok(Turn::Again) => {}
                Ok(Turn::Until(at_ms)) => self.nap(self.span_until(at_ms)).await,
                Ok(Turn::Parked(reason)) => return self.keep_parked(reason).await,
                Err(error) => {
                    tracing::error!(robot = %self.robot.name, %error, "the journal failed; will ask again");
                    self.nap(JOURNAL_NAP).await;
                }
            }
        }
    }

    async fn turn(&self, client: &RobotClient) -> Result<Turn, JournalError> {
        let now_ms = self.clock.wall_ms();
        let robot = self.robot.name.clone();
        let look = self.journal.look(Ask { robot: robot.clone(), now_ms, month_ms: 0 }).await?;
        let is_due = |at: i64| at <= now_ms || at > now_ms + MAX_AHEAD_MS;
        let Some(due) = look.queue.iter().find(|w| is_due(w.not_before_ms)) else {
            return Ok(Turn::Until(look.queue.iter().map(|w| w.not_before_ms).min()));
        };
        let traffic = look.traffic.get(&robot).cloned().unwrap_or_default();
        let pause = traffic.pause_until_ms.max(look.ban_until_ms);
        if let Pace::At(at_ms) = pace(now_ms, &traffic.recent_ms, pause) {
            return Ok(Turn::Until(Some(at_ms)));
        }
        let (outbox_id, attempts) = (due.id, due.attempts + 1);
        let Some(due) = self.journal.contents(vec![outbox_id]).await?.pop() else {
            return Ok(Turn::Again);
        };
        let frozen = match self.freeze(&due) {
            Ok(frozen) => frozen,
            Err(reason) => {
                tracing::error!(robot = %self.robot.name, notice = outbox_id, %reason, "dead letter");
                self.journal.bury(outbox_id, &reason).await?;
                return Ok(Turn::Again);
            }
        };
        let body = frozen.body.clone();
        let Some(attempt_id) = self.journal.begin(Begin { outbox_id, carrier: robot, frozen, now_ms }).await? else {
            return Ok(Turn::Again);
        };
        let answer = client.send(&body).await;
        let outcome = &answer.outcome;
        let finished_ms = self.clock.wall_ms();
        let dice = (self.dice)().as_u128() as u64;
        let next = schedule::next(finished_ms, attempts, outcome, dice, self.shop.language);
        let finish = Finish {
            outbox_id,
            attempt: Attempt {
                attempt_id,
                outcome: outcome.word(),
                detail: outcome.detail().to_owned(),
                http_status: answer.http_status,
                errcode: outcome.code(),
            },
            finished_ms,
            settle: next.settle,
            pause_until_ms: next.pause_until_ms,
        };
        self.log(&finish, attempts);
        let parked = match &finish.settle {
            Settle::Park { reason } => Some(reason.clone()),
            _ => None,
        };
        self.record(finish).await;
        if let Some(reason) = &parked {
            self.journal.park(&self.robot.name, None, reason).await?;
        }
        Ok(parked.map_or(Turn::Again, Turn::Parked))
    }

    /// The request as it was frozen, or a fresh one.
    fn freeze(&self, due: &Content) -> Result<Frozen, String> {
        if let Some(frozen) = &due.frozen {
            return Ok(frozen.clone());
        }
        let Subject::Event(event) = &due.subject else { return Err("unsaid".into()) };
        let event: Event = serde_json::from_str(event).map_err(|error| {
            format!("expected an event of schema 1 in the journal, found: {error}")
        })?;
        let message = render(&event, &self.shop, &self.robot, self.mode);
        let msg_uuid = (self.dice)().to_string();
        let body = message.with_keyword(&self.robot.keywords).body(&msg_uuid);
        body.map(|body| Frozen { msg_uuid, body }).map_err(|error| error.to_string())
    }

    /// Records an outcome, however long the journal takes: until then nothing else may be sent, or
    /// a delivered notice would go out again.
    async fn record(&self, finish: Finish) {
        while let Err(error) = self.journal.finish(finish.clone()).await {
            tracing::error!(robot = %self.robot.name, %error, "an outcome is not recorded yet");
            if self.is_stopping() {
                return;
            }
            self.clock.sleep(JOURNAL_NAP).await;
        }
    }

    /// Parks what is queued and what comes, until the process ends.
    async fn keep_parked(&mut self, reason: String) {
        while !self.is_stopping() {
            if let Err(error) = self.journal.park(&self.robot.name, None, &reason).await {
                tracing::error!(robot = %self.robot.name, %error, "the journal failed; will ask again");
            }
            self.nap(MAX_NAP).await;
        }
    }

    async fn nap(&mut self, span: Duration) {
        tokio::select! {
            () = self.clock.sleep(span) => {}
            () = self.bell.notified() => {}
            _ = self.shutdown.wait_for(|stop| *stop) => {}
        }
    }

    fn span_until(&self, at_ms: Option<i64>) -> Duration {
        let wait = at_ms.map(|at| at.saturating_sub(self.clock.wall_ms()).max(1) as u64);
        wait.map_or(MAX_NAP, |ms| Duration::from_millis(ms).min(MAX_NAP))
    }

    fn is_stopping(&self) -> bool {
        *self.shutdown.borrow() || self.shutdown.has_changed().is_err()
    }

    fn log(&self, finish: &Finish, attempts: u32) {
        let (robot, notice) = (&self.robot.name, finish.outbox_id);
        let Attempt { outcome, detail, .. } = &finish.attempt;
        if *outcome == "delivered" {
            tracing::debug!(%robot, notice, attempts, "delivered");
        } else {
            tracing::warn!(%robot, notice, attempts, outcome, %detail, "not delivered");
        }
    }
}
