//! `tcp-proxy`: stands between POS and printer on TCP. A POS connection is a connection to the
//! printer: where that is refused, broken or stuck, the POS sees what it would see without us.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;

use super::listener;
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
    stop: watch::Receiver<bool>,
) {
    let carry = |pos, peer| carry(pos, peer, upstream.clone(), recorder.clone(), stop.clone());
    listener::serve(listen, max_connections, &recorder, stop.clone(), carry).await;
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
            listener::reset(pos);
            return;
        }
    };
    listener::prepare(&printer);
    match pump(&mut pos, &mut printer, &connection).await {
        Ok(()) => connection.close(Closing::Ended),
        Err(how) => {
            tracing::info!(source = recorder.name(), %peer, ?how, "a connection broke");
            connection.close(how);
            // Whoever is left must see a break, not a clean end.
            listener::reset(pos);
            listener::reset(printer);
        }
    }
}

async fn connect(upstream: &str) -> Result<TcpStream, String> {
    match tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(upstream)).await {
        Ok(connected) => connected.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer in {} s", CONNECT_LIMIT.as_secs())),
    }
}
