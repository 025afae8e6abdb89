//! The program itself, run from outside. That it has a test of its own makes
//! `cargo test --workspace` build the binary, which the tests of `pos-tests` run.

use std::process::Command;

#[test]
fn what_list_names_print_prints() {
    let possim = || Command::new(env!("CARGO_BIN_EXE_possim"));
    let listed = possim().arg("list").output().expect("it runs");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let (shops, styles) = listed.split_once("styles:").expect("two lists");
    let first = |list: &str| -> String {
        let row = list.lines().find(|line| line.starts_with("  ")).expect("a row");
        row.split_whitespace().next().expect("a name").to_owned()
    };
    let dir = tempfile::tempdir().expect("a directory");
    let (out, truth) = (dir.path().join("roll.bin"), dir.path().join("truth.jsonl"));
    let mut print = possim();
    print.args(["print", "--shop", &first(shops), "--style", &first(styles), "--receipts", "3"]);
    let printed = print.arg("--out").arg(&out).arg("--truth").arg(&truth).output();
    assert!(printed.expect("it runs").status.success());
    let told = std::fs::read_to_string(truth).expect("a truth");
    assert_eq!(told.lines().count(), 3);
    let paper = std::fs::read(out).expect("a roll");
    assert_eq!(paper.windows(3).filter(|bytes| bytes == b"\x1dVB").count(), 3, "a cut each");
}

#[test]
fn a_shop_that_does_not_exist_is_a_usage_mistake() {
    let mut print = Command::new(env!("CARGO_BIN_EXE_possim"));
    let output = print.args(["print", "--shop", "casino", "--style", "english-42", "--out", "x"]);
    let output = output.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("casino"));
}
