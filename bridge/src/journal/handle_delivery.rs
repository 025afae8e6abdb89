//! The half of the journal's handle that delivery and the outbox's verbs hold.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::counted::Counted;
use super::delivery::{Ask, Begin, Calls, Content, Finish, Look, Part, Recovered};
use super::error::JournalError;
use super::handle::Journal;
use super::record::NewAlarm;
use super::{clock, digest, outbox, verbs};

impl Journal {
    /// Puts right what the last run left open: see [`Recovered`].
    pub async fn recover(&self, now_ms: i64) -> Result<Recovered, JournalError> {
        self.ask(move |conn| outbox::recover(conn, now_ms)).await
    }

    /// The wall clock was set `by_ms` ahead (below zero: back) when it would have shown `was_ms`:
    /// the last day's attempts, pauses and back-offs move with it, so that what is left of each
    /// stays the same.
    ///
    /// `origin_ms` is what it would have shown when the clock of `boot` began, for the next process.
    pub async fn clock_was_set(
        &self,
        boot: &str,
        origin_ms: i64,
        was_ms: i64,
        by_ms: i64,
    ) -> Result<(), JournalError> {
        let boot = boot.to_owned();
        self.ask(move |conn| {
            clock::keep_origin(conn, &boot, origin_ms)?;
            clock::was_set(conn, was_ms, by_ms)
        })
        .await
    }

    /// What was written down for `boot`, where the journal was open in it before.
    pub async fn clock_origin(&self, boot: &str) -> Result<Option<i64>, JournalError> {
        let boot = boot.to_owned();
        self.ask(move |conn| clock::origin(conn, &boot)).await
    }

    /// A robot's queue and what it may be sent by.
    pub async fn look(&self, ask: Ask) -> Result<Look, JournalError> {
        let counted = self.counted();
        self.ask(move |conn| {
            let calls = lock(&counted).calls(conn, ask.now_ms, ask.month_ms)?;
            outbox::look(conn, &ask, calls)
        })
        .await
    }

    /// Calls of the month that began at `month_ms`, and of the last seven days.
    pub async fn calls(&self, now_ms: i64, month_ms: i64) -> Result<Calls, JournalError> {
        self.ask(move |conn| outbox::calls(conn, now_ms, month_ms)).await
    }

    /// What these notices say, in this order.
    pub async fn contents(&self, ids: Vec<i64>) -> Result<Vec<Content>, JournalError> {
        self.ask(move |conn| outbox::contents(conn, &ids)).await
    }

    /// Freezes the request, binds the notice to its carrier and records that an attempt starts,
    /// before anything is sent. `None` when the notice is no longer queued, or bound otherwise.
    pub async fn begin(&self, begin: Begin) -> Result<Option<i64>, JournalError> {
        let counted = self.counted();
        self.ask(move |conn| {
            let attempt = outbox::begin(conn, &begin)?;
            if attempt.is_some() {
                lock(&counted).began();
            }
            Ok(attempt)
        })
        .await
    }

    /// Records what became of an attempt and what follows from it.
    pub async fn finish(&self, finish: Finish) -> Result<(), JournalError> {
        self.ask(move |conn| outbox::finish(conn, &finish)).await
    }

    /// Merges fresh queued notices of `robot` into digests that `carrier` is to carry, one a part;
    /// whether it did. Nothing is done where a notice is no longer as it was.
    pub async fn merge(
        &self,
        robot: &str,
        carrier: &str,
        parts: Vec<Part>,
        now_ms: i64,
    ) -> Result<bool, JournalError> {
        let (robot, carrier) = (robot.to_owned(), carrier.to_owned());
        self.ask(move |conn| digest::merge(conn, &robot, &carrier, &parts, now_ms)).await
    }

    /// Parks what is queued for `robot`, or only what is bound to one `carrier` of it; returns how
    /// many that were.
    pub async fn park(
        &self,
        robot: &str,
        carrier: Option<&str>,
        reason: &str,
    ) -> Result<usize, JournalError> {
        let (robot, reason) = (robot.to_owned(), reason.to_owned());
        let carrier = carrier.map(str::to_owned);
        self.ask(move |conn| outbox::park(conn, &robot, carrier.as_deref(), &reason)).await
    }

    /// Frees what is bound to a robot that is none of `robot`'s `carriers` any more. What was sent
    /// may have arrived; it is told again rather than never.
    pub async fn release(&self, robot: &str, carriers: Vec<String>) -> Result<(), JournalError> {
        let robot = robot.to_owned();
        self.ask(move |conn| digest::release(conn, &robot, &carriers)).await
    }

    /// Keeps these notices out of digests from now on.
    pub async fn keep_apart(&self, ids: Vec<i64>) -> Result<(), JournalError> {
        self.ask(move |conn| digest::keep_apart(conn, &ids)).await
    }

    /// Makes what is parked for `robot` due again; returns how many that were.
    pub async fn unpark(&self, robot: &str, now_ms: i64) -> Result<usize, JournalError> {
        let robot = robot.to_owned();
        self.ask(move |conn| outbox::unpark(conn, &robot, now_ms)).await
    }

    /// Makes a dead letter of a notice that was never sent.
    pub async fn bury(&self, outbox_id: i64, reason: &str) -> Result<(), JournalError> {
        let reason = reason.to_owned();
        self.ask(move |conn| outbox::bury(conn, outbox_id, &reason)).await
    }

    /// Queues an alarm, once per key and robot; whether it was new.
    pub async fn raise(&self, alarm: NewAlarm) -> Result<bool, JournalError> {
        self.ask(move |conn| verbs::raise(conn, &alarm)).await
    }

    /// Makes these notices due at once; returns those for which it did. One that is delivered, being
    /// sent or told in a digest stays as it is.
    pub async fn retry(&self, ids: Vec<i64>, now_ms: i64) -> Result<Vec<i64>, JournalError> {
        self.ask(move |conn| verbs::retry(conn, &ids, now_ms)).await
    }

    /// Takes these notices out of the queue for good; returns those for which it did. One that is
    /// delivered, being sent or told in a digest stays as it is.
    pub async fn drop_notices(&self, ids: Vec<i64>, why: &str) -> Result<Vec<i64>, JournalError> {
        let why = why.to_owned();
        self.ask(move |conn| verbs::drop_out(conn, &ids, &why)).await
    }

    /// Counts a call that no attempt in the queue stands for against `carrier`'s minute and the
    /// month; `what` it was.
    pub async fn count_call(
        &self,
        carrier: &str,
        outcome: &'static str,
        what: &'static str,
        now_ms: i64,
    ) -> Result<(), JournalError> {
        let carrier = carrier.to_owned();
        self.ask(move |conn| verbs::count_call(conn, &carrier, outcome, what, now_ms)).await
    }
}

/// Plain numbers: a panic leaves nothing half done in them.
fn lock(counted: &Mutex<Counted>) -> MutexGuard<'_, Counted> {
    counted.lock().unwrap_or_else(PoisonError::into_inner)
}
