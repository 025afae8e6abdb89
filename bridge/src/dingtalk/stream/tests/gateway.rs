//! A gateway that does as it is told: gives tickets, takes websockets, and hands both to the test.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::model::LIMITS;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::stream::action::Limits;
use crate::dingtalk::stream::run::bounded;
use crate::dingtalk::stream::{Callback, Inbox, Link, Memory};
use crate::secret::Secret;

pub(crate) const SECRET: &str = "app-s3cr3t";
/// A test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What the gateway was asked and what it shall answer.
#[derive(Default)]
pub(crate) struct State {
    /// Requests for a ticket.
    pub(crate) opens: Vec<Value>,
    /// Tickets that were used, each once.
    pub(crate) used: Vec<String>,
    given: u64,
    good: BTreeSet<String>,
    /// Answers to the next requests for a ticket, HTTP status and body.
    pub(crate) refuse: Vec<(u16, String)>,
    /// Tickets that will turn out to have ended.
    pub(crate) expired: u32,
}

/// The gateway.
pub(crate) struct Gateway {
    pub(crate) base: String,
    state: Arc<Mutex<State>>,
    connections: mpsc::UnboundedReceiver<Connection>,
    calls: mpsc::UnboundedReceiver<Value>,
    task: JoinHandle<()>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, seen from the gateway.
pub(crate) struct Connection(pub(crate) WebSocketStream<TcpStream>);

impl Gateway {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let (connected, connections) = mpsc::unbounded_channel();
        let (called, calls) = mpsc::unbounded_channel();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (connected, called) = (connected.clone(), called.clone());
                tokio::spawn(take(stream, Arc::clone(&shared), connected, called, port));
            }
        });
        Self { base: format!("http://127.0.0.1:{port}"), state, connections, calls, task }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next connection that stands.
    pub(crate) async fn connection(&mut self) -> Connection {
        let next = tokio::time::timeout(PATIENCE, self.connections.recv()).await;
        next.expect("a connection in time").expect("the gateway runs")
    }

    /// What the interface was asked for next, tickets and tokens aside.
    pub(crate) async fn call(&mut self) -> Value {
        let next = tokio::time::timeout(PATIENCE, self.calls.recv()).await;
        next.expect("a call in time").expect("the gateway runs")
    }

    pub(crate) fn app(&self) -> App {
        App {
            client_id: "dingabc".into(),
            client_secret: Secret::new(SECRET),
            api: self.base.clone(),
            robot_code: "dingabc".into(),
            monthly_calls: 5_000,
            ca_file: None,
            proxy: None,
        }
    }
}

async fn take(
    stream: TcpStream,
    state: Arc<Mutex<State>>,
    connected: mpsc::UnboundedSender<Connection>,
    called: mpsc::UnboundedSender<Value>,
    port: u16,
) {
    let mut first = [0; 4];
    while stream.peek(&mut first).await.is_ok_and(|n| n > 0 && n < 4) {}
    if &first == b"POST" {
        answer(stream, &state, &called, port).await;
        return;
    }
    #[expect(clippy::result_large_err, reason = "the callback's type is the library's")]
    let check = |request: &Request, response: Response| {
        let query = request.uri().query().unwrap_or_default();
        let ticket = query.strip_prefix("ticket=").unwrap_or_default().replace("%2B", "+");
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.used.push(ticket.clone());
        let fresh = state.good.remove(&ticket);
        if fresh && state.expired == 0 {
            return Ok(response);
        }
        state.expired = state.expired.saturating_sub(1);
        let mut refused = ErrorResponse::new(Some("ticket".into()));
        *refused.status_mut() = reqwest::StatusCode::UNAUTHORIZED;
        Err(refused)
    };
    let accepted = accept_hdr_async(stream, check).await;
    if let Ok(socket) = accepted {
        // A test that has ended takes none.
        let _ended = connected.send(Connection(socket));
    }
}

