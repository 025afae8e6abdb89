//! A journal seen from outside: sales to put in, what is in it, and disks to put it on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pos_protocol::event::{Event, SessionId};
use pos_protocol::time::Timestamp;
use posbridge::journal::{
    Batch, Chunk, ChunkKind, Cursor, Direction, Journal, JournalReader, NewNotice, SessionRow,
};
use serde_json::json;

/// Bytes of a receipt.
const RECEIPT: usize = 480;
/// When the sales were made, in milliseconds.
const WHEN_MS: i64 = 1_795_233_682_120;
/// Most events that are read back.
const MOST: usize = 1_000_000;

/// All that one receipt brings along, as ingest commits it.
pub fn sale(number: u64) -> Batch {
    let event = event(number);
    let chunk = Chunk {
        source: "counter-1".into(),
        epoch: 0,
        direction: Direction::ToPrinter,
        conn: 0,
        start: number * RECEIPT as u64,
        kind: ChunkKind::Data,
        at: Timestamp::new(number, WHEN_MS),
        bytes: vec![b'x'; RECEIPT],
    };
    let session = SessionRow {
        source: "counter-1".into(),
        epoch: 0,
        generation: "g".into(),
        checkpoint: Some(vec![b'c'; 3_000]),
        printing: false,
    };
    let notice =
        NewNotice { event_id: event.id, robot: "owner".into(), urgent: false, created_ms: WHEN_MS };
    Batch {
        chunks: vec![chunk],
        events: vec![event],
        notices: vec![notice],
        sessions: vec![session],
        cursor: Some(Cursor { generation: "g".into(), position: number }),
        shop: None,
    }
}

fn event(number: u64) -> Event {
    let session = SessionId { journal: "j".into(), source: "counter-1".into(), epoch: 0 };
    let event = json!({"schema": 1, "id": session.event(0, number, 0), "source": "counter-1",
        "observed_at": "2026-11-21T04:01:22.120Z", "kind": "sale",
        "receipt": {"number": number.to_string(), "total": "36.00", "currency": "HKD"}});
    serde_json::from_value(event).expect("the wire schema")
}

/// Numbers of the sales in the journal at `path`.
///
/// # Panics
/// Where it cannot be read.
pub fn numbers(path: &Path) -> BTreeSet<u64> {
    let reader = JournalReader::open(path).expect("a journal");
    let events = reader.events(0, MOST).expect("reads");
    let events = events.iter().map(|event| event.event().expect("the wire schema"));
    events.map(|e| e.receipt.and_then(|r| r.number).expect("one").parse().expect("one")).collect()
}

/// Opens the journal at `path` as the daemon would, and asks SQLite whether it is sound.
///
/// # Panics
/// Where it is not.
pub fn open_sound(path: &Path) -> Journal {
    let journal = Journal::open(path).expect("opens");
    assert_eq!(journal.trouble(), None);
    let conn = rusqlite::Connection::open(path).expect("a database");
    let found: Result<String, _> = conn.query_row("PRAGMA quick_check", [], |row| row.get(0));
    assert_eq!(found.as_deref(), Ok("ok"));
    journal
}

/// A small ext4 file system of its own, on a loop device.
#[derive(Debug)]
pub struct Disk {
    dir: tempfile::TempDir,
    mounted: bool,
}

impl Disk {
    /// A disk of `mib` MiB, or why there can be none.
    pub fn new(mib: u64) -> Result<Self, String> {
        if !nix::unistd::geteuid().is_root() {
            return Err("needs root, to mount a file system".into());
        }
        let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut disk = Self { dir, mounted: false };
        let image = std::fs::File::create(disk.image()).map_err(|error| error.to_string())?;
        image.set_len(mib * 1024 * 1024).map_err(|error| error.to_string())?;
        std::fs::create_dir(disk.path()).map_err(|error| error.to_string())?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()))?;
        disk.mount()?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.dir.path().join("image")
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("mnt")
    }

    /// Plugs it in, which replays the file system's own log.
    pub fn mount(&mut self) -> Result<(), String> {
        run(Command::new("mount").args(["-o", "loop"]).arg(self.image()).arg(self.path()))?;
        self.mounted = true;
        Ok(())
    }

    /// Unplugs it. Nothing may use it any more.
    pub fn unmount(&mut self) -> Result<(), String> {
        self.mounted = false;
        run(Command::new("umount").arg(self.path()))
    }

    /// Cuts its power: nothing reaches it from here on, nor does what it was told but not told to
    /// keep.
    pub fn cut_power(&self) -> Result<(), String> {
        // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH: an ioctl
        // that Rust cannot make without unsafe code.
        let program = "import fcntl, os, struct, sys\n\
                       fd = os.open(sys.argv[1], os.O_RDONLY)\n\
                       fcntl.ioctl(fd, 0x8004587D, struct.pack('I', 2))\n";
        run(Command::new("python3").args(["-c", program]).arg(self.path()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // A failed test may have left a user of it behind.
            let _ = run(Command::new("umount").arg("-l").arg(self.path()));
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.stdin(Stdio::null()).output().map_err(|e| format!("needs {name}: {e}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{name}: {}", said.trim())) }
}
