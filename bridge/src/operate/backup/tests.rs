//! A backup under load gives the same books elsewhere, tells nobody twice, and no damaged or foreign
//! file is taken.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_protocol::event::{Event, Kind};
use serde_json::json;

use super::{Put, RestoreError, pack, restore};
use crate::config::{self, Config};
use crate::journal::{Batch, Journal, JournalReader, NewNotice, OutboxState, Understand};
use crate::shop::{Clerk, samples};

/// 21 November 2026 at noon in Hong Kong, in milliseconds.
const NOON_MS: i64 = 1_795_233_682_120;
const SECRET: &str = "SEC0123456789abcdef";

const TEXT: &str = "[[source]]\nname = \"counter-1\"\nkind = \"file\"\npath = \"a\"\n\
    profile = \"own.toml\"\n[[robot]]\nname = \"owner\"\n\
    url = \"http://127.0.0.1/?access_token=t0k3n\" # ours\nsecret_file = \"owner.secret\"\n\
    notices = [\"sale\"]\n";

fn installation(dir: &Path) -> Config {
    use std::os::unix::fs::PermissionsExt;
    let secret = dir.join("owner.secret");
    std::fs::write(&secret, SECRET).expect("room");
    for (name, text) in
        [("posbridge.toml", TEXT), ("own.toml", "name = \"own\"\nabout = \"ours\"\n")]
    {
        std::fs::write(dir.join(name), text).expect("room");
    }
    for name in ["posbridge.toml", "owner.secret"] {
        std::fs::set_permissions(dir.join(name), PermissionsExt::from_mode(0o600)).expect("ours");
    }
    config::load(&dir.join("posbridge.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn sale(number: u32) -> Event {
    let mut event = samples::slip(Kind::Sale, &number.to_string(), "36.00", json!({}));
    let session = pos_protocol::event::SessionId {
        journal: "j".into(),
        source: "counter-1".into(),
        epoch: 0,
    };
    event.id = session.event(0, u64::from(number), 0);
    event
}

fn keep(journal: &Journal, config: &Config, numbers: std::ops::Range<u32>) -> usize {
    let clerk: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::new(config.clone())));
    let mut new = 0;
    for number in numbers {
        let event = sale(number);
        let notice = NewNotice {
            event_id: event.id,
            robot: "owner".into(),
            urgent: false,
            created_ms: NOON_MS,
        };
        let batch = Batch {
            events: vec![event],
            notices: vec![notice],
            shop: Some(Arc::clone(&clerk)),
            ..Batch::default()
        };
        new += journal.commit(batch).expect("commits").new_events;
    }
    new
}

/// A shop that was backed up in the middle of a rush, and the archive.
fn rush() -> (tempfile::TempDir, PathBuf, u64) {
    let dir = tempfile::tempdir().expect("a directory");
    let config = installation(dir.path());
    let journal = Journal::open(&config.journal.path).expect("opens");
    keep(&journal, &config, 0..20);
    let archive = dir.path().join("shop.tar");
    let packed = std::thread::scope(|scope| {
        let load = scope.spawn(|| keep(&journal, &config, 20..120));
        let packed = pack(&config, &archive, NOON_MS).expect("packs beside a writer");
        assert_eq!(load.join().expect("no panic"), 100, "the writer never failed");
        packed
    });
    assert_eq!(packed.missing, ["owner.secret", "owner.url"]);
    let names = ["journal.db", "config/posbridge.toml", "config/own.toml"];
    assert_eq!(packed.files, names);
    (dir, archive, packed.bytes)
}

fn put(archive: &Path, dir: &Path, resend: bool) -> Result<Put, RestoreError> {
    restore(archive, &dir.join("posbridge.toml"), (false, resend), NOON_MS + 60_000)
}

