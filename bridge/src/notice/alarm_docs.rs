//! Every alarm stands in `docs/OPERATIONS.md`, under the word that it is known by and with the words
//! that people see: whoever searches for what the group was told finds what to do.

use std::collections::BTreeSet;

use super::samples::alarms;
use super::words::alarm as words;
use crate::alarm::Alarm;
use crate::config::Language;

const OPERATIONS: &str = include_str!("../../../docs/OPERATIONS.md");

/// Every kind of alarm there is, as its reader lists them when it is given none of them.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_str::<Alarm>(r#"{"kind":""}"#).expect_err("no such alarm");
    let said = error.to_string();
    let (_, expected) = said.split_once("expected one of ").expect("a list of them");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The lines below the heading of a kind, up to the next one.
fn section(kind: &str) -> Option<String> {
    let mut lines = OPERATIONS.lines().skip_while(|line| *line != format!("### {kind}"));
    lines.next()?;
    let below: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
    Some(below.join(" "))
}

#[test]
fn every_alarm_has_a_section_that_says_what_to_do() {
    let kinds = kinds();
    assert!(kinds.len() > 10 && kinds.contains("source_silent"), "{kinds:?}");
    for kind in &kinds {
        let section = section(kind).unwrap_or_else(|| panic!("OPERATIONS.md has no ### {kind}"));
        assert!(section.len() > 100, "### {kind} of OPERATIONS.md says too little");
    }
}

#[test]
fn an_alarm_is_found_by_the_headline_that_the_group_was_shown() {
    let mut seen = BTreeSet::new();
    for alarm in alarms() {
        let key = alarm.key();
        let kind = key.split('/').next().expect("a kind");
        let section = section(kind).unwrap_or_else(|| panic!("OPERATIONS.md has no ### {kind}"));
        for language in [Language::En, Language::ZhHk] {
            // The document leaves out what stands in brackets: it is the same in every language.
            let headline = words(&alarm).headline.of(language);
            let headline = headline.split('（').next().expect("a beginning");
            assert!(section.contains(headline), "### {kind} has no \"{headline}\"");
        }
        seen.insert(kind.to_owned());
    }
    assert_eq!(seen, kinds(), "one sample of each");
}
