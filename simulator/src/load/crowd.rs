//! The tills: each prints its queue in order, over the network or a serial cable, and all of them
//! take no more than a task for each slip that is being printed.
//!
//! Slips are handed to tills at their time, whatever became of the slips before. It judges nothing
//! and writes nothing down; what was printed is told to whoever keeps the books.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::arrivals::{Arrivals, Customer};
use super::clock::RunClock;
use super::counts::Counts;
use super::seller::{Due, Sellers};
use crate::scenario::{LineKind, Scenario};
use crate::wire::{Line, Pace, Piece, PtyLine, StatusCheck, TcpLine, WireError};

/// How long a network till tries to print a slip: as long as any run.
const UNTIL_IT_PRINTS: Duration = Duration::from_hours(24);
/// Slips that are made before their time, so that none is late for having been made.
const MADE_AHEAD: usize = 64;
/// A slip that is handed over later than this was late for the generator's own reasons.
pub(super) const BEHIND_BOUND: Duration = Duration::from_millis(250);

/// Where a till prints.
#[derive(Clone, Debug)]
pub(super) enum Connection {
    /// To a port of the bridge.
    Tcp(SocketAddr),
    /// Through a pty under this name.
    Pty(PathBuf),
}

/// What the crowd tells.
#[derive(Debug)]
pub(super) enum Told {
    /// A slip is due: its till, its kind's event and whether it will come through sound.
    Due(Box<Due>),
    /// A slip is on paper.
    Printed {
        /// Which.
        n: u64,
        /// When its till began.
        began: Instant,
        /// When it was done.
        done: Instant,
        /// Prints that broke off.
        torn: u32,
        /// Whether a cable was pulled in the middle of it, and the till did not notice.
        cut_short: bool,
    },
    /// A till's cable does not work.
    Failed(WireError),
}

/// The tills. Dropping them stops them where they are.
#[derive(Debug)]
pub struct Crowd {
    shared: Arc<Shared>,
    hawker: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    sources: Vec<String>,
    connections: Vec<Connection>,
    queues: Vec<Mutex<Queue>>,
    counts: Arc<Counts>,
    told: mpsc::UnboundedSender<Told>,
    /// Of the run's clock.
    rate: f64,
}

/// What one till has to print.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Work>,
    busy: bool,
    line: Option<Line>,
    unplug: Option<Duration>,
    replug: bool,
}

/// One slip as a till sees it.
#[derive(Debug)]
struct Work {
    n: u64,
    bytes: Vec<u8>,
    pieces: Option<Vec<Piece>>,
}

impl Crowd {
    /// Sets up every till of `scenario` at its connection. Ptys exist from now on.
    pub(super) fn open(
        scenario: &Scenario,
        sources: Vec<String>,
        connections: Vec<Connection>,
        counts: Arc<Counts>,
        told: mpsc::UnboundedSender<Told>,
    ) -> Result<Self, WireError> {
        let mut queues = Vec::with_capacity(connections.len());
        for (till, connection) in connections.iter().enumerate() {
            let mut queue = Queue::default();
            if let Connection::Pty(link) = connection {
                let shop = scenario.place(till as u32).map(|(shop, _)| &scenario.shops[shop]);
                let pace = match shop.map(|shop| shop.line) {
                    Some(LineKind::Pty { baud }) => Pace::Baud(baud),
                    _ => Pace::Fast,
                };
                queue.line = Some(Line::Pty(PtyLine::create(link, pace)?));
            }
            queues.push(Mutex::new(queue));
        }
        let rate = scenario.clock.as_ref().map_or(1.0, |clock| clock.rate);
        let shared = Shared { sources, connections, queues, counts, told, rate };
        Ok(Self { shared: Arc::new(shared), hawker: None })
    }

    /// Lets customers come from now on, by the run's clock.
    pub(super) fn trade(&mut self, scenario: &Scenario, clock: RunClock) {
        let (shared, scenario) = (Arc::clone(&self.shared), scenario.clone());
        self.hawker = Some(tokio::spawn(hawk(shared, scenario, clock)));
    }

    /// How many.
    pub fn tills(&self) -> u32 {
        self.shared.sources.len() as u32
    }

    /// What the bridge calls `till`.
    pub fn source(&self, till: u32) -> &str {
        self.shared.sources.get(till as usize).map_or("", String::as_str)
    }

    /// The tills on serial cables.
    pub fn serial(&self) -> Vec<u32> {
        let tills = self.shared.connections.iter().enumerate();
        let serial = tills.filter(|(_, to)| matches!(to, Connection::Pty(_)));
        serial.map(|(till, _)| till as u32).collect()
    }

    /// Pulls the cable of `till` in the middle of the next slip that it prints, for so long (of the
    /// run's time). A network till prints that slip again; of a serial one it counts as damaged.
    pub fn unplug(&self, till: u32, lasts: Duration) {
        if let Some(queue) = self.shared.queues.get(till as usize) {
            lock(queue).unplug = Some(lasts.div_f64(self.shared.rate));
        }
    }

