//! A row of network tills through one bridge, which may be broken on purpose, and the books of it.
//!
//! The tills sell as fast as their printers take it, in turns, so that it is known which slip was
//! read when. Nothing is judged here.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use possim::clock::Clock;
use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use possim::ledger::{Books, Shown};
use possim::print::Style;
use possim::printer::Printer;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use possim::wire::{StatusCheck, TcpLine};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::bridge::Bridge;
use crate::wait::{check, until};
use crate::world::own_address;

/// Tills of a row. All print the same numbers.
const TILLS: usize = 4;
/// Time runs so fast that the last digest of a quarter of an hour comes within seconds.
const CLOCK: &str = "origin=2026-11-21T04:00:00Z,rate=120";
/// Longest wait until everything that is journalled is told: some digests, and slack for a busy
/// machine.
const TOLD_WITHIN: Duration = Duration::from_mins(2);
const TOKEN: &str = "40740740740740740740740740740740740740740740740740740740740740740";

/// What runs. Fields are dropped in order, the runtime last.
#[derive(Debug)]
pub struct Row {
    bridge: Bridge,
    lines: Vec<(Till, TcpLine, String)>,
    _printers: Vec<Printer>,
    mock: MockRobot,
    runtime: Runtime,
}

impl Row {
    /// Opens the tills; the bridge is given `arguments` beside the usual ones.
    ///
    /// # Panics
    /// Where something does not come up.
    pub fn open(seed: u64, arguments: &[&str]) -> Self {
        let runtime = Runtime::new().expect("threads");
        let clock = Clock::parse(CLOCK).expect("a clock");
        let robot = RobotConfig { token: TOKEN.to_owned(), secret: None, keywords: Vec::new() };
        let config = MockConfig { clock, ..MockConfig::new(vec![robot]) };
        let mock = runtime.block_on(MockRobot::start(config)).expect("a mock");
        let mut bridge = Bridge::new(Some(CLOCK.to_owned()));
        bridge.run_with(arguments);
        bridge.keep_secret(TOKEN);
        let (mut lines, mut printers, mut sources) = (Vec::new(), Vec::new(), String::new());
        for till in 0..TILLS {
            let (name, proxy) = (format!("counter-{}", till + 1), own_address());
            let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            let printer = runtime.block_on(Printer::start(any)).expect("a printer");
            // In fast time the usual idle would be shorter than a busy machine's pause.
            let _ = write!(
                sources,
                "[[source]]\nname = \"{name}\"\nkind = \"tcp-proxy\"\nlisten = \"{proxy}\"\n\
                 upstream = \"{}\"\nencoding = \"big5\"\nidle = \"10m\"\n\n",
                printer.address()
            );
            printers.push(printer);
            let seller = Till::open(&Shop::ALL[0], seed + till as u64, &name, 1_001, OPENING);
            let line = TcpLine::new(&proxy.to_string(), StatusCheck::Required);
            lines.push((seller, line, name));
        }
        let journal = Value::from(bridge.path("journal.db").to_string_lossy()).to_string();
        let text = format!(
            "[shop]\nname = \"Lucky Star\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
             language = \"en\"\n\n[journal]\npath = {journal}\n\n\
             [dingtalk]\nmonthly_quota = 100000\n\n{sources}\
             [[robot]]\nname = \"owner\"\nnotices = [\"sale\"]\nprivacy = \"items\"\n\
             url = \"http://{}/robot/send?access_token={TOKEN}\"\n",
            mock.address()
        );
        bridge.write("posbridge.toml", &text);
        bridge.start_brain();
        Self { bridge, lines, _printers: printers, mock, runtime }
    }

    /// Sells so many, one till after the other, and waits until so many notices were told and none is
    /// left.
    ///
    /// # Panics
    /// Where a printer does not print, or the bridge does not come to rest.
    pub fn sell(&mut self, sales: usize, notices: u64) -> Books {
        let style = Style::named("zh-hant-32-big5").expect("a style");
        let mut sold = Vec::with_capacity(sales);
        let mut torn = BTreeMap::new();
        for turn in 0..sales {
            let (seller, line, name) = &mut self.lines[turn % TILLS];
            let sale = seller.sell();
            let printed = self.runtime.block_on(line.print(&style.print(&sale)));
            let printed = printed.expect("a receipt on paper");
            *torn.entry(name.clone()).or_default() += printed.torn;
            sold.push(truth::event(&sale, style.language, name));
        }
        until(TOLD_WITHIN, "every notice delivered", || {
            check(self.bridge.outbox(), |rows| rows == &[("delivered".to_owned(), notices, None)])
        });
        let group = self.mock.messages().into_iter();
        let group = group.map(|told| Shown::untimed(told.robot, told.title, told.text));
        let books = Books::untimed(sold, self.bridge.events(), group.collect());
        Books { torn, ..books }
    }
}
