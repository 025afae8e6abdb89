//! [`Session`] itself: lanes, deadlines and the queue of events.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::checkpoint::{Checkpoint, State};
use super::lane::{Printing, ToPrinter};
use super::noticed::Out;
use super::{Boundary, EndReason, GapReason, Lane};
use crate::document::paper::Paper;
use crate::document::{Document, Ended};
use crate::event::{Event, EventId, SessionId};
use crate::limits::{Limits, MAX_LANES};
use crate::profile::{Dialect, Profile, Timing};
use crate::reading::trace::Trace;
use crate::reply::Reader;
use crate::text::Memo;
use crate::time::Timestamp;

/// Reads one printer. See the [module](super) for how to drive it.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) profile: Arc<Profile>,
    limits: Limits,
    pub(super) state: State,
    pub(super) events: VecDeque<Event>,
    /// Characters looked up so far. No state: without it they are looked up again. Clones share it.
    pub(super) memo: Memo,
    /// Papers as they were read, where somebody wants to see them.
    pub(super) papers: Option<VecDeque<(Document, Paper)>>,
    /// Why each paper was read as it was, where somebody asks.
    pub(super) explanations: Option<VecDeque<Explanation>>,
}

/// Why one paper was read as it was.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The event that tells of the paper.
    pub event: EventId,
    /// The paper.
    pub paper: Paper,
    /// What was considered on it.
    pub trace: Trace,
}

