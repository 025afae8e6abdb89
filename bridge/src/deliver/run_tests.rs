//! Delivery end to end: a real journal, real HTTP, virtual time.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::clock::Clock;
use crate::config::Admin;
use crate::deliver::WINDOW_SENDS;
use crate::deliver::bench::{
    BAD_WORDS, Bench, Counts, NO_TOKEN, OK, THROTTLED, asked, has, server, started_ms,
};
use crate::health::Health;
use crate::journal::{Begin, Frozen, Journal, JournalReader, OutboxState};
use crate::secret::Secret;

#[tokio::test]
async fn urgent_notices_go_first_and_each_goes_once() {
    let server = server(&[OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1, -2, 3]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 3)).await;
    let asked = asked(&server).await;
    for (at, order) in ["#-2", "#1", "#3"].iter().enumerate() {
        assert!(asked[at].1.contains(&format!("New Order: {order}, Amount HK$36.00")), "{asked:?}");
        assert!(asked[at].1.contains("till"), "the keyword: {asked:?}");
    }
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn the_attempt_and_its_request_are_on_disk_before_a_byte_is_sent() {
    let server = MockServer::start().await;
    let bench = Bench::new(&[("owner", &server)]);
    let path = bench.path();
    let respond = move |request: &Request| {
        let conn = rusqlite::Connection::open(&path).expect("a journal");
        let sql = "SELECT o.state, o.body, a.finished_ms IS NULL
                   FROM attempt a JOIN outbox o ON o.id = a.outbox_id";
        let on_disk: (String, String, bool) = conn
            .query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .expect("one attempt, committed");
        let sent = String::from_utf8(request.body.clone()).expect("UTF-8");
        let answer = if on_disk == ("sending".to_owned(), sent, true) { OK } else { BAD_WORDS };
        ResponseTemplate::new(200).set_body_string(answer)
    };
    Mock::given(method("POST")).respond_with(respond).mount(&server).await;
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 1)).await;
}

#[tokio::test]
async fn after_an_unknown_outcome_the_same_request_goes_again() {
    let server = server(&["who knows", "who knows", OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 1)).await;
    let asked = asked(&server).await;
    assert_eq!((asked.len(), asked.iter().collect::<BTreeSet<_>>().len()), (3, 1));
    let at = started_ms(&bench.path());
    assert!(at[1] - at[0] >= 2_000 && at[2] - at[1] >= 5_000, "{at:?}");
}

#[tokio::test]
async fn a_throttled_robot_is_silent_for_ten_minutes_and_then_asks_anew() {
    let server = server(&[THROTTLED, OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[-1, -2]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 2)).await;
    let asked = asked(&server).await;
    assert_eq!((asked.len(), asked.iter().map(|a| &a.0).collect::<BTreeSet<_>>().len()), (3, 3));
    let at = started_ms(&bench.path());
    assert!(at[1] - at[0] >= 600_000, "the second notice waits too: {at:?}");
}

#[tokio::test]
async fn a_parked_robot_keeps_its_notices_and_holds_up_no_other() {
    let (bad, good) = (server(&[NO_TOKEN]).await, server(&[OK]).await);
    let bench = Bench::new(&[("bad", &bad), ("good", &good)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "bad", &[1, 2]).await;
    let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
    let delivery = bench.run(&journal, stopped, &health);
    let (delivered, ()) = tokio::join!(delivery, async {
        bench.settled(|c| has(c, "bad", OutboxState::Parked, 2)).await;
        bench.sell(&journal, "good", &[3]).await;
        bench.sell(&journal, "bad", &[4]).await;
        // The sale, and the alarm that the other robot needs a person.
        let both = |c: &Counts| {
            has(c, "bad", OutboxState::Parked, 3) && has(c, "good", OutboxState::Delivered, 2)
        };
        bench.settled(both).await;
        stop.send(true).expect("still running");
    });
    delivered.expect("a journal");
    assert_eq!(asked(&bad).await.len(), 1, "one try tells for the whole queue");
    let reader = JournalReader::open(&bench.path()).expect("opens");
    for row in reader.outbox(OutboxState::Parked, 10).expect("reads") {
        assert!(row.reason.is_some_and(|reason| reason.contains("Copy the webhook address")));
    }
}

#[tokio::test]
async fn a_new_notice_ends_a_nap() {
    let server = server(&[OK]).await;
    let mut bench = Bench::new(&[("other", &server), ("owner", &server)]);
    // In real time a nap outlasts the test, so only the bell can end it.
    bench.clock = Clock::real();
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1]).await;
    let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
    let delivery = bench.run(&journal, stopped, &health);
    let (delivered, ()) = tokio::join!(delivery, async {
        bench.settled(|c| has(c, "owner", OutboxState::Delivered, 1)).await;
        bench.sell(&journal, "owner", &[2]).await;
        bench.settled(|c| has(c, "owner", OutboxState::Delivered, 2)).await;
        stop.send(true).expect("still running");
    });
    delivered.expect("a journal");
}

