//! `possim`: the simulator's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    possim::cli::run()
}
