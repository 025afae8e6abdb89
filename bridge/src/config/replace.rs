//! Replaces a file so that everybody sees either the old or the new one, whole, also after a power
//! cut. It decides nothing about what is in it.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// Whose a file is, and who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

impl Standing {
    /// How the file at `path` stands.
    pub fn of(path: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(path)?;
        Ok(Self { mode: found.mode() & 0o7777, uid: found.uid(), gid: found.gid() })
    }
}

/// A new file beside the one that it will replace: on disk, and seen by nobody yet. Dropping it
/// removes it.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    kept: bool,
}

impl Draft {
    /// Writes `bytes` for `target`, with `standing` from the first byte on.
    pub fn write(target: &Path, bytes: &[u8], standing: Standing) -> io::Result<Self> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut draft_name = std::ffi::OsString::from(".");
        draft_name.push(name);
        draft_name.push(format!(".{}.new", std::process::id()));
        let path = target.with_file_name(draft_name);
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(&path)?;
        let draft = Self { path, kept: false };
        let found = file.metadata()?;
        if (found.uid(), found.gid()) != (standing.uid, standing.gid) {
            fchown(&file, Some(standing.uid), Some(standing.gid))?;
        }
        file.write_all(bytes)?;
        file.set_permissions(Permissions::from_mode(standing.mode))?;
        file.sync_all()?;
        Ok(draft)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it in the place of `target`.
    pub fn replace(mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.kept = true;
        File::open(target.parent().unwrap_or(Path::new("/")))?.sync_all()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is of no harm: mode 0600, and never read.
            let _left_behind = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, Standing};

    #[test]
    fn the_old_file_stays_until_the_new_one_takes_its_place_with_its_mode() {
        let temp = tempfile::tempdir().expect("a directory");
        let target = temp.path().join("posbridge.toml");
        std::fs::write(&target, "old").expect("room");
        let own = Standing::of(&target).expect("there");
        let standing = Standing { mode: 0o640, ..own };
        let read = || std::fs::read_to_string(&target).expect("there");
        let count = || std::fs::read_dir(temp.path()).expect("there").count();
        let draft = Draft::write(&target, b"new", standing).expect("room");
        assert_eq!((read().as_str(), count()), ("old", 2));
        drop(draft);
        assert_eq!((read().as_str(), count()), ("old", 1), "given up");
        let draft = Draft::write(&target, b"new", standing).expect("room");
        draft.replace(&target).expect("the same directory");
        assert_eq!((read().as_str(), count()), ("new", 1));
        assert_eq!(Standing::of(&target).expect("there"), standing);
    }
}
