//! How fast the mock robot takes valid signed messages, beside a bare axum handler in the same run,
//! and how much memory it holds after many of them.
//!
//! `cargo bench -p possim --bench mock [-- N]`: N messages, 100,000 unless told. Both servers get the
//! same bytes over the same number of connections from a client that does as little as it can.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Messages, unless told.
const DEFAULT_MESSAGES: u64 = 100_000;
/// Connections of the client.
const CONNECTIONS: u64 = 16;
/// Robots, each with its own token.
const ROBOTS: u64 = 1_000;
/// Turns that the two servers take, so that whatever else the machine does strikes both.
const ROUNDS: u64 = 20;
/// Most calls of the bare handler in one turn.
const MAX_BARE: u64 = 50_000;
/// Messages that warm up allocator and connections before anything is measured.
const WARM_UP: u64 = 2_000;
/// The robots' secret.
const SECRET: &str = "SEC000000000000000000000";

fn main() -> io::Result<()> {
    // Cargo adds `--bench` to the arguments.
    let count = std::env::args().find_map(|argument| argument.parse().ok());
    let count: u64 = count.unwrap_or(DEFAULT_MESSAGES);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(compare(count))
}

async fn compare(count: u64) -> io::Result<()> {
    let bare = bare().await?;
    let robots = (0..ROBOTS).map(|n| RobotConfig {
        token: token(n),
        secret: Some(SECRET.to_owned()),
        keywords: vec!["收銀".to_owned()],
    });
    let config = MockConfig { limited: false, ..MockConfig::new(robots.collect()) };
    let mock = MockRobot::start(config).await.map_err(io::Error::other)?;
    for address in [bare, mock.address()] {
        drive(address, 0, WARM_UP).await?;
    }
    let (mut bare_took, mut mock_took, mut bare_count) = (Duration::ZERO, Duration::ZERO, 0);
    // Round 0 was the warm-up: no two share a `msgUuid`.
    for round in 1..=ROUNDS {
        let share = count / ROUNDS + u64::from(round <= count % ROUNDS);
        // The bare handler keeps nothing, so a part of the messages measures it as well as all.
        let part = share.min(MAX_BARE);
        bare_took += drive(bare, round, part).await?;
        bare_count += part;
        mock_took += drive(mock.address(), round, share).await?;
    }
    let (bare_rate, mock_rate) = (rate(bare_count, bare_took), rate(count, mock_took));
    let mut out = io::stdout().lock();
    writeln!(out, "bare axum handler  {bare_rate:>9.0} a second ({bare_count} calls)")?;
    writeln!(out, "mock robot         {mock_rate:>9.0} a second ({count} valid signed messages)")?;
    writeln!(out, "ratio              {:>9.2}", mock_rate / bare_rate)?;
    let (now, most) = (memory("VmRSS")?, memory("VmHWM")?);
    writeln!(out, "memory             {now:>9.1} MiB now, {most:.1} MiB at most")?;
    let kept = (mock.messages().len(), mock.attempts().len());
    writeln!(out, "kept               {:>9} messages, {} calls", kept.0, kept.1)?;
    Ok(())
}

async fn bare() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = |_: Bytes| async { axum::Json(serde_json::json!({"errcode": 0, "errmsg": "ok"})) };
    let service = Router::new().route("/robot/send", post(answer));
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(address)
}

fn token(n: u64) -> String {
    format!("{n:064x}")
}

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// Sends `count` messages over all connections and waits for every answer.
async fn drive(address: SocketAddr, round: u64, count: u64) -> io::Result<Duration> {
    let began = Instant::now();
    let mut senders = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let share = count / CONNECTIONS + u64::from(connection < count % CONNECTIONS);
        senders.spawn(send(address, round, connection, share));
    }
    while let Some(sent) = senders.join_next().await {
        sent.map_err(io::Error::other)??;
    }
    Ok(began.elapsed())
}

/// Sends `count` messages over one connection, the next after the answer to the last.
async fn send(address: SocketAddr, round: u64, connection: u64, count: u64) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut request = String::new();
    let mut answer = [0; 1024];
    let query = signed_query();
    for n in 0..count {
        write_request(&mut request, &query, round, connection, n);
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut answer).await?;
    }
    Ok(())
}

/// `timestamp` and `sign` of now; good for an hour, so one serves a whole run.
fn signed_query() -> String {
    let timestamp = jiff::Timestamp::now().as_millisecond();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key will do");
    mac.update(format!("{timestamp}\n{SECRET}").as_bytes());
    let sign = STANDARD.encode(mac.finalize().into_bytes());
    let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("timestamp={timestamp}&sign={sign}")
}

fn write_request(request: &mut String, query: &str, round: u64, connection: u64, n: u64) {
    let token = token((connection + n * CONNECTIONS) % ROBOTS);
    let body = format!(
        "{{\"msgtype\":\"text\",\"text\":{{\"content\":\"收銀 counter-{connection} #{n} HK$299.00\"}},\
         \"msgUuid\":\"{round}-{connection:08x}-{n:016x}\"}}"
    );
    request.clear();
    // Writing to a `String` cannot fail.
    let _ = write!(
        request,
        "POST /robot/send?access_token={token}&{query} HTTP/1.1\r\nHost: mock\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
}

/// Reads one answer, which must be `errcode` 0; it ends with the only closing brace.
async fn read_answer(stream: &mut TcpStream, answer: &mut [u8]) -> io::Result<()> {
    let mut length = 0;
    while !answer[..length].ends_with(b"}") {
        let read = stream.read(&mut answer[length..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
    }
    let text = String::from_utf8_lossy(&answer[..length]);
    if text.contains("\"errcode\":0,") {
        return Ok(());
    }
    Err(io::Error::other(format!("expected errcode 0, found {text}")))
}

/// A line of this process's status, in MiB.
fn memory(line: &str) -> io::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    let kib = found.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0)
        .ok_or_else(|| io::Error::other(format!("expected {line} in the status")))
}
