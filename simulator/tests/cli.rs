//! The program itself, run from outside. That it has a test of its own makes
//! `cargo test --workspace` build the binary, which the tests of `pos-tests` run.

use std::process::Command;

#[test]
fn every_shop_prints_in_the_styles_that_list_names_for_it() {
    let possim = || Command::new(env!("CARGO_BIN_EXE_possim"));
    let listed = possim().arg("list").output().expect("it runs");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let (shops, _) = listed.split_once("\nstyles:").expect("two lists");
    let dir = tempfile::tempdir().expect("a directory");
    let mut printed = 0;
    let mut shop = "";
    for line in shops.lines().skip(1) {
        let Some(styles) = line.trim().strip_prefix("styles: ") else {
            shop = line.split_whitespace().next().expect("a name");
            continue;
        };
        let style = styles.split(", ").next().expect("at least one");
        let (out, truth) = (dir.path().join("roll.bin"), dir.path().join("truth.jsonl"));
        let mut print = possim();
        print.args(["print", "--shop", shop, "--style", style, "--receipts", "3"]);
        let output = print.arg("--out").arg(&out).arg("--truth").arg(&truth).output();
        assert!(output.expect("it runs").status.success(), "{shop} {style}");
        let told = std::fs::read_to_string(truth).expect("a truth");
        assert_eq!(told.lines().count(), 3, "{shop} {style}");
        assert!(std::fs::metadata(out).expect("a roll").len() > 300, "{shop} {style}");
        printed += 1;
    }
    assert!(printed >= 13, "{printed} shops");
}

#[test]
fn a_style_that_a_shop_does_not_print_is_a_usage_mistake() {
    let mut print = Command::new(env!("CARGO_BIN_EXE_possim"));
    let print = print.args(["print", "--shop", "tokyo-ramen", "--style", "english-42"]);
    let output = print.args(["--out", "x", "--truth", "y"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint: tokyo-ramen prints"));
}

#[test]
fn a_shop_that_does_not_exist_is_a_usage_mistake() {
    let mut print = Command::new(env!("CARGO_BIN_EXE_possim"));
    let output = print.args(["print", "--shop", "casino", "--style", "english-42", "--out", "x"]);
    let output = output.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("casino"));
}
