//! One queue's loop: look, decide, freeze, record the start, send, record the outcome.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use uuid::Uuid;

use super::news::Bell;
use super::pace::Pace;
use super::plan::{Step, View, Why, plan};
use super::pool::{Pool, Taken};
use super::quota::{self, Means};
use super::revival::Revived;
use super::say::{Unsaid, Voice};
use super::schedule::{self, Ended};
use super::stock_left;
use super::tell::Teller;
use crate::clock::Clock;
use crate::config::{Config, Sales};
use crate::dingtalk::Answer;
use crate::journal::{
    Ask, Attempt, Begin, Finish, Frozen, Journal, JournalError, Look, Settle, Waiting,
};

/// Longest nap: a wall clock that jumps, or a bell that was missed, costs no more than this.
const MAX_NAP: Duration = Duration::from_mins(1);

/// Wait before a journal that failed is asked again.
const JOURNAL_NAP: Duration = Duration::from_secs(5);

/// One queue and what it needs.
pub(super) struct Worker {
    pub(super) journal: Journal,
    /// The robot whose queue it is.
    pub(super) head: String,
    pub(super) settings: watch::Receiver<Arc<Config>>,
    pub(super) revived: watch::Receiver<Revived>,
    pub(super) teller: Teller,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    /// Rung when notices were queued.
    pub(super) bell: Bell,
    pub(super) shutdown: watch::Receiver<bool>,
    /// Held while a digest is made. All robots of a mall may speak again in the same second: their
    /// sales are taken into memory one queue after the other.
    pub(super) composing: Arc<Mutex<()>>,
    /// Randomness, for idempotency keys and jitter.
    pub(super) dice: fn() -> Uuid,
}

/// What one turn of the loop found.
enum Turn {
    /// Something was done; look again.
    Again,
    /// Nothing to do before this wall time or news; a further sale is none where sales hold.
    Until { at_ms: Option<i64>, sales_hold: bool },
}

/// A request whose attempt is on disk.
struct Started {
    attempt_id: i64,
    repeated: bool,
    frozen: Frozen,
}

impl Worker {
    /// Delivers until told to stop or until the robot is not configured any more. A request under
    /// way is finished and recorded first.
    pub(super) async fn run(mut self) {
        let mut pool = Pool::new(&self.head);
        let mut told_out = Vec::new();
        while !self.is_stopping() {
            let config = Arc::clone(&self.settings.borrow_and_update());
            let revived = self.revived.borrow_and_update().clone();
            let taken = pool.take(&config, &revived, self.clock);
            if taken == Taken::Gone {
                tracing::info!(robot = %self.head, "not configured any more; its queue waits");
                return self.teller.parked(&self.head, false);
            }
            let turned = async {
                if taken == Taken::Anew {
                    self.take_anew(&pool).await?;
                    // Whatever waited for a person was freed: what is still out parks its part again.
                    told_out.clear();
                }
                self.tell_out(&config, &pool, &mut told_out).await?;
                if pool.usable().is_empty() {
                    return Ok(Turn::Until { at_ms: None, sales_hold: false });
                }
                self.turn(&config, &mut pool).await
            };
            match turned.await {
                Ok(Turn::Again) => {}
                Ok(Turn::Until { at_ms, sales_hold }) => {
                    self.nap(self.span_until(at_ms), sales_hold).await;
                }
                Err(error) => {
                    let error: JournalError = error;
                    tracing::error!(robot = %self.head, %error, "the journal failed; will ask again");
                    // What was taken up has to be taken up again.
                    pool = Pool::new(&self.head);
                    self.nap(JOURNAL_NAP, false).await;
                }
            }
        }
    }

    /// A robot is another one: what waited for a person leaves, and what was bound to a robot that
    /// is gone is free.
    async fn take_anew(&self, pool: &Pool) -> Result<(), JournalError> {
        let now_ms = self.clock.wall_ms();
        self.journal.release(&self.head, pool.names().to_vec()).await?;
        let unparked = self.journal.unpark(&self.head, now_ms).await?;
        if unparked > 0 {
            tracing::info!(robot = %self.head, unparked, "parked notices are due again");
        }
        Ok(())
    }

