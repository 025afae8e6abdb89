//! Answers in the conversation that a question came from, by the address that came with it.
//!
//! The address is good for about 90 minutes. What comes later, and what is refused, is the caller's to
//! say by the robot: nothing is repeated here.

use std::fmt;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Url};
use uuid::Uuid;

use super::socket::is_loopback;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::error::RobotError;
use crate::dingtalk::exchange::Exchange;
use crate::dingtalk::message::{Message, MessageError};
use crate::dingtalk::outcome::Outcome;
use crate::dingtalk::reply::Reply;
use crate::dingtalk::robot::{MIN_SECRET_BYTES, Patience};
use crate::secret::Secret;

/// An address that ends within this many milliseconds is not used: the request has to get there.
const MARGIN_MS: i64 = 5_000;
/// A server error this close to the end, in milliseconds, is the end: that is how it was seen to be
/// said.
const ENDING_MS: i64 = 60_000;
/// DingTalk's hosts, of both editions.
const HOSTS: [&str; 2] = ["dingtalk.com", "dingtalk.io"];

/// Where an answer goes, while it is open.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionWebhook {
    url: Secret,
    expires_ms: i64,
}

/// The address is a credential.
impl fmt::Debug for SessionWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionWebhook")
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

impl SessionWebhook {
    /// The address that came with a question, and its end as wall time in milliseconds.
    pub fn new(url: impl Into<String>, expires_ms: i64) -> Self {
        Self { url: Secret::new(url), expires_ms }
    }

    /// Whether it is open at `now_ms`.
    pub fn is_open(&self, now_ms: i64) -> bool {
        now_ms < self.expires_ms
    }

    /// What must not be shown: the address, and what it carries.
    fn secrets(&self) -> Vec<Secret> {
        let url = Url::parse(self.url.expose()).ok();
        let carried = url.iter().flat_map(Url::query_pairs).map(|(_, value)| value.into_owned());
        let carried = carried.filter(|value| value.len() >= MIN_SECRET_BYTES).map(Secret::new);
        std::iter::once(self.url.clone()).chain(carried).collect()
    }

    /// When it ends, wall time in milliseconds.
    pub fn expires_ms(&self) -> i64 {
        self.expires_ms
    }
}

/// Why an answer is not in the conversation.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// The address has ended. Nothing arrived.
    #[error("expected an open conversation, found that its address has ended")]
    Expired,
    /// The message cannot be sent by anybody.
    #[error(transparent)]
    Unfit(#[from] MessageError),
    /// It was refused, or nobody can tell.
    #[error("expected DingTalk to take the answer, found {}: {}", .0.word(), .0.detail())]
    Outcome(Outcome),
}

impl ReplyError {
    /// Whether the answer may have arrived all the same: then saying it by the robot may say it twice.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Outcome(Outcome::Unknown { .. }))
    }
}

/// Sends answers. Clones share connections.
#[derive(Clone, Debug)]
pub struct SessionWebhookClient {
    exchange: Exchange,
    clock: Clock,
}

impl SessionWebhookClient {
    /// Sets up a client by the ways of `app`; nothing is sent.
    pub fn new(app: &App, clock: Clock) -> Result<Self, RobotError> {
        Ok(Self { exchange: Exchange::new(app, Patience::default())?, clock })
    }

    /// Answers with `message`, which may mention people.
    pub async fn reply(&self, to: &SessionWebhook, message: &Message) -> Result<(), ReplyError> {
        let body = message.body(&Uuid::new_v4().to_string())?;
        if !to.is_open(self.clock.wall_ms().saturating_add(MARGIN_MS)) {
            return Err(ReplyError::Expired);
        }
        let request = self
            .exchange
            .request(Method::POST, to.url.expose())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body);
        let outcome = match self.exchange.ask(request).await {
            Ok(answer) => {
                let ending = !to.is_open(self.clock.wall_ms().saturating_add(ENDING_MS));
                if answer.status >= 500 && ending {
                    return Err(ReplyError::Expired);
                }
                let secrets = to.secrets();
                let hide: Vec<&str> = secrets.iter().map(Secret::expose).collect();
                let (status, body) = (answer.status, &answer.body);
                Reply { status, skew_ms: None, location: None, body, hide: &hide }.outcome()
            }
            Err(failed) => {
                let hide = |why: String, secret: &Secret| why.replace(secret.expose(), "***");
                let why = to.secrets().iter().fold(failed.why, hide);
                if failed.sent {
                    Outcome::Unknown { why }
                } else {
                    Outcome::Transient { code: None, why }
                }
            }
        };
        match outcome {
            Outcome::Delivered => Ok(()),
            other => Err(ReplyError::Outcome(other)),
        }
    }
}

/// Whether an answer may be sent to `url`: one of DingTalk's own hosts, encrypted.
pub(super) fn is_dingtalk(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let within = |name: &str| {
        host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    url.scheme() == "https" && HOSTS.into_iter().any(within)
}

/// As [`is_dingtalk`], or on this machine: where the interface is here, so is everything else.
pub(super) fn is_dingtalk_or_local(url: &str) -> bool {
    is_dingtalk(url) || Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use super::{SessionWebhook, is_dingtalk, is_dingtalk_or_local};

    #[test]
    fn an_answer_goes_to_dingtalk_and_nowhere_else() {
        for good in [
            "https://oapi.dingtalk.com/robot/sendBySession?session=66d7",
            "https://oapi.dingtalk.io/robot/sendBySession?session=66d7",
        ] {
            assert!(is_dingtalk(good), "{good}");
        }
        for bad in [
            "http://oapi.dingtalk.com/x",
            "https://dingtalk.com.example.com/x",
            "https://notdingtalk.com/x",
            "https://user@10.0.0.1/?dingtalk.com",
            "http://127.0.0.1/x",
            "nonsense",
        ] {
            assert!(!is_dingtalk(bad), "{bad}");
        }
        assert!(is_dingtalk_or_local("http://127.0.0.1:9/x"));
        assert!(!is_dingtalk_or_local("http://10.0.0.1:9/x"));
    }

    #[test]
    fn an_address_is_never_shown() {
        let webhook = SessionWebhook::new("https://h/?session=s3cr3t", 5);
        assert_eq!(format!("{webhook:?}"), "SessionWebhook { expires_ms: 5, .. }");
        assert!(webhook.is_open(4) && !webhook.is_open(5));
    }
}
