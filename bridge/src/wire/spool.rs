//! What `lp` and `fifo` share: reads a descriptor that is no socket, keeps what comes, and has it
//! printed where there is paper.
//!
//! A printer that stands still lets [`QUEUE_BYTES`] wait, then nothing more is read, and whoever
//! writes waits as it would for the printer.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::paper::{Paper, QUEUE_BYTES};
use super::recorder::Recorder;
use super::stop;
use crate::config::PrintOn;
use crate::ring::MAX_PAYLOAD_BYTES;

/// Where a source that has no connection to answer on prints, and when a pause ends its turn.
pub(super) struct Spool {
    paper: Option<Paper>,
    idle: Duration,
}

impl Spool {
    pub(super) fn new(printer: Option<PrintOn>, idle: Duration, recorder: &Recorder) -> Self {
        Self { paper: printer.map(|on| Paper::new(on, recorder.clone())), idle }
    }

    /// Runs `reading`, which puts into its [`Sink`] what it keeps, and prints that until it is on
    /// paper or the grace after a stop is over.
    pub(super) async fn print<T>(
        &self,
        reading: impl AsyncFnOnce(Sink) -> T,
        stop: watch::Receiver<bool>,
    ) -> T {
        let (queue, waiting) = tokio::io::duplex(QUEUE_BYTES);
        let (done, _nobody_asks) = watch::channel(0);
        let printing = async {
            let Some(paper) = &self.paper else { return };
            tokio::select! {
                () = paper.print(waiting, self.idle, &done) => {}
                () = stop::overdue(stop) => {}
            }
        };
        let sink = Sink(self.paper.is_some().then_some(queue));
        let (read, ()) = tokio::join!(reading(sink), printing);
        read
    }

    /// Looks after the printer while `source` runs.
    pub(super) async fn beside(&self, source: impl Future<Output = ()>) {
        let Some(paper) = &self.paper else { return source.await };
        let looking = async {
            paper.look().await;
            paper.watch().await;
        };
        tokio::select! {
            () = source => {}
            () = looking => {}
        }
    }
}

/// Towards the paper, where there is some.
pub(super) struct Sink(Option<DuplexStream>);

impl Sink {
    /// Hands every chunk that `ear` hears to `record`, then to the paper, until it ends or fails.
    pub(super) async fn keep(
        &mut self,
        ear: &mut pipe::Receiver,
        mut record: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        let mut buffer = vec![0; MAX_PAYLOAD_BYTES];
        loop {
            let count = ear.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            record(&buffer[..count]);
            if let Some(queue) = &mut self.0 {
                // It fails only when nothing is printed any more, after a stop.
                let _gone = queue.write_all(&buffer[..count]).await;
            }
        }
    }
}
