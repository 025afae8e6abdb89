//! The protocol under any order of frames, answers, connections and time: what is handed over, and
//! what is acknowledged, is what the table of the module says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::dingtalk::stream::MAX_OPEN;
use crate::dingtalk::stream::action::{Action, Delivery, Leave, Limits, Said, Ticket};
use crate::dingtalk::stream::callback::CardReply;
use crate::dingtalk::stream::protocol::Protocol;

pub(super) const LIMITS: Limits = Limits {
    quiet: Duration::from_mins(1),
    pong: Duration::from_secs(10),
    silence: Duration::from_mins(30),
    least_silence: Duration::from_mins(2),
    card: Duration::from_millis(1_500),
};

pub(super) fn protocol() -> Protocol {
    Protocol::new(LIMITS, |_| true)
}

/// A question with the id `n`, in a frame of its own.
pub(super) fn bot(n: u32, frame: u64) -> String {
    let data = json!({ "msgId": format!("q{n}"), "conversationId": "c", "senderId": "s",
        "senderStaffId": "u1", "conversationType": "2", "msgtype": "text",
        "text": { "content": " today" } });
    callback("/v1.0/im/bot/messages/get", &format!("f{frame}"), &data)
}

/// A press in the frame `id`.
pub(super) fn card(id: &str) -> String {
    let content = json!({ "cardPrivateData": { "actionIds": ["1"], "params": {} } });
    let data = json!({ "outTrackId": "card-1", "userId": "u1", "content": content.to_string() });
    callback("/v1.0/card/instances/callback", id, &data)
}

pub(crate) fn callback(topic: &str, id: &str, data: &Value) -> String {
    let headers = json!({ "topic": topic, "messageId": id, "contentType": "application/json" });
    json!({ "specVersion": "1.0", "type": "CALLBACK", "headers": headers,
        "data": data.to_string() })
    .to_string()
}

/// An event with the id `n`, in a frame of its own.
pub(super) fn event(n: u32, frame: u64) -> String {
    let headers = json!({ "topic": "*", "messageId": format!("f{frame}"),
        "eventId": format!("e{n}"), "eventType": "bpms_instance_change", "eventCorpId": "c",
        "eventBornTime": "1683533823336" });
    json!({ "type": "EVENT", "headers": headers, "data": "{\"processInstanceId\":\"p\"}" })
        .to_string()
}

#[derive(Clone, Debug)]
enum Step {
    Bot(u32, bool),
    Card(u32),
    Event(u32, bool),
    Garbage(String),
    Answer(usize, bool),
    Later(u64),
    Reconnect,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_u32..6, prop::bool::weighted(0.8)).prop_map(|(n, room)| Step::Bot(n, room)),
        2 => (0_u32..6).prop_map(Step::Card),
        4 => (0_u32..6, prop::bool::weighted(0.8)).prop_map(|(n, room)| Step::Event(n, room)),
        1 => "\\PC{0,20}".prop_map(Step::Garbage),
        4 => (0_usize..8, any::<bool>()).prop_map(|(at, done)| Step::Answer(at, done)),
        2 => (1_u64..40_000).prop_map(Step::Later),
        1 => Just(Step::Reconnect),
    ]
}

/// What is held of the protocol while it runs.
#[derive(Default)]
struct Model {
    asked: BTreeSet<String>,
    done: BTreeSet<String>,
    open: BTreeMap<String, Ticket>,
    presses: BTreeSet<String>,
}

impl Model {
    fn check(&mut self, actions: &[Action]) {
        for action in actions {
            match action {
                Action::Deliver(Delivery::Bot(message)) => {
                    assert!(self.asked.insert(message.id.clone()), "a question came twice");
                }
                Action::Deliver(Delivery::Card(action, ticket)) => {
                    assert!(self.presses.insert(action.id.clone()), "a press came twice");
                    self.open.insert(format!("card {}", action.id), ticket.clone());
                }
                Action::Deliver(Delivery::Event(event, ticket)) => {
                    assert!(!self.done.contains(&event.id), "an event came after it was done");
                    let before = self.open.insert(format!("event {}", event.id), ticket.clone());
                    assert!(before.is_none(), "an event came while its work was under way");
                }
                Action::Send(_) | Action::Probe | Action::Leave(_) => {}
            }
        }
    }
}

