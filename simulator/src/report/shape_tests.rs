//! The published schema and the page are what the types and the code make of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::sample::{self, SMALL};
use super::{Distribution, FILE_HTML, FILE_JSON, Report, SCHEMA, html, read, write};

/// Compares a golden file, or writes it where `UPDATE_GOLDEN` is set.
fn golden(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, found).expect("a file");
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(
        expected == found,
        "{} differs from line {:?} on; UPDATE_GOLDEN=1 rewrites it, then read the diff",
        path.display(),
        differs.map(|line| line + 1)
    );
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn published() -> PathBuf {
    package().join("../docs/report.schema.json")
}

#[test]
fn the_published_schema_is_the_one_of_the_types() {
    let mut schema = schemars::schema_for!(Report).to_value();
    schema["title"] = "report.json of possim, schema version 1".into();
    schema["properties"]["schema"]["const"] = SCHEMA.into();
    let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    golden(&published(), &text);
}

#[test]
fn the_page_of_a_sample_is_the_one_that_was_looked_at() {
    let page = html(&sample::report_of(SMALL));
    golden(&package().join("golden/report/report.html"), &page);
}

/// The keywords of the published schema, and no others: one that is unknown here is an error.
fn check(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let Value::Object(rules) = schema else {
        return if schema == &Value::Bool(true) { Ok(()) } else { Err(format!("{at}: refused")) };
    };
    for (rule, wanted) in rules {
        match rule.as_str() {
            "$schema" | "title" | "description" | "format" | "$defs" | "default" => {}
            "$ref" => {
                let pointer = wanted.as_str().and_then(|text| text.strip_prefix('#'));
                let target = pointer.and_then(|pointer| root.pointer(pointer));
                check(value, target.ok_or("a dangling $ref")?, root, at)?;
            }
            "type" => {
                let names = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
                if !names.iter().any(|name| is_a(value, name.as_str().unwrap_or_default())) {
                    return Err(format!("{at}: expected {wanted}, found {value}"));
                }
            }
            "const" if value == wanted => {}
            "enum" if wanted.as_array().is_some_and(|known| known.contains(value)) => {}
            "oneOf" | "anyOf" => {
                let known = wanted.as_array().ok_or("a list")?;
                if !known.iter().any(|one| check(value, one, root, at).is_ok()) {
                    return Err(format!("{at}: expected one of {wanted}, found {value}"));
                }
            }
            "minimum" if value.as_f64() >= wanted.as_f64() => {}
            "required" => {
                for name in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    value.get(name).ok_or(format!("{at}: expected {name}, found it missing"))?;
                }
            }
            "properties" => {
                for (name, schema) in wanted.as_object().unwrap_or(&Map::new()) {
                    if let Some(value) = value.get(name) {
                        check(value, schema, root, &format!("{at}.{name}"))?;
                    }
                }
            }
            "items" => {
                for value in value.as_array().into_iter().flatten() {
                    check(value, wanted, root, &format!("{at}[]"))?;
                }
            }
            "additionalProperties" => {
                let named = rules.get("properties").and_then(Value::as_object);
                for (name, value) in value.as_object().into_iter().flatten() {
                    if named.is_none_or(|named| !named.contains_key(name)) {
                        check(value, wanted, root, &format!("{at}.{name}"))?;
                    }
                }
            }
            _ => return Err(format!("{at}: {rule} {wanted} does not hold of {value}")),
        }
    }
    Ok(())
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        _ => name == "number" && value.is_number(),
    }
}

#[test]
fn a_report_is_valid_by_the_published_schema_and_a_broken_one_is_not() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(published()).expect("a schema")).expect("JSON");
    let good = sample::report_of(SMALL).value();
    check(&good, &schema, &schema, "report").expect("a valid report");
    let breaks: [(&str, Value); 5] = [
        ("/lost", Value::from(-1)),
        ("/schema", Value::from(2)),
        ("/verdict", Value::from("perfect")),
        ("/latency/print_to_journal/urgent/p99", Value::from("5 ms")),
        ("/series/told/0", Value::from(0.5)),
    ];
    for (pointer, value) in breaks {
        let mut broken = good.clone();
        *broken.pointer_mut(pointer).expect("a field") = value;
        assert!(check(&broken, &schema, &schema, "report").is_err(), "{pointer}");
    }
    let mut broken = good.clone();
    broken.as_object_mut().expect("an object").remove("late");
    assert!(check(&broken, &schema, &schema, "report").is_err(), "without late");
}

