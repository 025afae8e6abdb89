//! Follows the events of a journal that others write: each event once, in the order of commit, also
//! over a restart of the daemon and when a damaged file is replaced.
//!
//! It neither waits nor filters: whoever looks says how often.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::JournalError;
use super::reader::{JournalReader, StoredEvent};

/// A place among the events of a journal.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    /// `None` where the file could not be read; it is opened anew with the next look.
    open: Option<(FileId, JournalReader)>,
    after: i64,
}

/// Tells a file from the one that was there before it under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl From<Metadata> for FileId {
    fn from(of: Metadata) -> Self {
        Self { device: of.dev(), inode: of.ino() }
    }
}

impl Tail {
    /// The journal at `path` from its first event on; it must exist.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let mut tail = Self { path: path.into(), open: None, after: 0 };
        tail.reader()?;
        Ok(tail)
    }

    /// Up to `limit` events more, oldest first; none where there are no more for now. After an
    /// error the next look tries the file anew.
    pub fn next(&mut self, limit: usize) -> Result<Vec<StoredEvent>, JournalError> {
        let found = self.look(limit);
        match &found {
            Ok(page) => self.after = page.last().map_or(self.after, |last| last.seq),
            Err(_) => self.open = None,
        }
        found
    }

    fn look(&mut self, limit: usize) -> Result<Vec<StoredEvent>, JournalError> {
        let after = self.after;
        let page = self.reader()?.events(after, limit)?;
        if !page.is_empty() || !self.is_replaced() {
            return Ok(page);
        }
        // Nothing is left in the file that was set aside. In its place:
        self.open = None;
        let reader = self.reader()?;
        // A fresh file counts on from the old one, unless that could not be read.
        let newest = reader.newest_seq()?;
        let after = if newest < after { 0 } else { after };
        let page = reader.events(after, limit)?;
        self.after = after;
        Ok(page)
    }

    fn reader(&mut self) -> Result<&JournalReader, JournalError> {
        if self.open.is_none() {
            // Before the opening: a file that is replaced in between is noticed at the next look.
            let id = identity(&self.path);
            let reader = JournalReader::open(&self.path)?;
            self.open = Some((id.unwrap_or(FileId { device: 0, inode: 0 }), reader));
        }
        Ok(&self.open.as_ref().ok_or(JournalError::Closed)?.1)
    }

    /// Whether another file has the journal's name now. While none has, the old one is all there is.
    fn is_replaced(&self) -> bool {
        let held = self.open.as_ref().map(|(id, _)| *id);
        identity(&self.path).is_some_and(|now| Some(now) != held)
    }
}

fn identity(path: &Path) -> Option<FileId> {
    path.metadata().ok().map(FileId::from)
}

#[cfg(test)]
mod tests {
    use super::Tail;
    use crate::journal::samples::{event, notice};
    use crate::journal::{Batch, Journal, damage};

    fn commit(journal: &Journal, numbers: std::ops::RangeInclusive<u64>) {
        let events: Vec<_> = numbers.map(event).collect();
        let notices = events.iter().map(|event| notice(event, "owner")).collect();
        journal.commit(Batch { events, notices, ..Batch::default() }).expect("commits");
    }

    fn ids(tail: &mut Tail) -> Vec<String> {
        let mut ids = Vec::new();
        loop {
            let page = tail.next(2).expect("readable");
            if page.is_empty() {
                return ids;
            }
            ids.extend(page.iter().map(|one| one.event().expect("ours").id.to_string()));
        }
    }

    fn expected(numbers: std::ops::RangeInclusive<u64>) -> Vec<String> {
        numbers.map(|number| event(number).id.to_string()).collect()
    }

    #[test]
    fn each_event_comes_once_and_in_order_over_a_restart_of_the_writer() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let mut tail = Tail::open(&path).expect("opens");
        assert_eq!(ids(&mut tail), [""; 0]);
        commit(&journal, 1..=3);
        assert_eq!(ids(&mut tail), expected(1..=3));
        drop(journal);
        assert_eq!(ids(&mut tail), [""; 0]);
        let journal = Journal::open(&path).expect("opens");
        commit(&journal, 3..=5);
        assert_eq!(ids(&mut tail), expected(4..=5));
    }

    #[test]
    fn what_a_fresh_file_carried_over_comes_once() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        commit(&journal, 1..=5);
        let mut tail = Tail::open(&path).expect("opens");
        assert_eq!(tail.next(3).expect("readable").len(), 3);
        drop(journal);
        let aside = damage::set_aside(&path).expect("moved");
        assert_eq!(tail.next(1).expect("still open").len(), 1, "the old file is all there is");
        drop(damage::start_fresh(&path, &aside).expect("a fresh one"));
        commit(&Journal::open(&path).expect("opens"), 6..=7);
        assert_eq!(ids(&mut tail), expected(5..=7));
    }

    #[test]
    fn a_fresh_file_that_begins_anew_is_shown_from_its_first_event() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        commit(&journal, 1..=5);
        let mut tail = Tail::open(&path).expect("opens");
        assert_eq!(ids(&mut tail), expected(1..=5));
        drop(journal);
        damage::set_aside(&path).expect("moved");
        commit(&Journal::open(&path).expect("opens"), 6..=7);
        assert_eq!(ids(&mut tail), expected(6..=7));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_tried_anew() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        commit(&Journal::open(&path).expect("opens"), 1..=2);
        let mut tail = Tail::open(&path).expect("opens");
        assert_eq!(tail.next(1).expect("readable").len(), 1);
        let away = dir.path().join("away");
        std::fs::rename(&path, &away).expect("moved");
        tail.open = None;
        tail.next(1).expect_err("there is none");
        std::fs::rename(&away, &path).expect("moved back");
        assert_eq!(ids(&mut tail), expected(2..=2));
    }
}
