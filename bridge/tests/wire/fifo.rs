//! `fifo`: writers that come and go.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use posbridge::ring::{Body, Closing, Direction};
use posbridge::wire::SourceState;

use crate::harness::{QUIET, Stage, block_on, busy_while_quiet, bytes, toml_path, until};

fn source(path: &Path, extra: &str) -> String {
    let path = toml_path(path);
    format!("[[source]]\nname = \"spool\"\nkind = \"fifo\"\npath = {path}\n{extra}\n")
}

/// A writer, which there can only be while somebody reads.
fn writer(path: &Path) -> File {
    let nonblocking = nix::fcntl::OFlag::O_NONBLOCK.bits();
    let opened = OpenOptions::new().write(true).custom_flags(nonblocking).open(path);
    opened.expect("a FIFO that is read")
}

#[test]
fn each_writer_is_a_connection_and_nobody_writing_is_no_work() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("receipts");
        stage
            .with_wire(&source(&path, ""), async {
                let mut ear = stage.ear().await;
                stage.source_in(SourceState::Open).await;
                let made = std::fs::metadata(&path).expect("made");
                assert!(made.file_type().is_fifo());
                assert_eq!(made.mode() & 0o7777, 0o660);
                for text in ["first", "second"] {
                    writer(&path).write_all(text.as_bytes()).expect("room");
                    let ended = Body::Closed(Closing::Ended);
                    ear.until("the end of the writer", |r| {
                        bytes(r, "spool", Direction::ToPrinter).ends_with(text.as_bytes())
                            && r.last().is_some_and(|record| record.body == ended)
                    })
                    .await;
                }
                // A writer that writes nothing is nothing.
                drop(writer(&path));
                let data = |text: &str| Body::Data(text.as_bytes().to_vec());
                let ended = Body::Closed(Closing::Ended);
                let opened = Body::Opened;
                let busy = busy_while_quiet(&stage).await;
                assert!(busy < QUIET / 20, "busy for {busy:?} of {QUIET:?}");
                ear.listen();
                assert_eq!(
                    ear.bodies(),
                    [
                        &Body::Started,
                        &opened,
                        &data("first"),
                        &ended,
                        &opened,
                        &data("second"),
                        &ended
                    ]
                );
            })
            .await;
    });
}

#[test]
fn a_fifo_that_is_replaced_is_read_again_and_another_file_is_refused() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("receipts");
        std::fs::write(&path, "").expect("a file");
        stage
            .with_wire(&source(&path, ""), async {
                let mut ear = stage.ear().await;
                let why = stage.reason().await;
                assert!(
                    why.contains("expected a FIFO at") && why.contains("another file"),
                    "{why}"
                );
                for text in ["first", "second"] {
                    std::fs::remove_file(&path).expect("ours");
                    stage
                        .source_when("a reader", |_| {
                            let fifo =
                                std::fs::metadata(&path).is_ok_and(|m| m.file_type().is_fifo());
                            let opened = OpenOptions::new()
                                .write(true)
                                .custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits())
                                .open(&path);
                            opened.ok().filter(|_| fifo)?.write_all(text.as_bytes()).ok()
                        })
                        .await;
                    ear.until("the text", |r| {
                        bytes(r, "spool", Direction::ToPrinter).ends_with(text.as_bytes())
                    })
                    .await;
                }
            })
            .await;
    });
}

#[test]
fn what_comes_is_printed_on_a_file_too() {
    block_on(async {
        let stage = Stage::new();
        let (path, paper) = (stage.path("receipts"), stage.path("paper"));
        std::fs::write(&paper, "old ").expect("a file");
        let printer = format!("printer = {}", toml_path(&paper));
        stage
            .with_wire(&source(&path, &printer), async {
                stage.source_in(SourceState::Open).await;
                writer(&path).write_all(b"receipt").expect("room");
                until("the paper", || {
                    (std::fs::read(&paper).expect("there") == b"old receipt").then_some(())
                })
                .await;
            })
            .await;
    });
}

#[test]
fn a_second_bridge_is_refused_the_fifo() {
    block_on(async {
        let (first, second) = (Stage::new(), Stage::new());
        let path = first.path("receipts");
        let text = source(&path, "");
        first
            .with_wire(&text, async {
                first.source_in(SourceState::Open).await;
                second
                    .with_wire(&text, async {
                        let why = second.reason().await;
                        assert!(why.contains("in use by another program"), "{why}");
                    })
                    .await;
            })
            .await;
    });
}
