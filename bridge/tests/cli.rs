//! The program itself, run once from outside. That it has a test of its own makes
//! `cargo test --workspace` build the binary, which the tests of `pos-tests` run.

use std::process::Command;

#[test]
fn the_program_names_itself_and_lists_its_verbs() {
    let run = |flag: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_posbridge")).arg(flag).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{}", output.status);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert_eq!(run("--version"), format!("posbridge {}\n", env!("CARGO_PKG_VERSION")));
    let help = run("--help");
    let verbs = [
        "run",
        "wire",
        "check",
        "send-test",
        "status",
        "events",
        "ports",
        "probe",
        "replay",
        "decode",
    ];
    for verb in verbs {
        let listed = help.lines().any(|line| line.trim_start().starts_with(&format!("{verb} ")));
        assert!(listed, "{verb} is not in\n{help}");
    }
}

#[test]
fn a_verb_that_does_not_exist_is_a_usage_mistake() {
    let output = Command::new(env!("CARGO_BIN_EXE_posbridge")).arg("sell").output();
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("'sell'"));
}
