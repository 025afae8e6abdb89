//! What the journal costs: receipts a second beside raw append and `fdatasync` of the same bytes in
//! the same run, and bytes written to the disk per receipt.
//!
//! `cargo bench -p posbridge --bench journal [DIRECTORY]`. The directory must be on the disk that is
//! asked about (not tmpfs, where `fdatasync` costs nothing). The rounds of both sides alternate, so
//! that a busy machine slows both; the ratio is of the medians.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::time::Timestamp;
use posbridge::journal::{
    Batch, Chunk, ChunkKind, Cursor, Direction, Journal, NewNotice, SessionRow,
};

/// A receipt as a till sends it, in bytes.
const RECEIPT: usize = 480;
const ROUNDS: usize = 7;
/// Receipts of a round, by group size.
const GROUPS: [(usize, usize); 2] = [(64, 64 * 100), (1, 300)];

/// What is committed with each receipt.
#[derive(Clone, Copy, Debug)]
enum Load {
    /// Its bytes: durability point 1.
    Bytes,
    /// Its bytes, event, notice, session state and ring position: the whole commit path.
    Whole,
}

fn main() {
    let at = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let base = at.map_or_else(std::env::temp_dir, PathBuf::from);
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").expect("stdout");
    say(format!("{RECEIPT}-byte receipts in {}", base.display()));
    for (group, receipts) in GROUPS {
        let (mut raw, mut bytes, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            raw.push(raw_round(&base, group, receipts));
            bytes.push(journal_round(&base, Load::Bytes, group, receipts));
            whole.push(journal_round(&base, Load::Whole, group, receipts));
        }
        let raw = Figure::of(raw);
        say(format!("groups of {group}: raw append + fdatasync {}", raw.words()));
        for (name, list) in [("chunks", bytes), ("whole commit", whole)] {
            let figure = Figure::of(list);
            let ratio = figure.per_second / raw.per_second;
            say(format!("groups of {group}: journal, {name} {}, {ratio:.2} x raw", figure.words()));
        }
    }
}

/// Medians of the rounds.
struct Figure {
    per_second: f64,
    written: u64,
}

impl Figure {
    fn of(mut rounds: Vec<(f64, u64)>) -> Self {
        let mut written: Vec<u64> = rounds.iter().map(|round| round.1).collect();
        written.sort_unstable();
        rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { per_second: rounds[ROUNDS / 2].0, written: written[ROUNDS / 2] }
    }

    fn words(&self) -> String {
        format!("{:.0} a second, {} bytes written each", self.per_second, self.written)
    }
}

/// Receipts a second and bytes written per receipt.
fn measured(receipts: usize, work: impl FnOnce()) -> (f64, u64) {
    let (before, begun) = (bytes_written(), Instant::now());
    work();
    let seconds = begun.elapsed().as_secs_f64();
    (receipts as f64 / seconds, (bytes_written() - before) / receipts as u64)
}

/// What this process made the block layer write, by the kernel's count.
fn bytes_written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn raw_round(base: &Path, group: usize, receipts: usize) -> (f64, u64) {
    let dir = tempfile::tempdir_in(base).expect("a directory");
    let mut file = File::create(dir.path().join("raw")).expect("a file");
    let bytes = vec![b'x'; RECEIPT * group];
    measured(receipts, || {
        for _ in 0..receipts / group {
            file.write_all(&bytes).expect("written");
            file.sync_data().expect("on disk");
        }
    })
}

fn journal_round(base: &Path, load: Load, group: usize, receipts: usize) -> (f64, u64) {
    let dir = tempfile::tempdir_in(base).expect("a directory");
    let path = dir.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    // A shop's journal is not empty.
    journal.commit(batch(load, 0, 500)).expect("commits");
    let batches: Vec<Batch> =
        (0..receipts / group).map(|n| batch(load, 500 + n * group, group)).collect();
    measured(receipts, || {
        for batch in batches {
            journal.commit(batch).expect("commits");
        }
        // Closing moves the log into the file, which is part of the cost.
        drop(journal);
    })
}

fn batch(load: Load, first: usize, count: usize) -> Batch {
    let at = Timestamp::new(first as u64, 1_795_233_682_120);
    let (epoch, generation) = (0, "3b0f1f0e-5d5e-4d6f-9a57-0123456789ab".to_owned());
    let chunk = |n: usize| Chunk {
        source: "counter-1".into(),
        epoch,
        direction: Direction::ToPrinter,
        conn: 0,
        start: (n * RECEIPT) as u64,
        kind: ChunkKind::Data,
        at,
        bytes: vec![b'x'; RECEIPT],
    };
    let chunks = (first..first + count).map(chunk).collect();
    if matches!(load, Load::Bytes) {
        return Batch { chunks, ..Batch::default() };
    }
    let events: Vec<Event> = (first..first + count).map(|n| event(n as u64)).collect();
    let notice = |event: &Event| NewNotice {
        event_id: event.id,
        robot: "owner".into(),
        urgent: false,
        created_ms: 1_795_233_682_120,
    };
    let session = SessionRow {
        source: "counter-1".into(),
        epoch,
        generation: generation.clone(),
        // What a checkpoint between papers weighs.
        checkpoint: Some(vec![b'c'; 3_000]),
        printing: false,
    };
    let position = ((first + count) * (RECEIPT + 64)) as u64;
    Batch {
        chunks,
        notices: events.iter().map(notice).collect(),
        events,
        sessions: vec![session],
        cursor: Some(Cursor { generation, position }),
        shop: None,
    }
}

fn event(number: u64) -> Event {
    let session = SessionId { journal: "j".into(), source: "counter-1".into(), epoch: 0 };
    let id = session.event(0, number * RECEIPT as u64, 0);
    let text = format!(
        "{{\"schema\":1,\"id\":\"{id}\",\"source\":\"counter-1\",\
         \"observed_at\":\"2026-11-21T04:01:22.120Z\",\"kind\":\"sale\",\
         \"receipt\":{{\"merchant\":\"SHOP\",\"number\":\"{number}\",\"currency\":\"HKD\",\
         \"items\":[{{\"name\":\"Tea\",\"quantity\":\"2\",\"unit_price\":\"18.00\",\"amount\":\"36.00\"}}],\
         \"total\":\"36.00\",\"payments\":[{{\"method\":\"cash\",\"label\":\"CASH\",\"amount\":\"36.00\"}}]}},\
         \"text\":\"SHOP\\nTea 2 x 18.00 36.00\\nTOTAL 36.00\\nCASH 40.00\\nCHANGE 4.00\"}}"
    );
    serde_json::from_str(&text).expect("the wire schema")
}
