//! The shop: three tills, two printers, a bridge, and somebody who kills its processes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use possim::print::Style;
use possim::printer::Printer;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use possim::wire::{Pace, StatusCheck, TcpLine};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::books::{Books, Verdict, is_forwarded};
use super::till_port::TillPort;
use crate::bridge::Bridge;
use crate::wait::{SOON, check, until};
use crate::world::own_address;

/// `DLE EOT 1`.
const STATUS_REQUEST: [u8; 3] = [0x10, 0x04, 0x01];
/// Bytes that a till hands its driver at once.
const CHUNK_BYTES: usize = 64;
/// Pause after each, so that a receipt takes some milliseconds and a death can fall into it.
const CHUNK_PAUSE: Duration = Duration::from_micros(300);
/// Deaths fall within this time from the start of a receipt, in microseconds.
const DEATH_WITHIN_US: u64 = 12_000;
/// A printer that has not answered for this long is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// Sources: tap, proxy, in line.
const NAMES: [&str; 3] = ["tap", "proxy", "inline"];
const STYLES: [&str; 3] = ["zh-hant-32-big5", "english-42", "zh-hant-32-gb18030"];

/// Who dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// `posbridge run`.
    Brain,
    /// `posbridge wire`.
    Wire,
    /// The brain, and the wire process right after it.
    Both,
}

impl Death {
    /// The death that a random number stands for.
    pub fn of(moment: u64) -> Self {
        [Self::Brain, Self::Wire, Self::Both][(moment >> 40) as usize % 3]
    }
}

/// What one death cost.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Who died.
    pub death: Death,
    /// From the death of a wire process, which the brain had to replace, to the first answer of the
    /// printer through the proxy and in line.
    pub resumed: Option<[Duration; 2]>,
}

/// Everything that runs. Fields are dropped in order, the runtime last.
#[derive(Debug)]
pub struct Front {
    bridge: Bridge,
    tills: Vec<Till>,
    books: Books,
    tap: TillPort,
    inline: TillPort,
    network: TcpLine,
    proxy: SocketAddr,
    behind_proxy: Printer,
    in_line: Printer,
    /// Takes connections and says nothing.
    dingtalk: TcpListener,
    runtime: Runtime,
}

impl Front {
    /// A shop with its bridge running.
    ///
    /// # Panics
    /// Where it does not come up.
    pub fn open(seed: u64) -> Self {
        let runtime = Runtime::new().expect("threads");
        let entered = runtime.enter();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let behind_proxy = runtime.block_on(Printer::start(any)).expect("a printer");
        let mut in_line = runtime.block_on(Printer::start(any)).expect("a printer");
        let bridge = Bridge::new(None);
        in_line.attach(&bridge.path("printer")).expect("a pty");
        let proxy = own_address();
        let till = |index: usize| {
            let first = 1_000 * (index as u32 + 1) + 1;
            Till::open(&Shop::ALL[0], seed, NAMES[index], first, OPENING)
        };
        drop(entered);
        let mut front = Self {
            tap: TillPort::create(&bridge.path("tap")),
            inline: TillPort::create(&bridge.path("inline")),
            bridge,
            tills: (0..NAMES.len()).map(till).collect(),
            books: Books::default(),
            network: TcpLine::new(&proxy.to_string(), StatusCheck::Required)
                .paced(Pace::Baud(921_600)),
            proxy,
            behind_proxy,
            in_line,
            dingtalk: TcpListener::bind(any).expect("a port"),
            runtime,
        };
        front.configure();
        front.bridge.start_brain();
        front
    }

