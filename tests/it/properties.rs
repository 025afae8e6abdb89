//! The invariants of the decoder, for streams that tills and broken cables produce.

use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};
use pos_protocol::event::{Event, Kind};
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile};
use pos_tests::repeat::Repeat;
use pos_tests::{drive, stream};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Cases per property; a failing one is kept beside this file and repeated first.
const CASES: u32 = 10_000;

fn config() -> ProptestConfig {
    ProptestConfig {
        // `PROPTEST_CASES` may ask for more or fewer.
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES),
        source_file: Some(file!()),
        failure_persistence: Some(Box::new(
            proptest::test_runner::FileFailurePersistence::SourceParallel("regressions"),
        )),
        ..ProptestConfig::default()
    }
}

fn dialects() -> impl Strategy<Value = Dialect> {
    select(vec![Dialect::Auto, Dialect::Escpos, Dialect::StarLine])
}

/// Caps small enough that generated streams reach them.
fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![
        3 => Just(Limits::default()),
        1 => Just(Limits { document_lines: 16, document_bytes: 256, line_bytes: 16, image_bytes: 256 }),
    ]
}

fn profile(dialect: Dialect) -> Profile {
    Profile { dialect, ..Profile::default() }
}

#[test]
fn frames_tile_the_stream_and_give_its_bytes_back() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(bytes in stream::bytes(), dialect in dialects(), cuts in vec(any::<Index>(), 1..8))| {
    let mut lexer = Lexer::new(dialect);
    let (mut end, mut seen) = (0, Vec::new());
    let mut sink = |frame: Frame<'_>| {
        assert_eq!(frame.span.start, end);
        end = frame.span.end;
        let own = frame.kind.to_bytes();
        assert_eq!(own.len() as u64, frame.span.len());
        seen.extend(own);
    };
    let mut rest = bytes.as_slice();
    for cut in cuts.iter().cycle() {
        if rest.is_empty() { break; }
        let (now, later) = rest.split_at(cut.index(rest.len()) + 1);
        lexer.push(now, &mut sink);
        rest = later;
    }
    lexer.flush(&mut sink);
    prop_assert_eq!(end, bytes.len() as u64);
    prop_assert_eq!(seen, bytes);
    });
}

/// Frames with neighbouring pieces of text, or of one payload, put together.
fn joined(
    dialect: Dialect,
    bytes: &[u8],
    mut sizes: impl FnMut(usize) -> usize,
) -> Vec<(u64, String)> {
    let mut lexer = Lexer::new(dialect);
    let mut out: Vec<(u64, String)> = Vec::new();
    let mut sink = |frame: Frame<'_>| {
        let kind = match frame.kind {
            FrameKind::Text(_) => "text".to_owned(),
            FrameKind::Payload { row, .. } => format!("payload of {}", row.name),
            other => format!("{other:?}"),
        };
        if !kind.starts_with(['t', 'p']) || out.last().is_none_or(|(_, last)| *last != kind) {
            out.push((frame.span.start, kind));
        }
    };
    let mut rest = bytes;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(sizes(rest.len()).clamp(1, rest.len()));
        lexer.push(now, &mut sink);
        rest = later;
    }
    lexer.flush(&mut sink);
    out
}

#[test]
fn slices_change_no_frame() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(bytes in stream::bytes(), dialect in dialects(), cuts in vec(any::<Index>(), 1..8))| {
    let whole = joined(dialect, &bytes, |left| left);
    prop_assert_eq!(&joined(dialect, &bytes, |_| 1), &whole);
    let mut cuts = cuts.iter().cycle();
    let cut = joined(dialect, &bytes, |left| cuts.next().map_or(left, |cut| cut.index(left) + 1));
    prop_assert_eq!(&cut, &whole);
    });
}

#[test]
fn chunking_changes_no_event() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(records in stream::records(), cuts in vec(any::<Index>(), 1..16),
    dialect in dialects(), limits in limits())| {
    let profile = profile(dialect);
    let whole = drive::run(&profile, limits, &records);
    let cut = drive::run(&profile, limits, &stream::rechunked(&records, &cuts));
    prop_assert_eq!(whole, cut);
    });
}

