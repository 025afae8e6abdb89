//! Two shops, an application, a journal, and a server that answers for DingTalk.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use pos_protocol::event::{Approval, Entry, Event, Inventory, Kind, Stocked};
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::app::Hall;
use crate::approve::Transfer;
use crate::clock::Clock;
use crate::config::{Config, parse_in};
use crate::dingtalk::stream::CardAction;
use crate::journal::{Batch, Journal, JournalReader, MatterKind, MatterRow, OutboxState};
use crate::live::Live;
use crate::operate;
use crate::shop::{Clerk, catalogue, samples, stock};

pub(super) const CREATE_CARD: &str = "/v1.0/card/instances/createAndDeliver";
pub(super) const UPDATE_CARD: &str = "/v1.0/card/instances";
pub(super) const START_OA: &str = "/v1.0/workflow/processInstances";
pub(super) const START_YIDA: &str = "/v2.0/yida/processes/instances/start";
pub(super) const DATES: &str = "/v1.0/calendar/users/union1/calendars/primary/events";
pub(super) const TASKS: &str = "/v1.0/todo/users/union1/tasks";

/// Asked by a card of the group, decided by one of two.
pub(super) const BY_CARD: &str = "[[approval]]\non = \"transfer\"\ntemplate = \"t.schema\"\n\
    group = \"cid1\"\ndeciders = [\"boss\", \"deputy\"]\n";
/// Asked by OA.
pub(super) const BY_OA: &str = "[[approval]]\non = \"transfer\"\nprocess_code = \"PROC-1\"\n\
    originator = \"clerk\"\nfields = { \"內容\" = \"title\", \"編號\" = \"reference\" }\n";

/// 21 November 2026 at noon in Hong Kong.
pub(super) const NOON: &str = "2026-11-21T04:00:00Z";

pub(super) struct World {
    pub(super) server: MockServer,
    pub(super) config: Arc<Config>,
    journal: Option<Journal>,
    clock: Clock,
    /// Removed when the world ends.
    _dir: tempfile::TempDir,
}

fn config(dir: &Path, server: &MockServer, tables: &str) -> Config {
    let source = |name: &str, shop: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nshop = \"{shop}\"\nkind = \"file\"\npath = \"{name}\"\n"
        )
    };
    let text = format!(
        "[shop]\nname = \"明記\"\nlanguage = \"en\"\nhours = \"11:00-22:30\"\n{}{}\
         [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n\
         [dingtalk.app]\nclient_id = \"dingabc\"\nclient_secret_env = \"APP_SECRET\"\n\
         api = \"{}\"\nmay_change = [\"clerk\"]\n{tables}",
        source("counter-1", "central"),
        source("counter-2", "mongkok"),
        server.uri(),
    );
    let env = |name: &str| (name == "APP_SECRET").then(|| OsString::from("s"));
    parse_in(&text, &dir.join("posbridge.toml"), &env).unwrap_or_else(|e| panic!("{e}")).0
}

impl World {
    pub(super) async fn new(tables: &str) -> Self {
        let server = MockServer::start().await;
        let dir = tempfile::tempdir().expect("a directory");
        let config = Arc::new(config(dir.path(), &server, tables));
        let clock = clock_at(NOON);
        let mut world = Self { server, config, journal: None, clock, _dir: dir };
        world.reopen().await;
        let token = json!({ "accessToken": "t", "expireIn": 7200 });
        world.answers("POST", "/v1.0/oauth2/accessToken", 200, token).await;
        world
    }

    /// As after a crash: what is not in the journal is gone.
    pub(super) async fn reopen(&mut self) {
        let (old, path) = (self.journal.take(), self.config.journal.path.clone());
        let opened = tokio::task::spawn_blocking(move || {
            drop(old);
            Journal::open(&path).expect("opens")
        });
        self.journal = Some(opened.await.expect("no panic"));
    }

    /// From now on it is `at`.
    pub(super) fn at(&mut self, at: &str) {
        self.clock = clock_at(at);
    }

    pub(super) fn journal(&self) -> &Journal {
        self.journal.as_ref().expect("opened")
    }

    pub(super) fn hall(&self) -> Hall {
        let live = Live::new((*self.config).clone());
        Hall::for_tests(self.journal().clone(), live, self.clock)
    }

