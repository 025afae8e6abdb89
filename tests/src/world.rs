//! One shop on this machine: tills, a printer and a robot of the simulator around a real `posbridge`.
//!
//! It sells, keeps the books and holds them against journal and group; what becomes of the bridge's
//! processes meanwhile is the test's business.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, Ordering};

use pos_protocol::event::{Event, Kind};
use possim::clock::Clock;
use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use possim::ledger::{Account, Books, Bounds, Shown};
use possim::print::Style;
use possim::printer::Printer;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use possim::wire::{Pace, Printed, PtyLine, StatusCheck, TcpLine};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::bridge::Bridge;
use crate::wait::{SOON, check, until};

/// The robot's `access_token`.
pub const TOKEN: &str = "7e577e577e577e577e577e577e577e577e577e577e577e577e577e577e577e57";
/// Its signing secret.
pub const SECRET: &str = "SEC7e577e577e577e577e577e577e577e577e577e577e577e577e577e577e577e57";
/// Word that it demands.
pub const KEYWORD: &str = "收銀";

/// The port of network printers. No ephemeral port, so that nobody takes it while the proxy is dead.
const PRINTER_PORT: u16 = 9_100;

/// Which till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Chinese, on a serial cable with a tap.
    Serial,
    /// English, on the network, through the proxy.
    Network,
}

impl Counter {
    /// Name of the till and of its source.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serial => "counter-1",
            Self::Network => "counter-2",
        }
    }

    fn style(self) -> &'static Style {
        let name = match self {
            Self::Serial => "zh-hant-32-big5",
            Self::Network => "english-42",
        };
        Style::named(name).expect("a style of the simulator")
    }
}

/// A sale that is paid and not yet printed.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What the till sends.
    pub bytes: Vec<u8>,
    counter: Counter,
    sold: Event,
}

/// Everything that runs. Fields are dropped in order, the runtime last.
#[derive(Debug)]
pub struct World {
    /// The bridge.
    pub bridge: Bridge,
    sold: Vec<Event>,
    /// By source, prints that broke off.
    torn: BTreeMap<String, u32>,
    tills: [Till; 2],
    serial: PtyLine,
    network: TcpLine,
    /// The robot and its group.
    pub mock: MockRobot,
    /// The printer behind the proxy.
    pub printer: Printer,
    /// Where the proxy listens.
    pub proxy: SocketAddr,
    runtime: Runtime,
}

impl World {
    /// A shop in real time. The bridge is configured and not started.
    pub fn open(seed: u64) -> Self {
        Self::with_clock(seed, None)
    }

    /// A shop whose bridge and robot share the virtual time `clock`, a `--clock` argument.
    pub fn with_clock(seed: u64, clock: Option<String>) -> Self {
        let runtime = Runtime::new().expect("threads");
        let entered = runtime.enter();
        let time = clock.as_deref().map(|text| Clock::parse(text).expect("a clock"));
        let robot = RobotConfig {
            token: TOKEN.to_owned(),
            secret: Some(SECRET.to_owned()),
            keywords: vec![KEYWORD.to_owned()],
        };
        let config =
            MockConfig { clock: time.unwrap_or_else(Clock::real), ..MockConfig::new(vec![robot]) };
        let mock = runtime.block_on(MockRobot::start(config)).expect("a mock");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let printer = runtime.block_on(Printer::start(any)).expect("a printer");
        let proxy = own_address();
        let bridge = Bridge::new(clock);
        let serial = PtyLine::create(&bridge.path("port"), Pace::Fast).expect("a pty");
        let network = TcpLine::new(&proxy.to_string(), StatusCheck::Required);
        let till = |counter: Counter, first| {
            Till::open(&Shop::ALL[0], seed, counter.name(), first, OPENING)
        };
        let tills = [till(Counter::Serial, 1_001), till(Counter::Network, 2_001)];
        drop(entered);
        let world = Self {
            bridge,
            sold: Vec::new(),
            torn: BTreeMap::new(),
            tills,
            serial,
            network,
            mock,
            printer,
            proxy,
            runtime,
        };
        world.bridge.write("secret", SECRET);
        world.bridge.keep_secret(SECRET);
        world.configure(TOKEN, KEYWORD);
        world
    }

