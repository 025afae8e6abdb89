//! The listening socket, with what an ordinary server lacks: an answer can be spoiled on its way.
//!
//! A reset, a body that breaks off and a body that drips must reach the client as such, so the
//! stream itself has to misbehave.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::server::Shared;

/// What separates the head of an answer from its body.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Pause between two looks whether the network is back, or the port free, in real time.
const AWAY_PAUSE: Duration = Duration::from_millis(2);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// The listener; none while the network is away.
#[derive(Debug)]
pub(super) struct Door {
    listener: Option<TcpListener>,
    address: SocketAddr,
    shared: Shared,
    left: watch::Receiver<()>,
}

impl Door {
    /// A door at `listener`, which is closed whenever the group says that the network is away.
    pub(super) fn new(listener: TcpListener, shared: Shared) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let left = shared.group().watch_leaving();
        Ok(Self { listener: Some(listener), address, shared, left })
    }

    /// The listener, after the network is back.
    async fn open(&mut self) -> &mut TcpListener {
        while self.listener.is_none() || self.shared.group().is_away() {
            self.listener = None;
            if !self.shared.group().is_away() {
                // Somebody may have the port for a moment; it is asked for again.
                self.listener = bind(self.address).ok();
            }
            if self.listener.is_none() {
                sleep(AWAY_PAUSE).await;
            }
        }
        match &mut self.listener {
            Some(listener) => listener,
            None => unreachable!("the loop ends with a listener"),
        }
    }
}

/// Listens where somebody listened a moment ago.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// One connection.
#[derive(Debug)]
pub(super) struct Guest {
    stream: TcpStream,
    caller: Caller,
    pause: Option<Pin<Box<Sleep>>>,
}

/// Who is at the other end, and how its next answer is treated.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The address it calls from.
    pub(super) address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Fair,
    /// Nothing more; the connection ends with a reset.
    Reset,
    /// Up to the middle of the body, then the connection ends.
    Truncate,
    /// Nothing more; the connection ends in order.
    End,
    /// The head at once, the body a byte at a time with this pause.
    Drip(Duration),
    /// The rest of the body likewise; so many bytes are left.
    Dripping(Duration, usize),
}

impl Caller {
    /// Nothing more is written; the connection ends with a reset.
    pub(super) fn reset(&self) {
        self.set(Manner::Reset);
    }

    /// The next answer breaks off in the middle of its body.
    pub(super) fn truncate(&self) {
        self.set(Manner::Truncate);
    }

    /// The body of the next answer, which is not empty, comes a byte at a time.
    pub(super) fn drip(&self, pause: Duration) {
        self.set(Manner::Drip(pause));
    }

    fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    fn manner(&self) -> Manner {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Door {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        let (stream, address) = loop {
            let mut left = self.left.clone();
            left.mark_unchanged();
            let listener = self.open().await;
            tokio::select! {
                accepted = Listener::accept(listener) => break accepted,
                // The sender lives in the group, which we hold.
                _ = left.changed() => {}
            }
        };
        // Answers are written whole; Nagle's algorithm could only hold them back.
        let _ = stream.set_nodelay(true);
        let manner = Arc::new(Mutex::new(Manner::Fair));
        (Guest { stream, caller: Caller { address, manner }, pause: None }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, Door>> for Caller {
    fn connect_info(guest: IncomingStream<'_, Door>) -> Self {
        guest.io().caller.clone()
    }
}

impl Guest {
    /// Turns the close that follows into a reset.
    fn reset(&self) -> io::Error {
        match self.stream.set_zero_linger() {
            Ok(()) => io::ErrorKind::ConnectionReset.into(),
            Err(error) => error,
        }
    }

    /// Writes the head and half of the body, and nothing after that.
    fn truncate(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let head = head_length(bytes);
        let half = head + (bytes.len() - head) / 2;
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..half]))?;
        if written == half {
            self.caller.set(Manner::End);
        }
        Poll::Ready(Ok(written))
    }

    /// Writes the head, and then the body byte by byte.
    fn drip(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        by: Duration,
    ) -> Poll<io::Result<usize>> {
        let head = head_length(bytes);
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..head]))?;
        if written == head {
            self.caller.set(Manner::Dripping(by, bytes.len() - head));
        }
        Poll::Ready(Ok(written))
    }

    /// Writes the next byte of the body once its pause is over.
    fn drip_on(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        by: Duration,
        left: usize,
    ) -> Poll<io::Result<usize>> {
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(by)));
        ready!(pause.as_mut().poll(cx));
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..1]))?;
        self.pause = None;
        let left = left.saturating_sub(written);
        self.caller.set(if left == 0 { Manner::Fair } else { Manner::Dripping(by, left) });
        Poll::Ready(Ok(written))
    }
}

/// Length of the head at the front of `bytes`; hyper writes it in one piece with a short body.
fn head_length(bytes: &[u8]) -> usize {
    let end = bytes.windows(HEAD_END.len()).position(|window| window == HEAD_END);
    end.map_or(bytes.len(), |at| at + HEAD_END.len())
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.caller.manner() {
            Manner::Fair => Pin::new(&mut self.stream).poll_write(cx, bytes),
            Manner::Reset => Poll::Ready(Err(self.reset())),
            Manner::End => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Manner::Truncate => self.truncate(cx, bytes),
            Manner::Drip(by) => self.drip(cx, bytes, by),
            Manner::Dripping(by, left) => self.drip_on(cx, bytes, by, left),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.caller.manner() == Manner::Reset {
            return Poll::Ready(Err(self.reset()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
