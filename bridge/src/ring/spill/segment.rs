//! Segments as files: their names, which of them holds a position, and the records in one.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::super::error::RingError;
use super::super::format::{MAX_RECORD_BYTES, claimed_len, decode};
use super::super::record::Record;

/// Digits of a position in a name: enough for any `u64`, and names sort as positions do.
const POSITION_DIGITS: usize = 20;

/// One segment, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) generation: String,
    /// Ring position of its first byte.
    pub(super) start: u64,
    pub(super) path: PathBuf,
}

impl Segment {
    /// The segment of `generation` that starts at `start`, whether it is there or not.
    pub(super) fn of(dir: &Path, generation: &str, start: u64) -> Self {
        let path = dir.join(format!("{generation}-{start:0POSITION_DIGITS$}"));
        Self { generation: generation.to_owned(), start, path }
    }

    fn named(dir: &Path, name: &str) -> Option<Self> {
        let (generation, digits) = name.rsplit_once('-')?;
        let uuid = uuid::Uuid::try_parse(generation).ok()?;
        let start = digits.parse().ok()?;
        let segment = Self::of(dir, &uuid.to_string(), start);
        segment.path.ends_with(name).then_some(segment)
    }

    /// Bytes in it; 0 where it is gone.
    pub(super) fn len(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |found| found.len())
    }
}

/// All segments, by generation and start. A directory that is not there holds none; a file that is
/// no segment is left alone.
pub(super) fn list(dir: &Path) -> io::Result<Vec<Segment>> {
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        if let Some(name) = entry?.file_name().to_str() {
            found.extend(Segment::named(dir, name));
        }
    }
    found.sort_by(|a, b| (&a.generation, a.start).cmp(&(&b.generation, b.start)));
    Ok(found)
}

/// Records from `position` on with the positions just past them, out of the `segments` of one
/// generation, oldest first: until they are `max_bytes` long together, or `until` is reached, or
/// the segment ends. At least one, or an error that names the position.
pub(super) fn read(
    segments: &[Segment],
    position: u64,
    until: u64,
    max_bytes: usize,
) -> Result<Vec<(u64, Record)>, RingError> {
    let next = segments.partition_point(|segment| segment.start <= position);
    let Some(segment) = next.checked_sub(1).and_then(|index| segments.get(index)) else {
        return Err(missing(position, "no segment"));
    };
    let end = segments.get(next).map_or(until, |later| later.start.min(until));
    let wanted =
        (end.saturating_sub(position) as usize).min(max_bytes.saturating_add(MAX_RECORD_BYTES));
    let bytes = read_up_to(&segment.path, position - segment.start, wanted).map_err(|source| {
        RingError::Io { action: "read the spilled part of", path: segment.path.clone(), source }
    })?;
    let mut records: Vec<(u64, Record)> = Vec::new();
    let mut at = 0;
    while at < max_bytes && at < bytes.len() {
        match record(&bytes[at..], position + at as u64) {
            Ok((len, record)) => {
                at += len;
                records.push((position + at as u64, record));
            }
            Err(_) if !records.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    if records.is_empty() {
        return Err(missing(position, "the end of a segment"));
    }
    Ok(records)
}

/// The first record of `bytes` and its length.
fn record(bytes: &[u8], position: u64) -> Result<(usize, Record), RingError> {
    let Some(prefix) = bytes.first_chunk::<4>() else {
        return Err(missing(position, "half a record"));
    };
    let len = claimed_len(*prefix, position)?;
    let whole = bytes.get(..len).ok_or_else(|| missing(position, "half a record"))?;
    Ok((len, decode(whole, position)?))
}

fn read_up_to(path: &Path, offset: u64, wanted: usize) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let there = file.metadata()?.len().saturating_sub(offset) as usize;
    let mut bytes = vec![0; wanted.min(there)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(&mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

fn missing(position: u64, found: &str) -> RingError {
    RingError::Record { position, expected: "a spilled record", found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Segment, list};

    const GENERATION: &str = "6f1c9a52-0d3b-4a57-9f55-1f2e3d4c5b6a";

    #[test]
    fn a_segments_name_says_its_generation_and_position_and_reads_back() {
        let segment = Segment::of(Path::new("/s"), GENERATION, 4711);
        let name = segment.path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        assert_eq!(name, format!("{GENERATION}-00000000000000004711"));
        assert_eq!(Segment::named(Path::new("/s"), name), Some(segment));
    }

    #[test]
    fn other_files_are_no_segments_and_a_missing_directory_holds_none() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        assert_eq!(list(&temp.path().join("none")).expect("nothing"), []);
        for name in ["lost+found", "x-1", &format!("{GENERATION}-12"), &format!("{GENERATION}-")] {
            std::fs::write(temp.path().join(name), "").expect("written");
        }
        assert_eq!(list(temp.path()).expect("readable"), []);
        for start in [100, 20, 3] {
            let segment = Segment::of(temp.path(), GENERATION, start);
            std::fs::write(segment.path, "").expect("written");
        }
        let starts: Vec<u64> =
            list(temp.path()).expect("readable").iter().map(|s| s.start).collect();
        assert_eq!(starts, [3, 20, 100]);
    }
}
