//! `events` and `replay` on a journal that a real daemon wrote.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::Value;

use crate::harness::{Daemon, ROBOT, until};

fn config(daemon: &Daemon, currency: &str) -> String {
    format!(
        "[shop]\ncurrency = \"{currency}\"\n[[source]]\nname = \"till\"\nkind = \"file\"\npath = {:?}\n{ROBOT}",
        daemon.path("till.bin").display().to_string()
    )
}

fn receipt(number: u32) -> Vec<u8> {
    let text = format!(
        "\x1b@TEA HOUSE\nReceipt No. {number}\nMilk tea          18.00\nTotal             18.00\n\
         Cash              18.00\nTel 9123 4567\n\n\x1dV\x00"
    );
    text.into_bytes()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A daemon that has journalled three receipts.
fn daemon() -> Daemon {
    let mut daemon = Daemon::new();
    let bytes: Vec<u8> = (1001..=1003).flat_map(receipt).collect();
    std::fs::write(daemon.path("till.bin"), bytes).expect("room");
    daemon.configure(&config(&daemon, "HKD"));
    daemon.start();
    until("three events", || daemon.status()["events"].as_u64().filter(|count| *count == 3));
    daemon
}

#[test]
fn events_are_filtered_by_kind_source_number_and_time() {
    let daemon = daemon();
    let count = |arguments: &[&str]| {
        let (code, out, err) = daemon.posbridge("events", arguments);
        assert_eq!(code, 0, "{err}");
        lines(&out).len()
    };
    assert_eq!(count(&[]), 3);
    assert_eq!(count(&["--number", "1002"]), 1);
    assert_eq!(count(&["--kind", "sale", "--kind", "refund", "--source", "till"]), 3);
    assert_eq!(count(&["--kind", "no_sale"]), 0);
    assert_eq!(count(&["--source", "other"]), 0);
    assert_eq!((count(&["--since", "1h"]), count(&["--since", "2099-01-01"])), (3, 0));
    let (code, _, err) = daemon.posbridge("events", &["--kind", "sold"]);
    assert!(code == 2 && err.contains("expected sale, refund"), "{err}");
    let (code, _, err) = daemon.posbridge("events", &["--since", "lunch"]);
    assert!(code == 2 && err.contains("expected a time for --since"), "{err}");
}

#[test]
fn events_that_are_followed_come_as_they_are_committed_also_after_a_restart() {
    let mut daemon = daemon();
    let mut command = daemon.command("events", &["--follow", "--kind", "sale"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut number = || -> Value {
        let line = lines.next().expect("a line").expect("text");
        let event: Value = serde_json::from_str(&line).expect("JSON");
        event["receipt"]["number"].clone()
    };
    assert_eq!([number(), number(), number()], ["1001", "1002", "1003"]);
    let till = std::fs::File::options().append(true).open(daemon.path("till.bin"));
    let mut till = till.expect("there");
    till.write_all(&receipt(1004)).expect("room");
    assert_eq!(number(), "1004");
    assert_eq!(daemon.stop(), 0);
    till.write_all(&receipt(1005)).expect("room");
    daemon.spawn_with("run", &["--attach"], &[]);
    let next = number();
    child.kill().expect("running");
    child.wait().expect("ends");
    assert_eq!(next, "1005");
}

#[test]
fn replay_shows_what_changed_and_accepting_it_corrects_once_and_sends_nothing() {
    let mut daemon = daemon();
    let notices = |daemon: &Daemon| -> u64 {
        let status = daemon.status();
        let rows = status["outbox"].as_array().expect("a list");
        rows.iter().filter_map(|row| row["count"].as_u64()).sum()
    };
    assert_eq!(notices(&daemon), 3);
    let (code, out, err) = daemon.posbridge("replay", &[]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("3 events are read as they were, 0 otherwise, 0 are new or gone"),
        "{err}"
    );

    // The shop finds out that its till rings up another currency.
    daemon.configure(&config(&daemon, "CNY"));
    let (code, out, err) = daemon.posbridge("replay", &[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("changed  ") && out.contains(" sale #1001"), "{out}");
    assert!(out.contains("receipt.currency: \"HKD\" -> \"CNY\""), "{out}");
    let shown: Vec<&str> = out.lines().filter(|line| line.starts_with("         ")).collect();
    assert_eq!(shown.len(), 3, "one field of each and nothing else: {out}");
    assert!(!out.contains("9123"), "{out}");

    let (code, _, err) = daemon.posbridge("replay", &["--accept"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("3 corrections are kept, 0 were known"), "{err}");
    let (_, out, _) = daemon.posbridge("events", &["--kind", "correction"]);
    let (_, sales, _) = daemon.posbridge("events", &["--kind", "sale"]);
    let (corrections, sales) = (lines(&out), lines(&sales));
    assert_eq!((corrections.len(), sales.len()), (3, 3));
    for (correction, sale) in corrections.iter().zip(&sales) {
        assert_eq!(correction["corrects"], sale["id"]);
        assert_eq!(correction["receipt"]["currency"], "CNY");
        assert_eq!(correction["evidence"]["fields"]["kind"]["rule"], "sale");
        assert_eq!(sale["receipt"]["currency"], "HKD", "a committed event never changes");
    }
    assert_eq!(notices(&daemon), 3, "nobody is told again");

    // Without a daemon the journal's lock is free, and the same is known already.
    assert_eq!(daemon.stop(), 0);
    let (code, _, err) = daemon.posbridge("replay", &["--accept"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("0 corrections are kept, 3 were known"), "{err}");
}
