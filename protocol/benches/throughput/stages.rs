//! What is done to the data, from nothing but copying to events.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use encoding_rs::GB18030;
use pos_protocol::escpos::lexer::{Frame, Lexer};
use pos_protocol::document::Document;
use pos_protocol::document::paper::Paper;
use pos_protocol::event::SessionId;
use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Profile, Timing};
use pos_protocol::session::papers::Papers;
use pos_protocol::session::{EndReason, Lane, Session};
use pos_protocol::time::Timestamp;

use crate::corpora::Corpus;

/// Bytes handed over at once, as `posbridge decode` reads them.
const PIECE_BYTES: usize = 64 * 1024;
/// Receipts timed one by one.
const TIMED_RECEIPTS: usize = 4_000;

/// One way through the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Copy,
    Memchr3,
    Gb18030,
    Framing,
    Documents,
    Events,
}

/// Where results go that nobody looks at.
pub(crate) struct Scratch {
    copy: Vec<u8>,
    text: String,
}

impl Scratch {
    pub(crate) fn for_bytes(count: usize) -> Self {
        let most = GB18030.new_decoder_without_bom_handling().max_utf8_buffer_length(count);
        Self { copy: vec![0; count], text: String::with_capacity(most.expect("it fits memory")) }
    }
}

impl Stage {
    pub(crate) const ALL: [Self; 6] =
        [Self::Copy, Self::Memchr3, Self::Gb18030, Self::Framing, Self::Documents, Self::Events];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Copy => "memcpy",
            Self::Memchr3 => "memchr3(ESC, GS, FS)",
            Self::Gb18030 => "encoding_rs GB18030",
            Self::Framing => "framing",
            Self::Documents => "documents",
            Self::Events => "events",
        }
    }

    pub(crate) fn run(self, bytes: &[u8], scratch: &mut Scratch) {
        match self {
            Self::Copy => {
                scratch.copy.copy_from_slice(black_box(bytes));
                black_box(&scratch.copy);
            }
            Self::Memchr3 => {
                black_box(memchr::memchr3_iter(0x1B, 0x1D, 0x1C, black_box(bytes)).count());
            }
            Self::Gb18030 => {
                scratch.text.clear();
                let mut decoder = GB18030.new_decoder_without_bom_handling();
                let (_, read, _) =
                    decoder.decode_to_string(black_box(bytes), &mut scratch.text, true);
                assert_eq!(read, bytes.len(), "room for all text");
                black_box(&scratch.text);
            }
            Self::Framing => framing(bytes),
            Self::Documents => documents(bytes),
            Self::Events => events(bytes),
        }
    }
}

fn framing(bytes: &[u8]) {
    let mut lexer = Lexer::new(Dialect::Escpos);
    let mut sink = |frame: Frame<'_>| {
        black_box(frame);
    };
    for piece in bytes.chunks(PIECE_BYTES) {
        lexer.push(black_box(piece), &mut sink);
    }
    lexer.flush(&mut sink);
}

fn documents(bytes: &[u8]) {
    let mut papers = Papers::new(&profile(), Limits::default());
    let mut sink = |document: &Document, paper: &Paper| {
        black_box((document, paper));
    };
    for piece in bytes.chunks(PIECE_BYTES) {
        papers.push(black_box(piece), now(), &mut sink);
    }
    papers.finish(&mut sink);
}

fn events(bytes: &[u8]) {
    let mut session = session();
    for piece in bytes.chunks(PIECE_BYTES) {
        receive(&mut session, piece);
    }
    session.finish(now(), EndReason::EndOfFile);
    while let Some(event) = session.poll_event() {
        black_box(event);
    }
}

/// When everything is seen; a file's bytes all carry one time.
fn now() -> Timestamp {
    Timestamp::new(0, 1_700_000_000_000)
}

fn session() -> Session {
    let id = SessionId { journal: "bench".into(), source: "bench".into(), epoch: 0 };
    Session::new(id, Arc::new(profile()), Limits::default())
}

fn profile() -> Profile {
    Profile { timing: Timing::File, ..Profile::default() }
}

fn receive(session: &mut Session, bytes: &[u8]) {
    session.receive(Lane::ToPrinter(0), now(), black_box(bytes));
    while let Some(event) = session.poll_event() {
        black_box(event);
    }
}

/// How long each receipt takes when it comes alone, shortest first.
pub(crate) fn receipt_times(corpus: &Corpus) -> Vec<Duration> {
    let mut session = session();
    let mut from = 0;
    let times = corpus.ends.iter().take(TIMED_RECEIPTS).map(|end| {
        let began = Instant::now();
        receive(&mut session, &corpus.bytes[from..*end]);
        from = *end;
        began.elapsed()
    });
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times
}
