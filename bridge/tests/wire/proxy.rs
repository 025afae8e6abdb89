//! `tcp-proxy` between a POS and a printer that are real sockets.

use std::net::SocketAddr;

use posbridge::ring::{Body, Closing, Direction};
use posbridge::wire::SourceState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{DEADLINE, Stage, block_on, noise, until};

pub(crate) async fn printer() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("bound");
    (listener, at)
}

pub(crate) fn source(upstream: SocketAddr, extra: &str) -> String {
    format!(
        "[[source]]\nname = \"bar\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
         upstream = \"{upstream}\"\n{extra}\n"
    )
}

pub(crate) async fn pos(stage: &Stage) -> TcpStream {
    let at = stage.source_in(SourceState::Open).await.listening.expect("a bound port");
    TcpStream::connect(at).await.expect("the proxy")
}

/// What a peer sends until its end, and whether the end was a clean one.
pub(crate) async fn rest_of(stream: &mut TcpStream) -> (Vec<u8>, bool) {
    let mut all = Vec::new();
    let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut all)).await;
    (all, read.expect("an end in time").is_ok())
}

#[test]
fn both_directions_are_byte_exact_over_a_half_close() {
    block_on(async {
        let stage = Stage::new();
        let (listener, upstream) = printer().await;
        let sent = noise(300_000);
        let answer = noise(40_000);
        stage
            .with_wire(&source(upstream, ""), async {
                let mut pos = pos(&stage).await;
                let (mut printer, _) = listener.accept().await.expect("the proxy's connection");
                let printing = async {
                    let (paper, clean) = rest_of(&mut printer).await;
                    assert!(clean);
                    printer.write_all(&answer).await.expect("the POS still listens");
                    printer.shutdown().await.expect("open");
                    paper
                };
                let selling = async {
                    pos.write_all(&sent).await.expect("the proxy takes it");
                    pos.shutdown().await.expect("open");
                    rest_of(&mut pos).await
                };
                let (paper, (answered, clean)) = tokio::join!(printing, selling);
                assert!(paper == sent, "the printer got what was sent");
                assert!(answered == answer && clean, "the POS got what was answered");
                let mut ear = stage.ear().await;
                ear.until("the end", |r| r.iter().any(|r| matches!(r.body, Body::Closed(_)))).await;
                assert!(ear.bytes("bar", Direction::ToPrinter) == sent);
                assert!(ear.bytes("bar", Direction::FromPrinter) == answer);
                assert_eq!(ear.records[1].body, Body::Opened);
                let conn = ear.records[1].seq;
                assert!(ear.records[1..].iter().all(|record| record.lane.conn == conn));
                let last = ear.records.last().expect("records");
                assert_eq!(last.body, Body::Closed(Closing::Ended));
            })
            .await;
    });
}

#[test]
fn a_pos_is_reset_when_the_printer_is_down_and_the_ring_says_so() {
    block_on(async {
        let stage = Stage::new();
        let (listener, upstream) = printer().await;
        drop(listener);
        stage
            .with_wire(&source(upstream, ""), async {
                let mut pos = pos(&stage).await;
                let (received, clean) = rest_of(&mut pos).await;
                assert!(received.is_empty() && !clean, "a reset, not a clean end");
                let mut ear = stage.ear().await;
                ear.until("the refusal", |r| {
                    r.iter().any(|r| r.body == Body::Closed(Closing::PrinterUnreachable))
                })
                .await;
            })
            .await;
    });
}

#[test]
fn a_printer_that_breaks_off_resets_the_pos() {
    block_on(async {
        let stage = Stage::new();
        let (listener, upstream) = printer().await;
        stage
            .with_wire(&source(upstream, ""), async {
                let mut pos = pos(&stage).await;
                let (mut printer, _) = listener.accept().await.expect("the proxy's connection");
                // A byte that came through shows that the proxy knows of its connection.
                pos.write_all(b"x").await.expect("the proxy takes it");
                printer.read_exact(&mut [0]).await.expect("the byte");
                printer.set_zero_linger().expect("an open socket");
                drop(printer);
                let (_, clean) = rest_of(&mut pos).await;
                assert!(!clean, "a reset, not a clean end");
                let mut ear = stage.ear().await;
                ear.until("the break", |r| {
                    r.iter().any(|r| r.body == Body::Closed(Closing::PrinterReset))
                })
                .await;
            })
            .await;
    });
}

#[test]
fn connections_beyond_the_limit_are_refused_and_a_stuck_one_holds_up_nobody() {
    block_on(async {
        let stage = Stage::new();
        let (listener, upstream) = printer().await;
        stage
            .with_wire(&source(upstream, "max_connections = 2"), async {
                // Its printer never reads, so its own bytes pile up to the last buffer.
                let stuck = pos(&stage).await;
                let (_deaf, _) = listener.accept().await.expect("the proxy's connection");
                let pile = vec![b'x'; 65_536];
                until("full buffers", || match stuck.try_write(&pile) {
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Some(()),
                    _ => None,
                })
                .await;

                let mut second = pos(&stage).await;
                let (mut printer, _) = listener.accept().await.expect("the proxy's connection");
                let mut third = pos(&stage).await;
                let (_, clean) = rest_of(&mut third).await;
                assert!(!clean, "the third is refused");

                second.write_all(b"receipt").await.expect("the proxy takes it");
                second.shutdown().await.expect("open");
                let (paper, _) = rest_of(&mut printer).await;
                assert_eq!(paper, b"receipt");
            })
            .await;
    });
}
