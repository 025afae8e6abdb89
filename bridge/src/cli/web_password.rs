//! `posbridge web-password`: writes the file that `[web] password_file` names.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;

use clap::Args;
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use nix::unistd::{Gid, Uid};

use super::{Exit, Failure, say};
use crate::config::{Draft, Standing};
use crate::web::{MAX_BYTES, Password};

/// Where to.
#[derive(Args)]
#[command(
    after_help = "The password is typed at the terminal, or is the first line of standard input. \
    The file gets its argon2id hash and mode 600."
)]
pub(super) struct Arguments {
    /// The file, as `[web] password_file` names it
    file: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let failed = |what: &str, error: &std::io::Error| {
        Failure::said(Exit::Failed, format!("{what}: {error}"))
    };
    let typed = if std::io::stdin().is_terminal() { at_terminal() } else { line() };
    let typed = typed.map_err(|error| failed("cannot read the password", &error))?;
    let Some(typed) = typed else {
        return Err(Failure::said(Exit::Usage, "expected the same password twice, found two"));
    };
    let hash =
        Password::hash(&typed).map_err(|weak| Failure::said(Exit::Usage, weak.to_string()))?;
    let path = &arguments.file;
    // A file that is there stays its owner's, so that the service goes on reading it.
    let (uid, gid) = (Uid::effective().as_raw(), Gid::effective().as_raw());
    let own = Standing { mode: 0o600, uid, gid };
    let standing = Standing::of(path).map_or(own, |old| Standing { mode: 0o600, ..old });
    let text = format!("{}\n", hash.expose());
    let written =
        Draft::write(path, text.as_bytes(), standing).and_then(|draft| draft.replace(path));
    written.map_err(|error| failed(&format!("cannot write {}", path.display()), &error))?;
    say(&format!("the password's hash stands in {} (mode 600)", path.display()));
    say("a bridge that runs takes it up with `systemctl reload posbridge` or SIGHUP");
    Ok(())
}

/// The first line of standard input.
fn line() -> std::io::Result<Option<String>> {
    let mut text = String::new();
    // One byte more than a password has, so that a longer one is noticed, and its end of line.
    let limited = std::io::stdin().lock().take(MAX_BYTES as u64 + 3);
    std::io::BufReader::new(limited).read_line(&mut text)?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Typed twice, and seen by nobody; `None` where the two differ.
fn at_terminal() -> std::io::Result<Option<String>> {
    let first = unseen("Password for the page: ")?;
    let second = unseen("Once more: ")?;
    Ok((first == second).then_some(first).flatten())
}

fn unseen(prompt: &str) -> std::io::Result<Option<String>> {
    let mut talk = std::io::stderr().lock();
    write!(talk, "{prompt}")?;
    talk.flush()?;
    let stdin = std::io::stdin();
    let shown = tcgetattr(stdin.as_fd())?;
    let mut hidden = shown.clone();
    hidden.local_flags.remove(LocalFlags::ECHO);
    tcsetattr(stdin.as_fd(), SetArg::TCSAFLUSH, &hidden)?;
    let typed = line();
    tcsetattr(stdin.as_fd(), SetArg::TCSANOW, &shown)?;
    writeln!(talk)?;
    typed
}
