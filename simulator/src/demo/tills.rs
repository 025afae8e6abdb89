//! The two tills at work: each prints what it is given, in order, and says when it is done.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::DateTime;
use pos_protocol::event::Event;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::place::BAUD;
use super::plan::Counter;
use crate::print::Style;
use crate::shop::{Sale, Shop, Till};
use crate::truth;
use crate::wire::{Line, Pace, Printed, PtyLine, StatusCheck, TcpLine, WireError};

/// First receipt numbers, far enough apart to tell the tills by.
const SERIAL_NUMBERS: u32 = 1_001;
const NETWORK_NUMBERS: u32 = 2_001;

/// Something to do at a till.
#[derive(Debug)]
enum Job {
    Print(Box<Sale>),
    Replug,
}

/// A receipt that is on paper, or is not.
#[derive(Debug)]
pub(super) struct Done {
    /// Which till.
    pub(super) counter: Counter,
    /// What was sold.
    pub(super) sold: Event,
    /// How printing it went.
    pub(super) printed: Result<Printed, WireError>,
}

/// Both tills.
#[derive(Debug)]
pub(super) struct Tills {
    serial: Workplace,
    network: Workplace,
    /// Receipts ordered so far.
    pub(super) ordered: usize,
}

/// One till, its style and its queue.
#[derive(Debug)]
struct Workplace {
    till: Till,
    jobs: mpsc::UnboundedSender<Job>,
    task: JoinHandle<()>,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The name of a till: of its source, and on its paper.
pub(super) fn name(counter: Counter) -> &'static str {
    match counter {
        Counter::Serial => "counter-1",
        Counter::Network => "counter-2",
    }
}

/// The styles by seed: the serial till is Chinese in one of two encodings, the other English.
pub(super) fn style(counter: Counter, seed: u64) -> &'static Style {
    let wanted = match counter {
        Counter::Network => "english-42",
        Counter::Serial if seed.is_multiple_of(2) => "zh-hant-32-gb18030",
        Counter::Serial => "zh-hant-32-big5",
    };
    Style::named(wanted).unwrap_or(&Style::ALL[0])
}

impl Tills {
    /// Sets both up. What they print is told to `done`.
    pub(super) fn open(
        shop: &'static Shop,
        seed: u64,
        port: &Path,
        proxy: &str,
        done: &mpsc::UnboundedSender<Done>,
    ) -> Result<Self, WireError> {
        let serial = Line::Pty(PtyLine::create(port, Pace::Baud(BAUD))?);
        let network = Line::Tcp(TcpLine::new(proxy, StatusCheck::Required));
        let set_up = |counter, line, first_number| {
            let (jobs, queue) = mpsc::unbounded_channel();
            let style = style(counter, seed);
            let task = tokio::spawn(work(counter, style, line, queue, done.clone()));
            let till = Till::open(shop, seed, name(counter), first_number, DateTime::default());
            Workplace { till, jobs, task }
        };
        Ok(Self {
            serial: set_up(Counter::Serial, serial, SERIAL_NUMBERS),
            network: set_up(Counter::Network, network, NETWORK_NUMBERS),
            ordered: 0,
        })
    }

    /// A customer pays at `counter`; the receipt follows.
    pub(super) fn sell(&mut self, counter: Counter, at: DateTime) {
        let place = match counter {
            Counter::Serial => &mut self.serial,
            Counter::Network => &mut self.network,
        };
        let sale = Box::new(place.till.sell_at(at));
        // The task ends only with us; were it gone, the receipt would be missed in the ledger.
        self.ordered += usize::from(place.jobs.send(Job::Print(sale)).is_ok());
    }

    /// Pulls the serial cable and plugs it in again, after what is being printed.
    pub(super) fn replug(&mut self) {
        // As above: only a till that is gone does not hear it.
        let _ = self.serial.jobs.send(Job::Replug);
    }
}

async fn work(
    counter: Counter,
    style: &'static Style,
    mut line: Line,
    mut queue: mpsc::UnboundedReceiver<Job>,
    done: mpsc::UnboundedSender<Done>,
) {
    while let Some(job) = queue.recv().await {
        match (job, &mut line) {
            (Job::Print(sale), line) => {
                let sold = truth::event(&sale, style.language, name(counter));
                let printed = line.print(&style.print(&sale)).await;
                if done.send(Done { counter, sold, printed }).is_err() {
                    return;
                }
            }
            (Job::Replug, Line::Pty(pty)) => {
                // A pty that cannot be made is noticed by the next receipt.
                let _ = pty.replug();
            }
            (Job::Replug, _) => {}
        }
    }
}

/// Adds a torn print to the count by source.
pub(super) fn count_torn(torn: &mut BTreeMap<String, u32>, counter: Counter, printed: Printed) {
    if printed.torn > 0 {
        *torn.entry(name(counter).to_owned()).or_default() += printed.torn;
    }
}
