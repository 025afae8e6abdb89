//! Captures of other projects: no byte is lost, no cut of them changes an event, and what people
//! read on their paper is read.
//!
//! The gate tries some of the splits; `POSBRIDGE_ALL_SPLITS=1` tries every split into two and a
//! thousand random ones of each capture (minutes, in a release build).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_protocol::escpos::Effect;
use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::event::Event;
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile, Timing};
use pos_protocol::session::{EndReason, Lane, Session};
use pos_tests::{drive, shared};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Splits into two that the gate tries of each capture, evenly spread.
const SPLITS: usize = 64;
/// Random splits into many that the gate tries of each capture.
const RANDOM_SPLITS: u64 = 20;
/// Random splits that are tried where all are.
const ALL_RANDOM_SPLITS: u64 = 1_000;
/// Most pieces of a random split.
const MAX_CUTS: usize = 64;

struct Capture {
    path: PathBuf,
    bytes: Vec<u8>,
}

fn captures() -> Option<Vec<Capture>> {
    let folder = shared::folder("samples/escpos")?;
    let mut found = Vec::new();
    collect(&folder, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() >= 30, "{} captures", found.len());
    Some(found)
}

fn collect(folder: &Path, found: &mut Vec<Capture>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "md") {
            let bytes = std::fs::read(&path).expect("a capture");
            found.push(Capture { path, bytes });
        }
    }
}

fn all_splits() -> bool {
    std::env::var_os("POSBRIDGE_ALL_SPLITS").is_some()
}

/// The events of `pieces` that follow each other.
fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
    let profile = Arc::new(Profile { timing: Timing::File, ..Profile::default() });
    let mut session = Session::new(drive::id(), profile, Limits::default());
    let mut events = Vec::new();
    for piece in pieces {
        session.receive(Lane::ToPrinter(0), drive::at(0), piece);
        events.extend(drive::drain(&mut session));
    }
    session.finish(drive::at(0), EndReason::EndOfFile);
    events.extend(drive::drain(&mut session));
    events
}

#[test]
fn frames_tile_every_capture_byte_by_byte_in_every_dialect() {
    for capture in captures().unwrap_or_default() {
        for dialect in [Dialect::Auto, Dialect::Escpos, Dialect::StarLine, Dialect::StarPrnt] {
            let (mut end, mut seen) = (0, Vec::new());
            let mut sink = |frame: Frame<'_>| {
                assert_eq!(frame.span.start, end, "{}", capture.path.display());
                end = frame.span.end;
                seen.extend(frame.kind.to_bytes());
            };
            let mut lexer = Lexer::new(dialect);
            capture.bytes.chunks(1).for_each(|byte| lexer.push(byte, &mut sink));
            lexer.flush(&mut sink);
            assert!(seen == capture.bytes, "{} {dialect:?}", capture.path.display());
        }
    }
}

#[test]
fn no_split_into_two_changes_an_event() {
    for Capture { path, bytes } in captures().unwrap_or_default() {
        let whole = events([bytes.as_slice()]);
        let step = if all_splits() { 1 } else { (bytes.len() / SPLITS).max(1) };
        for at in (1..bytes.len()).step_by(step) {
            let (first, second) = bytes.split_at(at);
            assert!(events([first, second]) == whole, "{} split at {at}", path.display());
        }
    }
}

