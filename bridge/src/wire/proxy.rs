//! `tcp-proxy`: stands between POS and printer on TCP. Each connection is its own task, so that one
//! stuck printer holds up nobody else.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::backoff::{Backoff, FIRST};
use super::pump::pump;
use super::recorder::{Connection, Recorder};
use crate::ring::Closing;

/// How long the printer may take to accept a connection. POS programs give up after 5 to 30 s; ours
/// must fail while the POS is still there to be told.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);

/// Serves POS connections until told to stop.
pub(super) async fn serve(
    listen: SocketAddr,
    upstream: String,
    max_connections: usize,
    recorder: Recorder,
    mut stop: watch::Receiver<bool>,
) {
    let Some(listener) = bind(listen, &recorder, &mut stop).await else { return };
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
                    let (upstream, recorder) = (upstream.clone(), recorder.clone());
                    connections.spawn(carry(pos, peer, upstream, recorder, stop.clone()));
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

/// One POS connection from its first byte to its last.
async fn carry(
    pos: TcpStream,
    peer: SocketAddr,
    upstream: String,
    recorder: Recorder,
    mut stop: watch::Receiver<bool>,
) {
    let connection = recorder.opened();
    tokio::select! {
        () = carry_through(pos, peer, upstream, &recorder, connection) => {}
        // Dropping the future drops the connection, which says so in the ring.
        _ = stop.changed() => {}
    }
}

async fn carry_through(
    mut pos: TcpStream,
    peer: SocketAddr,
    upstream: String,
    recorder: &Recorder,
    connection: Connection,
) {
    let mut printer = match connect(&upstream).await {
        Ok(printer) => printer,
        Err(why) => {
            tracing::warn!(
                source = recorder.name(), %peer,
                "expected the printer at {upstream}, found: {why}; the POS is turned away"
            );
            connection.close(Closing::PrinterUnreachable);
            reset(pos);
            return;
        }
    };
    unbuffered(&pos);
    unbuffered(&printer);
    match pump(&mut pos, &mut printer, &connection).await {
        Ok(()) => connection.close(Closing::Ended),
        Err(how) => {
            tracing::info!(source = recorder.name(), %peer, ?how, "a connection broke");
            connection.close(how);
            // Whoever is left must see a break, not a clean end.
            reset(pos);
            reset(printer);
        }
    }
}

async fn connect(upstream: &str) -> Result<TcpStream, String> {
    match tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(upstream)).await {
        Ok(connected) => connected.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer in {} s", CONNECT_LIMIT.as_secs())),
    }
}

/// Receipts are short; waiting to fill a packet would delay each of them.
fn unbuffered(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
}

/// Ends a connection with a reset.
fn reset(stream: TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "a connection is closed rather than reset");
    }
    drop(stream);
}