#[tokio::test]
async fn refused_content_is_set_aside_and_the_next_one_goes() {
    let server = server(&[BAD_WORDS, OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[-1, -2]).await;
    let done = |c: &Counts| {
        has(c, "owner", OutboxState::Dead, 1) && has(c, "owner", OutboxState::Delivered, 1)
    };
    bench.deliver(&journal, done).await;
}

#[tokio::test]
async fn a_crash_between_sending_and_recording_repeats_the_same_request() {
    let server = server(&[OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1]).await;
    let body = r#"{"msgtype":"text","msgUuid":"u-1","text":{"content":"frozen"}}"#.to_owned();
    let frozen = Frozen { msg_uuid: "u-1".into(), body: body.clone() };
    let (carrier, now_ms) = ("owner".to_owned(), bench.clock.wall_ms());
    let begin = Begin { outbox_id: 1, carrier, frozen, now_ms };
    journal.begin(begin).await.expect("writes").expect("queued");
    drop(journal);

    let journal = Journal::open(&bench.path()).expect("opens again");
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 1)).await;
    assert_eq!(asked(&server).await, [("u-1".to_owned(), body)]);
    assert_eq!(started_ms(&bench.path()).len(), 2);
}

#[tokio::test]
async fn a_burst_stays_within_the_budget_also_over_a_restart() {
    let server = server(&[OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    // Urgent ones do not merge.
    let numbers: Vec<i64> = (1..=40).map(|n| -n).collect();
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &numbers).await;
    let some = |c: &Counts| {
        c.iter().any(|(_, state, count)| *state == OutboxState::Delivered && *count >= 5)
    };
    bench.deliver(&journal, some).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 40)).await;
    let at = started_ms(&bench.path());
    assert_eq!(at.len(), 40);
    for window in at.windows(WINDOW_SENDS + 1) {
        assert!(window[WINDOW_SENDS] - window[0] >= 60_000, "{window:?}");
    }
}

#[tokio::test]
async fn a_robot_that_cannot_be_used_parks_its_queue_with_the_reason() {
    let server = server(&[OK]).await;
    let mut bench = Bench::new(&[("owner", &server)]);
    bench.config.robots[0].ca_file = Some(bench.dir.path().join("missing.pem"));
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Parked, 1)).await;
    let reader = JournalReader::open(&bench.path()).expect("opens");
    let parked = reader.outbox(OutboxState::Parked, 1).expect("reads");
    assert!(parked[0].reason.as_deref().is_some_and(|r| r.contains("missing.pem")), "{parked:?}");
    assert_eq!(asked(&server).await.len(), 0);
}

#[tokio::test]
async fn sales_that_wait_go_together_and_urgent_ones_alone() {
    let server = server(&[OK]).await;
    let bench = Bench::new(&[("owner", &server)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1, 2, 3, 4, 5, 6, 7, -8]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 8)).await;
    let asked = asked(&server).await;
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].1.contains("#-8"), "{asked:?}");
    for number in 1..=7 {
        assert!(asked[1].1.contains(&format!("#{number}")), "{asked:?}");
    }
    assert!(asked[1].1.contains("till"), "the keyword: {asked:?}");
}

#[tokio::test]
async fn urgent_ones_go_through_another_robot_of_the_pool_while_one_is_in_penalty() {
    let (throttled, free) = (server(&[THROTTLED]).await, server(&[OK]).await);
    let mut bench = Bench::new(&[("owner", &throttled), ("more", &free)]);
    bench.config.robots[1].pool = Some("owner".into());
    bench.config.robots[1].keywords = vec!["desk".into()];
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[-1, -2]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 2)).await;
    let (first, others) = (asked(&throttled).await, asked(&free).await);
    assert_eq!((first.len(), others.len()), (1, 2));
    assert_ne!(first[0].0, others[0].0, "a definite refusal is said anew");
    assert!(first[0].1.contains("till") && others[0].1.contains("desk"), "{others:?}");
    let at = started_ms(&bench.path());
    assert!(at[2] - at[0] < 60_000, "within the minute: {at:?}");
}

#[tokio::test]
async fn a_pool_with_one_robot_out_tells_digests_through_the_other() {
    let (gone, free) = (server(&[NO_TOKEN]).await, server(&[OK]).await);
    let mut bench = Bench::new(&[("owner", &gone), ("more", &free)]);
    bench.config.robots[1].pool = Some("owner".into());
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1, 2, 3, 4, 5, 6, 7]).await;
    // The sales, and the alarm about the robot that is out.
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 8)).await;
    let asked = asked(&free).await;
    assert_eq!((asked.len(), gone.received_requests().await.expect("recorded").len()), (2, 1));
    assert!(asked[0].1.contains("300005") && asked[1].1.contains("#7"), "{asked:?}");
}

