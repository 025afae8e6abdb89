//! The printers of thousands of tills behind one socket.
//!
//! A printer answers `DLE EOT` and swallows everything else; it understands no receipt and moves no
//! drawer. Each has an address of its own in 127.0.0.0/8, and the address that a connection was made
//! to tells which it is. The socket hears the loopback device only.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Receive buffer of a printer in bytes, as in the TM-T88 series.
const BUFFER_BYTES: usize = 4_096;
/// Connections that may wait to be accepted: as many as tills may print at once.
const BACKLOG: u32 = 4_096;
/// Tills on one third byte of an address: .1 to .250.
const TILLS_A_NET: u32 = 250;
/// What a slow printer takes at once, and its pause after that: 640 bytes a second.
const SLOW_BYTES: usize = 64;
const SLOW_PAUSE: Duration = Duration::from_millis(100);
/// Status bytes: the bits that the manual fixes; and with them off line, paper end.
const READY: u8 = 0x12;
const OFFLINE: u8 = 0x1A;
const PAPER_OUT: u8 = 0x7E;

/// How a printer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// It prints.
    #[default]
    Ready,
    /// It is switched off: connections are reset.
    Away,
    /// It has no paper: it takes what its buffer holds, and answers what it is asked in real time.
    Stuck,
    /// It takes a little at a time.
    Slow,
}

/// The printers. Dropping them switches all of them off.
#[derive(Debug)]
pub struct Farm {
    net: u8,
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Those that are not ready.
    conditions: Mutex<HashMap<IpAddr, Condition>>,
    changed: watch::Sender<()>,
}

impl Shared {
    fn condition(&self, of: IpAddr) -> Condition {
        let conditions = self.conditions.lock().unwrap_or_else(PoisonError::into_inner);
        conditions.get(&of).copied().unwrap_or_default()
    }
}

/// The address of `till` in the net 127.`net`.0.0.
pub(super) fn address(net: u8, till: u32) -> Ipv4Addr {
    Ipv4Addr::new(127, net, (1 + till / TILLS_A_NET) as u8, (1 + till % TILLS_A_NET) as u8)
}

impl Farm {
    /// Printers with addresses in 127.`net`.0.0, at a port that is free.
    pub fn open(net: u8) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind_device(Some(b"lo"))?;
        socket.bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
        Self::behind(net, socket.listen(BACKLOG)?)
    }

    /// One printer for everybody at `address`, for a bridge that runs elsewhere.
    pub fn at(address: SocketAddr) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Self::behind(0, socket.listen(BACKLOG)?)
    }

    fn behind(net: u8, listener: TcpListener) -> io::Result<Self> {
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { net, port, shared, task })
    }

    /// Where the printer of `till` is.
    pub fn address(&self, till: u32) -> SocketAddr {
        SocketAddr::from((address(self.net, till), self.port))
    }

    /// Puts the printer of `till` into a condition. What it was sent before stays printed; where it is
    /// switched off, connections that are open are reset.
    pub fn set(&self, till: u32, condition: Condition) {
        let of = self.address(till).ip();
        let mut conditions = self.shared.conditions.lock().unwrap_or_else(PoisonError::into_inner);
        match condition {
            Condition::Ready => conditions.remove(&of),
            other => conditions.insert(of, other),
        };
        drop(conditions);
        self.shared.changed.send_replace(());
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        // A connection that failed before it was accepted is the peer's affair; where descriptors
        // are short, a moment helps.
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, Arc::clone(&shared)))),
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Serves one host until it goes away.
async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let Ok(own) = stream.local_addr() else { return };
    let mut changes = shared.changed.subscribe();
    let mut printer = Lane::default();
    let mut buffer = [0; BUFFER_BYTES];
    loop {
        changes.mark_unchanged();
        let condition = shared.condition(own.ip());
        if condition == Condition::Away {
            // Nothing is left to say to a host whose printer is off.
            let _ = stream.set_zero_linger();
            return;
        }
        let room = printer.room(condition);
        tokio::select! {
            read = stream.read(&mut buffer[..room]), if room > 0 => match read {
                Ok(read @ 1..) => {
                    let answers = printer.take(&buffer[..read], condition);
                    if !answers.is_empty() && stream.write_all(&answers).await.is_err() {
                        return;
                    }
                    if condition == Condition::Slow {
                        tokio::time::sleep(SLOW_PAUSE).await;
                    }
                }
                _ => return,
            },
            told = changes.changed() => if told.is_err() {
                return;
            },
        }
    }
}

