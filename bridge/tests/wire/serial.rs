//! `serial-tap` on a real pty.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use posbridge::ring::{Body, Closing, Direction, Gap, GapReason};
use posbridge::wire::SourceState;

use crate::cable::Cable;
use crate::harness::{Stage, block_on, bytes, noise, toml_path, until};

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
                    bytes(r, "till", Direction::ToPrinter).ends_with(b"36.00\r\n")
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
                    bytes(r, "till", Direction::ToPrinter).ends_with(b"again")
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

#[test]
fn a_tap_says_nothing_to_the_pos_whatever_its_flow_control() {
    block_on(async {
        for flow in ["none", "software", "hardware"] {
            let stage = Stage::new();
            let link = stage.path("port");
            let mut cable = Cable::plug(&link);
            let text = format!("{}flow = \"{flow}\"\n", source(&link));
            stage
                .with_wire(&text, async {
                    let mut ear = stage.ear().await;
                    stage.source_in(SourceState::Open).await;
                    // More than a terminal buffers, XOFF and XON among it, and questions that a
                    // printer would answer.
                    let flood =
                        [noise(200_000), b"\x13\x11\x10\x04\x01\x1dr\x01".to_vec()].concat();
                    let mut sent = 0;
                    until("all of it in the ring", || {
                        sent += cable.try_send(&flood[sent..]);
                        assert_eq!(cable.take(), b"", "flow {flow}: the tap wrote to the POS");
                        ear.listen();
                        (ear.bytes("till", Direction::ToPrinter).len() == flood.len()).then_some(())
                    })
                    .await;
                    assert!(ear.bytes("till", Direction::ToPrinter) == flood, "flow {flow}");
                })
                .await;
            assert_eq!(cable.take(), b"", "flow {flow}: the tap wrote to the POS");
        }
    });
}

#[test]
fn a_second_port_hears_the_printer_and_its_loss_is_no_gap_in_what_is_printed() {
    block_on(async {
        let stage = Stage::new();
        let (link, other) = (stage.path("port"), stage.path("answers"));
        let mut till = Cable::plug(&link);
        let text = format!("{}printer = {}\n", source(&link), toml_path(&other));
        stage
            .with_wire(&text, async {
                let mut ear = stage.ear().await;
                let why = stage.reason().await;
                assert!(why.starts_with("the printer's answers are not heard: expected"), "{why}");
                let mut printer = Cable::plug(&other);
                stage.source_when("both", |s| s[0].why.is_none().then_some(())).await;
                printer.send(b"\x12");
                till.send(b"first");
                drop(printer);
                let why = stage.reason().await;
                assert!(why.contains("was unplugged"), "{why}");
                assert_eq!(stage.source_in(SourceState::Open).await.connections, 1);
                till.send(b" second");
                ear.until("both receipts", |r| {
                    bytes(r, "till", Direction::ToPrinter) == b"first second"
                })
                .await;
                assert!(!ear.bodies().iter().any(|body| matches!(body, Body::Gap(_))));
            })
            .await;
    });
}

#[test]
fn what_is_no_serial_port_is_called_so() {
    block_on(async {
        let stage = Stage::new();
        let file = stage.path("file");
        std::fs::write(&file, "").expect("a file");
        for (port, expected) in [
            (Path::new("/dev/null"), "found a device that is none"),
            (&file, "found another file"),
            (stage.dir.path(), "found another file"),
        ] {
            for kind in ["serial-tap", "serial-inline"] {
                let printer = toml_path(&stage.path("printer"));
                let text = source(port).replace("serial-tap", kind);
                // In line, the printer's port is opened first.
                let text = match kind {
                    "serial-tap" => text,
                    _ => format!(
                        "{}printer = {}\n",
                        text.replace(&toml_path(port), &printer),
                        toml_path(port)
                    ),
                };
                stage
                    .with_wire(&text, async {
                        let why = stage.reason().await;
                        assert!(why.contains(expected), "{kind}: {why}");
                        assert!(why.contains(&port.display().to_string()), "{kind}: {why}");
                    })
                    .await;
            }
        }
    });
}

#[test]
fn a_port_that_refuses_its_settings_says_what_it_took_instead() {
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let _cable = Cable::plug(&link);
        // A pseudo-terminal has eight bits and no parity, whatever it is asked for.
        let text = format!("{}parity = \"even\"\ndata_bits = 7\n", source(&link));
        stage
            .with_wire(&text, async {
                let why = stage.reason().await;
                let expected = format!(
                    "expected {} to run at 19200 bit/s 7E1, found it at 19200 bit/s 8N1: ",
                    link.display()
                );
                assert!(why.starts_with(&expected), "{why}");
            })
            .await;
    });
}

#[test]
fn a_second_bridge_is_refused_the_port_and_disturbs_nothing() {
    block_on(async {
        let (first, second) = (Stage::new(), Stage::new());
        let link = first.path("port");
        let mut cable = Cable::plug(&link);
        let text = source(&link);
        let both = first.with_wire(&text, async {
            let mut ear = first.ear().await;
            first.source_in(SourceState::Open).await;
            second
                .with_wire(&text, async {
                    let why = second.reason().await;
                    assert!(why.contains("in use by another program"), "{why}");
                })
                .await;
            cable.send(b"heard");
            ear.until("the receipt", |r| bytes(r, "till", Direction::ToPrinter) == b"heard").await;
            assert_eq!(first.source_in(SourceState::Open).await.gaps, 0);
        });
        both.await;
    });
}

#[test]
fn a_pty_is_not_left_marked_as_taken_by_a_holder_that_dies() {
    if nix::unistd::Uid::effective().is_root() {
        let why = "SKIPPED: root opens a port that is marked as taken";
        writeln!(std::io::stdout().lock(), "{why}").expect("stdout");
        return;
    }
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let cable = Cable::plug(&link);
        stage
            .with_wire(&source(&link), async {
                stage.source_in(SourceState::Open).await;
                // A mark would be there now, and a killed holder would take it to the grave.
                std::fs::File::open(&cable.slave).expect("no mark");
            })
            .await;
    });
}

#[test]
fn a_port_that_may_not_be_opened_names_the_group_that_may() {
    if nix::unistd::Uid::effective().is_root() {
        let why = "SKIPPED: root may open everything";
        writeln!(std::io::stdout().lock(), "{why}").expect("stdout");
        return;
    }
    block_on(async {
        let stage = Stage::new();
        let link = stage.path("port");
        let cable = Cable::plug(&link);
        let nobody = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(&cable.slave, nobody).expect("our own pty");
        stage
            .with_wire(&source(&link), async {
                let why = stage.reason().await;
                assert!(why.contains("put the user into group"), "{why}");
            })
            .await;
    });
}
