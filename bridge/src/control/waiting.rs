//! What waits for people or for DingTalk: approvals to be decided, dates and tasks to be made. What
//! each of them is about is in none of it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::journal::{JournalError, JournalReader, MatterKind};

/// Matters of one kind that are open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// `approval`, `date` or `task`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// Since when the oldest of them waits, RFC 3339.
    pub since: String,
}

/// What is open in the journal; nothing of one that is not there yet.
pub(super) fn waiting(journal: &Path) -> Result<Vec<Waiting>, JournalError> {
    if !journal.exists() {
        return Ok(Vec::new());
    }
    let reader = JournalReader::open(journal)?;
    let mut all = Vec::new();
    // A day's card is open as long as its day: nobody waits for it.
    for kind in [MatterKind::Approval, MatterKind::Date, MatterKind::Task] {
        if let Some((count, since_ms)) = reader.open_matters(kind)? {
            let since = jiff::Timestamp::from_millisecond(since_ms).unwrap_or_default();
            all.push(Waiting { kind: kind.to_string(), count, since: since.to_string() });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{Waiting, waiting};
    use crate::journal::{Journal, MatterKind, NewMatter};

    #[test]
    fn what_is_open_is_counted_by_kind_with_the_oldest_time_and_without_its_words() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        assert_eq!(waiting(&path).expect("nothing yet"), []);
        let journal = Journal::open(&path).expect("opens");
        let matter = |key: &str, kind, created_ms| NewMatter {
            key: key.to_owned(),
            kind,
            body: "{\"receipt\": \"s3cret words\"}".to_owned(),
            due_ms: None,
            instance: None,
            created_ms,
        };
        let new = vec![
            matter("refund/2", MatterKind::Approval, 1_795_240_860_000),
            matter("refund/1", MatterKind::Approval, 1_795_240_800_000),
            matter("today/1", MatterKind::Today, 1_795_240_800_000),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(journal.add_matters(new)).expect("kept");
        let since = "2026-11-21T06:00:00Z".to_owned();
        let expected = Waiting { kind: "approval".to_owned(), count: 2, since };
        assert_eq!(waiting(&path).expect("reads"), [expected]);
    }
}
