//! The bridge, the mock and the people's phones: what runs, and how the mock is asked and ordered.

use std::time::Duration;

use pos_protocol::event::Kind;
use possim::clock::Clock;
use possim::dingtalk::{Fault, FaultAnswer, MockConfig, MockRobot, RobotConfig};
use possim::print::Style;
use possim::shop::{OPENING, Shop, Till};
use possim::wire::{StatusCheck, TcpLine};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::Plan;
use crate::bridge::Bridge;
use crate::wait::{SOON, check, until};
use crate::world::{TOKEN, own_address};

/// The application, whose secret may stand in no log.
const CLIENT: &str = "dingsoak";
const APP_SECRET: &str = "50a4c0de50a4c0de50a4c0de50a4c0de50a4c0de50a4c0de50a4";
/// When the shop's day begins: a Saturday morning in Hong Kong.
const ORIGIN: &str = "2026-11-21T01:00:00Z";
/// Where a connection is asked for.
pub(super) const GATEWAY: &str = "/v1.0/gateway/connections/open";
/// The process that staff begin.
pub(super) const PROCESS: &str = "PROC-RETURN";
/// The two shops, and what goes from one to the other.
pub(super) const SHOPS: [&str; 2] = ["central", "mongkok"];
pub(super) const GOODS: &str = "Tea";
/// So much of it is in each shop at the beginning.
pub(super) const STOCK: i64 = 1_000_000;
/// Receipts that there are to be found, and the first one's number.
pub(super) const RECEIPTS: u32 = 20;
pub(super) const FIRST_RECEIPT: u32 = 1_001;

/// All that runs. Fields are dropped in order, the runtime last.
pub(super) struct Scene {
    pub(super) bridge: Bridge,
    pub(super) mock: MockRobot,
    client: reqwest::Client,
    clock: Clock,
    origin_ms: i64,
    runtime: Runtime,
}

impl Scene {
    /// A shop with a few sales, whose bridge listens.
    pub(super) fn open(plan: &Plan) -> Self {
        let runtime = Runtime::new().expect("threads");
        let (clock, argument) =
            Clock::begin(ORIGIN, f64::from(plan.rate)).expect("a rate above zero");
        let app = format!("{CLIENT}:{APP_SECRET}").parse().expect("an application");
        let robot = RobotConfig { token: TOKEN.to_owned(), secret: None, keywords: Vec::new() };
        // Months and minutes of messages are other tests' subject.
        let config =
            MockConfig { app: Some(app), limited: false, clock, ..MockConfig::new(vec![robot]) };
        let mock = runtime.block_on(MockRobot::start(config)).expect("a mock");
        // One that is installed already is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let origin_ms = clock.wall_ms();
        let bridge = Bridge::new(Some(argument));
        let mut scene = Self { bridge, mock, client, clock, origin_ms, runtime };
        let printer = scene.configure();
        scene.bridge.start_brain();
        scene.stock();
        scene.sell(plan.seed, &printer);
        until(SOON, "a Stream that is up", || check(scene.open_connection(), Option::is_some));
        scene.origin_ms = scene.clock.wall_ms();
        scene
    }

    /// Writes the configuration; where the first till prints.
    fn configure(&self) -> String {
        let bridge = &self.bridge;
        for secret in [APP_SECRET, TOKEN] {
            bridge.keep_secret(secret);
        }
        bridge.write("app.secret", APP_SECRET);
        let group = self.look("app")["groups"][0]["openConversationId"].clone();
        // A JSON string is a TOML string.
        let journal = Value::from(bridge.journal().to_string_lossy()).to_string();
        let printers = [own_address(), own_address()];
        let mut sources = String::new();
        for (shop, printer) in SHOPS.iter().zip(&printers) {
            let table = format!(
                "[[source]]\nname = \"{shop}-1\"\nshop = \"{shop}\"\nkind = \"tcp-printer\"\n\
                 listen = \"{printer}\"\nidle = \"10m\"\n\n"
            );
            sources.push_str(&table);
        }
        let text = format!(
            "[shop]\nname = \"Lucky Star\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
             language = \"en\"\n\n[journal]\npath = {journal}\n\n{sources}\
             [[robot]]\nname = \"owner\"\nurl = {robot:?}\nnotices = [\"sale\"]\n\
             privacy = \"items\"\n\n\
             [dingtalk.app]\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"app.secret\"\n\
             api = \"http://{api}\"\nmay_change = [\"boss\"]\nmonthly_calls = 1000000\n\n\
             [[approval]]\non = \"transfer\"\ntemplate = \"soak.schema\"\ngroup = {group}\n\n\
             [[approval]]\non = \"return\"\nform_url = \"https://forms.example/?n={{number}}\"\n\
             process_code = \"{PROCESS}\"\n",
            robot = self.mock.webhook(TOKEN),
            api = self.mock.address(),
        );
        bridge.write("posbridge.toml", &text);
        printers[0].to_string()
    }

    fn stock(&self) {
        self.bridge.write("stock.csv", &format!("name,unit,start\n{GOODS},cup,{STOCK}\n"));
        let file = self.bridge.path("stock.csv");
        let clock = self.bridge.clock().expect("virtual time").to_owned();
        for shop in SHOPS {
            let file = file.to_str().expect("text");
            let arguments = ["--clock", &clock, "--shop", shop, file];
            let imported = self.bridge.posbridge("stock import", &arguments);
            assert!(imported.status.success(), "{imported:?}");
        }
    }

