//! Walks the half hour at the counter in a machine that somebody else starts, and holds what was to be
//! seen against the transcript.
//!
//! `counter PACKAGE`: says where the till's cable ends (`{"port":"/dev/pts/N"}`), reads the process number of
//! the machine's init from standard input, and walks. PACKAGE is a path in the machine's `/root`. The cable
//! must be `/dev/ttyUSB0` there. `UPDATE_GOLDEN=1` writes the transcript anew.
//! Exits with 1 where what was seen differs, with 2 on a usage error.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use pos_tests::shopfront::Shopfront;
use pos_tests::walk::Walk;

/// What the till sells by.
const SEED: u64 = 43;
/// What somebody sees who has only the README.
const TRANSCRIPT: &str = include_str!("../walk/transcript.txt");

fn main() -> io::Result<ExitCode> {
    let Some(package) = std::env::args().nth(1) else {
        writeln!(io::stderr(), "expected the package's path in the machine's /root")?;
        return Ok(ExitCode::from(2));
    };
    let dir = tempfile::tempdir()?;
    let cable = dir.path().join("port");
    let shop = Shopfront::open(&cable, SEED);
    writeln!(io::stdout(), "{{\"port\":\"{}\"}}", std::fs::read_link(&cable)?.display())?;
    io::stdout().flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let Ok(leader) = line.trim().parse() else {
        writeln!(io::stderr(), "expected a process number on standard input")?;
        return Ok(ExitCode::from(2));
    };
    let seen = Walk::into_machine(shop, leader).walk(Path::new(&package));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/walk/transcript.txt"), &seen)?;
        return Ok(ExitCode::SUCCESS);
    }
    if seen == TRANSCRIPT {
        return Ok(ExitCode::SUCCESS);
    }
    let differs = seen.lines().zip(TRANSCRIPT.lines()).find(|(seen, kept)| seen != kept);
    let (found, expected) = differs.unwrap_or(("(another length)", "(the transcript's length)"));
    writeln!(
        io::stderr(),
        "{seen}\nexpected {expected:?}, found {found:?}\nhint: UPDATE_GOLDEN=1 writes tests/src/walk/transcript.txt anew"
    )?;
    Ok(ExitCode::FAILURE)
}