#[test]
fn a_report_is_written_and_read_again_unchanged() {
    let dir = tempfile::tempdir().expect("a directory");
    let report = sample::report_of(SMALL);
    write(&dir.path().join("new"), &report).expect("a disk");
    for path in [dir.path().join("new"), dir.path().join("new").join(FILE_JSON)] {
        // Not assert_eq: nobody wants to read two of them.
        assert!(read(&path).expect("a report") == report, "{}", path.display());
    }
    let text = fs::read_to_string(dir.path().join("new").join(FILE_JSON)).expect("a report");
    assert!(text.starts_with("{\n\"schema\":1,\n\"sold\":200,\n"), "{}", &text[..40]);
    assert!(text.contains("\n\"lost\":3,\n") && text.ends_with("]}\n}\n"));
    let page = fs::read_to_string(dir.path().join("new").join(FILE_HTML)).expect("a page");
    assert!(page.starts_with("<!doctype html>"));
    let left: Vec<_> = fs::read_dir(dir.path().join("new")).expect("a directory").collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn what_is_no_report_or_of_another_version_is_said_so() {
    let dir = tempfile::tempdir().expect("a directory");
    let missing = read(dir.path()).expect_err("no report").to_string();
    assert!(missing.contains("hint: give the directory of --report"), "{missing}");
    for (text, part) in [("{\"schema\":7}", "found 7"), ("[1", "something else"), ("{}", "else")] {
        fs::write(dir.path().join(FILE_JSON), text).expect("a file");
        let error = read(dir.path()).expect_err("no report").to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn every_figure_of_a_report_can_be_asked_for() {
    let (scenario, report) = (sample::scenario(), sample::report_of(SMALL));
    let mut asking = scenario.clone();
    let figures = super::paths::figures(&report.value());
    assert!(figures.len() > 200, "{}", figures.len());
    for (what, (_, unit)) in figures {
        // What kinds of trouble there are is known afterwards.
        if what.starts_with("troubles.kinds.") {
            continue;
        }
        let bound = match unit {
            super::paths::Unit::Time => crate::scenario::Limit::Time(std::time::Duration::ZERO),
            super::paths::Unit::Number => crate::scenario::Limit::Number(0.0),
        };
        asking.thresholds[0] = crate::scenario::Threshold {
            what: what.clone(),
            max: Some(bound),
            ..scenario.thresholds[0].clone()
        };
        assert_eq!(Report::check(&asking), Ok(()), "{what}");
    }
}

#[test]
fn a_slip_that_never_came_is_in_no_percentile_and_is_counted() {
    let report = sample::report_of(SMALL);
    let shown: &Distribution = &report.latency.print_to_shown.all;
    assert_eq!((shown.count, shown.missing), (197, 3));
    let by_shop: u64 = report.shops.values().map(|shop| shop.print_to_shown.all.count).sum();
    assert_eq!(by_shop, 197, "every slip is some shop's");
    let journal = &report.latency.print_to_journal;
    assert_eq!((journal.ordinary.count, journal.urgent.count), (196, 4));
}

#[test]
fn a_wait_before_printing_counts_from_the_intended_moment_only() {
    let (mut recorded, account) = sample::run(SMALL);
    let before = Report::of(&sample::scenario(), &recorded, &account, "");
    // Every customer was due a minute earlier than the generator came to it.
    for slip in &mut recorded.books.slips {
        let later = 60_000_000;
        slip.began_us += later;
        slip.printed_us += later;
    }
    let mut account = account;
    for telling in &mut account.tellings {
        telling.journalled_us = telling.journalled_us.map(|us| us + 60_000_000);
    }
    let after = Report::of(&sample::scenario(), &recorded, &account, "");
    assert!(after.latency.print_to_journal == before.latency.print_to_journal);
    let least = after.latency.intended_to_journal.curve[0].us;
    assert!(least > 59_900_000, "to three digits: {least}");
}

#[test]
fn a_page_of_a_void_or_an_empty_run_is_whole() {
    let (mut recorded, _) = sample::run(SMALL);
    recorded.books = crate::ledger::Books::default();
    recorded.samples.clear();
    let reproach = crate::load::Reproach::Failed { what: "no <till> printed".to_owned() };
    recorded.reproaches.push(reproach);
    let report = Report::of(&sample::scenario(), &recorded, &crate::ledger::Account::default(), "");
    assert_eq!(report.verdict, super::Verdict::Void);
    let page = html(&report);
    assert!(page.contains("says nothing about the bridge: no &lt;till&gt; printed."), "{page}");
    assert!(page.contains("nothing was measured") && page.ends_with("</html>\n"), "{page}");
    assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
}
