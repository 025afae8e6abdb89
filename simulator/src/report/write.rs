//! A report on disk: written whole or not at all, and read again.
//!
//! It decides nothing about what is in it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::html::html;
use super::shape::{Report, SCHEMA};

/// The report for programs.
pub const FILE_JSON: &str = "report.json";
/// The report for people.
pub const FILE_HTML: &str = "report.html";

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("expected to write {}, found it impossible", path.display())]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

/// A report that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such file, or not ours to read.
    #[error("expected a report at {}, found none that can be read; hint: give the directory of --report, or its report.json", path.display())]
    Io {
        /// Where it was looked for.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something else than a report.
    #[error("expected a report of schema {SCHEMA} in {}, found something else", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// Where it differs.
        source: serde_json::Error,
    },
    /// A report of another version.
    #[error("expected schema {SCHEMA} in {}, found {found}; hint: use the possim that wrote it", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
}

/// Writes `report.json` and `report.html` into a directory, which is made where it is missing.
pub fn write(dir: &Path, report: &Report) -> Result<(), WriteError> {
    fs::create_dir_all(dir).map_err(|source| WriteError { path: dir.to_owned(), source })?;
    replace(&dir.join(FILE_JSON), &json(report))?;
    replace(&dir.join(FILE_HTML), html(report).as_bytes())
}

/// A line for each field of the report: short enough for a soak's series, and `grep` finds a figure.
fn json(report: &Report) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, FieldLines { depth: 0 });
    report.serialize(&mut serializer).expect("strings for keys, finite numbers");
    out.push(b'\n');
    out
}

/// Begins a line before each key of the outermost object.
struct FieldLines {
    depth: usize,
}

impl Formatter for FieldLines {
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        let comma: &[u8] = if first { b"" } else { b"," };
        let line: &[u8] = if self.depth == 1 { b"\n" } else { b"" };
        out.write_all(comma)?;
        out.write_all(line)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        out.write_all(if self.depth == 0 { b"\n}" } else { b"}" })
    }
}

/// Writes a file so that whoever reads it meanwhile sees the old one or the new one.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let fresh = path.with_extension("part");
    fs::write(&fresh, bytes)
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(|source| WriteError { path: path.to_owned(), source })
}

/// Reads a report: the file, or the directory that holds it.
pub fn read(path: &Path) -> Result<Report, ReadError> {
    let path = if path.is_dir() { path.join(FILE_JSON) } else { path.to_owned() };
    let bytes = fs::read(&path).map_err(|source| ReadError::Io { path: path.clone(), source })?;
    let shape = |source| ReadError::Shape { path: path.clone(), source };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(shape)?;
    let version = value.get("schema").and_then(serde_json::Value::as_u64);
    if let Some(found) = version.filter(|found| *found != u64::from(SCHEMA)) {
        return Err(ReadError::Version { path, found });
    }
    serde_json::from_value(value).map_err(shape)
}
