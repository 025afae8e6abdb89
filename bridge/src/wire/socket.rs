//! The wake socket's server side: says hello, wakes, answers `status`. A slow or dead peer holds up
//! nobody but itself.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::error::WireError;
use super::recorder::Hub;
use super::status::Hello;

/// Most peers at once: one brain, a few `status` calls, and room for a brain being replaced.
const MAX_PEERS: usize = 16;

/// Least time between two wakes. A line at full speed makes 700 records a second; a brain that is
/// woken for each of them does little else. It is to commit within 50 ms, and needs the rest for that.
const WAKE_EVERY: Duration = Duration::from_millis(40);

/// Longest request line, in bytes.
const MAX_REQUEST_BYTES: usize = 64;

/// Replaces a stale socket. Only the holder of the lock calls this, so nobody listens on it.
pub(super) fn bind(path: &Path) -> Result<UnixListener, WireError> {
    let trouble = |source| WireError::Socket { path: path.to_owned(), source };
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(trouble(error)),
        _ => {}
    }
    UnixListener::bind(path).map_err(trouble)
}

/// Serves peers for as long as it is polled.
pub(super) async fn serve(listener: UnixListener, hub: Arc<Hub>, hello: Hello) {
    let mut peers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if peers.len() < MAX_PEERS => {
                    peers.spawn(serve_peer(stream, Arc::clone(&hub), hello.clone()));
                }
                Ok(_) => tracing::warn!("a peer of the wake socket is refused: {MAX_PEERS} are open"),
                Err(error) => {
                    tracing::warn!(%error, "the wake socket cannot accept");
                    tokio::time::sleep(super::backoff::FIRST).await;
                }
            },
            Some(_) = peers.join_next() => {}
        }
    }
}

/// Wakes the peers for as long as it is polled: at once after a silence, then once per
/// [`WAKE_EVERY`] while records keep coming.
pub(super) async fn wake(hub: Arc<Hub>) {
    loop {
        hub.peers.news.notified().await;
        hub.peers.wake();
        tokio::time::sleep(WAKE_EVERY).await;
    }
}

async fn serve_peer(stream: UnixStream, hub: Arc<Hub>, hello: Hello) {
    let peer = Arc::new(Peer { stream, busy: AtomicBool::new(true) });
    let _attached = hub.peers.attach(&peer);
    // A peer that goes away is nothing to report: brains restart, `status` asks once.
    let _gone = converse(&peer, &hub, &hello).await;
}

async fn converse(peer: &Peer, hub: &Hub, hello: &Hello) -> io::Result<()> {
    peer.say(hello).await?;
    let mut request = Vec::new();
    loop {
        let byte = peer.read_byte().await?;
        if byte != b'\n' {
            request.push(byte);
            if request.len() > MAX_REQUEST_BYTES {
                return Err(io::ErrorKind::InvalidData.into());
            }
            continue;
        }
        if request == b"status" {
            let status = hub.status().map_err(io::Error::other)?;
            peer.say(&status).await?;
        }
        request.clear();
    }
}

/// Everybody to be woken.
#[derive(Debug, Default)]
pub(super) struct Peers {
    attached: Mutex<Vec<Arc<Peer>>>,
    news: Notify,
}

impl Peers {
    /// Something was appended. This costs the forwarding path no system call: the wake itself comes
    /// after the bytes have gone on.
    pub(super) fn appended(&self) {
        self.news.notify_one();
    }

    /// One byte to every peer whose buffer has room.
    fn wake(&self) {
        for peer in self.lock().iter() {
            peer.wake();
        }
    }

    fn attach<'a>(&'a self, peer: &'a Arc<Peer>) -> Attachment<'a> {
        self.lock().push(Arc::clone(peer));
        Attachment { peers: self, peer }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Peer>>> {
        self.attached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the peer off the list when its task ends.
struct Attachment<'a> {
    peers: &'a Peers,
    peer: &'a Arc<Peer>,
}

impl Drop for Attachment<'_> {
    fn drop(&mut self) {
        self.peers.lock().retain(|other| !Arc::ptr_eq(other, self.peer));
    }
}

#[derive(Debug)]
struct Peer {
    stream: UnixStream,
    /// A line is being written to it, into which no wake byte may fall.
    busy: AtomicBool,
}

impl Peer {
    fn wake(&self) {
        if !self.busy.load(Ordering::Acquire) {
            // A full buffer already holds a wake that the peer has not looked at.
            let _dropped = self.stream.try_write(b"\n");
        }
    }

    /// One line of JSON, and a wake for what was appended meanwhile.
    async fn say(&self, message: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.busy.store(true, Ordering::Release);
        let mut rest = line.as_slice();
        while !rest.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        self.busy.store(false, Ordering::Release);
        self.wake();
        Ok(())
    }

    async fn read_byte(&self) -> io::Result<u8> {
        let mut byte = [0];
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut byte) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => return Ok(byte[0]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}
