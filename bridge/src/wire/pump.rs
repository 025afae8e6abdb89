//! Both directions of one proxied connection: into the ring first, then on.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::recorder::Connection;
use crate::ring::{Closing, Direction, MAX_PAYLOAD_BYTES};

/// How long one side may stay silent after the other ended its stream. A printer works off its
/// buffer and answers within seconds; a peer that never closes must not use up `max_connections`.
const HALF_CLOSED_LIMIT: Duration = Duration::from_mins(1);

/// Copies both ways until both sides ended their streams, or says how it broke.
pub(super) async fn pump(
    pos: &mut TcpStream,
    printer: &mut TcpStream,
    connection: &Connection,
) -> Result<(), Closing> {
    let (from_pos, to_pos) = pos.split();
    let (from_printer, to_printer) = printer.split();
    let (down, up) = (
        Copying::new(connection, Direction::ToPrinter, Closing::PosReset, Closing::PrinterReset),
        Copying::new(connection, Direction::FromPrinter, Closing::PrinterReset, Closing::PosReset),
    );
    let mut downward = std::pin::pin!(down.run(from_pos, to_printer));
    let mut upward = std::pin::pin!(up.run(from_printer, to_pos));
    tokio::select! {
        ended = &mut downward => {
            ended?;
            unless_silent(upward, &up.copied).await
        }
        ended = &mut upward => {
            ended?;
            unless_silent(downward, &down.copied).await
        }
    }
}

/// Waits for the direction that is left, as long as it moves.
async fn unless_silent(
    mut rest: impl Future<Output = Result<(), Closing>> + Unpin,
    copied: &AtomicU64,
) -> Result<(), Closing> {
    loop {
        let before = copied.load(Ordering::Relaxed);
        match tokio::time::timeout(HALF_CLOSED_LIMIT, &mut rest).await {
            Ok(ended) => return ended,
            Err(_) if copied.load(Ordering::Relaxed) == before => {
                return Err(Closing::HalfClosedTooLong);
            }
            Err(_) => {}
        }
    }
}

/// One direction.
struct Copying<'a> {
    connection: &'a Connection,
    direction: Direction,
    /// What a broken read and a broken write say about the connection.
    read_broke: Closing,
    write_broke: Closing,
    copied: AtomicU64,
}

impl<'a> Copying<'a> {
    fn new(
        connection: &'a Connection,
        direction: Direction,
        read_broke: Closing,
        write_broke: Closing,
    ) -> Self {
        Self { connection, direction, read_broke, write_broke, copied: AtomicU64::new(0) }
    }

    async fn run(&self, from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> Result<(), Closing> {
        loop {
            let bytes = read(&from).await.map_err(|_| self.read_broke)?;
            if bytes.is_empty() {
                // The other side may already be gone; then its own direction says how.
                let _gone = to.shutdown().await;
                return Ok(());
            }
            self.connection.data(self.direction, &bytes);
            to.write_all(&bytes).await.map_err(|_| self.write_broke)?;
            self.copied.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
    }
}

/// The next bytes; none at the end. Room for them is made once they are there: tills that keep their
/// connections open are silent most of the time, and 2,000 of them would hold 64 MiB. Nothing is lost
/// where this is given up before its end.
pub(super) async fn read(from: &ReadHalf<'_>) -> io::Result<Vec<u8>> {
    loop {
        from.readable().await?;
        let mut bytes = vec![0; MAX_PAYLOAD_BYTES];
        match from.try_read(&mut bytes) {
            Ok(count) => {
                bytes.truncate(count);
                return Ok(bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}
