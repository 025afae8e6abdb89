//! The protocol as a state machine: frames, answers and the passing of time in, actions out. Pure.
//!
//! It lives longer than a connection, so that what comes again on the next one is known. It opens
//! nothing, sends nothing and sleeps not: that is `run`.

use std::collections::HashMap;
use std::time::Duration;

use super::MAX_OPEN;
use super::action::{Action, Counts, Delivery, Leave, Limits, Said, Ticket, key};
use super::callback::{CardReply, Event, bot_message, card_action, json_or_text};
use super::frame::{BOT, CARD, Code, Frame, Kind, ack, parse};
use super::seen::{Fate, Seen};

/// Unreadable frames in a row after which a gateway is taken for something else.
const MAX_GARBAGE: u32 = 50;
/// A bot message's acknowledgement; its `data` is not used.
const TAKEN: &str = r#"{"response":null}"#;
/// An event's.
const SUCCESS: &str = r#"{"status":"SUCCESS","message":"success"}"#;
/// An event that is to come again.
const LATER: &str = r#"{"status":"LATER","message":"not done yet"}"#;

#[derive(Debug)]
struct Open {
    message_id: String,
    /// The connection that its acknowledgement belongs to.
    connection: u64,
    due: Option<Duration>,
}

/// The state.
#[derive(Debug)]
pub(super) struct Protocol {
    limits: Limits,
    /// Whether an address is one of DingTalk's, to which an answer may go.
    of_dingtalk: fn(&str) -> bool,
    seen: Seen,
    open: HashMap<String, Open>,
    /// Counts connections.
    connection: u64,
    up: bool,
    heard: Duration,
    framed: Duration,
    probed: Option<Duration>,
    pinged: Option<Duration>,
    longest_pause: Option<Duration>,
    garbage: u32,
    counts: Counts,
}

impl Protocol {
    pub(super) fn new(limits: Limits, of_dingtalk: fn(&str) -> bool) -> Self {
        Self {
            limits,
            of_dingtalk,
            seen: Seen::default(),
            open: HashMap::new(),
            connection: 0,
            up: false,
            heard: Duration::ZERO,
            framed: Duration::ZERO,
            probed: None,
            pinged: None,
            longest_pause: None,
            garbage: 0,
            counts: Counts::default(),
        }
    }

    /// A connection stands.
    pub(super) fn connected(&mut self, now: Duration) {
        self.connection += 1;
        (self.up, self.heard, self.framed) = (true, now, now);
        (self.probed, self.pinged, self.longest_pause, self.garbage) = (None, None, None, 0);
    }

    /// It is gone. What was handed over goes on; its acknowledgement has no way back.
    pub(super) fn disconnected(&mut self) {
        self.up = false;
    }

    /// What went wrong since the start.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// A sign of life that is no frame.
    pub(super) fn heard(&mut self, now: Duration) {
        (self.heard, self.probed) = (now, None);
    }

    /// A message that is no text.
    pub(super) fn unreadable(&mut self, now: Duration) -> Vec<Action> {
        self.heard(now);
        self.counts.garbage += 1;
        self.garbage += 1;
        if self.garbage > MAX_GARBAGE { vec![Action::Leave(Leave::Garbage)] } else { Vec::new() }
    }

    /// A frame, at best. `room` says whether something can be handed over.
    pub(super) fn receive(&mut self, now: Duration, text: &str, room: bool) -> Vec<Action> {
        let Some(frame) = parse(text) else { return self.unreadable(now) };
        self.heard(now);
        (self.framed, self.garbage) = (now, 0);
        match &frame.kind {
            Kind::System => self.system(now, &frame),
            Kind::Callback if frame.topic == BOT => self.bot(&frame, room),
            Kind::Callback if frame.topic == CARD => self.card(now, &frame, room),
            Kind::Callback => vec![send(&frame, Code::NotFound, TAKEN)],
            Kind::Event { .. } => self.event(frame, room),
        }
    }

    fn system(&mut self, now: Duration, frame: &Frame) -> Vec<Action> {
        match frame.topic.as_str() {
            "ping" => {
                if let Some(before) = self.pinged.replace(now) {
                    self.longest_pause = self.longest_pause.max(Some(now.saturating_sub(before)));
                }
                vec![send(frame, Code::Ok, &frame.data)]
            }
            // It says nothing more and closes in ten seconds; no answer is wanted.
            "disconnect" => vec![Action::Leave(Leave::Asked)],
            // CONNECTED, REGISTERED, KEEPALIVE and what is yet to come.
            _ => Vec::new(),
        }
    }

    /// It never comes again: it is handed over though its acknowledgement may find no way back any
    /// more, and acknowledged at once.
    fn bot(&mut self, frame: &Frame, room: bool) -> Vec<Action> {
        let Some(message) = bot_message(&frame.data, &frame.message_id, self.of_dingtalk) else {
            self.counts.garbage += 1;
            return vec![send(frame, Code::Failed, TAKEN)];
        };
        let key = key("bot", &message.id);
        if self.seen.fate(&key).is_some() {
            self.counts.again += 1;
            return vec![send(frame, Code::Ok, TAKEN)];
        }
        if !room {
            self.counts.lost += 1;
            return vec![send(frame, Code::Failed, TAKEN)];
        }
        self.seen.keep(&key, Fate::Answered(TAKEN.to_owned()));
        vec![Action::Deliver(Delivery::Bot(message)), send(frame, Code::Ok, TAKEN)]
    }

