//! Reads a backup into a directory aside, and believes none of it: names, sizes and sums are those of
//! the list or nothing is taken.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{CONFIG, FOLDER, FORMAT, JOURNAL, LIST, List, MAX_PART_BYTES, MAX_PARTS, MODE};
use crate::hex::hex;

/// Longest list, in bytes.
const MAX_LIST_BYTES: u64 = 1024 * 1024;

/// What an archive held, in a directory aside.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) made_at: String,
    pub(super) missing: Vec<String>,
    /// By name within the archive.
    pub(super) files: BTreeMap<String, PathBuf>,
}

/// Why an archive is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read, or the directory cannot be written.
    #[error("expected to read the backup, found: {0}")]
    Io(#[from] io::Error),
    /// It is another file.
    #[error("expected a backup of posbridge, found another file")]
    Foreign,
    /// It is of a later program.
    #[error("expected a backup of format {FORMAT}, found {found}\nhint: a newer posbridge made it")]
    Newer {
        /// Its format.
        found: u32,
    },
    /// A member that the list does not name, or whose name leads elsewhere.
    #[error("expected only what the backup's list names, found {name:?}")]
    Stranger {
        /// Its name.
        name: String,
    },
    /// It is not what the list says.
    #[error("expected {name} as it was packed, found it damaged\nhint: take another backup")]
    Damaged {
        /// Its name.
        name: String,
    },
}

/// Reads the archive at `from` into the directory `aside`.
pub(super) fn unpack(from: &Path, aside: &Path) -> Result<Unpacked, ArchiveError> {
    let mut archive = tar::Archive::new(std::fs::File::open(from)?);
    let mut entries = archive.entries()?;
    let first = entries.next().ok_or(ArchiveError::Foreign)?.map_err(|_| ArchiveError::Foreign)?;
    if first.path_bytes().as_ref() != LIST.as_bytes() {
        return Err(ArchiveError::Foreign);
    }
    let mut text = Vec::new();
    first.take(MAX_LIST_BYTES).read_to_end(&mut text)?;
    let format = serde_json::from_slice::<serde_json::Value>(&text).ok();
    let format = format.and_then(|list| list["format"].as_u64()).ok_or(ArchiveError::Foreign)?;
    if format != u64::from(FORMAT) {
        return Err(ArchiveError::Newer { found: u32::try_from(format).unwrap_or(u32::MAX) });
    }
    let list: List = serde_json::from_slice(&text).map_err(|_| ArchiveError::Foreign)?;
    if list.parts.len() > MAX_PARTS {
        return Err(ArchiveError::Stranger { name: format!("{} files", list.parts.len()) });
    }
    let mut files = BTreeMap::new();
    for entry in entries {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let stranger = || ArchiveError::Stranger { name: name.clone() };
        let part = list.parts.iter().find(|part| part.name == name).ok_or_else(stranger)?;
        let small = name == JOURNAL || part.bytes <= MAX_PART_BYTES;
        if !is_ours(&name)
            || !small
            || files.contains_key(&name)
            || !entry.header().entry_type().is_file()
        {
            return Err(stranger());
        }
        let path = aside.join(files.len().to_string());
        let sum = write(&mut entry, &path, part.bytes)?;
        if sum.as_ref() != Some(&part.sha256) {
            return Err(ArchiveError::Damaged { name });
        }
        files.insert(name, path);
    }
    let gone = list.parts.iter().map(|part| &*part.name).chain([CONFIG, JOURNAL]);
    if let Some(name) = gone.into_iter().find(|name| !files.contains_key(*name)) {
        return Err(ArchiveError::Damaged { name: name.to_owned() });
    }
    Ok(Unpacked { made_at: list.made_at, missing: list.missing, files })
}

/// The journal, or a file in the configuration's directory.
fn is_ours(name: &str) -> bool {
    let plain =
        |path: &str| Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    name == JOURNAL || name.strip_prefix(FOLDER).is_some_and(|rest| !rest.is_empty() && plain(rest))
}

/// Its sum, where it has as many bytes as it should have.
fn write(from: &mut impl Read, path: &Path, bytes: u64) -> io::Result<Option<String>> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path)?;
    let (mut hash, mut left, mut buffer) = (Sha256::new(), bytes, vec![0; 64 * 1024]);
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        let Some(rest) = left.checked_sub(count as u64) else { return Ok(None) };
        left = rest;
        hash.update(&buffer[..count]);
        file.write_all(&buffer[..count])?;
    }
    file.sync_all()?;
    Ok((left == 0).then(|| hex(&hash.finalize())))
}
