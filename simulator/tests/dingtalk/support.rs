//! A mock, a client, and how the one talks to the other.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use possim::dingtalk::{MockConfig, MockRobot, Profile, RobotConfig};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) const TOKEN: &str = "0123456789abcdef";

/// A running mock and a client for it.
pub(crate) struct World {
    pub(crate) mock: MockRobot,
    pub(crate) client: Client,
}

impl World {
    /// One robot that demands the keyword 收銀.
    pub(crate) async fn new() -> Self {
        Self::with(robot(None, &["收銀"]), "").await
    }

    /// One robot that demands nothing, in a DingTalk of this profile.
    pub(crate) async fn of(profile: &str) -> Self {
        Self::with(robot(None, &[]), profile).await
    }

    pub(crate) async fn with(robot: RobotConfig, profile: &str) -> Self {
        let profile: Profile = toml::from_str(profile).expect("a profile");
        Self::start(MockConfig { profile, ..MockConfig::new(vec![robot]) }).await
    }

    pub(crate) async fn start(config: MockConfig) -> Self {
        let mock = MockRobot::start(config).await.expect("a loopback port");
        Self { mock, client: client(Ipv4Addr::LOCALHOST) }
    }

    /// Sends `body` and reads the answer, which must be HTTP 200 and JSON.
    pub(crate) async fn send(&self, body: &Value) -> Value {
        json_of(self.post(&self.mock.webhook(TOKEN), body).await.expect("an answer")).await
    }

    pub(crate) async fn send_text(&self, content: &str) -> Value {
        self.send(&text(content)).await
    }

    /// Sends with a `timestamp` and a `sign` in the query.
    pub(crate) async fn send_signed(&self, timestamp: &str, sign: &str) -> Value {
        let url = self.mock.webhook(TOKEN);
        let url = reqwest::Url::parse_with_params(&url, [("timestamp", timestamp), ("sign", sign)])
            .expect("a URL");
        json_of(self.post(url.as_str(), &text("x")).await.expect("an answer")).await
    }

    pub(crate) async fn post(&self, url: &str, body: &Value) -> reqwest::Result<Response> {
        let request = self.client.post(url).header("content-type", "application/json");
        request.body(body.to_string()).send().await
    }

    /// Sends a body as it is, under a content type.
    pub(crate) async fn send_raw(&self, content_type: Option<&str>, body: &str) -> Value {
        let mut request = self.client.post(self.mock.webhook(TOKEN)).body(body.to_owned());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        json_of(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn tell(&self, verb: &str, body: &Value) -> Response {
        let url = format!("http://{}/_control/{verb}", self.mock.address());
        self.post(&url, body).await.expect("an answer")
    }

    /// Scripts a fault, which must be taken.
    pub(crate) async fn script(&self, fault: &Value) {
        assert_eq!(self.tell("faults", fault).await.status(), 200, "{fault}");
    }

    pub(crate) async fn advance(&self, ms: u32) {
        assert_eq!(self.tell("clock", &json!({"advance_ms": ms})).await.status(), 200);
    }

    pub(crate) async fn ask(&self, verb: &str) -> Value {
        let url = format!("http://{}/_control/{verb}", self.mock.address());
        json_of(self.client.get(url).send().await.expect("an answer")).await
    }

    pub(crate) async fn list(&self, verb: &str) -> Vec<Value> {
        match self.ask(verb).await {
            Value::Array(list) => list,
            other => panic!("expected a list, found {other}"),
        }
    }
}

/// A client that calls from `address`.
pub(crate) fn client(address: Ipv4Addr) -> Client {
    // A second test of this process finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().local_address(IpAddr::from(address)).build().expect("a client")
}

pub(crate) fn robot(secret: Option<&str>, keywords: &[&str]) -> RobotConfig {
    RobotConfig {
        token: TOKEN.to_owned(),
        secret: secret.map(ToOwned::to_owned),
        keywords: keywords.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

pub(crate) async fn json_of(response: Response) -> Value {
    assert_eq!(response.status(), 200, "refusals come with HTTP 200 too");
    assert_eq!(response.headers()["content-type"], "application/json");
    let text = response.text().await.expect("a body");
    serde_json::from_str(&text).expect("JSON")
}

/// The signature as the documentation prescribes it, before its percent-encoding.
pub(crate) fn sign(timestamp: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(timestamp.as_bytes());
    mac.update(b"\n");
    mac.update(secret.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
