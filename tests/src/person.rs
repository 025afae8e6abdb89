//! Somebody at a terminal: reads what is asked, types answers, and keeps what was to be seen.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::openpty;

use crate::wait::{SOON, until};

/// A program at a terminal.
#[derive(Debug)]
pub struct Person {
    terminal: File,
    child: Child,
    seen: Vec<u8>,
    /// Up to where it was answered.
    answered: usize,
}

impl Person {
    /// Starts `command` at a terminal of its own.
    ///
    /// # Panics
    /// Where the machine has no pty left.
    pub fn sits_at(mut command: Command) -> Self {
        let pty = openpty(None, None).expect("a pty");
        let flags = OFlag::from_bits_retain(fcntl(&pty.master, FcntlArg::F_GETFL).expect("flags"));
        fcntl(&pty.master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).expect("flags");
        let end = || -> OwnedFd { pty.slave.try_clone().expect("a descriptor") };
        command.stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().expect("a program that runs");
        Self { terminal: File::from(pty.master), child, seen: Vec::new(), answered: 0 }
    }

    fn look(&mut self) {
        let mut buffer = [0; 4096];
        loop {
            match self.terminal.read(&mut buffer) {
                Ok(read @ 1..) => self.seen.extend_from_slice(&buffer[..read]),
                // Nothing more now, or ever: the program has ended.
                _ => return,
            }
        }
    }

    /// All that was to be seen so far.
    pub fn seen(&mut self) -> String {
        self.look();
        String::from_utf8_lossy(&self.seen).replace("\r\n", "\n")
    }

    /// Waits until `question` is asked and answers it.
    pub fn answers(&mut self, question: &str, answer: &str) {
        self.answers_within(SOON, question, answer);
    }

    /// The same where the question may take longer than usual.
    pub fn answers_within(&mut self, limit: Duration, question: &str, answer: &str) {
        until(limit, question, || {
            self.look();
            let new = String::from_utf8_lossy(&self.seen[self.answered..]).into_owned();
            let asked = new.contains(question) && new.ends_with(": ");
            if asked { Ok(()) } else { Err(new) }
        });
        self.answered = self.seen.len();
        self.types(&format!("{answer}\n"));
    }

    /// Presses keys.
    pub fn types(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).expect("a terminal");
    }

    /// Whether the terminal shows what is typed.
    pub fn is_shown(&self) -> bool {
        let set = nix::sys::termios::tcgetattr(&self.terminal).expect("a terminal");
        set.local_flags.contains(nix::sys::termios::LocalFlags::ECHO)
    }

    /// Waits until the program has ended.
    pub fn until_ended(&mut self) -> ExitStatus {
        until(SOON, "the program to end", || {
            self.look();
            match self.child.try_wait() {
                Ok(Some(status)) => Ok(status),
                Ok(None) => Err("it runs".to_owned()),
                Err(error) => Err(Errno::from_raw(error.raw_os_error().unwrap_or(0)).to_string()),
            }
        })
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
