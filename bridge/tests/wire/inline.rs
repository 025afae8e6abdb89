//! `serial-inline` between two real ptys.

use std::path::{Path, PathBuf};

use posbridge::ring::{Body, Closing, Direction, Gap, GapReason};
use posbridge::wire::SourceState;

use crate::cable::Cable;
use crate::harness::{Stage, block_on, bytes, noise, toml_path, until};

/// Both cables of an in-line source.
struct Counter {
    pos: PathBuf,
    printer: PathBuf,
}

impl Counter {
    fn new(stage: &Stage) -> Self {
        Self { pos: stage.path("pos"), printer: stage.path("printer") }
    }

    fn source(&self, extra: &str) -> String {
        source(&self.pos, &self.printer, extra)
    }
}

fn source(pos: &Path, printer: &Path, extra: &str) -> String {
    format!(
        "[[source]]\nname = \"till\"\nkind = \"serial-inline\"\nport = {}\nprinter = {}\n\
         baud = 115200\n{extra}\n",
        toml_path(pos),
        toml_path(printer)
    )
}

/// Sends all of `sent` into one cable and takes it from the other.
async fn carry(what: &str, from: &mut Cable, to: &mut Cable, sent: &[u8]) {
    let (mut at, mut got) = (0, Vec::new());
    until(what, || {
        at += from.try_send(&sent[at..]);
        got.extend(to.take());
        (got.len() >= sent.len()).then_some(())
    })
    .await;
    assert!(got == sent, "{what}: other bytes came out than went in");
}

#[test]
fn bytes_go_both_ways_unchanged_and_are_in_the_ring() {
    block_on(async {
        let stage = Stage::new();
        let counter = Counter::new(&stage);
        let (mut pos, mut printer) = (Cable::plug(&counter.pos), Cable::plug(&counter.printer));
        stage
            .with_wire(&counter.source(""), async {
                let mut ear = stage.ear().await;
                stage.source_in(SourceState::Open).await;
                // Every value of a byte, XON, XOFF and NUL among them, many buffers long.
                let receipt = [(0..=255).collect(), noise(200_000)].concat();
                carry("the receipt", &mut pos, &mut printer, &receipt).await;
                carry("the answer", &mut printer, &mut pos, &noise(40_000)).await;
                ear.listen();
                assert!(ear.bytes("till", Direction::ToPrinter) == receipt);
                assert!(ear.bytes("till", Direction::FromPrinter) == noise(40_000));
            })
            .await;
    });
}

#[test]
fn a_printer_that_stops_its_line_stops_the_pos_and_leaves_its_own_answers_alone() {
    block_on(async {
        let stage = Stage::new();
        let counter = Counter::new(&stage);
        let (mut pos, mut printer) = (Cable::plug(&counter.pos), Cable::plug(&counter.printer));
        stage
            .with_wire(&counter.source(""), async {
                let mut ear = stage.ear().await;
                stage.source_in(SourceState::Open).await;
                let receipt = noise(400_000);
                // The printer takes nothing: every buffer up to the POS fills, and stays full
                // while answers go the other way.
                let mut sent = 0;
                let mut answered = Vec::new();
                for answer in noise(2_000).chunks(100) {
                    printer.send(answer);
                    until("the answer", || {
                        sent += pos.try_send(&receipt[sent..]);
                        answered.extend(pos.take());
                        answered.ends_with(answer).then_some(())
                    })
                    .await;
                }
                until("a POS that cannot go on", || {
                    let more = pos.try_send(&receipt[sent..]);
                    sent += more;
                    ear.listen();
                    let kept = ear.bytes("till", Direction::ToPrinter).len();
                    (more == 0 && kept > 0 && sent > kept).then_some(())
                })
                .await;
                assert!(sent < receipt.len(), "what waits is bounded, {sent} bytes were taken");
                let mut paper = Vec::new();
                until("the rest", || {
                    sent += pos.try_send(&receipt[sent..]);
                    paper.extend(printer.take());
                    (paper.len() == receipt.len()).then_some(())
                })
                .await;
                assert!(paper == receipt, "not a byte was lost or repeated");
            })
            .await;
    });
}

#[test]
fn either_port_unplugged_is_a_dead_line_until_both_are_back() {
    block_on(async {
        let stage = Stage::new();
        let counter = Counter::new(&stage);
        let (mut pos, mut printer) = (Cable::plug(&counter.pos), Cable::plug(&counter.printer));
        stage
            .with_wire(&counter.source(""), async {
                let mut ear = stage.ear().await;
                stage.source_in(SourceState::Open).await;
                carry("the first", &mut pos, &mut printer, b"first").await;
                drop(printer);
                let why = stage.source_in(SourceState::Waiting).await.why.expect("a reason");
                assert!(why.contains(&counter.printer.display().to_string()), "{why}");
                printer = Cable::plug(&counter.printer);
                stage.source_in(SourceState::Open).await;
                carry("the second", &mut pos, &mut printer, b"second").await;
                drop(pos);
                let why = stage.source_in(SourceState::Waiting).await.why.expect("a reason");
                assert!(why.contains(&counter.pos.display().to_string()), "{why}");
                pos = Cable::plug(&counter.pos);
                stage.source_in(SourceState::Open).await;
                carry("the third", &mut printer, &mut pos, b"third").await;
                ear.until("the answer", |r| bytes(r, "till", Direction::FromPrinter) == b"third")
                    .await;
                let gap = |reason| Body::Gap(Gap::unknown(reason));
                let unplugged = [Body::Closed(Closing::Unplugged), gap(GapReason::Unplugged)];
                let reopened = [Body::Opened, gap(GapReason::Reopened)];
                let expected = [
                    vec![Body::Started, Body::Opened],
                    unplugged.to_vec(),
                    reopened.to_vec(),
                    unplugged.to_vec(),
                    reopened.to_vec(),
                ]
                .concat();
                let heard: Vec<Body> = ear
                    .bodies()
                    .into_iter()
                    .filter(|body| !matches!(body, Body::Data(_)))
                    .cloned()
                    .collect();
                assert_eq!(heard, expected);
            })
            .await;
    });
}
