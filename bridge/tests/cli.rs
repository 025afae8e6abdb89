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

#[test]
fn the_pages_password_is_kept_as_a_hash_that_its_owner_alone_can_read() {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("web-password");
    let typed = |password: &str| {
        let mut verb = Command::new(env!("CARGO_BIN_EXE_posbridge"))
            .arg("web-password")
            .arg(&file)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut stdin = verb.stdin.take().expect("piped");
        writeln!(stdin, "{password}").expect("it reads");
        drop(stdin);
        let output = verb.wait_with_output().expect("our child");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = typed("short");
    assert!(code == Some(2) && told.contains("at least 10 characters, found 5"), "{told}");
    assert!(!file.exists(), "nothing is written for it");
    std::fs::write(&file, "old").expect("room");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).expect("our own");
    let (code, told) = typed("correct horse battery");
    assert!(code == Some(0) && !told.contains("correct horse"), "{told}");
    let hash = std::fs::read_to_string(&file).expect("written");
    assert!(hash.starts_with("$argon2id$") && !hash.contains("correct horse"), "{hash}");
    let mode = std::fs::metadata(&file).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
