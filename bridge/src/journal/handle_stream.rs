//! What the Stream and the application's calls ask of the journal's handle.

use super::error::JournalError;
use super::handle::Journal;
use super::{mute, remembered};

impl Journal {
    /// Remembers `key`, which came at `at_ms`, on disk when it answers; whether it is new.
    pub async fn remember(&self, key: &str, at_ms: i64) -> Result<bool, JournalError> {
        let key = key.to_owned();
        self.ask(move |conn| remembered::remember(conn, &key, at_ms)).await
    }

    /// Whether `key` is remembered.
    pub async fn remembers(&self, key: &str) -> Result<bool, JournalError> {
        let key = key.to_owned();
        self.ask(move |conn| remembered::remembers(conn, &key)).await
    }

    /// Has the ordinary notices of these robots wait until `until_ms`.
    pub async fn mute(&self, robots: Vec<String>, until_ms: i64) -> Result<(), JournalError> {
        self.ask(move |conn| mute::mute(conn, &robots, until_ms)).await
    }

    /// Lets them go again.
    pub async fn unmute(&self, robots: Vec<String>) -> Result<(), JournalError> {
        self.ask(move |conn| mute::unmute(conn, &robots)).await
    }

    /// Calls of the application's interface in `month`, a number such as 202611.
    pub async fn api_calls(&self, month: i64) -> Result<u32, JournalError> {
        self.ask(move |conn| remembered::api_calls(conn, month)).await
    }

    /// One more call in `month`; how many it has.
    pub async fn count_api_call(&self, month: i64) -> Result<u32, JournalError> {
        self.ask(move |conn| remembered::count_api_call(conn, month)).await
    }
}
