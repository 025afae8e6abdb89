//! A run under a schedule, and after one that fails the search for the smallest schedule that does.
//!
//! Whether a run fails is the ledger's word, or that of a bridge that does not come back. A run that
//! proves nothing (the simulator itself was too slow) does not fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::choice::Choice;
use super::fault::Planned;
use super::ground::Ground;
use super::plan::tail;
use super::shrink::{Shrunk, shrink};
use crate::ledger::Account;
use crate::load::{self, LoadError, Options, Recorded, Reproach, Sample};
use crate::scenario::Scenario;

/// Schedules that are tried at most to find a smaller one.
pub const MAX_TRIES: u32 = 40;
/// How long it is searched at most; the try that goes on then is finished.
pub const MAX_SEARCH: Duration = Duration::from_mins(30);
/// Where the runs of a search leave their files, in the report's directory.
const TRY_DIR: &str = "try";
/// Where the last of them that failed is kept.
const SMALLEST_DIR: &str = "smallest";

/// What is run again and again.
#[derive(Debug)]
pub struct Hunt<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The bridge's program.
    pub posbridge: &'a Path,
    /// The report's directory.
    pub dir: &'a Path,
    /// The whole plan.
    pub plan: &'a [Planned],
}

/// A run that has been made.
#[derive(Debug)]
pub struct Trial {
    /// What was recorded.
    pub recorded: Recorded,
    /// What the ledger makes of it.
    pub account: Account,
}

impl Trial {
    /// Why it fails; nothing where it does not.
    pub fn failure(&self) -> Option<String> {
        let died = self.recorded.reproaches.iter().find_map(|reproach| match reproach {
            Reproach::BridgeDied { process, .. } => {
                Some(format!("a process of the bridge ended that nobody killed: {process}"))
            }
            _ => None,
        });
        let open = || {
            let troubles = self.account.troubles.len();
            (troubles > 0).then(|| format!("the ledger has {troubles} troubles"))
        };
        died.or_else(open)
    }
}

impl Hunt<'_> {
    /// Runs the scenario under `faults`.
    pub async fn run(
        &self,
        faults: &[Planned],
        view: &mut dyn FnMut(&Sample),
    ) -> Result<Trial, LoadError> {
        self.run_in(self.dir, self.scenario, faults, view).await
    }

    async fn run_in(
        &self,
        dir: &Path,
        scenario: &Scenario,
        faults: &[Planned],
        view: &mut dyn FnMut(&Sample),
    ) -> Result<Trial, LoadError> {
        let refused = |source| LoadError::Directory { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(refused)?;
        let ground = Arc::new(Ground::prepare(dir, faults));
        let options = Options {
            posbridge: self.posbridge.to_owned(),
            dir: dir.to_owned(),
            journal_dir: None,
            arguments: Vec::new(),
            ground,
        };
        let recorded = load::run(scenario, &options, faults.to_vec(), view).await?;
        let account = recorded.books.settle(&scenario.bounds);
        Ok(Trial { recorded, account })
    }

    /// Searches for a smaller schedule that fails like `faults`. Each try is said.
    ///
    /// It blocks its thread between tries, and runs them on the runtime that it is called from.
    pub fn shrink(&self, faults: &[Planned], say: &mut dyn FnMut(String)) -> Shrunk {
        let began = Instant::now();
        let handle = tokio::runtime::Handle::current();
        let mut fails = |tried: &[Planned]| {
            let failed = tokio::task::block_in_place(|| handle.block_on(self.try_out(tried)));
            let verdict = match &failed {
                Ok(Some(why)) => why.as_str(),
                Ok(None) => "all is well",
                Err(_) => "it could not be run",
            };
            say(format!("--only {:?}: {verdict}", Choice::of(tried, self.plan).to_string()));
            matches!(failed, Ok(Some(_)))
        };
        shrink(faults, &mut fails, &mut |tried| tried < MAX_TRIES && began.elapsed() < MAX_SEARCH)
    }

    /// Why the scenario fails under `faults`. It sells no longer than they need.
    async fn try_out(&self, faults: &[Planned]) -> Result<Option<String>, LoadError> {
        let dir = self.dir.join(TRY_DIR);
        let scenario = self.cut(faults);
        let why = self.run_in(&dir, &scenario, faults, &mut |_| {}).await?.failure();
        let smallest = self.dir.join(SMALLEST_DIR);
        if why.is_some() {
            let refused = |source| LoadError::Directory { path: smallest.clone(), source };
            if smallest.exists() {
                fs::remove_dir_all(&smallest).map_err(refused)?;
            }
            fs::rename(&dir, &smallest).map_err(refused)?;
        } else {
            let refused = |source| LoadError::Directory { path: dir.clone(), source };
            fs::remove_dir_all(&dir).map_err(refused)?;
        }
        Ok(why)
    }

    /// The scenario as far as `faults` need it: the same customers, and none after the world has had
    /// its time to recover.
    pub fn cut(&self, faults: &[Planned]) -> Scenario {
        let whole = self.scenario.duration;
        let last = faults.iter().map(Planned::until).max();
        let duration = last.map_or(whole, |last| whole.min(last + tail(whole)));
        Scenario { duration, ..self.scenario.clone() }
    }

    /// Where the files of the smallest failing run are.
    pub fn smallest_dir(&self) -> PathBuf {
        self.dir.join(SMALLEST_DIR)
    }
}
