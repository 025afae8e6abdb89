//! A robot is reset in the middle of the day: from the parked queue to the group without a restart.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::harness::{Daemon, until};

const RECEIPT: &str = "TEA HOUSE\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n";

/// A group whose robot has one good token. It outlives the test's end by nothing.
fn group(token: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream, token));
        }
    });
    address
}

fn answer(stream: TcpStream, token: &str) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        stream.read_line(&mut first).ok().filter(|count| *count > 0)?;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).ok()?;
            let line = line.to_ascii_lowercase();
            if let Some(count) = line.strip_prefix("content-length:") {
                length = count.trim().parse().ok()?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        let good = first.contains(&format!("access_token={token}"));
        let said = if good {
            r#"{"errcode":0,"errmsg":"ok"}"#
        } else {
            r#"{"errcode":300005,"errmsg":"token is not exist"}"#
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            said.len()
        );
        stream.get_mut().write_all((head + said).as_bytes()).ok()?;
    }
}

/// A shop that has sold once, to a group whose robot was reset.
fn shop(group: SocketAddr) -> Daemon {
    let daemon = Daemon::new();
    std::fs::write(daemon.path("till.bin"), RECEIPT).expect("room");
    daemon.configure(&format!(
        "[shop]\nlanguage = \"en\" # for the manager\n\
         [[source]]\nname = \"till\"\nkind = \"file\"\npath = \"till.bin\"\nidle = \"200ms\"\n\
         [[robot]]\nname = \"owner\"\nurl = \"http://{group}/robot/send?access_token=0ld\"\n\
         sales = \"each\"\n"
    ));
    daemon
}

fn states(daemon: &Daemon) -> Vec<(String, u64)> {
    let status = daemon.status();
    let rows = status["outbox"].as_array().cloned().unwrap_or_default();
    let word = |row: &Value| row["state"].as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (word(row), row["count"].as_u64().unwrap_or_default())).collect()
}

/// Everything that is there is in this state; an alarm may be among it.
fn is(daemon: &Daemon, state: &str) -> Option<()> {
    let found = states(daemon);
    (!found.is_empty() && found.iter().all(|(found, _)| found == state)).then_some(())
}

