//! Questions in the group: a real bridge keeps the Stream up with the mock's gateway, people ask, and
//! the group is told what the books say.

use pos_protocol::event::Kind;
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, World};
use possim::dingtalk::{MockConfig, MockRobot, ShownMessage, Speech};
use serde_json::{Value, json};

/// The application's secret.
const APP_SECRET: &str = "a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7";

/// A shop whose bridge has an application, and where people talk to it.
struct Group {
    world: World,
    app: MockRobot,
}

impl Group {
    /// A bridge at work after `sales` sales. `boss` may change things.
    fn open(seed: u64, sales: usize) -> Self {
        let mut world = World::open(seed);
        let app = format!("dingquestions:{APP_SECRET}").parse().expect("an application");
        let config = MockConfig { app: Some(app), ..MockConfig::new(Vec::new()) };
        let app = world.block_on(MockRobot::start(config)).expect("a mock");
        world.bridge.write("app.secret", APP_SECRET);
        world.bridge.keep_secret(APP_SECRET);
        let table = format!(
            "[dingtalk.app]\nclient_id = \"dingquestions\"\nclient_secret_file = \"app.secret\"\n\
             api = \"http://{}\"\nmay_change = [\"boss\"]\n\n[[robot]]",
            app.address()
        );
        world.reconfigure(&[("[[robot]]", &table), ("[\"sale\"]", "[\"sale\", \"refund\"]")]);
        world.bridge.start_brain();
        for _ in 0..sales {
            let paper = world.ring_up(Counter::Serial);
            world.print(&paper);
        }
        let sold = |world: &World| {
            world.bridge.events().iter().filter(|event| event.kind == Kind::Sale).count()
        };
        until(SOON, "all sales in the journal", || check(sold(&world), |count| *count == sales));
        let group = Self { world, app };
        until(SOON, "a Stream that is up", || {
            let stream = group.control("GET", "stream", &Value::Null);
            check(stream, |stream| !stream["connections"].as_array().is_none_or(Vec::is_empty))
        });
        group
    }

    fn control(&self, how: &str, what: &str, body: &Value) -> Value {
        let url = format!("http://{}/_control/{what}", self.app.address());
        self.world.block_on(async {
            // One that is installed already is the same.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::new();
            let request = match how {
                "GET" => client.get(url),
                _ => client.post(url).json(body),
            };
            let answer = request.send().await.expect("the mock answers");
            assert!(answer.status().is_success(), "{what}: {}", answer.status());
            answer.json().await.unwrap_or(Value::Null)
        })
    }

    /// Somebody says something, with further fields; the number of the message.
    fn say(&self, user: &str, text: &str, further: &Value) -> u64 {
        let mut said = json!({ "user": user, "text": text });
        if let (Some(said), Some(further)) = (said.as_object_mut(), further.as_object()) {
            said.extend(further.clone());
        }
        self.control("POST", "say", &said)["seq"].as_u64().expect("a number")
    }

    /// What the group read after message `seq` that no person wrote, as soon as there is any.
    fn answer(&self, seq: u64) -> ShownMessage {
        until(SOON, "an answer", || {
            let after = self.spoken().into_iter().find(|shown| shown.seq > seq);
            after.ok_or_else(|| format!("nothing after {seq}"))
        })
    }

    /// What the application said.
    fn spoken(&self) -> Vec<ShownMessage> {
        let by_people = |shown: &ShownMessage| matches!(shown.speech, Speech { from: Some(_), .. });
        self.app.messages().into_iter().filter(|shown| !by_people(shown)).collect()
    }

    fn ask(&self, user: &str, text: &str) -> String {
        self.answer(self.say(user, text, &Value::Null)).text
    }
}

#[test]
fn people_ask_in_their_languages_and_the_books_answer_and_only_listed_people_change_them() {
    let group = Group::open(71, 3);
    let events = group.world.bridge.events();
    let receipt = events[1].receipt.clone().expect("a sale");
    let number = receipt.number.expect("a number");

    let today = group.ask("ann", "今日營業額");
    assert!(today.contains("營業額") && today.contains("HK$"), "{today}");
    let found = group.ask("ann", &format!("find {number}"));
    assert!(found.contains(&number) && found.contains("HK$"), "{found}");
    let last = group.ask("ann", "3 struk terakhir");
    assert!(last.contains(&format!("#{number}")), "{last}");
    let top = group.ask("ann", "最畅销");
    assert!(top.contains("1. "), "{top}");
    let help = group.ask("ann", "sing a song");
    assert!(help.contains("takings today"), "never silence: {help}");

    group.world.bridge.write("shop.csv", "name,unit,start\nTea,cup,9\n");
    let file = group.world.bridge.path("shop.csv");
    let imported = group.world.bridge.posbridge("stock import", &[file.to_str().expect("text")]);
    assert!(imported.status.success(), "{imported:?}");
    let refused = group.ask("ann", "set stock of Tea to 5");
    assert!(refused.contains("\"ann\""), "{refused}");
    assert!(group.ask("ann", "stock of tea").contains("9 cups"));
    let done = group.ask("boss", "set stock of Tea to 5");
    assert!(done.contains("5 cups now (it was 9 cups)"), "{done}");
    assert!(group.ask("ann", "stock of teas").contains("Tea"), "a name like it is offered");
    assert!(group.ask("ann", "stock of tea").contains("5 cups"));
}

#[test]
fn quiet_holds_ordinary_messages_over_a_restart_and_an_end_to_it_lets_them_go() {
    let mut group = Group::open(72, 1);
    until(SOON, "the first sale in the group", || {
        check(group.world.group().len(), |count| *count == 1)
    });
    let quiet = group.ask("boss", "mute for an hour");
    assert!(quiet.contains("wait until"), "{quiet}");
    let paper = group.world.ring_up(Counter::Serial);
    group.world.print(&paper);
    group.world.bridge.kill_brain();
    group.world.bridge.start_brain();
    until(SOON, "the second sale in the queue", || {
        check(group.world.bridge.outbox(), |rows| {
            rows.iter().filter(|(state, ..)| state == "queued").count() == 1
        })
    });
    assert_eq!(group.world.group().len(), 1, "it waits");
    until(SOON, "a Stream that is up again", || {
        let stream = group.control("GET", "stream", &Value::Null);
        check(stream, |stream| {
            let all = stream["connections"].as_array().cloned().unwrap_or_default();
            all.iter().any(|one| one["state"] == "open")
        })
    });
    group.ask("boss", "unmute");
    until(SOON, "the second sale in the group", || {
        check(group.world.group().len(), |count| *count == 2)
    });
}

#[test]
fn a_question_whose_address_has_ended_is_answered_by_the_robot_once() {
    let group = Group::open(73, 1);
    let asked = group.say("ann", "takings today", &json!({ "session_seconds": 0 }));
    let answer = group.answer(asked);
    assert!(answer.text.contains("HK$"), "{}", answer.text);
    let via = serde_json::to_value(&answer.speech).expect("plain data");
    assert_eq!(via["via"], "group", "{via}");
    // Whatever else would have been said for it stands before the answer to the next one.
    group.ask("ann", "help");
    assert_eq!(group.spoken().len(), 2);
}
