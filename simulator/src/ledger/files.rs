//! A run's books as files of a directory, and such files of somebody else.
//!
//! A mistake in a file is named with file and line. Bytes are read one slip at a time.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::books::{Books, Bounds, Timing};
use super::record::{Deaf, Excused, Span};

/// Slips, one [`Slip`](super::Slip) a line.
pub const TRUTH_FILE: &str = "truth.jsonl";
/// The journal, one [`Journalled`](super::Journalled) a line.
pub const JOURNAL_FILE: &str = "journal.jsonl";
/// The group, one [`Shown`](super::Shown) a line.
pub const GROUP_FILE: &str = "group.jsonl";
/// The bytes of all slips, one after the other.
pub const WIRE_FILE: &str = "wire.bin";
/// Seed, torn prints, deaf and excused times, bounds: one object.
pub const BOOKS_FILE: &str = "books.json";

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read or written.
    #[error("cannot use {}", path.display())]
    Use {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("{}, line {line}: expected {expected}, found: {found}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counts from 1.
        line: usize,
        /// What was expected.
        expected: &'static str,
        /// What is wrong.
        found: String,
    },
}

/// What stands in [`BOOKS_FILE`].
#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    seed: u64,
    bounds: Bounds,
    #[serde(default)]
    torn: std::collections::BTreeMap<String, u32>,
    #[serde(default)]
    deaf: Vec<Deaf>,
    #[serde(default)]
    excused: Vec<Excused>,
    #[serde(default)]
    timing: Timing,
    /// Whether somebody looked at the journal.
    journal: bool,
}

impl Books {
    /// Writes everything but the bytes into `dir`, which is there.
    pub fn write(&self, dir: &Path, bounds: &Bounds) -> Result<(), FileError> {
        write_lines(&dir.join(TRUTH_FILE), &self.slips)?;
        write_lines(&dir.join(JOURNAL_FILE), self.journal.iter().flatten())?;
        write_lines(&dir.join(GROUP_FILE), &self.group)?;
        let rest = Rest {
            seed: self.seed,
            bounds: bounds.clone(),
            torn: self.torn.clone(),
            deaf: self.deaf.clone(),
            excused: self.excused.clone(),
            timing: self.timing,
            journal: self.journal.is_some(),
        };
        write_lines(&dir.join(BOOKS_FILE), [rest])
    }

    /// Reads what [`write`](Self::write) wrote.
    pub fn read(dir: &Path) -> Result<(Self, Bounds), FileError> {
        let path = dir.join(BOOKS_FILE);
        let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
        let rest: Rest = serde_json::from_str(&text)
            .map_err(|bad| wrong(&path, bad.line(), "the books of a run", &bad.to_string()))?;
        let journal = || read_lines(&dir.join(JOURNAL_FILE), "an event with its time");
        let books = Self {
            seed: rest.seed,
            slips: read_lines(&dir.join(TRUTH_FILE), "a slip")?,
            journal: rest.journal.then(journal).transpose()?,
            group: read_lines(&dir.join(GROUP_FILE), "a message with its times")?,
            torn: rest.torn,
            deaf: rest.deaf,
            excused: rest.excused,
            timing: rest.timing,
        };
        Ok((books, rest.bounds))
    }
}

/// The bytes of a slip, from the run's directory.
pub fn slip_bytes(dir: &Path, span: Span) -> Result<Vec<u8>, FileError> {
    let path = dir.join(WIRE_FILE);
    let mut file = File::open(&path).map_err(|error| failed(&path, error))?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(span.at))
        .and_then(|_| file.take(span.len).read_to_end(&mut bytes))
        .map_err(|error| failed(&path, error))?;
    if bytes.len() as u64 == span.len {
        return Ok(bytes);
    }
    let found = format!("expected {} bytes at {}, found {}", span.len, span.at, bytes.len());
    Err(failed(&path, io::Error::new(io::ErrorKind::UnexpectedEof, found)))
}

