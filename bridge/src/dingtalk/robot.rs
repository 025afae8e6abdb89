//! One robot over HTTPS: one signed POST, one [`Answer`].
//!
//! Redirects are not followed and nothing is retried here, with one exception: where DingTalk
//! refuses this machine's time, the same request goes once more, signed with DingTalk's. Time-outs
//! are real time, whatever the clock. No error and no answer shows the webhook's token, the secret
//! or the proxy's password.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Client, ClientBuilder, Response};

use super::answer::Answer;
use super::dns::Resolver;
use super::error::RobotError;
use super::obstacle::{self, Obstacle, reasons};
use super::outcome::{ConfigTrouble, Outcome};
use super::proxy::Proxy;
use super::reply::Reply;
use super::skew::Skew;
use super::webhook::Webhook;
use super::{issuer, tls};
use crate::clock::Clock;
use crate::config::Robot;

/// Most of an answer that is read, in bytes; a real one has about 200.
pub(super) const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Shortest secret that is taken out of texts, in bytes: a shorter one guards nothing, and taking it
/// out would tear words apart.
pub(super) const MIN_SECRET_BYTES: usize = 4;
/// Names this program to DingTalk's operators.
const USER_AGENT: &str = concat!("posbridge/", env!("CARGO_PKG_VERSION"));

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a connection, TLS included: a phone network that takes longer has none to give.
    pub(super) connect: Duration,
    /// For everything; DingTalk has been seen to take 4 s.
    pub(super) total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), total: Duration::from_secs(15) }
    }
}

/// A robot that can be talked to. Clones share connections and what was learnt of the clock.
#[derive(Clone)]
pub struct RobotClient {
    client: Client,
    webhook: Webhook,
    proxy: Option<Proxy>,
    patience: Patience,
    skew: Arc<Skew>,
}

/// The HTTP client's own would show the proxy's password.
impl fmt::Debug for RobotClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RobotClient").field("host", &self.webhook.host()).finish_non_exhaustive()
    }
}

impl RobotClient {
    /// Sets up a client for `robot`; nothing is sent.
    pub fn new(robot: &Robot, clock: Clock) -> Result<Self, RobotError> {
        Self::patient(robot, clock, Patience::default())
    }

    /// As [`RobotClient::new`], with other time-outs.
    pub(super) fn patient(
        robot: &Robot,
        clock: Clock,
        patience: Patience,
    ) -> Result<Self, RobotError> {
        let webhook = Webhook::new(robot)?;
        // A proxy would take a plain request's token off this machine in the clear.
        let proxy = robot.proxy.as_ref().filter(|_| !webhook.is_plain());
        let proxy = proxy.map(|url| Proxy::new(&robot.name, url)).transpose()?;
        let builder = tls::verified(robot.ca_file.as_deref())?;
        Ok(Self {
            client: client(builder, proxy.as_ref(), patience)?,
            webhook,
            proxy,
            patience,
            skew: Arc::new(Skew::new(&robot.name, clock)),
        })
    }

    /// Sends one body, signed with the time of now.
    pub async fn send(&self, body: &str) -> Answer {
        let signed_ms = self.skew.signing_ms();
        let answer = self.attempt(body, signed_ms).await;
        let refused = matches!(answer.outcome, Outcome::Config { why: ConfigTrouble::Clock, .. });
        // Only an answer with a date of its own says what time it should have been.
        if !refused || answer.skew_s.is_none() || !self.webhook.is_signed() {
            return answer;
        }
        let Some(server_ms) = self.skew.correct(signed_ms) else { return answer };
        tracing::warn!(
            host = %self.webhook.host(), off_s = (signed_ms - server_ms) / 1_000,
            "DingTalk refused this machine's time; signing with DingTalk's"
        );
        let again = self.attempt(body, server_ms).await;
        Answer { calls: answer.calls + again.calls, ..again }
    }

    /// How far this machine's clock is ahead of DingTalk's, in seconds, as of the last answer.
    pub fn skew_s(&self) -> Option<i64> {
        self.skew.ahead_s()
    }

