//! Any characters in any encoding: bytes below 20 are left out but for LF, so that every input is
//! deep in the decoding of text; what is read must not depend on the cuts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, run, steps};

/// The character sets that a till can choose, one for each value of the input's last seed byte.
const CHOICES: [&[u8]; 8] = [
    b"",
    b"\x1c&",
    b"\x1c.\x1bt\x10",
    b"\x1bt\x02",
    b"\x1bt\x15",
    b"\x1cC\x01",
    b"\x1c(C\x02\x0002",
    b"\x1bR\x08",
];

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let choice = CHOICES[(input.seed >> 24) as usize % CHOICES.len()];
    let characters = input.bytes.iter().copied().filter(|byte| *byte >= 0x20 || *byte == b'\n');
    let bytes: Vec<u8> = choice.iter().copied().chain(characters).collect();
    let input = Input { bytes: &bytes, ..input };
    let records = steps(&input, false);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Never), "chunking changes nothing");
    for text in whole.iter().filter_map(|event| event.text.as_ref()) {
        assert!(!text.contains(['\0', '\u{1b}']), "control characters do not print: {text:?}");
    }
});
