//! Gives up what cannot be read without losing the place: how a caller goes on after the decoder
//! itself has failed.
//!
//! Bytes that are left unread are counted all the same, since offsets and ids rest on them. What
//! the printer was told before (code page, encoding, dialect) stays.
//!
//! Not here: noticing that the decoder failed, which only its caller can.

use super::Lane;
use super::facade::Session;
use super::lane::ToPrinter;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::KickSeen;
use crate::drawer::{Place, Sensor, Unexplained, Watch};
use crate::event::Kind;
use crate::reply::Condition;
use crate::span::Span;
use crate::time::Timestamp;

/// What a lane gave up.
pub(super) struct Abandoned {
    /// From the first byte of the paper that was open to the last one left unread.
    pub(super) span: Span,
    /// Nothing was read since the last time.
    pub(super) again: bool,
    pub(super) kicks: Vec<KickSeen>,
}

impl Session {
    /// Leaves the next `count` bytes of a lane unread, and gives up the paper that is open on it.
    ///
    /// One `unread` event tells of paper and bytes together; its id is the one that the paper's
    /// own event would have had. A stretch that follows another with nothing read between is
    /// told with the first. Deadlines up to `now` must have been fired.
    pub fn abandon(&mut self, lane: Lane, now: Timestamp, count: u64) {
        self.state.now = Some(now);
        let conn = match lane {
            Lane::ToPrinter(conn) => conn,
            Lane::FromPrinter(conn) => {
                return self.state.replies.entry(conn).or_default().skip(count);
            }
        };
        let abandoned = if self.profile.drawer.port.is_some() {
            let start = self.state.port.received();
            self.state.port.skip(count);
            Abandoned { span: Span::new(start, start + count), again: false, kicks: Vec::new() }
        } else {
            let dialect = self.dialect();
            let new = || Box::new(ToPrinter::new(dialect, now));
            self.state.lanes.entry(conn).or_insert_with(new).abandon(now, count)
        };
        if !abandoned.again {
            self.tell_abandoned(conn, &abandoned, now);
        }
    }

    /// A lane begins at `offset`: what it carried before is not to be had any more, and nothing is
    /// said of it. Only for a lane that has received nothing.
    pub fn seek(&mut self, lane: Lane, now: Timestamp, offset: u64) {
        self.state.now = Some(now);
        if self.offset(lane) != 0 || offset == 0 {
            return;
        }
        match lane {
            Lane::FromPrinter(conn) => self.state.replies.entry(conn).or_default().skip(offset),
            Lane::ToPrinter(_) if self.profile.drawer.port.is_some() => {
                self.state.port.skip(offset);
            }
            Lane::ToPrinter(conn) => {
                let dialect = self.dialect();
                let new = || Box::new(ToPrinter::new(dialect, now));
                self.state.lanes.entry(conn).or_insert_with(new).seek(offset);
            }
        }
    }

    /// Gives up what is waited for beside paper: kicks, the drawer's sensor, the printer's state.
    pub fn abandon_waiting(&mut self) {
        self.state.drawer = Watch::default();
        self.state.sensor = Sensor::default();
        self.state.condition = Condition::default();
    }

    fn tell_abandoned(&mut self, conn: u64, abandoned: &Abandoned, now: Timestamp) {
        let start = abandoned.span.start;
        let (id, own) = (self.id.event(conn, start, 0), self.id.event(conn, start, 1));
        let kick = abandoned.kicks.first();
        let kick = kick.map(|kick| Unexplained::new(own, conn, *kick, Some(id)));
        let drawer = kick.as_ref().map(|kick| self.drawer_of(kick));
        for kick in &abandoned.kicks {
            let place = Place { answer: false, conn, span: kick.span };
            self.state.sensor.told(place, id, false);
        }
        let place = Place { answer: false, conn, span: abandoned.span };
        let mut event = self.bare(id, Kind::Unread, place, now);
        event.drawer = drawer;
        if let Some(evidence) = &mut event.evidence {
            evidence.diagnostics = vec![Diagnostic::new(Code::DecoderFault, abandoned.span, "")];
        }
        self.events.push_back(event);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diagnostic::Code;
    use crate::event::{Event, Kind, SessionId};
    use crate::limits::Limits;
    use crate::profile::Profile;
    use crate::session::{Checkpoint, EndReason, Lane, Session};
    use crate::time::Timestamp;

    const LANE: Lane = Lane::ToPrinter(0);

    fn now() -> Timestamp {
        Timestamp::new(1, 1_700_000_000_000)
    }

    fn session() -> Session {
        let id = SessionId { journal: "j".into(), source: "s".into(), epoch: 0 };
        Session::new(id, Arc::new(Profile::default()), Limits::default())
    }

    fn events(session: &mut Session) -> Vec<Event> {
        std::iter::from_fn(|| session.poll_event()).collect()
    }

    #[test]
    fn a_paper_that_is_given_up_is_one_unread_event_with_the_id_it_would_have_had() {
        let paper = b"\x1b@TEA HOUSE\nTOTAL 18.00\n\x1dV\x00";
        let mut whole = session();
        whole.receive(LANE, now(), paper);
        let read = events(&mut whole);
        let mut given_up = session();
        given_up.receive(LANE, now(), &paper[..paper.len() - 1]);
        given_up.abandon(LANE, now(), 1);
        let told = events(&mut given_up);
        assert_eq!((read.len(), told.len()), (1, 1));
        assert_eq!((told[0].id, told[0].kind), (read[0].id, Kind::Unread));
        let evidence = told[0].evidence.as_ref().expect("evidence");
        assert_eq!((evidence.start, evidence.end), (0, paper.len() as u64));
        assert_eq!(evidence.diagnostics[0].code, Code::DecoderFault);
        assert_eq!(given_up.offset(LANE), whole.offset(LANE));
    }

    #[test]
    fn a_lane_whose_beginning_was_forgotten_is_read_at_its_own_place() {
        let paper = b"\x1b@TEA HOUSE\nTOTAL 18.00\n\x1dV\x00";
        let mut session = session();
        session.seek(LANE, now(), 4_000);
        session.receive(LANE, now(), paper);
        let told = events(&mut session);
        let evidence = told[0].evidence.as_ref().expect("evidence");
        assert_eq!((told.len(), evidence.start), (1, 4_000));
        assert!(evidence.diagnostics.iter().all(|d| d.code != Code::DecoderFault));
        assert_eq!(session.offset(LANE), 4_000 + paper.len() as u64);
    }

    #[test]
    fn what_follows_is_read_at_its_own_place_also_after_a_checkpoint() {
        let mut session = session();
        session.receive(LANE, now(), b"\x1b@bad paper\n");
        session.abandon(LANE, now(), 7);
        // Nothing was read between: told with the first.
        session.abandon(LANE, now(), 3);
        assert_eq!(events(&mut session).len(), 1);
        let json = session.checkpoint().to_json();
        let at = Checkpoint::from_json(&json).expect("its own text");
        let mut session = Session::resume(
            session.id.clone(),
            at,
            Arc::clone(&session.profile),
            Limits::default(),
        );
        session.receive(LANE, now(), b"\x1b@TEA HOUSE\nTOTAL 18.00\n\x1dV\x00");
        let told = events(&mut session);
        let evidence = told[0].evidence.as_ref().expect("evidence");
        assert_eq!((told.len(), evidence.start), (1, 22));
        assert!(evidence.diagnostics.iter().any(|d| d.code == Code::DecoderFault), "{evidence:?}");
        session.finish(now(), EndReason::EndOfFile);
        assert_eq!(events(&mut session).len(), 0);
    }
}
