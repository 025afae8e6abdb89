//! [`Session`] itself: lanes, deadlines and the queue of events.

use std::collections::VecDeque;
use std::sync::Arc;

use super::checkpoint::{Checkpoint, State};
use super::lane::ToPrinter;
use super::{Boundary, EndReason, GapReason, Lane};
use crate::document::paper::Paper;
use crate::document::{Document, Ended};
use crate::event::{Event, SessionId};
use crate::limits::{Limits, MAX_LANES};
use crate::profile::Profile;
use crate::time::Timestamp;

/// Reads one printer. See the [module](super) for how to drive it.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) profile: Arc<Profile>,
    limits: Limits,
    pub(super) state: State,
    pub(super) events: VecDeque<Event>,
    /// Papers as they were read, where somebody wants to see them.
    pub(super) papers: Option<VecDeque<(Document, Paper)>>,
}

/// The next thing to happen by itself.
enum Due {
    /// Silence ends this connection's paper.
    Idle(u64),
    /// A kick has waited long enough for its sale.
    Kick,
}

impl Session {
    /// A session of a printer that nothing is known of but its profile.
    pub fn new(id: SessionId, profile: Arc<Profile>, limits: Limits) -> Self {
        Self {
            id,
            profile,
            limits: limits.at_least(),
            state: State::default(),
            events: VecDeque::new(),
            papers: None,
        }
    }

    /// The session that `at` was taken from.
    pub fn resume(id: SessionId, at: Checkpoint, profile: Arc<Profile>, limits: Limits) -> Self {
        Self { state: at.state, ..Self::new(id, profile, limits) }
    }

    /// Keeps every paper for [`Session::poll_paper`], which must then be called.
    #[must_use]
    pub fn showing_papers(self) -> Self {
        Self { papers: Some(VecDeque::new()), ..self }
    }

    /// The next paper, also one that says nothing.
    pub fn poll_paper(&mut self) -> Option<(Document, Paper)> {
        self.papers.as_mut()?.pop_front()
    }

    /// Takes bytes that were seen at `now`. First fires every deadline up to `now`. Never fails.
    ///
    /// A document takes at least two bytes, so one call queues at most half as many events as it
    /// was given bytes: a caller bounds the queue by the size of its records.
    pub fn receive(&mut self, lane: Lane, now: Timestamp, bytes: &[u8]) {
        self.handle_timeout(now);
        if bytes.is_empty() {
            return;
        }
        let conn = match lane {
            Lane::ToPrinter(conn) => conn,
            Lane::FromPrinter(conn) => {
                *self.state.replies.entry(conn).or_default() += bytes.len() as u64;
                return self.bound_replies();
            }
        };
        let (printer, limits) = (&mut self.state.printer, &self.limits);
        let mut out = Vec::new();
        let lane = self.state.lanes.entry(conn).or_insert_with(|| {
            let mut lane = ToPrinter::new(self.profile.dialect, now);
            if let Some(why) = self.state.gap.take() {
                lane.gap(&why, printer, limits, &mut out);
            }
            lane
        });
        let idle_ns = self.profile.idle_ms.saturating_mul(1_000_000);
        lane.receive(bytes, now, idle_ns, printer, limits, &mut out);
        self.conclude_all(conn, out);
        self.bound_lanes();
    }

    /// A connection ended. Its number must not be used again in this session: offsets would start
    /// anew, and ids rest on them. A line that is merely interrupted has a
    /// [gap](Self::gap) instead.
    pub fn boundary(&mut self, lane: Lane, now: Timestamp, why: Boundary) {
        self.handle_timeout(now);
        match lane {
            Lane::FromPrinter(conn) => {
                self.state.replies.remove(&conn);
            }
            Lane::ToPrinter(conn) => {
                let broken = why == Boundary::Broken;
                self.end_lane(conn, why, if broken { Ended::Broken } else { Ended::Closed });
            }
        }
    }

    /// Bytes may be missing here, on every lane.
    pub fn gap(&mut self, now: Timestamp, why: GapReason) {
        self.handle_timeout(now);
        if self.state.lanes.is_empty() {
            self.state.gap = Some(why.as_str().to_owned());
        }
        let conns: Vec<u64> = self.state.lanes.keys().copied().collect();
        for conn in conns {
            let mut out = Vec::new();
            if let Some(lane) = self.state.lanes.get_mut(&conn) {
                lane.gap(why.as_str(), &mut self.state.printer, &self.limits, &mut out);
            }
            self.conclude_all(conn, out);
        }
    }

