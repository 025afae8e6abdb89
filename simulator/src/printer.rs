//! A receipt printer on TCP: it takes whatever comes, answers status requests, and counts.
//!
//! It renders nothing. It frames only what it must to tell a cut from picture data, so that its
//! count of receipts is its own and not a decoder's.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Bytes of paper kept for a look afterwards; what comes later is counted and not kept.
pub const MAX_LOG_BYTES: usize = 4 * 1024 * 1024;
/// Connections counted one by one; later ones only add to the totals.
pub const MAX_CONNECTIONS: usize = 1_000;

/// Bytes taken at once, about what a print server buffers.
const READ_BYTES: usize = 4_096;
/// `DLE EOT 1`: on line, drawer sensor low.
const PRINTER_STATUS: u8 = 0x16;
/// `DLE EOT 2` to `4`: no error, cover closed, paper in.
const NO_TROUBLE: u8 = 0x12;

/// A printer that is running. Dropping it switches it off.
#[derive(Debug)]
pub struct Printer {
    address: SocketAddr,
    shared: Arc<Mutex<Counts>>,
    task: JoinHandle<()>,
}

/// What a printer has been through.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Bytes received.
    pub bytes: u64,
    /// Receipts, which is cuts.
    pub receipts: u64,
    /// The connections, oldest first.
    pub connections: Vec<Connection>,
    /// Everything received, in order of arrival, up to [`MAX_LOG_BYTES`].
    pub log: Vec<u8>,
}

/// One connection's share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Bytes received.
    pub bytes: u64,
    /// Cuts.
    pub receipts: u64,
}

impl Printer {
    /// Listens at `listen`; port 0 takes a free one.
    pub async fn start(listen: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Mutex::new(Counts::default()));
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has been through so far.
    pub fn counts(&self) -> Counts {
        lock(&self.shared).clone()
    }

    /// Receipts so far.
    pub fn receipts(&self) -> u64 {
        lock(&self.shared).receipts
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(shared: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Mutex<Counts>>) {
    let mut served = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that failed before it was accepted is the peer's affair.
                if let Ok((stream, _)) = accepted {
                    served.spawn(serve(stream, Arc::clone(&shared)));
                }
            }
            Some(_) = served.join_next() => {}
        }
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Mutex<Counts>>) {
    let index = {
        let mut counts = lock(&shared);
        if counts.connections.len() < MAX_CONNECTIONS {
            counts.connections.push(Connection::default());
        }
        counts.connections.len() - 1
    };
    let mut head = PrintHead::default();
    let mut buffer = vec![0; READ_BYTES];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        let taken = head.take(&buffer[..read]);
        {
            let mut counts = lock(&shared);
            counts.bytes += read as u64;
            counts.receipts += taken.cuts;
            counts.connections[index].bytes += read as u64;
            counts.connections[index].receipts += taken.cuts;
            let room = MAX_LOG_BYTES - counts.log.len();
            counts.log.extend_from_slice(&buffer[..read.min(room)]);
        }
        if stream.write_all(&taken.replies).await.is_err() {
            return;
        }
    }
}

/// What one read brought.
#[derive(Debug, Default, PartialEq, Eq)]
struct Taken {
    cuts: u64,
    replies: Vec<u8>,
}

/// Follows the byte stream of one connection far enough to know a cut and a question.
#[derive(Debug, Default)]
struct PrintHead {
    pending: Vec<u8>,
    picture_left: usize,
    question: [u8; 2],
}

impl PrintHead {
    fn take(&mut self, bytes: &[u8]) -> Taken {
        let mut taken = Taken::default();
        for &byte in bytes {
            taken.replies.extend(self.asked(byte));
            if self.picture_left > 0 {
                self.picture_left -= 1;
            } else {
                taken.cuts += u64::from(self.command(byte));
            }
        }
        taken
    }

    /// The reply to `DLE EOT n`, which acts wherever it stands, even in a picture.
    fn asked(&mut self, byte: u8) -> Option<u8> {
        let question = self.question;
        self.question = [question[1], byte];
        match (question, byte) {
            ([0x10, 0x04], 1) => Some(PRINTER_STATUS),
            ([0x10, 0x04], 2..=4) => Some(NO_TROUBLE),
            _ => None,
        }
    }

