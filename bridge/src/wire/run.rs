//! Brings the wire process up and takes it down: lock, ring, socket, one task per source.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use super::error::WireError;
use super::lock::Lock;
use super::recorder::{Hub, Recorder};
use super::spilling::Spilling;
use super::spool::Spool;
use super::status::Hello;
use super::{fifo, file, inline, lp, open_files, proxy, serial, socket, tcp_printer, vigil};
use crate::clock::Clock;
use crate::config::{Config, Source, SourceKind};
use crate::notify::Notifier;
use crate::ring::{DEFAULT_CAPACITY, GapReason, MIN_CAPACITY, Opening, RingWriter};
use crate::runtime_dir::RuntimeDir;

/// How often owed gaps are tried on a line that fell silent.
const SETTLE_EVERY: Duration = Duration::from_millis(500);

/// How long the sources may take to stop. Each only has to notice and to say so in the ring.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// Runs the wire process until `shutdown` is done. The caller's runtime should be single-threaded;
/// anything that could block for long is done on tokio's blocking threads.
pub async fn run(
    config: &Config,
    dir: &RuntimeDir,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), WireError> {
    let lock = Arc::new(Lock::take(&dir.wire_lock())?);
    let (ring, opening) = RingWriter::open(&dir.ring(), DEFAULT_CAPACITY)?;
    log_opening(&opening);
    if !dir.is_memory_backed() {
        tracing::warn!(
            dir = %dir.path().display(),
            "the ring lies on a disk, and a slow disk can hold up printing; point \
             RUNTIME_DIRECTORY at a tmpfs such as /run"
        );
    }
    let hello = Hello {
        pid: std::process::id(),
        generation: ring.generation().to_owned(),
        ring: dir.ring().display().to_string(),
    };
    let too_few = open_files::make_room(&config.sources).err();
    let heard = too_few.map_or(config.sources.len(), |few| few.room_for(&config.sources));
    let hub = Arc::new(Hub::new(ring, clock, &config.sources));
    let spilling = Spilling::start(&hub, dir, &config.journal.path, Arc::clone(&lock));
    let listener = socket::bind(&dir.wire_socket())?;
    let continued = matches!(opening, Opening::Continued { .. });
    let owed = may_owe_gaps(&opening, DEFAULT_CAPACITY);
    let (stop, stopped) = watch::channel(false);

    let mut sources = Sources::default();
    for (index, source) in config.sources.iter().enumerate() {
        let recorder = Recorder::new(Arc::clone(&hub), index);
        recorder.started();
        if owed {
            recorder.gap(GapReason::RingFull);
        }
        if let Some(too_few) = too_few.filter(|_| index >= heard) {
            recorder.failed(too_few.to_string());
            continue;
        }
        sources.start(source, dir, recorder, continued, stopped.clone());
    }
    let mut service = JoinSet::new();
    service.spawn(socket::serve(listener, Arc::clone(&hub), hello));
    service.spawn(settle_gaps(Arc::clone(&hub)));
    service.spawn(socket::wake(Arc::clone(&hub)));
    service.spawn(vigil::keep(Arc::clone(&hub), Notifier::from_env()));

    sources.watch_until(shutdown).await;
    Notifier::from_env().stopping();
    // The receivers live in the tasks; with none left there is nothing to tell.
    let _nobody_left = stop.send(true);
    sources.stop().await;
    service.shutdown().await;
    spilling.stop().await;
    Ok(())
}

/// Whether the process before may have died with losses that it had counted but found no room to
/// write down. They cannot be told apart from none, so a gap of unknown size stands for them.
fn may_owe_gaps(opening: &Opening, capacity: u64) -> bool {
    matches!(opening, Opening::Continued { waiting } if waiting + MIN_CAPACITY > capacity)
}

fn log_opening(opening: &Opening) {
    match opening {
        Opening::Created => tracing::info!("a new ring"),
        Opening::Continued { waiting } => tracing::info!(waiting, "the ring goes on"),
        Opening::Replaced { why, aside } => tracing::error!(
            aside = %aside.display(),
            "a new ring in place of a damaged one, whose unread records are lost: {why}"
        ),
    }
}

async fn settle_gaps(hub: Arc<Hub>) {
    loop {
        tokio::time::sleep(SETTLE_EVERY).await;
        hub.settle_gaps();
    }
}

/// The tasks of the sources. One that dies of a fault is shown as failed and takes nobody along.
#[derive(Default)]
struct Sources {
    tasks: JoinSet<()>,
    names: Vec<(Id, Recorder)>,
}

impl Sources {
    fn start(
        &mut self,
        source: &Source,
        dir: &RuntimeDir,
        recorder: Recorder,
        continued: bool,
        stop: watch::Receiver<bool>,
    ) {
        let own = recorder.clone();
        let missed = continued.then_some(GapReason::Restarted);
        let handle = match source.kind.clone() {
            SourceKind::SerialTap { port, answers } => {
                self.tasks.spawn(serial::tap(port, answers, own, missed, stop))
            }
            SourceKind::SerialDrawer(port) => {
                self.tasks.spawn(serial::tap(port, None, own, missed, stop))
            }
            SourceKind::SerialInline { pos, printer } => {
                self.tasks.spawn(inline::carry(pos, printer, own, missed, stop))
            }
            SourceKind::TcpProxy { listen, upstream, max_connections } => {
                self.tasks.spawn(proxy::serve(listen, upstream, max_connections, own, stop))
            }
            SourceKind::TcpPrinter { listen, max_connections, printer } => {
                let (dialect, idle) = (source.profile.profile.dialect, source.idle);
                let setup = tcp_printer::Setup { listen, max_connections, printer, dialect, idle };
                self.tasks.spawn(tcp_printer::serve(setup, own, stop))
            }
            SourceKind::Lp { path, printer } => {
                let spool = Spool::new(printer, source.idle, &own);
                self.tasks.spawn(lp::listen(path, spool, own, missed, stop))
            }
            SourceKind::Fifo { path, printer } => {
                let spool = Spool::new(printer, source.idle, &own);
                self.tasks.spawn(fifo::serve(path, spool, own, stop))
            }
            SourceKind::File { path } => {
                let mark = dir.file_mark(&source.name);
                self.tasks.spawn(file::follow(path, mark, own, stop))
            }
        };
        self.names.push((handle.id(), recorder));
    }

    async fn watch_until(&mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                Some(ended) = self.tasks.join_next() => if let Err(error) = ended {
                    self.failed(&error);
                },
            }
        }
    }

    fn failed(&self, error: &JoinError) {
        if let Some((_, recorder)) = self.names.iter().find(|(id, _)| *id == error.id()) {
            recorder.failed(error.to_string());
        }
    }

    async fn stop(&mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_LIMIT, all).await.is_err() {
            tracing::warn!("some sources did not stop in {} s", STOP_LIMIT.as_secs());
            self.tasks.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_owe_gaps;
    use crate::ring::{DEFAULT_CAPACITY, Opening};

    #[test]
    fn only_a_ring_found_full_may_owe_gaps() {
        let found = |waiting| Opening::Continued { waiting };
        assert!(may_owe_gaps(&found(DEFAULT_CAPACITY - 100), DEFAULT_CAPACITY));
        assert!(!may_owe_gaps(&found(DEFAULT_CAPACITY / 2), DEFAULT_CAPACITY));
        assert!(!may_owe_gaps(&Opening::Created, DEFAULT_CAPACITY));
    }
}
