//! New events as they come, server-sent: soon after the cut, since the journal's commit wakes it.
//!
//! A listener is its connection and a place in the journal: what it has not read yet waits there, and
//! one that does not read is let go by the connection's own time-out.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::guard::Visitor;
use super::rows;
use super::site::{Site, Trouble};
use crate::config::Shop;
use crate::journal::JournalReader;

/// A sign of life this often, so that both ends notice a connection that is gone.
const BEAT: Duration = Duration::from_secs(15);
/// When a browser should try again whose connection ended, in milliseconds.
const RETRY_MS: u32 = 2_000;
/// Events sent at once.
const PAGE: usize = 20;
/// A listener that missed more events than this loads its page again.
const MAX_CATCH_UP: i64 = 100;

/// Somebody whose page is open.
struct Listener {
    site: Site,
    visitor: Visitor,
    growth: watch::Receiver<()>,
    /// The last event that was sent.
    after: i64,
    greeted: bool,
    _place: OwnedSemaphorePermit,
}

/// `GET /live`, with `Last-Event-ID` or `?after=` where the page knows something already.
pub(super) async fn list(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    uri: axum::http::Uri,
) -> Result<Response, Trouble> {
    let Ok(place) = Arc::clone(&site.listeners).try_acquire_owned() else {
        let later = [(header::RETRY_AFTER, "30")];
        return Ok((StatusCode::SERVICE_UNAVAILABLE, later).into_response());
    };
    let growth = site.desk.journal.growth();
    let newest = site.look(JournalReader::newest_seq).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let query = super::form::Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let query = query.as_ref().and_then(|fields| fields.text("after"));
    let after = last.or(query).and_then(|text| text.parse().ok());
    // A place beyond the newest is of a journal that was replaced.
    let after = after.filter(|after| (0..=newest).contains(after)).unwrap_or(newest);
    let listener = Listener { site, visitor, growth, after, greeted: false, _place: place };
    let body = Body::from_stream(stream::unfold(listener, |mut listener| async move {
        let some = listener.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(some)), listener))
    }));
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], body).into_response())
}

impl Listener {
    /// What is sent next; `None` ends the connection.
    async fn next(&mut self) -> Option<String> {
        if !self.greeted {
            self.greeted = true;
            return Some(format!("retry: {RETRY_MS}\n\n"));
        }
        loop {
            // Before the look, so that what comes meanwhile is seen by the next one.
            self.growth.borrow_and_update();
            match self.news().await {
                Ok(Some(news)) => return Some(news),
                Ok(None) => {}
                // Too many look, or the journal is being replaced: the browser comes again.
                Err(_) => return None,
            }
            tokio::select! {
                grown = self.growth.changed() => grown.ok()?,
                () = tokio::time::sleep(BEAT) => {
                    return self.is_still_in().then(|| ": beat\n\n".to_owned());
                }
            }
        }
    }

    async fn news(&mut self) -> Result<Option<String>, Trouble> {
        let after = self.after;
        let (newest, events) = self
            .site
            .look(move |reader| Ok((reader.newest_seq()?, reader.events(after, PAGE)?)))
            .await?;
        if newest < after || newest - after > MAX_CATCH_UP {
            self.after = newest;
            return Ok(Some(format!("id: {newest}\nevent: reload\ndata: {newest}\n\n")));
        }
        let Some(last) = events.last() else { return Ok(None) };
        self.after = last.seq;
        let config = self.site.desk.live.config();
        let tongue = self.visitor.tongue;
        let shop = Shop { language: tongue.language(), ..config.shop.clone() };
        let mut out = String::new();
        for stored in &events {
            if let Some(row) = rows::line(stored, &shop, tongue) {
                // A line of the journal's text cannot end a line here: it was folded into one.
                let row = row?.to_string().replace(['\r', '\n'], " ");
                let _ = write!(out, "id: {}\nevent: receipt\ndata: {row}\n\n", stored.seq);
            }
        }
        Ok(Some(out).filter(|out| !out.is_empty()))
    }

    /// Whether whoever listens may still do so; listening alone keeps nobody logged in.
    fn is_still_in(&self) -> bool {
        let config = self.site.desk.live.config();
        config.web.password.as_ref().is_none_or(|password| {
            let (sessions, cookie) = (&self.site.sessions, &self.visitor.cookie);
            sessions.knows(cookie, password.expose(), Instant::now(), false)
        })
    }
}
