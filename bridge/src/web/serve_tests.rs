//! Peers that send slowly, do not read, or come in a crowd.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{
    Limits, MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_HEADERS, MAX_OF_PEER, Place, Places, bind,
    serve_within,
};

/// How long a test waits for what must happen.
const SOON: Duration = Duration::from_secs(20);

async fn served(limits: Limits) -> SocketAddr {
    let endless = || async {
        Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 65_536])))
    };
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/endless", get(endless))
        .route("/never", get(std::future::pending::<&str>));
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

/// Waits until every place is taken by somebody who is being answered.
async fn all_ask(to: SocketAddr) -> Vec<TcpStream> {
    let mut all = Vec::new();
    for _ in 0..MAX_CONNECTIONS {
        let mut stream = TcpStream::connect(to).await.expect("connects");
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("room");
        let mut first = [0; 8];
        stream.read_exact(&mut first).await.expect("an answer");
        stream.write_all(b"GET /never HTTP/1.1\r\n\r\n").await.expect("room");
        all.push(stream);
    }
    all
}

#[tokio::test]
async fn somebody_who_asks_is_answered_though_a_crowd_has_every_place() {
    // No place becomes free by itself while this runs.
    let to = served(Limits::default()).await;
    let mut crowd = Vec::new();
    for n in 0..2 * MAX_CONNECTIONS {
        let mut stream = TcpStream::connect(to).await.expect("the kernel takes it");
        if n % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").await.expect("room");
        }
        crowd.push(stream);
    }
    for _ in 0..2 * MAX_CONNECTIONS {
        let answer = asked(to).await.expect("an answer at the first try");
        assert!(answer.ends_with("hello"), "{answer}");
    }
    drop(crowd);
}

#[tokio::test]
async fn whoever_is_being_answered_is_not_sent_away_for_somebody_new() {
    let to = served(Limits::default()).await;
    let all = all_ask(to).await;
    let late = asked(to).await.expect("an answer");
    let (head, body) = late.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("Retry-After: 10"), "{late}");
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{late}");
    for stream in &all {
        let mut rest = [0; 1_024];
        let read = loop {
            match stream.try_read(&mut rest) {
                Ok(count) if count > 0 => {}
                other => break other,
            }
        };
        let waits = read.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        assert!(waits, "{read:?}");
    }
    drop(all);
    let answered = async {
        loop {
            let answer = asked(to).await.unwrap_or_default();
            if answer.ends_with("hello") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, answered).await.expect("once they have gone there is room");
}

#[tokio::test]
async fn a_head_with_too_many_lines_is_refused() {
    let to = served(Limits::default()).await;
    let mut stream = TcpStream::connect(to).await.expect("connects");
    let lines = "x: y\r\n".repeat(MAX_HEADERS + 1);
    let head = format!("GET / HTTP/1.1\r\n{lines}\r\n");
    assert!(head.len() < MAX_HEAD_BYTES, "it is their number");
    stream.write_all(head.as_bytes()).await.expect("room");
    let answer = rest(stream).await;
    assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn one_machine_cannot_take_all_places() {
    let (places, one, other) =
        (Places::default(), [192, 168, 1, 7].into(), [192, 168, 1, 8].into());
    let ask = |peer| places.take(peer).0.inspect(Place::asks);
    let mut taken: Vec<_> = (0..MAX_OF_PEER).map(|_| ask(one).expect("free")).collect();
    assert!(ask(one).is_none());
    assert!(ask(other).is_some());
    taken.pop();
    assert!(ask(one).is_some(), "a place that is left is free again");
    let own = [127, 0, 0, 1].into();
    let more: Vec<_> = (0..MAX_CONNECTIONS).filter_map(|_| ask(own)).collect();
    assert_eq!(taken.len() + more.len(), MAX_CONNECTIONS);
}

#[test]
fn room_is_made_by_the_oldest_of_those_who_have_not_asked() {
    let (places, one, other) =
        (Places::default(), [192, 168, 1, 7].into(), [192, 168, 1, 8].into());
    let there = |places: &Places| places.taken().by_age.keys().copied().collect::<Vec<u64>>();
    let asks = places.take(other).0.expect("free");
    asks.asks();
    let waits = places.take(other).0.expect("free");
    let own: Vec<_> = (0..MAX_OF_PEER).map(|_| places.take(one).0.expect("free")).collect();
    let before = there(&places);
    let (more, was_full) = places.take(one);
    let after = there(&places);
    assert!(was_full && more.is_some());
    let gone: Vec<&u64> = before.iter().filter(|number| !after.contains(number)).collect();
    assert_eq!(gone, [&own[0].number], "its own oldest, not somebody else's older one");
    let local = [127, 0, 0, 1].into();
    let fill: Vec<_> =
        (0..MAX_CONNECTIONS - after.len()).map(|_| places.take(local).0.expect("free")).collect();
    let (more, was_full) = places.take(local);
    assert!(was_full && more.is_some());
    assert!(!there(&places).contains(&waits.number), "the oldest of all who wait");
    assert!(there(&places).contains(&asks.number));
    // One that made room leaves no second place behind when it has gone.
    let count = there(&places).len();
    drop((own, waits));
    assert_eq!(there(&places).len(), count - MAX_OF_PEER + 1);
    drop(fill);
}
