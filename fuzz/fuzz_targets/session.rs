//! Any records into a session: no panic, frames tile, chunking changes nothing, a checkpoint
//! resumes, and caps hold.

#![no_main]

use std::sync::Arc;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pos_protocol::escpos::lexer::Lexer;
use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::{Limits, MAX_DIAGNOSTICS};
use pos_protocol::profile::{Dialect, Profile};
use pos_protocol::session::{Boundary, Checkpoint, EndReason, GapReason, Lane, Session};
use pos_protocol::time::Timestamp;

#[derive(Arbitrary, Debug)]
struct Input {
    star: bool,
    small_caps: bool,
    /// Where the checkpoint is taken.
    checkpoint: u8,
    /// Sizes that the other run cuts its bytes into.
    cuts: [u8; 4],
    steps: Vec<Step>,
}

#[derive(Arbitrary, Debug)]
enum Step {
    Bytes { lane: u8, pause_ms: u16, bytes: Vec<u8> },
    Reply { lane: u8, pause_ms: u16, bytes: Vec<u8> },
    Close { lane: u8, broken: bool },
    Gap,
    Timeout { pause_ms: u16 },
}

/// Longest checkpoint that these caps allow: text as hex, and what holds it.
const MAX_CHECKPOINT_BYTES: usize = 16 * 1024 * 1024;

fuzz_target!(|input: Input| {
    for step in &input.steps {
        if let Step::Bytes { bytes, .. } = step {
            tiles(bytes, dialect(&input));
        }
    }
    let whole = run(&input, None);
    assert_eq!(whole, run(&input, Some(&input.cuts)), "chunking changes nothing");
    let mut ids: Vec<_> = whole.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), whole.len(), "ids are unique");
    for event in &whole {
        let evidence = event.evidence.as_ref().expect("every event has evidence");
        assert!(evidence.diagnostics.len() <= MAX_DIAGNOSTICS + 1);
    }
});

fn dialect(input: &Input) -> Dialect {
    if input.star { Dialect::StarLine } else { Dialect::Escpos }
}

fn tiles(bytes: &[u8], dialect: Dialect) {
    let mut lexer = Lexer::new(dialect);
    let mut end = 0;
    let mut sink = |frame: pos_protocol::escpos::lexer::Frame<'_>| {
        assert_eq!(frame.span.start, end);
        end = frame.span.end;
    };
    lexer.push(bytes, &mut sink);
    lexer.flush(&mut sink);
    assert_eq!(end, bytes.len() as u64);
}

/// With `cuts`, bytes come in pieces and the session is replaced by its checkpoint once.
fn run(input: &Input, cuts: Option<&[u8; 4]>) -> Vec<Event> {
    let id = SessionId { journal: "fuzz".into(), source: "fuzz".into(), epoch: 0 };
    let profile = Arc::new(Profile { dialect: dialect(input), ..Profile::default() });
    let limits = if input.small_caps {
        Limits { document_lines: 16, document_bytes: 256, line_bytes: 16 }
    } else {
        Limits::default()
    };
    let mut session = Session::new(id.clone(), profile.clone(), limits);
    let (mut mono, mut closed, mut events) = (0_u64, 0_u64, Vec::new());
    let at = |mono: u64| Timestamp::new(mono * 1_000_000, mono as i64);
    for (i, step) in input.steps.iter().enumerate() {
        if cuts.is_some() && i == usize::from(input.checkpoint) {
            let text = session.checkpoint().to_json();
            assert!(text.len() <= MAX_CHECKPOINT_BYTES);
            let checkpoint = Checkpoint::from_json(&text).expect("its own text");
            session = Session::resume(id.clone(), checkpoint, profile.clone(), limits);
        }
        match step {
            Step::Bytes { lane, pause_ms, bytes } => {
                mono += u64::from(*pause_ms);
                let lane = Lane::ToPrinter(u64::from(lane % 3) + closed * 3);
                send(&mut session, lane, at(mono), bytes, cuts);
            }
            Step::Reply { lane, pause_ms, bytes } => {
                mono += u64::from(*pause_ms);
                let lane = Lane::FromPrinter(u64::from(lane % 3));
                send(&mut session, lane, at(mono), bytes, cuts);
            }
            Step::Close { lane, broken } => {
                let why = if *broken { Boundary::Broken } else { Boundary::Closed };
                let lane = Lane::ToPrinter(u64::from(lane % 3) + closed * 3);
                closed += 1;
                session.boundary(lane, at(mono), why);
            }
            Step::Gap => session.gap(at(mono), GapReason::Overrun),
            Step::Timeout { pause_ms } => {
                mono += u64::from(*pause_ms);
                session.handle_timeout(at(mono));
            }
        }
        events.extend(std::iter::from_fn(|| session.poll_event()));
    }
    session.finish(at(mono), EndReason::Replaced);
    events.extend(std::iter::from_fn(|| session.poll_event()));
    events
}

/// Hands bytes over whole, or in pieces of the sizes `cuts`.
fn send(session: &mut Session, lane: Lane, now: Timestamp, bytes: &[u8], cuts: Option<&[u8; 4]>) {
    let Some(cuts) = cuts else { return session.receive(lane, now, bytes) };
    let mut rest = bytes;
    for cut in cuts.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let n = (usize::from(*cut) + 1).min(rest.len());
        session.receive(lane, now, &rest[..n]);
        rest = &rest[n..];
    }
}
