//! Disks that refuse, segments that vanish, damaged records, and three threads at once.

use std::fs::OpenOptions;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::model::{LIMITS, World, head};
use super::{SpillError, SpillLimits, Spiller, Turn};
use crate::ring::{Append, Body};

/// Fills the ring beyond its high-water mark.
fn fill(world: &mut World) {
    for _ in 0..6 {
        world.append(3_000);
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_named_and_tried_again() {
    let mut world = World::new();
    std::fs::write(world.spill(), "in the way").expect("written");
    fill(&mut world);
    let error = world.spiller.turn().expect_err("a file is in the way").to_string();
    assert!(error.contains("journal.spill"), "{error}");
    assert_eq!(world.cell(), 0, "nothing counts as spilled");
    std::fs::remove_file(world.spill()).expect("out of the way");
    assert_eq!(world.spiller.turn().expect("mended"), Turn::Moved);
    assert!(world.cell() > 0);
    while world.read(usize::MAX) > 0 {}
    assert_eq!(world.read, 6);
}

#[test]
fn the_disks_reserve_is_never_touched() {
    let mut world = World::new();
    let limits = SpillLimits { reserve_bytes: u64::MAX, ..LIMITS };
    world.spiller = Spiller::open(&world.ring(), &world.spill(), limits).expect("a spiller");
    fill(&mut world);
    let error = world.spiller.turn().expect_err("no disk is as large");
    assert!(matches!(error, SpillError::Reserve { .. }), "{error}");
    assert_eq!(world.segments(), Vec::<PathBuf>::new());
}

#[test]
fn spilled_bytes_are_for_their_owner_alone() {
    let mut world = World::new();
    fill(&mut world);
    world.spiller.turn().expect("a sound disk");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&world.spill()), 0o700);
    assert_eq!(mode(&world.segments()[0]), 0o600);
}

#[test]
fn a_segment_deleted_under_the_spiller_takes_no_bytes_along() {
    let mut world = World::new();
    fill(&mut world);
    assert_eq!(world.spiller.turn().expect("a sound disk"), Turn::Moved);
    let lost = world.cell();
    for path in world.segments() {
        std::fs::remove_file(path).expect("there");
    }
    for _ in 0..4 {
        world.append(3_000);
    }
    let error = world.spiller.turn().expect_err("the open segment is gone");
    assert!(matches!(error, SpillError::Deleted { .. }), "{error}");
    assert_eq!(world.cell(), lost, "nothing counts as spilled that is not on disk");
    while world.spiller.turn().expect("a new segment") == Turn::Moved {}

    // What somebody deleted is lost, and reading goes on behind it.
    world.backlog.read_from(0, 1).expect_err("deleted");
    assert_eq!(world.backlog.resume_after(0).expect("readable"), lost);
    let rest = world.backlog.read_from(lost, usize::MAX).expect("on disk");
    assert!(!rest.is_empty());
}

#[test]
fn a_damaged_record_in_the_ring_goes_to_disk_with_what_surrounds_it() {
    let mut world = World::new();
    world.append(2_000);
    let damaged = world.writer.head();
    world.append(2_000);
    let after = world.writer.head();
    for _ in 0..5 {
        world.append(3_000);
    }
    let ring = OpenOptions::new().write(true).open(world.ring()).expect("there");
    ring.write_all_at(&[0xff; 4], 4096 + damaged).expect("a length no record has");
    while world.spiller.turn().expect("a sound disk") == Turn::Moved {}
    assert!(world.cell() > after, "one bad record does not stop the spill");
    assert_eq!(world.backlog.read_from(0, usize::MAX).expect("sound").len(), 1);
    world.backlog.read_from(damaged, 1).expect_err("damaged");
    let resume = world.backlog.resume_after(damaged).expect("a position");
    assert!(resume > damaged && resume <= world.writer.head());
}

/// Records of the race.
const RACE: u64 = 6_000;

#[test]
fn a_writer_a_spiller_and_a_reader_at_once_lose_nothing() {
    let world = World::new();
    let World { temp: _temp, writer, mut spiller, backlog, .. } = world;
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..RACE {
                let mut payload = vec![0xa5; 300];
                payload[..8].copy_from_slice(&n.to_le_bytes());
                // Another owner of the same ring could not wait; here the loss would hide a race.
                while !writer.can_take("a").expect("a sound ring") {
                    std::thread::yield_now();
                }
                let outcome = writer.append(&head("a"), &payload).expect("a sound ring");
                assert!(matches!(outcome, Append::Appended { .. }));
                // Past the mark at which a patient source waits, so that the spiller has work.
                let burst = writer.append(&head("b"), &[0; 9_000]).expect("a sound ring");
                assert!(matches!(burst, Append::Appended { .. } | Append::Full));
            }
        });
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                spiller.turn().expect("a sound disk");
            }
        });
        let (mut position, mut next) = (0, 0);
        while next < RACE {
            for (after, record) in backlog.read_from(position, 30_000).expect("all is there") {
                position = after;
                if let (Body::Data(bytes), "a") = (&record.body, record.lane.source.as_str()) {
                    assert_eq!(bytes[..8], next.to_le_bytes());
                    next += 1;
                }
            }
            backlog.release(position).expect("a boundary");
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
