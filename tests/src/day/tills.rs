//! Three network tills, each with its printer behind the bridge's proxy. They print what they are
//! given, one slip after the other, and say when it is on paper.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use possim::clock::Clock;
use possim::printer::Printer;
use possim::wire::{Printed, StatusCheck, TcpLine, WireError};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::world::own_address;

/// A till, and what its paper looks like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// The till and its source.
    pub(super) name: &'static str,
    /// A shop of the simulator's catalogue.
    pub(super) shop: &'static str,
    /// A style of the simulator.
    pub(super) style: &'static str,
    /// The encoding of its bytes, as the configuration calls it.
    pub(super) encoding: &'static str,
    /// Its first number, far enough from the others'.
    pub(super) first_number: u32,
}

/// The tills of the day.
pub(super) const STANDS: [Stand; 3] = [
    Stand {
        name: "counter-1",
        shop: "bubble-tea",
        style: "zh-hant-32-big5",
        encoding: "big5",
        first_number: 11_001,
    },
    Stand {
        name: "counter-2",
        shop: "cha-chaan-teng",
        style: "english-42",
        encoding: "auto",
        first_number: 13_001,
    },
    Stand {
        name: "counter-3",
        shop: "noodle-stall",
        style: "zh-hant-32-gb18030",
        encoding: "gb18030",
        first_number: 15_001,
    },
];

/// A slip on paper.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnPaper {
    /// Its place in the script.
    pub(super) slip: usize,
    /// When its till was done, in milliseconds of virtual time.
    pub(super) at_ms: i64,
}

/// The tills and their printers.
#[derive(Debug)]
pub(super) struct Tills {
    jobs: Vec<mpsc::UnboundedSender<(usize, Vec<u8>)>>,
    printers: Vec<Printer>,
    proxies: Vec<SocketAddr>,
    done: std::sync::mpsc::Receiver<(usize, i64, Result<Printed, WireError>)>,
    tasks: Vec<JoinHandle<()>>,
    /// By source, prints that broke off.
    pub(super) torn: BTreeMap<String, u32>,
}

impl Tills {
    /// Sets up tills and printers; the proxies between them are the bridge's.
    pub(super) fn open(runtime: &Runtime, clock: Clock) -> Self {
        let _entered = runtime.enter();
        let (told, done) = std::sync::mpsc::channel();
        let mut tills = Self {
            jobs: Vec::new(),
            printers: Vec::new(),
            proxies: Vec::new(),
            done,
            tasks: Vec::new(),
            torn: BTreeMap::new(),
        };
        for _ in STANDS {
            let proxy = own_address();
            let printer = runtime.block_on(Printer::start(SocketAddr::new(proxy.ip(), 0)));
            let (jobs, mut queue) = mpsc::unbounded_channel::<(usize, Vec<u8>)>();
            let mut line = TcpLine::new(&proxy.to_string(), StatusCheck::Required);
            let told = told.clone();
            tills.tasks.push(tokio::spawn(async move {
                while let Some((slip, bytes)) = queue.recv().await {
                    let paper = line.print(&bytes).await;
                    if told.send((slip, clock.wall_ms(), paper)).is_err() {
                        return;
                    }
                }
            }));
            tills.jobs.push(jobs);
            tills.printers.push(printer.expect("a printer"));
            tills.proxies.push(proxy);
        }
        tills
    }

    /// For each till where the bridge listens and where the printer is.
    pub(super) fn connections(
        &self,
    ) -> impl Iterator<Item = (&'static Stand, SocketAddr, SocketAddr)> {
        let printers = self.printers.iter().map(Printer::address);
        STANDS.iter().zip(self.proxies.iter().copied()).zip(printers).map(|((s, p), t)| (s, p, t))
    }

    /// Hands a slip to its till.
    pub(super) fn print(&self, till: usize, slip: usize, bytes: Vec<u8>) {
        self.jobs[till].send((slip, bytes)).expect("tills work until the day is over");
    }

    /// What got on paper since the last look.
    ///
    /// # Panics
    /// Where a till gave up on its printer.
    pub(super) fn on_paper(&mut self, slips: &[super::script::Printout]) -> Vec<OnPaper> {
        let done: Vec<_> = self.done.try_iter().collect();
        let mut papers = Vec::with_capacity(done.len());
        for (slip, at_ms, printed) in done {
            let torn = printed.expect("a slip on paper").torn;
            if torn > 0 {
                *self.torn.entry(slips[slip].truth.source.clone()).or_default() += torn;
            }
            papers.push(OnPaper { slip, at_ms });
        }
        papers
    }
}

impl Drop for Tills {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
