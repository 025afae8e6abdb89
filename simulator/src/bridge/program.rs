//! The bridge's command line: how it is called, and what it answers.
//!
//! It starts nothing that stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use pos_protocol::event::Event;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

use super::error::BridgeError;

/// How long one question may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Lines of the bridge's talk that an error shows.
const LOG_LINES: usize = 20;
/// What the units set for glibc's allocator, see `mallopt(3)`.
const ALLOCATOR: [(&str, &str); 4] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_MMAP_THRESHOLD_", "65536"),
    ("MALLOC_TRIM_THRESHOLD_", "131072"),
    ("MALLOC_TOP_PAD_", "65536"),
];

/// Where `posbridge` must be: beside the program that runs.
pub fn posbridge_beside_us() -> Result<PathBuf, BridgeError> {
    let here = std::env::current_exe().map_err(BridgeError::Here)?;
    let program = here.with_file_name("posbridge");
    if program.is_file() { Ok(program) } else { Err(BridgeError::NoPosbridge(program)) }
}

/// A bridge's program, and where everything of one bridge lies.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub program: PathBuf,
    /// Its configuration.
    pub config: PathBuf,
    /// Its runtime directory.
    pub runtime: PathBuf,
    /// Where its talk goes.
    pub log: PathBuf,
    /// What every call is given besides, such as `--clock`.
    pub arguments: Vec<String>,
}

/// What `status --json` says, as far as we ask.
#[derive(Debug, Deserialize)]
pub struct Status {
    /// Whether everything is as it should be.
    pub ready: bool,
    wire: Option<Wire>,
}

#[derive(Debug, Deserialize)]
struct Wire {
    pid: i32,
}

impl Status {
    /// The wire process, where one is up.
    pub fn wire_pid(&self) -> Option<i32> {
        self.wire.as_ref().map(|wire| wire.pid)
    }
}

impl Program {
    /// What the bridge says of itself.
    pub async fn status(&self) -> Result<Status, BridgeError> {
        let text = self.ask("status", "--json").await?;
        serde_json::from_str(&text).map_err(|bad| question("status", &bad.to_string()))
    }

    /// Everything the journal holds.
    pub async fn events(&self) -> Result<Vec<Event>, BridgeError> {
        let text = self.ask("events", "--raw").await?;
        let lines = text.lines().filter(|line| !line.is_empty()).map(serde_json::from_str);
        lines.collect::<Result<_, _>>().map_err(|bad| question("events", &bad.to_string()))
    }

    /// The end of what it said.
    pub fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    /// A call of `verb`.
    pub(super) fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(verb).arg("-c").arg(&self.config).args(&self.arguments);
        command.env("RUNTIME_DIRECTORY", &self.runtime).stdin(Stdio::null());
        // As its unit does.
        for (name, value) in ALLOCATOR {
            command.env(name, value);
        }
        command
    }

    pub(super) fn refused(&self, source: std::io::Error) -> BridgeError {
        BridgeError::Spawn { program: self.program.clone(), source }
    }

    /// The wire process that holds the lock. Unlike `status` this needs no brain.
    pub(super) fn wire_of_lock(&self) -> Option<i32> {
        let text = fs::read_to_string(self.runtime.join("wire.lock")).ok()?;
        let pid = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
        pid.parse().ok().filter(|pid| self.is_ours(*pid))
    }

    /// Whether `pid` runs with our configuration: a pid alone may have been given to somebody else.
    pub fn is_ours(&self, pid: i32) -> bool {
        runs_with(pid, &self.config)
    }

    async fn ask(&self, verb: &'static str, flag: &str) -> Result<String, BridgeError> {
        let mut command = self.command(verb);
        command.arg(flag).kill_on_drop(true);
        let answer = timeout(ANSWER_WITHIN, command.output())
            .await
            .map_err(|_| question(verb, "silence"))?
            .map_err(|source| self.refused(source))?;
        if answer.status.success() {
            return String::from_utf8(answer.stdout)
                .map_err(|_| question(verb, "bytes that are no UTF-8"));
        }
        let said = String::from_utf8_lossy(&answer.stderr);
        Err(question(verb, &format!("{}: {}", answer.status, said.trim())))
    }
}

fn runs_with(pid: i32, config: &Path) -> bool {
    let config = config.as_os_str().as_encoded_bytes();
    fs::read(format!("/proc/{pid}/cmdline"))
        .is_ok_and(|line| line.split(|byte| *byte == 0).any(|argument| argument == config))
}

pub(super) fn question(verb: &'static str, found: &str) -> BridgeError {
    BridgeError::Question { verb, found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Program;

    impl Program {
        /// One that ends at once, with everything in `dir`.
        pub(in crate::bridge) fn for_tests(dir: &Path) -> Self {
            Self {
                program: "/bin/false".into(),
                config: dir.join("posbridge.toml"),
                runtime: dir.to_owned(),
                log: dir.join("log"),
                arguments: Vec::new(),
            }
        }
    }

    #[test]
    fn a_process_that_does_not_run_with_our_configuration_is_never_ours() {
        let dir = tempfile::tempdir().expect("a directory");
        let program = Program::for_tests(dir.path());
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(!program.is_ours(own));
        std::fs::write(dir.path().join("wire.lock"), own.to_string()).expect("room");
        assert_eq!(program.wire_of_lock(), None);
    }
}
