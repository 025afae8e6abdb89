//! The outbox's buttons, pressed over the socket.

use pos_protocol::event::Event;

use crate::journal::{Batch, JournalReader, NewNotice, OutboxState, event_for_tests};
use crate::web::harness::{Shown, shown};

/// Events told to `owner`, all of them parked.
async fn parked(page: &Shown, count: u8) -> Vec<Event> {
    let (journal, now_ms) = (page.desk.journal.clone(), page.desk.clock.wall_ms());
    let events: Vec<Event> = (1..=count).map(|nth| event_for_tests(nth.into())).collect();
    let notices = events.iter().map(|event| NewNotice {
        event_id: event.id,
        robot: "owner".into(),
        urgent: false,
        created_ms: now_ms,
    });
    let batch = Batch { events: events.clone(), notices: notices.collect(), ..Batch::default() };
    let kept = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
    kept.expect("no panic").expect("kept");
    page.desk.journal.park("owner", None, "the token is gone").await.expect("parked");
    events
}

fn states(page: &Shown) -> Vec<OutboxState> {
    let reader = JournalReader::open(page.desk.journal.path()).expect("opens");
    (1..=3).filter_map(|id| reader.notice(id).expect("reads")).map(|row| row.state).collect()
}

#[tokio::test]
async fn one_message_or_a_whole_queue_is_tried_again() {
    use OutboxState::{Parked, Queued};
    let page = shown(None).await;
    parked(&page, 3).await;
    let told = page.get("/outbox", &[]).await;
    let (cookie, token) = (told.cookie().expect("a cookie"), told.token().expect("a token"));
    let one = page.post("/outbox/retry", cookie, &format!("token={token}&id=2")).await;
    assert_eq!((one.code, one.header("location")), (303, Some("/outbox?done=retry&count=1")));
    assert_eq!(states(&page), [Parked, Queued, Parked]);
    let all = page.post("/outbox/retry", cookie, &format!("token={token}&robot=owner")).await;
    assert_eq!(all.header("location"), Some("/outbox?done=retry&count=3"));
    assert_eq!(states(&page), [Queued, Queued, Queued]);
    let said = page.get("/outbox?done=retry&count=3", &[]).await;
    assert!(said.body.contains("Due at once: 3."), "{}", said.body);
    for form in ["", "&id=x", "&id=1&robot=owner"] {
        let wrong = page.post("/outbox/retry", cookie, &format!("token={token}{form}")).await;
        assert_eq!(wrong.code, 400, "{form}");
    }
    let none = page.post("/outbox/retry", cookie, &format!("token={token}&id=99")).await;
    assert_eq!(none.header("location"), Some("/outbox?done=retry&count=0"));
    page.end().await;
}

#[tokio::test]
async fn a_message_is_dropped_once_somebody_has_read_what_is_lost_and_said_why() {
    let page = shown(None).await;
    let events = parked(&page, 1).await;
    let asked = page.get("/outbox/drop?id=1", &[]).await;
    assert!(asked.code == 200 && asked.body.contains("nobody in the group is told"), "{asked:?}");
    assert!(asked.body.contains(&events[0].id.to_string()), "which one");
    assert_eq!(states(&page), [OutboxState::Parked], "asking changes nothing");
    let (cookie, token) = (asked.cookie().expect("a cookie"), asked.token().expect("a token"));
    let silent = page.post("/outbox/drop", cookie, &format!("token={token}&id=1&why=+")).await;
    assert_eq!((silent.code, states(&page)), (400, vec![OutboxState::Parked]));
    let form = format!("token={token}&id=1&why=told+by+telephone");
    let done = page.post("/outbox/drop", cookie, &form).await;
    assert_eq!(done.header("location"), Some("/outbox?done=drop&count=1"));
    assert_eq!(states(&page), [OutboxState::Dropped]);
    let gone = page.get("/outbox/drop?id=1", &[]).await;
    assert!(gone.body.contains("cannot be dropped") && !gone.body.contains("name=\"why\""));
    for path in ["/outbox/drop", "/outbox/drop?id=x", "/outbox/drop?id=9"] {
        assert_eq!(page.get(path, &[]).await.code, 404, "{path}");
    }
    page.end().await;
}
