//! Looks at the journal and its disk, read only. Judges nothing.

use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

use super::policy::{Look, Policy};
use crate::config::Config;
use crate::journal::{JournalError, JournalReader};

/// Most events taken at one look; the rest are taken at the next. An event takes some KiB.
pub(super) const MAX_EVENTS: usize = 100;

/// Where the last look ended.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    chunk: i64,
    event: i64,
}

impl Place {
    /// Begins at the journal's end: what was there before a start was somebody's already. When each
    /// source was heard last goes into `policy`.
    pub(super) fn begin(path: &Path, policy: &mut Policy) -> Result<Self, JournalError> {
        let reader = JournalReader::open(path)?;
        for (source, bytes) in reader.journalled_bytes()? {
            let heard_ms = reader.last_heard_ms(&source)?.unwrap_or_default();
            policy.silence.heard(&source, bytes, heard_ms);
        }
        let (chunk, event) = reader.newest()?;
        Ok(Self { path: path.to_owned(), chunk, event })
    }

    /// What is new since the last look.
    pub(super) fn look(&mut self, config: &Config, now_ms: i64) -> Result<Look, JournalError> {
        let reader = JournalReader::open(&self.path)?;
        let (newest_chunk, newest_event) = reader.newest()?;
        if newest_chunk < self.chunk || newest_event < self.event {
            // Another file: a damaged one was replaced.
            (self.chunk, self.event) = (0, 0);
        }
        let stored = reader.events(self.event, MAX_EVENTS)?;
        self.event = stored.last().map_or(self.event, |event| event.seq);
        let (gaps, chunk) = reader.gaps_after(self.chunk)?;
        self.chunk = chunk;
        let mut bytes = reader.journalled_bytes()?;
        bytes.retain(|name, _| config.sources.iter().any(|source| source.name == *name));
        Ok(Look {
            now_ms,
            bytes,
            // One that cannot be read is of a newer version, and none of ours.
            events: stored.iter().filter_map(|event| event.event().ok()).collect(),
            gaps,
            free_mib: free_mib(&self.path),
            ..Look::default()
        })
    }
}

/// Room on the disk of `path`, where it can be told.
pub(crate) fn free_mib(path: &Path) -> Option<u64> {
    let found = statvfs(path.parent()?).ok()?;
    let (blocks, size) = (wide(found.blocks_available()), wide(found.fragment_size()));
    Some(blocks.saturating_mul(size) / 1024 / 1024)
}

/// The system's counts are 32 bits wide on some machines.
fn wide(count: impl Into<u64>) -> u64 {
    count.into()
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::admin::Policy;
    use crate::config::{Config, Language, Shop};
    use crate::journal::{Batch, Journal, event_for_tests};

    #[test]
    fn each_event_is_seen_once_and_those_before_the_start_never() {
        let dir = tempfile::tempdir().expect("a directory");
        let shop = Shop::for_tests(Language::En);
        let config = Config::for_tests(dir.path(), shop, Vec::new());
        let journal = Journal::open(&config.journal.path).expect("opens");
        let commit = |n: u64| {
            let events = vec![event_for_tests(n)];
            journal.commit(Batch { events, ..Batch::default() }).expect("kept");
        };
        commit(1);
        let mut place = Place::begin(journal.path(), &mut Policy::default()).expect("reads");
        let mut seen = || place.look(&config, 7).expect("reads").events.len();
        assert_eq!(seen(), 0);
        commit(2);
        commit(3);
        assert_eq!((seen(), seen()), (2, 0));
        assert!(place.look(&config, 7).expect("reads").free_mib.is_some());
    }
}