#[test]
fn no_random_split_changes_an_event() {
    let turns = if all_splits() { ALL_RANDOM_SPLITS } else { RANDOM_SPLITS };
    for Capture { path, bytes } in captures().unwrap_or_default() {
        let whole = events([bytes.as_slice()]);
        for seed in 0..turns {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let count = rng.random_range(2..=MAX_CUTS);
            let mut cuts: Vec<usize> =
                (0..count).map(|_| rng.random_range(0..=bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
            assert!(events(pieces) == whole, "{} seed {seed}: {cuts:?}", path.display());
        }
    }
}

/// What people read on a capture's paper, and heard.
struct Facts {
    file: &'static str,
    /// In the order they stand, blanks closed up.
    says: &'static [&'static str],
    kicks: usize,
    cuts: usize,
}

const FACTS: &[Facts] = &[
    Facts {
        file: "npos/text-1.bin",
        says: &[
            "来钱客栈",
            "201510211832171490001",
            "2015-10-21 18:32:35",
            "肥皂 20 4 80",
            "现价：80",
            "找零：0",
            "欢迎光临",
        ],
        kicks: 1,
        cuts: 1,
    },
    Facts {
        file: "SnailDev.EscPosParser/receipt-text.bin",
        says: &[
            "餐馆",
            "客人就餐消费单",
            "桌号：28",
            "单号：0012",
            "健怡雪碧 4 瓶 40.00",
            "鲟龙鱼 1.5 斤 28.00",
            "消费合计：68.00",
            "折扣金额： 0.00",
            "应收金额：68.00",
            "2016-5-6 21:32:49",
        ],
        kicks: 0,
        cuts: 1,
    },
    Facts {
        file: "escpos-tools/receipt-with-logo.bin",
        says: &[
            "ExampleMart Ltd.",
            "Example item #1 4.00",
            "Another thing 3.50",
            "Something else 1.00",
            "A final item 4.45",
            "Subtotal 12.95",
            "A local tax 1.30",
            "Total $ 14.25",
            "Monday 6th of April 2015 02:56:25 PM",
        ],
        kicks: 1,
        cuts: 1,
    },
    // Its footer, barcode and cut stand inside an image that claims more bytes than came.
    Facts {
        file: "thermal/retail.bin",
        says: &[
            "03/29/12 14:33:30 TR#: 011534",
            "BUG SPRAY 14.99",
            "PAT. ROSE No. 2 8.99",
            "GARDEN BENCH 49.99",
            "PATH LIGHT, GN 36.99",
            "Demos Coupon 00112563 -5.00",
            "SUBTOTAL 105.96",
            "TAX 8.25% 8.74",
            "TOTAL 114.70",
            "Visa Credit Card 114.70",
            "Thanks for visiting",
        ],
        kicks: 0,
        cuts: 1,
    },
    Facts {
        file: "thermal/test_receipt_1.bin",
        says: &[
            "Bananas",
            "Apples",
            "Carrots",
            "Ribeye",
            "NY Strip",
            "Subtotal $24.95",
            "Tax (9%) $2.25",
            "Total $27.20",
            "No refunds or exchanges",
        ],
        kicks: 0,
        cuts: 0,
    },
    Facts {
        file: "escpresso/test4_receipt.raw",
        says: &[
            "Apples 2 $3.50",
            "Bananas 3 $2.25",
            "Orange Juice 1 $4.99",
            "Bread 1 $2.50",
            "Subtotal: $13.24",
            "Tax (8%): $1.06",
            "TOTAL: $14.30",
        ],
        kicks: 0,
        cuts: 2,
    },
    Facts {
        file: "esc-pos-preview-tools/receipt.bin",
        says: &["Order #12345", "2025-11-09 14:30:00", "TOTAL: $41.49"],
        kicks: 0,
        cuts: 1,
    },
];

fn read(folder: &Path, file: &str) -> Vec<u8> {
    std::fs::read(folder.join(file)).expect("a capture")
}

fn count(bytes: &[u8], effect: Effect) -> usize {
    let mut count = 0;
    let mut sink = |frame: Frame<'_>| {
        count += usize::from(
            matches!(frame.kind, FrameKind::Command { row, .. } if row.effect == effect),
        );
    };
    let mut lexer = Lexer::new(Dialect::Escpos);
    lexer.push(bytes, &mut sink);
    lexer.flush(&mut sink);
    count
}

/// The paper's words with single blanks between them.
fn paper(bytes: &[u8]) -> String {
    let texts: Vec<String> = events([bytes]).into_iter().filter_map(|event| event.text).collect();
    texts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_people_read_on_a_capture_is_read_in_that_order() {
    let Some(folder) = shared::folder("samples/escpos") else { return };
    for facts in FACTS {
        let bytes = read(&folder, facts.file);
        let paper = paper(&bytes);
        let mut from = 0;
        for said in facts.says {
            let Some(at) = paper[from..].find(said) else {
                panic!("{}: {said:?} does not follow {:?}", facts.file, &paper[from..]);
            };
            from += at + said.len();
        }
        assert_eq!(count(&bytes, Effect::Drawer), facts.kicks, "{}: kicks", facts.file);
        assert_eq!(count(&bytes, Effect::Cut), facts.cuts, "{}: cuts", facts.file);
    }
}

#[test]
fn an_image_that_claims_too_much_gives_back_the_barcode_behind_it() {
    let Some(folder) = shared::folder("samples/escpos") else { return };
    let bytes = read(&folder, "thermal/retail.bin");
    let mut barcodes = Vec::new();
    let mut sink = |frame: Frame<'_>| {
        if matches!(frame.kind, FrameKind::Command { row, .. } if row.prefix == b"\x1dk") {
            barcodes.push(frame.kind.to_bytes());
        }
    };
    let mut lexer = Lexer::new(Dialect::Escpos);
    lexer.push(&bytes, &mut sink);
    lexer.flush(&mut sink);
    assert_eq!(barcodes, [b"\x1dkF\x100188025014655200"]);
}
