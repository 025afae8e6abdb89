//! What those who ask people ask of the journal's handle. Methods without `async` block; see
//! `handle`.

use super::error::JournalError;
use super::handle::Journal;
use super::matter::{self, Change, MatterRow, NewMatter, Which};
use super::record::MatterKind;
use super::shop_rows::Rows;

impl Journal {
    /// Keeps matters that are new; how many were.
    pub async fn add_matters(&self, matters: Vec<NewMatter>) -> Result<usize, JournalError> {
        self.ask(move |conn| matter::add(conn, &matters)).await
    }

    /// As [`Journal::add_matters`], for plain threads.
    pub fn add_matters_waiting(&self, matters: Vec<NewMatter>) -> Result<usize, JournalError> {
        self.wait(move |conn| matter::add(conn, &matters))
    }

    /// Matters whose time has come at `now_ms`, the longest due first, at most `most`.
    pub async fn due_matters(
        &self,
        now_ms: i64,
        most: usize,
    ) -> Result<Vec<MatterRow>, JournalError> {
        self.ask(move |conn| matter::due(conn, now_ms, most)).await
    }

    /// Open matters of a kind, the oldest first.
    pub async fn open_matters(&self, kind: MatterKind) -> Result<Vec<MatterRow>, JournalError> {
        self.ask(move |conn| matter::open(conn, kind)).await
    }

    /// The matter that is meant.
    pub async fn matter(&self, which: Which) -> Result<Option<MatterRow>, JournalError> {
        self.ask(move |conn| matter::find(conn, &which)).await
    }

    /// Has `change` decide how a matter stands from now on, and keeps that with what follows from it
    /// in one transaction. Nothing where there is no such matter.
    pub async fn change_matter<T: Send + 'static>(
        &self,
        which: Which,
        change: impl FnOnce(&MatterRow, &dyn Rows) -> Result<(T, Option<Change>), JournalError>
        + Send
        + 'static,
    ) -> Result<Option<T>, JournalError> {
        let told = self.ask(move |conn| matter::change(conn, &which, change)).await?;
        // With or without an event: whoever waits for one looks, and finds nothing.
        self.has_grown();
        Ok(told)
    }
}
