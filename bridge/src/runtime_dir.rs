//! The directory that belongs to this boot and this user: ring, sockets, lock.
//!
//! It only finds, makes and checks the directory; what lies in it is other modules' business.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::sys::statfs::{TMPFS_MAGIC, statfs};

/// Permission bits that nobody but the owner may have.
const OTHERS: u32 = 0o077;

/// Longest path of a Unix socket, in bytes (`sun_path` without its NUL).
const MAX_SOCKET_PATH_BYTES: usize = 107;

/// Where the package's units keep it (`RuntimeDirectory=posbridge`, `RuntimeDirectoryPreserve=yes`).
const SERVICE: &str = "/run/posbridge";

/// Where systems keep shared memory; memory-backed on every Linux.
const SHARED_MEMORY: &str = "/dev/shm";

/// An existing directory that only this user can enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeDir {
    path: PathBuf,
}

impl RuntimeDir {
    /// The first of `$RUNTIME_DIRECTORY`, `$XDG_RUNTIME_DIR/posbridge`, the service's `/run/posbridge`,
    /// `/dev/shm/posbridge-UID` and `posbridge-UID` in the temporary directory that can be had; made
    /// when it is missing. `$XDG_RUNTIME_DIR` of another user is not looked at: it stays set after a
    /// change of user.
    pub fn locate() -> Result<Self, RuntimeDirError> {
        Self::locate_in(|name| std::env::var_os(name))
    }

    /// As [`RuntimeDir::locate`], with the environment passed in.
    pub fn locate_in(env: impl Fn(&str) -> Option<OsString>) -> Result<Self, RuntimeDirError> {
        let set = |name| env(name).filter(|value| !value.is_empty());
        if let Some(given) = set("RUNTIME_DIRECTORY") {
            return Self::at(&first_of(&given));
        }
        if let Some(runtime) = set("XDG_RUNTIME_DIR")
            && !is_somebody_elses(Path::new(&runtime))
        {
            return Self::at(&Path::new(&runtime).join("posbridge"));
        }
        let service = Path::new(SERVICE);
        if service.is_dir() && !is_somebody_elses(service) {
            return Self::at(service);
        }
        let name = format!("posbridge-{}", nix::unistd::Uid::effective());
        if Path::new(SHARED_MEMORY).is_dir() {
            return Self::at(&Path::new(SHARED_MEMORY).join(name));
        }
        let temporary = set("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
        Self::at(&temporary.join(name))
    }

    /// This directory, made with mode 0700 when it is missing and refused when somebody else could
    /// enter it.
    pub fn at(path: &Path) -> Result<Self, RuntimeDirError> {
        let path = std::path::absolute(path)
            .map_err(|source| RuntimeDirError::Unusable { path: path.to_owned(), source })?;
        let unusable = |source| RuntimeDirError::Unusable { path: path.clone(), source };
        match std::fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(error)),
        }
        // Not followed: in a directory that everybody can write to, a link could be anybody's.
        let found = std::fs::symlink_metadata(&path).map_err(unusable)?;
        if !found.is_dir() {
            return Err(RuntimeDirError::NotADirectory { path });
        }
        let user = nix::unistd::Uid::effective().as_raw();
        if found.uid() != user {
            return Err(RuntimeDirError::Foreign { path, user, owner: found.uid() });
        }
        if found.mode() & OTHERS != 0 {
            return Err(RuntimeDirError::Open { path, mode: found.mode() & 0o7777 });
        }
        let dir = Self { path };
        let longest = dir.control_socket().as_os_str().len();
        if longest > MAX_SOCKET_PATH_BYTES {
            return Err(RuntimeDirError::TooLong { path: dir.path, bytes: longest });
        }
        Ok(dir)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it lies in memory, so that writing to it waits for no disk.
    pub fn is_memory_backed(&self) -> bool {
        statfs(&self.path).is_ok_and(|found| found.filesystem_type() == TMPFS_MAGIC)
    }

    /// The ring file.
    pub fn ring(&self) -> PathBuf {
        self.path.join("ring")
    }

    /// The wire process's socket.
    pub fn wire_socket(&self) -> PathBuf {
        self.path.join("wire.sock")
    }

    /// The file whose lock the wire process holds; its pid stands in it.
    pub fn wire_lock(&self) -> PathBuf {
        self.path.join("wire.lock")
    }

    /// The brain's control socket.
    pub fn control_socket(&self) -> PathBuf {
        self.path.join("control.sock")
    }

    /// How far the file source `name` has been read.
    pub fn file_mark(&self, name: &str) -> PathBuf {
        self.path.join(format!("file-{name}.mark"))
    }
}