    /// Whether the cable of `till` is still to be pulled: it has printed no slip since.
    pub fn unplug_waits(&self, till: u32) -> bool {
        let queue = self.shared.queues.get(till as usize);
        queue.is_some_and(|queue| lock(queue).unplug.is_some())
    }

    /// Pulls every serial cable between two slips and plugs it in again: a reader that was killed
    /// leaves its port locked.
    pub fn replug(&self) {
        for till in self.serial() {
            let mut queue = lock(&self.shared.queues[till as usize]);
            queue.replug = true;
            start(&self.shared, till, &mut queue);
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        if let Some(hawker) = &self.hawker {
            hawker.abort();
        }
        for queue in &self.shared.queues {
            lock(queue).waiting.clear();
        }
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands every slip to its till at its time.
async fn hawk(shared: Arc<Shared>, scenario: Scenario, clock: RunClock) {
    let mut arrivals = Arrivals::of(&scenario);
    let mut sellers = Sellers::of(&scenario);
    let mut sell = |customer: Customer| {
        let (shop, _) = scenario.place(customer.till)?;
        let source = &shared.sources[customer.till as usize];
        Some(sellers.sell(customer, &scenario.shops[shop], source))
    };
    let mut ahead: VecDeque<Due> =
        arrivals.by_ref().take(MADE_AHEAD).filter_map(&mut sell).collect();
    while let Some(due) = ahead.pop_front() {
        let at = clock.instant_at(due.at_us);
        if at > Instant::now() {
            tokio::time::sleep_until(at.into()).await;
        }
        hand_over(&shared, due, at);
        ahead.extend(arrivals.next().and_then(&mut sell));
    }
    let end = clock.instant_at(scenario.duration.as_micros() as u64);
    tokio::time::sleep_until(end.into()).await;
    shared.counts.sold_out.store(true, Ordering::Release);
}

fn hand_over(shared: &Arc<Shared>, due: Due, at: Instant) {
    let behind = Instant::now().saturating_duration_since(at);
    let counts = &shared.counts;
    counts.behind_us.set(behind.as_micros() as u64);
    counts.worst_behind_us.at_least(behind.as_micros() as u64);
    counts.late_starts.add(u64::from(behind > BEHIND_BOUND));
    counts.offered.add(1);
    let work = Work { n: due.n, bytes: due.bytes.clone(), pieces: due.pieces.clone() };
    let till = due.till;
    // Whoever keeps the books outlives the crowd.
    let _ = shared.told.send(Told::Due(Box::new(due)));
    let mut queue = lock(&shared.queues[till as usize]);
    queue.waiting.push_back(work);
    start(shared, till, &mut queue);
}

/// Lets a till work that has something to do and does nothing.
fn start(shared: &Arc<Shared>, till: u32, queue: &mut Queue) {
    if !queue.busy {
        queue.busy = true;
        tokio::spawn(work(Arc::clone(shared), till));
    }
}

/// One till at work until its queue is empty.
async fn work(shared: Arc<Shared>, till: u32) {
    loop {
        let (task, line, unplug, replug) = {
            let mut queue = lock(&shared.queues[till as usize]);
            let replug = std::mem::take(&mut queue.replug);
            let task = queue.waiting.pop_front();
            if task.is_none() && !replug {
                queue.busy = false;
                return;
            }
            let unplug = task.is_some().then(|| queue.unplug.take()).flatten();
            (task, queue.line.take(), unplug, replug)
        };
        let mut line = line.unwrap_or_else(|| network(&shared.connections[till as usize]));
        if let (true, Line::Pty(pty)) = (replug, &mut line)
            && let Err(error) = pty.replug()
        {
            let _ = shared.told.send(Told::Failed(error));
        }
        if let Some(task) = task {
            print(&shared, &mut line, task, unplug).await;
        }
        lock(&shared.queues[till as usize]).line = Some(line);
    }
}

fn network(connection: &Connection) -> Line {
    let address = match connection {
        Connection::Tcp(address) => address.to_string(),
        // A pty is laid when the till is set up and never lost.
        Connection::Pty(link) => link.display().to_string(),
    };
    Line::Tcp(TcpLine::new(&address, StatusCheck::WhereAnswered).patient(UNTIL_IT_PRINTS))
}

async fn print(shared: &Shared, line: &mut Line, task: Work, unplug: Option<Duration>) {
    let Work { n, bytes, pieces } = task;
    let serial = matches!(line, Line::Pty(_));
    let began = Instant::now();
    let carried = match (unplug, pieces) {
        (Some(lasts), _) => {
            let half = Piece::Bytes(bytes[..bytes.len() / 2].to_vec());
            line.carry(&bytes, &[half, Piece::Unplug(lasts)]).await
        }
        (None, Some(pieces)) => line.carry(&bytes, &pieces).await,
        (None, None) => line.print(&bytes).await,
    };
    let (torn, failed) = match carried {
        Ok(printed) => (printed.torn, false),
        Err(error) => {
            let _ = shared.told.send(Told::Failed(error));
            (0, true)
        }
    };
    let cut_short = serial && (unplug.is_some() || failed);
    let done = Instant::now();
    let _ = shared.told.send(Told::Printed { n, began, done, torn, cut_short });
    shared.counts.printed.add(1);
}
