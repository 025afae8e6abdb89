//! Streams as tills send them, and as broken cables deliver them.

use pos_protocol::escpos::{Row, table};
use pos_protocol::session::{Boundary, GapReason, Lane};
use pos_protocol::star;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::drive::{Record, Step};

/// Words that mean something on a receipt, in the encodings that printers are sent.
const LINES: &[&str] = &[
    "SHOP",
    "Tea 2 x 18.00 36.00",
    "TOTAL 36.00",
    "CASH 40.00",
    "CHANGE 4.00",
    "No refunds",
    "REFUND",
    "RE-PRINT",
    "Receipt No: 1001",
    "2026-11-21 12:01:22",
    "單號：1001  經手人：Amy",
    "凍檸茶 x2 @18.00 36.00",
    "應付金額： HK$36.00",
    "八達通 36.00",
    "合计 36.00",
    "Caf\u{e9} 12.50-",
];

/// Bytes that may come on a printer line.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => select(LINES).prop_map(|line| [line.as_bytes(), b"\n"].concat()),
        3 => select(LINES).prop_map(|line| [&encoding_rs::BIG5.encode(line).0, &b"\n"[..]].concat()),
        3 => select(LINES).prop_map(|line| [&encoding_rs::GB18030.encode(line).0, &b"\n"[..]].concat()),
        4 => command(table::ROWS),
        1 => command(star::table::ROWS),
        2 => select(vec![&b"\x1b@"[..], b"\x1dV\x00", b"\x1bi", b"\x1bp\x00\x19\xfa", b"\x1dr\x01", b"\x0c", b"\r",
            b"\x10\x04\x01", b"\x10\x04\x04", b"\x1dr\x02", b"\x1dIB", b"\x1da\xff"])
            .prop_map(<[u8]>::to_vec),
        1 => image(),
        2 => vec(any::<u8>(), 0..40),
    ]
}

/// A row's prefix with parameters that may or may not be enough.
fn command(rows: &'static [Row]) -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), vec(prop_oneof![0..4_u8, any::<u8>()], 0..8))
        .prop_map(|(row, args)| [row.get(rows).prefix, &args].concat())
}

/// A raster image that may end too early.
fn image() -> impl Strategy<Value = Vec<u8>> {
    let dot = prop_oneof![6 => Just(0x00), 4 => Just(0x5A), 2 => Just(0xF8), 1 => Just(0x1B), 1 => Just(0x0A), 1 => any::<u8>()];
    (1..12_u8, 1..30_u8, any::<bool>(), vec(dot, 1..40)).prop_map(|(width, height, whole, dots)| {
        let mut bytes = vec![0x1D, 0x76, 0x30, 0x00, width, 0, height, 0];
        let size = usize::from(width) * usize::from(height);
        bytes.extend(dots.iter().cycle().take(if whole { size } else { size / 2 }));
        bytes
    })
}

/// Records of one printer: bytes on a few lanes, pauses, boundaries and gaps.
pub fn records() -> impl Strategy<Value = Vec<Record>> {
    vec((pause(), step()), 1..12).prop_map(|steps| {
        let mut now = 0;
        let mut closed = 0;
        let timed = steps.into_iter().map(|(pause, step)| {
            now += pause;
            // A connection's number is not used again once it has ended.
            let renewed = |conn: u64, closed: u64| conn + closed * LANES;
            let step = match step {
                Step::Bytes(Lane::ToPrinter(conn), bytes) => {
                    Step::Bytes(Lane::ToPrinter(renewed(conn, closed)), bytes)
                }
                Step::Boundary(Lane::ToPrinter(conn), why) => {
                    let ended = renewed(conn, closed);
                    closed += 1;
                    Step::Boundary(Lane::ToPrinter(ended), why)
                }
                other => other,
            };
            (now, step)
        });
        timed.collect()
    })
}

/// What printers answer, whole or not, and noise.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let forms: Vec<&'static [u8]> = vec![
        b"\x10\x00\x00\x0f",
        b"\x14\x00\x00\x0f",
        b"\x18\x00\x0c\x0f",
        b"\x38\x08\x03\x0f",
        b"\x10\x00",
        b"\x12",
        b"\x16",
        b"\x1a",
        b"\x1e",
        b"\x7e",
        b"\x32",
        b"\x00",
        b"\x01",
        b"\x03",
        b"\x0c",
        b"=TM-T88V\0",
        b"_EPSON\0",
        b"_EPS",
        b"\x37\x22AB12\0",
        b"\x3b0\0",
        b"\x39\x01\x40\x00",
        b"\x11",
        b"\x13",
        b"\x23\x06\x04\x00\x00\x00\x00\x00\x00",
        b"\x23\x86\x28\x00",
    ];
    let piece = prop_oneof![
        6 => select(forms).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..6),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Connections open side by side.
const LANES: u64 = 3;

/// Nothing, a moment, around the idle time, around the kick window, long.
fn pause() -> impl Strategy<Value = u64> {
    let millis = prop_oneof![
        4 => Just(0),
        3 => 1..50_u64,
        2 => 2_990..3_010_u64,
        1 => 4_990..5_010_u64,
        1 => 290..310_u64,
        1 => 14_990..15_010_u64,
        1 => 60_000..700_000_u64,
    ];
    millis.prop_map(|ms| ms * 1_000_000)
}

fn step() -> impl Strategy<Value = Step> {
    let lane = || (0..LANES).prop_map(Lane::ToPrinter);
    prop_oneof![
        12 => (lane(), bytes()).prop_map(|(lane, bytes)| Step::Bytes(lane, bytes)),
        4 => (0..LANES, answers())
            .prop_map(|(conn, bytes)| Step::Bytes(Lane::FromPrinter(conn), bytes)),
        2 => (lane(), select(vec![Boundary::Closed, Boundary::Broken]))
            .prop_map(|(lane, why)| Step::Boundary(lane, why)),
        1 => select(vec![GapReason::Unplugged, GapReason::Overrun, GapReason::Restart])
            .prop_map(Step::Gap),
        1 => Just(Step::Timeout),
    ]
}

/// The same records with their bytes cut into smaller ones.
pub fn rechunked(records: &[Record], cuts: &[Index]) -> Vec<Record> {
    let mut cuts = cuts.iter().cycle();
    let mut out = Vec::new();
    for (now, step) in records {
        let Step::Bytes(lane, bytes) = step else {
            out.push((*now, step.clone()));
            continue;
        };
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let n = cuts.next().map_or(1, |cut| cut.index(rest.len()) + 1);
            out.push((*now, Step::Bytes(*lane, rest[..n].to_vec())));
            rest = &rest[n..];
        }
        // A record without bytes is worth no more than a look at the clock.
        if bytes.is_empty() {
            out.push((*now, Step::Timeout));
        }
    }
    out
}
