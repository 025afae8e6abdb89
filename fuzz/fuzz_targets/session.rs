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
