//! A till with a network printer: one connection per receipt.
//!
//! It asks the printer for its status before the receipt and after it. The second answer can only
//! come once everything before it has arrived; without it the till takes the receipt for torn and
//! prints it again, as tills do. A printer that never answers is believed blindly.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::error::WireError;
use super::line::Printed;
use super::pace::{Pace, Pacer};
use super::piece::Piece;

/// `DLE EOT 1`.
const STATUS_REQUEST: [u8; 3] = [0x10, 0x04, 0x01];
/// Bytes per write: a spooler's block.
const CHUNK_BYTES: usize = 512;
/// How long a printer may take to answer before it counts as mute.
const MUTE_AFTER: Duration = Duration::from_secs(1);
/// How long a printer that can answer may take after a receipt.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);
/// Pause between attempts.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
/// How long a till tries to print one receipt before it gives up, unless it is told otherwise.
const PRINTER_PATIENCE: Duration = Duration::from_mins(1);

/// Whether the printer must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCheck {
    /// It must; a receipt without an answer is printed again.
    Required,
    /// Where it answers the first request it must answer the second. One that is mute is asked no
    /// more.
    WhereAnswered,
    /// It is not asked.
    Off,
}

/// A till's side of a network printer.
#[derive(Debug)]
pub struct TcpLine {
    address: String,
    check: StatusCheck,
    pace: Pace,
    patience: Duration,
}

impl TcpLine {
    /// A till that prints to `address`, `host:port`, as fast as it is taken.
    pub fn new(address: &str, check: StatusCheck) -> Self {
        Self { address: address.to_owned(), check, pace: Pace::Fast, patience: PRINTER_PATIENCE }
    }

