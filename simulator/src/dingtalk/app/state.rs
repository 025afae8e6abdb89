//! The application and what the platform keeps for it.
//!
//! Each interface has a module of its own; what they say in a conversation is left in `said` for the
//! group to show.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::allowance::Allowance;
use super::calendar::Calendar;
use super::cards::PlacedCard;
use super::config::AppConfig;
use super::crowd::Present;
use super::ids::Ids;
use super::refusal::ApiRefusal;
use super::rules::AppRules;
use super::session::Session;
use super::shelf::Shelf;
use super::speech::Spoken;
use super::todo::Task;
use super::workflow::Instance;
use crate::dingtalk::fault::FaultAnswer;
use crate::dingtalk::log::Log;
use crate::dingtalk::stream::Stream;
use crate::hex::hex;

/// The group that is there from the beginning.
pub const DEFAULT_GROUP: &str = "收銀群組";
/// Most groups.
const MAX_GROUPS: usize = 256;
/// Most calls kept.
const MAX_CALLS: usize = 10_000;

/// The application's side of the platform.
#[derive(Debug)]
pub(in crate::dingtalk) struct App {
    pub(super) config: AppConfig,
    pub(in crate::dingtalk) rules: AppRules,
    /// Host and port at which this mock is reached.
    pub(super) host: String,
    pub(super) ids: Ids,
    token: Option<Token>,
    pub(super) allowance: Allowance,
    /// Permissions that are lacking now.
    pub(super) denied: BTreeSet<String>,
    /// People to whom one-to-one messages are held back.
    pub(super) throttled: BTreeSet<String>,
    /// Titles of the groups by `openConversationId`.
    groups: BTreeMap<String, String>,
    pub(super) sessions: Shelf<Session>,
    pub(super) cards: Shelf<PlacedCard>,
    pub(super) tasks: Shelf<Task>,
    pub(super) calendar: Calendar,
    pub(super) instances: Shelf<Instance>,
    pub(in crate::dingtalk) stream: Stream,
    calls: Log<ApiAttempt>,
    heard: u64,
    /// People who act on their own.
    pub(super) present: Option<Present>,
    pub(super) said: Vec<Spoken>,
    /// Grows with every change of a card or a todo.
    pub(super) revision: u64,
}

#[derive(Debug)]
struct Token {
    value: String,
    expires_ms: i64,
}

/// One call of the `OpenAPI` and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiAttempt {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// Method.
    pub method: String,
    /// Path.
    pub path: String,
    /// HTTP status of the fair answer.
    pub status: u16,
    /// Its code, where it refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Bytes of the body.
    pub bytes: usize,
    /// The scripted fault that struck, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultAnswer>,
}

impl App {
    /// An application that is reached at `host`.
    pub(in crate::dingtalk) fn new(config: AppConfig, rules: AppRules, host: String) -> Self {
        let denied = rules.denied.iter().cloned().collect();
        let id = config.id.clone();
        let mut app = Self {
            config,
            rules,
            host,
            ids: Ids::default(),
            token: None,
            allowance: Allowance::default(),
            denied,
            throttled: BTreeSet::new(),
            groups: BTreeMap::new(),
            sessions: Shelf::default(),
            cards: Shelf::default(),
            tasks: Shelf::default(),
            calendar: Calendar::default(),
            instances: Shelf::default(),
            stream: Stream::new(&id),
            calls: Log::new(MAX_CALLS),
            heard: 0,
            present: None,
            said: Vec::new(),
            revision: 0,
        };
        app.group(DEFAULT_GROUP);
        app
    }

    /// Forgets everything but who it is, its token and its connections; where cards and todos stand.
    pub(in crate::dingtalk) fn reset(&mut self) -> u64 {
        self.allowance = Allowance::default();
        self.denied = self.rules.denied.iter().cloned().collect();
        self.throttled.clear();
        self.groups.clear();
        self.group(DEFAULT_GROUP);
        self.sessions = Shelf::default();
        self.cards = Shelf::default();
        self.tasks = Shelf::default();
        self.calendar = Calendar::default();
        self.instances = Shelf::default();
        self.present = None;
        self.stream.reset();
        self.calls = Log::new(MAX_CALLS);
        self.heard = 0;
        self.revision += 1;
        self.revision
    }

    /// The application's id, which is its robot's code too.
    pub(in crate::dingtalk) fn robot_code(&self) -> &str {
        &self.config.id
    }

