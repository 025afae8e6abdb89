//! What those who look after the bridge ask of the journal's handle. Blocks; see `handle`.

use super::error::JournalError;
use super::handle::Journal;
use super::record::NewAlarm;
use super::verbs;

impl Journal {
    /// As [`Journal::raise`], for plain threads.
    pub fn raise_waiting(&self, alarm: NewAlarm) -> Result<bool, JournalError> {
        self.wait(move |conn| verbs::raise(conn, &alarm))
    }

    /// The name of a damaged file that a person should look at and remove.
    pub fn set_aside(&self) -> Option<String> {
        let path = self.standing().state().set_aside?;
        path.file_name().map(|name| name.to_string_lossy().into_owned())
    }
}
