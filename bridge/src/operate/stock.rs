//! An entry about the stock: made of what was typed, judged, and kept in the journal.
//!
//! The daemon does it for a verb, and the verb itself where no daemon runs.

use std::sync::Arc;

use pos_protocol::event::{Event, Inventory, Kind, SCHEMA, SessionId};
use pos_protocol::time::Timestamp;
use uuid::Uuid;

use crate::config::Config;
use crate::journal::{Batch, Journal, JournalReader};
use crate::shop::Clerk;
use crate::shop::stock::{Accept, StockError, accept};

/// What an entry's `source` is.
pub const SOURCE: &str = "stock";

/// The event of an entry that is made now. Two entries of the same words are two entries: `id` is
/// random, and tells one that is sent twice.
pub fn event(inventory: Inventory, id: Uuid, now: Timestamp) -> Event {
    let session = SessionId { journal: id.to_string(), source: SOURCE.to_owned(), epoch: 0 };
    Event {
        schema: SCHEMA,
        id: session.event(0, 0, 0),
        source: SOURCE.to_owned(),
        observed_at: now.rfc3339(),
        kind: Kind::Inventory,
        test: false,
        related: None,
        corrects: None,
        receipt: None,
        report: None,
        drawer: None,
        printer: None,
        inventory: Some(inventory),
        approval: None,
        text: None,
        verdict: None,
        evidence: None,
    }
}

/// Keeps an entry where it can be kept; whether it was not there before. Blocks.
pub fn enter(
    journal: &Journal,
    config: Arc<Config>,
    event: Event,
    now_ms: i64,
) -> Result<bool, StockError> {
    let reader = JournalReader::open(journal.path())?;
    let by = Accept { rows: &reader.books(), shops: &config.shops(), now_ms };
    let events = vec![accept(event, &by)?];
    let batch = Batch { events, shop: Some(Arc::new(Clerk::new(config))), ..Batch::default() };
    Ok(journal.commit(batch)?.new_events == 1)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use pos_protocol::event::{Entry, Inventory, Stocked};
    use pos_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::{enter, event};
    use crate::config;
    use crate::journal::{Journal, JournalReader};
    use crate::shop::{catalogue, stock};

    const NOW_MS: i64 = 1_795_240_800_000;

    #[test]
    fn an_entry_is_kept_once_and_one_that_cannot_be_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a directory");
        let text = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
            [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";
        let config = config::parse(text, &dir.path().join("posbridge.toml")).expect("good");
        let config = Arc::new(config);
        let journal = Journal::open(&config.journal.path).expect("opens");
        let made_at = |now_ms, entry| {
            let inventory = Inventory { shop: None, entry };
            event(inventory, Uuid::new_v4(), Timestamp::new(0, now_ms))
        };
        let made = |entry| made_at(NOW_MS, entry);
        let keep = |event| enter(&journal, Arc::clone(&config), event, NOW_MS);
        let csv = b"name,unit,start\nTea,cup,5\n";
        let articles = catalogue::parse(csv, Path::new("c.csv"), None).expect("good");
        let import = made(Entry::Catalogue { articles });
        assert!(keep(import.clone()).expect("kept"));
        assert!(!keep(import).expect("known"));
        let line = |article: &str| vec![Stocked { article: article.into(), quantity: 2.into() }];
        let refused =
            keep(made(Entry::Count { lines: line("Tee"), at: None })).expect_err("no Tee");
        assert!(refused.to_string().contains("did you mean \"Tea\"?"), "{refused}");
        let receive = Entry::Receive { lines: line("TEA"), at: None };
        assert!(keep(made_at(NOW_MS + 1, receive)).expect("kept"));
        let reader = JournalReader::open(journal.path()).expect("opens");
        let (shelves, _) = stock::shelf(&reader.books(), "", NOW_MS).expect("reads");
        assert_eq!(shelves[0].left, Some(7.into()));
        assert_eq!(reader.totals().expect("reads").events, 2);
    }
}