    /// Parks what cannot be carried, and tells each robot that is out once.
    async fn tell_out(
        &self,
        config: &Config,
        pool: &Pool,
        told: &mut Vec<(String, String)>,
    ) -> Result<(), JournalError> {
        let (out, usable) = (pool.out(), pool.usable());
        self.teller.parked(&self.head, usable.is_empty());
        for (robot, reason) in &out {
            let is_new = !told.contains(&(robot.clone(), reason.clone()));
            if usable.is_empty() {
                // Newcomers too, as long as it lasts.
                self.journal.park(&self.head, None, reason).await?;
            } else if is_new {
                self.journal.park(&self.head, Some(robot), reason).await?;
            }
            if is_new {
                tracing::error!(%robot, %reason, "this robot needs a person");
                let now_ms = self.clock.wall_ms();
                self.teller.robot_out(config, robot, reason, now_ms).await?;
            }
        }
        *told = out;
        Ok(())
    }

    async fn turn(&self, config: &Config, pool: &mut Pool) -> Result<Turn, JournalError> {
        let now_ms = self.pace.wall_ms(&self.journal).await?;
        let month = quota::month(now_ms, &config.shop.timezone);
        let (robot, carriers) = (self.head.clone(), pool.names().to_vec());
        let ask = Ask { robot, carriers, now_ms, month_ms: month.start_ms };
        let look = self.journal.look(ask).await?;
        let means = Means {
            month,
            calls: look.calls,
            quota: config.dingtalk.monthly_quota,
            trading_ms: quota::trading_ms(config.shop.hours),
            shares: quota::shares(config),
            ordinary_ms: &look.ordinary_ms,
        };
        let sales = pool.head().map_or(Sales::Auto, |head| head.sales);
        let purse = quota::purse(now_ms, &means);
        let carriers = pool.usable();
        let step = plan(&View { now_ms, look: &look, carriers: &carriers, sales, purse });
        match step {
            Step::Wait { until_ms, sales_hold } => Ok(Turn::Until { at_ms: until_ms, sales_hold }),
            Step::Merge { members, carrier, why } => {
                self.merge(config, pool, members, &carrier, why).await?;
                Ok(Turn::Again)
            }
            Step::Send { id, carrier } => {
                self.send(config, pool, &look, id, &carrier).await?;
                Ok(Turn::Again)
            }
        }
    }