/// The next thing to happen by itself.
enum Due {
    /// Silence ends this connection's paper.
    Idle(u64),
    /// The drawer's sensor has been waited for long enough.
    Sensor,
    /// A kick has waited long enough for its sale.
    Kick,
    /// The printer's state has settled.
    Condition,
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
            memo: Memo::default(),
            papers: None,
            explanations: None,
        }
    }

    /// The session that `at` was taken from.
    pub fn resume(id: SessionId, at: Checkpoint, profile: Arc<Profile>, limits: Limits) -> Self {
        Self { state: at.state, ..Self::new(id, profile, limits) }
    }

    /// Reads by `profile` from here on, as if resumed with it. A paper that is being printed is read
    /// by it too: who does not want that waits until [`Session::is_printing`] is false.
    pub fn go_by(&mut self, profile: Arc<Profile>) {
        self.profile = profile;
    }

    /// What it reads by.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Remembers characters in `memo`, which other sessions may share: up to 320 KiB that each of
    /// them would have of its own. What comes out is the same.
    #[must_use]
    pub fn remembering_in(self, memo: &Memo) -> Self {
        Self { memo: memo.clone(), ..self }
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

    /// Keeps the reasons of every reading for [`Session::poll_explanation`], which must then be
    /// called for every event.
    #[must_use]
    pub fn explaining(self) -> Self {
        Self { explanations: Some(VecDeque::new()), ..self }
    }

    /// Why the paper that `event` tells of was read as it was; `None` where it tells of no paper.
    /// Called in the order of the events.
    pub fn poll_explanation(&mut self, event: EventId) -> Option<Explanation> {
        self.explanations.as_mut()?.pop_front_if(|why| why.event == event)
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
            Lane::FromPrinter(conn) => return self.receive_answers(conn, now, bytes),
        };
        if self.profile.drawer.port.is_some() {
            return self.receive_drawer(conn, now, bytes);
        }
        self.open_lane(conn, now);
        let idle_ns = self.idle_ns();
        let lane = self.state.lanes.get_mut(&conn).expect("opened right above");
        let mut rest = bytes;
        if lane.is_holding() {
            match lane.hold(bytes, now, idle_ns) {
                Some(decision) => {
                    rest = &bytes[decision.taken..];
                    self.settle(conn, decision.dialect);
                    // What was held may be long ago: its deadlines come before what follows.
                    if !rest.is_empty() {
                        self.handle_timeout(now);
                    }
                }
                None => rest = &[],
            }
        }
        if !rest.is_empty() {
            self.print(conn, |lane, paper| lane.receive(rest, now, paper));
        }
        self.bound_lanes();
    }

    fn idle_ns(&self) -> u64 {
        self.profile.idle_ms.saturating_mul(1_000_000)
    }

    /// The dialect that is configured or was found out.
    pub(super) fn dialect(&self) -> Option<Dialect> {
        match self.profile.dialect {
            Dialect::Auto => self.state.dialect,
            configured => Some(configured),
        }
    }

    fn open_lane(&mut self, conn: u64, now: Timestamp) {
        if self.state.lanes.contains_key(&conn) {
            return;
        }
        let lane = Box::new(ToPrinter::new(self.dialect(), now));
        self.state.lanes.insert(conn, lane);
        if let Some(why) = self.state.gap.take() {
            self.print(conn, |lane, paper| lane.gap(&why, paper));
        }
    }

    /// Lets a lane print, and concludes the documents that it completes.
    fn print(&mut self, conn: u64, work: impl FnOnce(&mut ToPrinter, &mut Printing<'_>)) {
        let idle_ns = self.idle_ns();
        let Some(lane) = self.state.lanes.get_mut(&conn) else { return };
        let (printer, limits) = (&mut self.state.printer, &self.limits);
        let rules = self.profile.rules.as_deref().filter(|rules| rules.has_marks());
        let mut paper =
            Printing { printer, limits, idle_ns, rules, reader: None, out: Out::default() };
        work(lane, &mut paper);
        let (out, dialect) = (paper.out, lane.dialect());
        self.state.spoken = Some(dialect);
        self.conclude_all(conn, out);
    }

    /// The printer's dialect is known, as connection `conn` showed: every lane prints what it
    /// held.
    fn settle(&mut self, conn: u64, dialect: Dialect) {
        self.state.dialect = Some(dialect);
        let others: Vec<u64> = self.state.lanes.keys().copied().filter(|c| *c != conn).collect();
        for conn in [conn].into_iter().chain(others) {
            self.print(conn, |lane, paper| lane.settle(dialect, paper));
        }
    }

    /// Ends a lane's paper. What was spoken on it meanwhile may open the question of the dialect
    /// again.
    fn end_paper(&mut self, conn: u64, ended: Ended) {
        self.print(conn, |lane, paper| lane.end(ended, paper));
        let Some(lane) = self.state.lanes.get_mut(&conn) else { return };
        if lane.doubted() && self.profile.dialect == Dialect::Auto {
            self.state.dialect = None;
            lane.unsettle();
        }
    }

    /// A connection ended. Its number must not be used again in this session: offsets would start
    /// anew, and ids rest on them. A line that is merely interrupted has a
    /// [gap](Self::gap) instead.
    pub fn boundary(&mut self, lane: Lane, now: Timestamp, why: Boundary) {
        self.handle_timeout(now);
        match lane {
            Lane::FromPrinter(conn) => {
                self.state.replies.remove(&conn);
                if self.state.replies.is_empty() {
                    // Room for eleven, on a printer that nobody is connected to.
                    self.state.replies = BTreeMap::new();
                }
            }
            Lane::ToPrinter(conn) => {
                if let Some(reader) = self.state.replies.get_mut(&conn) {
                    // Nobody is left to ask, and nobody to be told of changes.
                    reader.gap();
                }
                let broken = why == Boundary::Broken;
                self.end_lane(conn, why, if broken { Ended::Broken } else { Ended::Closed });
            }
        }
    }

    /// Bytes may be missing here, on every lane.
    pub fn gap(&mut self, now: Timestamp, why: GapReason) {
        self.handle_timeout(now);
        self.state.replies.values_mut().for_each(Reader::gap);
        self.state.sensor.gap();
        self.state.port.gap();
        if self.state.lanes.is_empty() {
            self.state.gap = Some(why.as_str().to_owned());
        }
        let conns: Vec<u64> = self.state.lanes.keys().copied().collect();
        for conn in conns {
            self.print(conn, |lane, paper| lane.gap(why.as_str(), paper));
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
                Due::Sensor => self.expire_sensor(at),
                Due::Condition => self.tell_condition(),
                Due::Idle(conn) => self.end_paper(conn, Ended::Idle),
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
        self.tell_condition();
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do, if nothing is received
    /// before.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let (at, _) = self.due()?;
        let now = self.state.now?;
        Some(now.later(at.saturating_sub(now.mono)))
    }

    /// The lane whose paper ends by silence at [`poll_timeout`](Self::poll_timeout), where that
    /// is what happens then.
    pub fn due_lane(&self) -> Option<Lane> {
        match self.due()?.1 {
            Due::Idle(conn) => Some(Lane::ToPrinter(conn)),
            _ => None,
        }
    }

    /// The next event, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        let event = self.events.pop_front();
        if self.events.is_empty() {
            // Room for events is much, and most printers have none to tell.
            self.events = VecDeque::new();
        }
        event
    }

    /// Bytes received on a lane so far: where its next byte stands.
    pub fn offset(&self, lane: Lane) -> u64 {
        match lane {
            Lane::ToPrinter(_) if self.profile.drawer.port.is_some() => self.state.port.received(),
            Lane::ToPrinter(conn) => self.state.lanes.get(&conn).map_or(0, |lane| lane.received()),
            Lane::FromPrinter(conn) => self.state.replies.get(&conn).map_or(0, Reader::received),
        }
    }

    /// Whether a paper is being printed on any lane: bytes of it have come, and its end has not.
    pub fn is_printing(&self) -> bool {
        self.state.lanes.values().any(|lane| lane.deadline.is_some())
    }

    /// Connections that have not ended.
    pub fn connections(&self) -> Vec<u64> {
        let all = self.state.lanes.keys().chain(self.state.replies.keys());
        all.copied().collect::<BTreeSet<u64>>().into_iter().collect()
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

    /// The earliest deadline; of equal ones a paper's end comes first, then what a kick did, so
    /// that both are known when it is told.
    fn due(&self) -> Option<(u64, Due)> {
        let lanes = self.state.lanes.iter();
        let idle = lanes.filter_map(|(conn, lane)| Some((lane.deadline?, Due::Idle(*conn))));
        // No such state is waited for where all bytes carry one time.
        let live = self.profile.timing == Timing::Live;
        let condition = self.state.condition.deadline().filter(|_| live);
        let others = [
            self.state.sensor.deadline().map(|at| (at, Due::Sensor)),
            self.state.drawer.deadline().map(|at| (at, Due::Kick)),
            condition.map(|at| (at, Due::Condition)),
        ];
        idle.chain(others.into_iter().flatten()).min_by_key(|(at, _)| *at)
    }

    fn end_lane(&mut self, conn: u64, why: Boundary, ended: Ended) {
        if why == Boundary::Broken {
            self.print(conn, |lane, paper| lane.gap("connection broken", paper));
        }
        self.end_paper(conn, ended);
        self.state.lanes.remove(&conn);
    }

    /// Takes what a lane gave, in its order: what was noticed before a paper ended comes first.
    fn conclude_all(&mut self, conn: u64, out: Out) {
        let mut noticed = out.noticed.into_iter().peekable();
        for (index, document) in out.documents.into_iter().enumerate() {
            while let Some((_, at, noticed)) = noticed.next_if(|(before, ..)| *before <= index) {
                self.notice(conn, noticed, at);
            }
            self.conclude(conn, document);
        }
        for (_, at, noticed) in noticed {
            self.notice(conn, noticed, at);
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
}
