//! The HTTP server of the mock: from request to call, from ending to response.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::map_response_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::app::{self, App, Crowd};
use super::config::{MAX_KEYWORDS, MockConfig};
use super::control;
use super::diary::Diary;
use super::door::{Caller, Door};
use super::ending::Ending;
use super::fault::Fault;
use super::group::Group;
use super::judge::Call;
use super::log::{Attempt, ShownMessage};
use super::profile::BanShape;
use super::witness::Witnessed;
use crate::page;

/// Most bytes of a body that are read at all; more is cut there, which is still too long for a
/// message.
const MAX_READ_BYTES: usize = 1024 * 1024;

/// How often the Stream looks at the clock, in real time.
const TICK: Duration = Duration::from_millis(10);

/// What a gateway answers in the robot's place.
const GATEWAY_PAGE: &str =
    "<!DOCTYPE html><html><body><h1>Sorry, your request was blocked.</h1></body></html>";

/// A mock that is running. Dropping it stops it.
#[derive(Debug)]
pub struct MockRobot {
    address: SocketAddr,
    shared: Shared,
    task: JoinHandle<()>,
    ticking: Option<JoinHandle<()>>,
}

/// A mock that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// A robot has more keywords than DingTalk lets an administrator type.
    #[error("expected at most {MAX_KEYWORDS} keywords, found {found}")]
    Keywords {
        /// How many it has.
        found: usize,
    },
    /// The log file cannot be written.
    #[error("expected to append to the log {}, found it refused", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("expected to listen on {address}, found it refused")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The group, shared by every request.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Mutex<Group>>);

impl Shared {
    /// The group, for a moment. A panic in another request leaves it usable.
    pub(crate) fn group(&self) -> MutexGuard<'_, Group> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockRobot {
    /// Listens and answers from now on.
    pub async fn start(config: MockConfig) -> Result<Self, MockError> {
        let crowded = config.robots.iter().find(|robot| robot.keywords.len() > MAX_KEYWORDS);
        if let Some(robot) = crowded {
            return Err(MockError::Keywords { found: robot.keywords.len() });
        }
        let diary = config.log.as_ref().map(|path| {
            Diary::open(path).map_err(|source| MockError::Log { path: path.clone(), source })
        });
        let diary = diary.transpose()?.unwrap_or_default();
        let listen = config.listen;
        let refused = |source| MockError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let has_app = config.app.is_some();
        let shared = Shared(Arc::new(Mutex::new(Group::new(config, diary, address))));
        let door = Door::new(listener, shared.clone()).map_err(refused)?;
        let service = Router::new()
            .route("/robot/send", any(send))
            .nest("/_control", control::routes().merge(app::control_routes()))
            .merge(app::routes())
            .merge(page::routes())
            .fallback(nowhere)
            .layer(map_response_with_state(shared.clone(), date))
            .with_state(shared.clone())
            .into_make_service_with_connect_info::<Caller>();
        let task = tokio::spawn(async move {
            // `serve` never ends on its own: it retries what `accept` refuses.
            let _ = axum::serve(door, service).await;
        });
        let ticking = has_app.then(|| tokio::spawn(tick(shared.clone())));
        Ok(Self { address, shared, task, ticking })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The webhook of the robot with `token`.
    pub fn webhook(&self, token: &str) -> String {
        format!("http://{}/robot/send?access_token={token}", self.address)
    }

    /// What the group saw, oldest first.
    pub fn messages(&self) -> Vec<ShownMessage> {
        self.shared.group().messages_after(0)
    }

    /// Every call, oldest first.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.group().attempts()
    }

    /// Tells everything from now on as it happens; who asked before hears nothing more.
    pub fn witness(&self) -> mpsc::UnboundedReceiver<Witnessed> {
        self.shared.group().witness.listen()
    }

    /// Appends to the fault script; whether it was taken.
    pub fn script(&self, fault: Fault) -> bool {
        self.shared.group().script(vec![fault])
    }

    /// Lets the network be away for so long, by the mock's clock: calls are refused at the port, and
    /// connections that were open are reset.
    pub fn leave(&self, for_ms: u32) {
        self.shared.group().leave(for_ms);
    }

    /// Moves the clock forward.
    pub fn advance(&self, by_ms: u32) {
        self.shared.group().advance(by_ms);
    }

    /// Lets people ask, decide and press on their own from now on; whether there is an application
    /// to do it with, and sense in them.
    pub fn invite(&self, crowd: Crowd) -> bool {
        let sensible = crowd.is_sensible();
        sensible && self.shared.group().with_app(|app, at| app.invite(crowd, at)).is_some()
    }

