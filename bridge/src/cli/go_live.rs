//! `posbridge go-live`: practice is over, receipts count.

use std::time::{Duration, Instant};

use clap::Args;

use super::{Configured, Exit, Failure, asking, say};
use crate::control::{self, ControlError, Done, Request};
use crate::operate::go_live::go_live;
use crate::operate::robot::ChangeError;
use crate::runtime_dir::RuntimeDir;

/// How long a running bridge may take to read what it heard in practice.
const CATCH_UP: Duration = Duration::from_secs(20);
/// Time between two looks at it.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Which configuration.
#[derive(Args)]
#[command(
    after_help = "What was printed before stays a test for ever. The groups are told by the \
    running bridge, or at its next start."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    until_all_is_read()?;
    let (config, practised) = go_live(&arguments.configured.config).map_err(|error| {
        let exit = match error {
            ChangeError::Write { .. } => Exit::Failed,
            _ => Exit::Usage,
        };
        Failure::said(exit, error.to_string())
    })?;
    if !practised {
        say(&format!("{} is live already", config.display()));
    }
    match asking(&Request::Reload { file: Some(config.clone()) }) {
        Ok(Done::Reload { .. }) => {
            say("receipts count from now on, and the groups are told so");
            Ok(())
        }
        Ok(_) => Err(Failure::new(Exit::Failed, &ControlError::Beside("reload"))),
        Err(ControlError::NotRunning { .. }) => {
            say("no bridge runs here; receipts count, and the groups are told, when it is started");
            Ok(())
        }
        Err(error) => Err(Failure::said(
            Exit::Failed,
            format!("expected the running bridge to take the changed file up, found: {error}"),
        )
        .hint("the file says live: systemctl reload posbridge, then posbridge status")),
    }
}

/// What was printed in practice and is not read yet would count: it is waited for. Where no bridge
/// runs, or none hears a till, there is nothing to wait for.
fn until_all_is_read() -> Result<(), Failure> {
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let until = Instant::now() + CATCH_UP;
    loop {
        let status = match runtime.block_on(control::ask_status(&dir)) {
            Ok(status) => status,
            Err(ControlError::NotRunning { .. }) => return Ok(()),
            Err(error) => return Err(Failure::new(Exit::Failed, &error)),
        };
        let behind = status.health.is_some_and(|health| health.attached && !health.caught_up);
        if !behind {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(Failure::said(
                Exit::Failed,
                "expected the bridge to have read all that was printed, found it behind",
            )
            .hint("posbridge status says how far it is; try again once it is ready"));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}