    fn card(&mut self, now: Duration, frame: &Frame, room: bool) -> Vec<Action> {
        let nothing = CardReply::default().data();
        let Some(action) = card_action(&frame.data, &frame.message_id) else {
            self.counts.garbage += 1;
            return vec![send(frame, Code::Failed, &nothing)];
        };
        let key = key("card", &action.id);
        let connection = self.connection;
        match self.seen.fate(&key) {
            Some(Fate::Answered(data)) => {
                let again = send(frame, Code::Ok, data);
                self.counts.again += 1;
                return vec![again];
            }
            Some(Fate::Open) => {
                self.counts.again += 1;
                // Its answer is on the way; it goes back by this connection.
                if let Some(open) = self.open.get_mut(&key) {
                    open.connection = connection;
                }
                return Vec::new();
            }
            None => {}
        }
        if !room || self.open.len() >= MAX_OPEN {
            self.counts.lost += 1;
            return vec![send(frame, Code::Ok, &nothing)];
        }
        let due = Some(now + self.limits.card);
        let ticket = self.hand_over(key, frame, due);
        vec![Action::Deliver(Delivery::Card(action, ticket))]
    }

    /// It comes again until it is acknowledged, so nothing is acknowledged that is not done.
    fn event(&mut self, frame: Frame, room: bool) -> Vec<Action> {
        let Kind::Event { id, name, corp_id, born_ms } = frame.kind.clone() else {
            return Vec::new();
        };
        let key = key("event", &id);
        match self.seen.fate(&key) {
            Some(Fate::Answered(data)) => {
                let again = send(&frame, Code::Ok, data);
                self.counts.again += 1;
                return vec![again];
            }
            Some(Fate::Open) => {
                self.counts.again += 1;
                return vec![send(&frame, Code::Ok, LATER)];
            }
            None => {}
        }
        if !room || self.open.len() >= MAX_OPEN {
            return vec![send(&frame, Code::Ok, LATER)];
        }
        let ticket = self.hand_over(key, &frame, None);
        let data = json_or_text(frame.data);
        let event = Event { id, name, corp_id, born_ms, data };
        vec![Action::Deliver(Delivery::Event(event, ticket))]
    }

    fn hand_over(&mut self, key: String, frame: &Frame, due: Option<Duration>) -> Ticket {
        self.seen.keep(&key, Fate::Open);
        let (message_id, connection) = (frame.message_id.clone(), self.connection);
        self.open.insert(key.clone(), Open { message_id, connection, due });
        Ticket { key }
    }

    /// The answer to a delivery; what is to be sent, where it still has a way back.
    pub(super) fn answer(&mut self, ticket: &Ticket, said: &Said) -> Option<String> {
        let open = self.open.remove(&ticket.key)?;
        let data = match said {
            Said::Card(reply) => reply.data(),
            Said::Done => SUCCESS.to_owned(),
            // A press does not come again.
            Said::Later if open.due.is_some() => CardReply::default().data(),
            Said::Later => LATER.to_owned(),
        };
        let reply = ack(&open.message_id, Code::Ok, &data);
        if data == LATER {
            self.seen.forget(&ticket.key);
        } else {
            self.seen.keep(&ticket.key, Fate::Answered(data));
        }
        (self.up && open.connection == self.connection).then_some(reply)
    }

    /// Time has passed.
    pub(super) fn tick(&mut self, now: Duration) -> Vec<Action> {
        let mut actions = self.unanswered(now);
        if !self.up {
            return actions;
        }
        if now >= self.framed + self.silence() {
            actions.push(Action::Leave(Leave::Silent));
            return actions;
        }
        match self.probed {
            Some(at) if now >= at + self.limits.pong => actions.push(Action::Leave(Leave::Dead)),
            None if now >= self.heard + self.limits.quiet => {
                self.probed = Some(now);
                actions.push(Action::Probe);
            }
            _ => {}
        }
        actions
    }

    /// Presses that nobody answered in time: the person's phone is told that nothing changes.
    fn unanswered(&mut self, now: Duration) -> Vec<Action> {
        let due = |open: &Open| open.due.is_some_and(|due| now >= due);
        let keys: Vec<String> =
            self.open.iter().filter(|(_, open)| due(open)).map(|(key, _)| key.clone()).collect();
        let nothing = Said::Card(CardReply::default());
        let late = keys.into_iter().filter_map(|key| self.answer(&Ticket { key }, &nothing));
        late.map(Action::Send).collect()
    }

    /// When [`Protocol::tick`] has something to do next.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let due = self.open.values().filter_map(|open| open.due).min();
        let life = self.up.then(|| {
            let sign = match self.probed {
                Some(at) => at + self.limits.pong,
                None => self.heard + self.limits.quiet,
            };
            sign.min(self.framed + self.silence())
        });
        due.into_iter().chain(life).min()
    }

    fn silence(&self) -> Duration {
        let Limits { silence, least_silence, .. } = self.limits;
        self.longest_pause.map_or(silence, |pause| (pause * 4).clamp(least_silence, silence))
    }
}

fn send(frame: &Frame, code: Code, data: &str) -> Action {
    Action::Send(ack(&frame.message_id, code, data))
}
