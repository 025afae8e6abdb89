//! The real bridge as the demonstration sees it: a program that is run and asked.
//!
//! It owns both of its processes for as long as it lives: whatever happens, neither outlives it.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pos_protocol::event::Event;
use serde::Deserialize;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::error::DemoError;
use super::place::Place;

/// How long the bridge may take to become ready.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long one question may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long a process may take to end when asked to.
const END_WITHIN: Duration = Duration::from_secs(5);
/// Pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(100);
/// Lines of the bridge's talk that an error shows.
const LOG_LINES: usize = 20;

/// Where `posbridge` must be: beside the program that runs.
pub fn posbridge_beside_us() -> Result<PathBuf, DemoError> {
    let here = std::env::current_exe().map_err(DemoError::Directory)?;
    let program = here.with_file_name("posbridge");
    if program.is_file() { Ok(program) } else { Err(DemoError::NoPosbridge(program)) }
}

/// The bridge and its two processes.
#[derive(Debug)]
pub(super) struct Bridge {
    program: PathBuf,
    config: PathBuf,
    runtime: PathBuf,
    log: PathBuf,
    brain: Option<Child>,
}

/// What `status --json` says, as far as we ask.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) ready: bool,
    wire: Option<Wire>,
}

#[derive(Debug, Deserialize)]
struct Wire {
    pid: i32,
}

impl Status {
    /// The wire process, where one is up.
    pub(super) fn wire_pid(&self) -> Option<i32> {
        self.wire.as_ref().map(|wire| wire.pid)
    }
}

impl Bridge {
    pub(super) fn new(program: &Path, place: &Place) -> Self {
        Self {
            program: program.to_owned(),
            config: place.config(),
            runtime: place.runtime(),
            log: place.log(),
            brain: None,
        }
    }

    /// Starts the brain, which starts the wire process where none is up, and waits until the bridge
    /// says that it is ready.
    pub(super) async fn start(&mut self) -> Result<(), DemoError> {
        let refused = |source| DemoError::Spawn { program: self.program.clone(), source };
        let log = OpenOptions::new().create(true).append(true).open(&self.log).map_err(refused)?;
        let mut command = self.command("run");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        // A process group of its own: Ctrl-C is for us, and we end it in order.
        command.process_group(0);
        self.brain = Some(command.spawn().map_err(refused)?);
        let deadline = Instant::now() + READY_WITHIN;
        let mut found = "not ready".to_owned();
        while Instant::now() < deadline {
            match self.status().await {
                Ok(status) if status.ready => return Ok(()),
                Ok(_) => {}
                Err(error) => found = error.to_string(),
            }
            if let Some(Ok(Some(ended))) = self.brain.as_mut().map(Child::try_wait) {
                return Err(self.not_ready(format!("ended with {ended}")));
            }
            sleep(LOOK_PAUSE).await;
        }
        Err(self.not_ready(found))
    }

    /// What the bridge says of itself.
    pub(super) async fn status(&self) -> Result<Status, DemoError> {
        let text = self.ask("status", "--json").await?;
        serde_json::from_str(&text).map_err(|bad| question("status", &bad.to_string()))
    }

    /// Everything the journal holds.
    pub(super) async fn events(&self) -> Result<Vec<Event>, DemoError> {
        let text = self.ask("events", "--raw").await?;
        let lines = text.lines().filter(|line| !line.is_empty()).map(serde_json::from_str);
        lines.collect::<Result<_, _>>().map_err(|bad| question("events", &bad.to_string()))
    }

    /// Kills the brain: no chance to say goodbye.
    pub(super) async fn kill_brain(&mut self) -> Result<(), DemoError> {
        if let Some(mut brain) = self.brain.take() {
            brain.kill().await.map_err(DemoError::Directory)?;
        }
        Ok(())
    }