#[test]
fn a_robot_that_was_reset_gets_its_new_address_and_its_queue_leaves_without_a_restart() {
    let group = group("n3w");
    let mut daemon = shop(group);
    daemon.start();
    until("a parked sale", || is(&daemon, "parked"));
    let (code, out, err) = daemon.posbridge("outbox", &["list"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("parked") && out.contains("sale") && out.contains("owner"), "{out}");

    let url = format!("http://{group}/robot/send?access_token=n3w");
    let (code, _, err) = daemon.posbridge("robot", &["set", "owner", "--url", &url]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("the running bridge uses them from now on"), "{err}");
    let text = std::fs::read_to_string(daemon.path("posbridge.toml")).expect("there");
    assert!(text.contains("url_file = \"owner.url\"") && text.contains("# for the manager"));
    assert!(!text.contains("0ld") && !text.contains("n3w"), "{text}");

    let (code, out, err) = daemon.posbridge("send-test", &["--robot", "owner"]);
    assert_eq!(code, 0, "{out}{err}");
    until("a delivered sale", || is(&daemon, "delivered"));
    let log = daemon.log();
    assert!(log.contains("new from now on: robot owner"), "{log}");
    assert!(!log.contains("0ld") && !log.contains("n3w"), "a token in the log:\n{log}");
    let pid = daemon.status()["pid"].clone();
    assert_eq!(pid, Value::from(daemon.pid()), "the same process");
}

#[test]
fn a_hangup_reads_the_file_again_and_a_broken_one_changes_nothing() {
    let group = group("n3w");
    let mut daemon = shop(group);
    daemon.start();
    until("a parked sale", || is(&daemon, "parked"));
    let text = std::fs::read_to_string(daemon.path("posbridge.toml")).expect("there");
    let hang_up = |daemon: &Daemon| {
        let pid = Pid::from_raw(i32::try_from(daemon.pid()).expect("a pid"));
        kill(pid, Signal::SIGHUP).expect("running");
    };
    daemon.configure(&text.replace("sales", "slaes"));
    hang_up(&daemon);
    until("the mistake in the log", || {
        daemon.log().contains("did you mean `sales`?").then_some(())
    });
    assert!(daemon.log().contains("the configuration stays as it was"));
    is(&daemon, "parked").expect("the old address still");

    let other = text.replace("0ld", "n3w").replace("till.bin", "other.bin");
    daemon.configure(&other);
    hang_up(&daemon);
    until("a delivered sale", || is(&daemon, "delivered"));
    let log = daemon.log();
    assert!(log.contains("needs a restart of both services: [[source]]"), "{log}");
}

#[test]
fn without_a_bridge_the_file_is_changed_all_the_same_and_wrong_ones_are_refused() {
    let daemon = shop(group("n3w"));
    let before = std::fs::read_to_string(daemon.path("posbridge.toml")).expect("there");
    for (arguments, found) in [
        (&["set", "ownre", "--keyword", "x"][..], "did you mean \"owner\"?"),
        (&["set", "owner", "--url", "http://example.com/?access_token=n3w"], "https:// URL"),
        (&["set", "owner"], "required arguments"),
        (&["set", "owner", "--secret-file", "missing"], "expected a secret in"),
    ] {
        let (code, _, err) = daemon.posbridge("robot", arguments);
        assert!(code == 2 && err.contains(found) && !err.contains("n3w"), "{code} {err}");
        let after = std::fs::read_to_string(daemon.path("posbridge.toml")).expect("there");
        assert_eq!(after, before);
    }
    let words = ["set", "owner", "--keyword", "收銀", "--keyword", "till"];
    let (code, _, err) = daemon.posbridge("robot", &words);
    assert!(code == 0 && err.contains("no bridge runs here"), "{err}");
    let (code, out, _) = daemon.posbridge("robot", &["list", "--json"]);
    let robot: Value = serde_json::from_str(&out).expect("one line");
    assert_eq!((code, &robot["keywords"][0]), (0, &Value::from("收銀")));
    assert_eq!((&robot["host"], &robot["signs"]), (&"127.0.0.1".into(), &false.into()));
    let (_, out, _) = daemon.posbridge("robot", &["list"]);
    assert!(out.contains("owner: 127.0.0.1") && !out.contains("0ld"), "{out}");
}

#[test]
fn messages_are_explained_dropped_and_tried_again_with_and_without_a_bridge() {
    let mut daemon = shop(group("n3w"));
    daemon.start();
    until("a parked sale", || is(&daemon, "parked"));
    let (_, out, _) = daemon.posbridge("outbox", &["list", "--json", "--state", "parked"]);
    let row: Value = serde_json::from_str(out.lines().next().expect("one")).expect("JSON");
    let id = row["id"].to_string();
    let (code, out, err) = daemon.posbridge("outbox", &["show", &id]);
    assert_eq!(code, 0, "{err}");
    for part in ["state     parked", "try 1", "by owner: config 300005", "Copy the webhook"] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    let (code, _, err) = daemon.posbridge("outbox", &["retry", &id]);
    assert!(code == 0 && err.contains("1 messages are due at once"), "{err}");
    until("a second try", || {
        let (_, out, _) = daemon.posbridge("outbox", &["show", &id, "--json"]);
        let shown: Value = serde_json::from_str(&out).expect("JSON");
        (shown["attempts"] == 2 && shown["state"] == "parked").then_some(())
    });
    let (code, _, err) = daemon.posbridge("outbox", &["drop", &id, "99", "--why", "a test"]);
    assert!(code == 1 && err.contains("nothing was done for 99"), "{code} {err}");
    is(&daemon, "dropped").expect("the other was dropped");
    assert_eq!(daemon.stop(), 0);

    let (code, _, err) = daemon.posbridge("outbox", &["retry", &id]);
    assert!(code == 0, "the lock is free: {err}");
    let (_, out, _) = daemon.posbridge("outbox", &["list", "--robot", "owner"]);
    assert!(out.contains("queued"), "{out}");
    for (arguments, code, found) in [
        (&["show", "99"][..], 1, "expected a message in the outbox, found no 99"),
        (&["list", "--robot", "boss"], 2, "expected a robot (owner), found \"boss\""),
        (&["list", "--state", "lost"], 2, "expected queued, merged"),
        (&["retry"], 2, "required"),
    ] {
        let (found_code, _, err) = daemon.posbridge("outbox", arguments);
        assert!(found_code == code && err.contains(found), "{found_code} {err}");
    }
}