    /// Fires every deadline up to `now`, each as of its own time. Calling it for no reason does
    /// nothing.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while let Some((at, due)) = self.due().filter(|(at, _)| *at <= now.mono) {
            match due {
                Due::Kick => {
                    let gone = self.state.drawer.expire(at);
                    self.tell_kicks(gone);
                }
                Due::Idle(conn) => {
                    let mut out = Vec::new();
                    if let Some(lane) = self.state.lanes.get_mut(&conn) {
                        lane.end(Ended::Idle, &mut self.state.printer, &self.limits, &mut out);
                    }
                    self.conclude_all(conn, out);
                }
            }
        }
        self.state.now = Some(now);
    }

    /// Nothing more will come: every paper ends here, every kick is told.
    pub fn finish(&mut self, now: Timestamp, why: EndReason) {
        if why == EndReason::Replaced {
            self.handle_timeout(now);
        }
        let conns: Vec<u64> = self.state.lanes.keys().copied().collect();
        for conn in conns {
            self.end_lane(conn, Boundary::Closed, Ended::End);
        }
        let gone = self.state.drawer.give_up();
        self.tell_kicks(gone);
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do, if nothing is received
    /// before.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let (at, _) = self.due()?;
        let now = self.state.now?;
        Some(now.later(at.saturating_sub(now.mono)))
    }

    /// The next event, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Bytes received on a lane so far: where its next byte stands.
    pub fn offset(&self, lane: Lane) -> u64 {
        match lane {
            Lane::ToPrinter(conn) => self.state.lanes.get(&conn).map_or(0, ToPrinter::received),
            Lane::FromPrinter(conn) => self.state.replies.get(&conn).copied().unwrap_or(0),
        }
    }

    /// Connections towards the printer that have not ended.
    pub fn connections(&self) -> Vec<u64> {
        self.state.lanes.keys().copied().collect()
    }

    /// Time stamp of the latest call.
    pub fn last_seen(&self) -> Option<Timestamp> {
        self.state.now
    }

    /// The session as it stands. Poll all events before: they are not part of it.
    pub fn checkpoint(&self) -> Checkpoint {
        debug_assert!(self.events.is_empty(), "events that were not polled would be lost");
        Checkpoint::new(self.state.clone())
    }

    /// The earliest deadline; of equal ones a paper's end comes before a kick's.
    fn due(&self) -> Option<(u64, Due)> {
        let idle = self
            .state
            .lanes
            .iter()
            .filter_map(|(conn, lane)| Some((lane.deadline?, Due::Idle(*conn))))
            .min_by_key(|(at, _)| *at);
        let kick = self.state.drawer.deadline().map(|at| (at, Due::Kick));
        match (idle, kick) {
            (Some(idle), Some(kick)) => Some(if kick.0 < idle.0 { kick } else { idle }),
            (idle, kick) => idle.or(kick),
        }
    }

    fn end_lane(&mut self, conn: u64, why: Boundary, ended: Ended) {
        let Some(mut lane) = self.state.lanes.remove(&conn) else { return };
        let mut out = Vec::new();
        if why == Boundary::Broken {
            lane.gap("connection broken", &mut self.state.printer, &self.limits, &mut out);
        }
        lane.end(ended, &mut self.state.printer, &self.limits, &mut out);
        self.conclude_all(conn, out);
    }

    fn conclude_all(&mut self, conn: u64, documents: Vec<Document>) {
        for document in documents {
            self.conclude(conn, document);
        }
    }

    /// The lane that has been silent longest makes room for a new one.
    fn bound_lanes(&mut self) {
        if self.state.lanes.len() > MAX_LANES {
            let oldest = self.state.lanes.iter().min_by_key(|(_, lane)| lane.last.mono);
            if let Some(conn) = oldest.map(|(conn, _)| *conn) {
                self.end_lane(conn, Boundary::Broken, Ended::Limit);
            }
        }
    }

    fn bound_replies(&mut self) {
        if self.state.replies.len() > MAX_LANES {
            self.state.replies.pop_first();
        }
    }
}
