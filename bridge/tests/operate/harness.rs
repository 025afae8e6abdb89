//! A daemon in a directory of its own. Both its processes are children of the test and end with
//! it. Nothing here sleeps for luck: every wait is for a condition, with a deadline.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// Longest wait for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) const ROBOT: &str =
    "\n[[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n";

/// Looks until there is something to see.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "expected {what} within {DEADLINE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a finished program said: exit code, stdout, stderr.
pub(crate) fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

pub(crate) struct Daemon {
    temp: tempfile::TempDir,
    children: Vec<Child>,
}

impl Daemon {
    pub(crate) fn new() -> Self {
        Self { temp: tempfile::tempdir().expect("a directory"), children: Vec::new() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(self.path("posbridge.toml"), text).expect("room");
    }

    /// The program with `verb` and this daemon's configuration.
    pub(crate) fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posbridge"));
        command.arg(verb).args(arguments).arg("-c").arg(self.path("posbridge.toml"));
        command.env("RUNTIME_DIRECTORY", self.path("run")).stdin(Stdio::null());
        for name in posbridge::notify::VARIABLES {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn posbridge(&self, verb: &str, arguments: &[&str]) -> (i32, String, String) {
        said(&self.command(verb, arguments).output().expect("it runs"))
    }

    /// Starts both processes and waits until they are ready.
    pub(crate) fn start(&mut self) {
        self.spawn("wire", &[]);
        until("a wire process", || self.path("run/wire.sock").exists().then_some(()));
        self.spawn_with("run", &["--attach"], &[]);
        until("a ready daemon", || self.status()["ready"].as_bool().filter(|ready| *ready));
    }

    pub(crate) fn spawn(&mut self, verb: &str, env: &[(&str, &Path)]) -> u32 {
        self.spawn_with(verb, &[], env)
    }

    pub(crate) fn spawn_with(
        &mut self,
        verb: &str,
        arguments: &[&str],
        env: &[(&str, &Path)],
    ) -> u32 {
        let log = std::fs::File::options().create(true).append(true).open(self.path("log"));
        let mut command = self.command(verb, arguments);
        command.envs(env.iter().copied()).stdout(Stdio::null()).stderr(log.expect("a log"));
        let child = command.spawn().expect("it starts");
        let pid = child.id();
        self.children.push(child);
        pid
    }

    /// Starts a wire process by a shell that has set `limit` before.
    pub(crate) fn spawn_wire_after(&mut self, limit: &str) {
        let plain = self.command("wire", &[]);
        let log = std::fs::File::options().create(true).append(true).open(self.path("log"));
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{limit}; exec \"$0\" \"$@\""));
        command.arg(plain.get_program()).args(plain.get_args());
        command.env("RUNTIME_DIRECTORY", self.path("run")).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(log.expect("a log"));
        self.children.push(command.spawn().expect("a shell"));
    }

    /// Asks the last process that was started to stop; its exit code.
    pub(crate) fn stop(&mut self) -> i32 {
        let child = self.children.last().expect("a child");
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, Signal::SIGTERM).expect("running");
        self.ended()
    }

    /// Waits for the last process that was started to end; its exit code.
    pub(crate) fn ended(&mut self) -> i32 {
        let child = self.children.last_mut().expect("a child");
        let status = until("an end", || child.try_wait().expect("our child"));
        self.children.pop();
        status.code().unwrap_or(-1)
    }

    /// The process that was started last.
    pub(crate) fn pid(&self) -> u32 {
        self.children.last().expect("a child").id()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub(crate) fn status(&self) -> Value {
        let (_, out, _) = self.posbridge("status", &["--json"]);
        serde_json::from_str(&out).unwrap_or(Value::Null)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // The brain before the wire process, which it would start again.
        for child in self.children.iter_mut().rev() {
            // One that has ended by itself is as good.
            let _ended = child.kill();
            let _ended = child.wait();
        }
        if std::thread::panicking() {
            // Into the failed test's own output.
            let _closed = std::io::stderr().write_all(self.log().as_bytes());
        }
    }
}
