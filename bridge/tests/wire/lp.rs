//! `lp`: a character device that hands out what is printed. A pty's near end stands for it.

use std::path::Path;

use posbridge::ring::{Body, Direction, Gap, GapReason};
use posbridge::wire::SourceState;

use crate::cable::Cable;
use crate::harness::{Stage, block_on, bytes, toml_path};

fn source(path: &Path) -> String {
    let path = toml_path(path);
    format!("[[source]]\nname = \"gadget\"\nkind = \"lp\"\npath = {path}\n")
}

#[test]
fn a_device_is_read_and_found_again_and_never_written() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("g_printer0");
        let text = source(&path);
        stage
            .with_wire(&text, async {
                let mut ear = stage.ear().await;
                let why = stage.reason().await;
                assert!(why.contains("expected a device at"), "{why}");
                for text in ["first", "second"] {
                    let mut host = Cable::plug(&path);
                    stage.source_in(SourceState::Open).await;
                    host.send(text.as_bytes());
                    ear.until("the text", |r| {
                        bytes(r, "gadget", Direction::ToPrinter).ends_with(text.as_bytes())
                    })
                    .await;
                    assert_eq!(host.take(), b"");
                    drop(host);
                    stage.source_in(SourceState::Waiting).await;
                }
                ear.listen();
                let unplugged = Body::Gap(Gap::unknown(GapReason::Unplugged));
                assert_eq!(ear.bodies().iter().filter(|body| ***body == unplugged).count(), 2);
            })
            .await;
    });
}

#[test]
fn another_file_is_refused_with_the_kind_that_it_is_for() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("file");
        std::fs::write(&path, "").expect("a file");
        stage
            .with_wire(&source(&path), async {
                let why = stage.reason().await;
                assert!(why.contains("a FIFO is of kind \"fifo\""), "{why}");
            })
            .await;
    });
}
