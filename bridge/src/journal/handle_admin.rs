//! What those who look after the bridge and its books ask of the journal's handle. Methods without
//! `async` block; see `handle`.

use std::sync::Arc;

use super::error::JournalError;
use super::handle::Journal;
use super::record::NewAlarm;
use super::shop_rows::{self, NewFinding, Rows, Understand};
use super::verbs;
use super::{practice, refold};

impl Journal {
    /// As [`Journal::raise`], for plain threads.
    pub fn raise_waiting(&self, alarm: NewAlarm) -> Result<bool, JournalError> {
        self.wait(move |conn| verbs::raise(conn, &alarm))
    }

    /// Puts into the outbox what `find` makes of the shop's rows at the wall time `now_ms`, all of
    /// it in one transaction; how many notices that were. While `now_ms` cannot be right nothing is
    /// looked for.
    pub async fn look_for(
        &self,
        now_ms: i64,
        find: impl FnOnce(&dyn Rows) -> Result<Vec<NewFinding>, JournalError> + Send + 'static,
    ) -> Result<usize, JournalError> {
        self.ask(move |conn| shop_rows::look_for(conn, now_ms, find)).await
    }

    /// Notes whether receipts are tests now. Where that has just ended, `ended` is queued; how many
    /// notices that were.
    pub async fn practises(
        &self,
        practises: bool,
        ended: Vec<NewAlarm>,
    ) -> Result<usize, JournalError> {
        self.ask(move |conn| practice::note(conn, practises, &ended)).await
    }

    /// Makes the shop's rows anew where they were made by a program that read events otherwise;
    /// whether that was so.
    pub async fn renew_books(&self, shop: Arc<dyn Understand>) -> Result<bool, JournalError> {
        self.ask(move |conn| refold::renew(conn, &*shop)).await
    }

    /// What `look` reads of the shop's rows, all of one moment.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Rows) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.ask(move |conn| look(&shop_rows::Table::read_only(conn, i64::MAX))).await
    }

    /// The name of a damaged file that a person should look at and remove.
    pub fn set_aside(&self) -> Option<String> {
        let path = self.standing().state().set_aside?;
        path.file_name().map(|name| name.to_string_lossy().into_owned())
    }
}
