//! The HTTP server of the mock: from request to call, from ending to response.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::config::MockConfig;
use super::control;
use super::door::{Door, Slam};
use super::fault::Fault;
use super::group::{Attempt, Ending, Group, ShownMessage};
use super::judge::Call;

/// Most bytes of a body that are read at all; more is cut there, which is still too long for a
/// message.
const MAX_READ_BYTES: usize = 1024 * 1024;

/// What a gateway answers in the robot's place.
const GATEWAY_PAGE: &str =
    "<!DOCTYPE html><html><body><h1>Sorry, your request was blocked.</h1></body></html>";

/// A mock that is running. Dropping it stops it.
#[derive(Debug)]
pub struct MockRobot {
    address: SocketAddr,
    shared: Shared,
    task: JoinHandle<()>,
}

/// A mock that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
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
pub(super) struct Shared(Arc<Mutex<Group>>);

impl Shared {
    /// The group, for a moment. A panic in another request leaves it usable.
    pub(super) fn group(&self) -> MutexGuard<'_, Group> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockRobot {
    /// Listens and answers from now on.
    pub async fn start(config: MockConfig) -> Result<Self, MockError> {
        let listen = config.listen;
        let refused = |source| MockError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Shared(Arc::new(Mutex::new(Group::new(config))));
        let service = Router::new()
            .route("/robot/send", any(send))
            .nest("/_control", control::routes())
            .with_state(shared.clone())
            .into_make_service_with_connect_info::<Slam>();
        let task = tokio::spawn(async move {
            // `serve` never ends on its own: it retries what `accept` refuses.
            let _ = axum::serve(Door(listener), service).await;
        });
        Ok(Self { address, shared, task })
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
        self.shared.group().messages()
    }

    /// Every call, oldest first.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.group().attempts()
    }

    /// Appends to the fault script; whether it was taken.
    pub fn script(&self, fault: Fault) -> bool {
        self.shared.group().script(fault)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by_ms: u32) {
        self.shared.group().advance(by_ms);
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
    }
}

async fn send(
    State(shared): State<Shared>,
    ConnectInfo(slam): ConnectInfo<Slam>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let parameter =
        |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let call = Call {
        post: request.method() == Method::POST,
        token: parameter("access_token"),
        timestamp: parameter("timestamp"),
        sign: parameter("sign"),
        body: read(request.into_body()).await,
    };
    let fault = shared.group().next_fault();
    if let Some(delay_ms) = fault.and_then(|fault| fault.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    let ending = shared.group().receive(&call, fault.and_then(|fault| fault.answer));
    match ending {
        Ending::Json(body) => Json(body).into_response(),
        Ending::Html => Html(GATEWAY_PAGE).into_response(),
        Ending::Http500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Ending::Reset => {
            slam.shut();
            ([(header::CONNECTION, "close")], "").into_response()
        }
    }
}

/// The body, or as many filler bytes as make it too long.
async fn read(body: Body) -> Vec<u8> {
    axum::body::to_bytes(body, MAX_READ_BYTES)
        .await
        .map_or_else(|_| vec![b' '; MAX_READ_BYTES], |bytes| bytes.to_vec())
}
