//! A robot that says no: the message is kept, the reason is said, and it arrives once that is mended.

use std::time::{Duration, Instant};

use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, KEYWORD, TOKEN, World};
use posbridge::clock::Clock;
use possim::dingtalk::{Fault, FaultAnswer};

/// How long a brain may take to stop with nothing under way.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Sells into a configuration that the robot refuses, checks what `status` says to a person, mends
/// the configuration and starts anew.
fn refused_then_mended(token: &str, keyword: &str, reason: &str) {
    let mut world = World::open(21);
    world.configure(token, keyword);
    world.bridge.start_brain();
    world.sell(Counter::Network);
    let parked = until(SOON, "a parked message", || {
        check(world.bridge.outbox(), |rows| {
            rows.first().is_some_and(|(state, ..)| state == "parked")
        })
    });
    let [(_, 1, Some(said))] = parked.as_slice() else { panic!("one with a reason: {parked:?}") };
    assert!(said.contains(reason), "{said}");
    let shown = world.bridge.posbridge("status", &[]);
    let shown = String::from_utf8(shown.stdout).expect("text");
    assert!(shown.contains("owner: 0 queued, 1 PARKED") && shown.contains(reason), "{shown}");
    assert!(world.mock.messages().is_empty());
    assert_eq!(world.mock.attempts().len(), 1, "a setting is not mended by asking again");

    world.bridge.stop_brain(STOP_LIMIT);
    world.configure(TOKEN, KEYWORD);
    world.bridge.start_brain();
    world.until_settled();
    assert_eq!(world.mock.messages().len(), 1);
}

#[test]
fn a_message_without_the_keyword_waits_and_arrives_once_the_keyword_is_configured() {
    refused_then_mended(TOKEN, "總店", "The message lacks the robot's keyword");
}

#[test]
fn a_message_to_an_unknown_robot_waits_and_arrives_once_the_address_is_configured() {
    let wrong = TOKEN.replace('7', "8");
    refused_then_mended(&wrong, KEYWORD, "Copy the webhook address again");
}

#[test]
fn a_throttled_message_arrives_after_ten_minutes_of_silence() {
    // One virtual time for bridge and robot, fast enough for ten minutes to pass in two seconds.
    let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=300").expect("a clock");
    let mut world = World::with_clock(22, clock.argument());
    assert!(world.mock.script(Fault {
        count: Some(1),
        answer: Some(FaultAnswer::Throttle),
        ..Fault::default()
    }));
    world.bridge.start_brain();
    let began = Instant::now();
    world.sell(Counter::Network);
    world.until_settled();
    assert!(began.elapsed() < SOON, "virtual time, not real: {:?}", began.elapsed());
    let attempts = world.mock.attempts();
    let [refused, taken] = attempts.as_slice() else { panic!("two: {attempts:?}") };
    assert_eq!((&refused.fault, &taken.fault), (&Some(FaultAnswer::Throttle), &None));
    let at = |time: &str| time.parse::<jiff::Timestamp>().expect("RFC 3339").as_second();
    let silence = at(&taken.time) - at(&refused.time);
    // Ten minutes and a fifth, and two seconds of a busy machine.
    assert!((600..=720 + 600).contains(&silence), "{silence} s");
    assert_ne!(refused.msg_uuid, taken.msg_uuid, "said anew, with an identity of its own");
}
