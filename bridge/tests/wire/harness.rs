//! A wire process on a single-threaded runtime, and an ear at its ring. Nothing here sleeps for
//! luck: every wait is for a condition, with a deadline.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use posbridge::clock::Clock;
use posbridge::config::{self, Config};
use posbridge::ring::spill::{Backlog, spill_directory};
use posbridge::ring::{Body, Direction, Record};
use posbridge::runtime_dir::RuntimeDir;
use posbridge::wire::{self, SourceState, SourceStatus};

/// Longest wait for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) const ROBOT: &str =
    "\n[[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n";

const ANY_SOURCE: &str = "[[source]]\nname = \"log\"\nkind = \"file\"\npath = \"x\"\n";

/// A runtime directory and a place for a configuration.
pub(crate) struct Stage {
    temp: tempfile::TempDir,
    pub(crate) dir: RuntimeDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let dir = RuntimeDir::at(&temp.path().join("run")).expect("a runtime directory");
        Self { temp, dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    pub(crate) fn config(&self, sources: &str) -> Config {
        let text = format!("{sources}{ROBOT}");
        config::parse(&text, &self.path("posbridge.toml")).expect("a good configuration")
    }

    /// Runs a wire process for as long as `body` takes, and stops it in order.
    pub(crate) async fn with_wire<T>(&self, sources: &str, body: impl Future<Output = T>) -> T {
        let config = self.config(sources);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let shutdown = async {
            stopped.await.ok();
        };
        let mut running = std::pin::pin!(wire::run(&config, &self.dir, Clock::real(), shutdown));
        let outcome = tokio::select! {
            ended = &mut running => panic!("the wire process ended by itself: {ended:?}"),
            outcome = body => outcome,
        };
        stop.send(()).expect("still running");
        running.await.expect("an orderly stop");
        outcome
    }

    pub(crate) async fn ear(&self) -> Ear {
        let spill = self.spill();
        until("a ring", || Backlog::open(&self.dir.ring(), &spill).ok().map(Ear::new)).await
    }

    /// Where the wire process puts what its ring cannot hold.
    pub(crate) fn spill(&self) -> PathBuf {
        spill_directory(&self.config(ANY_SOURCE).journal.path)
    }

    /// The first source, once it is in `state`.
    pub(crate) async fn source_in(&self, state: SourceState) -> SourceStatus {
        self.source_when("the state", |sources| {
            sources.first().filter(|source| source.state == state).cloned()
        })
        .await
    }

    /// What `met` picks from the status of the sources, once it picks something.
    pub(crate) async fn source_when<T>(
        &self,
        what: &str,
        met: impl Fn(&[SourceStatus]) -> Option<T>,
    ) -> T {
        let waiting = async {
            loop {
                if let Ok(status) = wire::status(&self.dir).await
                    && let Some(found) = met(&status.sources)
                {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(DEADLINE, waiting).await;
        waited.unwrap_or_else(|_| panic!("{what} in time"))
    }

    /// The reason that the first source gives, once there is one.
    pub(crate) async fn reason(&self) -> String {
        self.source_when("a reason", |sources| sources.first()?.why.clone()).await
    }
}

/// Everything that can be read from the ring, in order.
pub(crate) struct Ear {
    pub(crate) reader: Backlog,
    position: u64,
    pub(crate) records: Vec<Record>,
}

impl Ear {
    fn new(reader: Backlog) -> Self {
        let position = reader.released().expect("a position");
        Self { reader, position, records: Vec::new() }
    }

    /// Reads and releases what is there.
    pub(crate) fn listen(&mut self) {
        loop {
            let heard = self.reader.read_from(self.position, 1 << 20).expect("a sound ring");
            let Some((after, _)) = heard.last() else { break };
            self.position = *after;
            self.reader.release(*after).expect("a boundary");
            self.records.extend(heard.into_iter().map(|(_, record)| record));
        }
    }

    pub(crate) async fn until(&mut self, what: &str, met: impl Fn(&[Record]) -> bool) {
        until(what, || {
            self.listen();
            met(&self.records).then_some(())
        })
        .await;
    }

    pub(crate) fn bytes(&self, source: &str, direction: Direction) -> Vec<u8> {
        bytes(&self.records, source, direction)
    }

    pub(crate) fn bodies(&self) -> Vec<&Body> {
        self.records.iter().map(|record| &record.body).collect()
    }
}

pub(crate) fn bytes(records: &[Record], source: &str, direction: Direction) -> Vec<u8> {
    records
        .iter()
        .filter(|record| record.lane.source == source && record.lane.direction == direction)
        .filter_map(|record| match &record.body {
            Body::Data(bytes) => Some(bytes.as_slice()),
            _ => None,
        })
        .collect::<Vec<_>>()
        .concat()
}

/// Waits until `met` answers something.
pub(crate) async fn until<T>(what: &str, mut met: impl FnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = met() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(DEADLINE, waiting).await.unwrap_or_else(|_| panic!("{what} in time"))
}

pub(crate) fn block_on<T>(body: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(body)
}

pub(crate) fn toml_path(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}

/// Bytes without a pattern that a shifted copy would match.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

/// CPU time of this thread, on which the runtime and the wire process run.
pub(crate) fn cpu_time() -> Duration {
    let used = nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID);
    Duration::from(used.expect("a clock of every Linux"))
}

/// Waits `QUIET` long for nothing, and answers how much of it the wire process was busy.
pub(crate) async fn busy_while_quiet(stage: &Stage) -> Duration {
    let mut brain = wire::attach(&stage.dir).await.expect("running");
    // The greeting is followed by a wake of its own, and what was recorded last by another.
    while brain.wait_wake(SETTLED).await.expect("there") == wire::Wake::Appended {}
    let before = cpu_time();
    let quiet = brain.wait_wake(QUIET).await.expect("there");
    assert_eq!(quiet, wire::Wake::TimedOut, "nothing is recorded while nothing happens");
    cpu_time().saturating_sub(before)
}

/// No wake for so long: nothing that was recorded before is still to be told.
const SETTLED: Duration = Duration::from_millis(300);

/// How long idleness is looked at.
pub(crate) const QUIET: Duration = Duration::from_secs(2);
