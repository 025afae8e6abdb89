//! `posbridge wire`: the process that owns the ports.

use super::run::stop_asked;
use super::{Configured, Exit, Failure, log_to_stderr};
use crate::runtime_dir::RuntimeDir;
use crate::supervise;
use crate::wire::{self, WireError};

pub(super) fn run(arguments: &Configured) -> Result<(), Failure> {
    log_to_stderr();
    supervise::log_panics_without_their_words();
    let (config, clock) = (arguments.load()?, arguments.clock()?);
    let dir = RuntimeDir::locate().map_err(|error| Failure::new(Exit::Usage, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, &error))?;
    let done = runtime.block_on(wire::run(&config, &dir, clock, stop_asked()));
    done.map_err(|error| {
        let exit = match error {
            WireError::AlreadyRunning { .. } => Exit::AlreadyRunning,
            _ => Exit::Failed,
        };
        Failure::new(exit, &error)
    })
}
