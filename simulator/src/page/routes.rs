//! The page's four addresses.

use std::future::{Ready, ready};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use serde::Deserialize;

use super::live::{self, Place};
use crate::dingtalk::Shared;

const PAGE: &str = include_str!("group.html");
const STYLE: &str = include_str!("group.css");
const MARKDOWN: &str = include_str!("markdown.js");
const SCRIPT: &str = include_str!("group.js");

/// Where the messages that are there already are put into the page.
const SEEN: &str = "{{SEEN}}";
/// Most messages in a page that is opened anew; a phone does not load the whole history either.
const MAX_OPENED: usize = 200;
/// Nothing but the page's own files, so that no message can load or run anything.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'";

type Headers = [(HeaderName, &'static str); 2];

#[derive(Debug, Deserialize)]
struct From {
    #[serde(default)]
    from: String,
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(page))
        .route("/page/group.css", get(|| file("text/css; charset=utf-8", STYLE)))
        .route("/page/markdown.js", get(|| file("text/javascript; charset=utf-8", MARKDOWN)))
        .route("/page/group.js", get(|| file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/page/events", get(events))
}

async fn page(State(shared): State<Shared>) -> impl IntoResponse {
    let mut news = live::since(&shared, Place::default());
    let older = news.messages.len().saturating_sub(MAX_OPENED);
    let seen = serde_json::json!({
        "epoch": news.epoch,
        "revision": news.revision,
        "messages": news.messages.split_off(older),
        "changed": news.changed,
    });
    // Inside a script element only `<` could end it.
    let seen = seen.to_string().replace('<', "\\u003c");
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    (headers, Html(PAGE.replace(SEEN, &seen)))
}

fn file(media: &'static str, text: &'static str) -> Ready<(Headers, &'static str)> {
    ready(([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-store")], text))
}

async fn events(
    State(shared): State<Shared>,
    Query(first): Query<From>,
    headers: HeaderMap,
) -> (Headers, String) {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let from = Place::read(last.unwrap_or(&first.from));
    let text = live::events(&shared, from).await;
    ([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], text)
}