    fn configure(&self) {
        let quoted = |name| Value::from(self.bridge.path(name).to_string_lossy()).to_string();
        let dingtalk = self.dingtalk.local_addr().expect("it is bound");
        let text = format!(
            "[shop]\nname = \"Lucky Star\"\ncurrency = \"HKD\"\nlanguage = \"en\"\n\n\
             [journal]\npath = {journal}\n\n\
             [[source]]\nname = \"tap\"\nkind = \"serial-tap\"\nport = {tap}\n\
             encoding = \"big5\"\n\n\
             [[source]]\nname = \"proxy\"\nkind = \"tcp-proxy\"\nlisten = \"{proxy}\"\n\
             upstream = \"{printer}\"\n\n\
             [[source]]\nname = \"inline\"\nkind = \"serial-inline\"\nport = {inline}\n\
             printer = {in_line}\nencoding = \"gb18030\"\n\n\
             [[robot]]\nname = \"owner\"\nurl = \"http://{dingtalk}/robot/send?access_token=t\"\n\
             notices = [\"unread\"]\n",
            journal = quoted("journal.db"),
            tap = quoted("tap"),
            proxy = self.proxy,
            printer = self.behind_proxy.address(),
            inline = quoted("inline"),
            in_line = quoted("printer"),
        );
        self.bridge.write("posbridge.toml", &text);
    }

    /// Rings up a sale at every till, prints all three at once, and kills at the moment that
    /// `moment` draws.
    ///
    /// # Panics
    /// Where the bridge does not come back, or a brain's death tears a print.
    pub fn round(&mut self, moment: u64) -> Round {
        let death = Death::of(moment);
        let papers: Vec<Vec<u8>> = (0..NAMES.len()).map(|index| self.ring_up(index)).collect();
        let before = self.in_line.counts().log.len();
        let wait = Duration::from_micros(moment % DEATH_WITHIN_US);
        let Self { bridge, tap, inline, network, proxy, runtime, .. } = self;
        let (mut resumed, mut torn) = (None, 0);
        std::thread::scope(|scope| {
            let pace = (CHUNK_BYTES, CHUNK_PAUSE);
            let (tap, inline, papers) = (&*tap, &*inline, &papers);
            let heard = scope.spawn(move || tap.write(&papers[0], pace, SOON));
            let printed = scope.spawn(move || inline.write(&papers[2], pace, SOON));
            let handle = runtime.handle().clone();
            let networked = scope.spawn(move || handle.block_on(network.print(&papers[1])));
            std::thread::sleep(wait);
            let killed = kill(bridge, death);
            let began = Instant::now();
            if death == Death::Brain {
                networked_whole(&networked.join().expect("no panic"), &mut torn);
                assert_eq!(torn, 0, "a brain's death tears nothing");
                printed.join().expect("no panic").expect("room");
                bridge.start_brain();
            } else {
                if death == Death::Both {
                    bridge.start_brain();
                }
                printed.join().expect("no panic").expect("room");
                let answered = until_answered(inline, began);
                let proxied = until_proxied(*proxy, began);
                resumed = (death == Death::Wire).then_some([proxied, answered]);
                networked_whole(&networked.join().expect("no panic"), &mut torn);
            }
            heard.join().expect("no panic").expect("room");
            bridge.until_hearing(killed);
        });
        *self.books.torn.entry(NAMES[1].to_owned()).or_default() += torn;
        if death != Death::Brain {
            *self.books.deaf.entry(NAMES[0].to_owned()).or_default() += 1;
        }
        self.until_on_paper(&papers[2], before, death);
        Round { death, resumed }
    }

    fn ring_up(&mut self, index: usize) -> Vec<u8> {
        let sale = self.tills[index].sell();
        let style = Style::named(STYLES[index]).expect("a style of the simulator");
        self.books.sold.push(truth::event(&sale, style.language, NAMES[index]));
        style.print(&sale)
    }

    /// Prints in line until the paper is whole, as a cashier does.
    fn until_on_paper(&mut self, paper: &[u8], before: usize, death: Death) {
        loop {
            until_answered(&self.inline, Instant::now());
            let log = self.in_line.counts().log;
            if log[before..].windows(paper.len()).any(|window| window == paper) {
                return;
            }
            assert_ne!(death, Death::Brain, "a brain's death tears nothing");
            *self.books.torn.entry(NAMES[2].to_owned()).or_default() += 1;
            self.inline.write(paper, (CHUNK_BYTES, Duration::ZERO), SOON).expect("room");
        }
    }

