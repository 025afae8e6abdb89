//! One application: its token, its turn, one request at a time per call.
//!
//! A call waits a moment for its place within the second; a token that DingTalk no longer takes is
//! fetched anew once. Nothing else is repeated here.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::answer::read;
use super::error::ApiError;
use super::ledger::Ledger;
use super::limits::{Api, Rate, month, within_month};
use super::token::{Step, Token};
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::error::RobotError;
use crate::dingtalk::exchange::Exchange;
use crate::dingtalk::robot::Patience;
use crate::secret::Secret;

/// Longest wait for a place within the second; whoever has to wait longer is told so.
const MAX_WAIT: Duration = Duration::from_secs(3);
/// Carries the access token. A query parameter or `Authorization` is ignored.
const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";
/// Carries the key of a calendar call.
const KEY_HEADER: &str = "x-client-token";

/// An application that can make calls. Clones share its token, its rate and its connections.
#[derive(Clone)]
pub struct OpenApi {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    exchange: Exchange,
    clock: Clock,
    token: tokio::sync::Mutex<Token>,
    rate: Mutex<Rate>,
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for OpenApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenApi").field("api", &self.inner.app.api).finish_non_exhaustive()
    }
}

/// A call to be made.
pub(super) struct Call<'a, B> {
    pub(super) api: Api,
    pub(super) method: Method,
    /// Behind the host, with its query.
    pub(super) path: Cow<'a, str>,
    /// Its idempotency key, where it goes in a header.
    pub(super) key: Option<&'a str>,
    pub(super) body: &'a B,
}

impl<'a, B> Call<'a, B> {
    /// A POST without a key.
    pub(super) fn post(api: Api, path: impl Into<Cow<'a, str>>, body: &'a B) -> Self {
        Self { api, method: Method::POST, path: path.into(), key: None, body }
    }
}

impl<'a> Call<'a, ()> {
    /// A GET, which has no body.
    pub(super) fn get(api: Api, path: impl Into<Cow<'a, str>>) -> Self {
        Self { api, method: Method::GET, path: path.into(), key: None, body: &() }
    }
}

/// What is sent for a token. Document: 获取企业内部应用的 accessToken.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenRequest<'a> {
    app_key: &'a str,
    app_secret: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenAnswer {
    access_token: String,
    /// Seconds.
    expire_in: u64,
}

impl OpenApi {
    /// Sets up `app`; nothing is sent. `ledger` counts the month's calls.
    pub fn new(app: &App, clock: Clock, ledger: Arc<dyn Ledger>) -> Result<Self, RobotError> {
        Self::patient(app, clock, ledger, Patience::default())
    }