    /// The same at a pace, as behind a serial device server.
    #[must_use]
    pub fn paced(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same with another patience before it gives up.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Prints one receipt, again and again until a connection carried all of it.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<Printed, WireError> {
        self.carry(receipt, &[Piece::Bytes(receipt.to_vec())]).await
    }

    /// Prints one receipt as `pieces`. Once a piece of it was torn, it is printed again as it is:
    /// faults happen to one transmission.
    pub async fn carry(&mut self, receipt: &[u8], pieces: &[Piece]) -> Result<Printed, WireError> {
        let again = [Piece::Bytes(receipt.to_vec())];
        let deadline = Instant::now() + self.patience + absence(pieces);
        let mut torn = 0;
        loop {
            let pieces = if torn == 0 { pieces } else { &again };
            let failure = match TcpStream::connect(&self.address).await {
                Err(refused) => refused,
                Ok(stream) => match self.converse(stream, pieces).await {
                    Ok(()) => return Ok(Printed { torn }),
                    Err(broken) => {
                        torn += u32::from(broken.began);
                        broken.error
                    }
                },
            };
            if Instant::now() >= deadline {
                let (address, waited) = (self.address.clone(), self.patience);
                return Err(WireError::NoPrinter { address, waited, source: failure });
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
    }

    async fn converse(&mut self, mut stream: TcpStream, pieces: &[Piece]) -> Result<(), Broken> {
        stream.set_nodelay(true).map_err(Broken::before)?;
        if self.check == StatusCheck::Off {
            return self.send(&mut stream, pieces).await.map_err(Broken::after);
        }
        let answered = ask(&mut stream, MUTE_AFTER).await;
        if let Err(error) = answered {
            let mute = error.kind() == io::ErrorKind::TimedOut;
            if !mute || self.check == StatusCheck::Required {
                return Err(Broken::before(error));
            }
            self.check = StatusCheck::Off;
            return self.send(&mut stream, pieces).await.map_err(Broken::after);
        }
        self.send(&mut stream, pieces).await.map_err(Broken::after)?;
        ask(&mut stream, ANSWER_PATIENCE).await.map_err(Broken::after)
    }

    async fn send(&self, stream: &mut TcpStream, pieces: &[Piece]) -> io::Result<()> {
        let mut pacer = Pacer::new(self.pace);
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => {
                    for chunk in bytes.chunks(CHUNK_BYTES) {
                        pacer.carried(chunk.len()).await;
                        stream.write_all(chunk).await?;
                    }
                }
                Piece::Silence(pause) => pacer.silent(*pause).await,
                Piece::Unplug(pause) => {
                    // A pulled plug says no goodbye: the connection stays as it is, and only when
                    // the plug is in again does the till learn that nobody answers.
                    tokio::time::sleep(*pause).await;
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
        }
        stream.flush().await
    }
}

/// A connection that did not carry its receipt.
#[derive(Debug)]
struct Broken {
    began: bool,
    error: io::Error,
}

impl Broken {
    fn before(error: io::Error) -> Self {
        Self { began: false, error }
    }

    fn after(error: io::Error) -> Self {
        Self { began: true, error }
    }
}

/// How long the plug is out while `pieces` are carried.
fn absence(pieces: &[Piece]) -> Duration {
    let pauses = pieces.iter().map(|piece| match piece {
        Piece::Unplug(pause) => *pause,
        Piece::Bytes(_) | Piece::Silence(_) => Duration::ZERO,
    });
    pauses.sum()
}

async fn ask(stream: &mut TcpStream, patience: Duration) -> io::Result<()> {
    stream.write_all(&STATUS_REQUEST).await?;
    timeout(patience, stream.read_u8())
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{Printed, StatusCheck, TcpLine};
    use crate::printer::Printer;

    const RECEIPT: &[u8] = b"SHOP\nTOTAL 36.00\n\x1DV\x42\x00";

    fn any_port() -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
    }

    #[tokio::test]
    async fn each_receipt_has_a_connection_of_its_own() {
        let printer = Printer::start(any_port()).await.expect("a printer");
        let mut line = TcpLine::new(&printer.address().to_string(), StatusCheck::Required);
        for _ in 0..3 {
            assert_eq!(line.print(RECEIPT).await.expect("printed"), Printed { torn: 0 });
        }
        let counts = printer.counts();
        assert_eq!((counts.receipts, counts.connections.len()), (3, 3));
    }

    #[tokio::test]
    async fn a_torn_receipt_is_printed_again_in_full() {
        let listener = TcpListener::bind(any_port()).await.expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let printer = tokio::spawn(async move {
            let (mut first, _) = listener.accept().await.expect("a till");
            let mut half = [0; 3 + 8];
            first.write_all(&[0x16]).await.expect("room");
            first.read_exact(&mut half).await.expect("half a receipt");
            drop(first);
            let (mut second, _) = listener.accept().await.expect("the till again");
            second.write_all(&[0x16, 0x16]).await.expect("room");
            let mut all = Vec::new();
            second.read_to_end(&mut all).await.expect("the rest");
            all
        });
        let mut line = TcpLine::new(&address, StatusCheck::Required);
        assert_eq!(line.print(RECEIPT).await.expect("printed"), Printed { torn: 1 });
        drop(line);
        let all = printer.await.expect("no panic");
        assert_eq!(&all[3..3 + RECEIPT.len()], RECEIPT);
    }

    #[tokio::test]
    async fn a_printer_that_is_switched_on_late_is_waited_for() {
        let spare = TcpListener::bind(any_port()).await.expect("a port");
        let address = spare.local_addr().expect("its address");
        drop(spare);
        let mut line = TcpLine::new(&address.to_string(), StatusCheck::Required);
        let printing = tokio::spawn(async move { line.print(RECEIPT).await });
        tokio::task::yield_now().await;
        let printer = Printer::start(address).await.expect("the same port");
        assert_eq!(printing.await.expect("no panic").expect("printed"), Printed { torn: 0 });
        assert_eq!(printer.receipts(), 1);
    }

    #[tokio::test]
    async fn a_mute_printer_is_asked_once_and_believed() {
        let listener = TcpListener::bind(any_port()).await.expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let printer = tokio::spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..2 {
                let (mut till, _) = listener.accept().await.expect("a till");
                let mut all = Vec::new();
                till.read_to_end(&mut all).await.expect("the receipt");
                seen.push(all);
            }
            seen
        });
        let mut line = TcpLine::new(&address, StatusCheck::WhereAnswered);
        for _ in 0..2 {
            line.print(RECEIPT).await.expect("printed");
        }
        let seen = printer.await.expect("no panic");
        assert_eq!(seen[0], [&[0x10, 0x04, 0x01], RECEIPT].concat());
        assert_eq!(seen[1], RECEIPT);
    }
}
