//! The systemd units that come with the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::said;

const UNITS: [&str; 2] = ["posbridge-wire.service", "posbridge.service"];
/// Highest exposure that systemd may find, in tenths: 10 is a service without any fence.
const MAX_EXPOSURE: u32 = 25;

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

#[expect(clippy::print_stdout, reason = "a test that cannot be run says so")]
fn skipped(why: &str) {
    println!("SKIPPED: {why}");
}

fn analyze(arguments: &[&str], units: &[PathBuf]) -> Option<(i32, String, String)> {
    let output = Command::new("systemd-analyze").args(arguments).args(units).output();
    match output {
        Ok(output) => Some(said(&output)),
        Err(error) => {
            skipped(&format!("systemd-analyze cannot be run: {error}"));
            None
        }
    }
}

#[test]
fn systemd_takes_the_units_and_finds_them_fenced() {
    // With the program that the units name in its place, or systemd says that it is missing.
    let temp = tempfile::tempdir().expect("a directory");
    let units: Vec<PathBuf> = UNITS
        .iter()
        .map(|unit| {
            let text = std::fs::read_to_string(deploy(unit)).expect(unit);
            let program = env!("CARGO_BIN_EXE_posbridge");
            let path = temp.path().join(unit);
            std::fs::write(&path, text.replace("/usr/bin/posbridge", program)).expect("room");
            path
        })
        .collect();
    let Some((code, out, err)) = analyze(&["verify", "--recursive-errors=no"], &units) else {
        return;
    };
    let about: Vec<&str> =
        out.lines().chain(err.lines()).filter(|l| l.contains("posbridge")).collect();
    assert!(code == 0 && about.is_empty(), "{out}{err}");
    let threshold = MAX_EXPOSURE.to_string();
    let arguments = ["security", "--offline=true", "--no-pager", "--threshold", &threshold];
    for unit in &units {
        let checked = analyze(&arguments, std::slice::from_ref(unit)).expect("ran before");
        assert_eq!(checked.0, 0, "{}{}", checked.1, checked.2);
    }
}

#[test]
fn the_units_share_the_runtime_directory_and_keep_it() {
    for unit in UNITS {
        let text = std::fs::read_to_string(deploy(unit)).expect(unit);
        for line in [
            "Type=notify",
            "Restart=always",
            "RuntimeDirectory=posbridge",
            "RuntimeDirectoryMode=0700",
            "RuntimeDirectoryPreserve=yes",
            "MemorySwapMax=0",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "User=posbridge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {unit}");
        }
        assert!(text.contains("WatchdogSec=") && !text.contains("User=root"), "{unit}");
    }
    let brain = std::fs::read_to_string(deploy(UNITS[1])).expect("a unit");
    for line in ["StateDirectory=posbridge", "ExecReload=/bin/kill -HUP $MAINPID"] {
        assert!(brain.lines().any(|found| found == line), "{line} is not in\n{brain}");
    }
    assert!(!brain.contains("SupplementaryGroups="), "the brain opens no device");
}
