//! Asks the gateway where to connect, and with which ticket.
//!
//! It keeps nothing: a ticket is good once and for 90 s.

use reqwest::Method;
use reqwest::header::ACCEPT;
use serde::{Deserialize, Serialize};

use super::frame::{BOT, CARD};
use crate::config::App;
use crate::dingtalk::exchange::Exchange;
use crate::dingtalk::openapi::{ApiError, read};
use crate::secret::Secret;

/// Behind the interface's host.
const PATH: &str = "/v1.0/gateway/connections/open";
/// Names this program to DingTalk's operators.
const UA: &str = concat!("posbridge/", env!("CARGO_PKG_VERSION"));

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    subscriptions: [Subscription; 3],
    ua: &'static str,
}

#[derive(Serialize)]
struct Subscription {
    #[serde(rename = "type")]
    kind: &'static str,
    topic: &'static str,
}

/// All events that are ticked in the developer console, questions and presses.
const SUBSCRIPTIONS: [Subscription; 3] = [
    Subscription { kind: "EVENT", topic: "*" },
    Subscription { kind: "CALLBACK", topic: BOT },
    Subscription { kind: "CALLBACK", topic: CARD },
];

#[derive(Deserialize)]
struct Answer {
    endpoint: String,
    ticket: String,
}

/// Where to connect.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) endpoint: String,
    pub(super) ticket: Secret,
}

/// Asks for a connection.
pub(super) async fn open(exchange: &Exchange, app: &App) -> Result<Opened, ApiError> {
    let body = Request {
        client_id: &app.client_id,
        client_secret: app.client_secret.expose(),
        subscriptions: SUBSCRIPTIONS,
        ua: UA,
    };
    let request = exchange
        .request(Method::POST, &format!("{}{PATH}", app.api))
        // Without it the answer is XML.
        .header(ACCEPT, "application/json")
        .json(&body);
    let answer = read(exchange.ask(request).await, |text| exchange.hidden(text));
    answer.map(|Answer { endpoint, ticket }| Opened { endpoint, ticket: Secret::new(ticket) })
}