    /// Makes a digest. What stands in its way is taken out of it, so that the next look goes on.
    async fn merge(
        &self,
        config: &Config,
        pool: &Pool,
        members: Vec<i64>,
        carrier: &str,
        why: Why,
    ) -> Result<(), JournalError> {
        let _alone = self.composing.lock().await;
        let contents = self.journal.contents(members.clone()).await?;
        let Some(voice) = self.voice(config, pool, carrier) else { return Ok(()) };
        match voice.merge(&contents, why) {
            Ok(parts) => {
                let now_ms = self.clock.wall_ms();
                tracing::debug!(robot = %self.head, sales = members.len(), "told together");
                self.journal.merge(&self.head, carrier, parts, now_ms).await?;
            }
            Err(Unsaid::One { id, reason }) => self.bury(id, &reason).await?,
            Err(Unsaid::Together { reason }) => {
                tracing::error!(robot = %self.head, %reason, "no digest; told one by one");
                self.journal.keep_apart(members).await?;
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        config: &Config,
        pool: &mut Pool,
        look: &Look,
        id: i64,
        carrier: &str,
    ) -> Result<(), JournalError> {
        let Some(notice) = look.queue.iter().find(|notice| notice.id == id) else { return Ok(()) };
        let Some(started) = self.start(config, pool, id, carrier).await? else { return Ok(()) };
        let Some((_, client)) = pool.carrier(carrier) else { return Ok(()) };
        let answer = client.send(&started.frozen.body).await;
        self.teller.dated(answer.skew_s);
        let others = pool.usable().len() > 1;
        let out = self.end(config, notice, carrier, &started, &answer, others).await;
        if let Some(reason) = out {
            pool.put_out(carrier, &reason);
        }
        Ok(())
    }

    /// Freezes the request and records the start.
    async fn start(
        &self,
        config: &Config,
        pool: &Pool,
        id: i64,
        carrier: &str,
    ) -> Result<Option<Started>, JournalError> {
        let Some(content) = self.journal.contents(vec![id]).await?.pop() else { return Ok(None) };
        let Some(voice) = self.voice(config, pool, carrier) else { return Ok(None) };
        let repeated = content.frozen.is_some();
        let left = stock_left::left(&self.journal, &voice, &content).await?;
        let frozen = match content.frozen.clone().map_or_else(|| voice.say(&content, &left), Ok) {
            Ok(frozen) => frozen,
            Err(reason) => {
                self.bury(id, &reason).await?;
                return Ok(None);
            }
        };
        let now_ms = self.clock.wall_ms();
        let carrier = carrier.to_owned();
        let begin = Begin { outbox_id: id, carrier, frozen: frozen.clone(), now_ms };
        let attempt = self.journal.begin(begin).await?;
        Ok(attempt.map(|attempt_id| Started { attempt_id, repeated, frozen }))
    }

    /// Records the outcome; why the carrier is out, where it is.
    async fn end(
        &self,
        config: &Config,
        notice: &Waiting,
        carrier: &str,
        started: &Started,
        answer: &Answer,
        others: bool,
    ) -> Option<String> {
        let outcome = &answer.outcome;
        let why = answer.explain(config.shop.language);
        let finished_ms = self.clock.wall_ms();
        let ended = Ended {
            now_ms: finished_ms,
            attempts: notice.attempts + 1,
            urgent: notice.urgent,
            // A digest is frozen before it is sent for the first time.
            repeated: started.repeated && notice.attempts > 0,
            http_status: answer.http_status,
            others,
            outcome,
            why: &why,
        };
        let next = schedule::next(ended, (self.dice)().as_u128() as u64);
        let finish = Finish {
            outbox_id: notice.id,
            attempt: Attempt {
                attempt_id: started.attempt_id,
                outcome: outcome.word(),
                detail: outcome.detail().to_owned(),
                http_status: answer.http_status,
                errcode: outcome.code(),
            },
            finished_ms,
            settle: next.settle,
            pause_until_ms: next.pause_until_ms,
        };
        self.log(&finish, carrier, ended.attempts);
        self.record(finish).await;
        for _ in 1..answer.calls {
            let counted = self.journal.count_call(carrier, "config", "signed anew", finished_ms);
            if let Err(error) = counted.await {
                tracing::warn!(robot = %carrier, %error, "a call is not counted");
            }
        }
        next.out
    }

    fn voice<'a>(&self, config: &'a Config, pool: &'a Pool, carrier: &str) -> Option<Voice<'a>> {
        let (carrier, _) = pool.carrier(carrier)?;
        Some(Voice { config, head: pool.head()?, carrier, dice: self.dice })
    }

    async fn bury(&self, id: i64, reason: &str) -> Result<(), JournalError> {
        tracing::error!(robot = %self.head, notice = id, %reason, "dead letter");
        self.journal.bury(id, reason).await
    }

    /// Records an outcome, however long the journal takes: until then nothing else may be sent, or
    /// a delivered notice would go out again.
    async fn record(&self, finish: Finish) {
        while let Err(error) = self.journal.finish(finish.clone()).await {
            tracing::error!(robot = %self.head, %error, "an outcome is not recorded yet");
            if self.is_stopping() {
                return;
            }
            self.clock.sleep(JOURNAL_NAP).await;
        }
    }

    async fn nap(&mut self, span: Duration, sales_hold: bool) {
        tokio::select! {
            () = self.clock.sleep(span) => {}
            () = self.bell.rung(sales_hold) => {}
            () = changed(&mut self.settings) => {}
            () = changed(&mut self.revived) => {}
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

    fn log(&self, finish: &Finish, carrier: &str, attempts: u32) {
        let (robot, notice) = (&self.head, finish.outbox_id);
        let Attempt { outcome, detail, .. } = &finish.attempt;
        if finish.settle == Settle::Delivered {
            tracing::debug!(%robot, %carrier, notice, attempts, "delivered");
        } else {
            tracing::warn!(%robot, %carrier, notice, attempts, outcome, %detail, "not delivered");
        }
    }
}

/// Done when the value changes; never when nobody can change it any more.
async fn changed<T>(value: &mut watch::Receiver<T>) {
    if value.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
