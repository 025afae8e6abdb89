//! Puts a backup in its place: read aside and checked whole, then each part renamed to where it
//! belongs, the configuration last. What stood there before is kept beside it.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Uid, chown, geteuid};

use super::unpack::{ArchiveError, unpack};
use super::{CONFIG, FOLDER, JOURNAL};
use crate::config::Standing;
use crate::journal::{JournalError, JournalReader, is_locked, prepare_restored};

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// When the backup was made.
    pub made_at: String,
    /// Files that are in their places.
    pub files: Vec<PathBuf>,
    /// What stood there before, and where it is now.
    pub aside: Vec<PathBuf>,
    /// Secrets that have to be put back, as the configuration names them.
    pub missing: Vec<String>,
    /// Notices that waited at the time, and that a person may send again.
    pub held: usize,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The journal in it, or the one that is there.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A bridge has the journal open.
    #[error("expected no bridge on {}, found one running\nhint: systemctl stop posbridge posbridge-wire", path.display())]
    Running {
        /// The journal.
        path: PathBuf,
    },
    /// There is an installation already.
    #[error(
        "expected an empty place, found {}\n\
         hint: --force keeps what is there aside and goes on", path.display()
    )]
    Occupied {
        /// What is there.
        path: PathBuf,
    },
    /// A file.
    #[error("expected to write {}, found: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// A directory that goes with its value.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // Mode 0700, and nothing reads it.
        let _left_behind = std::fs::remove_dir_all(&self.0);
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RestoreError {
    let path = path.to_owned();
    move |source| RestoreError::Write { path, source }
}

/// Restores the archive at `from` to the configuration `config` and what it names. `force`: also over
/// an installation that is there. `resend`: what waited at the time is sent.
pub fn restore(
    from: &Path,
    config: &Path,
    (force, resend): (bool, bool),
    now_ms: i64,
) -> Result<Put, RestoreError> {
    let config = std::path::absolute(config).map_err(failed(config))?;
    let base = config.parent().unwrap_or(Path::new("/")).to_owned();
    let aside = Aside(base.join(format!(".posbridge-restore.{}", std::process::id())));
    std::fs::DirBuilder::new().mode(0o700).create(&aside.0).map_err(failed(&aside.0))?;
    let unpacked = unpack(from, &aside.0)?;
    let text = std::fs::read_to_string(&unpacked.files[CONFIG]).map_err(failed(&config))?;
    let journal = journal_path(&text, &base);
    if is_locked(&journal)? {
        return Err(RestoreError::Running { path: journal });
    }
    let place = |name: &str| match name {
        CONFIG => config.clone(),
        JOURNAL => journal.clone(),
        other => base.join(other.strip_prefix(FOLDER).unwrap_or(other)),
    };
    if let Some(path) = [&config, &journal].into_iter().find(|path| path.exists() && !force) {
        return Err(RestoreError::Occupied { path: path.clone() });
    }
    // Judged and prepared before anything is touched.
    let database = &unpacked.files[JOURNAL];
    JournalReader::open(database)?.is_whole()?;
    let held = prepare_restored(database, now_ms, resend)?;
    let mut put = Put {
        made_at: unpacked.made_at,
        files: Vec::new(),
        aside: Vec::new(),
        missing: unpacked.missing,
        held,
    };
    let stamp = pos_protocol::time::Timestamp::new(0, now_ms).rfc3339().replace([':', '.'], "");
    let mut order: Vec<&String> = unpacked.files.keys().collect();
    order.sort_by_key(|name| (name.as_str() == CONFIG, *name != JOURNAL));
    for name in order {
        let target = place(name);
        for ending in ["", "-wal", "-shm"] {
            let old = with_ending(&target, ending);
            if (ending.is_empty() || name == JOURNAL) && old.exists() {
                let kept = with_ending(&target, &format!(".before-{stamp}{ending}"));
                std::fs::rename(&old, &kept).map_err(failed(&kept))?;
                put.aside.push(kept);
            }
        }
        settle(&unpacked.files[name], &target)?;
        put.files.push(target);
    }
    Ok(put)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Where the configuration keeps its journal; secrets are missing, so it cannot be read as a whole.
fn journal_path(text: &str, base: &Path) -> PathBuf {
    let typed = text.parse::<toml_edit::DocumentMut>().ok();
    let path = typed.as_ref().and_then(|typed| typed.get("journal")?.get("path")?.as_str());
    base.join(path.unwrap_or("posbridge.db"))
}

/// Puts one file in its place; also onto another disk, and for whoever owns the directory.
fn settle(from: &Path, target: &Path) -> Result<(), RestoreError> {
    let folder = target.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let near = with_ending(target, &format!(".{}.new", std::process::id()));
    if std::fs::rename(from, &near).is_err() {
        std::fs::copy(from, &near).map_err(failed(&near))?;
    }
    if geteuid().is_root() {
        let owner = Standing::of(folder).map_err(failed(folder))?;
        chown(&near, Some(Uid::from_raw(owner.uid)), Some(Gid::from_raw(owner.gid)))
            .map_err(|error| failed(&near)(error.into()))?;
    }
    let synced = std::fs::File::open(&near).and_then(|file| file.sync_all());
    synced.map_err(failed(&near))?;
    std::fs::rename(&near, target).map_err(failed(target))
}
