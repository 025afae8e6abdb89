//! The real `posbridge` and its two processes, used as a shop uses it: by its configuration file and
//! its command line. Nothing of it is linked in; both processes end with the value, whatever happens.
//! Every answer is looked through for the secrets that it was given, and the log at the end.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pos_protocol::event::Event;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;
use tempfile::TempDir;

use crate::binaries;
use crate::wait::{SOON, check, until};

/// Lines of the log that a failed test shows.
const LOG_LINES: usize = 40;

/// A bridge in a directory of its own, running or not.
#[derive(Debug)]
pub struct Bridge {
    brain: Option<Child>,
    clock: Option<String>,
    /// What nobody may ever read in a log or an answer.
    secrets: Mutex<Vec<String>>,
    /// Arguments of `run` beside the usual ones.
    run_with: Vec<String>,
    /// `RUST_LOG` of every process, where one is set.
    log_filter: Option<&'static str>,
    dir: TempDir,
}

impl Bridge {
    /// A bridge that lives by `clock`, a `--clock` argument, or by the machine's. It needs a
    /// configuration before it can start.
    pub(crate) fn new(clock: Option<String>) -> Self {
        let dir = tempfile::Builder::new().prefix("pos-tests-").tempdir().expect("a directory");
        Self {
            brain: None,
            clock,
            secrets: Mutex::default(),
            run_with: Vec::new(),
            log_filter: None,
            dir,
        }
    }

    /// Gives every brain from now on more arguments.
    pub(crate) fn run_with(&mut self, arguments: &[&str]) {
        self.run_with = arguments.iter().map(|&argument| argument.to_owned()).collect();
    }

    /// Has every process log what `filter` says.
    pub fn log_filter(&mut self, filter: &'static str) {
        self.log_filter = Some(filter);
    }

    /// From now on this text may stand in no log and no answer of any verb; the journal and the files
    /// that it was configured in may have it.
    pub fn keep_secret(&self, secret: &str) {
        self.secrets().push(secret.to_owned());
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<String>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Panics
    /// Where `text` holds a secret; the secret itself is not repeated.
    fn holds_no_secret(&self, whose: &str, text: &str) {
        for (index, secret) in self.secrets().iter().enumerate() {
            let line = text.lines().find(|line| line.contains(secret.as_str()));
            let line = line.map(|line| line.replace(secret.as_str(), "<SECRET>"));
            assert!(line.is_none(), "secret {index} stands in {whose}: {line:?}");
        }
    }

    /// The argument that makes another process live by this bridge's clock.
    pub(crate) fn clock(&self) -> Option<&str> {
        self.clock.as_deref()
    }

    /// Writes a file for its owner's eyes only, as the bridge demands of secrets.
    pub fn write(&self, name: &str, text: &str) {
        let mut options = OpenOptions::new();
        let file =
            options.write(true).create(true).truncate(true).mode(0o600).open(self.path(name));
        file.and_then(|mut file| file.write_all(text.as_bytes())).expect("room");
    }

    /// Whether time is virtual.
    pub(crate) fn is_in_virtual_time(&self) -> bool {
        self.clock.is_some()
    }

    /// A file of this bridge.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.path("posbridge.toml")
    }

    /// The journal.
    pub fn journal(&self) -> PathBuf {
        self.path("journal.db")
    }

