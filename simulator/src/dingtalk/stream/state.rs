//! State of the gateway. It waits for nothing: frames go into the connections' queues, and time comes
//! in with every call.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::connection::{Answer, Awaited, Connection, Life, Push, headers};
use super::fault::StreamFault;
use super::frame::{Ack, EVENTS};
use super::log::{Delivery, Opening, StreamLog};
use super::tickets::{Tickets, Untaken};
use crate::clock::rfc3339;
use crate::dingtalk::app::{AppRules, Ids};

/// Most connections of the application.
const MAX_CONNECTIONS: usize = 64;
/// Most frames that wait for one connection.
const MAX_QUEUED: usize = 256;
/// Most events that wait to be answered; the oldest goes.
const MAX_EVENTS: usize = 10_000;

/// Something to be sent once.
#[derive(Debug)]
pub(in crate::dingtalk) struct Sending<'a> {
    pub(in crate::dingtalk) kind: &'static str,
    pub(in crate::dingtalk) topic: &'a str,
    pub(in crate::dingtalk) id: &'a str,
    pub(in crate::dingtalk) data: &'a Value,
    /// Where its answer is awaited.
    pub(in crate::dingtalk) answer: Option<oneshot::Sender<Answer>>,
}

#[derive(Debug)]
struct Event {
    id: String,
    kind: String,
    data: Value,
    born_ms: i64,
    attempts: u32,
    due_ms: i64,
}

/// The gateway.
#[derive(Debug, Default)]
pub(in crate::dingtalk) struct Stream {
    ids: Ids,
    app: String,
    tickets: Tickets,
    connections: BTreeMap<u64, Connection>,
    made: u64,
    events: VecDeque<Event>,
    lose_acks: u32,
    repeat_events: u32,
    log: StreamLog,
}

impl Stream {
    /// A gateway of the application with this id.
    pub(in crate::dingtalk) fn new(app: &str) -> Self {
        Self { app: app.to_owned(), ..Self::default() }
    }

    /// Forgets events, faults and logs; connections and tickets stay.
    pub(in crate::dingtalk) fn reset(&mut self) {
        self.events.clear();
        (self.lose_acks, self.repeat_events) = (0, 0);
        self.tickets.reset();
        self.log = StreamLog::default();
    }

    fn opening(&mut self, what: &'static str, connection: Option<String>, now_ms: i64) {
        self.log.opened(Opening { time: rfc3339(now_ms), what, connection });
    }

    /// Somebody asked for a connection with a wrong secret.
    pub(in crate::dingtalk) fn refused(&mut self, now_ms: i64) {
        self.opening("refused", None, now_ms);
    }

    /// Gives a ticket out.
    pub(in crate::dingtalk) fn issue(
        &mut self,
        value: String,
        topics: Vec<String>,
        now_ms: i64,
        valid_ms: i64,
    ) -> String {
        self.tickets.issue(value.clone(), topics, now_ms, valid_ms);
        self.opening("ticket", None, now_ms);
        value
    }

    /// Opens a connection for a ticket, which is used up whatever becomes of it.
    pub(in crate::dingtalk) fn redeem(
        &mut self,
        ticket: &str,
        rules: &AppRules,
        now_ms: i64,
    ) -> Result<(u64, mpsc::Receiver<Push>), Untaken> {
        let topics = match self.tickets.redeem(ticket, now_ms) {
            Ok(topics) => topics,
            Err(untaken) => {
                let expired = untaken == Untaken::Expired;
                let what = if expired { "expired_ticket" } else { "unknown_ticket" };
                self.opening(what, None, now_ms);
                return Err(untaken);
            }
        };
        if self.connections.len() >= MAX_CONNECTIONS {
            self.opening("full", None, now_ms);
            return Err(Untaken::Full);
        }
        let (outbox, pushes) = mpsc::channel(MAX_QUEUED);
        let id = self.ids.uuid();
        self.opening("connected", Some(id.clone()), now_ms);
        let connection = Connection::open(id, topics, outbox, rules, now_ms);
        self.made += 1;
        self.connections.insert(self.made, connection);
        self.pump(rules, now_ms);
        Ok((self.made, pushes))
    }

