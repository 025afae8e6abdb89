//! Damage and full disks: bytes are kept, people are told, nothing undelivered is lost.

use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::samples::{chunk, event, notice};
use super::{
    Attempt, Batch, Begin, Cursor, Finish, Frozen, Journal, JournalReader, Keep, OutboxState,
    SessionRow, Settle,
};
use crate::clock::Clock;

/// Longest wait for a thread.
const DEADLINE: Duration = Duration::from_secs(20);
const KEEP: Keep = Keep { days: 30, max_bytes: 64 * 1024 * 1024 };

/// A sale with a notice, its chunk, its session and its place in the ring.
fn sale(number: u64) -> Batch {
    Batch {
        chunks: vec![chunk("a", 1, &[b'x'; 480])],
        events: vec![event(number)],
        notices: vec![notice(&event(number), "owner")],
        sessions: vec![SessionRow {
            source: "a".into(),
            epoch: 1,
            generation: "g".into(),
            checkpoint: Some(b"{}".to_vec()),
            printing: false,
        }],
        cursor: Some(Cursor { generation: "g".into(), position: number }),
        shop: None,
    }
}

/// A closed journal with `sales` sales, the first of them delivered.
fn sold(path: &Path, sales: u64) -> String {
    let journal = Journal::open(path).expect("opens");
    for number in 1..=sales {
        journal.commit(sale(number)).expect("commits");
    }
    deliver_first(&journal);
    journal.uuid()
}

fn deliver_first(journal: &Journal) {
    let frozen = Frozen { msg_uuid: "u".into(), body: "b".into() };
    let begin = Begin { outbox_id: 1, carrier: "owner".into(), frozen, now_ms: 9 };
    let attempt = Attempt {
        attempt_id: 1,
        outcome: "delivered",
        detail: String::new(),
        http_status: Some(200),
        errcode: Some(0),
    };
    let finish = Finish {
        outbox_id: 1,
        attempt,
        finished_ms: 10,
        settle: Settle::Delivered,
        pause_until_ms: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        assert_eq!(journal.begin(begin).await.expect("a journal"), Some(1));
        journal.finish(finish).await.expect("a journal");
    });
}

fn aside(path: &Path) -> Vec<PathBuf> {
    let dir = std::fs::read_dir(path.parent().expect("a directory")).expect("readable");
    let mut found: Vec<PathBuf> = dir.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|p| {
        let name = p.file_name().expect("a name").to_string_lossy().into_owned();
        name.contains(".damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")
    });
    found
}

fn queued(path: &Path) -> usize {
    let reader = JournalReader::open(path).expect("a sound journal");
    reader.outbox(OutboxState::Queued, 1_000).expect("reads").len()
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).expect("a file");
    file.seek(SeekFrom::Start(at)).expect("a place");
    file.write_all(bytes).expect("written");
}

/// The page on which a table begins, as an offset.
fn root_of(path: &Path, table: &str) -> u64 {
    let conn = rusqlite::Connection::open(path).expect("a journal");
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root: i64 = conn.query_one(sql, [table], |row| row.get(0)).expect("a table");
    (root as u64 - 1) * 4096
}

#[test]
fn a_file_that_is_no_database_is_set_aside_and_a_fresh_one_is_started() {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, torn) in [("header", 512_usize), ("all", usize::MAX), ("short", 0)] {
        let path = dir.path().join(name).join("j.db");
        std::fs::create_dir(path.parent().expect("a directory")).expect("made");
        let old = sold(&path, 3);
        let length = path.metadata().expect("a file").len() as usize;
        match torn {
            0 => std::fs::write(&path, b"SQLite for").expect("written"),
            _ => overwrite(&path, 0, &vec![0xA5; torn.min(length)]),
        }
        let journal = Journal::open(&path).expect("a fresh one");
        assert_ne!(journal.uuid(), old, "{name}");
        let [file] = &aside(&path)[..] else { panic!("one file of {name}: {:?}", aside(&path)) };
        let told = journal.trouble().expect("an alarm");
        assert!(told.contains(&file.display().to_string()), "{told}");
        journal.commit(sale(9)).expect("bytes are kept");
        drop(journal);

        let journal = Journal::open(&path).expect("opens again");
        assert!(journal.trouble().is_some(), "{name}: until somebody has looked");
        std::fs::remove_file(file).expect("removed");
        drop(journal);
        assert_eq!(Journal::open(&path).expect("opens").trouble(), None, "{name}");
    }
}