    /// As [`OpenApi::new`], with other time-outs.
    pub(super) fn patient(
        app: &App,
        clock: Clock,
        ledger: Arc<dyn Ledger>,
        patience: Patience,
    ) -> Result<Self, RobotError> {
        let exchange = Exchange::new(app, patience)?;
        let (token, rate) = Default::default();
        let inner = Inner { app: app.clone(), exchange, clock, token, rate, ledger };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The code of the application's robot.
    pub fn robot_code(&self) -> &str {
        &self.inner.app.robot_code
    }

    /// Calls made in this month, as counted here.
    pub async fn calls_this_month(&self) -> u32 {
        self.inner.ledger.calls(month(self.inner.clock.wall_ms())).await
    }

    /// Whether DingTalk knows the application: fetches a token, or uses the one that is held.
    pub async fn sign_in(&self) -> Result<(), ApiError> {
        self.token().await.map(|_| ())
    }

    /// Makes one call.
    pub(super) async fn call<B, T>(&self, call: &Call<'_, B>) -> Result<T, ApiError>
    where
        B: Serialize,
        T: DeserializeOwned,
    {
        let mut token = self.token().await?;
        let answer = self.attempt(call, &token).await;
        if !matches!(answer, Err(ApiError::TokenRefused)) {
            return answer;
        }
        // It was taken back before its end, which a reset of the secret does.
        self.inner.token.lock().await.refused(&token);
        token = self.token().await?;
        self.attempt(call, &token).await
    }

    async fn attempt<B, T>(&self, call: &Call<'_, B>, token: &Secret) -> Result<T, ApiError>
    where
        B: Serialize,
        T: DeserializeOwned,
    {
        let Inner { app, exchange, clock, ledger, .. } = &*self.inner;
        let month = month(clock.wall_ms());
        within_month(call.api, ledger.calls(month).await, app.monthly_calls)?;
        self.turn(call.api).await?;
        let url = format!("{}{}", app.api, call.path);
        let mut request =
            exchange.request(call.method.clone(), &url).header(TOKEN_HEADER, token.expose());
        if call.method != Method::GET {
            request = request.json(call.body);
        }
        if let Some(key) = call.key {
            request = request.header(KEY_HEADER, key);
        }
        let answer = read(exchange.ask(request).await, |text| exchange.hidden(text));
        if let Err(ApiError::Throttled { wait, .. }) = &answer {
            self.rate().pause(call.api, *wait, self.mono());
        }
        // What was refused for its rate does not count, by DingTalk's own rules; what may have
        // arrived does.
        if !matches!(answer, Err(ApiError::Throttled { .. } | ApiError::Unreached { .. })) {
            ledger.count(month).await;
        }
        answer
    }

    /// Waits for a place within the second.
    async fn turn(&self, api: Api) -> Result<(), ApiError> {
        let mut waited = Duration::ZERO;
        loop {
            let wait = match self.rate().take(api, self.mono()) {
                Ok(()) => return Ok(()),
                Err(wait) => wait,
            };
            if waited + wait > MAX_WAIT {
                return Err(ApiError::Throttled { wait, said: "here".to_owned() });
            }
            waited += wait;
            self.inner.clock.sleep(wait).await;
        }
    }

    /// The access token: held, or fetched while everybody else who needs it waits.
    async fn token(&self) -> Result<Secret, ApiError> {
        let mut held = self.inner.token.lock().await;
        match held.step(self.mono()) {
            Step::Use(token) => return Ok(token),
            Step::Refuse(error) => return Err(error),
            Step::Fetch => {}
        }
        let Inner { app, exchange, .. } = &*self.inner;
        let body = TokenRequest { app_key: &app.client_id, app_secret: app.client_secret.expose() };
        let url = format!("{}/v1.0/oauth2/accessToken", app.api);
        let request = exchange.request(Method::POST, &url).json(&body);
        let answer: Result<TokenAnswer, _> =
            read(exchange.ask(request).await, |text| exchange.hidden(text));
        match answer {
            Ok(TokenAnswer { access_token, expire_in }) => {
                let token = Secret::new(access_token);
                exchange.hide(&token);
                held.got(token.clone(), Duration::from_secs(expire_in), self.mono());
                Ok(token)
            }
            Err(error) => {
                held.failed(error.clone(), self.mono());
                Err(error)
            }
        }
    }

    fn mono(&self) -> Duration {
        Duration::from_nanos(self.inner.clock.now().mono)
    }

    fn rate(&self) -> MutexGuard<'_, Rate> {
        // Times alone: a panic elsewhere leaves nothing half done.
        self.inner.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `text` as a part of a path or a query: everything but letters, digits, `-`, `_` and `.` written
/// with percent signs.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Into a string it cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Refuses a field that is larger than DingTalk takes, before anything is sent.
pub(super) fn at_most(
    field: &'static str,
    unit: &'static str,
    limit: usize,
    found: usize,
) -> Result<(), ApiError> {
    if found > limit { Err(ApiError::TooLarge { field, unit, limit, found }) } else { Ok(()) }
}

/// Refuses a field that must say something.
pub(super) fn filled(field: &'static str, text: &str) -> Result<(), ApiError> {
    if text.trim().is_empty() { Err(ApiError::Empty { field }) } else { Ok(()) }
}