    /// A connection has ended.
    pub(in crate::dingtalk) fn closed(&mut self, number: u64, now_ms: i64) {
        if let Some(connection) = self.connections.remove(&number) {
            self.opening("closed", Some(connection.id), now_ms);
        }
    }

    /// Ends every connection.
    pub(in crate::dingtalk) fn close(&mut self) {
        self.connections.clear();
    }

    /// Sends something once, over one connection that wants it; whether one could hear it.
    pub(in crate::dingtalk) fn send(&mut self, sending: Sending<'_>, now_ms: i64) -> bool {
        let message = self.ids.hex();
        let chosen = self.choose(sending.topic);
        let Self { app, connections, log, .. } = self;
        let delivery = Delivery {
            seq: 0,
            kind: sending.kind,
            id: sending.id.to_owned(),
            message_id: message.clone(),
            connection: None,
            time: rfc3339(now_ms),
            attempt: 1,
            lost: Some("no_connection"),
            code: None,
            ack_lost: false,
        };
        let Some(connection) = chosen.and_then(|number| connections.get_mut(&number)) else {
            log.sent(delivery);
            return false;
        };
        let headers = headers(&message, &connection.id, app, now_ms);
        let lost = connection.push(headers.callback(sending.topic, sending.data));
        let over = Some(connection.id.clone());
        let seq = log.sent(Delivery { connection: over, lost, ..delivery });
        if lost.is_none() {
            connection.awaited.put(&message, Awaited::Once(seq, sending.answer), message.len());
        }
        lost.is_none()
    }

    /// Something happened that is told until it is answered.
    pub(in crate::dingtalk) fn happened(
        &mut self,
        id: &str,
        kind: &str,
        data: &Value,
        now_ms: i64,
    ) {
        self.events.push_back(Event {
            id: id.to_owned(),
            kind: kind.to_owned(),
            data: data.clone(),
            born_ms: now_ms,
            attempts: 0,
            due_ms: now_ms,
        });
        if self.events.len() > MAX_EVENTS {
            self.events.pop_front();
        }
    }

    /// Sends the events that are due, where somebody listens.
    pub(in crate::dingtalk) fn pump(&mut self, rules: &AppRules, now_ms: i64) {
        let mut events = std::mem::take(&mut self.events);
        for event in events.iter_mut().filter(|event| event.due_ms <= now_ms) {
            let Some(number) = self.choose(EVENTS) else { break };
            event.due_ms = now_ms + i64::from(rules.resend_seconds) * 1_000;
            self.send_event(number, event, now_ms);
            if self.repeat_events > 0 {
                self.repeat_events -= 1;
                self.send_event(number, event, now_ms);
            }
        }
        self.events = events;
    }

