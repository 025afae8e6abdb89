//! The way of a question: what is said while the journal is busy, and where an answer goes that comes
//! late.

use std::sync::Arc;
use std::sync::mpsc;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::run::take;
use super::samples::{CAFE, Place, message};
use crate::app::Nobody;
use crate::dingtalk::stream::{BotMessage, SessionWebhook};
use crate::journal::{JournalReader, OutboxState};

const GROUP: &str = "group = \"收銀群組\"\n";

async fn session() -> MockServer {
    let server = MockServer::start().await;
    let answers = Mock::given(method("POST"))
        .and(path("/robot/sendBySession"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "errcode": 0 })));
    answers.mount(&server).await;
    server
}

/// The café, whose application's interface is `server`.
fn cafe(server: &MockServer, more: &str) -> Place {
    Place::of(&(CAFE.replace("http://127.0.0.1:9\"", &format!("{}\"", server.uri())) + more))
}

fn asked(server: &MockServer, who: &str, text: &str, expires_ms: i64) -> BotMessage {
    let url = format!("{}/robot/sendBySession?session=1", server.uri());
    let reply = Some(SessionWebhook::new(url, expires_ms));
    BotMessage { reply, ..message(who, Some("收銀群組"), text) }
}

/// What the group was told by the addresses of its questions.
async fn told(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.expect("they are kept");
    let bodies = requests.iter().map(|request| {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        body["markdown"]["text"].as_str().expect("Markdown").to_owned()
    });
    bodies.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_journal_is_busy_a_question_is_answered_and_a_change_told_to_be_late_then_done() {
    let server = session().await;
    let place = Arc::new(cafe(&server, ""));
    // The writer does one thing at a time: this one takes as long as we like.
    let (free, busy) = mpsc::channel::<()>();
    let (started, busy_now) = tokio::sync::oneshot::channel();
    let journal = place.hall.journal.clone();
    let blocked = tokio::spawn(async move {
        let hold = move |_: &dyn crate::journal::Rows| {
            started.send(()).expect("somebody waits");
            busy.recv().expect("it is let go");
            Ok(Vec::new())
        };
        journal.look_for(1_795_240_800_000, hold).await.expect("a journal")
    });
    busy_now.await.expect("it began");

    take(&asked(&server, "ann", "takings today", i64::MAX), &place.hall, &Nobody).await;
    let said = told(&server).await;
    assert!(said.len() == 1 && said[0].contains("HK$"), "{said:?}");

    let set = asked(&server, "boss", "set stock of 凍奶茶 to 7", i64::MAX);
    let other = Arc::clone(&place);
    let setting = tokio::spawn(async move { take(&set, &other.hall, &Nobody).await });
    let late = async {
        while told(&server).await.len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), late).await.expect("within seconds");
    let said = told(&server).await;
    assert!(said[1].contains("comes later"), "{said:?}");
    free.send(()).expect("the writer waits");
    blocked.await.expect("no panic");
    setting.await.expect("no panic");
    let said = told(&server).await;
    assert!(said.len() == 3 && said[2].contains("is 7 cups now (it was"), "{said:?}");
}

#[tokio::test]
async fn an_answer_whose_address_has_ended_waits_in_the_queue_of_the_groups_robot_once() {
    let server = session().await;
    let place = cafe(&server, GROUP);
    let late = asked(&server, "ann", "takings today", 1);
    for _ in 0..2 {
        take(&late, &place.hall, &Nobody).await;
    }
    assert_eq!(told(&server).await, Vec::<String>::new());
    let reader = JournalReader::open(place.hall.journal.path()).expect("opens");
    let queued = reader.outbox(OutboxState::Queued, 10).expect("reads");
    let answers: Vec<_> =
        queued.iter().filter(|row| matches!(&row.about, crate::journal::About::Alarm(_))).collect();
    assert_eq!((answers.len(), answers[0].robot.as_str()), (1, "owner"), "{queued:?}");
    assert_eq!(reader.alarms(0).expect("reads"), [], "it is no alarm, and keeps none back");
}

#[tokio::test]
async fn what_may_have_arrived_is_not_said_again_by_another_way() {
    let server = MockServer::start().await;
    let fails = ResponseTemplate::new(200).set_body_string("?");
    Mock::given(method("POST")).respond_with(fails).mount(&server).await;
    let place = cafe(&server, GROUP);
    take(&asked(&server, "ann", "takings today", i64::MAX), &place.hall, &Nobody).await;
    assert_eq!(server.received_requests().await.expect("kept").len(), 1);
    let reader = JournalReader::open(place.hall.journal.path()).expect("opens");
    let queued = reader.outbox(OutboxState::Queued, 10).expect("reads");
    assert!(!queued.iter().any(|row| matches!(&row.about, crate::journal::About::Alarm(_))));
}

#[tokio::test]
async fn a_message_that_comes_again_sets_what_it_sets_once() {
    let server = session().await;
    let place = cafe(&server, "");
    let events = || {
        let reader = JournalReader::open(place.hall.journal.path()).expect("opens");
        reader.totals().expect("reads").events
    };
    let before = events();
    let set = asked(&server, "boss", "set stock of 珍珠 to 500 g", i64::MAX);
    for _ in 0..2 {
        take(&set, &place.hall, &Nobody).await;
    }
    assert_eq!(events(), before + 1);
    take(&asked(&server, "ann", "set stock of 珍珠 to 1", i64::MAX), &place.hall, &Nobody).await;
    assert_eq!(events(), before + 1, "nobody who is not listed changes anything");
}
