//! Peers that send slowly, do not read, or come in a crowd.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Limits, MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_OF_PEER, Places, bind, serve_within};

/// How long a test waits for what must happen.
const SOON: Duration = Duration::from_secs(20);

async fn served(limits: Limits) -> SocketAddr {
    let endless = || async {
        Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 65_536])))
    };
    let router =
        Router::new().route("/", get(|| async { "hello" })).route("/endless", get(endless));
    let listener = bind("127.0.0.1:0".parse().expect("an address"), "[web]").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(serve_within(listener, router, limits));
    address
}

fn short() -> Limits {
    Limits { head: Duration::from_millis(300), stall: Duration::from_millis(300) }
}

/// All that comes until the connection ends.
async fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let read = stream.read_to_end(&mut all);
    // A reset is an end too.
    let _end = tokio::time::timeout(SOON, read).await.expect("an end");
    all
}

async fn asked(to: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect(to).await.ok()?;
    stream.write_all(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await.ok()?;
    let all = rest(stream).await;
    Some(String::from_utf8_lossy(&all).into_owned()).filter(|text| !text.is_empty())
}

#[tokio::test]
async fn a_head_that_trickles_in_and_a_connection_that_says_nothing_are_ended() {
    let to = served(short()).await;
    let start = Instant::now();
    let mut slow = TcpStream::connect(to).await.expect("connects");
    let mut idle = TcpStream::connect(to).await.expect("connects");
    let trickle = async {
        for byte in b"GET / HTTP/1.1\r\nX-Slow: ".iter().cycle() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if slow.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, trickle).await.expect("the trickle is ended");
    let mut byte = [0; 1];
    let read = tokio::time::timeout(SOON, idle.read(&mut byte)).await.expect("an end");
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    assert!(start.elapsed() >= short().head, "not before its time");
    let kept = TcpStream::connect(to).await.expect("connects");
    let (mut kept_read, mut kept_write) = kept.into_split();
    kept_write.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("room");
    let mut answer = Vec::new();
    let all = tokio::time::timeout(SOON, kept_read.read_to_end(&mut answer)).await;
    all.expect("a connection that waits for its next request is ended too").expect("in order");
    assert!(answer.ends_with(b"hello"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_let_go() {
    let to = served(short()).await;
    let mut stream = TcpStream::connect(to).await.expect("connects");
    stream.write_all(b"GET /endless HTTP/1.1\r\n\r\n").await.expect("room");
    // Nothing is read for longer than it may take; then what the kernel holds is all there is.
    tokio::time::sleep(short().stall * 4).await;
    let got = rest(stream).await.len();
    assert!(got > 0, "an answer began");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let to = served(Limits::default()).await;
    let mut stream = TcpStream::connect(to).await.expect("connects");
    let head = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(2 * MAX_HEAD_BYTES));
    // It may hang up before it has heard it all.
    let _early = stream.write_all(head.as_bytes()).await;
    let answer = rest(stream).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_thousand_idle_connections_cost_their_places_and_no_more() {
    let to = served(Limits { head: Duration::from_secs(2), ..Limits::default() }).await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        idle.push(TcpStream::connect(to).await.expect("the kernel takes it"));
    }
    let crowd = idle.len();
    let mut ended = 0;
    let mut held = Vec::new();
    for mut stream in idle {
        let mut byte = [0; 1];
        let read = tokio::time::timeout(Duration::from_millis(5), stream.read(&mut byte)).await;
        match read {
            Ok(_) => ended += 1,
            Err(_) => held.push(stream),
        }
    }
    assert!(held.len() <= MAX_CONNECTIONS, "{} of {crowd} are held", held.len());
    assert!(ended >= crowd - MAX_CONNECTIONS);
    // Once their time is over there is room again, though nobody hung up.
    let answered = async {
        loop {
            if let Some(answer) = asked(to).await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let answer = tokio::time::timeout(SOON, answered).await.expect("an answer");
    assert!(answer.ends_with("hello"), "{answer}");
    drop(held);
}

#[test]
fn one_machine_cannot_take_all_places() {
    let (places, one, other) =
        (Places::default(), [192, 168, 1, 7].into(), [192, 168, 1, 8].into());
    let mut taken: Vec<_> = (0..MAX_OF_PEER).map(|_| places.take(one).expect("free")).collect();
    assert!(places.take(one).is_none());
    assert!(places.take(other).is_some());
    taken.pop();
    assert!(places.take(one).is_some(), "a place that is left is free again");
    let own = [127, 0, 0, 1].into();
    let more: Vec<_> = (0..MAX_CONNECTIONS).filter_map(|_| places.take(own)).collect();
    assert_eq!(taken.len() + more.len(), MAX_CONNECTIONS);
}
