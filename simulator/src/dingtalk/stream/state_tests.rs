//! What the gateway promises, whatever happens in whatever order.

use std::collections::{HashMap, HashSet};

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::connection::Push;
use super::fault::StreamFault;
use super::frame::BOT;
use super::state::{Sending, Stream};
use crate::dingtalk::app::AppRules;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happening {
    Connect,
    Close(usize),
    Ask,
    Event,
    /// The client reads everything and answers so much of it.
    Read(usize, bool),
    Pass(i64),
    Strike(StreamFault),
}

fn happening() -> impl Strategy<Value = Happening> {
    let fault = prop_oneof![
        Just(StreamFault::Drop { connection: None }),
        Just(StreamFault::Disconnect { connection: None }),
        Just(StreamFault::Silence { connection: None, for_ms: Some(5_000) }),
        Just(StreamFault::LoseAcks { count: 2 }),
        Just(StreamFault::RepeatEvents { count: 2 }),
        Just(StreamFault::ExpireTickets { next: 1 }),
    ];
    prop_oneof![
        3 => Just(Happening::Connect),
        1 => (0_usize..8).prop_map(Happening::Close),
        4 => Just(Happening::Ask),
        4 => Just(Happening::Event),
        6 => ((0_usize..8), any::<bool>()).prop_map(|(n, answers)| Happening::Read(n, answers)),
        3 => (1_i64..90_000).prop_map(Happening::Pass),
        1 => fault.prop_map(Happening::Strike),
    ]
}

/// A gateway, its clients, and what they heard.
#[derive(Default)]
struct World {
    stream: Stream,
    rules: AppRules,
    now_ms: i64,
    made: u32,
    clients: Vec<(u64, mpsc::Receiver<Push>)>,
    questions: HashMap<String, u32>,
    /// How often each event had been sent when its answer was heard.
    settled: HashMap<String, usize>,
    events: HashSet<String>,
}

impl World {
    fn name(&mut self) -> String {
        self.made += 1;
        self.made.to_string()
    }

    fn connect(&mut self) {
        let ticket = self.name();
        let topics = vec![BOT.to_owned(), "*".to_owned()];
        let ticket = self.stream.issue(ticket, topics, self.now_ms, 90_000);
        if let Ok((number, pushes)) = self.stream.redeem(&ticket, &self.rules, self.now_ms) {
            self.clients.push((number, pushes));
        }
    }

    fn close(&mut self, at: usize) {
        if at < self.clients.len() {
            let (number, _) = self.clients.remove(at);
            self.stream.closed(number, self.now_ms);
        }
    }

    /// Reads what waits for a client.
    fn read(&mut self, at: usize, answers: bool) {
        let Some((number, pushes)) = self.clients.get_mut(at) else { return };
        let mut ended = false;
        while let Ok(push) = pushes.try_recv() {
            let text = match push {
                Push::Text(text) => text,
                Push::Drop => {
                    ended = true;
                    break;
                }
                Push::Slow(_) | Push::Silence => continue,
            };
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            let headers = &frame["headers"];
            if frame["type"] == "CALLBACK" {
                let data = frame["data"].as_str().expect("a text");
                let data: Value = serde_json::from_str(data).expect("JSON");
                let id = data["id"].as_str().expect("an id").to_owned();
                *self.questions.entry(id).or_default() += 1;
            }
            if answers {
                let message = &headers["messageId"];
                let ack = json!({"code": 200, "headers": {"messageId": message}, "data": ""});
                self.stream.heard(*number, &ack.to_string());
            }
            if let Some(id) = headers["eventId"].as_str() {
                self.events.insert(id.to_owned());
                if !waits(&self.stream, id) {
                    let sent = sent(&self.stream, id);
                    self.settled.entry(id.to_owned()).or_insert(sent);
                }
            }
        }
        if ended {
            self.close(at);
        }
    }
}

/// Whether an event waits to be answered.
fn waits(stream: &Stream, id: &str) -> bool {
    let waiting = stream.describe()["waiting_events"].clone();
    waiting.as_array().is_some_and(|all| all.iter().any(|one| one["eventId"] == id))
}

/// How often an event was sent.
fn sent(stream: &Stream, id: &str) -> usize {
    stream.deliveries().iter().filter(|one| one.id == id).count()
}

proptest! {
    #[test]
    fn a_question_comes_at_most_once_and_an_event_until_it_is_answered_and_then_never(
        happenings in proptest::collection::vec(happening(), 0..120),
    ) {
        let mut world = World::default();
        let mut events = HashSet::new();
        for happening in happenings {
            match happening {
                Happening::Connect => world.connect(),
                Happening::Close(at) => world.close(at),
                Happening::Ask => {
                    let id = world.name();
                    let data = json!({"id": id});
                    let sending = Sending { kind: "bot", topic: BOT, id: &id, data: &data, answer: None };
                    world.stream.send(sending, world.now_ms);
                }
                Happening::Event => {
                    let id = world.name();
                    world.stream.happened(&id, "bpms_task_change", &json!({}), world.now_ms);
                    world.stream.pump(&world.rules, world.now_ms);
                    events.insert(id);
                }
                Happening::Read(at, answers) => world.read(at, answers),
                Happening::Pass(ms) => {
                    world.now_ms += ms;
                    world.stream.tick(&world.rules, world.now_ms);
                }
                Happening::Strike(fault) => {
                    world.stream.strike(&fault, world.now_ms);
                }
            }
            prop_assert!(world.questions.values().all(|times| *times == 1));
        }
        // A client that listens and answers in the end hears of every event.
        world.stream.strike(&StreamFault::Drop { connection: None }, world.now_ms);
        world.stream.strike(&StreamFault::LoseAcks { count: 0 }, world.now_ms);
        world.stream.strike(&StreamFault::ExpireTickets { next: 0 }, world.now_ms);
        while !world.clients.is_empty() {
            world.close(0);
        }
        world.connect();
        for _ in 0..3 {
            world.now_ms += 60_000;
            world.stream.tick(&world.rules, world.now_ms);
            world.read(0, true);
        }
        prop_assert!(world.stream.describe()["waiting_events"] == json!([]));
        for (id, times) in &world.settled {
            prop_assert!(sent(&world.stream, id) == *times, "{} came after its answer", id);
        }
        prop_assert!(events.is_subset(&world.events));
    }
}

#[test]
fn a_client_that_reads_nothing_costs_a_bounded_queue() {
    let mut world = World::default();
    world.connect();
    let lost = (0..1_000).filter(|n| {
        let (id, data) = (n.to_string(), json!({"id": n.to_string()}));
        let sending = Sending { kind: "bot", topic: BOT, id: &id, data: &data, answer: None };
        !world.stream.send(sending, 0)
    });
    assert_eq!(lost.count(), 1_000 - 256);
    let sent = world.stream.deliveries();
    assert_eq!(sent.iter().filter(|one| one.lost == Some("full")).count(), 744);
}
