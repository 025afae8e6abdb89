//! Clients that send far too much, far too slowly, or are far too many.

use std::time::Duration;

use posbridge::ring::{Body, Direction};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::harness::{DEADLINE, Stage, block_on, bytes};
use crate::proxy::{pos as dial, printer, source};

/// What is sent: more than the ring holds, so that what follows the size of a flood shows.
const FLOOD_BYTES: usize = 24 * 1024 * 1024;

/// What the process may grow by under the flood.
const MOST_GROWTH_KIB: u64 = 12 * 1024;

/// Set in the process that runs one of these tests alone.
const ALONE: &str = "POSBRIDGE_FLOOD_ALONE";

/// Whether this process runs nothing but `test`. Where it does not, another one is started that
/// does, because memory is measured by the process.
fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let this = std::env::current_exe().expect("a test binary");
    let run = std::process::Command::new(this).args(["--exact", test]).env(ALONE, "1").output();
    let run = run.expect("a test binary");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    false
}

/// Resident memory of this process, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
    line.split_whitespace().nth(1).and_then(|size| size.parse().ok()).expect("a number")
}

/// Sends the flood, and looks after each MiB how large the process has grown.
async fn flood(mut pos: TcpStream) -> u64 {
    let before = resident();
    let mut most = before;
    let nuls = vec![0; 1024 * 1024];
    for _ in 0..FLOOD_BYTES / nuls.len() {
        let sent = tokio::time::timeout(DEADLINE, pos.write_all(&nuls)).await;
        sent.expect("nothing stands still").expect("an open connection");
        most = most.max(resident());
    }
    pos.shutdown().await.expect("open");
    most - before
}

/// The flood is over, and every byte of it is in the ring, spilled to disk or counted as lost.
async fn accounted_for(stage: &Stage) {
    let mut ear = stage.ear().await;
    ear.until("an account of every byte", |records| {
        let lost: u64 = records
            .iter()
            .map(|record| if let Body::Gap(gap) = &record.body { gap.bytes } else { 0 })
            .sum();
        let kept = bytes(records, "bar", Direction::ToPrinter).len() as u64;
        assert!(kept + lost <= FLOOD_BYTES as u64);
        kept + lost == FLOOD_BYTES as u64
    })
    .await;
}

#[test]
fn a_flood_of_nuls_through_a_proxy_grows_nothing_and_is_accounted_for() {
    if !is_alone("flood::a_flood_of_nuls_through_a_proxy_grows_nothing_and_is_accounted_for") {
        return;
    }
    block_on(async {
        let stage = Stage::new();
        let (printer, upstream) = printer().await;
        let text = source(upstream, "");
        stage
            .with_wire(&text, async {
                let pos = dial(&stage).await;
                let _deaf = UnixStream::connect(stage.dir.wire_socket()).await.expect("the socket");
                let (mut printer, _) = printer.accept().await.expect("the proxy's connection");
                let printing = async {
                    let (mut buffer, mut paper_bytes) = (vec![0; 256 * 1024], 0);
                    while let Ok(count @ 1..) = printer.read(&mut buffer).await {
                        paper_bytes += count;
                    }
                    paper_bytes
                };
                let (grown, paper_bytes) = tokio::join!(flood(pos), printing);
                assert_eq!(paper_bytes, FLOOD_BYTES, "printing wins");
                assert!(grown < MOST_GROWTH_KIB, "{grown} KiB");
                accounted_for(&stage).await;
            })
            .await;
    });
}

#[test]
fn a_flood_of_nuls_into_a_printer_grows_nothing_and_is_accounted_for() {
    if !is_alone("flood::a_flood_of_nuls_into_a_printer_grows_nothing_and_is_accounted_for") {
        return;
    }
    block_on(async {
        let stage = Stage::new();
        let text = "[[source]]\nname = \"bar\"\nkind = \"tcp-printer\"\nlisten = \"127.0.0.1:0\"\n";
        stage
            .with_wire(text, async {
                let grown = flood(dial(&stage).await).await;
                assert!(grown < MOST_GROWTH_KIB, "{grown} KiB");
                accounted_for(&stage).await;
            })
            .await;
    });
}

#[test]
fn a_client_that_trickles_is_carried_byte_by_byte_and_holds_up_nobody() {
    block_on(async {
        let stage = Stage::new();
        let (printer, upstream) = printer().await;
        let text = source(upstream, "");
        stage
            .with_wire(&text, async {
                let mut slow = dial(&stage).await;
                let (mut slow_printer, _) = printer.accept().await.expect("a connection");
                for byte in b"slow" {
                    slow.write_all(&[*byte]).await.expect("open");
                    let mut got = [0];
                    let read = tokio::time::timeout(DEADLINE, slow_printer.read_exact(&mut got));
                    read.await.expect("at once").expect("open");
                    assert_eq!(got, [*byte]);
                    // Between any two of its bytes another one prints from beginning to end.
                    let mut quick = dial(&stage).await;
                    let (mut quick_printer, _) = printer.accept().await.expect("a connection");
                    quick.write_all(b"receipt").await.expect("open");
                    quick.shutdown().await.expect("open");
                    let mut paper = Vec::new();
                    quick_printer.read_to_end(&mut paper).await.expect("a clean end");
                    assert_eq!(paper, b"receipt");
                }
            })
            .await;
    });
}

#[test]
fn a_printer_that_takes_connections_and_no_bytes_holds_up_only_its_own() {
    block_on(async {
        let stage = Stage::new();
        let (printer, upstream) = printer().await;
        let text = source(upstream, "");
        stage
            .with_wire(&text, async {
                let mut ear = stage.ear().await;
                let mut stuck = dial(&stage).await;
                let (_deaf, _) = printer.accept().await.expect("a connection");
                let pile = vec![b'x'; 64 * 1024];
                // Until a write does not end: what is taken lies in the kernel's buffers.
                let mut taken = 0;
                while let Ok(sent) =
                    tokio::time::timeout(Duration::from_millis(300), stuck.write_all(&pile)).await
                {
                    sent.expect("open");
                    taken += pile.len();
                    assert!(taken < FLOOD_BYTES, "nothing stops the POS");
                }
                ear.listen();
                let kept = ear.bytes("bar", Direction::ToPrinter).len();
                assert!(kept > 0 && kept <= taken + pile.len());
                let mut quick = dial(&stage).await;
                let (mut quick_printer, _) = printer.accept().await.expect("a connection");
                quick.write_all(b"receipt").await.expect("open");
                quick.shutdown().await.expect("open");
                let mut paper = Vec::new();
                quick_printer.read_to_end(&mut paper).await.expect("a clean end");
                assert_eq!(paper, b"receipt");
            })
            .await;
    });
}