/// What a printer knows of one connection.
#[derive(Debug, Default)]
struct Lane {
    /// The two bytes before the next.
    before: [u8; 2],
    /// Bytes in the buffer while nothing is printed.
    waiting: usize,
}

impl Lane {
    /// How many bytes it takes now.
    fn room(&mut self, condition: Condition) -> usize {
        if condition != Condition::Stuck {
            self.waiting = 0;
        }
        let most = if condition == Condition::Slow { SLOW_BYTES } else { BUFFER_BYTES };
        most.min(BUFFER_BYTES.saturating_sub(self.waiting))
    }

    /// Takes bytes and answers each `DLE EOT n`, even in the middle of a picture, as printers do.
    fn take(&mut self, bytes: &[u8], condition: Condition) -> Vec<u8> {
        if condition == Condition::Stuck {
            self.waiting += bytes.len();
        }
        let mut answers = Vec::new();
        for &byte in bytes {
            if self.before == [0x10, 0x04] && (1..=4).contains(&byte) {
                answers.push(match (condition, byte) {
                    (Condition::Stuck, 1) => OFFLINE,
                    (Condition::Stuck, 4) => PAPER_OUT,
                    _ => READY,
                });
            }
            self.before = [self.before[1], byte];
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpStream;

    use super::{Condition, Farm, Lane, OFFLINE, READY};
    use crate::wire::{Printed, StatusCheck, TcpLine};

    const RECEIPT: &[u8] = b"SHOP\nTOTAL 36.00\n\x1DV\x42\x00";

    fn farm() -> Farm {
        Farm::open(13).expect("a free port")
    }

    #[tokio::test]
    async fn each_till_has_a_printer_of_its_own_behind_one_socket() {
        let farm = farm();
        for till in [0, 249, 250, 1_999] {
            let mut line = TcpLine::new(&farm.address(till).to_string(), StatusCheck::Required);
            assert_eq!(line.print(RECEIPT).await.expect("printed"), Printed { torn: 0 });
        }
        assert_ne!(farm.address(1_999), farm.address(0));
    }

    #[tokio::test]
    async fn a_printer_that_is_switched_off_resets_its_host_and_no_other() {
        let farm = farm();
        let mut open = TcpStream::connect(farm.address(1)).await.expect("a printer");
        farm.set(1, Condition::Away);
        let reset = open.read(&mut [0; 1]).await;
        assert!(reset.is_err() || matches!(reset, Ok(0)), "{reset:?}");
        let mut other = TcpLine::new(&farm.address(2).to_string(), StatusCheck::Required);
        other.print(RECEIPT).await.expect("the other prints");
        farm.set(1, Condition::Ready);
        let mut line = TcpLine::new(&farm.address(1).to_string(), StatusCheck::Required);
        line.print(RECEIPT).await.expect("it is back");
    }

    #[test]
    fn a_question_is_answered_wherever_the_bytes_are_cut() {
        let stream = [RECEIPT, b"\x10\x04\x01", RECEIPT].concat();
        for cut in 0..stream.len() {
            let mut lane = Lane::default();
            let mut answers = lane.take(&stream[..cut], Condition::Ready);
            answers.extend(lane.take(&stream[cut..], Condition::Ready));
            assert_eq!(answers, [READY], "cut at {cut}");
        }
    }

    #[test]
    fn without_paper_it_takes_its_buffer_full_and_says_that_it_is_off_line() {
        let mut lane = Lane::default();
        assert_eq!(lane.take(b"\x10\x04\x01", Condition::Stuck), [OFFLINE]);
        lane.take(&[b'x'; 4_000], Condition::Stuck);
        assert_eq!(lane.room(Condition::Stuck), 93);
        assert_eq!(lane.room(Condition::Ready), 4_096);
    }
}
