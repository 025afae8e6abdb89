//! What differs where the package is installed: the machine's configuration is found without being
//! named, and root acts as the service's user.
//!
//! A verb that root runs would otherwise look for another runtime directory than the daemon's, and leave
//! files behind that the daemon may not open. Nothing is done for other users, and nothing where the
//! configuration is root's own.

use std::ffi::CString;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use nix::unistd::{Gid, Uid, User, initgroups, setgid, setuid};

use super::{Exit, Failure};

/// The file of this name in the working directory goes before the machine's.
const HERE: &str = "posbridge.toml";
/// The machine's configuration directory, made by the package.
const MACHINE: &str = "/etc/posbridge";

/// Whether root has become another user.
static CHANGED: AtomicBool = AtomicBool::new(false);

/// The configuration that is meant where none is named.
pub(super) fn config() -> PathBuf {
    default_config(Path::new(HERE), Path::new(MACHINE))
}

/// `here`, unless only the machine has a configuration, or a directory for one.
fn default_config(here: &Path, machine: &Path) -> PathBuf {
    // Before `init` there is the directory alone.
    if !here.exists() && machine.is_dir() { machine.join(HERE) } else { here.to_owned() }
}

/// Whether `config` is the one that the package's units read.
pub(super) fn is_machines(config: &Path) -> bool {
    config == Path::new(MACHINE).join(HERE)
}

/// Lets root go on as the owner of the configuration at `config`, or of the directory it would be in.
pub(super) fn act_as_owner(config: &Path) -> Result<(), Failure> {
    if !Uid::effective().is_root() {
        return Ok(());
    }
    let Some((user, group)) = owner(config) else { return Ok(()) };
    if user.is_root() {
        return Ok(());
    }
    become_user(user, group).map_err(|error| {
        Failure::said(
            Exit::Failed,
            format!(
                "expected to go on as user {user}, who owns {}, found: {error}",
                config.display()
            ),
        )
        .hint("run it as that user: sudo -u USER posbridge ...")
    })?;
    CHANGED.store(true, Ordering::Relaxed);
    Ok(())
}

/// What to try when a file of the caller cannot be opened.
pub(super) fn hint(message: &str) -> Option<String> {
    let denied = message.contains("ermission denied") && CHANGED.load(Ordering::Relaxed);
    denied.then(|| {
        let user = Uid::effective();
        let name =
            User::from_uid(user).ok().flatten().map_or_else(|| user.to_string(), |user| user.name);
        format!(
            "posbridge acts as user {name} here, who must be able to open the file; \
             hand files of your own over with < and >, or by way of /tmp"
        )
    })
}

fn owner(config: &Path) -> Option<(Uid, Gid)> {
    let directory = match config.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let found = std::fs::metadata(config).or_else(|_| std::fs::metadata(directory)).ok()?;
    Some((Uid::from_raw(found.uid()), Gid::from_raw(found.gid())))
}

/// For good: there is no way back to root.
fn become_user(user: Uid, group: Gid) -> io::Result<()> {
    if let Some(known) = User::from_uid(user)? {
        let name = CString::new(known.name).map_err(io::Error::other)?;
        initgroups(&name, known.gid)?;
        setgid(known.gid)?;
    } else {
        // A user without a name has no groups of its own.
        nix::unistd::setgroups(&[])?;
        setgid(group)?;
    }
    Ok(setuid(user)?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use super::{default_config, owner};

    #[test]
    fn a_file_in_the_working_directory_goes_before_the_machines() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (here, machine) = (temp.path().join("posbridge.toml"), temp.path().join("etc"));
        assert_eq!(default_config(&here, &machine), here, "nothing is installed");
        std::fs::create_dir(&machine).expect("a directory");
        assert_eq!(default_config(&here, &machine), machine.join("posbridge.toml"));
        std::fs::write(&here, "").expect("a file");
        assert_eq!(default_config(&here, &machine), here);
    }

    #[test]
    fn before_there_is_a_file_its_directory_says_whose_it_will_be() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let found = owner(&temp.path().join("posbridge.toml")).expect("an owner");
        assert_eq!(found.0, nix::unistd::Uid::effective());
        let here = std::fs::metadata(".").expect("a working directory");
        let found = owner(Path::new("posbridge.toml")).expect("an owner");
        assert_eq!(found.0.as_raw(), here.uid(), "a bare name is in the working directory");
        assert!(owner(Path::new("/nowhere/at/all/posbridge.toml")).is_none());
    }
}
