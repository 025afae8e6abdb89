//! The websocket of one connection: from upgrade to end.
//!
//! It moves frames between the socket and the gateway's state and judges nothing.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::connection::Push;
use super::tickets::Untaken;
use crate::dingtalk::server::Shared;

/// Most bytes of a frame that a client may send.
const MAX_HEARD_BYTES: usize = 1024 * 1024;
/// How long a frame may take to go out to a peer that does not read, in real time.
const SEND_PATIENCE: Duration = Duration::from_secs(30);
/// How long a client that says goodbye is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

/// `GET /connect?ticket=…`.
pub(in crate::dingtalk) async fn connect(
    State(shared): State<Shared>,
    Query(query): Query<Vec<(String, String)>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let ticket = query.iter().find(|(key, _)| key == "ticket").map_or("", |(_, ticket)| ticket);
    let taken = shared.group().with_app(|app, now_ms| app.connect(ticket, now_ms));
    match taken {
        Some(Ok((number, pushes))) => upgrade
            .max_message_size(MAX_HEARD_BYTES)
            .on_upgrade(move |socket| serve(socket, shared, number, pushes)),
        // Nobody documents what a bad ticket is answered; the handshake fails.
        Some(Err(Untaken::Unknown | Untaken::Expired)) => StatusCode::UNAUTHORIZED.into_response(),
        Some(Err(Untaken::Full)) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn serve(
    mut socket: WebSocket,
    shared: Shared,
    number: u64,
    mut pushes: mpsc::Receiver<Push>,
) {
    let mut left = shared.group().watch_leaving();
    left.mark_unchanged();
    let (mut pause, mut silent) = (Duration::ZERO, false);
    loop {
        tokio::select! {
            push = pushes.recv() => match push {
                Some(Push::Text(text)) => {
                    sleep(pause).await;
                    let sent = timeout(SEND_PATIENCE, socket.send(Message::Text(text.into()))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        break;
                    }
                }
                Some(Push::Slow(by)) => pause = by,
                Some(Push::Silence) => silent = true,
                Some(Push::Drop) | None => break,
            },
            heard = socket.recv(), if !silent => match heard {
                Some(Ok(Message::Text(text))) => {
                    shared.group().with_app(|app, _| app.stream.heard(number, &text));
                }
                Some(Ok(Message::Close(_))) => {
                    // Reading on sends the answer to the goodbye.
                    let _ = timeout(GOODBYE, socket.recv()).await;
                    break;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
            // The network went away, or the mock did.
            _ = left.changed() => break,
        }
    }
    shared.group().with_app(|app, now_ms| app.stream.closed(number, now_ms));
}