/// Answers one request; the connection is closed after it.
async fn answer(
    mut stream: TcpStream,
    state: &Mutex<State>,
    called: &mpsc::UnboundedSender<Value>,
    port: u16,
) {
    let mut request = Vec::new();
    let (head, body) = loop {
        let mut some = [0; 1024];
        let Ok(n @ 1..) = stream.read(&mut some).await else { return };
        request.extend_from_slice(&some[..n]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str::<Value>(body)
        {
            break (head.to_lowercase(), body);
        }
    };
    let at = head.split(' ').nth(1).unwrap_or_default();
    let (status, answer) = match at {
        "/v1.0/gateway/connections/open" => {
            assert!(head.contains("accept: application/json"), "{head}");
            state.lock().unwrap_or_else(PoisonError::into_inner).ticket(body, port)
        }
        "/v1.0/oauth2/accesstoken" => {
            (200, json!({ "accessToken": "t0ken", "expireIn": 7200 }).to_string())
        }
        _ => {
            // A test that has ended looks at none.
            let _ended = called.send(body);
            (200, json!({ "processQueryKey": "q" }).to_string())
        }
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        answer.len()
    );
    // A client that has gone needs no answer.
    let _gone = stream.write_all((head + &answer).as_bytes()).await;
}

impl State {
    fn ticket(&mut self, asked: Value, port: u16) -> (u16, String) {
        self.opens.push(asked);
        if !self.refuse.is_empty() {
            return self.refuse.remove(0);
        }
        self.given += 1;
        // A plus sign: what is not encoded would arrive as a blank.
        let ticket = format!("t+{}", self.given);
        self.good.insert(ticket.clone());
        let endpoint = format!("ws://127.0.0.1:{port}/connect");
        (200, json!({ "endpoint": endpoint, "ticket": ticket }).to_string())
    }
}

impl Connection {
    /// Sends a frame; whether there was somebody.
    pub(crate) async fn send(&mut self, frame: impl Into<String>) -> bool {
        self.0.send(Message::text(frame.into())).await.is_ok()
    }

    /// The next frame of the client, or nothing where it has left.
    pub(crate) async fn frame(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match next.expect("something in time") {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// Asks for a sign of life and waits for it: what was sent before has been looked at.
    pub(crate) async fn ping(&mut self) {
        let frame = json!({ "type": "SYSTEM", "headers": { "topic": "ping", "messageId": "ping" },
            "data": "{\"opaque\":\"1\"}" });
        self.send(frame.to_string()).await;
        let ack = self.frame().await.expect("an answer");
        assert_eq!(ack["headers"]["messageId"], "ping", "{ack}");
    }

    pub(crate) async fn say_goodbye(&mut self) {
        let frame = json!({ "type": "SYSTEM", "headers": { "topic": "disconnect" },
            "data": "{\"reason\":\"connection is expired\"}" });
        self.send(frame.to_string()).await;
    }
}

/// A Stream that runs, and what a test holds of it.
pub(crate) struct Client {
    pub(crate) inbox: Inbox,
    pub(crate) link: watch::Receiver<Link>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) task: JoinHandle<()>,
}

impl Client {
    /// Minutes pass in hundredths of a second.
    pub(crate) fn start(gateway: &Gateway, memory: Arc<dyn Memory>) -> Self {
        Self::with(gateway, memory, hurried())
    }

    pub(super) fn with(gateway: &Gateway, memory: Arc<dyn Memory>, limits: Limits) -> Self {
        let (stream, inbox, link) =
            bounded(&gateway.app(), clock(), memory, limits).expect("set up");
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(stream.run(stopped));
        Self { inbox, link, stop, task }
    }

    pub(crate) async fn next(&mut self) -> Callback {
        let next = tokio::time::timeout(PATIENCE, self.inbox.next()).await;
        next.expect("a callback in time").expect("the Stream runs")
    }

    /// Waits until the link is so.
    pub(crate) async fn until(&mut self, so: impl FnMut(&Link) -> bool) -> Link {
        let found = tokio::time::timeout(PATIENCE, self.link.wait_for(so)).await;
        found.expect("in time").expect("the Stream runs").clone()
    }

    pub(crate) async fn stop(self) {
        self.stop.send(true).expect("it runs");
        let ended = tokio::time::timeout(PATIENCE, self.task).await;
        ended.expect("it stops in time").expect("it does not panic");
    }
}

/// A thousand times as fast as real time.
pub(crate) fn clock() -> Clock {
    Clock::parse("origin=2026-11-21T04:00:00Z,rate=1000").expect("a good argument")
}

/// Limits for that clock: what the network waits for is a second or two of real time.
pub(super) fn hurried() -> Limits {
    let real = |ms: u64| Duration::from_millis(ms * 1_000);
    Limits {
        quiet: real(2_000),
        pong: real(1_000),
        silence: real(60_000),
        least_silence: real(60_000),
        card: real(1_500).max(LIMITS.card),
    }
}