    pub(super) async fn answers(&self, verb: &str, at: &str, status: u16, body: Value) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&self.server).await;
    }

    /// Answers so `times`, before those that were set up earlier.
    pub(super) async fn answers_first(&self, at: &str, status: u16, body: Value, times: u64) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        let mock = Mock::given(method("POST")).and(path(at)).respond_with(answer);
        mock.up_to_n_times(times).with_priority(1).mount(&self.server).await;
    }

    pub(super) async fn cards_work(&self) {
        let made = json!({ "success": true, "result": { "outTrackId": "x",
            "deliverResults": [{ "spaceType": "IM_GROUP", "success": true }] } });
        self.answers("POST", CREATE_CARD, 200, made).await;
        let changed = json!({ "success": true, "result": true });
        self.answers("PUT", UPDATE_CARD, 200, changed).await;
    }

    pub(super) async fn requests(&self, at: &str) -> Vec<Request> {
        let all = self.server.received_requests().await.expect("they are kept");
        all.into_iter().filter(|request| request.url.path() == at).collect()
    }

    /// Keeps events as ingest does.
    pub(super) async fn keep(&self, events: Vec<Event>) {
        let journal = self.journal().clone();
        let shop = Arc::new(Clerk::new(Arc::clone(&self.config)));
        let batch = Batch { events, shop: Some(shop), ..Batch::default() };
        let kept = tokio::task::spawn_blocking(move || journal.commit(batch));
        kept.await.expect("no panic").expect("commits");
    }

    /// Ten of each article in both shops.
    pub(super) async fn stocked(&self) {
        let csv = b"name,unit,start,threshold\nPearls,each,10,3\nTea,cup,10,\n";
        let articles = catalogue::parse(csv, Path::new("c.csv"), None).expect("good");
        let now = self.clock.now();
        for shop in ["central", "mongkok"] {
            let entry = Entry::Catalogue { articles: articles.clone() };
            let inventory = Inventory { shop: Some(shop.to_owned()), entry };
            self.keep(vec![operate::stock::event(inventory, Uuid::new_v4(), now)]).await;
        }
    }

    /// Asks for pearls from central to mongkok.
    pub(super) async fn transfer(&self, quantity: i64) {
        let lines = vec![Stocked { article: "pearls".into(), quantity: quantity.into() }];
        let (from, to) = ("central".to_owned(), "mongkok".to_owned());
        let id = Uuid::new_v4().to_string();
        let transfer = Transfer { id, from, to, lines, asked_by: None };
        let (journal, config) = (self.journal().clone(), Arc::clone(&self.config));
        let now_ms = self.clock.wall_ms();
        let asked = tokio::task::spawn_blocking(move || {
            operate::transfer::ask(&journal, &config, transfer, now_ms)
        });
        assert!(asked.await.expect("no panic").expect("kept").1);
    }

    pub(super) async fn matters(&self) -> Vec<MatterRow> {
        self.journal().open_matters(MatterKind::Approval).await.expect("reads")
    }

    pub(super) fn reader(&self) -> JournalReader {
        JournalReader::open(self.journal().path()).expect("opens")
    }

    /// What is left of the pearls in both shops.
    pub(super) fn pearls(&self) -> [i64; 2] {
        let reader = self.reader();
        ["central", "mongkok"].map(|shop| {
            let (shelves, _) =
                stock::shelf(&reader.books(), shop, self.clock.wall_ms()).expect("reads");
            let pearls = shelves.iter().find(|shelf| shelf.article.name == "Pearls");
            let left = pearls.and_then(|shelf| shelf.left).expect("known");
            i64::try_from(left).expect("whole")
        })
    }

    /// How matters ended, in the order of the journal.
    pub(super) fn endings(&self) -> Vec<Approval> {
        let all = self.reader().events(0, 10_000).expect("reads");
        let events = all.iter().map(|stored| stored.event().expect("the wire schema"));
        let endings = events.filter(|event| event.kind == Kind::Approval);
        endings.filter_map(|event| event.approval).collect()
    }

    /// Messages that wait for the group.
    pub(super) fn queued(&self) -> usize {
        self.reader().outbox(OutboxState::Queued, 1_000).expect("reads").len()
    }

    /// The books are what the events say.
    pub(super) fn books_agree(&self) {
        let clerk = Clerk::new(Arc::clone(&self.config));
        let books = self.reader().check_books(&clerk).expect("reads");
        assert_eq!(books.differs, None);
    }
}

pub(super) fn clock_at(at: &str) -> Clock {
    Clock::parse(&format!("origin={at},rate=1")).expect("a good argument")
}

pub(super) fn press(card: &str, user: &str, action: &str) -> CardAction {
    CardAction {
        id: Uuid::new_v4().to_string(),
        out_track_id: card.to_owned(),
        user_id: user.to_owned(),
        actions: vec![action.to_owned()],
        params: std::collections::BTreeMap::new(),
    }
}

/// A refund of `total` at central, observed at noon.
pub(super) fn refund(number: &str, total: &str) -> Event {
    let mut event = samples::slip(Kind::Refund, number, total, json!({}));
    event.observed_at = NOON.parse::<Timestamp>().map(|at| format!("{at:.3}")).expect("a time");
    event
}
