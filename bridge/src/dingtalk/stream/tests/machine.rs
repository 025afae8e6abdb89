//! The protocol's deadlines: signs of life, silence, presses.

use std::time::Duration;

use serde_json::{Value, json};

use super::model::{LIMITS, card, event, protocol};
use crate::dingtalk::stream::action::{Action, Delivery, Leave, Said, Ticket};
use crate::dingtalk::stream::callback::CardReply;
use crate::dingtalk::stream::protocol::Protocol;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ping(protocol: &mut Protocol, now: Duration) {
    let frame = json!({ "type": "SYSTEM", "headers": { "topic": "ping", "messageId": "m1" },
        "data": "{\"opaque\":\"o\"}" });
    let actions = protocol.receive(now, &frame.to_string(), true);
    let [Action::Send(text)] = actions.as_slice() else { panic!("{actions:?}") };
    let ack: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(
        (&ack["data"], &ack["headers"]["messageId"]),
        (&json!("{\"opaque\":\"o\"}"), &json!("m1"))
    );
}

#[test]
fn a_dead_connection_is_left_within_its_bound() {
    let mut protocol = protocol();
    protocol.connected(s(100));
    assert_eq!(protocol.deadline(), Some(s(100) + LIMITS.quiet));
    assert_eq!(protocol.tick(s(159)), []);
    assert_eq!(protocol.tick(s(160)), [Action::Probe]);
    assert_eq!(protocol.deadline(), Some(s(160) + LIMITS.pong));
    assert_eq!(protocol.tick(s(169)), []);
    assert_eq!(protocol.tick(s(170)), [Action::Leave(Leave::Dead)]);
    protocol.heard(s(170));
    assert_eq!(protocol.tick(s(171)), [], "a sign of life makes it good");
}

#[test]
fn a_gateway_that_pinged_and_stopped_is_left_though_something_answers_for_it() {
    let mut protocol = protocol();
    protocol.connected(s(0));
    ping(&mut protocol, s(40));
    ping(&mut protocol, s(100));
    // Signs of life go on, frames do not.
    let mut left = None;
    for at in 101..2_000 {
        protocol.heard(s(at));
        if protocol.tick(s(at)).contains(&Action::Leave(Leave::Silent)) {
            left = Some(at);
            break;
        }
    }
    assert_eq!(left, Some(100 + 4 * 60), "four times its longest pause");

    protocol.connected(s(3_000));
    let last = s(3_000) + LIMITS.silence;
    protocol.heard(last);
    assert_eq!(protocol.tick(last), [Action::Leave(Leave::Silent)], "one that never pinged");
}

#[test]
fn a_gateway_that_says_goodbye_is_left_at_once() {
    let mut protocol = protocol();
    protocol.connected(s(0));
    let bye = json!({ "type": "SYSTEM", "headers": { "topic": "disconnect" },
        "data": "{\"reason\":\"connection is expired\"}" });
    let actions = protocol.receive(s(1), &bye.to_string(), true);
    assert_eq!(actions, [Action::Leave(Leave::Asked)]);
    for topic in ["CONNECTED", "REGISTERED", "KEEPALIVE", "later"] {
        let frame = json!({ "type": "SYSTEM", "headers": { "topic": topic } });
        assert_eq!(protocol.receive(s(1), &frame.to_string(), true), []);
    }
}

fn press(protocol: &mut Protocol, now: Duration, id: &str) -> Ticket {
    let actions = protocol.receive(now, &card(id), true);
    let [Action::Deliver(Delivery::Card(_, ticket))] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    ticket.clone()
}

fn data(text: &str) -> Value {
    let ack: Value = serde_json::from_str(text).expect("JSON");
    serde_json::from_str(ack["data"].as_str().expect("a string")).expect("JSON")
}

#[test]
fn a_press_is_answered_in_time_or_with_nothing() {
    let mut protocol = protocol();
    protocol.connected(s(0));
    let (quick, slow) = (press(&mut protocol, s(1), "p1"), press(&mut protocol, s(1), "p2"));
    let reply = CardReply { card: [("state".into(), "ok".into())].into(), ..CardReply::default() };
    let sent = protocol.answer(&quick, &Said::Card(reply.clone())).expect("in time");
    assert_eq!(data(&sent)["response"]["cardData"]["cardParamMap"]["state"], "ok");

    let due = protocol.deadline().expect("p2 waits");
    assert_eq!(due, s(1) + LIMITS.card);
    let actions = protocol.tick(due);
    let [Action::Send(text)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(data(text), json!({ "response": {} }));
    assert_eq!(protocol.answer(&slow, &Said::Card(reply)), None, "too late");

    let again = protocol.receive(s(9), &card("p1"), true);
    let [Action::Send(text)] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!(data(text)["response"]["cardData"]["cardParamMap"]["state"], "ok", "the same again");
}

#[test]
fn an_answer_goes_back_by_the_connection_it_belongs_to_or_not_at_all() {
    let mut protocol = protocol();
    protocol.connected(s(0));
    let actions = protocol.receive(s(1), &event(1, 1), true);
    let [Action::Deliver(Delivery::Event(_, ticket))] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    let pressed = press(&mut protocol, s(1), "p1");
    protocol.disconnected();
    protocol.connected(s(2));
    assert_eq!(protocol.answer(ticket, &Said::Done), None, "that message was the old one's");
    let again = protocol.receive(s(3), &event(1, 2), true);
    let [Action::Send(text)] = again.as_slice() else { panic!("{again:?}") };
    assert!(text.contains("SUCCESS") && text.contains("f2"), "{text}");

    assert_eq!(protocol.receive(s(2), &card("p1"), true), [], "its answer is on the way");
    let sent = protocol.answer(&pressed, &Said::Card(CardReply::default()));
    assert!(sent.is_some(), "by the connection that asked last");
}
