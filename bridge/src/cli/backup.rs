//! `posbridge backup` and `posbridge restore`: an installation in one file, and back.

use std::path::PathBuf;

use clap::Args;

use super::{Configured, Exit, Failure, say};
use crate::control;
use crate::operate::backup::{self, RestoreError};
use crate::runtime_dir::RuntimeDir;

/// Where to.
#[derive(Args)]
#[command(
    after_help = "Secrets are left out: the list of them is printed. It runs beside a bridge."
)]
pub(super) struct Backup {
    /// The file to write, which must not be there yet
    file: PathBuf,
    #[command(flatten)]
    configured: Configured,
}

/// Where from.
#[derive(Args)]
#[command(
    after_help = "What waited to be sent when the backup was made is not sent by itself, since it \
    may have been sent after it: posbridge outbox list --state dropped shows it."
)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    configured: Configured,
    /// Keep what is there aside, and go on
    #[arg(long)]
    force: bool,
    /// Send what waited: only where nothing ran after the backup
    #[arg(long)]
    resend: bool,
}

pub(super) fn backup(arguments: &Backup) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    let now_ms = arguments.configured.clock()?.wall_ms();
    if !config.journal.path.exists() {
        let message =
            format!("expected a journal at {}, found none", config.journal.path.display());
        return Err(Failure::said(Exit::Failed, message).hint("posbridge run makes it"));
    }
    let packed = backup::pack(&config, &arguments.file, now_ms)
        .map_err(|error| Failure::said(Exit::Failed, error.to_string()))?;
    say(&format!("{}: {} bytes", arguments.file.display(), packed.bytes));
    for file in &packed.files {
        say(&format!("  {file}"));
    }
    for file in &packed.missing {
        say(&format!("  not in it, a secret: {file}"));
    }
    for file in &packed.elsewhere {
        say(&format!("  not in it, not beside the configuration: {file}"));
    }
    Ok(())
}

pub(super) fn restore(arguments: &Restore) -> Result<(), Failure> {
    running()?;
    let now_ms = arguments.configured.clock()?.wall_ms();
    let config = &arguments.configured.config;
    let put = backup::restore(&arguments.file, config, (arguments.force, arguments.resend), now_ms)
        .map_err(|error| {
            let exit = match error {
                RestoreError::Running { .. } => Exit::AlreadyRunning,
                _ => Exit::Failed,
            };
            Failure::said(exit, error.to_string())
        })?;
    say(&format!("restored the backup of {}", put.made_at));
    for file in &put.files {
        say(&format!("  {}", file.display()));
    }
    for file in &put.aside {
        say(&format!("  kept aside: {}", file.display()));
    }
    if put.held > 0 {
        say(&format!(
            "{} messages waited then, and may have been sent since: they are not sent by themselves \
             (posbridge outbox list --state dropped, posbridge outbox retry ID)",
            put.held
        ));
    }
    for file in &put.missing {
        say(&match file.strip_prefix("variable ") {
            Some(name) => format!("missing: the variable {name}; set it for the service"),
            None => format!("missing: {file}; put it back: install -m 600 /dev/stdin {file}"),
        });
    }
    say(&format!("then: posbridge check -c {}", config.display()));
    Ok(())
}

/// A bridge of this runtime directory must not run meanwhile.
fn running() -> Result<(), Failure> {
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    match runtime.block_on(control::ask_status(&dir)) {
        Ok(_) => Err(Failure::said(Exit::AlreadyRunning, "expected no bridge, found one running")
            .hint("systemctl stop posbridge posbridge-wire")),
        Err(_) => Ok(()),
    }
}