    /// What both processes have logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Starts a brain and waits until it is ready and hears every source.
    pub fn start_brain(&mut self) {
        let log = OpenOptions::new().create(true).append(true).open(self.path("log"));
        let mut command = self.command("run");
        if let Some(clock) = &self.clock {
            command.args(["--clock", clock]);
        }
        command.args(&self.run_with);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.expect("a log"));
        self.brain = Some(command.spawn().expect("a posbridge that runs"));
        self.until_hearing(None);
    }

    /// Waits until the brain is ready, with a wire process that hears every source and is not `old`.
    pub fn until_hearing(&mut self, old: Option<i32>) {
        let text = fs::read_to_string(self.config()).expect("a configuration");
        let configured = text.matches("[[source]]").count();
        until(SOON, "a brain that is ready and hears every source", || {
            let ended = self.brain.as_mut().and_then(|brain| brain.try_wait().expect("our child"));
            assert!(ended.is_none(), "the brain ended: {ended:?}");
            let status = self.status();
            let sources = status["wire"]["sources"].as_array().cloned().unwrap_or_default();
            let open = sources.len() == configured && sources.iter().all(|s| s["state"] == "open");
            let renewed = status["wire"]["pid"].as_i64() != old.map(i64::from);
            check(status, |status| status["ready"] == true && open && renewed)
        });
    }

    /// Kills the brain: no chance to say goodbye.
    pub fn kill_brain(&mut self) {
        let mut brain = self.brain.take().expect("a brain");
        brain.kill().expect("our own child");
        brain.wait().expect("our own child");
    }

    /// The brain's process, where one of ours runs.
    pub fn brain_pid(&self) -> Option<u32> {
        self.brain.as_ref().map(Child::id)
    }

    /// Asks the brain to stop and waits until it has, at most for `limit`.
    pub fn stop_brain(&mut self, limit: Duration) {
        let mut brain = self.brain.take().expect("a brain");
        let pid = Pid::from_raw(i32::try_from(brain.id()).expect("a pid"));
        kill(pid, Signal::SIGTERM).expect("our own child");
        let status = until(limit, "the brain to stop", || {
            brain.try_wait().expect("our own child").ok_or_else(|| "it runs".to_owned())
        });
        assert!(status.success(), "{status}");
    }

    /// The wire process, where one of ours runs.
    pub fn wire_pid(&self) -> Option<i32> {
        let text = fs::read_to_string(self.path("run/wire.lock")).ok()?;
        let pid: i32 = text.trim().parse().ok()?;
        // A pid alone may have been given to somebody else since.
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let (config, ours) = (self.config(), line.split(|byte| *byte == 0));
        ours.into_iter().any(|word| word == config.as_os_str().as_encoded_bytes()).then_some(pid)
    }

    /// Kills the wire process and says which it was.
    pub fn kill_wire(&self) -> i32 {
        let pid = self.wire_pid().expect("a wire process");
        kill(Pid::from_raw(pid), Signal::SIGKILL).expect("our own process");
        pid
    }

    /// Runs one verb to its end.
    ///
    /// # Panics
    /// Where it says a secret.
    pub fn posbridge(&self, verb: &str, arguments: &[&str]) -> Output {
        let mut command = self.command(verb);
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("it runs");
        for (said, stream) in [(&output.stdout, "output"), (&output.stderr, "talk")] {
            let said = String::from_utf8_lossy(said);
            self.holds_no_secret(&format!("the {stream} of `posbridge {verb}`"), &said);
        }
        output
    }

    /// A verb that is about to run.
    pub fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(binaries::path("posbridge"));
        // `outbox list` is two words, and the configuration follows the second.
        command.args(verb.split(' ')).arg("-c").arg(self.config());
        command.env("RUNTIME_DIRECTORY", self.path("run"));
        if let Some(filter) = self.log_filter {
            command.env("RUST_LOG", filter);
        }
        command
    }

    /// What `status --json` says; null where it says nothing.
    pub fn status(&self) -> Value {
        let answer = self.posbridge("status", &["--json"]);
        serde_json::from_slice(&answer.stdout).unwrap_or(Value::Null)
    }

    /// Notices by state, oldest reason included, as `status --json` gives them.
    pub fn outbox(&self) -> Vec<(String, u64, Option<String>)> {
        let status = self.status();
        let rows = status["outbox"].as_array().cloned().unwrap_or_default();
        rows.iter()
            .map(|row| {
                let state = row["state"].as_str().expect("a state").to_owned();
                let reason = row["reason"].as_str().map(str::to_owned);
                (state, row["count"].as_u64().expect("a count"), reason)
            })
            .collect()
    }

    /// Everything the journal holds.
    pub fn events(&self) -> Vec<Event> {
        let answer = self.posbridge("events", &["--raw"]);
        let text = String::from_utf8(answer.stdout).expect("JSON Lines");
        text.lines().map(|line| serde_json::from_str(line).expect("wire schema 1")).collect()
    }

    /// What the journal heard on a line towards its printer, a piece for each time that it was
    /// opened.
    pub fn heard_on_line(&self, source: &str) -> Vec<Vec<u8>> {
        let journal = Connection::open_with_flags(self.journal(), OpenFlags::SQLITE_OPEN_READ_ONLY);
        let journal = journal.expect("a journal");
        let sql = "SELECT kind, bytes FROM chunk WHERE source = ?1 AND direction = 'to_printer'
                   AND kind IN ('data', 'opened') ORDER BY epoch, id";
        let mut rows = journal.prepare(sql).expect("the documented schema");
        let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        for chunk in rows.query_map([source], read).expect("a query") {
            let (kind, bytes) = chunk.expect("a row");
            match pieces.last_mut() {
                Some(piece) if kind == "data" => piece.extend(bytes),
                _ => pieces.push(bytes),
            }
        }
        pieces
    }

    /// What the journal heard of a source in one direction, by connection, oldest first;
    /// connections without a byte are left out.
    pub fn heard(&self, source: &str, direction: &str) -> Vec<Vec<u8>> {
        let journal = Connection::open_with_flags(self.journal(), OpenFlags::SQLITE_OPEN_READ_ONLY);
        let journal = journal.expect("a journal");
        let sql = "SELECT conn, bytes FROM chunk WHERE kind = 'data' AND direction = ?1
                   AND source = ?2 ORDER BY epoch, id";
        let mut rows = journal.prepare(sql).expect("the documented schema");
        let parameters = [direction, source];
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?));
        let mut heard: Vec<(i64, Vec<u8>)> = Vec::new();
        for chunk in rows.query_map(parameters, read).expect("a query") {
            let (conn, bytes) = chunk.expect("a row");
            match heard.iter_mut().find(|(other, _)| *other == conn) {
                Some((_, all)) => all.extend(bytes),
                None => heard.push((conn, bytes)),
            }
        }
        heard.into_iter().map(|(_, bytes)| bytes).collect()
    }
}

impl Drop for Bridge {
    #[expect(clippy::print_stderr, reason = "what a failed test needs to be understood")]
    fn drop(&mut self) {
        if let Some(mut brain) = self.brain.take() {
            // A brain that has ended already is what both want.
            let _ = brain.kill();
            let _ = brain.wait();
        }
        if let Some(pid) = self.wire_pid() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
            eprintln!("the bridge said:\n{last}");
        } else {
            self.holds_no_secret("the log", &self.log());
        }
    }
}
