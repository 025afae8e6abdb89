//! The `DevTools` protocol as far as the tests need it: a command and its answer, over one websocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::wait::SOON;

/// A connection to a browser.
#[derive(Debug)]
pub(super) struct DevTools {
    socket: WebSocketStream<TcpStream>,
    last: u64,
    /// What the browser told without being asked.
    pub(super) told: Vec<Value>,
    runtime: Runtime,
}

impl DevTools {
    /// Connects to the browser on this port.
    pub(super) fn connect(port: u16, path: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let socket = runtime.block_on(async {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
            let url = format!("ws://127.0.0.1:{port}{path}");
            tokio_tungstenite::client_async(url, stream).await.expect("a websocket").0
        });
        Self { socket, last: 0, told: Vec::new(), runtime }
    }

    /// Asks for something and waits for the answer.
    ///
    /// # Panics
    /// Where the browser refuses, or does not answer.
    pub(super) fn ask(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method });
        command["params"] = params;
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let (id, socket, told) = (self.last, &mut self.socket, &mut self.told);
        let answer = async {
            socket.send(Message::text(command.to_string())).await.expect("the browser listens");
            loop {
                let message =
                    socket.next().await.expect("the browser is there").expect("a message");
                let Ok(text) = message.to_text() else { continue };
                let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
                if value["id"] == id {
                    return value;
                }
                told.push(value);
            }
        };
        let answer = self.runtime.block_on(async { tokio::time::timeout(SOON, answer).await });
        let mut answer = answer.unwrap_or_else(|_| panic!("no answer to {method}"));
        assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }
}