#[test]
fn a_backup_in_a_rush_gives_the_books_of_its_moment_elsewhere_and_tells_nobody_twice() {
    let (old, archive, _) = rush();
    let elsewhere = tempfile::tempdir().expect("a directory");
    let done = put(&archive, elsewhere.path(), false).expect("restores");
    let path = elsewhere.path().join("posbridge.db");
    let reader = JournalReader::open(&path).expect("opens");
    let events = reader.totals().expect("reads").events;
    assert!((20..=120).contains(&events) && done.held as u64 == events, "{done:?}");
    // The secrets are put back as restore says.
    std::fs::copy(old.path().join("owner.secret"), elsewhere.path().join("owner.secret"))
        .expect("room");
    let url = elsewhere.path().join("owner.url");
    std::fs::write(&url, "http://127.0.0.1/?access_token=t0k3n").expect("room");
    std::fs::set_permissions(&url, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("ours");
    let config = config::load(&elsewhere.path().join("posbridge.toml")).expect("right");
    let clerk = Clerk::new(Arc::new(config.clone()));
    let books = reader.check_books(&clerk).expect("reads");
    assert_eq!((books.differs, books.events as u64), (None, events));
    // The ring reaches further than the backup: counted, and not told again.
    let journal = Journal::open(&path).expect("opens");
    let again = keep(&journal, &config, 0..120);
    assert_eq!(again as u64, 120 - events);
    let waiting = |state| reader.outbox(state, 1_000).expect("reads").len();
    assert_eq!((waiting(OutboxState::Queued), waiting(OutboxState::Dropped) as u64), (0, events));
    // What is heard from now on is told as ever.
    let mut later = sale(500);
    later.observed_at = pos_protocol::time::Timestamp::new(0, NOON_MS + 120_000).rfc3339();
    let notice =
        NewNotice { event_id: later.id, robot: "owner".into(), urgent: false, created_ms: 1 };
    let batch = Batch { events: vec![later], notices: vec![notice], ..Batch::default() };
    journal.commit(batch).expect("commits");
    assert_eq!(waiting(OutboxState::Queued), 1);
}

#[test]
fn what_waited_goes_on_where_the_old_box_is_known_to_be_dead() {
    let (_old, archive, _) = rush();
    let elsewhere = tempfile::tempdir().expect("a directory");
    assert_eq!(put(&archive, elsewhere.path(), true).expect("restores").held, 0);
    let reader = JournalReader::open(&elsewhere.path().join("posbridge.db")).expect("opens");
    assert!(reader.outbox(OutboxState::Queued, 1_000).expect("reads").len() >= 20);
}

#[test]
fn no_secret_is_in_a_backup_and_nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (old, archive, bytes) = rush();
    let whole = std::fs::read(&archive).expect("there");
    assert_eq!(whole.len() as u64, bytes);
    for secret in [SECRET, "t0k3n"] {
        assert!(!whole.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
    }
    let mode = std::fs::metadata(&archive).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let drafts = std::fs::read_dir(old.path()).expect("there").flatten();
    let left = drafts.filter(|file| file.file_name().to_string_lossy().starts_with("shop.tar"));
    assert_eq!(left.count(), 1, "no draft is left");
    let config = config::load(&old.path().join("posbridge.toml")).expect("right");
    pack(&config, &archive, NOON_MS).expect_err("it is there");
    assert_eq!(std::fs::read(&archive).expect("there"), whole);
}

#[test]
fn an_installation_is_kept_aside_and_a_running_one_is_not_touched() {
    let (old, archive, _) = rush();
    let config = old.path().join("posbridge.toml");
    let refused = restore(&archive, &config, (false, false), NOON_MS).expect_err("occupied");
    assert!(matches!(refused, RestoreError::Occupied { .. }), "{refused}");
    let running = Journal::open(&old.path().join("posbridge.db")).expect("opens");
    let refused = restore(&archive, &config, (true, false), NOON_MS).expect_err("running");
    assert!(matches!(refused, RestoreError::Running { .. }), "{refused}");
    drop(running);
    let put = restore(&archive, &config, (true, false), NOON_MS).expect("restores");
    assert!(put.aside.len() >= 3 && put.aside.iter().all(|path| path.exists()), "{put:?}");
    let aside =
        put.aside.iter().find(|path| path.to_string_lossy().contains("posbridge.toml.before-"));
    assert_eq!(std::fs::read_to_string(aside.expect("kept")).expect("there"), TEXT);
}

#[test]
fn a_damaged_or_foreign_archive_changes_nothing() {
    let (_old, archive, _) = rush();
    let whole = std::fs::read(&archive).expect("there");
    let elsewhere = tempfile::tempdir().expect("a directory");
    let target = elsewhere.path().join("in");
    std::fs::create_dir(&target).expect("room");
    let bad = elsewhere.path().join("bad.tar");
    let step = (whole.len() / 40).max(1);
    for at in (0..whole.len()).step_by(step) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x20;
        std::fs::write(&bad, &damaged).expect("room");
        if let Ok(done) = put(&bad, &target, false) {
            // A byte of the tar's own padding or of a field that nobody reads.
            assert!(done.files.len() == 3, "{at}");
            std::fs::remove_dir_all(&target).expect("ours");
            std::fs::create_dir(&target).expect("room");
            continue;
        }
        assert_eq!(std::fs::read_dir(&target).expect("there").count(), 0, "byte {at}");
    }
    for cut in [0, 100, 512, whole.len() / 2] {
        std::fs::write(&bad, &whole[..cut]).expect("room");
        put(&bad, &target, false).expect_err("cut");
        assert_eq!(std::fs::read_dir(&target).expect("there").count(), 0, "cut at {cut}");
    }
}
