//! A network that cuts, stalls, floods, forbids and redirects.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use nix::sys::socket::{self, sockopt};
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::{OK, PATIENT, answering, client, reading, robot, send, taking};
use crate::clock::Clock;
use crate::dingtalk::robot::Patience;
use crate::dingtalk::{Answer, Obstacle, Outcome, RobotClient};

/// Long enough for this machine's own network, short enough to wait for.
const BRIEF: Duration = Duration::from_millis(400);

/// Bytes of an answer that is far too long.
const FLOOD: usize = 100 * 1024 * 1024;

fn is_unknown(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Unknown { .. })
}

fn was_not_sent(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Transient { code: None, .. })
}

/// Closes with a reset instead of a farewell.
fn reset(stream: TcpStream) {
    let at_once = nix::libc::linger { l_onoff: 1, l_linger: 0 };
    socket::setsockopt(&stream, sockopt::Linger, &at_once).expect("a socket");
    drop(stream);
}

async fn impatient(base: &str, connect: Duration, total: Duration) -> Answer {
    let patience = Patience { connect, total };
    let client = RobotClient::patient(&robot(base), Clock::real(), patience).expect("a robot");
    send(&client).await
}

#[tokio::test]
async fn a_connection_that_is_lost_is_unknown_whenever_it_was_lost() {
    let before_it_was_read = format!(
        "http://127.0.0.1:{}",
        taking(|stream| {
            // Any sooner, and the connection would not have come about.
            stream.peek(&mut [0; 1]).expect("a request");
            reset(stream);
        })
    );
    let while_it_was_read = format!(
        "http://127.0.0.1:{}",
        taking(|mut stream| {
            stream.read_exact(&mut [0; 16]).expect("a beginning");
            reset(stream);
        })
    );
    for base in [
        before_it_was_read,
        while_it_was_read,
        reading(reset),
        reading(drop),
        answering(b"HTTP/1.1 200"),
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"errcode\":0"),
        answering(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"err"),
        answering(b"SSH-2.0-x\r\n"),
    ] {
        let answer = send(&client(&base)).await;
        assert!(is_unknown(&answer), "{answer:?}");
        assert_eq!(answer.obstacle, Some(Obstacle::Cut), "{answer:?}");
    }
}

