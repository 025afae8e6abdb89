//! Writes a backup: the journal as it is at one moment, however busy its writer is, and the files
//! beside it. Nothing is locked and nobody waits.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use toml_edit::DocumentMut;

use super::parts::named;
use super::{BackupError, CONFIG, FOLDER, FORMAT, JOURNAL, LIST, List, MAX_PART_BYTES, MODE, Part};
use crate::config::{Config, RobotEdit, edit_robot};
use crate::hex::hex;
use crate::journal::JournalReader;

/// What is in a backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its size in bytes.
    pub bytes: u64,
    /// Files in it.
    pub files: Vec<String>,
    /// Secrets that are not.
    pub missing: Vec<String>,
    /// Files that the configuration names and that stand elsewhere: not in it either.
    pub elsewhere: Vec<String>,
}

/// A file that is removed unless it was kept.
struct Draft {
    path: PathBuf,
    kept: bool,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // Mode 0600, and never read.
            let _left_behind = std::fs::remove_file(&self.path);
        }
    }
}

fn file_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { what, path, source }
}

/// Writes the installation of `config` to `target`, which must not be there yet.
pub fn pack(config: &Config, target: &Path, now_ms: i64) -> Result<Packed, BackupError> {
    // A backup that is there is never replaced.
    if target.exists() {
        let source = io::ErrorKind::AlreadyExists.into();
        return Err(BackupError::File { what: "write", path: target.to_owned(), source });
    }
    let path = &config.file;
    let base = path.parent().unwrap_or(Path::new("/"));
    let read = |path: &Path| std::fs::read(path).map_err(file_error("read", path));
    let text =
        String::from_utf8(read(path)?).map_err(|_| BackupError::Syntax { path: path.clone() })?;
    let text = without_webhooks(&text, config);
    let document: DocumentMut =
        text.parse().map_err(|_| BackupError::Syntax { path: path.clone() })?;
    let named = named(&document, base);
    if named.password {
        return Err(BackupError::Password { path: path.clone() });
    }
    let (journal, mut journal_file) = copy(&config.journal.path, target)?;
    let mut contents = vec![(CONFIG.to_owned(), text.into_bytes())];
    for file in &named.files {
        let path = base.join(file);
        let bytes = read(&path)?;
        if bytes.len() as u64 > MAX_PART_BYTES {
            // It would not be taken back.
            let source = io::ErrorKind::FileTooLarge.into();
            return Err(BackupError::File { what: "read", path, source });
        }
        contents.push((format!("{FOLDER}{}", file.display()), bytes));
    }
    let mut parts =
        vec![hashed(JOURNAL, &mut journal_file).map_err(file_error("read", &journal.path))?];
    for (name, bytes) in &contents {
        let mut bytes = bytes.as_slice();
        parts.push(hashed(name, &mut bytes).map_err(file_error("read", path))?);
    }
    let list = List {
        format: FORMAT,
        posbridge: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: pos_protocol::time::Timestamp::new(0, now_ms).rfc3339(),
        parts,
        missing: named.secrets.iter().cloned().collect(),
    };
    let bytes = archive(&list, &contents, &journal.path, target)?;
    Ok(Packed {
        bytes,
        files: list.parts.into_iter().map(|part| part.name).collect(),
        missing: list.missing,
        elsewhere: named.elsewhere.into_iter().collect(),
    })
}

/// The configuration with webhooks that stand in it named as files: `NAME.url`, where `restore` says
/// that they belong.
fn without_webhooks(text: &str, config: &Config) -> String {
    let mut text = text.to_owned();
    for robot in &config.robots {
        let typed = format!("access_token={}", token(robot.url.expose()));
        // A webhook in a file of its own is not in the text.
        if text.contains(&typed) || text.contains(robot.url.expose()) {
            let url_file = Some(format!("{}.url", robot.name));
            let edit = RobotEdit { url_file, ..RobotEdit::default() };
            if let Ok(edited) = edit_robot(&text, &robot.name, &edit) {
                text = edited;
            }
        }
    }
    text
}

fn token(url: &str) -> &str {
    let token = url.split("access_token=").nth(1).unwrap_or(url);
    token.split('&').next().unwrap_or(token)
}

/// The journal as it is now, in a file beside `target`.
fn copy(journal: &Path, target: &Path) -> Result<(Draft, File), BackupError> {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.journal", std::process::id()));
    let draft = Draft { path: PathBuf::from(name), kept: false };
    let failed = |source| BackupError::File { what: "write", path: draft.path.clone(), source };
    let mut options = OpenOptions::new();
    // SQLite fills an empty file that is there, so that nobody else can ever read it.
    let file = options.read(true).write(true).create_new(true).mode(MODE).open(&draft.path);
    let file = file.map_err(failed)?;
    JournalReader::open(journal)?.copy_to(&draft.path)?;
    Ok((draft, file))
}

fn hashed(name: &str, from: &mut impl Read) -> io::Result<Part> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
    Ok(Part { name: name.to_owned(), bytes, sha256: hex(&hash.finalize()) })
}

/// Writes all of it to a draft, and puts that in its place once it is on disk; its size.
fn archive(
    list: &List,
    contents: &[(String, Vec<u8>)],
    journal: &Path,
    target: &Path,
) -> Result<u64, BackupError> {
    let failed = |source| BackupError::File { what: "write", path: target.to_owned(), source };
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let mut draft = Draft { path: PathBuf::from(name), kept: false };
    let write = || -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(MODE).open(&draft.path)?;
        let mut tar = tar::Builder::new(io::BufWriter::new(file));
        let header = |bytes: u64| {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes);
            header.set_mode(MODE);
            header
        };
        let text = serde_json::to_vec_pretty(list).expect("plain data always serialises");
        tar.append_data(&mut header(text.len() as u64), LIST, text.as_slice())?;
        for (name, bytes) in contents {
            tar.append_data(&mut header(bytes.len() as u64), name, bytes.as_slice())?;
        }
        let database = File::open(journal)?;
        let size = database.metadata()?.len();
        tar.append_data(&mut header(size), JOURNAL, database)?;
        let file = tar.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(file)
    };
    let file = write().map_err(failed)?;
    std::fs::rename(&draft.path, target).map_err(failed)?;
    draft.kept = true;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok(bytes)
}
