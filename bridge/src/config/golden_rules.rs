//! Golden tests: bad rules and thresholds, and the exact words a person gets (`golden_rules.txt`).

use std::path::Path;

use super::golden::{ROBOT, SOURCE, accepted};
use super::parse_in;

fn refused(mistake: &str) -> String {
    let text = format!("{SOURCE}{ROBOT}{mistake}");
    let error = parse_in(&text, Path::new("posbridge.toml"), &|_| None).expect_err(mistake);
    error.to_string()
}

/// Each case is a mistake, `-----`, the error, `=====`.
#[test]
fn every_mistake_in_a_rule_is_told_in_exactly_these_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/golden_rules.txt");
    let golden = std::fs::read_to_string(&path).expect("the golden file");
    let mut found = String::new();
    for case in golden.split_terminator("=====\n") {
        let (mistake, _) = case.split_once("-----\n").expect("two parts");
        found.extend([mistake, "-----\n", &refused(mistake), "\n=====\n"]);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the source tree can be written");
        return;
    }
    assert_eq!(golden, found, "UPDATE_GOLDEN=1 rewrites it");
    assert!(golden.matches("=====\n").count() > 25);
}

#[test]
fn a_mistake_in_a_text_of_its_own_is_told_in_that_files_lines() {
    let temp = tempfile::tempdir().expect("a directory");
    std::fs::write(temp.path().join("vip.j2"), "VIP\n{{ numbr }}\n").expect("room");
    let rule = "[[rule]]\nname = \"vip\"\non = [\"sale\"]\nsay_file = \"vip.j2\"\n";
    let text = format!("{SOURCE}{ROBOT}{rule}");
    let path = temp.path().join("posbridge.toml");
    let said = parse_in(&text, &path, &|_| None).expect_err("a mistake").to_string();
    assert!(said.contains("vip.j2:2:4: error\n"), "{said}");
    assert!(said.ends_with("found `numbr`\nhint: did you mean `number`?"), "{said}");
    std::fs::remove_file(temp.path().join("vip.j2")).expect("it was there");
    let said = parse_in(&text, &path, &|_| None).expect_err("a mistake").to_string();
    assert!(said.contains("posbridge.toml:11:12: error\n"), "{said}");
    assert!(said.contains("expected a file with the text, found "), "{said}");
    std::fs::write(temp.path().join("vip.j2"), "VIP\n{{ number }}\n").expect("room");
    assert_eq!(accepted(&text, &path, &[]).0.rules.len(), 1);
}

#[test]
fn a_condition_and_a_text_have_a_largest_size() {
    let long = format!("total > 1{}", " or total > 1".repeat(200));
    let rule = |when: &str, say: &str| {
        refused(&format!(
            "[[rule]]\nname = \"r\"\non = [\"sale\"]\nwhen = \"{when}\"\nsay = \"{say}\"\n"
        ))
    };
    assert!(rule(&long, "x").contains("expected a condition of at most 2000 bytes, found 2609"));
    let said = rule("total > 1", &"x".repeat(4_097));
    assert!(said.contains("expected a text of 1 to 4096 bytes, found 4097"), "{said}");
}

#[test]
fn a_till_may_have_thresholds_of_its_own_beside_those_of_all() {
    let text = format!(
        "{SOURCE}exceptions = {{ refunds = 9, printer = false }}\n{ROBOT}\
         [exceptions]\nrefunds = 1\nreprints = false\nbill_unpaid = \"90m\"\n"
    );
    let exceptions = accepted(&text, Path::new("posbridge.toml"), &[]).0.exceptions;
    let (own, common) = (exceptions.of("counter-1"), exceptions.of("another"));
    assert_eq!((own.refunds, common.refunds), (Some(9), Some(1)));
    assert_eq!((own.reprints, common.reprints), (None, None));
    assert_eq!((own.printer, common.printer.is_some()), (None, true));
    assert_eq!(own.bill_unpaid, Some(std::time::Duration::from_mins(90)));
}
