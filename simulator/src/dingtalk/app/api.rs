//! A call of the `OpenAPI`: from its head and body to a status and an answer.
//!
//! Judged in this order: path known, header with the token, token valid, address, permission,
//! second, month, body, and then whatever the interface itself demands. Tokens and the gateway need
//! no token and cost nothing.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::refusal::ApiRefusal;
use super::state::App;
use super::{calendar, cards, fields, robot, todo, workflow};
use crate::dingtalk::profile::SecurityRules;

/// A call as it came in.
#[derive(Clone, Debug)]
pub(in crate::dingtalk) struct ApiCall {
    pub(in crate::dingtalk) from: IpAddr,
    pub(in crate::dingtalk) method: String,
    pub(in crate::dingtalk) path: String,
    pub(in crate::dingtalk) query: Vec<(String, String)>,
    /// `x-acs-dingtalk-access-token`.
    pub(in crate::dingtalk) token: Option<String>,
    /// `x-client-token`.
    pub(in crate::dingtalk) client_token: Option<String>,
    pub(in crate::dingtalk) body: Vec<u8>,
}

/// What an interface is called with, once it may be.
pub(super) struct Asked<'a> {
    /// The parts of the path that vary.
    pub(super) parts: Vec<String>,
    pub(super) query: &'a [(String, String)],
    pub(super) client_token: Option<&'a str>,
    pub(super) body: Value,
    pub(super) bytes: usize,
    pub(super) now_ms: i64,
}

impl Asked<'_> {
    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Result<&str, ApiRefusal> {
        let found = self.query.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str()).ok_or_else(|| ApiRefusal::missing(name))
    }

    /// A part of the path.
    pub(super) fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }
}

/// Whether limits and lists are kept.
#[derive(Clone, Copy, Debug)]
pub(in crate::dingtalk) struct Guard<'a> {
    pub(in crate::dingtalk) limited: bool,
    pub(in crate::dingtalk) security: &'a SecurityRules,
}

impl App {
    /// Answers `call`, which came at `now_ms`.
    pub(in crate::dingtalk) fn answer(
        &mut self,
        call: &ApiCall,
        guard: Guard<'_>,
        now_ms: i64,
    ) -> (u16, Value) {
        let answered = match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/v1.0/oauth2/accessToken") => self.access_token(&call.body, now_ms),
            ("POST", "/v1.0/gateway/connections/open") => self.open_connection(&call.body, now_ms),
            ("POST", path) if is_corporate_token(path) => self.client_token(&call.body, now_ms),
            (method, path) => match Endpoint::of(method, path) {
                Some((endpoint, scope, parts)) => {
                    let passed = self.admit(call, guard, endpoint, scope, now_ms);
                    passed.and_then(|()| body(call)).and_then(|body| {
                        let (query, bytes) = (&call.query, call.body.len());
                        let client_token = call.client_token.as_deref();
                        let asked = Asked { parts, query, client_token, body, bytes, now_ms };
                        self.perform(endpoint, &asked)
                    })
                }
                None => Ok(json!({"errcode": 404, "errmsg": "请求的URI地址不存在"})),
            },
        };
        answered.map_or_else(|refusal| self.refused(&refusal), |body| (200, body))
    }

    /// A refusal as it goes out.
    pub(in crate::dingtalk) fn refused(&mut self, refusal: &ApiRefusal) -> (u16, Value) {
        (refusal.status, refusal.body(&self.ids.uuid().to_uppercase()))
    }

    fn admit(
        &mut self,
        call: &ApiCall,
        guard: Guard<'_>,
        endpoint: Endpoint,
        scope: &'static str,
        now_ms: i64,
    ) -> Result<(), ApiRefusal> {
        let token = call.token.as_deref().filter(|token| !token.is_empty());
        let token = token.ok_or_else(ApiRefusal::no_token)?;
        if !self.is_valid(token, now_ms) {
            return Err(ApiRefusal::bad_token());
        }
        let ips = &guard.security.ips;
        if !ips.is_empty() && !ips.iter().any(|range| range.contains(call.from)) {
            return Err(ApiRefusal::ip());
        }
        if self.denied.contains(scope) {
            return Err(ApiRefusal::denied(scope));
        }
        if guard.limited { self.allowance.spend(endpoint, &self.rules, now_ms) } else { Ok(()) }
    }

    fn perform(&mut self, endpoint: Endpoint, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
        match endpoint {
            Endpoint::GroupSend => robot::group_send(self, asked),
            Endpoint::OneToOne => robot::one_to_one(self, asked),
            Endpoint::CardDeliver => cards::deliver(self, asked),
            Endpoint::CardUpdate => cards::update(self, asked),
            Endpoint::EventCreate => calendar::create(self, asked),
            Endpoint::TaskCreate => todo::create(self, asked),
            Endpoint::TaskUpdate => todo::update(self, asked),
            Endpoint::InstanceStart => workflow::start(self, asked),
            Endpoint::InstanceRead => workflow::read(self, asked),
            Endpoint::YidaStart => workflow::start_yida(self, asked),
            Endpoint::YidaSave => workflow::save_yida(self, asked),
            Endpoint::YidaRead => workflow::read_yida(self, asked),
        }
    }

    fn access_token(&mut self, body: &[u8], now_ms: i64) -> Result<Value, ApiRefusal> {
        let body = object(body)?;
        let (id, secret) = (fields::text(&body, "appKey")?, fields::text(&body, "appSecret")?);
        let (token, seconds) = self.issue(id, secret, now_ms)?;
        Ok(json!({"accessToken": token, "expireIn": seconds}))
    }

    fn client_token(&mut self, body: &[u8], now_ms: i64) -> Result<Value, ApiRefusal> {
        let body = object(body)?;
        let id = fields::text(&body, "client_id")?;
        let secret = fields::text(&body, "client_secret")?;
        let grant = fields::text(&body, "grant_type")?;
        if grant != "client_credentials" {
            return Err(ApiRefusal::plain("invalidGrantType"));
        }
        let (token, seconds) = self.issue(id, secret, now_ms)?;
        Ok(json!({"access_token": token, "expires_in": seconds}))
    }

    fn open_connection(&mut self, body: &[u8], now_ms: i64) -> Result<Value, ApiRefusal> {
        let body = object(body)?;
        let id = fields::text(&body, "clientId")?;
        let secret = fields::text(&body, "clientSecret")?;
        if !self.is_ours(id, secret) {
            self.stream.refused(now_ms);
            return Err(ApiRefusal::bad_client());
        }
        let topics = crate::dingtalk::stream::topics(&body["subscriptions"])
            .ok_or_else(|| ApiRefusal::missing("subscriptions"))?;
        let valid_ms = i64::from(self.rules.ticket_seconds) * 1_000;
        let ticket = self.stream.issue(self.ids.uuid(), topics, now_ms, valid_ms);
        Ok(json!({"endpoint": format!("ws://{}/connect", self.host), "ticket": ticket}))
    }
}

/// Whether `path` is `/v1.0/oauth2/{corpId}/token`.
fn is_corporate_token(path: &str) -> bool {
    let corp = path.strip_prefix("/v1.0/oauth2/").and_then(|rest| rest.strip_suffix("/token"));
    corp.is_some_and(|corp| !corp.is_empty() && !corp.contains('/'))
}

/// The body of a call; a GET has none.
fn body(call: &ApiCall) -> Result<Value, ApiRefusal> {
    if call.method == "GET" { Ok(Value::Null) } else { object(&call.body) }
}

fn object(body: &[u8]) -> Result<Value, ApiRefusal> {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    value.filter(Value::is_object).ok_or_else(ApiRefusal::no_json)
}