#[tokio::test]
async fn a_message_that_may_have_arrived_stays_with_its_robot() {
    let (mute, free) = (server(&["who knows", "who knows", OK]).await, server(&[OK]).await);
    let mut bench = Bench::new(&[("owner", &mute), ("more", &free)]);
    bench.config.robots[1].pool = Some("owner".into());
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[-1]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 1)).await;
    let asked = asked(&mute).await;
    assert_eq!((asked.len(), asked.iter().collect::<BTreeSet<_>>().len()), (3, 1));
    assert_eq!(free.received_requests().await.expect("recorded").len(), 0);
}

#[tokio::test]
async fn a_banned_address_silences_every_robot_of_the_machine() {
    let banned = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#;
    let (first, second) = (server(&[banned, OK]).await, server(&[OK]).await);
    let bench = Bench::new(&[("first", &first), ("second", &second)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "first", &[-1]).await;
    let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
    let delivery = bench.run(&journal, stopped, &health);
    let (delivered, ()) = tokio::join!(delivery, async {
        bench.settled_on(&first, 1).await;
        bench.settled(|c| has(c, "first", OutboxState::Queued, 1)).await;
        bench.sell(&journal, "second", &[-2]).await;
        bench.settled(|c| has(c, "second", OutboxState::Delivered, 1)).await;
        bench.settled(|c| has(c, "first", OutboxState::Delivered, 1)).await;
        stop.send(true).expect("still running");
    });
    delivered.expect("a journal");
    let at = started_ms(&bench.path());
    assert!(at[1] - at[0] >= 5 * 60_000 && at[2] - at[0] >= 5 * 60_000, "{at:?}");
    assert_eq!(asked(&first).await[0], asked(&first).await[1], "nobody looked at it");
}

#[tokio::test]
async fn a_robot_set_anew_while_running_sends_what_was_parked_old_sales_as_one_message() {
    let (dead, anew, tech) = (server(&[NO_TOKEN]).await, server(&[OK]).await, server(&[OK]).await);
    let mut bench = Bench::new(&[("owner", &dead), ("tech", &tech)]);
    bench.config.admin = Some(Admin { robot: "owner".into(), mention: Vec::new() });
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[1, 2, -3]).await;
    let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
    let delivery = bench.run(&journal, stopped, &health);
    let (delivered, ()) = tokio::join!(delivery, async {
        bench.settled(|c| has(c, "owner", OutboxState::Parked, 3)).await;
        bench.settled(|c| has(c, "tech", OutboxState::Delivered, 1)).await;
        let hour = Duration::from_hours(1);
        bench.clock.sleep(hour).await;
        let url = format!("{}/robot/send?access_token=tok-0002", anew.uri());
        bench.change(|config| config.robots[0].url = Secret::new(url));
        bench.settled(|c| has(c, "owner", OutboxState::Delivered, 3)).await;
        stop.send(true).expect("still running");
    });
    delivered.expect("a journal");
    assert_eq!(asked(&dead).await.len(), 1, "one try tells for the whole queue");
    let told = asked(&tech).await;
    assert!(told[0].1.contains("owner") && told[0].1.contains("300005"), "{told:?}");
    let sent = asked(&anew).await;
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[0].1.contains("#-3"), "{sent:?}");
    assert!(sent[1].1.contains("#1") && sent[1].1.contains("#2"), "{sent:?}");
}

#[tokio::test]
async fn a_send_test_that_arrived_frees_what_was_parked() {
    let mended = server(&[NO_TOKEN, OK]).await;
    let bench = Bench::new(&[("owner", &mended)]);
    let journal = Journal::open(&bench.path()).expect("opens");
    bench.sell(&journal, "owner", &[-1]).await;
    let (health, (stop, stopped)) = (Health::default(), watch::channel(false));
    let delivery = bench.run(&journal, stopped, &health);
    let (delivered, ()) = tokio::join!(delivery, async {
        bench.settled(|c| has(c, "owner", OutboxState::Parked, 1)).await;
        bench.revival.works("owner");
        bench.settled(|c| has(c, "owner", OutboxState::Delivered, 1)).await;
        stop.send(true).expect("still running");
    });
    delivered.expect("a journal");
}

#[tokio::test]
async fn a_month_that_is_nearly_used_up_is_told_once() {
    let server = server(&[OK]).await;
    let mut bench = Bench::new(&[("owner", &server)]);
    bench.config.dingtalk.monthly_quota = 10;
    let journal = Journal::open(&bench.path()).expect("opens");
    for _ in 0..9 {
        journal
            .count_call("owner", "delivered", "send-test", bench.clock.wall_ms())
            .await
            .expect("writes");
    }
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 1)).await;
    bench.sell(&journal, "owner", &[-1]).await;
    bench.deliver(&journal, |c| has(c, "owner", OutboxState::Delivered, 2)).await;
    let asked = asked(&server).await;
    assert_eq!(
        asked.len(),
        2,
        "an urgent one is never silenced, the alarm is told once: {asked:?}"
    );
    assert!(asked[0].1.contains("10") && asked[1].1.contains("#-1"), "{asked:?}");
}
