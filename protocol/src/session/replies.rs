//! Answers of the printer, and what the drawer's sensor says, become events.
//!
//! Only lanes from a printer come here. A program that stands in for a printer must keep its own
//! answers out of the session: they would confirm a drawer that nobody has seen.

use super::facade::Session;
use super::noticed::Noticed;
use crate::document::KickSeen;
use crate::drawer::port::Heard;
use crate::drawer::{Place, Sample, Sensed, Unexplained};
use crate::event::{Drawer, DrawerState, Event, EventId, Kind, SCHEMA};
use crate::limits::MAX_LANES;
use crate::profile::Timing;
use crate::reply::{Answer, AnswerKind, Settled, drawer_level};
use crate::span::Span;
use crate::text::Charset;
use crate::time::Timestamp;

/// Events of one place, told apart by their ordinal. 0 and 1 are a paper's and its kick's own, or
/// the printer's state.
const BY_KEY: u32 = 1;
const UNCONFIRMED: u32 = 2;
const LEFT_OPEN: u32 = 3;
const CLOSED: u32 = 4;

impl Session {
    /// Takes bytes from the printer.
    pub(super) fn receive_answers(&mut self, conn: u64, now: Timestamp, bytes: &[u8]) {
        let reader = self.state.replies.entry(conn).or_default();
        let mut answers = Vec::new();
        reader.receive(bytes, now.mono, &mut |answer| answers.push(answer));
        for Answer { span, kind, watched } in answers {
            self.state.condition.update(&kind, conn, span, now);
            if let Some(high) = drawer_level(&kind) {
                let whole = matches!(kind, AnswerKind::Automatic(_) | AnswerKind::Star(_));
                let place = Place { answer: true, conn, span };
                self.sense(Sample { high, unasked: whole && watched, place, at: now });
            }
        }
        self.bound_replies();
    }

    /// Takes bytes of a drawer that has a line of its own.
    pub(super) fn receive_drawer(&mut self, conn: u64, now: Timestamp, bytes: &[u8]) {
        let Some(setup) = &self.profile.drawer.port else { return };
        let mut heard = Vec::new();
        self.state.port.receive(setup, bytes, now.mono, &mut |end, what| heard.push((end, what)));
        for (end, what) in heard {
            let place = |length| Place { answer: false, conn, span: Span::new(end - length, end) };
            match what {
                Heard::Kick { length } => self.tell_port_kick(place(length), now),
                Heard::Open(high) => {
                    self.sense(Sample { high, unasked: true, place: place(1), at: now });
                }
            }
        }
    }

    /// Takes what the till said that matters before its paper ends.
    pub(super) fn notice(&mut self, conn: u64, noticed: Noticed, at: Timestamp) {
        match noticed {
            Noticed::Asked(request) => {
                self.state.replies.entry(conn).or_default().ask(request, at.mono);
                self.bound_replies();
            }
            Noticed::Kicked(span) => {
                self.state.drawer.withdraw_keys(at.mono);
                let place = Place { answer: false, conn, span };
                self.state.sensor.kick(place, at, self.has_timers());
            }
        }
    }

    /// Tells of the printer's state, once it has settled.
    pub(super) fn tell_condition(&mut self) {
        let Some(Settled { status, conn, span, at }) = self.state.condition.settle() else {
            return;
        };
        let place = Place { answer: true, conn, span };
        let mut event = self.bare(self.id_at(place, 0), Kind::PrinterStatus, place, at);
        event.printer = Some(status.on_the_wire());
        self.events.push_back(event);
    }

    /// Ends the sensor's waiting that ends at `mono` or before.
    pub(super) fn expire_sensor(&mut self, mono: u64) {
        let watched = match &self.profile.drawer.port {
            Some(port) => port.status_open.is_some() && port.status_closed.is_some(),
            None => self.state.replies.values().any(crate::reply::Reader::is_watched),
        };
        for sensed in self.state.sensor.expire(mono, &self.profile.drawer, watched) {
            self.tell_sensed(sensed, None);
        }
    }

