//! Everything that runs: the bridge, its tills and its DingTalk, and the clock that all of them share.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use possim::clock::Clock;
use possim::dingtalk::{MockConfig, MockRobot, Profile, RobotConfig, ShownMessage};
use possim::printer::Printer;
use possim::wire::{Pace, PtyLine, StatusCheck, TcpLine};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::shops::{self, APP_ID, APP_SECRET, CENTRAL, OWNERS_GROUP, Places, Stand, YIDA_KEY};
use crate::bridge::Bridge;
use crate::wait::{SOON, check, until};
use crate::world::{KEYWORD, SECRET, TOKEN, own_address};

/// When the story begins, in Hong Kong: a quarter of an hour before anything happens.
const ORIGIN: &str = "2026-11-13T06:45:00Z";
/// The clock runs twice as fast as the world's: a minute of the robot's allowance is over in half of
/// one, and a scene still has half a minute before its own is over.
const RATE: f64 = 2.0;
/// The bridge looks at the file that sets its clock every ten milliseconds; twice that is enough.
const CLOCK_IS_SET: Duration = Duration::from_millis(20);

/// Fields are dropped in order, the runtime last.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) bridge: Bridge,
    pub(super) places: Places,
    serial: PtyLine,
    network: TcpLine,
    pub(super) mock: MockRobot,
    _printer: Printer,
    client: Client,
    clock: Clock,
    clock_argument: String,
    /// The file that sets the bridge's clock.
    steps: PathBuf,
    _dir: TempDir,
    runtime: Runtime,
}

impl Stage {
    /// Everything but the bridge's processes.
    pub(super) fn set() -> Self {
        // One that is installed already is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Runtime::new().expect("threads");
        let entered = runtime.enter();
        let dir = tempfile::tempdir().expect("a directory");
        let steps = dir.path().join("steps");
        let (clock, argument) = Clock::begin(ORIGIN, RATE).expect("a clock");
        let clock_argument = format!("{argument},steps={}", steps.display());
        let robot = RobotConfig {
            token: TOKEN.to_owned(),
            secret: Some(SECRET.to_owned()),
            keywords: vec![KEYWORD.to_owned()],
        };
        let profile = dir.path().join("dingtalk.toml");
        std::fs::write(&profile, shops::profile()).expect("room");
        let config = MockConfig {
            clock,
            app: Some(format!("{APP_ID}:{APP_SECRET}").parse().expect("an application")),
            profile: Profile::read(&profile).expect("a profile"),
            ..MockConfig::new(vec![robot])
        };
        let mock = runtime.block_on(MockRobot::start(config)).expect("a mock");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let printer = runtime.block_on(Printer::start(any)).expect("a printer");
        let proxy = own_address().to_string();
        let bridge = Bridge::new(Some(clock_argument.clone()));
        let serial = PtyLine::create(&bridge.path("port"), Pace::Fast).expect("a pty");
        let network = TcpLine::new(&proxy, StatusCheck::Required);
        let text = |name: &str| bridge.path(name).to_string_lossy().into_owned();
        let places = Places {
            dingtalk: mock.address().to_string(),
            port: text("port"),
            journal: text("journal.db"),
            secret: text("secret"),
            proxy,
            printer: printer.address().to_string(),
            group: String::new(),
            own_group: String::new(),
        };
        drop(entered);
        let mut stage = Self {
            bridge,
            places,
            serial,
            network,
            mock,
            _printer: printer,
            client: Client::new(),
            clock,
            clock_argument,
            steps,
            _dir: dir,
            runtime,
        };
        for (name, secret) in
            [("secret", SECRET), ("app.secret", APP_SECRET), ("yida.key", YIDA_KEY)]
        {
            stage.bridge.write(name, secret);
            stage.bridge.keep_secret(secret);
        }
        stage.bridge.keep_secret(TOKEN);
        // A group is there once somebody speaks in it.
        let spoken = json!({"user": "boss", "text": "大家好", "group": OWNERS_GROUP});
        stage.places.own_group = text_of(&stage.post("say", &spoken), "openConversationId");
        stage.places.group = text_of(&stage.look("app")["groups"][0], "openConversationId");
        stage.configure(true);
        stage
    }

    /// Writes the bridge's configuration.
    pub(super) fn configure(&self, with_app: bool) {
        self.bridge.write("posbridge.toml", &shops::config(&self.places, with_app));
    }

    /// Sets everybody's clock forward.
    pub(super) fn at(&self, at: DateTime) {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        let at = at.to_zoned(zone).expect("a time").timestamp();
        self.post("clock", &json!({"set": at.to_string()}));
        let by_ms = at.as_millisecond() - self.clock.wall_ms();
        let new = self.steps.with_extension("new");
        std::fs::write(&new, by_ms.to_string()).expect("room");
        std::fs::rename(&new, &self.steps).expect("the same directory");
        std::thread::sleep(CLOCK_IS_SET);
    }

    /// Prints at a till, again and again where it has to.
    pub(super) fn print(&mut self, stand: &Stand, bytes: &[u8]) {
        if stand.till == CENTRAL.till {
            self.runtime.block_on(self.serial.print(bytes)).expect("a cable");
        } else {
            self.runtime.block_on(self.network.print(bytes)).expect("a printer");
        }
    }

    /// Runs a verb of the bridge that must work, by the clock of the story; what it prints.
    pub(super) fn verb(&self, verb: &str, arguments: &[&str]) -> String {
        let clock = ["--clock", &self.clock_argument];
        let output = self.bridge.posbridge(verb, &[arguments, &clock].concat());
        assert!(output.status.success(), "{verb}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Waits until the application listens.
    pub(super) fn until_listening(&self) {
        until(SOON, "a Stream that is up", || {
            check(self.look("stream"), |stream| {
                let open = stream["connections"].as_array().into_iter().flatten();
                open.filter(|one| one["state"] == "open").count() == 1
            })
        });
    }

    /// Waits until nobody listens any more.
    pub(super) fn until_deaf(&self) {
        until(SOON, "no Stream", || {
            check(self.look("stream"), |stream| {
                stream["connections"].as_array().is_some_and(Vec::is_empty)
            })
        });
    }

    /// Asks the mock's control API.
    pub(super) fn look(&self, what: &str) -> Value {
        self.runtime.block_on(async {
            let url = format!("http://{}/_control/{what}", self.places.dingtalk);
            let answer = self.client.get(url).send().await.expect("the mock answers");
            answer.json().await.expect("JSON")
        })
    }

    /// Orders something of the mock's control API that it must do.
    pub(super) fn post(&self, what: &str, body: &Value) -> Value {
        self.runtime.block_on(async {
            let url = format!("http://{}/_control/{what}", self.places.dingtalk);
            let request = self.client.post(url).json(body);
            let answer = request.send().await.expect("the mock answers");
            let status = answer.status();
            let body = answer.text().await.expect("a body");
            assert!(status.is_success(), "{what}: {status} {body}");
            serde_json::from_str(&body).unwrap_or(Value::Null)
        })
    }

    /// What was said after message `seq`, but in the owner's own group.
    pub(super) fn said_after(&self, seq: u64) -> Vec<ShownMessage> {
        let own = |shown: &ShownMessage| {
            shown.speech.conversation.as_deref() == Some(self.places.own_group.as_str())
        };
        let all = self.mock.messages().into_iter();
        all.filter(|shown| shown.seq > seq && !own(shown)).collect()
    }
}

/// A text in `value`.
pub(super) fn text_of(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}