    /// What is left of the goods in each shop.
    pub(super) fn left(&self) -> [i64; 2] {
        SHOPS.map(|shop| {
            let clock = self.bridge.clock().expect("virtual time");
            let arguments = ["--clock", clock, "--shop", shop, "--json"];
            let answer = self.bridge.posbridge("stock list", &arguments);
            let shelves: Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
            let left = shelves["articles"][0]["left"].as_str().map(str::parse);
            left.and_then(Result::ok).unwrap_or(i64::MIN)
        })
    }

    fn sell(&self, seed: u64, printer: &str) {
        let style = Style::named("english-42").expect("a style of the simulator");
        let name = format!("{}-1", SHOPS[0]);
        let mut till = Till::open(&Shop::ALL[0], seed, &name, FIRST_RECEIPT, OPENING);
        let mut line = TcpLine::new(printer, StatusCheck::Required);
        for _ in 0..RECEIPTS {
            let paper = style.print(&till.sell());
            self.wait(line.print(&paper)).expect("a bridge that stands in for a printer");
        }
        until(SOON, "all receipts in the journal", || {
            let sales = self.bridge.events().iter().filter(|e| e.kind == Kind::Sale).count();
            check(sales, |sales| *sales == RECEIPTS as usize)
        });
    }

    /// Waits for the future.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The shop's time since the beginning, in milliseconds.
    pub(super) fn now_ms(&self) -> i64 {
        self.clock.wall_ms() - self.origin_ms
    }

    /// A time of the mock's logs, in the same.
    pub(super) fn at_ms(&self, text: &str) -> i64 {
        let at: jiff::Timestamp = text.parse().expect("RFC 3339");
        at.as_millisecond() - self.origin_ms
    }

    /// Looks at something of the mock.
    pub(super) fn look(&self, what: &str) -> Value {
        let url = format!("http://{}/_control/{what}", self.mock.address());
        let answer = async { self.client.get(url).send().await?.json().await };
        self.wait(answer).expect("the mock answers")
    }

    fn post(&self, path: &str, body: &Value) -> impl Future<Output = Value> + use<> {
        let url = format!("http://{}{path}", self.mock.address());
        let request = self.client.post(url).json(body);
        async move {
            let answer = request.send().await.expect("the mock answers");
            answer.json().await.unwrap_or(Value::Null)
        }
    }

    /// Orders something of the mock.
    pub(super) fn order(&self, what: &str, body: &Value) -> Value {
        self.wait(self.post(&format!("/_control/{what}"), body))
    }

    /// Somebody presses a button; the answer comes while other things happen.
    pub(super) fn press(&self, card: &str, user: &str, action: &str) -> JoinHandle<Value> {
        let body = json!({ "outTrackId": card, "user": user, "action": action });
        self.runtime.spawn(self.post("/_control/press", &body))
    }

    /// Staff begin a process in DingTalk itself; its id.
    pub(super) fn begin(&self) -> String {
        let login = json!({ "appKey": CLIENT, "appSecret": APP_SECRET });
        let token = self.wait(self.post("/v1.0/oauth2/accessToken", &login));
        let body = json!({ "processCode": PROCESS, "originatorUserId": "ann", "deptId": 1,
            "formComponentValues": [] });
        let url = format!("http://{}/v1.0/workflow/processInstances", self.mock.address());
        let token = token["accessToken"].as_str().expect("a token");
        let request =
            self.client.post(url).header("x-acs-dingtalk-access-token", token).json(&body);
        let answer = self.wait(async { request.send().await?.json::<Value>().await });
        let answer = answer.expect("the mock answers");
        answer["instanceId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// The next calls of the application at `path` fail so.
    pub(super) fn fail(
        &self,
        path: &str,
        answer: FaultAnswer,
        count: Option<u32>,
        for_ms: Option<u64>,
    ) {
        let fault = Fault {
            path: Some(path.to_owned()),
            answer: Some(answer),
            count,
            for_ms,
            ..Fault::default()
        };
        assert!(self.mock.script(fault), "the mock takes it");
    }

    /// What was to fail and was not called fails no more.
    pub(super) fn forgive(&self) {
        let url = format!("http://{}/_control/faults", self.mock.address());
        let answer = self.wait(self.client.delete(url).send()).expect("the mock answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// A connection that is open, and since when.
    pub(super) fn open_connection(&self) -> Option<(String, i64)> {
        let stream = self.look("stream");
        let open = stream["connections"].as_array()?.iter().find(|one| one["state"] == "open")?;
        Some((open["id"].as_str()?.to_owned(), self.at_ms(open["since"].as_str()?)))
    }

    /// Sleeps until then, at most for `most`.
    pub(super) fn sleep_until(&self, at_ms: i64, rate: u32, most: Duration) {
        let left = u64::try_from(at_ms - self.now_ms()).unwrap_or(0);
        std::thread::sleep(Duration::from_millis(left / u64::from(rate)).min(most));
    }
}
