//! The HTTP side: paths, sizes and answers.
//!
//! TLS is the proxy's or the tunnel's in front of it. An answer repeats nothing of the call but paths
//! of its fields.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::admit::{Denied, Door};
use super::listener::{Bounded, CONNECTION_LIMIT, Peer};
use super::read::Unread;
use super::reception::{Reception, Taken};
use super::scheme::Scheme;

/// Largest body, in bytes: an order of hundreds of lines has a few hundred KiB.
pub(super) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Most bytes of a body that is too large that are read and dropped, so that its sender hears why. It
/// stops itself beyond that.
const MAX_DROPPED_BYTES: usize = 16 * 1024 * 1024;
/// When a sender should try again that was not answered with success for our sake, in seconds.
const RETRY_AFTER_S: &str = "5";

/// Listens on `address`.
pub(super) async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let expected = format!("expected to listen on [hooks] {address}, found: {error}");
        io::Error::new(error.kind(), expected)
    })
}

/// Answers for ever.
pub(super) async fn serve(listener: TcpListener, reception: Reception) -> io::Result<()> {
    serve_within(listener, reception, CONNECTION_LIMIT).await
}

pub(super) async fn serve_within(
    listener: TcpListener,
    reception: Reception,
    limit: Duration,
) -> io::Result<()> {
    let routes = Router::new()
        .route("/hooks/{scheme}", post(hook))
        .route("/hooks/{word}/{scheme}", post(hook_at))
        .route("/v1/events", post(push))
        .with_state(reception);
    let service = routes.into_make_service_with_connect_info::<Peer>();
    axum::serve(Bounded::new(listener, limit), service).await
}

async fn hook(
    State(reception): State<Reception>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path(scheme): Path<String>,
    request: Request,
) -> Response {
    answer(&reception, peer, &scheme, None, request).await
}

async fn hook_at(
    State(reception): State<Reception>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path((word, scheme)): Path<(String, String)>,
    request: Request,
) -> Response {
    answer(&reception, peer, &scheme, Some(&word), request).await
}

async fn push(
    State(reception): State<Reception>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    taken(&reception, peer, Scheme::Push, None, request).await
}

async fn answer(
    reception: &Reception,
    peer: Peer,
    scheme: &str,
    word: Option<&str>,
    request: Request,
) -> Response {
    match Scheme::parse(scheme).filter(|scheme| *scheme != Scheme::Push) {
        Some(scheme) => taken(reception, peer, scheme, word, request).await,
        None => said(StatusCode::NOT_FOUND, &json!({ "error": Denied::NotHere.to_string() })),
    }
}

async fn taken(
    reception: &Reception,
    peer: Peer,
    scheme: Scheme,
    word: Option<&str>,
    request: Request,
) -> Response {
    let door = Door { scheme, word, peer: peer.0.ip() };
    let (head, body) = request.into_parts();
    let body = match whole(body).await {
        Ok(Some(body)) => body,
        Ok(None) => {
            reception.too_large(door, MAX_BODY_BYTES).await;
            let error = format!("expected a body of at most {MAX_BODY_BYTES} bytes, found more");
            return said(StatusCode::PAYLOAD_TOO_LARGE, &json!({ "error": error }));
        }
        Err(_) => {
            let error = "expected the whole body, found it cut off";
            return said(StatusCode::BAD_REQUEST, &json!({ "error": error }));
        }
    };
    let success = if scheme == Scheme::Push { StatusCode::ACCEPTED } else { StatusCode::OK };
    match reception.take(door, &head.headers, &body).await {
        Taken::Kept { id, known, ignored } => {
            let mut kept = json!({ "kept": true, "duplicate": known });
            if let Some(id) = id {
                kept["id"] = id.to_string().into();
            }
            if !ignored.is_empty() {
                kept["ignored"] = ignored.into();
            }
            said(success, &kept)
        }
        Taken::Denied(denied) => {
            let code = match denied {
                Denied::NotHere => StatusCode::NOT_FOUND,
                Denied::NotLocal => StatusCode::FORBIDDEN,
                Denied::Unproved(_) => StatusCode::UNAUTHORIZED,
                Denied::NoClock => return later(&denied.to_string()),
            };
            said(code, &json!({ "error": denied.to_string() }))
        }
        Taken::Unread(Unread::Malformed(malformed)) => said(
            StatusCode::BAD_REQUEST,
            &json!({ "error": malformed.to_string(), "offset": malformed.offset }),
        ),
        Taken::Unread(Unread::Field(field)) => said(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "error": field.to_string(), "path": field.path }),
        ),
        Taken::NoArticle(error) => said(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "error": error, "path": "$.inventory" }),
        ),
        Taken::Later(error) => later(&error),
    }
}

/// The body; nothing where it is too large.
async fn whole(body: Body) -> Result<Option<Bytes>, axum::Error> {
    use axum::body::HttpBody as _;
    let mut body = body;
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) =
        std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
    {
        let Ok(data) = frame?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > MAX_DROPPED_BYTES {
            break;
        }
        if seen <= MAX_BODY_BYTES {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    Ok((seen <= MAX_BODY_BYTES).then(|| kept.into()))
}

/// Not now, for our sake.
fn later(why: &str) -> Response {
    let mut response = said(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": why }));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    response
}

/// An answer, after which the connection is closed.
fn said(code: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONNECTION, "close"),
    ];
    (code, headers, format!("{body}\n")).into_response()
}