    /// Waits until the journal has every sale and every byte on paper, and holds its events against
    /// the books.
    ///
    /// # Panics
    /// Where one of them is missing for good.
    pub fn settle(&mut self) -> Verdict {
        let books = self.books.clone();
        let bridge = &self.bridge;
        let complete = |verdict: &Verdict| verdict.told + verdict.excused >= verdict.sold;
        until(SOON, "every sale in the journal", || {
            check(books.settle(&bridge.events()), |verdict| complete(verdict))
        });
        // The requests that follow the last receipt may still be on their way into the journal.
        until(SOON, "every byte on paper in the journal", || {
            check(self.unheard(), |unheard: &Vec<String>| unheard.is_empty())
        });
        books.settle(&bridge.events())
    }

    /// What reached a printer and the journal does not have.
    fn unheard(&self) -> Vec<String> {
        let mut unheard = self.unheard_connections();
        if !is_forwarded(&self.in_line.counts().log, &self.bridge.heard_on_line("inline")) {
            unheard.push("bytes on paper in line".to_owned());
        }
        unheard
    }

    /// Connections of the printer behind the proxy that the journal did not hear.
    fn unheard_connections(&self) -> Vec<String> {
        let counts = self.behind_proxy.counts();
        let mut printed: Vec<Vec<u8>> =
            (0..counts.connections.len()).map(|index| counts.log_of(index)).collect();
        printed.retain(|own| !own.is_empty());
        let mut heard = self.bridge.heard("proxy", "to_printer");
        // Whole ones first: a request alone is a beginning of every receipt too.
        let mut take = |same: &dyn Fn(&[u8], &[u8]) -> bool, own: &[u8]| {
            let at = heard.iter().position(|bytes| same(bytes, own));
            at.map(|at| heard.remove(at)).is_some()
        };
        printed.retain(|own| !take(&|heard, own| heard == own, own));
        printed.retain(|own| !take(&|heard, own| heard.starts_with(own), own));
        let named = |own: &Vec<u8>| format!("{} bytes of a connection are not heard", own.len());
        printed.iter().map(named).collect()
    }
}

fn kill(bridge: &mut Bridge, death: Death) -> Option<i32> {
    if death != Death::Wire {
        bridge.kill_brain();
    }
    (death != Death::Brain).then(|| bridge.kill_wire())
}

fn networked_whole(
    printed: &Result<possim::wire::Printed, possim::wire::WireError>,
    torn: &mut usize,
) {
    *torn = printed.as_ref().expect("a receipt on paper").torn as usize;
}

/// Asks the printer in line until it answers; says how long that was from `began`.
fn until_answered(inline: &TillPort, began: Instant) -> Duration {
    drop(inline.answers());
    let mut asked: Option<Instant> = None;
    until(SOON, "an answer of the printer in line", || {
        if asked.is_none_or(|at| at.elapsed() >= ASK_AGAIN) {
            inline
                .write(&STATUS_REQUEST, (CHUNK_BYTES, Duration::ZERO), SOON)
                .map_err(|error| error.to_string())?;
            asked = Some(Instant::now());
        }
        inline.wait_for_answer();
        check(inline.answers(), |answers| !answers.is_empty())
    });
    began.elapsed()
}

/// Asks the printer through the proxy until it answers; says how long that was from `began`.
fn until_proxied(proxy: SocketAddr, began: Instant) -> Duration {
    until(SOON, "an answer through the proxy", || {
        let ask = || {
            let mut stream = TcpStream::connect(proxy)?;
            stream.set_read_timeout(Some(ASK_AGAIN))?;
            stream.write_all(&STATUS_REQUEST)?;
            stream.read_exact(&mut [0])
        };
        ask().map_err(|error: std::io::Error| error.to_string())
    });
    began.elapsed()
}
