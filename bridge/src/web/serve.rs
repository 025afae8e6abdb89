//! Connections that are few and end: a peer that sends slowly, does not read, or opens a thousand of
//! them costs a bounded place for a bounded time.
//!
//! It knows HTTP as far as time-outs go; what is answered is the router's.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Sleep;

/// Most connections at once; the next one is closed unanswered. A browser opens six.
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
    let places = Places::default();
    let mut peers = JoinSet::new();
    let mut turned_away = 0_u64;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = places.take(peer.ip()) {
                        let steady = Steady { stream, stall: limits.stall, waits: None };
                        peers.spawn(attend(steady, peer, place, router.clone(), limits));
                    } else {
                        // A crowd is said once for every thousand of it.
                        if turned_away.is_multiple_of(1_000) {
                            tracing::warn!(turned_away, "web peers are let go: no place is free");
                        }
                        turned_away += 1;
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

async fn attend(steady: Steady, peer: SocketAddr, place: Place, router: Router, limits: Limits) {
    let pages = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
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
    let _gone = http.serve_connection(TokioIo::new(steady), service).await;
    drop(place);
}

/// The places that are free.
#[derive(Clone, Debug)]
struct Places {
    all: Arc<Semaphore>,
    of_peer: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Default for Places {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(MAX_CONNECTIONS)), of_peer: Arc::default() }
    }
}

impl Places {
    fn take(&self, peer: IpAddr) -> Option<Place> {
        let permit = Arc::clone(&self.all).try_acquire_owned().ok()?;
        if !peer.is_loopback() {
            let mut of_peer = self.of_peer.lock().unwrap_or_else(PoisonError::into_inner);
            let own = of_peer.entry(peer).or_default();
            if *own >= MAX_OF_PEER {
                return None;
            }
            *own += 1;
        }
        Some(Place { _permit: permit, of_peer: Arc::clone(&self.of_peer), peer })
    }
}

/// One of them, until it is dropped.
#[derive(Debug)]
struct Place {
    _permit: OwnedSemaphorePermit,
    of_peer: Arc<Mutex<HashMap<IpAddr, usize>>>,
    peer: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut of_peer = self.of_peer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = of_peer.get_mut(&self.peer) {
            *own -= 1;
            if *own == 0 {
                of_peer.remove(&self.peer);
            }
        }
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
