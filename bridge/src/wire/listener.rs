//! Takes connections from POS programs, up to a limit, each carried by a task of its own, so that
//! one that stands still holds up nobody else.
//!
//! What is done with a connection is the caller's.

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::backoff::{Backoff, FIRST};
use super::keepalive;
use super::recorder::Recorder;

/// Serves connections until told to stop, then waits for those that are open. Whoever carries one
/// ends it when told to stop.
pub(super) async fn serve<C>(
    listen: SocketAddr,
    max_connections: usize,
    recorder: &Recorder,
    mut stop: watch::Receiver<bool>,
    carry: impl Fn(TcpStream, SocketAddr) -> C,
) where
    C: Future<Output = ()> + Send + 'static,
{
    let Some(listener) = bind(listen, recorder, &mut stop).await else { return };
    recorder.open(listener.local_addr().ok());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((pos, peer)) if connections.len() >= max_connections => {
                    tracing::warn!(
                        source = recorder.name(), %peer,
                        "a connection is refused: {max_connections} are open (max_connections)"
                    );
                    reset(pos);
                }
                Ok((pos, peer)) => {
                    prepare(&pos);
                    connections.spawn(carry(pos, peer));
                }
                Err(error) => {
                    tracing::warn!(source = recorder.name(), %error, "cannot accept a connection");
                    tokio::time::sleep(FIRST).await;
                }
            },
            Some(ended) = connections.join_next() => if let Err(error) = ended {
                tracing::error!(source = recorder.name(), %error, "a connection died of a fault");
            },
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Binds, however long that takes; nothing when told to stop before.
async fn bind(
    listen: SocketAddr,
    recorder: &Recorder,
    stop: &mut watch::Receiver<bool>,
) -> Option<TcpListener> {
    let mut backoff = Backoff::new();
    loop {
        match TcpListener::bind(listen).await {
            Ok(listener) => return Some(listener),
            Err(error) => {
                recorder.waiting(format!("expected to listen on {listen}, found: {error}"));
            }
        }
        tokio::select! {
            () = tokio::time::sleep(backoff.step()) => {}
            _ = stop.changed() => return None,
        }
    }
}

/// Receipts are short, and waiting to fill a packet would delay each of them; and a peer that is
/// gone must be noticed.
pub(super) fn prepare(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    keepalive::watch(stream);
}

/// Ends a connection with a reset.
pub(super) fn reset(stream: TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "a connection is closed rather than reset");
    }
    drop(stream);
}
