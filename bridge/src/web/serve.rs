//! Connections that are few and end: a peer that sends slowly, does not read, or opens a thousand of
//! them costs a bounded place for a bounded time.
//!
//! It knows HTTP as far as time-outs go; what is answered is the router's.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep};

/// Most connections at once; for the next one somebody makes room who has not asked for anything.
/// A browser opens six.
pub(super) const MAX_CONNECTIONS: usize = 64;
/// Most connections from one address, so that one machine cannot take all places. This machine is
/// not counted: whoever comes through a tunnel comes from it.
pub(super) const MAX_OF_PEER: usize = 16;
/// How long a request's head may take, and how long a connection may wait for its next request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long a peer may read nothing of what it is sent.
const STALL_LIMIT: Duration = Duration::from_secs(20);
/// Largest request head, in bytes: a browser's with its cookies.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Most header lines.
const MAX_HEADERS: usize = 64;
/// Wait after an accept that failed: out of descriptors, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);
/// A crowd is told to the log this often.
const TOLD_EVERY: Duration = Duration::from_mins(1);
/// What is said where nobody can make room.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n\
    Content-Type: text/plain\r\nContent-Length: 45\r\n\r\nToo many are at the page; try again in 10 s.\n";

/// Who asks; in every request's extensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Listens on `address`; `key` is its place in the configuration.
pub(super) async fn bind(address: SocketAddr, key: &str) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let expected = format!("expected to listen on {key} {address}, found: {error}");
        io::Error::new(error.kind(), expected)
    })
}

/// Answers for ever.
pub(super) async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    serve_within(listener, router, Limits::default()).await
}

/// The times of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) head: Duration,
    pub(super) stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: HEAD_LIMIT, stall: STALL_LIMIT }
    }
}

pub(super) async fn serve_within(
    listener: TcpListener,
    router: Router,
    limits: Limits,
) -> io::Result<()> {
    let (places, room) = (Places::default(), Arc::new(Semaphore::new(MAX_CONNECTIONS)));
    let mut peers = JoinSet::new();
    let (mut crowd, mut told) = (0_u64, None::<Instant>);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let (place, was_full) = places.take(peer.ip());
                    if was_full {
                        crowd += 1;
                        if told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
                            tracing::warn!(crowd, "more come to the page of [web] than it has places");
                            told = Some(Instant::now());
                        }
                    }
                    if let Some(place) = place {
                        // Whoever makes room is gone at once, and this one comes after.
                        let room = Arc::clone(&room).acquire_owned().await;
                        let seat = (place, room.expect("nobody closes it"));
                        let steady = Steady { stream, stall: limits.stall, waits: None };
                        peers.spawn(attend(steady, peer, seat, router.clone(), limits));
                    } else {
                        // As much of it as the kernel takes at once; nobody is waited for.
                        let _said = stream.try_write(FULL);
                    }
                }
                Err(error) => {
                    tracing::warn!("the listener of [web] cannot accept: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = peers.join_next() => {}
        }
    }
}

async fn attend(
    steady: Steady,
    peer: SocketAddr,
    (place, _room): (Place, OwnedSemaphorePermit),
    router: Router,
    limits: Limits,
) {
    let pages = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
        place.asks();
        request.extensions_mut().insert(Peer(peer));
        let answer = pages.call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    // Whatever ends a connection ends nothing else.
    tokio::select! {
        _gone = http.serve_connection(TokioIo::new(steady), service) => {}
        () = place.makes_room.notified() => {}
    }
}

/// The places, by the order in which they were taken.
#[derive(Clone, Debug, Default)]
struct Places(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    by_age: BTreeMap<u64, Guest>,
}

/// Whoever has a place.
#[derive(Debug)]
struct Guest {
    peer: IpAddr,
    /// Whether a whole request has come. Before that the connection is worth nothing to anybody.
    asked: bool,
    makes_room: Arc<Notify>,
}

impl Places {
    /// A place for `peer`, and whether none was free. Then whoever has waited longest without asking
    /// makes room: a browser asks at once, and a crowd that only waits keeps nobody out.
    fn take(&self, peer: IpAddr) -> (Option<Place>, bool) {
        let mut taken = self.taken();
        let own = taken.by_age.values().filter(|guest| guest.peer == peer).count();
        let is_many = !peer.is_loopback() && own >= MAX_OF_PEER;
        let was_full = is_many || taken.by_age.len() >= MAX_CONNECTIONS;
        if was_full {
            let gives = |guest: &Guest| !guest.asked && (!is_many || guest.peer == peer);
            let quiet =
                taken.by_age.iter().find(|(_, guest)| gives(guest)).map(|(number, _)| *number);
            let Some(guest) = quiet.and_then(|quiet| taken.by_age.remove(&quiet)) else {
                return (None, was_full);
            };
            guest.makes_room.notify_one();
        }
        let number = taken.next;
        taken.next += 1;
        let makes_room = Arc::new(Notify::new());
        let guest = Guest { peer, asked: false, makes_room: Arc::clone(&makes_room) };
        taken.by_age.insert(number, guest);
        (Some(Place { places: self.clone(), number, makes_room }), was_full)
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them, until it is dropped.
#[derive(Debug)]
struct Place {
    places: Places,
    number: u64,
    makes_room: Arc<Notify>,
}

impl Place {
    /// A whole request has come: from now on this one makes room for nobody.
    fn asks(&self) {
        if let Some(guest) = self.places.taken().by_age.get_mut(&self.number) {
            guest.asked = true;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().by_age.remove(&self.number);
    }
}

/// A connection that ends when its peer does not read.
#[derive(Debug)]
struct Steady {
    stream: TcpStream,
    stall: Duration,
    /// When it is over, while something waits to be read by the peer.
    waits: Option<Pin<Box<Sleep>>>,
}

impl Steady {
    /// What came of a write, or the end of waiting for one.
    fn or_stalled<T>(
        &mut self,
        done: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waits = None;
            return done;
        }
        let stall = self.stall;
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        ready!(waits.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Steady {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Steady {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.or_stalled(done, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(context);
        self.or_stalled(done, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
