//! A device on TCP: any number of hosts at once, each a lane of its own.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::device::{Device, LaneId, Shared};
use super::lane::RECEIVE_BYTES;

pub(super) async fn accept<D: Device>(listener: TcpListener, shared: Arc<Shared<D>>) {
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

/// Serves one host until it goes away; what becomes of it concerns no other.
async fn serve<D: Device>(mut stream: TcpStream, shared: Arc<Shared<D>>) {
    let lane = shared.act(|device| device.open(false));
    converse(&mut stream, lane, &shared).await;
    shared.act(|device| device.close(lane));
}

async fn converse<D: Device>(stream: &mut TcpStream, lane: LaneId, shared: &Shared<D>) {
    let mut changes = shared.changes();
    let mut buffer = [0; RECEIVE_BYTES];
    loop {
        changes.mark_unchanged();
        let (replies, room) = {
            let mut device = shared.look();
            (device.take_replies(lane), device.room(lane))
        };
        if stream.write_all(&replies).await.is_err() {
            return;
        }
        tokio::select! {
            read = stream.read(&mut buffer[..room]), if room > 0 => match read {
                Ok(read @ 1..) => shared.act(|device| device.receive(lane, &buffer[..read])),
                _ => return,
            },
            told = changes.changed() => if told.is_err() {
                return;
            },
        }
    }
}