    /// Whether `byte` completes a cut. Commands with parameters that could look like one are
    /// followed to their end; everything else is paper.
    fn command(&mut self, byte: u8) -> bool {
        self.pending.push(byte);
        let heard = heard(&self.pending);
        if let Heard::Picture { bytes } = heard {
            self.picture_left = bytes;
        }
        if heard != Heard::Part {
            self.pending.clear();
        }
        heard == Heard::Cut
    }
}

/// What the bytes since the last complete command are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// Not yet a whole command.
    Part,
    /// The knife.
    Cut,
    /// The head of a picture of so many bytes.
    Picture { bytes: usize },
    /// Anything else.
    Paper,
}

fn heard(pending: &[u8]) -> Heard {
    match pending {
        [0x1B, b'i' | b'm'] | [0x1D, b'V', 0 | 1 | 48 | 49] | [0x1D, b'V', _, _] => Heard::Cut,
        [0x1D, b'v', _, _, xl, xh, yl, yh] => {
            let row = usize::from(u16::from_le_bytes([*xl, *xh]));
            Heard::Picture { bytes: row * usize::from(u16::from_le_bytes([*yl, *yh])) }
        }
        [0x1B | 0x1D | 0x10]
        | [0x10, 0x04]
        | [0x1D, b'!']
        | [0x1D, b'V' | b'v', ..]
        | [0x1B, b'a' | b'd' | b'E'] => Heard::Part,
        [0x1B, b'p', ..] if pending.len() < 5 => Heard::Part,
        _ => Heard::Paper,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{PrintHead, Printer, Taken};
    use crate::print::Style;
    use crate::shop::{OPENING, Shop, Till};

    fn roll(style: &Style, sales: usize) -> Vec<u8> {
        let mut till = Till::open(&Shop::ALL[0], 9, "counter-2", 2001, OPENING);
        (0..sales).flat_map(|_| style.print(&till.sell())).collect()
    }

    #[test]
    fn receipts_are_counted_in_every_style_and_however_the_bytes_arrive() {
        for style in Style::ALL {
            let bytes = roll(style, 20);
            for size in [1, 7, bytes.len()] {
                let mut head = PrintHead::default();
                let cuts: u64 = bytes.chunks(size).map(|chunk| head.take(chunk).cuts).sum();
                assert_eq!(cuts, 20, "{} in chunks of {size}", style.name);
            }
        }
    }

    #[test]
    fn a_cut_inside_a_picture_is_picture() {
        let picture = [0x1D, b'v', b'0', 0, 3, 0, 1, 0, 0x1D, b'V', 0];
        assert_eq!(PrintHead::default().take(&picture), Taken::default());
    }

    #[test]
    fn a_status_byte_has_its_fixed_bits_right() {
        for n in 1..=4 {
            let taken = PrintHead::default().take(&[0x10, 0x04, n]);
            assert_eq!(taken.replies.len(), 1);
            assert_eq!(taken.replies[0] & 0x93, 0x12, "DLE EOT {n}");
        }
    }

    #[tokio::test]
    async fn it_answers_and_counts_per_connection() {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let printer = Printer::start(any).await.expect("a loopback port");
        let paper = roll(&Style::ALL[0], 3);
        for _ in 0..2 {
            let mut till = TcpStream::connect(printer.address()).await.expect("a printer");
            till.write_all(&paper).await.expect("room");
            till.write_all(&[0x10, 0x04, 1]).await.expect("room");
            assert_eq!(till.read_u8().await.expect("a status"), 0x16);
        }
        let counts = printer.counts();
        assert_eq!((counts.receipts, counts.connections.len()), (6, 2));
        assert_eq!(counts.connections[0].bytes, paper.len() as u64 + 3);
        assert_eq!(counts.log.len() as u64, counts.bytes);
        assert!(counts.log.starts_with(&paper));
    }
}