    fn send_event(&mut self, number: u64, event: &mut Event, now_ms: i64) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        let message = self.ids.hex();
        let headers = headers(&message, &connection.id, &self.app, now_ms);
        let lost =
            connection.push(headers.event(&event.id, &event.kind, event.born_ms, &event.data));
        event.attempts += 1;
        let seq = self.log.sent(Delivery {
            seq: 0,
            kind: "event",
            id: event.id.clone(),
            message_id: message.clone(),
            connection: Some(connection.id.clone()),
            time: rfc3339(now_ms),
            attempt: event.attempts,
            lost,
            code: None,
            ack_lost: false,
        });
        if lost.is_none() {
            let awaited = Awaited::Event(seq, event.id.clone());
            connection.awaited.put(&message, awaited, message.len());
        }
    }

    /// One of the connections that want `topic`, at random; the dead ones among them, of whose death
    /// the gateway knows nothing.
    fn choose(&mut self, topic: &str) -> Option<u64> {
        let wants = |connection: &Connection| {
            !matches!(connection.life, Life::Leaving(_))
                && connection.topics.iter().any(|wanted| wanted == topic)
        };
        let open = self.connections.iter().filter(|(_, connection)| wants(connection));
        let open: Vec<u64> = open.map(|(number, _)| *number).collect();
        if open.is_empty() { None } else { Some(open[self.ids.below(open.len())]) }
    }

    /// A connection said something.
    pub(in crate::dingtalk) fn heard(&mut self, number: u64, text: &str) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        let Some(ack) = Ack::read(text) else {
            connection.odd_frames += 1;
            return;
        };
        let Some(awaited) = connection.awaited.remove(&ack.message) else { return };
        let seq = match &awaited {
            Awaited::Ping(opaque) => {
                connection.pongs += u64::from(ack.data["opaque"] == opaque.as_str());
                return;
            }
            Awaited::Once(seq, _) | Awaited::Event(seq, _) => *seq,
        };
        let is_lost = self.lose_acks > 0;
        self.lose_acks -= u32::from(is_lost);
        if let Some(delivery) = self.log.delivery(seq) {
            (delivery.code, delivery.ack_lost) = (Some(ack.code), is_lost);
        }
        match awaited {
            _ if is_lost => {}
            Awaited::Event(_, id) if ack.settles() => self.events.retain(|event| event.id != id),
            Awaited::Once(_, Some(answer)) => {
                // Who pressed the button may have given up.
                let _ = answer.send((ack.code, ack.data));
            }
            Awaited::Event(..) | Awaited::Once(..) | Awaited::Ping(_) => {}
        }
    }

    /// Lets time pass: pings, farewells, ends, and events that are due again.
    pub(in crate::dingtalk) fn tick(&mut self, rules: &AppRules, now_ms: i64) {
        let Self { ids, app, connections, .. } = self;
        let lives_ms = i64::from(rules.connection_seconds) * 1_000;
        for connection in connections.values_mut() {
            match connection.life {
                Life::Leaving(until) | Life::Silent(Some(until)) if until <= now_ms => {
                    connection.tell(Push::Drop);
                }
                Life::Leaving(_) | Life::Silent(_) => {}
                Life::Open if lives_ms > 0 && connection.since_ms + lives_ms <= now_ms => {
                    connection.farewell(&ids.hex(), app, now_ms);
                }
                Life::Open if connection.next_ping_ms <= now_ms => {
                    let (message, opaque) = (ids.hex(), ids.uuid());
                    let text = headers(&message, &connection.id, app, now_ms).ping(&opaque);
                    connection.next_ping_ms = now_ms + i64::from(rules.ping_seconds.max(1)) * 1_000;
                    if connection.push(text).is_none() {
                        connection.pings += 1;
                        connection.awaited.put(&message, Awaited::Ping(opaque), message.len());
                    }
                }
                Life::Open => {}
            }
        }
        self.pump(rules, now_ms);
    }

    /// Does what a test ordered; how many connections it struck.
    pub(in crate::dingtalk) fn strike(&mut self, fault: &StreamFault, now_ms: i64) -> usize {
        let which = match fault {
            StreamFault::ExpireTickets { next } => {
                self.tickets.expire(*next, now_ms);
                return 0;
            }
            StreamFault::LoseAcks { count } => {
                self.lose_acks = *count;
                return 0;
            }
            StreamFault::RepeatEvents { count } => {
                self.repeat_events = *count;
                return 0;
            }
            StreamFault::Drop { connection }
            | StreamFault::Disconnect { connection }
            | StreamFault::Silence { connection, .. }
            | StreamFault::Garbage { connection }
            | StreamFault::Oversized { connection, .. }
            | StreamFault::Send { connection, .. }
            | StreamFault::Slow { connection, .. } => connection.as_deref(),
        };
        let Self { ids, app, connections, .. } = self;
        let struck = connections.values_mut().filter(|one| which.is_none_or(|id| id == one.id));
        struck.map(|connection| connection.strike(fault, &ids.hex(), app, now_ms)).count()
    }

    /// What there is to see of it.
    pub(in crate::dingtalk) fn describe(&self) -> Value {
        let connections: Vec<Value> = self.connections.values().map(Connection::describe).collect();
        let events = self.events.iter().map(|event| {
            json!({"eventId": event.id, "eventType": event.kind, "attempts": event.attempts})
        });
        json!({
            "connections": connections,
            "tickets": self.tickets.count(),
            "waiting_events": events.collect::<Vec<Value>>(),
            "openings": self.log.openings(),
        })
    }

    /// What was sent and what became of it, oldest first.
    pub(in crate::dingtalk) fn deliveries(&self) -> Vec<Delivery> {
        self.log.deliveries()
    }
}
