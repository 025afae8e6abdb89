//! `posbridge`, see [`posbridge::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    posbridge::cli::main()
}
