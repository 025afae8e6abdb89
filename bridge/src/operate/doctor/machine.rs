//! The machine around the program: memory, disk, clock, service manager, and whether it runs.

use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

use super::Finding;
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::control::{self, ControlError};
use crate::journal::JournalReader;
use crate::runtime_dir::RuntimeDir;
use crate::wire;

/// Less room than this on the journal's disk is too little, in MiB: a month of a busy shop.
const MIN_FREE_MIB: u64 = 200;
/// Fewer free inodes than this are too few: the journal needs a handful, others need some too.
const MIN_FREE_INODES: u64 = 1_000;
/// Where systemd is at work when it is.
const SYSTEMD: &str = "/run/systemd/system";
/// Where units are.
const UNIT_FOLDERS: [&str; 3] =
    ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
/// The brain's unit.
const UNIT: &str = "posbridge.service";

pub(super) fn runtime_directory() -> Finding {
    let hint = "set RUNTIME_DIRECTORY to a directory on a tmpfs such as /run";
    match RuntimeDir::locate() {
        Ok(dir) if dir.is_memory_backed() => {
            Finding::ok(format!("runtime directory {} is in memory", dir.path().display()))
        }
        Ok(dir) => Finding::bad(
            format!(
                "runtime directory {} lies on a disk, which can hold up printing",
                dir.path().display()
            ),
            hint,
        ),
        Err(error) => split(&error.to_string(), hint),
    }
}

/// An error whose text may bring its own hint.
fn split(text: &str, hint: &str) -> Finding {
    match text.split_once("\nhint: ") {
        Some((words, own)) => Finding::bad(words, own),
        None => Finding::bad(text, hint),
    }
}

/// A finding only where there is too little room: the service's limit may be another than this
/// shell's.
pub(super) fn open_files(config: &Config) -> Option<Finding> {
    let too_few = wire::enough_for(&config.sources).err()?;
    Some(split(&too_few.to_string(), "raise the limit of open files"))
}

pub(super) fn journal(config: &Config) -> Vec<Finding> {
    let path = &config.journal.path;
    let shown = path.display();
    let folder = path.parent().filter(|folder| folder.is_dir());
    let Some(folder) = folder else {
        let parent = path.parent().unwrap_or(Path::new("/")).display().to_string();
        let words = format!("journal {shown}: the directory {parent} is not there");
        return vec![Finding::bad(words, format!("make it: mkdir -p {parent}"))];
    };
    let mut out = vec![if !path.exists() {
        Finding::ok(format!("journal {shown} will be made"))
    } else if let Err(error) = JournalReader::open(path).and_then(|reader| reader.totals()) {
        let hint = "posbridge run moves a damaged file aside and starts a fresh one";
        split(&format!("journal {shown} cannot be read: {error}"), hint)
    } else {
        Finding::ok(format!("journal {shown} is there and can be read"))
    }];
    out.push(room(folder));
    out
}

fn room(folder: &Path) -> Finding {
    let shown = folder.display();
    let found = match statvfs(folder) {
        Ok(found) => found,
        Err(error) => {
            let words = format!("the disk of {shown} cannot be looked at: {error}");
            return Finding::bad(words, "is it mounted?");
        }
    };
    let mib = wide(found.blocks_available()) * wide(found.fragment_size()) / 1024 / 1024;
    // Some file systems (btrfs) have no fixed number of inodes and say 0 of 0.
    let inodes = wide(found.files_available());
    let few = wide(found.files()) > 0 && inodes < MIN_FREE_INODES;
    if mib < MIN_FREE_MIB || few {
        let words = format!("the disk of {shown} has {mib} MiB and {inodes} inodes left");
        let hint =
            format!("make room for at least {MIN_FREE_MIB} MiB and {MIN_FREE_INODES} inodes");
        return Finding::bad(words, hint);
    }
    Finding::ok(format!("the disk of {shown} has {mib} MiB left"))
}

/// The system's counts are 32 bits wide on some machines.
fn wide(count: impl Into<u64>) -> u64 {
    count.into()
}

pub(super) fn clock(config: &Config, clock: Clock) -> Finding {
    let now = clock.now();
    let path = &config.journal.path;
    let newest = path.exists().then(|| JournalReader::open(path).and_then(|r| r.newest_ms()));
    let newest = newest.and_then(Result::ok).flatten();
    if let Some(why) = clock::implausible(now.wall.as_millisecond(), newest) {
        return Finding::bad(
            why,
            "timedatectl set-ntp true, and let the machine reach the network",
        );
    }
    let local = now.wall.to_zoned(config.shop.timezone.clone());
    let words = format!("the shop's time is {}", local.strftime("%F %T %Z"));
    Finding::ok(words)
}

/// The brain's unit, where one is installed.
fn unit() -> Option<PathBuf> {
    UNIT_FOLDERS.iter().map(|folder| Path::new(folder).join(UNIT)).find(|path| path.exists())
}

/// What somebody types who finds it not running.
pub fn how_to_start() -> &'static str {
    if unit().is_some() {
        "start it with sudo systemctl start posbridge-wire posbridge"
    } else {
        "start it with posbridge run -c FILE"
    }
}

/// Whether it starts by itself; nothing where there is no systemd.
pub(super) fn service() -> Option<Finding> {
    if !Path::new(SYSTEMD).is_dir() {
        return None;
    }
    Some(match unit() {
        Some(unit) => Finding::ok(format!("service {}", unit.display())),
        None => Finding::note(
            format!("{UNIT} is not installed: nothing starts it after a power cut"),
            "docs/OPERATIONS.md shows how to install it",
        ),
    })
}

pub(super) async fn running() -> Finding {
    let Ok(dir) = RuntimeDir::locate() else {
        return Finding::note("posbridge cannot be asked", "see the runtime directory above");
    };
    let wire = wire::status(&dir).await.is_ok();
    match control::ask_status(&dir).await {
        Ok(status) if status.ready && status.trouble.is_none() => {
            Finding::ok("posbridge runs and is ready")
        }
        Ok(status) => {
            let why = status.trouble.unwrap_or_else(|| "it is not ready yet".to_owned());
            Finding::bad(format!("posbridge runs: {why}"), "posbridge status says more")
        }
        Err(ControlError::NotRunning { .. }) if wire => Finding::note(
            "the wire process runs alone: printing goes on, and nothing is told",
            how_to_start(),
        ),
        Err(ControlError::NotRunning { .. }) => {
            Finding::note("posbridge does not run", how_to_start())
        }
        Err(error) => Finding::bad(error.to_string(), "is it of another version? restart it"),
    }
}

#[cfg(test)]
mod tests {
    use super::{room, split};
    use crate::operate::doctor::Level;

    #[test]
    fn a_hint_of_its_own_goes_before_the_general_one() {
        let finding = split("expected a, found b\nhint: do c", "do d");
        assert_eq!(
            (finding.words.as_str(), finding.hint.as_deref()),
            ("expected a, found b", Some("do c"))
        );
        assert_eq!(split("expected a", "do d").hint.as_deref(), Some("do d"));
    }

    #[test]
    fn a_full_disk_and_one_that_is_not_there_are_bad() {
        // The kernel's own file systems have no blocks at all.
        assert_eq!(room("/proc".as_ref()).level, Level::Bad);
        assert_eq!(room("/nowhere/at/all".as_ref()).level, Level::Bad);
    }
}
