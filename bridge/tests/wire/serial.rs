//! `serial-tap` on a real pty.

use std::path::Path;

use posbridge::ring::{Body, Closing, Direction, Gap, GapReason};
use posbridge::wire::SourceState;

use crate::cable::Cable;
use crate::harness::{Stage, block_on, toml_path};

fn source(link: &Path) -> String {
    let port = toml_path(link);
    format!("[[source]]\nname = \"till\"\nkind = \"serial-tap\"\nport = {port}\nbaud = 19200\n")
}

fn gap(reason: GapReason) -> Body {
    Body::Gap(Gap::unknown(reason))
}

#[test]
fn bytes_reach_the_ring_and_an_unplugged_port_is_heard_again_under_the_same_name() {
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let mut cable = Cable::plug(&link);
        let text = source(&link);
        stage
            .with_wire(&text, async {
                let mut ear = stage.ear().await;
                stage.source_in(SourceState::Open).await;
                cable.send(b"\x1b@TOTAL 36.00\r\n");
                ear.until("the first receipt", |r| {
                    crate::harness::bytes(r, "till", Direction::ToPrinter).ends_with(b"36.00\r\n")
                })
                .await;
                assert_eq!(ear.bytes("till", Direction::ToPrinter), b"\x1b@TOTAL 36.00\r\n");

                drop(cable);
                let waiting = stage.source_in(SourceState::Waiting).await;
                let why = waiting.why.expect("a reason");
                assert!(why.contains(&link.display().to_string()), "{why}");
                let mut cable = Cable::plug(&link);
                stage.source_in(SourceState::Open).await;
                cable.send(b"again");
                ear.until("the second receipt", |r| {
                    crate::harness::bytes(r, "till", Direction::ToPrinter).ends_with(b"again")
                })
                .await;
                let rest: Vec<&Body> = ear
                    .bodies()
                    .into_iter()
                    .filter(|body| !matches!(body, Body::Data(_)))
                    .collect();
                assert_eq!(
                    rest,
                    [
                        &Body::Started,
                        &Body::Opened,
                        &Body::Closed(Closing::Unplugged),
                        &gap(GapReason::Unplugged),
                        &Body::Opened,
                        &gap(GapReason::Reopened),
                    ]
                );
                let conns: Vec<u64> = ear
                    .records
                    .iter()
                    .filter(|record| record.body == Body::Opened)
                    .map(|record| record.lane.conn)
                    .collect();
                assert!(conns[0] < conns[1], "each opening is a connection of its own: {conns:?}");
            })
            .await;
    });
}

#[test]
fn a_restart_of_the_wire_process_leaves_a_gap_and_keeps_the_ring() {
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let _cable = Cable::plug(&link);
        let text = source(&link);
        let first = stage.with_wire(&text, async {
            stage.source_in(SourceState::Open).await;
            stage.ear().await.reader.generation().to_owned()
        });
        let first = first.await;
        let mut ear = stage.ear().await;
        stage
            .with_wire(&text, async {
                ear.until("the second opening", |r| {
                    r.iter().any(|record| record.body == gap(GapReason::Restarted))
                })
                .await;
            })
            .await;
        ear.listen();
        assert_eq!(ear.reader.generation(), first);
        let stopped = Body::Closed(Closing::Stopped);
        let restarted = gap(GapReason::Restarted);
        assert_eq!(
            ear.bodies(),
            [
                &Body::Started,
                &Body::Opened,
                &stopped,
                &Body::Started,
                &Body::Opened,
                &restarted,
                &stopped,
            ]
        );
    });
}

#[test]
fn a_missing_port_and_one_in_use_are_named_with_the_reason() {
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let text = source(&link);
        stage
            .with_wire(&text, async {
                let missing = stage.source_in(SourceState::Waiting).await.why.expect("a reason");
                assert!(missing.contains("found nothing there; ports present:"), "{missing}");
            })
            .await;

        let cable = Cable::plug(&link);
        let other = serialport::new(cable.slave.to_string_lossy(), 9600).open_native();
        let other = other.expect("free");
        stage
            .with_wire(&text, async {
                let busy = stage.source_in(SourceState::Waiting).await.why.expect("a reason");
                assert!(busy.contains("in use by another program"), "{busy}");
                drop(other);
                stage.source_in(SourceState::Open).await;
            })
            .await;
    });
}