fn acks(actions: &[Action]) -> Vec<Value> {
    let sent = actions.iter().filter_map(|action| match action {
        Action::Send(text) => Some(serde_json::from_str(text).expect("JSON")),
        _ => None,
    });
    sent.collect()
}

proptest! {
    #[test]
    fn a_question_is_handed_over_once_and_an_event_until_it_is_done(
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let (mut protocol, mut model) = (protocol(), Model::default());
        let (mut now, mut frame) = (Duration::ZERO, 0_u64);
        protocol.connected(now);
        for step in steps {
            frame += 1;
            match step {
                Step::Bot(n, room) => {
                    let actions = protocol.receive(now, &bot(n, frame), room);
                    model.check(&actions);
                    let sent = acks(&actions);
                    prop_assert_eq!(sent.len(), 1, "each is acknowledged once");
                    let known = model.asked.contains(&format!("q{n}"));
                    prop_assert_eq!(sent[0]["code"] == 200, known, "and only what was taken");
                }
                Step::Card(n) => {
                    let actions = protocol.receive(now, &card(&format!("p{n}")), true);
                    model.check(&actions);
                }
                Step::Event(n, room) => {
                    let actions = protocol.receive(now, &event(n, frame), room);
                    model.check(&actions);
                    let done = model.done.contains(&format!("e{n}"));
                    for ack in acks(&actions) {
                        let success = ack["data"].as_str().is_some_and(|d| d.contains("SUCCESS"));
                        prop_assert_eq!(success, done, "nothing is acknowledged that is not done");
                    }
                }
                Step::Garbage(text) => model.check(&protocol.receive(now, &text, true)),
                Step::Answer(at, done) => {
                    let Some(name) = model.open.keys().nth(at).cloned() else { continue };
                    let ticket = model.open.remove(&name).expect("it was there");
                    let event = name.strip_prefix("event ");
                    let said = match (event, done) {
                        (None, _) => Said::Card(CardReply::default()),
                        (Some(_), false) => Said::Later,
                        (Some(id), true) => {
                            model.done.insert(id.to_owned());
                            Said::Done
                        }
                    };
                    protocol.answer(&ticket, &said);
                }
                Step::Later(ms) => {
                    now += Duration::from_millis(ms);
                    let actions = protocol.tick(now);
                    model.check(&actions);
                    // Whatever is to be done next lies ahead.
                    let left = actions.iter().any(|action| matches!(action, Action::Leave(_)));
                    prop_assert!(left || protocol.deadline().is_none_or(|next| next > now));
                }
                Step::Reconnect => {
                    protocol.disconnected();
                    protocol.connected(now);
                }
            }
        }
    }
}

#[test]
fn no_more_is_open_than_the_cap_and_an_event_beyond_it_is_put_off() {
    let (mut protocol, now) = (protocol(), Duration::ZERO);
    protocol.connected(now);
    let most = u32::try_from(MAX_OPEN).expect("small");
    let mut tickets = Vec::new();
    for n in 0..most {
        let actions = protocol.receive(now, &event(n, u64::from(n)), true);
        let [Action::Deliver(Delivery::Event(_, ticket))] = actions.as_slice() else {
            panic!("{actions:?}")
        };
        tickets.push(ticket.clone());
    }
    let actions = protocol.receive(now, &event(most, 9_999), true);
    let ack = &acks(&actions)[0];
    assert!(ack["data"].as_str().expect("text").contains("LATER"), "{ack}");
    protocol.answer(&tickets[0], &Said::Done).expect("acknowledged");
    let actions = protocol.receive(now, &event(most, 10_000), true);
    assert!(matches!(actions[0], Action::Deliver(_)), "it came again, and there is room");
}

#[test]
fn nonsense_is_borne_for_a_while_and_one_frame_makes_it_good() {
    let (mut protocol, now) = (protocol(), Duration::ZERO);
    protocol.connected(now);
    for _ in 0..50 {
        assert_eq!(protocol.receive(now, "{", true), []);
    }
    let ping = json!({ "type": "SYSTEM", "headers": { "topic": "ping", "messageId": "m" } });
    assert_eq!(acks(&protocol.receive(now, &ping.to_string(), true)).len(), 1);
    for _ in 0..50 {
        assert_eq!(protocol.unreadable(now), []);
    }
    assert_eq!(protocol.unreadable(now), [Action::Leave(Leave::Garbage)]);
}
