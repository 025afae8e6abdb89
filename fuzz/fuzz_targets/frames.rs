//! The frames of any bytes tile them and give them back, and no way of cutting the bytes changes
//! what the frames say.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Random};
use pos_protocol::escpos::lexer::{Frame, FrameKind, Lexer};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let whole = frames(&input, &mut |rest| rest);
    let mut random = Random::new(input.seed);
    let cut = frames(&input, &mut |rest| 1 + random.below(rest.min(64)));
    assert_eq!(whole, cut, "chunking changes nothing");
    assert_eq!(whole, frames(&input, &mut |_| 1), "nor does byte by byte");
});

/// Frames with runs that come in several of them made one, so that cutting does not show.
fn frames(input: &Input<'_>, next: &mut impl FnMut(usize) -> usize) -> Vec<(String, Vec<u8>)> {
    let (mut end, mut seen, mut merged) = (0, Vec::new(), Vec::new());
    let mut sink = |frame: Frame<'_>| {
        assert_eq!(frame.span.start, end, "frames follow each other");
        end = frame.span.end;
        let bytes = frame.kind.to_bytes();
        assert_eq!(bytes.len() as u64, frame.span.len(), "a frame covers its bytes");
        seen.extend_from_slice(&bytes);
        let (name, runs_on) = name(frame.kind);
        match merged.last_mut() {
            Some((last, run)) if runs_on && *last == name => Vec::extend(run, bytes),
            _ => merged.push((name, bytes)),
        }
    };
    let mut lexer = Lexer::new(input.profile.dialect);
    let mut rest = input.bytes;
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(next(rest.len()));
        lexer.push(piece, &mut sink);
        rest = later;
    }
    lexer.flush(&mut sink);
    assert_eq!(seen, input.bytes, "no byte is lost");
    merged
}

fn name(kind: FrameKind<'_>) -> (String, bool) {
    match kind {
        FrameKind::Text(_) => ("text".to_owned(), true),
        FrameKind::Unknown(_) => ("unknown".to_owned(), true),
        FrameKind::Payload { row, .. } => (format!("{} payload", row.name), true),
        FrameKind::Command { row, refused, .. } => (format!("{} {refused}", row.name), false),
        FrameKind::Incomplete { row, .. } => {
            (format!("{} incomplete", row.map_or("?", |row| row.name)), false)
        }
        FrameKind::Noticed { row, args } => (format!("{} noticed {args:?}", row.name), false),
        FrameKind::Truncated { row, missing } => (format!("{} lacks {missing}", row.name), false),
    }
}
