//! `posbridge web-password`: writes the file that `[web] password_file` names.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use nix::unistd::{Gid, Uid};

use super::{Exit, Failure, installed, say, typed};
use crate::config::{Draft, Standing};
use crate::web::Password;

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
    let path = &arguments.file;
    // Root would write a file that the service may not read.
    installed::act_as_owner(path)?;
    let typed = password().map_err(|error| {
        Failure::said(Exit::Failed, format!("expected to read a password, found: {error}"))
    })?;
    let Some(typed) = typed else {
        return Err(Failure::said(
            Exit::Usage,
            "expected a password, at a terminal twice the same; found none",
        )
        .hint("nothing was written; start it again"));
    };
    let hash =
        Password::hash(&typed).map_err(|weak| Failure::said(Exit::Usage, weak.to_string()))?;
    // A file that is there stays its owner's, so that the service goes on reading it.
    let (uid, gid) = (Uid::effective().as_raw(), Gid::effective().as_raw());
    let own = Standing { mode: 0o600, uid, gid };
    let standing = Standing::of(path).map_or(own, |old| Standing { mode: 0o600, ..old });
    let text = format!("{}\n", hash.expose());
    let written =
        Draft::write(path, text.as_bytes(), standing).and_then(|draft| draft.replace(path));
    written.map_err(|error| {
        Failure::said(Exit::Failed, format!("expected to write {}, found: {error}", path.display()))
            .hint("run it with sudo, or name a file where you may write")
    })?;
    say(&format!("the password's hash stands in {} (mode 600)", path.display()));
    say("a bridge that runs takes it up with `systemctl reload posbridge` or SIGHUP");
    Ok(())
}

/// What is typed, at a terminal twice; `None` where the two differ or nothing is typed.
fn password() -> std::io::Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        return typed::line();
    }
    let first = asked("Password for the page: ")?;
    let second = asked("Once more: ")?;
    Ok((first == second).then_some(first).flatten())
}

fn asked(prompt: &str) -> std::io::Result<Option<String>> {
    let mut talk = std::io::stderr().lock();
    write!(talk, "{prompt}")?;
    talk.flush()?;
    drop(talk);
    typed::unseen()
}
