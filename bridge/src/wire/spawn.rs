//! Starts a wire process that outlives whoever started it.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::clock::Clock;
use crate::runtime_dir::RuntimeDir;

/// Starts `exe wire -c config` in a process group of its own, so that neither the brain's death nor
/// Ctrl-C at its terminal reaches it. It is up once [`attach`](super::attach) works; it may also
/// end at once because another one was quicker.
pub fn spawn(exe: &Path, config: &Path, dir: &RuntimeDir, clock: &Clock) -> io::Result<Child> {
    let mut command = Command::new(exe);
    command.arg("wire").arg("-c").arg(config);
    if let Some(argument) = clock.argument() {
        command.arg("--clock").arg(argument);
    }
    // The service manager watches the process it started, and nobody else.
    for name in crate::notify::VARIABLES {
        command.env_remove(name);
    }
    command
        .env("RUNTIME_DIRECTORY", dir.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .process_group(0)
        .spawn()
}
