//! Through an HTTP proxy, and what it says when it does not like that.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::support::{Authority, BODY, OK, PASSWORD, PATIENT, TOKEN, encrypted, robot, send};
use crate::clock::Clock;
use crate::config::Robot;
use crate::dingtalk::{Answer, Obstacle, Outcome, RobotClient};
use crate::secret::Secret;

/// How a proxy answers CONNECT.
#[derive(Clone, Copy)]
enum Manner {
    /// Lets it through.
    Open,
    /// Wants the password, then lets it through.
    Locked,
    /// Answers with this line.
    Says(&'static str),
}

/// Time in which the test proxy looks at one side before it turns to the other.
const GLANCE: Duration = Duration::from_millis(5);

/// A proxy, and everything that it saw.
fn proxy(manner: Manner) -> (u16, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let (saw, seen) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(GLANCE)).expect("a socket");
            serve(stream, manner, &saw);
        }
    });
    (port, seen)
}

/// The same behind TLS.
fn encrypted_proxy(authority: &Authority) -> (u16, Receiver<Vec<u8>>) {
    let config = authority.vouch("localhost", |_| {});
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let (saw, seen) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(GLANCE)).expect("a socket");
            let connection = rustls::ServerConnection::new(config.clone()).expect("a config");
            serve(rustls::StreamOwned::new(connection, stream), Manner::Locked, &saw);
        }
    });
    (port, seen)
}

/// Reads what is there now: nothing at a glance is no end.
fn glance(stream: &mut impl Read, part: &mut [u8]) -> Option<usize> {
    match stream.read(part) {
        Ok(0) => None,
        Ok(n) => Some(n),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Some(0)
        }
        Err(_) => None,
    }
}

fn serve(mut client: impl Read + Write, manner: Manner, saw: &Sender<Vec<u8>>) {
    let (mut head, mut part) = (Vec::new(), [0; 16 * 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        let Some(n) = glance(&mut client, &mut part) else { return };
        head.extend_from_slice(&part[..n]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let _ = saw.send(head);
    let key = STANDARD.encode(format!("shop:{PASSWORD}"));
    let unlocked = text.to_lowercase().contains(&format!("basic {}", key.to_lowercase()));
    let line = match manner {
        Manner::Says(line) => line,
        Manner::Locked if !unlocked => "407 Proxy Authentication Required",
        Manner::Open | Manner::Locked => "200 Connection established",
    };
    write!(client, "HTTP/1.1 {line}\r\n\r\n").expect("a reader");
    let _ = client.flush();
    let target = text.split(' ').nth(1).expect("CONNECT HOST:PORT").to_owned();
    if line.starts_with("200") {
        let server = TcpStream::connect(target).expect("the test's server");
        server.set_read_timeout(Some(GLANCE)).expect("a socket");
        pump(client, server, saw);
    }
}

/// Copies both ways until one side ends.
fn pump(mut client: impl Read + Write, mut server: TcpStream, saw: &Sender<Vec<u8>>) {
    let mut part = [0; 16 * 1024];
    while let Some(n) = glance(&mut client, &mut part) {
        let _ = saw.send(part[..n].to_vec());
        let Ok(()) = server.write_all(&part[..n]) else { return };
        let Some(n) = glance(&mut server, &mut part) else { return };
        let Ok(()) = client.write_all(&part[..n]).and_then(|()| client.flush()) else { return };
    }
}

async fn ask(proxy: &str, server: u16, ca_file: Option<PathBuf>) -> Answer {
    let robot = Robot {
        proxy: Some(Secret::new(proxy)),
        ca_file,
        ..robot(&format!("https://localhost:{server}"))
    };
    let client = RobotClient::patient(&robot, Clock::real(), PATIENT).expect("a robot");
    send(&client).await
}

/// A robot's server, its authority, and where that is written.
fn shop() -> (u16, Authority, PathBuf, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let authority = Authority::new("Shop CA");
    let ca_file = dir.path().join("ca.pem");
    authority.write_to(&ca_file);
    (encrypted(&authority.vouch("localhost", |_| {})), authority, ca_file, dir)
}

fn was_not_sent(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Transient { code: None, .. })
}

#[tokio::test]
async fn a_proxy_carries_the_message_and_sees_neither_token_nor_words() {
    let (server, authority, ca_file, _dir) = shop();
    let (open, saw_open) = proxy(Manner::Open);
    let (locked, saw_locked) = proxy(Manner::Locked);
    let (inside_tls, saw_inside) = encrypted_proxy(&authority);
    for (url, seen) in [
        (format!("http://127.0.0.1:{open}"), saw_open),
        (format!("http://shop:pa%3Ass-1@127.0.0.1:{locked}"), saw_locked),
        (format!("https://shop:pa%3Ass-1@localhost:{inside_tls}"), saw_inside),
    ] {
        let answer = ask(&url, server, Some(ca_file.clone())).await;
        assert_eq!(answer.outcome, Outcome::Delivered, "{answer:?}");
        let saw: Vec<u8> = seen.try_iter().flatten().collect();
        let saw = String::from_utf8_lossy(&saw);
        assert!(saw.starts_with(&format!("CONNECT localhost:{server} ")), "it was asked: {saw}");
        assert!(saw.len() > 500, "and everything went through it: {}", saw.len());
        assert!(!saw.contains(TOKEN) && !saw.contains(BODY) && !saw.contains(OK), "{saw}");
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_help_is_told_apart_and_nothing_is_sent() {
    let (server, _, ca_file, _dir) = shop();
    let (locked, _seen_locked) = proxy(Manner::Locked);
    let (denies, _seen_denies) = proxy(Manner::Says("403 Forbidden"));
    let (lost, _seen_lost) = proxy(Manner::Says("502 Bad Gateway"));
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let gone = free.local_addr().expect("bound").port();
    drop(free);
    let at = |port: u16| format!("http://127.0.0.1:{port}");
    for (url, expected) in [
        (at(locked), Obstacle::ProxyPassword),
        (format!("http://shop:wrong@127.0.0.1:{locked}"), Obstacle::ProxyPassword),
        (at(denies), Obstacle::ProxyDenied),
        (at(lost), Obstacle::ProxyDenied),
        (at(gone), Obstacle::NoProxy),
        ("http://shop:pa%3Ass-1@posbridge.invalid:3128".to_owned(), Obstacle::NoProxy),
    ] {
        let answer = ask(&url, server, Some(ca_file.clone())).await;
        assert!(was_not_sent(&answer), "{answer:?}");
        assert_eq!(answer.obstacle, Some(expected), "{answer:?}");
    }
}

#[tokio::test]
async fn behind_a_proxy_a_stranger_is_still_refused_and_named() {
    let (server, ..) = shop();
    let (open, _seen) = proxy(Manner::Open);
    let answer = ask(&format!("http://127.0.0.1:{open}"), server, None).await;
    assert!(was_not_sent(&answer), "{answer:?}");
    let issuer = Some("Shop CA".to_owned());
    assert_eq!(answer.obstacle, Some(Obstacle::Stranger { issuer }), "{answer:?}");
}