    /// Kills the wire process and says which it was.
    pub(super) async fn kill_wire(&self) -> Result<i32, DemoError> {
        let pid = self.status().await?.wire_pid();
        let pid = pid.filter(|pid| self.is_ours(*pid));
        let pid = pid.ok_or_else(|| question("status", "no pid of a wire process of ours"))?;
        signal(pid, Signal::SIGKILL);
        Ok(pid)
    }

    /// Ends both processes, in order where they obey.
    pub(super) async fn stop(&mut self) {
        if let Some(mut brain) = self.brain.take() {
            if let Some(pid) = brain.id().and_then(|pid| i32::try_from(pid).ok()) {
                signal(pid, Signal::SIGTERM);
            }
            if timeout(END_WITHIN, brain.wait()).await.is_err() {
                // It is gone already if this fails.
                let _ = brain.kill().await;
            }
        }
        let deadline = Instant::now() + END_WITHIN;
        if let Some(pid) = self.wire_of_lock() {
            signal(pid, Signal::SIGTERM);
            while self.is_ours(pid) && Instant::now() < deadline {
                sleep(LOOK_PAUSE).await;
            }
        }
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(verb).arg("-c").arg(&self.config).env("RUNTIME_DIRECTORY", &self.runtime);
        command
    }

    async fn ask(&self, verb: &'static str, flag: &str) -> Result<String, DemoError> {
        let mut command = self.command(verb);
        command.arg(flag).stdin(Stdio::null()).kill_on_drop(true);
        let answer = timeout(ANSWER_WITHIN, command.output())
            .await
            .map_err(|_| question(verb, "silence"))?
            .map_err(|source| DemoError::Spawn { program: self.program.clone(), source })?;
        if answer.status.success() {
            return String::from_utf8(answer.stdout)
                .map_err(|_| question(verb, "bytes that are no UTF-8"));
        }
        let said = String::from_utf8_lossy(&answer.stderr);
        Err(question(verb, &format!("{}: {}", answer.status, said.trim())))
    }

    fn not_ready(&self, found: String) -> DemoError {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let log = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
        DemoError::NotReady { waited: READY_WITHIN, found, log }
    }

    /// The wire process that holds the lock. Unlike `status` this needs no brain.
    fn wire_of_lock(&self) -> Option<i32> {
        let text = fs::read_to_string(self.runtime.join("wire.lock")).ok()?;
        let pid = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
        pid.parse().ok().filter(|pid| self.is_ours(*pid))
    }

    /// Whether `pid` runs with our configuration: a pid alone may have been given to somebody else.
    fn is_ours(&self, pid: i32) -> bool {
        let config = self.config.as_os_str().as_encoded_bytes();
        fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| line.split(|byte| *byte == 0).any(|argument| argument == config))
    }
}

impl Drop for Bridge {
    /// The last resort; the brain itself is killed by its handle.
    fn drop(&mut self) {
        if let Some(pid) = self.wire_of_lock() {
            signal(pid, Signal::SIGKILL);
        }
    }
}

/// Sends a signal; a process that is gone already has what it needs.
fn signal(pid: i32, signal: Signal) {
    let _ = kill(Pid::from_raw(pid), signal);
}

fn question(verb: &'static str, found: &str) -> DemoError {
    DemoError::Question { verb, found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Bridge, DemoError};
    use crate::demo::place::Place;

    #[tokio::test]
    async fn a_bridge_that_ends_at_once_is_not_waited_for() {
        let place = Place::make().expect("a directory");
        let ended = Bridge::new(Path::new("/bin/false"), &place).start().await;
        let Err(DemoError::NotReady { found, .. }) = ended else {
            panic!("expected it not to be ready, found {ended:?}");
        };
        assert_eq!(found, "ended with exit status: 1");
    }

    #[tokio::test]
    async fn a_process_that_does_not_run_with_our_configuration_is_never_ours() {
        let place = Place::make().expect("a directory");
        let bridge = Bridge::new(Path::new("/bin/false"), &place);
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(!bridge.is_ours(own));
        std::fs::write(place.runtime().join("wire.lock"), own.to_string()).expect("room");
        assert_eq!(bridge.wire_of_lock(), None);
    }
}
