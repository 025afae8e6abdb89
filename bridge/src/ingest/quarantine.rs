//! A session that outlives faults of the decoder: a panic costs one paper, never the ingest thread.
//!
//! Every call into the session is caught. After a panic the session is taken up again as it was
//! right before the byte that it failed on; the paper being printed is given up together with that
//! byte and becomes one `unread` event, and the next byte is read as if nothing had been. The bytes
//! themselves are in the journal like all others.
//!
//! What comes out follows from the chunks alone: the same chunks fed again after a crash fail at
//! the same byte and give the same event with the same id, so nothing about a fault has to be
//! written down beside the chunks. A decoder that has been mended reads the paper; `replay` shows it.
//!
//! Not here: faults that are no panics. A decoder that never returns is what the watchdog is for.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Kind};
use pos_protocol::profile::Profile;
use pos_protocol::session::{Boundary, EndReason, GapReason, Lane, Session};
use pos_protocol::time::Timestamp;

/// Bytes that are fed again after a fault, at most; then the session is copied anew.
const MAX_BYTES_SINCE: usize = 64 * 1024;
/// As [`MAX_BYTES_SINCE`], for calls that carry none.
const MAX_STEPS_SINCE: usize = 1_024;
/// Faults in one record after which its rest is left unread: each costs a search for its byte.
const MAX_FAULTS_PER_RECORD: usize = 4;

/// The decoder panicked; the session is as it was before the call.
#[derive(Debug)]
struct Fault;

/// One call into the session.
#[derive(Clone, Debug)]
enum Step<'a> {
    Receive(Lane, Timestamp, Cow<'a, [u8]>),
    Fire(Timestamp),
    Boundary(Lane, Timestamp, Boundary),
    Gap(Timestamp, GapReason),
    Finish(Timestamp, EndReason),
    Abandon(Lane, Timestamp, u64),
    AbandonWaiting,
    Seek(Lane, Timestamp, u64),
}

impl Step<'_> {
    fn apply(&self, session: &mut Session) {
        match self {
            Self::Receive(lane, now, bytes) => session.receive(*lane, *now, bytes),
            Self::Fire(now) => session.handle_timeout(*now),
            Self::Boundary(lane, now, why) => session.boundary(*lane, *now, *why),
            Self::Gap(now, why) => session.gap(*now, *why),
            Self::Finish(now, why) => session.finish(*now, *why),
            Self::Abandon(lane, now, count) => session.abandon(*lane, *now, *count),
            Self::AbandonWaiting => session.abandon_waiting(),
            Self::Seek(lane, now, offset) => session.seek(*lane, *now, *offset),
        }
    }

    #[cfg(test)]
    fn decodes(&self) -> bool {
        !matches!(self, Self::Abandon(..) | Self::AbandonWaiting | Self::Seek(..))
    }

    fn weight(&self) -> usize {
        if let Self::Receive(_, _, bytes) = self { bytes.len() } else { 0 }
    }

    fn owned(self) -> Step<'static> {
        match self {
            Self::Receive(lane, now, bytes) => {
                Step::Receive(lane, now, Cow::Owned(bytes.into_owned()))
            }
            Self::Fire(now) => Step::Fire(now),
            Self::Boundary(lane, now, why) => Step::Boundary(lane, now, why),
            Self::Gap(now, why) => Step::Gap(now, why),
            Self::Finish(now, why) => Step::Finish(now, why),
            Self::Abandon(lane, now, count) => Step::Abandon(lane, now, count),
            Self::AbandonWaiting => Step::AbandonWaiting,
            Self::Seek(lane, now, offset) => Step::Seek(lane, now, offset),
        }
    }
}

#[cfg(test)]
thread_local! {
    /// A decoder with a fault, for tests: looked at after every call that decodes. Sessions of
    /// this thread have it from then on, also those that are taken up from the journal.
    pub(super) static TRIPWIRE: std::cell::Cell<Option<fn(&Session)>> =
        const { std::cell::Cell::new(None) };
}

/// Whether an event tells of a paper that the decoder failed on.
pub(super) fn tells(event: &Event) -> bool {
    let found = event.evidence.as_ref().and_then(|evidence| evidence.diagnostics.first());
    event.kind == Kind::Unread && found.is_some_and(|found| found.code == Code::DecoderFault)
}

/// A [`Session`] with the same calls, none of which panics.
pub(super) struct Guarded {
    session: Session,
    /// As the session was before `since`; none where that is empty, and `session` is as good. Most
    /// of 2,000 tills print nothing at any moment, and are kept once.
    good: Option<Box<Session>>,
    since: Vec<Step<'static>>,
    bytes_since: usize,
    ready: VecDeque<Event>,
}

impl Guarded {
    pub(super) fn new(session: Session) -> Self {
        let (good, since, ready) = (None, Vec::new(), VecDeque::new());
        Self { session, good, since, bytes_since: 0, ready }
    }

    pub(super) fn receive(&mut self, lane: Lane, now: Timestamp, bytes: &[u8]) {
        self.fire_due(now);
        let mut rest = bytes;
        for _ in 0..MAX_FAULTS_PER_RECORD {
            if self.attempt(Step::Receive(lane, now, Cow::Borrowed(rest))).is_ok() {
                return;
            }
            // Any split of a record reads the same, so its bytes one by one lead to the one that
            // fails, and leave the session right before it.
            let bad = rest.iter().position(|byte| {
                self.attempt(Step::Receive(lane, now, Cow::Borrowed(std::slice::from_ref(byte))))
                    .is_err()
            });
            let Some(bad) = bad else { return };
            self.abandon(lane, now, 1);
            rest = &rest[bad + 1..];
        }
        if !rest.is_empty() {
            self.abandon(lane, now, rest.len() as u64);
        }
    }