    /// Asks the robot's host for its front page: whether name, network and certificate are right,
    /// and how far this machine's clock is ahead in seconds. The token is not sent.
    pub async fn reach(&self) -> Result<Option<i64>, Answer> {
        match self.client.head(self.webhook.origin()).send().await {
            Ok(response) => Ok(self.skew.observe(response.headers()).map(|ms| ms / 1_000)),
            Err(error) => Err(self.look_closer(self.not_answered(error)).await),
        }
    }

    /// Finds out for a person what an answer alone does not say: whose certificate it is that nobody
    /// vouches for. Costs a connection, and sends nothing.
    pub async fn look_closer(&self, mut answer: Answer) -> Answer {
        if let Some(Obstacle::Stranger { issuer }) = &mut answer.obstacle {
            let recorder = Arc::new(issuer::Recorder::default());
            if let Ok(builder) = issuer::recording(&recorder)
                && let Ok(client) = client(builder, self.proxy.as_ref(), self.patience)
            {
                // It fails, since the recorder trusts nobody.
                let _ = client.head(self.webhook.origin()).send().await;
                *issuer = recorder.issuer();
            }
        }
        answer
    }

    async fn attempt(&self, body: &str, signed_ms: i64) -> Answer {
        let request = self
            .client
            .post(self.webhook.signed(signed_ms))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body.to_owned());
        match request.send().await {
            Ok(response) => self.read(response, signed_ms).await,
            Err(error) => self.not_answered(error),
        }
    }

    async fn read(&self, mut response: Response, signed_ms: i64) -> Answer {
        let status = response.status().as_u16();
        let ahead_ms = self.skew.observe(response.headers());
        let answer = |outcome, obstacle| Answer {
            outcome,
            http_status: Some(status),
            obstacle,
            skew_s: ahead_ms.map(|ms| ms / 1_000),
            calls: 1,
        };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => {
                    let why =
                        format!("HTTP {status}, an answer of more than {MAX_ANSWER_BYTES} bytes");
                    return answer(Outcome::Unknown { why }, None);
                }
                Ok(None) => break,
                Err(error) => {
                    let way = if error.is_timeout() { Obstacle::Slow } else { Obstacle::Cut };
                    let why = self.hidden(&reasons(&error.without_url()));
                    let why = format!("HTTP {status}, then {why}");
                    return answer(Outcome::Unknown { why }, Some(way));
                }
            }
        }
        let reply = Reply {
            status,
            // What was signed with may be DingTalk's time already: then the clock is not to blame.
            skew_ms: ahead_ms.map(|ahead| signed_ms - (self.skew.wall_ms() - ahead)),
            location: location(response.headers()),
            body: &body,
            hide: &self.secrets(),
        };
        answer(reply.outcome(), reply.obstacle())
    }

    /// A request without an answer: not sent when there was no connection, else nobody can tell.
    fn not_answered(&self, error: reqwest::Error) -> Answer {
        let obstacle = obstacle::obstacle(&error, self.proxy.is_some());
        let sent = !error.is_connect();
        let why = format!("{}: {}", self.webhook.host(), reasons(&error.without_url()));
        let why = self.hidden(&why);
        let outcome =
            if sent { Outcome::Unknown { why } } else { Outcome::Transient { code: None, why } };
        Answer { outcome, http_status: None, obstacle: Some(obstacle), skew_s: None, calls: 1 }
    }

    fn secrets(&self) -> Vec<&str> {
        let proxy = self.proxy.iter().flat_map(Proxy::hidden);
        let all = self.webhook.hidden().into_iter().chain(proxy);
        all.filter(|secret| secret.len() >= MIN_SECRET_BYTES).collect()
    }

    fn hidden(&self, text: &str) -> String {
        self.secrets().iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

pub(super) fn client(
    builder: ClientBuilder,
    proxy: Option<&Proxy>,
    patience: Patience,
) -> Result<Client, RobotError> {
    // Only the proxy that was configured: one of the environment would be a surprise to a daemon.
    let builder = proxy.iter().fold(builder.no_proxy(), |builder, proxy| proxy.use_in(builder));
    let builder = builder
        .user_agent(USER_AGENT)
        .dns_resolver(Arc::new(Resolver))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .timeout(patience.total);
    builder.build().map_err(|error| RobotError::Client(error.without_url()))
}

fn location(headers: &HeaderMap) -> Option<&str> {
    headers.get(LOCATION)?.to_str().ok()
}
