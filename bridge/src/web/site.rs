//! What every page is made from: the daemon's desk, who is there, and the way to the journal.

use std::io;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::{Mutex, Semaphore};

use super::attempts::Attempts;
use super::notes::Notes;
use super::sessions::Sessions;
use super::settings::Said;
use crate::control::Desk;
use crate::journal::{JournalError, JournalReader};

/// Most live lists at once: each keeps a connection.
pub(super) const MAX_LISTENERS: usize = 16;
/// Most looks at the journal that wait for their turn; the next one is told to come again.
const MAX_LOOKS: usize = 16;

/// Shared by all pages.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// What the daemon answers from.
    pub(super) desk: Desk,
    pub(super) sessions: Arc<Sessions>,
    pub(super) attempts: Arc<Attempts>,
    /// One password is judged at a time: each takes its memory.
    pub(super) hashing: Arc<Semaphore>,
    /// Places for live lists.
    pub(super) listeners: Arc<Semaphore>,
    /// One change of the configuration at a time, or an older one could win.
    pub(super) editing: Arc<Mutex<()>>,
    /// One test message at a time.
    pub(super) testing: Arc<Semaphore>,
    /// What a form of the settings came to.
    pub(super) notes: Arc<Notes<Said>>,
    looks: Arc<Semaphore>,
}

impl Site {
    /// A page that nobody is at.
    pub(super) fn new(desk: Desk) -> io::Result<Self> {
        let none = || io::Error::other("expected random numbers from this machine, found none");
        Ok(Self {
            desk,
            sessions: Arc::new(Sessions::new().ok_or_else(none)?),
            attempts: Arc::default(),
            hashing: Arc::new(Semaphore::new(1)),
            listeners: Arc::new(Semaphore::new(MAX_LISTENERS)),
            editing: Arc::default(),
            testing: Arc::new(Semaphore::new(1)),
            notes: Arc::default(),
            looks: Arc::new(Semaphore::new(MAX_LOOKS)),
        })
    }

    /// Looks at the journal, read only, on a connection of its own.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&JournalReader) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let path = self.desk.journal.path().to_owned();
        self.work(move || Ok(look(&JournalReader::open(&path)?)?)).await
    }

    /// Does what blocks.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let turn = Arc::clone(&self.looks).try_acquire_owned().map_err(|_| Trouble::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        // A panic has been logged, without its words.
        done.await.map_err(|_| Trouble::Failed)?
    }
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such thing.
    NotFound,
    /// What was sent cannot be read.
    Unreadable,
    /// Too many look at once.
    Busy,
    /// The journal cannot be read.
    Journal(JournalError),
    /// A template is wrong.
    Template(minijinja::Error),
    /// A fault of ours.
    Failed,
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<minijinja::Error> for Trouble {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (code, words) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found. 找不到這一頁。"),
            Self::Unreadable => {
                (StatusCode::BAD_REQUEST, "This cannot be read. 未能讀取送來的內容。")
            }
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many look at once; try again in a moment. 同時瀏覽的人太多，請稍後再試。",
            ),
            Self::Journal(error) => {
                tracing::warn!("the page cannot read the journal: {error}");
                let words =
                    "The journal cannot be read; the log says why. 未能讀取帳本，原因見日誌。";
                (StatusCode::SERVICE_UNAVAILABLE, words)
            }
            Self::Template(error) => {
                tracing::error!("a page cannot be made: {:?} at {:?}", error.kind(), error.line());
                (StatusCode::INTERNAL_SERVER_ERROR, "A fault of ours. 程式出錯。")
            }
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "A fault of ours. 程式出錯。"),
        };
        plain(code, words)
    }
}

/// A page of one sentence, which needs no template.
pub(super) fn plain(code: StatusCode, words: &str) -> Response {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Posbridge</title><link rel=\"stylesheet\" href=\"/assets/style.css\">\
         <main class=\"alone\"><div class=\"card\"><h1>{}</h1><p>{words}</p>\
         <p><a class=\"button\" href=\"/\">Posbridge</a></p></div></main>\n",
        code.as_u16()
    );
    (code, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}