/// A file that takes one record a line.
#[derive(Debug)]
pub struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    /// Makes the file, or empties it.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let file = File::create(path).map_err(|error| failed(path, error))?;
        Ok(Self { path: path.to_owned(), out: BufWriter::new(file) })
    }

    /// Appends a line.
    pub fn write(&mut self, record: &impl Serialize) -> Result<(), FileError> {
        let mut line = serde_json::to_vec(record).map_err(|bad| failed(&self.path, bad.into()))?;
        line.push(b'\n');
        self.out.write_all(&line).map_err(|error| failed(&self.path, error))
    }

    /// Hands everything to the system.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.out.flush().map_err(|error| failed(&self.path, error))
    }
}

fn write_lines<T: Serialize>(
    path: &Path,
    records: impl IntoIterator<Item = T>,
) -> Result<(), FileError> {
    let mut lines = Lines::create(path)?;
    records.into_iter().try_for_each(|record| lines.write(&record))?;
    lines.flush()
}

/// Reads all records of a file; empty lines are none. `expected` names one in an error.
pub fn read_lines<T: DeserializeOwned>(
    path: &Path,
    expected: &'static str,
) -> Result<Vec<T>, FileError> {
    let file = File::open(path).map_err(|error| failed(path, error))?;
    let mut records = Vec::new();
    for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.map_err(|error| failed(path, error))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let record = serde_json::from_slice(&line)
            .map_err(|bad| wrong(path, index + 1, expected, &bad.to_string()))?;
        records.push(record);
    }
    Ok(records)
}

pub(super) fn wrong(path: &Path, line: usize, expected: &'static str, found: &str) -> FileError {
    FileError::Line { path: path.to_owned(), line, expected, found: found.to_owned() }
}

pub(super) fn failed(path: &Path, source: io::Error) -> FileError {
    FileError::Use { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FileError, TRUTH_FILE, WIRE_FILE, slip_bytes};
    use crate::ledger::{Books, Bounds, Deaf, Excused, Journalled, Shown, Slip, Span};
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    fn books() -> Books {
        let sale = Till::open(&Shop::ALL[0], 1, "counter-1", 1001, OPENING).sell();
        let event = truth::event(&sale, Language::ZhHant, "counter-1");
        let bytes = Some(Span { at: 2, len: 3 });
        Books {
            seed: 4,
            slips: vec![Slip { damaged: true, torn: 2, bytes, ..Slip::untimed(1, event.clone()) }],
            journal: Some(vec![Journalled { at_us: 5, event }]),
            group: vec![Shown::untimed("owner".into(), None, "銷售".into())],
            torn: [("counter-1".to_owned(), 1)].into(),
            deaf: vec![Deaf { source: "counter-1".into(), from_us: 1, until_us: 2 }],
            excused: vec![Excused { from_us: 1, until_us: 2, robot: None, why: "away".into() }],
            ..Books::default()
        }
    }

    #[test]
    fn books_are_read_as_they_were_written() {
        let dir = tempfile::tempdir().expect("a directory");
        let bounds = Bounds { shows_items: true, ..Bounds::default() };
        for books in [books(), Books { journal: None, ..books() }] {
            books.write(dir.path(), &bounds).expect("room");
            assert_eq!(Books::read(dir.path()).expect("books"), (books, bounds.clone()));
        }
    }

    #[test]
    fn a_line_that_is_none_is_named_with_its_file_and_number() {
        let dir = tempfile::tempdir().expect("a directory");
        books().write(dir.path(), &Bounds::default()).expect("room");
        let path = dir.path().join(TRUTH_FILE);
        let text = fs::read_to_string(&path).expect("text");
        fs::write(&path, format!("{text}\n{{\"n\":1}}\n")).expect("room");
        let error = Books::read(dir.path()).expect_err("no slip");
        assert!(matches!(error, FileError::Line { line: 3, .. }), "{error:?}");
        let said = error.to_string();
        assert!(said.contains("truth.jsonl, line 3: expected a slip, found: missing"), "{said}");
    }

    #[test]
    fn the_bytes_of_a_slip_are_cut_out_or_said_to_be_missing() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join(WIRE_FILE), b"abcdefg").expect("room");
        assert_eq!(slip_bytes(dir.path(), Span { at: 2, len: 3 }).expect("bytes"), b"cde");
        let error = slip_bytes(dir.path(), Span { at: 5, len: 3 }).expect_err("too few");
        let FileError::Use { source, .. } = error else { panic!("{error}") };
        assert_eq!(source.to_string(), "expected 3 bytes at 5, found 2");
    }
}
