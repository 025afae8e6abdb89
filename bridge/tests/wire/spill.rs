//! A brain that is away for longer than the ring can hold.

use posbridge::ring::{Body, DEFAULT_CAPACITY, Direction, GapReason, Record};
use posbridge::wire;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;

use crate::harness::{DEADLINE, Ear, Stage, block_on, noise, until};
use crate::proxy::{pos, printer, rest_of, source};

/// How far into `sent` the records reach: kept bytes must be the ones sent there, and a gap must
/// stand where its bytes are missing.
fn accounted(records: &[Record], sent: &[u8]) -> usize {
    let mut at = 0;
    for record in records {
        match &record.body {
            Body::Data(kept) => {
                assert!(sent[at..].starts_with(kept), "other bytes than sent at {at}");
                at += kept.len();
            }
            Body::Gap(gap) => {
                assert_eq!(gap.reason, GapReason::RingFull);
                at += usize::try_from(gap.bytes).expect("a count");
            }
            Body::Opened | Body::Closed(_) | Body::Started => {}
        }
    }
    at
}

#[test]
fn with_ring_and_disk_full_printing_goes_on_and_the_loss_is_counted_to_the_byte() {
    block_on(async {
        let stage = Stage::new();
        std::fs::write(stage.spill(), "no directory").expect("in the way");
        let (listener, upstream) = printer().await;
        let sent = noise(18 * 1024 * 1024);
        stage
            .with_wire(&source(upstream, ""), async {
                let mut pos = pos(&stage).await;
                // An attached brain that reads nothing.
                let _deaf = UnixStream::connect(stage.dir.wire_socket()).await.expect("the socket");
                let (mut printer, _) = listener.accept().await.expect("the proxy's connection");
                let selling = async {
                    pos.write_all(&sent).await.expect("the proxy takes it");
                    pos.shutdown().await.expect("open");
                };
                let ((), (paper, _)) = tokio::join!(selling, rest_of(&mut printer));
                assert!(paper == sent, "everything was paper");
                printer.shutdown().await.expect("open");
                rest_of(&mut pos).await;
                let status = wire::status(&stage.dir).await.expect("running");
                let trouble = status.spill_trouble.expect("the disk cannot take it");
                assert!(trouble.contains(".spill"), "{trouble}");

                let mut ear = stage.ear().await;
                ear.until("an account of every byte", |r| accounted(r, &sent) == sent.len()).await;
                let gap = |record: &Record| matches!(record.body, Body::Gap(_));
                assert!(ear.records.iter().any(gap), "the ring holds less than was sent");
            })
            .await;
    });
}

/// Waits until the spill thread has made room for a burst of half the ring.
async fn room(stage: &Stage) {
    let waiting = async {
        loop {
            let status = wire::status(&stage.dir).await.expect("running");
            assert_eq!(status.spill_trouble, None);
            if status.ring_waiting < DEFAULT_CAPACITY / 2 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(DEADLINE, waiting).await.expect("room in time");
}

/// Four times what the ring holds.
const LONG_ABSENCE: usize = 64 * 1024 * 1024;

#[test]
fn a_brain_away_for_four_rings_finds_every_byte_over_a_restart_of_the_wire_process_too() {
    block_on(async {
        let stage = Stage::new();
        let (listener, upstream) = printer().await;
        let text = source(upstream, "");
        let sent = noise(LONG_ABSENCE);
        for half in sent.chunks(LONG_ABSENCE / 2) {
            stage
                .with_wire(&text, async {
                    let mut pos = pos(&stage).await;
                    let (mut printer, _) = listener.accept().await.expect("the proxy's connection");
                    let selling = async {
                        for burst in half.chunks(4 * 1024 * 1024) {
                            pos.write_all(burst).await.expect("the proxy takes it");
                            room(&stage).await;
                        }
                        pos.shutdown().await.expect("open");
                    };
                    let ((), (paper, _)) = tokio::join!(selling, rest_of(&mut printer));
                    assert!(paper == half, "everything was paper");
                    printer.shutdown().await.expect("open");
                    rest_of(&mut pos).await;
                    let status = wire::status(&stage.dir).await.expect("running");
                    assert!(status.spilled > 0);
                })
                .await;
        }
        stage.with_wire(&text, back(&stage, &sent)).await;
    });
}

/// The brain is back: it finds `sent` whole, and the disk is free again.
async fn back(stage: &Stage, sent: &[u8]) {
    let mut ear: Ear = stage.ear().await;
    ear.until("every byte", |r| r.iter().filter(|r| r.body == Body::Started).count() == 3).await;
    assert!(ear.bytes("bar", Direction::ToPrinter) == sent, "every byte, once and in order");
    let gaps = ear.records.iter().filter(|r| matches!(r.body, Body::Gap(_))).count();
    assert_eq!(gaps, 0);
    let dir = stage.spill();
    until("an empty disk", || {
        let left = std::fs::read_dir(&dir).expect("there").count();
        (left == 0).then_some(())
    })
    .await;
}