#[tokio::test]
async fn a_half_answer_that_ends_in_good_order_is_no_success() {
    let base = answering(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"errcode\":0");
    let answer = send(&client(&base)).await;
    assert!(is_unknown(&answer) && answer.http_status == Some(200), "{answer:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_unknown_also_when_it_has_begun() {
    let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"errcode\":0,";
    for (part, status) in [(&b""[..], None), (&begun[..], Some(200))] {
        let (release, held) = mpsc::channel::<()>();
        let base = reading(move |mut stream| {
            stream.write_all(part).expect("a reader");
            let _ = held.recv();
        });
        let answer = impatient(&base, PATIENT.connect, BRIEF).await;
        drop(release);
        assert!(is_unknown(&answer), "{answer:?}");
        assert_eq!((&answer.obstacle, answer.http_status), (&Some(Obstacle::Slow), status));
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_cut_off_and_unknown() {
    let (wrote, written) = mpsc::channel();
    let base = reading(move |mut stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {FLOOD}\r\n\r\n").expect("a reader");
        let (part, mut sent) = ([b' '; 8 * 1024], 0);
        while sent < FLOOD && stream.write_all(&part).is_ok() {
            sent += part.len();
        }
        wrote.send(sent).expect("the test waits");
    });
    let answer = send(&client(&base)).await;
    assert!(is_unknown(&answer) && answer.outcome.detail().contains("65536"), "{answer:?}");
    let ended = move || written.recv_timeout(Duration::from_secs(10));
    let ended = tokio::task::spawn_blocking(ended).await.expect("no panic");
    let sent = ended.expect("the connection was closed, so the server ends");
    assert!(sent < FLOOD / 2, "what the kernel buffers, and no more: {sent}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_names_where_it_leads() {
    let elsewhere = MockServer::start().await;
    let ok = ResponseTemplate::new(200).set_body_string(OK);
    Mock::given(any()).respond_with(ok).expect(0).mount(&elsewhere).await;
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        let target = format!("{}/login?back=tok-1", elsewhere.uri());
        let away = ResponseTemplate::new(status).insert_header("location", target);
        Mock::given(method("POST")).respond_with(away).expect(1).mount(&server).await;
        let answer = send(&client(&server.uri())).await;
        assert!(was_not_sent(&answer), "{answer:?}");
        assert_eq!(answer.obstacle, Some(Obstacle::Portal { to: Some("127.0.0.1".into()) }));
    }
}

#[tokio::test]
async fn a_login_page_is_told_from_a_ban() {
    let page = |text: &'static [u8]| async move { send(&client(&answering(text)).clone()).await };
    let login = page(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html><form>Free WiFi").await;
    assert!(was_not_sent(&login), "{login:?}");
    assert_eq!(login.obstacle, Some(Obstacle::Portal { to: None }));
    let ban = page(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>punish: deny").await;
    assert!(matches!(ban.outcome, Outcome::IpBanned { .. }) && ban.obstacle.is_none(), "{ban:?}");
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_refused_and_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let answer = send(&client(&base)).await;
    assert!(was_not_sent(&answer), "{answer:?}");
    assert_eq!(answer.obstacle, Some(Obstacle::Refused), "{answer:?}");
}

#[tokio::test]
async fn a_port_that_swallows_connections_is_filtered_and_not_sent() {
    // A listener that never accepts and whose queue is full: the kernel drops what comes, as a
    // firewall does.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    socket::listen(&listener, socket::Backlog::new(0).expect("small")).expect("a listener");
    let mut queued = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, BRIEF) {
        queued.push(stream);
        assert!(queued.len() < 100, "a queue that never fills");
    }
    assert!(!queued.is_empty(), "a listener that takes nobody");
    let answer = impatient(&format!("http://{address}"), BRIEF, PATIENT.total).await;
    assert!(was_not_sent(&answer), "{answer:?}");
    assert_eq!(answer.obstacle, Some(Obstacle::Filtered), "{answer:?}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_not_sent() {
    let answer = send(&client("https://posbridge.invalid")).await;
    assert!(was_not_sent(&answer), "{answer:?}");
    assert_eq!(answer.obstacle, Some(Obstacle::Name), "{answer:?}");
    assert!(answer.outcome.detail().starts_with("posbridge.invalid: "), "{answer:?}");
}

#[tokio::test]
async fn a_network_without_a_way_to_it_is_not_sent() {
    // No TCP connection leads to a multicast address, whatever the machine's routes are.
    let answer = send(&client("https://224.0.0.1:4433")).await;
    assert!(was_not_sent(&answer), "{answer:?}");
    assert_eq!(answer.obstacle, Some(Obstacle::NoRoute), "{answer:?}");
}

#[tokio::test]
async fn encryption_that_does_not_come_about_is_told_apart_and_not_sent() {
    let plain = taking(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.shutdown(Shutdown::Write);
    });
    let cut = taking(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
    });
    let torn = taking(reset);
    for (port, expected) in
        [(plain, Obstacle::NotTls), (cut, Obstacle::TlsCut), (torn, Obstacle::TlsCut)]
    {
        let answer = send(&client(&format!("https://127.0.0.1:{port}"))).await;
        assert!(was_not_sent(&answer), "{answer:?}");
        assert_eq!(answer.obstacle, Some(expected), "{answer:?}");
    }
    let (release, held) = mpsc::channel::<()>();
    let silent = taking(move |_stream| {
        let _ = held.recv();
    });
    let answer = impatient(&format!("https://127.0.0.1:{silent}"), BRIEF, PATIENT.total).await;
    drop(release);
    assert!(was_not_sent(&answer), "{answer:?}");
    assert_eq!(answer.obstacle, Some(Obstacle::Filtered), "as good as dropped: {answer:?}");
}
