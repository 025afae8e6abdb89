//! The doctor, and the list of ports.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::harness::Daemon;

fn configure(daemon: &Daemon, robot: &str, port: &str) {
    daemon.configure(&format!(
        "[[source]]\nname = \"till\"\nkind = \"serial-tap\"\nport = {port:?}\n\
         [[robot]]\nname = \"owner\"\nurl = \"http://{robot}/robot/send?access_token=tok-0001\"\n"
    ));
}

/// Answers one request as a host whose clock shows 2020; what was asked.
fn host_of_2020() -> (std::net::SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a request");
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("more of the request");
            request.push(byte[0]);
        }
        let answer = "HTTP/1.1 404 Not Found\r\nDate: Sun, 22 Nov 2020 04:00:00 GMT\r\n\
                      Content-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).expect("room");
        String::from_utf8_lossy(&request).into_owned()
    });
    (address, served)
}

#[test]
fn a_host_is_reached_without_a_message_and_its_time_compared() {
    let daemon = Daemon::new();
    let (host, served) = host_of_2020();
    configure(&daemon, &host.to_string(), "/dev/no-such-port");
    let (code, out, err) = daemon.posbridge("check", &[]);
    let asked = served.join().expect("one request");
    assert!(asked.starts_with("HEAD / HTTP/1.1\r\n") && !asked.contains("tok-0001"), "{asked}");
    assert_eq!(code, 1, "{out}{err}");
    let skew = out.lines().find(|line| line.starts_with("BAD  owner: this machine's clock is "));
    assert!(skew.is_some_and(|line| line.ends_with(" s off its host's")), "{out}");
    assert!(out.contains("BAD  till: serial port /dev/no-such-port is not there"), "{out}");
    assert!(out.contains("     hint: posbridge ports lists what is there"), "{out}");
    assert!(out.contains("the shop's time is ") && out.contains(" HKT"), "{out}");
    assert!(!out.contains("tok-0001") && !err.contains("tok-0001"));
}

#[test]
fn a_host_that_cannot_be_reached_is_bad_and_offline_is_not_asked() {
    let daemon = Daemon::new();
    let pty = nix::pty::openpty(None, None).expect("a pty");
    let port = nix::unistd::ttyname(&pty.slave).expect("its name").display().to_string();
    drop(pty.slave);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr();
    configure(&daemon, &nobody.expect("bound").to_string(), &port);
    let findings = |arguments: &[&str]| -> Vec<Value> {
        let (_, out, _) = daemon.posbridge("check", arguments);
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let about_host = |found: &Value| found["words"].as_str().expect("words").contains("its host");
    let online = findings(&["--json"]);
    let host = online.iter().find(|found| about_host(found)).expect("a finding");
    assert!(host["level"] == "bad" && host["hint"].is_string(), "{host}");
    let offline = findings(&["--json", "--offline"]);
    assert!(!offline.iter().any(about_host), "{offline:?}");
    let serial = |found: &&Value| found["words"].as_str().expect("words").contains(&port);
    assert_eq!(offline.iter().find(serial).expect("the port")["level"], "ok");
    assert!(!daemon.path("posbridge.db").exists(), "the doctor makes nothing");

    let (code, out, err) = daemon.posbridge("ports", &["--json"]);
    assert_eq!(code, 0, "{err}");
    let ports: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let ours = ports.iter().find(|found| found["path"] == port.as_str()).expect("the pty");
    assert!(ours["source"] == "till" && ours["may_open"] == true, "{ours}");
    let (code, out, _) = daemon.posbridge("ports", &[]);
    assert!(code == 0 && out.contains("  source    till"), "{out}");
}