    /// How many viewers wait for the next message on the group page.
    pub fn viewers(&self) -> usize {
        self.shared.group().watchers()
    }

    /// Waits until the server ends, which it does when it is dropped.
    pub async fn serve(mut self) {
        // The only error is a panic of the server task, and that has been printed.
        let _ = (&mut self.task).await;
    }
}

impl Drop for MockRobot {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(ticking) = &self.ticking {
            ticking.abort();
        }
        // A connection of the Stream outlives the server's task.
        self.shared.group().with_app(|app, _| app.stream.close());
    }
}

/// Lets time pass for the application.
async fn tick(shared: Shared) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        shared.group().with_app(App::tick);
        let due = shared.group().with_app(App::due).unwrap_or_default();
        for saying in due.sayings {
            // Nobody waits to hear that a question was not taken.
            let _ = shared.group().say(&saying);
        }
        for pressing in due.presses {
            let shared = shared.clone();
            tokio::spawn(async move { app::press(&shared, &pressing).await });
        }
    }
}

async fn send(
    State(shared): State<Shared>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let parameter =
        |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let call = Call {
        from: caller.address.ip(),
        post: request.method() == Method::POST,
        token: parameter("access_token"),
        timestamp: parameter("timestamp"),
        sign: parameter("sign"),
        content_type: content_type(request.headers()),
        body: read(request.into_body()).await,
    };
    if shared.group().is_away() {
        return respond(Ending::Reset, &caller);
    }
    shared.group().witness.called(&call.body);
    let fault = shared.group().next_fault(call.token.as_deref()).unwrap_or_default();
    wait(fault.delay_ms).await;
    let ending = judged(&shared, &call, &fault);
    wait(fault.hold_ms).await;
    let now_ms = shared.group().now_ms();
    dated(respond(ending, &caller), now_ms + fault.skew_ms.unwrap_or(0))
}

fn judged(shared: &Shared, call: &Call, fault: &Fault) -> Ending {
    let began = Instant::now();
    let mut group = shared.group();
    let ending = group.receive(call, fault);
    group.witness.judged(began.elapsed());
    ending
}

/// Dates an answer by the mock's clock where it has no date yet: by the machine's, a client in
/// virtual time would find itself years off.
async fn date(State(shared): State<Shared>, response: Response) -> Response {
    let now_ms = shared.group().now_ms();
    if response.headers().contains_key(header::DATE) { response } else { dated(response, now_ms) }
}

fn dated(mut response: Response, at_ms: i64) -> Response {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    // A date has no letter that a header could not carry.
    if let Ok(value) = text.parse() {
        response.headers_mut().insert(header::DATE, value);
    }
    response
}

pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

pub(super) async fn wait(ms: Option<u64>) {
    if let Some(ms) = ms {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

pub(super) fn respond(ending: Ending, caller: &Caller) -> Response {
    match ending {
        Ending::Json(status, body) => (status_of(status), Json(body)).into_response(),
        Ending::Truncated(status, body) => {
            caller.truncate();
            (status_of(status), Json(body)).into_response()
        }
        Ending::Slow(status, body, pause_ms) => {
            caller.drip(Duration::from_millis(pause_ms.into()));
            (status_of(status), Json(body)).into_response()
        }
        Ending::Empty(status) => status_of(status).into_response(),
        Ending::Page(status) => (status_of(status), Html(GATEWAY_PAGE)).into_response(),
        Ending::Banned(BanShape::Html) => Html(GATEWAY_PAGE).into_response(),
        Ending::Banned(BanShape::Json) => Json(ban()).into_response(),
        Ending::BannedMerged => {
            let mut body = ban();
            body["errcode"] = json!(130_101);
            body["errmsg"] = json!("send too fast, exceed 20 times per minute");
            Json(body).into_response()
        }
        Ending::Reset => {
            caller.reset();
            ([(header::CONNECTION, "close")], "").into_response()
        }
    }
}

fn ban() -> Value {
    json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "xxx"})
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// DingTalk answers HTTP 200 where nothing is.
async fn nowhere() -> Json<Value> {
    Json(json!({"errcode": 404, "errmsg": "请求的URI地址不存在"}))
}

/// The body, or as many filler bytes as make it too long.
pub(super) async fn read(body: Body) -> Vec<u8> {
    axum::body::to_bytes(body, MAX_READ_BYTES)
        .await
        .map_or_else(|_| vec![b' '; MAX_READ_BYTES], |bytes| bytes.to_vec())
}