    /// Writes the configuration, with what the shop believes its robot to demand.
    pub fn configure(&self, token: &str, keyword: &str) {
        self.bridge.keep_secret(token);
        let robot = format!("http://{}/robot/send?access_token={token}", self.mock.address());
        // A JSON string is a TOML string.
        let quoted = |name| Value::from(self.bridge.path(name).to_string_lossy()).to_string();
        let text = format!(
            "[shop]\nname = \"Lucky Star\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
             language = \"en\"\n\n[journal]\npath = {journal}\n\n\
             [[source]]\nname = \"counter-1\"\nkind = \"serial-tap\"\nport = {port}\n\
             encoding = \"big5\"\nidle = \"{idle}\"\n\n\
             [[source]]\nname = \"counter-2\"\nkind = \"tcp-proxy\"\nlisten = \"{proxy}\"\n\
             upstream = \"{printer}\"\nidle = \"{idle}\"\n\n\
             [[robot]]\nname = \"owner\"\nurl = {robot:?}\nsecret_file = {secret}\n\
             keywords = [{keyword:?}]\nnotices = [\"sale\"]\nprivacy = \"items\"\n",
            journal = quoted("journal.db"),
            port = quoted("port"),
            // In fast time the default would be shorter than a write of a busy till.
            idle = if self.bridge.is_in_virtual_time() { "10m" } else { "3s" },
            proxy = self.proxy,
            printer = self.printer.address(),
            secret = quoted("secret"),
        );
        self.bridge.write("posbridge.toml", &text);
    }

    /// Runs the future on the world's runtime.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Kills the wire process and says which it was. The serial cable is plugged in again: the killed
    /// process held the port exclusively.
    pub fn kill_wire(&mut self) -> i32 {
        let pid = self.bridge.kill_wire();
        let _entered = self.runtime.enter();
        self.serial.replug().expect("another pty");
        pid
    }

    /// A customer pays; nothing is printed yet.
    pub fn ring_up(&mut self, counter: Counter) -> Paper {
        let sale = self.tills[usize::from(counter == Counter::Network)].sell();
        let style = counter.style();
        let sold = truth::event(&sale, style.language, counter.name());
        Paper { bytes: style.print(&sale), counter, sold }
    }

    /// Prints, again and again where the till has to, and books the sale.
    pub fn print(&mut self, paper: &Paper) {
        let printed = match paper.counter {
            Counter::Serial => {
                let printed = self.runtime.block_on(self.serial.print(&paper.bytes));
                printed.map(|()| Printed { torn: 0 })
            }
            Counter::Network => self.runtime.block_on(self.network.print(&paper.bytes)),
        };
        self.book(paper, printed.expect("a receipt on paper"));
    }

    /// Books a sale that is on paper.
    pub fn book(&mut self, paper: &Paper, printed: Printed) {
        self.sold.push(paper.sold.clone());
        self.tear(paper.counter, printed.torn);
    }

    /// Books prints that broke off.
    pub fn tear(&mut self, counter: Counter, torn: u32) {
        *self.torn.entry(counter.name().to_owned()).or_default() += torn;
    }

    /// Changes the configuration before the bridge starts: each `from` stands in it once.
    pub fn reconfigure(&self, changes: &[(&str, &str)]) {
        let mut text = std::fs::read_to_string(self.bridge.config()).expect("a configuration");
        for (from, to) in changes {
            assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
            text = text.replace(from, to);
        }
        self.bridge.write("posbridge.toml", &text);
    }

    /// Sends bytes on the serial cable that are no sale.
    pub fn send(&mut self, bytes: &[u8]) {
        self.runtime.block_on(self.serial.print(bytes)).expect("a cable that is plugged in");
    }

    /// What the group reads, oldest first.
    pub fn group(&self) -> Vec<String> {
        self.mock.messages().into_iter().map(|told| told.text).collect()
    }

    /// Rings up and prints; gives the receipt's bytes.
    pub fn sell(&mut self, counter: Counter) -> Vec<u8> {
        let paper = self.ring_up(counter);
        self.print(&paper);
        paper.bytes
    }

    /// What was sold against what journal and group hold at this moment.
    pub fn settle(&self) -> Account {
        let group = self.mock.messages().into_iter();
        let group = group.map(|told| Shown::untimed(told.robot, told.title, told.text)).collect();
        let books = Books::untimed(self.sold.clone(), self.bridge.events(), group);
        let bounds = Bounds { told_kinds: vec![Kind::Sale], ..Bounds::default() };
        Books { torn: self.torn.clone(), ..books }.settle(&bounds)
    }

    /// Waits until every sale was told exactly once and nothing is left that could be told again.
    pub fn until_settled(&self) {
        let sold = self.sold.len();
        until(SOON, "a ledger that closes", || check(self.settle(), Account::closes));
        until(SOON, "every notice delivered", || {
            check(self.bridge.outbox(), |rows| {
                rows == &[("delivered".to_owned(), sold as u64, None)]
            })
        });
        let account = self.settle();
        assert!(account.closes(), "{account:?}");
    }
}

/// An address of this world alone: the whole of 127/8 is this machine.
pub(crate) fn own_address() -> SocketAddr {
    static WORLDS: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    let host = Ipv4Addr::new(127, high.max(1), low, WORLDS.fetch_add(1, Ordering::Relaxed));
    SocketAddr::from((host, PRINTER_PORT))
}
