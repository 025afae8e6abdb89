//! The demonstration, as a newcomer runs it, shorter.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pos_tests::binaries;
use pos_tests::wait::until;
use serde_json::Value;

/// How long a demonstration may take, over and above the time it sells.
const OVERHEAD: Duration = Duration::from_secs(45);

/// A demonstration that clears away after itself even where the test fails.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            // It ends its own processes when it is asked to stop, and only then.
            let pid = i32::try_from(self.0.id()).expect("a pid");
            kill(Pid::from_raw(pid), Signal::SIGTERM).expect("our own child");
            self.0.wait().expect("our own child");
        }
    }
}

fn written(mut file: File) -> String {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).expect("text");
    text
}

/// Runs it and gives its line of JSON.
fn ledger(seconds: u64, more: &[&str]) -> Value {
    let mut demo = Command::new(binaries::path("possim"));
    let seconds_word = seconds.to_string();
    demo.args(["demo", "--seconds", &seconds_word, "--json", "--seed", "7"]).args(more);
    let (out, talk) = (tempfile::tempfile().expect("room"), tempfile::tempfile().expect("room"));
    demo.stdin(Stdio::null()).stdout(out.try_clone().expect("a file"));
    let mut running =
        Demo(demo.stderr(talk.try_clone().expect("a file")).spawn().expect("it runs"));
    let limit = Duration::from_secs(seconds) + OVERHEAD;
    let status = until(limit, "the demonstration to end", || {
        running.0.try_wait().expect("our own child").ok_or_else(|| "it runs".to_owned())
    });
    assert!(status.success(), "{status}: {}", written(talk));
    let text = written(out);
    let [line] = text.lines().collect::<Vec<_>>()[..] else { panic!("one line: {text}") };
    serde_json::from_str(line).expect("JSON")
}

/// Everything that was sold was journalled and delivered, once and as it was.
fn assert_closed(ledger: &Value, at_least: u64) {
    let sold = ledger["sold"].as_u64().expect("a count");
    assert!(sold >= at_least, "{ledger}");
    let expected = serde_json::json!({
        "sold": sold, "journalled": sold, "delivered": sold,
        "lost": 0, "duplicated": 0, "wrong": 0,
    });
    assert_eq!(*ledger, expected);
}

#[test]
fn a_short_demonstration_ends_with_a_ledger_of_zeros() {
    assert_closed(&ledger(5, &[]), 4);
}

#[test]
fn a_demonstration_with_deaths_in_it_ends_with_a_ledger_of_zeros() {
    assert_closed(&ledger(12, &["--kill"]), 12);
}
