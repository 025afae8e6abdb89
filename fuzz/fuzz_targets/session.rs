//! Any records into a session: no panic, chunking changes no event, ids are unique, and what an
//! event says it read lies in its document.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, run, steps};
use pos_protocol::event::Event;
use pos_protocol::limits::MAX_DIAGNOSTICS;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let records = steps(&input, false);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Never), "chunking changes nothing");
    let mut ids: Vec<_> = whole.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), whole.len(), "ids are unique");
    whole.iter().for_each(check);
});

fn check(event: &Event) {
    let evidence = event.evidence.as_ref().expect("every event has evidence");
    assert!(evidence.diagnostics.len() <= MAX_DIAGNOSTICS + 1);
    assert!(evidence.start <= evidence.end);
    for (name, field) in &evidence.fields {
        let inside = evidence.start <= field.start && field.end <= evidence.end;
        assert!(inside && field.start < field.end, "{name}: {field:?}");
    }
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
