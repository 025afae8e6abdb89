//! Cables pulled and plugged in again, under traffic.

use std::collections::BTreeMap;
use std::time::Duration;

use posbridge::ring::{Body, Closing, Direction};
use posbridge::wire::{SourceState, SourceStatus};

use crate::cable::Cable;
use crate::harness::{QUIET, Stage, block_on, busy_while_quiet, bytes, noise, toml_path, until};

/// Names a number of rounds other than [`ROUNDS`].
const ROUNDS_VARIABLE: &str = "POSBRIDGE_REPLUGS";

/// Rounds where nobody asks for more: each waits for the first back-off of each port.
const ROUNDS: usize = 10;

fn rounds() -> usize {
    std::env::var(ROUNDS_VARIABLE).ok().map_or(ROUNDS, |text| text.parse().expect("a number"))
}

fn config(stage: &Stage) -> String {
    let port = |name: &str| toml_path(&stage.path(name));
    format!(
        "[[source]]\nname = \"tap\"\nkind = \"serial-tap\"\nport = {}\n\
         [[source]]\nname = \"inline\"\nkind = \"serial-inline\"\nport = {}\nprinter = {}\n\
         [[source]]\nname = \"steady\"\nkind = \"serial-tap\"\nport = {}\n",
        port("tap"),
        port("pos"),
        port("printer"),
        port("steady")
    )
}

fn receipt(round: usize) -> Vec<u8> {
    let body: Vec<u8> = noise(700 + round).iter().map(|byte| b'A' + byte % 26).collect();
    [format!("<{round}:").into_bytes(), body, b">".to_vec()].concat()
}

/// Whole receipts in `heard`, and how often each is there.
fn receipts(heard: &[u8]) -> BTreeMap<Vec<u8>, usize> {
    let mut found = BTreeMap::new();
    for part in heard.split(|byte| *byte == b'<') {
        if let Some(end) = part.iter().position(|byte| *byte == b'>') {
            *found.entry([b"<", &part[..=end]].concat()).or_default() += 1;
        }
    }
    found
}

/// Waits until the first `count` sources are in the `wanted` state.
async fn all_in(stage: &Stage, count: usize, wanted: SourceState) {
    let met = |sources: &[SourceStatus]| {
        sources[..count].iter().all(|source| source.state == wanted).then_some(())
    };
    stage.source_when("the ports", met).await;
}

#[test]
fn receipts_sent_while_plugged_in_are_kept_over_any_number_of_replugs() {
    block_on(async {
        let stage = Stage::new();
        let link = |name: &str| stage.path(name);
        let mut steady = Cable::plug(&link("steady"));
        let mut steadily: Vec<u8> = Vec::new();
        stage
            .with_wire(&config(&stage), async {
                let mut ear = stage.ear().await;
                for round in 0..rounds() {
                    let mut tap = Cable::plug(&link("tap"));
                    let (mut pos, mut printer) =
                        (Cable::plug(&link("pos")), Cable::plug(&link("printer")));
                    all_in(&stage, 2, SourceState::Open).await;
                    let sent = receipt(round);
                    for cable in [&mut tap, &mut pos, &mut steady] {
                        cable.send(&sent);
                    }
                    steadily.extend(&sent);
                    let mut paper = Vec::new();
                    until("the receipt on paper and in the ring", || {
                        ear.listen();
                        paper.extend(printer.take());
                        let kept = |name| {
                            receipts(&ear.bytes(name, Direction::ToPrinter)).contains_key(&sent)
                        };
                        (paper == sent && kept("tap") && kept("inline")).then_some(())
                    })
                    .await;
                    // Torn in the middle of the next one, now this end first and now that.
                    for cable in [&mut tap, &mut pos] {
                        cable.send(&sent[..300]);
                    }
                    drop(tap);
                    drop(if round % 2 == 0 { pos } else { printer });
                    all_in(&stage, 2, SourceState::Waiting).await;
                }
                ear.until("the steady port's bytes", |r| {
                    bytes(r, "steady", Direction::ToPrinter) == steadily
                })
                .await;
                for name in ["tap", "inline"] {
                    let once: BTreeMap<_, _> = (0..rounds()).map(|n| (receipt(n), 1)).collect();
                    assert_eq!(receipts(&ear.bytes(name, Direction::ToPrinter)), once, "{name}");
                    let of = |body: &Body| {
                        let own = ear.records.iter().filter(|r| r.lane.source == name);
                        own.filter(|record| record.body == *body).count()
                    };
                    assert_eq!(of(&Body::Opened), rounds(), "{name}");
                    assert_eq!(of(&Body::Closed(Closing::Unplugged)), rounds(), "{name}");
                }
                let gap = ear.records.iter().find(|record| {
                    record.lane.source == "steady" && matches!(record.body, Body::Gap(_))
                });
                assert_eq!(gap, None, "the other port is not disturbed");
            })
            .await;
    });
}

#[test]
fn an_unplugged_port_costs_nothing_while_it_is_away() {
    block_on(async {
        let stage = Stage::new();
        let cables = ["tap", "pos", "printer", "steady"].map(|name| Cable::plug(&stage.path(name)));
        stage
            .with_wire(&config(&stage), async {
                all_in(&stage, 3, SourceState::Open).await;
                drop(cables);
                all_in(&stage, 3, SourceState::Waiting).await;
                let busy = busy_while_quiet(&stage).await;
                assert!(busy < QUIET / 20, "busy for {busy:?} of {QUIET:?}");
                assert!(busy < Duration::from_millis(100));
            })
            .await;
    });
}
