//! `probe` on real ptys: what it does with a port. What it makes of bytes is tested beside the
//! judge; a pty cannot be set to a wrong speed.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::{OpenptyResult, openpty};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use crate::harness::{said, until};

const RECEIPT: &[u8] = b"\x1b@TEA HOUSE\nReceipt No. 1001\nMilk tea          18.00\n\
    French toast      32.00\nTotal             50.00\nCash              50.00\n\n\x1dV\x00";

/// A line whose till end is ours: nothing of it is open on the other side.
fn line() -> (std::fs::File, PathBuf) {
    let OpenptyResult { master, slave } = openpty(None, None).expect("a pty");
    // Raw from the start: a pty echoes by itself otherwise, before anybody has opened it.
    let mut raw = tcgetattr(&slave).expect("a terminal");
    cfmakeraw(&mut raw);
    tcsetattr(&slave, SetArg::TCSANOW, &raw).expect("a terminal");
    let path = nix::unistd::ttyname(&slave).expect("its name");
    drop(slave);
    fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("a flag");
    (std::fs::File::from(master), path)
}

fn probe(path: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posbridge"));
    command.arg("probe").arg(path).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_line_that_prints_is_found_out_and_never_written_to() {
    let (mut till, path) = line();
    let mut child = probe(&path, &["--seconds", "30"]).spawn().expect("it starts");
    let mut answers = [0; 16];
    let mut written = 0;
    until("an end", || {
        // What does not fit is dropped, as on a wire that nobody listens to.
        let _full_or_closed = till.write(RECEIPT);
        written += till.read(&mut answers).unwrap_or(0);
        child.try_wait().expect("our child")
    });
    let (code, out, err) = said(&child.wait_with_output().expect("ended"));
    assert_eq!(code, 0, "{err}");
    for line in [
        "kind = \"serial-tap\"",
        "baud = 9600",
        &format!("port = {:?}", path.display().to_string()),
    ] {
        assert!(out.lines().any(|found| found == line), "{line} is not in\n{out}");
    }
    assert!(
        out.contains("# it says: ") && out.contains("reads well, and no other speed does"),
        "{out}"
    );
    assert_eq!(written, 0, "the till heard something");
}

#[test]
fn a_port_in_use_is_refused_and_its_user_named() {
    let (_till, path) = line();
    let open = std::fs::File::open(&path).expect("opens");
    let mut user =
        Command::new("cat").stdin(Stdio::from(open)).stdout(Stdio::null()).spawn().expect("cat");
    let (code, out, err) = said(&probe(&path, &[]).output().expect("it runs"));
    user.kill().expect("running");
    user.wait().expect("ends");
    assert_eq!((code, out.as_str()), (1, ""));
    let named = format!("found it in use by cat (process {})", user.id());
    assert!(err.contains(&named) && err.contains("hint: a port in use is never touched"), "{err}");
}

#[test]
fn silence_a_file_and_nothing_are_told_apart() {
    let (_till, path) = line();
    let (code, out, err) = said(&probe(&path, &["--seconds", "1"]).output().expect("it runs"));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("no bytes heard") && err.contains("hint: ring up a sale"), "{err}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    let (code, _, err) = said(&probe(file.path(), &[]).output().expect("it runs"));
    assert!(code == 1 && err.contains("expected a serial port at"), "{err}");
    let (code, _, err) = said(&probe("/dev/no-such-port".as_ref(), &[]).output().expect("it runs"));
    assert!(
        code == 1 && err.contains("No such file") && err.contains("posbridge ports lists"),
        "{err}"
    );
}
