//! How far a file has been read in this ring generation, so that a restart of the wire process
//! reads every byte once.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::ring::RingWriter;

/// Written *before* the record it speaks of. After a crash, a ring whose head has moved past
/// `head_before` holds the record; a ring whose head has not, does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    device: u64,
    inode: u64,
    /// Where the record's bytes begin in the file.
    start: u64,
    /// Just past them.
    end: u64,
    /// The ring's head before it was appended.
    head_before: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    generation: String,
    #[serde(flatten)]
    place: Place,
}

/// Which file: a replaced file has another inode and is read from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// Offset to go on from; 0 for a file, a ring or a mark that is new or unreadable.
pub(super) fn resume(path: &Path, ring: &RingWriter, file: Identity) -> u64 {
    let Some(mark) =
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Mark>(&bytes).ok())
    else {
        return 0;
    };
    let place = mark.place;
    if mark.generation != ring.generation()
        || (place.device, place.inode) != (file.device, file.inode)
    {
        return 0;
    }
    // Compared with the head as it was found at the start: since then others have appended.
    if ring.head_at_open() > place.head_before { place.end } else { place.start }
}

/// Says that the bytes `start..end` are about to be appended.
pub(super) fn announce(
    path: &Path,
    ring: &RingWriter,
    file: Identity,
    start: u64,
    end: u64,
) -> std::io::Result<()> {
    let Identity { device, inode } = file;
    let place = Place { device, inode, start, end, head_before: ring.head() };
    let mark = Mark { generation: ring.generation().to_owned(), place };
    let unfinished = path.with_extension("new");
    fs::write(&unfinished, serde_json::to_vec(&mark)?)?;
    fs::rename(unfinished, path)
}

#[cfg(test)]
mod tests {
    use pos_protocol::time::Timestamp;

    use super::{Identity, announce, resume};
    use crate::ring::{Direction, Kind, MIN_CAPACITY, RecordHead, RingWriter};

    const FILE: Identity = Identity { device: 1, inode: 2 };

    #[test]
    fn a_crash_before_or_after_the_append_reads_every_byte_once() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (ring_path, mark) = (temp.path().join("ring"), temp.path().join("mark"));
        let open = || RingWriter::open(&ring_path, MIN_CAPACITY).expect("a ring").0;

        let ring = open();
        assert_eq!(resume(&mark, &ring, FILE), 0);
        announce(&mark, &ring, FILE, 0, 100).expect("written");
        drop(ring);
        let ring = open();
        assert_eq!(resume(&mark, &ring, FILE), 0, "killed before the append");

        announce(&mark, &ring, FILE, 0, 100).expect("written");
        let (source, direction) = ("log", Direction::ToPrinter);
        let at = Timestamp::new(0, 0);
        let head = RecordHead { kind: Kind::Data, source, direction, conn: 0, at };
        ring.append(&head, b"x").expect("room");
        drop(ring);
        let ring = open();
        assert_eq!(resume(&mark, &ring, FILE), 100, "killed after the append");
        assert_eq!(resume(&mark, &ring, Identity { inode: 3, ..FILE }), 0, "another file");
        drop(ring);
        std::fs::remove_file(&ring_path).expect("there");
        assert_eq!(resume(&mark, &open(), FILE), 0, "another generation");
    }
}
