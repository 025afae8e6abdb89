//! Instructions that fixed receipts take, counted by Valgrind: the same on a busy machine as on an
//! idle one, so a count above its limit is a regression and fails the gate.
//!
//! `cargo bench -p pos-protocol --bench instructions` needs Valgrind and the `gungraun-runner` of
//! the version in `Cargo.lock`. The receipts in `fixtures/` were printed by the simulator once and
//! are kept, so that its changes do not show here. A limit is the count of the day it was set, and
//! [`TOLERANCE_PERCENT`]; whoever makes the decoder faster lowers it.

#![allow(
    missing_docs,
    unused_qualifications,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::exit,
    reason = "what gungraun's macros write; not every compiler looks into them for each of these"
)]

use std::hint::black_box;
use std::sync::Arc;

use gungraun::prelude::*;
use gungraun::{Callgrind, EventKind};
use pos_protocol::document::Document;
use pos_protocol::document::paper::Paper;
use pos_protocol::escpos::lexer::{Frame, Lexer};
use pos_protocol::event::SessionId;
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile, Timing};
use pos_protocol::session::papers::Papers;
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

/// English receipts.
const ASCII: &[u8] = include_bytes!("fixtures/ascii.bin");
/// Chinese receipts in GB 18030.
const CHINESE: &[u8] = include_bytes!("fixtures/chinese.bin");
/// A receipt drawn as a picture.
const RASTER: &[u8] = include_bytes!("fixtures/raster.bin");

/// How far a count may grow before it is a regression: inlining moves it by a few percent.
const TOLERANCE_PERCENT: u64 = 15;
/// Pictures are searched by whatever vector instructions the processor has, so their counts differ
/// from machine to machine; only a change of order shows.
const SEARCHED: u64 = 3;

/// Fails above `baseline` instructions and the tolerance.
fn at_most(baseline: u64) -> LibraryBenchmarkConfig {
    let limit = baseline + baseline * TOLERANCE_PERCENT / 100;
    let mut callgrind = Callgrind::default();
    callgrind.hard_limits([(EventKind::Ir, limit)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

#[library_benchmark]
#[bench::ascii(args = (ASCII), config = at_most(26_500))]
#[bench::chinese(args = (CHINESE), config = at_most(37_500))]
#[bench::raster(args = (RASTER), config = at_most(21_100 * SEARCHED))]
fn framing(bytes: &[u8]) {
    let mut lexer = Lexer::new(Dialect::Escpos);
    let mut sink = |frame: Frame<'_>| {
        black_box(frame);
    };
    lexer.push(black_box(bytes), &mut sink);
    lexer.flush(&mut sink);
}

#[library_benchmark]
#[bench::ascii(args = (ASCII), config = at_most(174_000))]
#[bench::chinese(args = (CHINESE), config = at_most(504_000))]
#[bench::raster(args = (RASTER), config = at_most(78_300 * SEARCHED))]
fn documents(bytes: &[u8]) {
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut papers = Papers::new(&profile, Limits::default());
    let mut sink = |document: &Document, paper: &Paper| {
        black_box((document, paper));
    };
    papers.push(black_box(bytes), Timestamp::new(0, 1_700_000_000_000), &mut sink);
    papers.finish(&mut sink);
}

#[library_benchmark]
#[bench::ascii(args = (ASCII), config = at_most(5_003_000))]
#[bench::chinese(args = (CHINESE), config = at_most(5_376_000))]
#[bench::raster(args = (RASTER), config = at_most(98_300 * SEARCHED))]
fn events(bytes: &[u8]) {
    let id = SessionId { journal: "bench".into(), source: "bench".into(), epoch: 0 };
    let profile = Profile { timing: Timing::File, ..Profile::default() };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    let now = Timestamp::new(0, 1_700_000_000_000);
    session.receive(Lane::ToPrinter(0), now, black_box(bytes));
    session.finish(now, EndReason::EndOfFile);
    while let Some(event) = session.poll_event() {
        black_box(event);
    }
}

library_benchmark_group!(name = decoder, benchmarks = [framing, documents, events]);

main!(library_benchmark_groups = decoder);