    /// What is known of a kick by now.
    pub(super) fn drawer_of(&self, kick: &Unexplained) -> Drawer {
        let state = match kick.kick.pin {
            _ if kick.by_key => DrawerState::Opened,
            // Nothing hangs on a pin that does not exist.
            None => DrawerState::Commanded,
            Some(_) => self.state.sensor.state(kick.place()),
        };
        Drawer { kick: kick.kick.pin, state }
    }

    /// An event of a few bytes that are no paper.
    pub(super) fn bare(&self, id: EventId, kind: Kind, place: Place, at: Timestamp) -> Event {
        let mut evidence = self.evidence(place.conn, place.span, Charset::Ascii.as_str());
        if place.answer {
            evidence.session = self.id.answer_label(place.conn);
        }
        Event {
            schema: SCHEMA,
            id,
            source: self.id.source.clone(),
            observed_at: at.rfc3339(),
            kind,
            test: false,
            related: None,
            corrects: None,
            receipt: None,
            report: None,
            drawer: None,
            printer: None,
            inventory: None,
            approval: None,
            text: None,
            verdict: None,
            evidence: Some(evidence),
        }
    }

    fn sense(&mut self, sample: Sample) {
        let timers = self.has_timers();
        let sensed = self.state.sensor.sample(sample, &self.profile.drawer, timers);
        if let Some(sensed) = sensed {
            self.tell_sensed(sensed, Some(sample));
        }
    }

    /// Tells what follows from the sensor; `sample` is what showed it, where it was no deadline.
    fn tell_sensed(&mut self, sensed: Sensed, sample: Option<Sample>) {
        let (place, ordinal, kind, state, related, at) = match (sensed, sample) {
            (Sensed::ByKey, Some(Sample { place, at, .. })) => {
                let id = self.id_at(place, BY_KEY);
                return self.kick(Unexplained::by_key(id, place, at), at);
            }
            (Sensed::Closed { related }, Some(Sample { place, at, .. })) => {
                (place, CLOSED, Kind::DrawerClosed, DrawerState::Closed, Some(related), at)
            }
            (Sensed::Unconfirmed { kick, told, at }, _) => {
                let state = DrawerState::Unconfirmed;
                (kick, UNCONFIRMED, Kind::DrawerOpened, state, Some(told), at)
            }
            (Sensed::LeftOpen { shown, related, at }, _) => {
                (shown, LEFT_OPEN, Kind::DrawerLeftOpen, DrawerState::Opened, related, at)
            }
            (Sensed::ByKey | Sensed::Closed { .. }, None) => return,
        };
        let id = self.id_at(place, ordinal);
        let mut event = self.bare(id, kind, place, at);
        event.related = related;
        event.drawer = Some(Drawer { kick: None, state });
        if kind == Kind::DrawerLeftOpen {
            self.state.sensor.alarmed(id);
        }
        self.events.push_back(event);
    }

    /// A drawer's own line hears of no sale, so each kick is told at once and accuses nobody.
    fn tell_port_kick(&mut self, place: Place, at: Timestamp) {
        self.state.sensor.kick(place, at, self.has_timers());
        let id = self.id_at(place, 0);
        let kick = KickSeen { pin: None, span: place.span, at };
        let drawer = self.drawer_of(&Unexplained::new(id, place.conn, kick, None));
        let mut event = self.bare(id, Kind::DrawerOpened, place, at);
        event.drawer = Some(drawer);
        self.events.push_back(event);
        self.state.sensor.told(place, id, false);
    }

    fn id_at(&self, place: Place, ordinal: u32) -> EventId {
        if place.answer {
            self.id.answer(place.conn, place.span.start, ordinal)
        } else {
            self.id.event(place.conn, place.span.start, ordinal)
        }
    }

    /// In a file all bytes carry one time; waiting for more of it would be for ever.
    fn has_timers(&self) -> bool {
        self.profile.timing == Timing::Live
    }

    /// The connection whose printer has been silent longest makes room.
    fn bound_replies(&mut self) {
        if self.state.replies.len() > MAX_LANES {
            let oldest = self.state.replies.iter().min_by_key(|(_, reader)| reader.last());
            if let Some(conn) = oldest.map(|(conn, _)| *conn) {
                self.state.replies.remove(&conn);
            }
        }
    }
}
