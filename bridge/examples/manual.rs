//! Writes the manual pages and the shells' completions of `posbridge` into a directory, for the package.
//!
//! `cargo run -p posbridge --example manual -- DIR`. The shipped program does not carry what writes them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;

/// Sections of the manual: programs.
const SECTION: &str = "1";

fn main() -> io::Result<()> {
    let directory = std::env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "expected a directory, found no argument")
    })?;
    fs::create_dir_all(&directory)?;
    let mut command = posbridge::cli::command();
    command.build();
    pages(&command, &directory)?;
    for (shell, name) in [
        (Shell::Bash, "posbridge.bash"),
        (Shell::Zsh, "_posbridge"),
        (Shell::Fish, "posbridge.fish"),
    ] {
        let mut file = File::create(directory.join(name))?;
        clap_complete::generate(shell, &mut command, "posbridge", &mut file);
    }
    Ok(())
}

/// `posbridge.1`, and a page for each verb under it.
fn pages(command: &Command, directory: &Path) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or(command.get_name()).replace(' ', "-");
    let mut file = File::create(directory.join(format!("{name}.{SECTION}")))?;
    clap_mangen::Man::new(command.clone()).title(name).section(SECTION).render(&mut file)?;
    for verb in
        command.get_subcommands().filter(|verb| verb.get_name() != "help" && !verb.is_hide_set())
    {
        pages(verb, directory)?;
    }
    Ok(())
}
