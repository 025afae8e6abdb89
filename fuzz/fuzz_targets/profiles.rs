//! Any text as a profile, any receipt read with it: no panic, chunking changes no event, and what
//! is `balanced` is balanced by amounts that stand on the paper.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, run, steps};
use pos_protocol::event::Verdict;
use pos_protocol::profile::{Profile, check_samples, load};

/// What parts the profile's text from the receipt.
const PART: &[u8] = b"\0";

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let cut = input.bytes.windows(PART.len()).position(|window| window == PART);
    let (text, bytes) = input.bytes.split_at(cut.unwrap_or(input.bytes.len()));
    let Ok(profile) = load(&String::from_utf8_lossy(text)) else { return };
    let _ = check_samples(&profile, &String::from_utf8_lossy(text));
    let Profile { dialect, encoding, timing, .. } = input.profile;
    let profile = Profile { dialect, encoding, timing, ..profile };
    let input = Input { profile, bytes: bytes.get(PART.len()..).unwrap_or_default(), ..input };
    let records = steps(&input, false);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Never), "chunking changes nothing");
    for event in &whole {
        let evidence = event.evidence.as_ref().expect("every event has evidence");
        for (name, field) in &evidence.fields {
            let inside = evidence.start <= field.start && field.end <= evidence.end;
            assert!(inside, "{name}: {field:?}");
        }
        let total = event.receipt.as_ref().and_then(|receipt| receipt.total);
        assert!(total.is_some() || event.verdict != Some(Verdict::Balanced), "nothing to balance");
    }
});
