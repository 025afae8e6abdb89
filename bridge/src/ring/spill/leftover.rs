//! What was spilled from rings that are gone: after a power cut, all that is left of them.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::super::error::RingError;
use super::super::record::Record;
use super::segment::{self, Segment};

/// The segments of one generation whose ring is gone, oldest first. Never empty.
#[derive(Debug)]
pub struct Leftover {
    segments: Vec<Segment>,
}

/// What is left of every generation but `live`, the one that was written first coming first.
pub fn leftovers(dir: &Path, live: &str) -> io::Result<Vec<Leftover>> {
    let mut found: Vec<Leftover> = Vec::new();
    for segment in segment::list(dir)? {
        if segment.generation == live {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.generation() == segment.generation => last.segments.push(segment),
            _ => found.push(Leftover { segments: vec![segment] }),
        }
    }
    found.sort_by_key(Leftover::written);
    Ok(found)
}

impl Leftover {
    /// The ring it was spilled from.
    pub fn generation(&self) -> &str {
        &self.segments[0].generation
    }

    /// Position of its first byte.
    pub fn start(&self) -> u64 {
        self.segments[0].start
    }

    /// Records from `position` on, each with the position just past it; none at the end. An error
    /// is a damaged or missing part that is not the end.
    pub fn read_from(
        &self,
        position: u64,
        max_bytes: usize,
    ) -> Result<Vec<(u64, Record)>, RingError> {
        match segment::read(&self.segments, position, u64::MAX, max_bytes) {
            // Behind the last whole record of the last segment is what the power cut tore.
            Err(RingError::Record { .. }) if self.resume_after(position).is_none() => {
                Ok(Vec::new())
            }
            read => read,
        }
    }

    /// Where reading can go on after it failed at `position`; `None` where nothing follows.
    pub fn resume_after(&self, position: u64) -> Option<u64> {
        self.segments.iter().map(|segment| segment.start).find(|start| *start > position)
    }

    /// Deletes it, oldest first, so that an interrupted deletion leaves no hole.
    pub fn delete(self) -> io::Result<()> {
        self.segments.iter().try_for_each(|segment| std::fs::remove_file(&segment.path))
    }

    /// Puts it out of the way under names that are no segments', for a person to look at: parts of
    /// it could not be read.
    pub fn set_aside(self) -> io::Result<()> {
        self.segments
            .iter()
            .try_for_each(|part| std::fs::rename(&part.path, part.path.with_extension("unread")))
    }

    fn written(&self) -> SystemTime {
        let time = std::fs::metadata(&self.segments[0].path).and_then(|found| found.modified());
        time.unwrap_or(SystemTime::UNIX_EPOCH)
    }
}
