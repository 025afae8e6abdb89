//! The three tills at work: each prints what it is given, in order, and says when it is done.

use std::net::SocketAddr;
use std::path::Path;

use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::place::BAUD;
use super::plan::Counter;
use super::street::{Stand, stand};
use crate::shop::{Sale, Slip, Till};
use crate::truth;
use crate::wire::{Line, Pace, Printed, PtyLine, StatusCheck, TcpLine, WireError};

/// Something to do at a till.
#[derive(Debug)]
enum Job {
    Print(Box<Sale>),
    Replug,
}

/// A receipt that is on paper, or is not.
#[derive(Debug)]
pub(super) struct Done {
    /// What was sold.
    pub(super) sold: Event,
    /// How printing it went.
    pub(super) printed: Result<Printed, WireError>,
}

/// All tills.
#[derive(Debug)]
pub(super) struct Tills {
    places: Vec<Workplace>,
    /// Receipts ordered so far.
    pub(super) ordered: usize,
}

/// One till and its queue.
#[derive(Debug)]
struct Workplace {
    counter: Counter,
    till: Till,
    jobs: mpsc::UnboundedSender<Job>,
    task: JoinHandle<()>,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Tills {
    /// Sets up the serial till at `port` and the others at their proxies. What they print is told to
    /// `done`.
    pub(super) fn open(
        seed: u64,
        port: &Path,
        proxies: &[(Counter, SocketAddr)],
        done: &mpsc::UnboundedSender<Done>,
    ) -> Result<Self, WireError> {
        let serial = Line::Pty(PtyLine::create(port, Pace::Baud(BAUD))?);
        let mut places = vec![Workplace::open(Counter::Serial, seed, serial, done)];
        for (counter, proxy) in proxies {
            let line = Line::Tcp(TcpLine::new(&proxy.to_string(), StatusCheck::Required));
            places.push(Workplace::open(*counter, seed, line, done));
        }
        Ok(Self { places, ordered: 0 })
    }

    /// A customer pays at `counter`; the receipt follows.
    pub(super) fn sell(&mut self, counter: Counter, at: DateTime) {
        for place in self.places.iter_mut().filter(|place| place.counter == counter) {
            let sale = Box::new(place.till.sell_at(at));
            // The task ends only with us; were it gone, the receipt would be missed in the ledger.
            self.ordered += usize::from(place.jobs.send(Job::Print(sale)).is_ok());
        }
    }

    /// Pulls the serial cable and plugs it in again, after what is being printed.
    pub(super) fn replug(&mut self) {
        for place in self.places.iter().filter(|place| place.counter == Counter::Serial) {
            // As above: only a till that is gone does not hear it.
            let _ = place.jobs.send(Job::Replug);
        }
    }
}

impl Workplace {
    fn open(counter: Counter, seed: u64, line: Line, done: &mpsc::UnboundedSender<Done>) -> Self {
        let stand = stand(counter, seed);
        let (jobs, queue) = mpsc::unbounded_channel();
        let till =
            Till::open(stand.shop, seed, stand.name, stand.first_number, DateTime::default());
        let task = tokio::spawn(work(stand, line, queue, done.clone()));
        Self { counter, till, jobs, task }
    }
}

async fn work(
    stand: Stand,
    mut line: Line,
    mut queue: mpsc::UnboundedReceiver<Job>,
    done: mpsc::UnboundedSender<Done>,
) {
    while let Some(job) = queue.recv().await {
        match (job, &mut line) {
            (Job::Print(sale), line) => {
                // What the style leaves out, such as seconds, nobody can read.
                let slip = Slip::Ticket(Kind::Sale, *sale);
                let sold = truth::slip(&slip, stand.style, stand.name);
                let printed = line.print(&stand.style.print_slip(&slip)).await;
                if done.send(Done { sold, printed }).is_err() {
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