    /// Whether id and secret are this application's.
    pub(super) fn is_ours(&self, id: &str, secret: &str) -> bool {
        id == self.config.id && secret == self.config.secret
    }

    /// A token and how long it lives; the same while it is valid, and longer with every asking.
    pub(super) fn issue(
        &mut self,
        id: &str,
        secret: &str,
        now_ms: i64,
    ) -> Result<(String, u32), ApiRefusal> {
        if !self.is_ours(id, secret) {
            return Err(ApiRefusal::bad_secret());
        }
        let seconds = self.rules.token_seconds;
        let expires_ms = now_ms + i64::from(seconds) * 1_000;
        let valid = self.token.take().filter(|token| token.expires_ms > now_ms);
        let value = valid.map_or_else(|| self.ids.hex(), |token| token.value);
        self.token = Some(Token { value: value.clone(), expires_ms });
        Ok((value, seconds))
    }

    /// Whether `token` is the one that was given out, and has not expired.
    pub(super) fn is_valid(&self, token: &str, now_ms: i64) -> bool {
        self.token.as_ref().is_some_and(|own| own.value == token && now_ms < own.expires_ms)
    }

    /// Ends the token before its time.
    pub(super) fn revoke(&mut self) {
        self.token = None;
    }

    /// The `openConversationId` of the group of this title, which may be a new one.
    pub(super) fn group(&mut self, title: &str) -> Option<String> {
        let digest = Sha256::digest(title.as_bytes());
        let id = format!("cid{}==", hex(&digest[..11]));
        if !self.groups.contains_key(&id) {
            if self.groups.len() >= MAX_GROUPS {
                return None;
            }
            self.groups.insert(id.clone(), title.to_owned());
        }
        Some(id)
    }

    /// Whether there is a group of this `openConversationId`.
    pub(super) fn knows_group(&self, id: &str) -> bool {
        self.groups.contains_key(id)
    }

    /// What there is to know of the application, for the test that owns the mock.
    pub(in crate::dingtalk) fn describe(&self) -> Value {
        let groups: Vec<Value> = self
            .groups
            .iter()
            .map(|(id, title)| json!({"openConversationId": id, "title": title}))
            .collect();
        json!({
            "clientId": self.config.id,
            "robotCode": self.config.id,
            "host": format!("http://{}", self.host),
            "groups": groups,
            "denied": self.denied,
            "calls_this_month": self.allowance.used(),
        })
    }

    /// Remembers a call; the same with its number.
    pub(in crate::dingtalk) fn note(&mut self, attempt: ApiAttempt) -> ApiAttempt {
        self.heard += 1;
        let bytes = attempt.path.len() + attempt.code.as_ref().map_or(0, String::len);
        let numbered = ApiAttempt { seq: self.heard, ..attempt };
        self.calls.push(numbered.clone(), bytes);
        numbered
    }

    /// Every call, oldest first.
    pub(in crate::dingtalk) fn calls(&self) -> Vec<ApiAttempt> {
        self.calls.iter().cloned().collect()
    }

    /// What was said since it was last asked.
    pub(in crate::dingtalk) fn take_said(&mut self) -> Vec<Spoken> {
        std::mem::take(&mut self.said)
    }

    /// Where cards and todos stand.
    pub(in crate::dingtalk) fn revision(&self) -> u64 {
        self.revision
    }
}

#[cfg(test)]
mod tests {
    use super::{App, AppConfig, AppRules};

    fn app() -> App {
        let config: AppConfig = "dingx:secret".parse().expect("an application");
        App::new(config, AppRules::default(), "127.0.0.1:1".to_owned())
    }

    #[test]
    fn a_token_stays_the_same_while_it_is_valid_and_is_renewed_by_asking() {
        let mut app = app();
        let mut ask = |at| app.issue("dingx", "secret", at).expect("ours").0;
        let first = ask(0);
        assert_eq!(ask(7_199_000), first);
        assert_eq!(ask(14_398_999), first, "asking renewed it");
        assert_ne!(ask(30_000_000), first);
        assert!(!app.is_valid(&first, 30_000_000));
    }

    #[test]
    fn a_group_has_one_id_however_often_it_is_named() {
        let mut app = app();
        let one = app.group("甲").expect("room");
        assert_eq!(app.group("甲").as_deref(), Some(one.as_str()));
        assert!(app.knows_group(&one) && !app.knows_group("cidx"));
    }
}
