//! What some troubles need to be prepared before the bridge starts: a disk of its own that can be
//! filled, and a file that sets its clock.
//!
//! Where one of them cannot be had, those troubles are skipped and say why.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::error::ChaosError;
use super::fault::{Fault, Planned};

/// The file's name in the report's directory.
const STEPS_FILE: &str = "clock-steps";

/// What is prepared.
#[derive(Debug)]
pub struct Ground {
    steps: Result<PathBuf, String>,
    disk: Result<Disk, String>,
}

impl Default for Ground {
    /// Nothing is.
    fn default() -> Self {
        let not_asked = || "nothing was prepared for it".to_owned();
        Self { steps: Err(not_asked()), disk: Err(not_asked()) }
    }
}

impl Ground {
    /// Prepares in `dir` what `faults` need and this machine has.
    pub fn prepare(dir: &Path, faults: &[Planned]) -> Self {
        let needs = |kind: fn(&Fault) -> bool| faults.iter().any(|planned| kind(&planned.fault));
        let mut ground = Self::default();
        if needs(|fault| matches!(fault, Fault::ClockStep { .. })) {
            ground.steps = steps_file(dir);
        }
        if needs(|fault| matches!(fault, Fault::DiskFull { .. })) {
            ground.disk = Disk::make(dir);
        }
        ground
    }

    /// What the bridge's `--clock` is given besides, where its clock can be set.
    pub fn steps(&self) -> Option<&Path> {
        self.steps.as_deref().ok()
    }

    /// Where the journal must be, where its disk can be filled.
    pub fn journal_dir(&self) -> Option<PathBuf> {
        self.disk.as_ref().ok().map(Disk::path)
    }

    /// Sets the bridge's wall clock ahead by so many milliseconds in all.
    pub(super) fn set_clock(&self, by_ms: i64) -> Result<(), ChaosError> {
        let path = self.steps.as_ref().map_err(|why| ChaosError::Skipped(why.clone()))?;
        write_steps(path, by_ms).map_err(|source| ChaosError::Clock { path: path.clone(), source })
    }

    /// Fills the journal's disk.
    pub(super) fn fill(&self) -> Result<(), ChaosError> {
        let disk = self.disk.as_ref().map_err(|why| ChaosError::Skipped(why.clone()))?;
        disk.fill().map_err(|source| ChaosError::Disk { path: disk.path(), source })
    }

    /// Makes room again.
    pub(super) fn free(&self) -> Result<(), ChaosError> {
        let Ok(disk) = &self.disk else { return Ok(()) };
        disk.free().map_err(|source| ChaosError::Disk { path: disk.path(), source })
    }
}

/// A file that steps nothing yet. Its name goes into a list with commas.
fn steps_file(dir: &Path) -> Result<PathBuf, String> {
    if !cfg!(feature = "test-clock") {
        return Err("needs a build with virtual time (cargo build --workspace)".to_owned());
    }
    let path = std::path::absolute(dir.join(STEPS_FILE)).map_err(|error| error.to_string())?;
    if path.to_str().is_none_or(|name| name.contains(',')) {
        return Err("needs a report directory without a comma in its name".to_owned());
    }
    write_steps(&path, 0).map_err(|error| error.to_string())?;
    Ok(path)
}

/// Replaces the file: whoever reads it finds the old number or the new one.
fn write_steps(path: &Path, by_ms: i64) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    fs::write(&fresh, by_ms.to_string())?;
    fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ChaosError, Fault, Ground, Planned};

    fn step() -> Planned {
        let fault = Fault::ClockStep { by_ms: 5, wrong_for: Duration::from_secs(1) };
        Planned { n: 1, at: Duration::ZERO, fault }
    }

    #[test]
    fn what_no_fault_needs_is_not_prepared_and_says_so() {
        let dir = tempfile::tempdir().expect("a directory");
        let ground = Ground::prepare(dir.path(), &[]);
        assert!(ground.steps().is_none() && ground.journal_dir().is_none());
        assert!(matches!(ground.set_clock(1), Err(ChaosError::Skipped(_))));
        assert!(matches!(ground.fill(), Err(ChaosError::Skipped(_))));
        assert_eq!(std::fs::read_dir(dir.path()).expect("readable").count(), 0);
    }

    #[test]
    #[cfg(feature = "test-clock")]
    fn a_clock_is_set_by_a_file_that_always_holds_a_number() {
        let dir = tempfile::tempdir().expect("a directory");
        let ground = Ground::prepare(dir.path(), &[step()]);
        let path = ground.steps().expect("a file");
        let read = || std::fs::read_to_string(path).expect("it is there");
        assert_eq!(read(), "0");
        ground.set_clock(-7_200_000).expect("room");
        assert_eq!(read(), "-7200000");
    }

    #[test]
    fn a_directory_with_a_comma_has_no_clock_to_set() {
        let dir = tempfile::tempdir().expect("a directory");
        let odd = dir.path().join("a,b");
        std::fs::create_dir(&odd).expect("room");
        let ground = Ground::prepare(&odd, &[step()]);
        assert!(matches!(ground.set_clock(1), Err(ChaosError::Skipped(_))));
    }
}