#[test]
fn any_input_gives_events_that_read_back_and_point_into_the_stream() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(records in stream::records(), dialect in dialects(), limits in limits())| {
    let events = drive::run(&profile(dialect), limits, &records);
    let mut ids: Vec<_> = events.iter().map(|event| event.id).collect();
    for event in &events {
        let json = serde_json::to_string(event).expect("plain data");
        let back: Event = serde_json::from_str(&json).expect("its own text");
        prop_assert_eq!(&back, event);
        prop_assert!(!json.contains("null") && !json.contains("\":\"\""), "{}", json);
        let evidence = event.evidence.as_ref().expect("every event has evidence");
        prop_assert!(evidence.start <= evidence.end);
        for (name, field) in &evidence.fields {
            let inside = evidence.start <= field.start && field.end <= evidence.end;
            prop_assert!(inside && field.start < field.end, "{name}: {field:?}");
        }
    }
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), events.len(), "ids are unique");
    });
}

#[test]
fn a_resumed_session_goes_on_as_if_it_had_never_stopped() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(records in stream::records(), at in any::<Index>(),
    dialect in dialects(), limits in limits())| {
    let profile = profile(dialect);
    let (before, after) = records.split_at(at.index(records.len() + 1));
    let mut session = drive::session(&profile, limits);
    for record in before {
        drive::apply(&mut session, record);
        drive::drain(&mut session);
    }
    let mut resumed = drive::resumed(&session.checkpoint().to_json(), &profile, limits);
    for record in after {
        drive::apply(&mut session, record);
        drive::apply(&mut resumed, record);
        prop_assert_eq!(drive::drain(&mut session), drive::drain(&mut resumed));
        prop_assert_eq!(session.poll_timeout(), resumed.poll_timeout());
    }
    prop_assert_eq!(drive::end(session, &records), drive::end(resumed, &records));
    });
}

#[test]
fn a_spurious_timeout_does_nothing() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(records in stream::records())| {
    let profile = profile(Dialect::Auto);
    let nagged: Vec<_> = records
        .iter()
        .flat_map(|record| [(record.0, drive::Step::Timeout), record.clone()])
        .collect();
    let limits = Limits::default();
    prop_assert_eq!(drive::run(&profile, limits, &records), drive::run(&profile, limits, &nagged));
    });
}

#[test]
fn any_text_can_be_read() {
    let _repeat = Repeat::this_test();
    proptest!(config(), |(text in "\\PC{0,80}")| {
    let events = drive::decode(format!("{text}\nTOTAL {text}\n").as_bytes());
    prop_assert!(events.len() <= 1);
    });
}

#[test]
fn goods_and_their_total_are_a_sale_whatever_its_digits_and_however_wide_the_gap() {
    const TOTALS: &[&str] = &[
        "TOTAL",
        "Total:",
        "TOTAL (HKD)",
        "GRAND TOTAL",
        "Amount Due",
        "JUMLAH",
        "合計",
        "總計：",
    ];
    const CASH: &[&str] = &["CASH", "Cash:", "TUNAI", "現金", "TIEN MAT"];
    const CHANGE: &[&str] = &["CHANGE", "Change:", "BAKI", "找續", "TIEN THOI"];
    let _repeat = Repeat::this_test();
    proptest!(config(), |(
        goods in vec(1..2_000_000_u32, 1..4),
        (total, cash, change) in (select(TOTALS), select(CASH), select(CHANGE)),
        (gap, more) in (1..16_usize, prop::option::of(0..500_000_u32)),
    )| {
    let money = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
    let due = goods.iter().sum();
    let goods = goods.iter().zip(["Lemon tea", "Egg tart", "Noodles"]);
    let goods = goods.map(|(cents, name)| format!("{name:<16}{:>12}", money(*cents)));
    let sum = |label: &str, cents: u32| format!("{label}{:gap$}{}", "", money(cents));
    let paid = more.map(|more| [sum(cash, due + more), sum(change, more)]);
    let lines = ["LUCKY STAR".to_owned(), "21/11/2026 12:01".to_owned()].into_iter();
    let lines = lines.chain(goods).chain([sum(total, due)]).chain(paid.into_iter().flatten());
    let text = lines.chain(["Thank you\n".to_owned()]).collect::<Vec<_>>().join("\n");
    let events = drive::decode(text.as_bytes());
    let sums = |event: &Event| {
        let receipt = event.receipt.as_ref()?;
        Some([receipt.total, receipt.tendered, receipt.change].map(|sum| sum.map(|s| s.to_string())))
    };
    let read: Vec<_> = events.iter().map(|event| (event.kind, sums(event))).collect();
    let sums = [Some(money(due)), more.map(|more| money(due + more)), more.map(money)];
    prop_assert_eq!(read, [(Kind::Sale, Some(sums))], "{}", text);
    });
}
