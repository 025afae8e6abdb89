//! The HTTP client of an application: one request, and its answer or why there is none.
//!
//! It trusts, resolves and goes through a proxy as a robot's does. It does not know what an answer
//! means, follows no redirect and repeats nothing. No text of its own shows a secret that it was
//! told to hide.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Client, Method, RequestBuilder, Response};

use super::error::RobotError;
use super::obstacle::{self, Obstacle, reasons};
use super::proxy::Proxy;
use super::robot::{MAX_ANSWER_BYTES, MIN_SECRET_BYTES, Patience, client};
use super::tls;
use crate::config::App;
use crate::secret::Secret;

/// A way to DingTalk's servers. Clones share connections.
#[derive(Clone)]
pub(super) struct Exchange {
    client: Client,
    proxied: bool,
    hidden: Vec<Secret>,
    /// The access token of now, which an answer may repeat.
    token: Arc<Mutex<Option<Secret>>>,
}

/// The HTTP client's own would show the proxy's password.
impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").field("proxied", &self.proxied).finish_non_exhaustive()
    }
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// A request without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unanswered {
    /// Somebody may have got it.
    pub(super) sent: bool,
    pub(super) obstacle: Option<Obstacle>,
    pub(super) why: String,
}

impl Exchange {
    /// A client for `app`; nothing is sent.
    pub(super) fn new(app: &App, patience: Patience) -> Result<Self, RobotError> {
        // A proxy would take a plain request's secret off this machine in the clear.
        let proxy = app.proxy.as_ref().filter(|_| app.api.starts_with("https://"));
        let proxy = proxy.map(|url| Proxy::new("[dingtalk.app]", url)).transpose()?;
        let builder = tls::verified(app.ca_file.as_deref())?;
        let mut hidden = vec![app.client_secret.clone()];
        hidden.extend(proxy.iter().flat_map(Proxy::hidden).map(Secret::new));
        Ok(Self {
            client: client(builder, proxy.as_ref(), patience)?,
            proxied: proxy.is_some(),
            hidden,
            token: Arc::default(),
        })
    }

    /// Hides `token` from now on, in place of the one before.
    pub(super) fn hide(&self, token: &Secret) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
    }

    /// A request to be filled in.
    pub(super) fn request(&self, method: Method, url: &str) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends it and reads the answer to its end.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Answered, Unanswered> {
        self.read(self.open(request).await?).await
    }

    /// Sends it and hands over the answer's head.
    pub(super) async fn open(&self, request: RequestBuilder) -> Result<Response, Unanswered> {
        request.send().await.map_err(|error| Unanswered {
            sent: !error.is_connect(),
            obstacle: Some(obstacle::obstacle(&error, self.proxied)),
            why: self.hidden(&reasons(&error.without_url())),
        })
    }

    /// The rest of an answer.
    pub(super) async fn read(&self, mut response: Response) -> Result<Answered, Unanswered> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => return Ok(Answered { status, body }),
                Ok(Some(_)) => {
                    let why =
                        format!("HTTP {status}, an answer of more than {MAX_ANSWER_BYTES} bytes");
                    return Err(Unanswered { sent: true, obstacle: None, why });
                }
                Err(error) => {
                    let way = if error.is_timeout() { Obstacle::Slow } else { Obstacle::Cut };
                    let why = self.hidden(&reasons(&error.without_url()));
                    let why = format!("HTTP {status}, then {why}");
                    return Err(Unanswered { sent: true, obstacle: Some(way), why });
                }
            }
        }
    }

    /// `text` without anything secret.
    pub(super) fn hidden(&self, text: &str) -> String {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let all = self.hidden.iter().chain(&token).map(Secret::expose);
        let all = all.filter(|secret| secret.len() >= MIN_SECRET_BYTES);
        all.fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}
