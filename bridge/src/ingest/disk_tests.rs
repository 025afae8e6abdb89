//! Ingest beside a disk that is full or damaged: the ring keeps what the journal cannot, and one
//! batch at most is held.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pos_protocol::event::Event;

use super::{Ingest, IngestError, Signal};
use crate::clock::Clock;
use crate::config;
use crate::health::Health;
use crate::journal::{Journal, JournalReader};
use crate::ring::{Direction, Kind, RecordHead, RingWriter};

/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_secs(20);
const CONFIG: &str = "
[[source]]
name = \"a\"
kind = \"serial-tap\"
port = \"/dev/ttyUSB0\"
idle = \"10m\"
[[robot]]
name = \"owner\"
url = \"http://127.0.0.1:9/?access_token=t\"
";
const RECEIPT: &[u8] = b"\x1b@SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 36.00\n\x1dV\x00";

/// Ingest on a thread of its own, between a ring and a journal.
struct Bench {
    dir: tempfile::TempDir,
    ring: RingWriter,
    journal: Journal,
    health: Arc<Health>,
    signals: SyncSender<Signal>,
    thread: Option<JoinHandle<Result<(), IngestError>>>,
    written: Mutex<u64>,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let (ring, _) = RingWriter::open(&dir.path().join("ring"), 4 << 20).expect("a ring");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let health = Arc::new(Health::default());
        health.attached(true);
        let ear = Arc::clone(&health);
        journal.on_trouble(move |trouble| ear.journal(trouble));
        let config = config::parse(CONFIG, &dir.path().join("c.toml")).expect("a configuration");
        let ingest = Ingest::new(
            journal.clone(),
            tokio::sync::watch::Sender::new(Arc::new(config)).subscribe(),
            Clock::real(),
            Arc::clone(&health),
            Arc::default(),
        );
        let (signals, waiting) = sync_channel(64);
        signals.send(Signal::Attached(dir.path().join("ring"))).expect("room");
        let thread = Some(std::thread::spawn(move || ingest.run(&waiting)));
        Self { dir, ring, journal, health, signals, thread, written: Mutex::new(0) }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("j.db")
    }

    fn print(&self, bytes: &[u8]) {
        let at = Clock::real().now();
        let (kind, direction) = (Kind::Data, Direction::ToPrinter);
        let head = RecordHead { kind, source: "a", direction, conn: 1, at };
        for part in bytes.chunks(8 * 1024) {
            self.ring.append(&head, part).expect("room in the ring");
        }
        *self.written.lock().expect("unpoisoned") += bytes.len() as u64;
        // A full queue of wakes is one wake too many.
        let _full = self.signals.try_send(Signal::Wake);
    }

    fn journalled(&self) -> u64 {
        let totals = JournalReader::open(&self.path()).and_then(|reader| reader.totals());
        totals.map_or(0, |totals| totals.journalled_bytes.get("a").copied().unwrap_or(0))
    }

    fn until_all_is_kept(&self) {
        let written = *self.written.lock().expect("unpoisoned");
        until("everything in the journal", || {
            self.journalled() == written && self.health.state().caught_up
        });
    }

    fn events(&self) -> Vec<Event> {
        // A journal that is being replaced has none.
        let stored = JournalReader::open(&self.path()).and_then(|reader| reader.events(0, 100));
        let stored = stored.unwrap_or_default();
        stored.iter().map(|event| event.event().expect("the wire schema")).collect()
    }

    fn stop(&mut self) {
        self.signals.send(Signal::Stop).expect("it runs");
        self.thread.take().expect("one stop").join().expect("no panic").expect("an orderly end");
    }
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < DEADLINE, "still waiting for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_full_disk_leaves_everything_in_the_ring_until_there_is_room() {
    let mut bench = Bench::new();
    bench.print(RECEIPT);
    bench.until_all_is_kept();
    let pages = bench.journal.limit_pages(1);
    let (kept, empty) = (bench.journalled(), bench.ring.waiting().expect("a ring"));
    for _ in 0..40 {
        bench.print(&vec![b'.'; 32 * 1024]);
    }
    bench.print(b"\x1dV\x00");
    bench.print(RECEIPT);
    until("the trouble to be told", || {
        let state = bench.health.state();
        !state.caught_up && state.trouble().is_some_and(|words| words.contains("the disk is full"))
    });
    assert_eq!(bench.journalled(), kept, "nothing is said to be kept that is not");
    let waiting = bench.ring.waiting().expect("a ring");
    assert!(empty == 0 && waiting > 40 * 32 * 1024, "the ring holds all {waiting} of it");

    bench.journal.limit_pages(pages + 10_000);
    bench.until_all_is_kept();
    assert_eq!(bench.health.state().trouble(), None);
    until("the ring to be free", || bench.ring.waiting().expect("a ring") == 0);
    bench.stop();
    let events = bench.events();
    let sales = events.iter().filter(|event| event.kind == pos_protocol::event::Kind::Sale);
    assert_eq!(sales.count(), 2, "before and while the disk was full");
}

#[test]
fn a_stop_while_the_disk_is_full_is_not_held_up_and_loses_nothing() {
    let mut bench = Bench::new();
    bench.print(RECEIPT);
    bench.until_all_is_kept();
    let pages = bench.journal.limit_pages(1);
    bench.print(&vec![b'.'; 64 * 1024]);
    until("the trouble to be told", || bench.health.state().trouble().is_some());
    let begun = Instant::now();
    bench.stop();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(bench.ring.waiting().expect("a ring") > 64 * 1024);
    bench.journal.limit_pages(pages + 1_000);
}

#[test]
fn a_receipt_goes_on_over_the_replacement_of_a_damaged_journal() {
    let mut bench = Bench::new();
    let (half, rest) = RECEIPT.split_at(RECEIPT.len() / 2);
    bench.print(half);
    bench.until_all_is_kept();
    let before = bench.journal.uuid();
    let mut file = std::fs::OpenOptions::new().write(true).open(bench.path()).expect("a file");
    // The log is cut back first, so that the damage is what is read.
    let checkpoint = rusqlite::Connection::open(bench.path()).expect("a reader");
    checkpoint
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("nobody else reads");
    drop(checkpoint);
    file.seek(SeekFrom::Start(4096)).expect("a place");
    file.write_all(&vec![0xFF; 20 * 4096]).expect("written");
    bench.print(rest);
    // Nothing could be carried over, the count of bytes neither: only the session knows the half.
    until("the receipt", || bench.health.state().caught_up && !bench.events().is_empty());
    bench.stop();
    assert_ne!(bench.journal.uuid(), before);
    let events = bench.events();
    let [event] = &events[..] else { panic!("one receipt: {events:?}") };
    let total = event.receipt.as_ref().and_then(|receipt| receipt.total);
    assert_eq!(total.map(|total| total.to_string()).as_deref(), Some("36.00"));
    let sessions = bench.journal.sessions().expect("reads");
    assert!(sessions[0].row.checkpoint.is_some(), "the fresh file can be taken up");
}