/// Whether it is there and belongs to another user.
fn is_somebody_elses(path: &Path) -> bool {
    let user = nix::unistd::Uid::effective().as_raw();
    std::fs::metadata(path).is_ok_and(|found| found.uid() != user)
}

/// systemd gives a colon-separated list where a unit asks for several.
fn first_of(list: &std::ffi::OsStr) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    let bytes = list.as_bytes();
    let end = bytes.iter().position(|&b| b == b':').unwrap_or(bytes.len());
    PathBuf::from(std::ffi::OsStr::from_bytes(&bytes[..end]))
}

/// Why a directory cannot be the runtime directory.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeDirError {
    /// It cannot be made or looked at.
    #[error("expected a runtime directory at {}, found: {source}", path.display())]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is a file, or a link.
    #[error("expected a directory at {}, found something else", path.display())]
    NotADirectory {
        /// What is there.
        path: PathBuf,
    },
    /// It is somebody else's.
    #[error(
        "expected {} to belong to user {user}, found owner {owner}\n\
         hint: set RUNTIME_DIRECTORY to a directory of your own",
        path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// Who we are.
        user: u32,
        /// Whose it is.
        owner: u32,
    },
    /// Others can enter it.
    #[error(
        "expected mode 0700 on {}, found {mode:04o}\n\
         hint: chmod 700 {} (in a systemd unit: RuntimeDirectoryMode=0700)",
        path.display(), path.display()
    )]
    Open {
        /// The directory.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Sockets in it could not be named.
    #[error(
        "expected socket paths of at most {MAX_SOCKET_PATH_BYTES} bytes, found {bytes} under {}\n\
         hint: set RUNTIME_DIRECTORY to a shorter path",
        path.display()
    )]
    TooLong {
        /// The directory.
        path: PathBuf,
        /// Bytes of the longest socket path.
        bytes: usize,
    },
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;

    use super::{RuntimeDir, RuntimeDirError};

    fn located(vars: &[(&str, &Path)]) -> Result<RuntimeDir, RuntimeDirError> {
        RuntimeDir::locate_in(|name| {
            vars.iter().find(|(var, _)| *var == name).map(|(_, path)| OsString::from(path))
        })
    }

    #[test]
    fn the_services_own_directory_goes_before_the_users() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (service, user) = (temp.path().join("service"), temp.path().join("user"));
        std::fs::create_dir(&user).expect("a directory");
        let both = located(&[("RUNTIME_DIRECTORY", &service), ("XDG_RUNTIME_DIR", &user)]);
        assert_eq!(both.expect("made").path(), service);
        let one = located(&[("XDG_RUNTIME_DIR", &user)]).expect("made");
        assert_eq!(one.path(), user.join("posbridge"));
        let mode = std::fs::metadata(one.path()).expect("there").mode();
        assert_eq!(mode & 0o7777, 0o700);
    }

    #[test]
    fn of_a_list_the_first_counts() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (a, b) = (temp.path().join("a"), temp.path().join("b"));
        let list = format!("{}:{}", a.display(), b.display());
        let dir = located(&[("RUNTIME_DIRECTORY", Path::new(&list))]).expect("made");
        assert_eq!(dir.path(), a);
        assert!(!b.exists());
    }

    #[test]
    fn a_directory_that_others_can_enter_is_refused_with_the_command_that_mends_it() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        std::fs::set_permissions(temp.path(), std::fs::Permissions::from_mode(0o750))
            .expect("our own directory");
        let error = RuntimeDir::at(temp.path()).expect_err("mode 0750").to_string();
        assert!(error.contains("found 0750") && error.contains("hint: chmod 700"), "{error}");
    }

    #[test]
    fn a_link_or_a_file_is_no_runtime_directory() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (link, file) = (temp.path().join("link"), temp.path().join("file"));
        symlink(temp.path(), &link).expect("a link");
        std::fs::write(&file, "").expect("a file");
        for path in [link, file] {
            let error = RuntimeDir::at(&path).expect_err("not a directory");
            assert!(matches!(error, RuntimeDirError::NotADirectory { .. }), "{error}");
        }
    }

    #[test]
    fn shared_memory_is_memory_and_the_process_table_is_not() {
        let at = |path: &str| RuntimeDir { path: path.into() };
        assert!(at("/dev/shm").is_memory_backed());
        assert!(!at("/proc").is_memory_backed());
    }

    #[test]
    fn a_path_too_long_for_sockets_is_refused_before_anything_is_bound() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let error = RuntimeDir::at(&temp.path().join("d".repeat(100))).expect_err("too long");
        assert!(matches!(error, RuntimeDirError::TooLong { .. }), "{error}");
    }
}