#[test]
fn what_was_not_delivered_is_carried_over_and_what_was_is_not() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    sold(&path, 4);
    let at = root_of(&path, "chunk");
    overwrite(&path, at, &[0xFF; 4096]);
    let journal = Journal::open(&path).expect("the damage is not seen yet");
    let (told, ear) = mpsc::channel();
    journal.on_trouble(move |words| told.send(words).expect("somebody listens"));
    assert_eq!(ear.recv(), Ok(None));
    journal.look_after(KEEP, Clock::real(), None).expect("starts");
    let words = ear.recv_timeout(DEADLINE).expect("told in time").expect("an alarm");
    assert!(words.contains("3 undelivered notices carried over"), "{words}");
    assert_eq!(aside(&path).len(), 1);
    assert_eq!(queued(&path), 3);
    assert_eq!(journal.cursor().expect("reads").map(|c| c.position), Some(4), "the ring goes on");
    let sessions = journal.sessions().expect("reads");
    assert_eq!((sessions.len(), sessions[0].checkpoint_chunk), (1, 0));
    journal.commit(sale(5)).expect("goes on");
    let totals = JournalReader::open(&path).and_then(|r| r.totals()).expect("reads");
    assert_eq!(totals.journalled_bytes["a"], 5 * 480, "an acknowledgement is never taken back");
}

#[test]
fn damage_met_while_running_is_handled_without_a_restart() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    sold(&path, 40);
    let at = root_of(&path, "chunk_by_session");
    let journal = Journal::open(&path).expect("opens");
    let before = journal.uuid();
    overwrite(&path, at, &[0xFF; 4096]);
    let batch = Arc::new(sale(41));
    let refused = journal.commit(Arc::clone(&batch)).expect_err("a damaged index");
    assert!(refused.to_string().contains("malformed"), "{refused}");
    journal.commit(batch).expect("the fresh file takes it");
    assert_ne!(journal.uuid(), before);
    assert_eq!(queued(&path), 40, "39 carried over and the new one");
}

#[test]
fn a_full_disk_is_told_once_and_over_when_there_is_room() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    journal.commit(sale(1)).expect("room");
    let (told, ear) = mpsc::channel();
    journal.on_trouble(move |words| told.send(words).expect("somebody listens"));
    let full = journal.limit_pages(1);
    let large = || Batch { chunks: vec![chunk("a", 1, &[7; 64 * 1024])], ..sale(2) };
    for _ in 0..3 {
        journal.commit(large()).expect_err("no room");
        assert!(journal.cursor().expect("reads").is_some(), "what needs no room goes on");
    }
    assert_eq!(queued(&path), 1, "nothing of a refused batch is kept");
    journal.limit_pages(full + 1_000);
    journal.commit(large()).expect("room again");
    drop(journal);
    let told: Vec<_> = ear.iter().collect();
    let [None, Some(words), None] = &told[..] else { panic!("{told:?}") };
    assert!(words.contains("the disk is full"), "{words}");
    assert_eq!(queued(&path), 2);
    assert_eq!(aside(&path), [] as [PathBuf; 0], "a full disk damages nothing");
}

#[test]
fn a_command_after_one_that_found_the_disk_full_is_not_half_done() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    journal.commit(sale(1)).expect("room");
    let full = journal.limit_pages(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..16_u64)
            .map(|n| {
                let journal = &journal;
                scope.spawn(move || {
                    let bytes = if n % 2 == 0 { 64 * 1024 } else { 0 };
                    let batch =
                        Batch { chunks: vec![chunk("a", 1, &vec![7; bytes])], ..sale(10 + n) };
                    (10 + n, journal.commit(batch).is_ok())
                })
            })
            .collect();
        let done: Vec<_> = workers.into_iter().map(|w| w.join().expect("no panic")).collect();
        let told = done.iter().filter(|(_, ok)| *ok).count();
        assert_eq!(
            queued(&path),
            1 + told,
            "what was answered with an error is not there: {done:?}"
        );
    });
    journal.limit_pages(full + 1_000);
}

#[test]
fn a_log_without_its_journal_does_not_get_into_the_next_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    journal.commit(sale(1)).expect("commits");
    let mut log = Vec::new();
    std::fs::File::open(dir.path().join("j.db-wal"))
        .and_then(|mut file| file.read_to_end(&mut log))
        .expect("a log");
    drop(journal);
    std::fs::remove_file(&path).expect("removed");
    std::fs::write(dir.path().join("j.db-wal"), &log).expect("written");
    let journal = Journal::open(&path).expect("a new one");
    assert_eq!(journal.cursor().expect("reads"), None);
    assert_eq!(queued(&path), 0);
}
