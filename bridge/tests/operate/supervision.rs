//! What the service manager and a monitor see of the real program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::time::Duration;

use crate::harness::{DEADLINE, Daemon, ROBOT, until};

fn config(daemon: &Daemon) -> String {
    let path = daemon.path("till.bin");
    std::fs::write(&path, b"").expect("room");
    let path = path.display().to_string();
    format!("[[source]]\nname = \"till\"\nkind = \"file\"\npath = {path:?}\n{ROBOT}")
}

fn heard(socket: &UnixDatagram, wanted: &str) {
    let mut buffer = [0; 1024];
    loop {
        let count = socket.recv(&mut buffer).unwrap_or_else(|error| panic!("{wanted}: {error}"));
        if buffer[..count].starts_with(wanted.as_bytes()) {
            return;
        }
    }
}

#[test]
fn both_processes_tell_the_service_manager_how_they_are() {
    let mut daemon = Daemon::new();
    daemon.configure(&config(&daemon));
    for verb in ["wire", "run"] {
        let path = daemon.path(&format!("notify-{verb}"));
        let manager = UnixDatagram::bind(&path).expect("binds");
        manager.set_read_timeout(Some(DEADLINE)).expect("a socket");
        let period = std::path::Path::new("2000000");
        let attach: &[&str] = if verb == "run" { &["--attach"] } else { &[] };
        daemon.spawn_with(verb, attach, &[("NOTIFY_SOCKET", &path), ("WATCHDOG_USEC", period)]);
        heard(&manager, "READY=1");
        heard(&manager, "STATUS=");
        heard(&manager, "WATCHDOG=1");
        heard(&manager, "WATCHDOG=1");
        if verb == "run" {
            assert_eq!(daemon.stop(), 0, "{}", daemon.log());
            heard(&manager, "STOPPING=1");
        }
    }
}

/// A wire process that names a ring that is none. It is gone when the value is dropped.
fn false_wire(daemon: &Daemon) -> std::sync::mpsc::Sender<()> {
    let run = daemon.path("run");
    posbridge::runtime_dir::RuntimeDir::at(&run).expect("a runtime directory");
    std::fs::write(run.join("ring"), b"no ring at all").expect("room");
    let listener = UnixListener::bind(run.join("wire.sock")).expect("binds");
    listener.set_nonblocking(true).expect("a socket");
    let hello = serde_json::json!({ "pid": 1, "generation": "g", "ring": run.join("ring") });
    let (held, stop) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut peers = Vec::new();
        while stop.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
            match listener.accept() {
                Ok((mut stream, _)) => {
                    // One that is gone again asked for the status only.
                    let _gone = writeln!(stream, "{hello}");
                    peers.push(stream);
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    });
    held
}

#[test]
fn a_stage_that_fails_twice_is_back_in_the_same_process() {
    let mut daemon = Daemon::new();
    daemon.configure(&config(&daemon));
    let false_wire = false_wire(&daemon);
    let pid = daemon.spawn_with("run", &["--attach"], &[]);
    let failed = || daemon.log().matches("a stage failed, starting it again").count();
    until("two failures", || (failed() >= 2).then_some(()));
    drop(false_wire);
    daemon.spawn("wire", &[]);
    until("a ready daemon", || daemon.status()["ready"].as_bool().filter(|ready| *ready));
    let status = daemon.status();
    assert_eq!(status["pid"].as_u64(), Some(u64::from(pid)));
    assert!(status["health"]["restarts"]["ingest"].as_u64() >= Some(2), "{status}");
    assert_eq!(status["trouble"], serde_json::Value::Null, "what is over is no trouble");
}

#[test]
fn a_brain_that_is_to_attach_starts_no_wire_process() {
    let mut daemon = Daemon::new();
    daemon.configure(&config(&daemon));
    daemon.spawn_with("run", &["--attach"], &[]);
    until("a word about it", || {
        let status = daemon.status();
        let trouble = status["trouble"].as_str()?;
        trouble.starts_with("no wire process listens on ").then_some(())
    });
    daemon.spawn("wire", &[]);
    until("a ready daemon", || daemon.status()["ready"].as_bool().filter(|ready| *ready));
    assert!(!daemon.log().contains("started the wire process"), "{}", daemon.log());
}

#[test]
fn a_stage_that_fails_for_ever_ends_the_process_with_an_error() {
    let mut daemon = Daemon::new();
    daemon.configure(&config(&daemon));
    let _wire = false_wire(&daemon);
    daemon.spawn_with("run", &["--attach"], &[]);
    assert_eq!(daemon.ended(), 1, "{}", daemon.log());
    let log = daemon.log();
    assert!(log.contains("expected ingest to stay up, found it failed after 5 restarts"), "{log}");
    assert_eq!(log.matches("a stage failed, starting it again").count(), 5, "{log}");
}

#[test]
fn a_monitor_is_answered_where_it_is_configured() {
    let mut daemon = Daemon::new();
    daemon.configure(&format!("{}\n[web]\nlisten = \"127.0.0.1:0\"\n", config(&daemon)));
    daemon.start();
    let address = until("an address", || {
        let log = daemon.log();
        let at = log.split("http://").nth(1)?;
        Some(at.split('/').next()?.to_owned())
    });
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("room");
        let mut answer = String::new();
        BufReader::new(stream).read_to_string(&mut answer).expect("an answer");
        answer
    };
    assert!(ask("/healthz").starts_with("HTTP/1.1 200 OK\r\n"), "{}", daemon.log());
    let numbers = ask("/metrics");
    for line in ["posbridge_ready 1", "posbridge_source_open{source=\"till\"} 1"] {
        assert!(numbers.lines().any(|found| found == line), "{line} is not in\n{numbers}");
    }
    let first = numbers.as_bytes().lines().next().expect("a line").expect("text");
    assert_eq!(first, "HTTP/1.1 200 OK");
}

#[test]
fn a_health_address_that_is_taken_stops_nothing_else() {
    let mut daemon = Daemon::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound");
    daemon.configure(&format!("{}\n[web]\nlisten = \"{address}\"\n", config(&daemon)));
    daemon.start();
    let trouble =
        until("a word about it", || daemon.status()["trouble"].as_str().map(str::to_owned));
    assert!(trouble.contains(&format!("expected to listen on [web] {address}")), "{trouble}");
    assert_eq!(daemon.stop(), 0, "{}", daemon.log());
}
