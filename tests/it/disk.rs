//! The journal on a disk that loses power or fills up.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use nix::fcntl::FcntlArg::{F_GETFL, F_SETFL};
use nix::fcntl::{OFlag, fcntl};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pos_tests::journal::{Disk, numbers, open_sound, sale};
use pos_tests::wait::{SOON, until};
use posbridge::journal::Journal;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const ROUNDS: u64 = 20;
/// Receipts that were acknowledged before the power is cut.
const ACKNOWLEDGED: std::ops::Range<usize> = 1..200;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn disk(mib: u64) -> Option<Disk> {
    Disk::new(mib).map_err(|reason| println!("SKIPPED: {reason}")).ok()
}

/// A process that commits sales to `path` from `first` on, and says which were acknowledged.
fn writer(path: &std::path::Path, first: u64) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_journal_writer"))
        .arg(path)
        .arg(first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writer was built");
    let said = BufReader::new(child.stdout.take().expect("piped"));
    (child, said)
}

fn acknowledged(said: &mut impl BufRead) -> Option<u64> {
    let mut line = String::new();
    // Nothing more to read, now or ever, is no number.
    let _nothing = said.read_line(&mut line);
    line.trim().parse().ok()
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn no_acknowledged_receipt_is_lost_when_the_power_is_cut() {
    let Some(mut disk) = disk(48) else { return };
    let path = disk.path().join("j.db");
    let mut kept: BTreeSet<u64> = BTreeSet::new();
    for round in 0..ROUNDS {
        let first = kept.last().map_or(1, |last| last + 1);
        let enough = ChaCha8Rng::seed_from_u64(round).random_range(ACKNOWLEDGED);
        let (mut child, mut said) = writer(&path, first);
        while kept.range(first..).count() < enough {
            kept.insert(acknowledged(&mut said).expect("it goes on until the power is cut"));
        }
        // The writer dies with the power: what it would say later, of a disk that is gone, is no
        // acknowledgement. A commit under way stays under way in the kernel.
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, Signal::SIGSTOP).expect("it runs");
        let flags = OFlag::from_bits_retain(fcntl(said.get_ref(), F_GETFL).expect("a pipe"));
        fcntl(said.get_ref(), F_SETFL(flags | OFlag::O_NONBLOCK)).expect("a pipe");
        while let Some(number) = acknowledged(&mut said) {
            kept.insert(number);
        }
        let cut = disk.cut_power();
        child.kill().expect("it runs");
        child.wait().expect("it ended");
        if let Err(reason) = cut {
            println!("SKIPPED: {reason}");
            return;
        }
        disk.unmount().expect("nobody uses it");
        disk.mount().expect("the file system mends itself");

        let journal = open_sound(&path);
        let found = numbers(&path);
        let lost: Vec<_> = kept.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?} of {}", kept.len());
        let cursor = journal.cursor().expect("reads").map(|cursor| cursor.position);
        assert_eq!(cursor, found.last().copied(), "one transaction, whole or not at all");
        // A receipt that was committed and not acknowledged any more is kept as well.
        kept = found;
    }
}

#[test]
fn a_full_file_system_costs_no_acknowledged_receipt_and_is_over_when_there_is_room() {
    let Some(disk) = disk(32) else { return };
    let path = disk.path().join("j.db");
    let journal = Journal::open(&path).expect("opens");
    let mut kept = BTreeSet::new();
    for round in 0..3 {
        let first = kept.last().map_or(1, |last| last + 1);
        let ballast = disk.path().join("ballast");
        for number in first..first + 20 {
            journal.commit(sale(number)).expect("room");
            kept.insert(number);
        }
        std::fs::write(&ballast, vec![1; 64 * 1024 * 1024]).expect_err("it fills the disk");
        let mut next = first + 20;
        while journal.commit(sale(next)).is_ok() {
            kept.insert(next);
            next += 1;
        }
        let told = journal.trouble().expect("it is told");
        assert!(told.contains("the disk is full"), "{told}");
        for _ in 0..20 {
            journal.commit(sale(next)).expect_err("it stays full");
        }
        std::fs::remove_file(&ballast).expect("removed");
        // ext4 gives blocks back with its own next commit.
        until(SOON, "room again", || journal.commit(sale(next)).map_err(|e| e.to_string()));
        kept.insert(next);
        assert_eq!(journal.trouble(), None);
        assert_eq!(numbers(&path), kept, "round {round}");
    }
    drop(journal);
    drop(open_sound(&path));
    let mut names: Vec<_> = std::fs::read_dir(disk.path())
        .expect("readable")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["j.db", "j.db.lock", "lost+found"], "nothing set aside, nothing left over");
}
