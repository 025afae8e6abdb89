//! The HTTP side: one small request a connection, bounded in bytes, time and number.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::metrics;
use crate::control::{Desk, Status};

/// Most connections at once; the next one is closed unanswered.
const MAX_CONNECTIONS: usize = 16;
/// Longest request head, in bytes: a browser's with its cookies.
const MAX_HEAD_BYTES: usize = 8 * 1024;
/// How long a peer may take for its request and our answer.
const PEER_LIMIT: Duration = Duration::from_secs(5);
/// Wait after an accept that failed: out of descriptors, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Listens on `address`.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("expected to listen on [web] {address}, found: {error}"),
        )
    })
}

/// Answers for ever.
pub async fn serve(listener: TcpListener, desk: Desk) -> io::Result<()> {
    let mut peers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if peers.len() < MAX_CONNECTIONS => {
                    let desk = desk.clone();
                    peers.spawn(async move {
                        let _gone = tokio::time::timeout(PEER_LIMIT, attend(stream, &desk)).await;
                    });
                }
                Ok(_) => tracing::warn!("a web peer is let go: {MAX_CONNECTIONS} are being served"),
                Err(error) => {
                    tracing::warn!("the web listener cannot accept: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = peers.join_next() => {}
        }
    }
}

async fn attend(mut stream: TcpStream, desk: &Desk) -> io::Result<()> {
    let Some(head) = read_head(&mut stream).await? else {
        return write(&mut stream, &Answer::plain(431, "head too long\n"), true).await;
    };
    let (answer, body) = match requested(&head) {
        Ok((path, body)) => (answer(path, desk).await, body),
        Err(answer) => (answer, true),
    };
    write(&mut stream, &answer, body).await
}

/// The request up to its blank line; nothing where it is too long.
async fn read_head(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > MAX_HEAD_BYTES {
            return Ok(None);
        }
        match stream.read(&mut buffer).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => head.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(Some(head))
}

struct Answer {
    code: u16,
    kind: &'static str,
    body: String,
}

impl Answer {
    fn plain(code: u16, body: &str) -> Self {
        Self { code, kind: "text/plain; charset=utf-8", body: body.to_owned() }
    }
}

/// The path that is asked for, and whether its body is wanted.
fn requested(head: &[u8]) -> Result<(&str, bool), Answer> {
    let bad = || Answer::plain(400, "expected GET PATH HTTP/1.1\n");
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| bad())?;
    let mut words = line.split(' ');
    let (Some(verb), Some(target), Some(version)) = (words.next(), words.next(), words.next())
    else {
        return Err(bad());
    };
    if !version.starts_with("HTTP/1.") || words.next().is_some() {
        return Err(bad());
    }
    let path = target.split('?').next().unwrap_or(target);
    match verb {
        "GET" => Ok((path, true)),
        "HEAD" => Ok((path, false)),
        _ => Err(Answer::plain(405, "expected GET or HEAD\n")),
    }
}

async fn answer(path: &str, desk: &Desk) -> Answer {
    match path {
        "/healthz" => healthz(&desk.status().await),
        "/metrics" => Answer {
            code: 200,
            kind: "text/plain; version=0.0.4; charset=utf-8",
            body: metrics::render(&desk.status().await),
        },
        _ => Answer::plain(404, "expected /healthz or /metrics\n"),
    }
}

fn healthz(status: &Status) -> Answer {
    let well = status.ready && status.trouble.is_none();
    let sources: Vec<_> = status
        .sources
        .iter()
        .map(|source| json!({ "name": source.name, "state": source.state }))
        .collect();
    let body = json!({
        "well": well,
        "ready": status.ready,
        "trouble": status.trouble,
        "sources": sources,
    });
    let code = if well { 200 } else { 503 };
    Answer { code, kind: "application/json", body: format!("{body}\n") }
}

async fn write(stream: &mut TcpStream, answer: &Answer, body: bool) -> io::Result<()> {
    let reason = match answer.code {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    };
    let (code, kind, length) = (answer.code, answer.kind, answer.body.len());
    let head = format!(
        "HTTP/1.1 {code} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    let text = if body { head + &answer.body } else { head };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{MAX_HEAD_BYTES, bind, serve};
    use crate::clock::Clock;
    use crate::config::{Config, Language, Shop};
    use crate::control::Desk;
    use crate::deliver::Revival;
    use crate::health::Health;
    use crate::journal::Journal;
    use crate::live::Live;
    use crate::runtime_dir::RuntimeDir;

    async fn ask(to: std::net::SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(to).await.expect("connects");
        stream.write_all(request).await.expect("room");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        answer
    }

    #[tokio::test]
    async fn a_monitor_sees_whether_it_is_well_and_bad_requests_are_refused() {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = RuntimeDir::at(&temp.path().join("run")).expect("a runtime directory");
        let path = temp.path().join("j.db");
        let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
        let journal = opened.expect("no panic").expect("opens");
        let health = Arc::new(Health::default());
        let shop = Shop::for_tests(Language::En);
        let live = Live::new(Config::for_tests(temp.path(), shop, Vec::new()));
        let (told, clock) = (Arc::default(), Clock::real());
        let revival = Revival::new();
        let health_too = Arc::clone(&health);
        let desk = Desk { dir, journal, health: health_too, live, revival, told, clock };
        let listener = bind("127.0.0.1:0".parse().expect("an address")).await.expect("binds");
        let to = listener.local_addr().expect("bound");
        let served = tokio::spawn(serve(listener, desk.clone()));

        let ill = ask(to, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(ill.starts_with("HTTP/1.1 503 ") && ill.contains(r#""ready":false"#), "{ill}");
        health.attached(true);
        health.caught_up();
        let well = ask(to, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(well.starts_with("HTTP/1.1 200 ") && well.contains(r#""well":true"#), "{well}");
        health.trouble("the disk is full".into());
        let ill = ask(to, b"GET /healthz?verbose HTTP/1.1\r\n\r\n").await;
        assert!(ill.starts_with("HTTP/1.1 503 ") && ill.contains("the disk is full"), "{ill}");
        let numbers = ask(to, b"GET /metrics HTTP/1.0\r\n\r\n").await;
        assert!(numbers.contains("\nposbridge_ready 1\n"), "{numbers}");
        let head = ask(to, b"HEAD /metrics HTTP/1.1\r\n\r\n").await;
        assert!(head.ends_with("\r\n\r\n") && head.contains("Content-Length: "), "{head}");
        for (request, code) in [
            (&b"GET /secrets HTTP/1.1\r\n\r\n"[..], "404"),
            (b"POST /metrics HTTP/1.1\r\n\r\n", "405"),
            (b"\xff\xfe\r\n\r\n", "400"),
            (b"GET /metrics\r\n\r\n", "400"),
            (&vec![b'a'; MAX_HEAD_BYTES + 1024], "431"),
        ] {
            let answer = ask(to, request).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
        }
        served.abort();
        tokio::task::spawn_blocking(move || drop(desk)).await.expect("closes");
    }
}