    /// Fires every deadline up to `now`, each as of its own time, so that a replay of the chunks
    /// says the same. Whether there was one.
    pub(super) fn fire_due(&mut self, now: Timestamp) -> bool {
        let mut fired = false;
        while let Some(due) = self.session.poll_timeout().filter(|due| due.mono <= now.mono) {
            fired = true;
            if self.attempt(Step::Fire(due)).is_err() {
                match self.session.due_lane() {
                    Some(lane) => self.abandon(lane, due, 0),
                    None => self.abandon_waiting(),
                }
            }
        }
        fired
    }

    pub(super) fn handle_timeout(&mut self, now: Timestamp) {
        self.fire_due(now);
        // With every deadline fired this only notes the time.
        self.or_abandon_all(&Step::Fire(now), now);
    }

    pub(super) fn boundary(&mut self, lane: Lane, now: Timestamp, why: Boundary) {
        self.fire_due(now);
        if self.attempt(Step::Boundary(lane, now, why)).is_err() {
            self.abandon(lane, now, 0);
            self.or_abandon_all(&Step::Boundary(lane, now, why), now);
        }
    }

    pub(super) fn gap(&mut self, now: Timestamp, why: GapReason) {
        self.fire_due(now);
        self.or_abandon_all(&Step::Gap(now, why), now);
    }

    pub(super) fn finish(&mut self, now: Timestamp, why: EndReason) {
        self.or_abandon_all(&Step::Finish(now, why), now);
    }

    /// The lane begins at `offset`: what was before is not known any more.
    pub(super) fn seek(&mut self, lane: Lane, now: Timestamp, offset: u64) {
        self.fire_due(now);
        self.attempt(Step::Seek(lane, now, offset)).expect("nothing is decoded in this");
    }

    /// Reads by `profile` from here on.
    pub(super) fn go_by(&mut self, profile: Arc<Profile>) {
        // What is done again after a fault was done by the old one.
        self.settle();
        self.session.go_by(profile);
    }

    pub(super) fn profile(&self) -> &Profile {
        self.session.profile()
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        self.session.poll_timeout()
    }

    pub(super) fn offset(&self, lane: Lane) -> u64 {
        self.session.offset(lane)
    }

    pub(super) fn connections(&self) -> Vec<u64> {
        self.session.connections()
    }

    pub(super) fn is_printing(&self) -> bool {
        self.session.is_printing()
    }

    pub(super) fn last_seen(&self) -> Option<Timestamp> {
        self.session.last_seen()
    }

    /// The session's state as JSON; nothing where it cannot be told, so that an older one stays.
    pub(super) fn checkpoint(&self) -> Option<String> {
        catch_unwind(AssertUnwindSafe(|| self.session.checkpoint().to_json())).ok()
    }

    /// Does `step`; where that fails, once more with nothing open.
    fn or_abandon_all(&mut self, step: &Step<'static>, now: Timestamp) {
        if self.attempt(step.clone()).is_ok() {
            return;
        }
        for conn in self.session.connections() {
            self.abandon(Lane::ToPrinter(conn), now, 0);
            self.abandon(Lane::FromPrinter(conn), now, 0);
        }
        self.abandon_waiting();
        if self.attempt(step.clone()).is_err() {
            tracing::error!("the decoder fails with nothing to read; this call is left out");
        }
    }

    fn abandon(&mut self, lane: Lane, now: Timestamp, count: u64) {
        let (side, conn) = match lane {
            Lane::ToPrinter(conn) => ("to_printer", conn),
            Lane::FromPrinter(conn) => ("from_printer", conn),
        };
        let at = self.session.offset(lane);
        tracing::error!(
            side,
            conn,
            at,
            count,
            "the decoder failed here; the paper is told as unread, its bytes are in the journal"
        );
        // Plain bookkeeping. Should even that fail, the stage is started anew.
        self.attempt(Step::Abandon(lane, now, count)).expect("nothing is decoded in this");
    }

    fn abandon_waiting(&mut self) {
        tracing::error!("the decoder failed between papers; what it waited for is forgotten");
        self.attempt(Step::AbandonWaiting).expect("nothing is decoded in this");
    }

    fn attempt(&mut self, step: Step<'_>) -> Result<(), Fault> {
        if self.good.is_none() {
            self.good = Some(Box::new(self.session.clone()));
        }
        // A session that was left in the middle of a call is thrown away, so its state is no matter.
        let done = catch_unwind(AssertUnwindSafe(|| {
            step.apply(&mut self.session);
            #[cfg(test)]
            if let Some(tripwire) = TRIPWIRE.get().filter(|_| step.decodes()) {
                tripwire(&self.session);
            }
        }));
        if done.is_err() {
            self.restore();
            return Err(Fault);
        }
        self.ready.extend(std::iter::from_fn(|| self.session.poll_event()));
        self.bytes_since += step.weight();
        self.since.push(step.owned());
        if self.bytes_since > MAX_BYTES_SINCE || self.since.len() > MAX_STEPS_SINCE {
            self.settle();
        }
        Ok(())
    }

    /// The session is good as it stands: nothing of before is needed, nor kept. To be called where a
    /// source falls silent; the next call copies it.
    pub(super) fn settle(&mut self) {
        (self.good, self.since, self.bytes_since) = (None, Vec::new(), 0);
        self.ready.shrink_to_fit();
    }

    /// The session as it was before the call that failed. Its events have been fetched already.
    fn restore(&mut self) {
        let Some(good) = &self.good else { return };
        self.session = Session::clone(good);
        for step in &self.since {
            step.apply(&mut self.session);
            while self.session.poll_event().is_some() {}
        }
    }
}
