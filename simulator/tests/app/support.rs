//! A mock with an application, a client of both its sides, and how they talk.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use possim::dingtalk::{MockConfig, MockRobot, Profile};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) const ID: &str = "dingposbridge";
pub(crate) const SECRET: &str = "s3cret";
pub(crate) const BOT: &str = "/v1.0/im/bot/messages/get";
pub(crate) const CARD: &str = "/v1.0/card/instances/callback";
/// How long anything that must come may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How long nothing must come for it to count as silence; only tests that would fail by a frame that
/// comes too early wait for it.
const SILENCE: Duration = Duration::from_millis(100);

pub(crate) struct World {
    pub(crate) mock: MockRobot,
    pub(crate) client: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of("").await
    }

    pub(crate) async fn of(profile: &str) -> Self {
        // A second test of this process finds it installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let profile: Profile = toml::from_str(profile).expect("a profile");
        let app = format!("{ID}:{SECRET}").parse().expect("an application");
        let config = MockConfig { profile, app: Some(app), ..MockConfig::new(Vec::new()) };
        let mock = MockRobot::start(config).await.expect("a loopback port");
        Self { mock, client: Client::new() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.mock.address())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(self.url(path)).header("accept", "application/json");
        let request = request.header("content-type", "application/json");
        read(request.body(body.to_string()).send().await.expect("an answer")).await
    }

    /// A call without a fault and with a good token, whose answer must be HTTP 200.
    pub(crate) async fn good(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.api(method, path, body).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    /// A call that must be refused: its HTTP status and code.
    pub(crate) async fn bad(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let (status, answer) = self.api(method, path, body).await;
        assert!(answer["requestid"].is_string() && answer["message"].is_string(), "{answer}");
        (status, answer["code"].as_str().expect("a code").to_owned())
    }

    pub(crate) async fn api(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.api_with(method, path, body, &self.token().await, &[]).await
    }

    pub(crate) async fn api_with(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        token: &str,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, self.url(path));
        request = request.header("x-acs-dingtalk-access-token", token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.body(body.to_string()).send().await.expect("an answer")).await
    }

    pub(crate) async fn token(&self) -> String {
        let body = json!({"appKey": ID, "appSecret": SECRET});
        let (status, answer) = self.post("/v1.0/oauth2/accessToken", &body).await;
        assert_eq!((status, &answer["expireIn"]), (200, &json!(7200)));
        answer["accessToken"].as_str().expect("a token").to_owned()
    }

    /// An order of the control API that must be taken.
    pub(crate) async fn tell(&self, verb: &str, body: &Value) -> Value {
        let (status, answer) = self.post(&format!("/_control/{verb}"), body).await;
        assert_eq!(status, 200, "{verb} {body}: {answer}");
        answer
    }

    pub(crate) async fn ask(&self, verb: &str) -> Value {
        let url = self.url(&format!("/_control/{verb}"));
        let (status, answer) = read(self.client.get(url).send().await.expect("an answer")).await;
        assert_eq!(status, 200, "{verb}: {answer}");
        answer
    }

    pub(crate) async fn list(&self, verb: &str) -> Vec<Value> {
        match self.ask(verb).await {
            Value::Array(list) => list,
            other => panic!("expected a list, found {other}"),
        }
    }

    pub(crate) async fn advance(&self, ms: u32) {
        self.tell("clock", &json!({"advance_ms": ms})).await;
    }

    /// Asks until `is` is so.
    pub(crate) async fn until(&self, verb: &str, is: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let found = timeout(PATIENCE, async {
            loop {
                last = self.ask(verb).await;
                if is(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("{verb} never came to what was expected"));
        last
    }

    /// The group that is there from the beginning.
    pub(crate) async fn group(&self) -> String {
        let app = self.ask("app").await;
        app["groups"][0]["openConversationId"].as_str().expect("a group").to_owned()
    }

    /// A ticket for these topics, and where to take it.
    pub(crate) async fn ticket(&self, topics: &[&str]) -> String {
        let subscriptions: Vec<Value> = topics
            .iter()
            .map(|topic| {
                let kind = if *topic == "*" { "EVENT" } else { "CALLBACK" };
                json!({"type": kind, "topic": topic})
            })
            .collect();
        let body = json!({"clientId": ID, "clientSecret": SECRET, "ua": "possim-tests/1.0",
            "subscriptions": subscriptions});
        let (status, answer) = self.post("/v1.0/gateway/connections/open", &body).await;
        assert_eq!(status, 200, "{answer}");
        let text = |field: &str| answer[field].as_str().expect(field).to_owned();
        format!("{}?ticket={}", text("endpoint"), text("ticket"))
    }

    pub(crate) async fn connect(&self, topics: &[&str]) -> Socket {
        let address = self.ticket(topics).await;
        let (socket, _) = connect_async(address).await.expect("a websocket");
        Socket(socket)
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// One connection of the Stream.
pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// The next text, or none where the connection ends.
    pub(crate) async fn text(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Frame {
        let text = self.text().await.expect("a connection that is open");
        let whole: Value = serde_json::from_str(&text).expect("JSON");
        let data = whole["data"].as_str().expect("a text");
        Frame { data: serde_json::from_str(data).expect("JSON in the text"), whole }
    }

    pub(crate) async fn ack(&mut self, frame: &Frame, code: u16, data: &Value) {
        let message = &frame.whole["headers"]["messageId"];
        let ack = json!({"code": code, "message": "OK", "data": data.to_string(),
            "headers": {"messageId": message, "contentType": "application/json"}});
        self.0.send(Message::text(ack.to_string())).await.expect("a connection that is open");
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn is_silent(&mut self) -> bool {
        timeout(SILENCE, self.0.next()).await.is_err()
    }
}

/// A frame and its data, read.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) whole: Value,
    pub(crate) data: Value,
}

impl Frame {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.whole["headers"][name].as_str().unwrap_or_else(|| panic!("{name}: {}", self.whole))
    }
}

/// A todo as a shop makes it.
pub(crate) fn todo(source: &str) -> Value {
    json!({"sourceId": source, "subject": "叉燒 3 份", "detailUrl": {"appUrl": "a", "pcUrl": "p"},
        "executorIds": ["u1"], "priority": 20})
}
