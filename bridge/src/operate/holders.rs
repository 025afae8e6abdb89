//! Who has a device open, told from the process table without touching the device.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::Serialize;

/// A process that has a device open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its id.
    pub pid: u32,
    /// Its name, as the kernel shows it.
    pub name: String,
}

/// Who was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Processes that have it open.
    pub found: Vec<Holder>,
    /// Processes that could not be looked into: other users', when not run as root.
    pub hidden: usize,
}

/// Every process but this one that has the device at `path` open, under whatever name.
pub fn holders(path: &Path) -> Holders {
    let mut out = Holders::default();
    // A file that is no device has no number, as all others of its kind.
    let device = fs::metadata(path).map(|found| found.rdev()).ok().filter(|device| *device != 0);
    let Some(device) = device else { return out };
    let Ok(processes) = fs::read_dir("/proc") else { return out };
    for process in processes.flatten() {
        let pid = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        let Some(pid) = pid.filter(|pid| *pid != std::process::id()) else { continue };
        match has_open(&process.path().join("fd"), device) {
            Some(true) => out.found.push(Holder { pid, name: name(pid) }),
            Some(false) => {}
            None => out.hidden += 1,
        }
    }
    out.found.sort_by_key(|holder| holder.pid);
    out
}

/// Whether one of the descriptors is the device; nothing where they are not ours to see.
fn has_open(descriptors: &Path, device: u64) -> Option<bool> {
    let list = match fs::read_dir(descriptors) {
        Ok(list) => list,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return None,
        // It has ended meanwhile.
        Err(_) => return Some(false),
    };
    Some(list.flatten().any(|entry| {
        // Only what lies under /dev is looked at: a stat of a dead network share would hang.
        let is_device = fs::read_link(entry.path()).is_ok_and(|to| to.starts_with("/dev"));
        is_device && fs::metadata(entry.path()).is_ok_and(|found| found.rdev() == device)
    }))
}

fn name(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::holders;

    #[test]
    fn a_file_that_is_no_device_is_held_by_nobody() {
        let shared = tempfile::NamedTempFile::new_in("/dev/shm").expect("memory");
        let open = std::fs::File::open(shared.path()).expect("opens");
        let mut cat = Command::new("cat");
        let cat = cat.stdin(Stdio::piped()).stdout(Stdio::from(open));
        let mut child = cat.spawn().expect("cat");
        let file = tempfile::NamedTempFile::new().expect("a file");
        let found = holders(file.path()).found;
        child.kill().expect("running");
        child.wait().expect("ends");
        assert_eq!(found, []);
    }

    #[test]
    fn a_process_that_has_the_device_open_is_named_until_it_ends() {
        let pty = nix::pty::openpty(None, None).expect("a pty");
        let path = nix::unistd::ttyname(&pty.slave).expect("its name");
        let open = std::fs::File::open(&path).expect("opens");
        let mut child = Command::new("cat").stdin(Stdio::from(open)).spawn().expect("cat");
        let found = holders(&path).found;
        child.kill().expect("running");
        child.wait().expect("ends");
        assert!(
            matches!(&found[..], [holder] if holder.pid == child.id() && !holder.name.is_empty()),
            "{found:?}"
        );
        assert_eq!(holders(&path).found, []);
        assert_eq!(holders("/nowhere".as_ref()).found, []);
    }
}
