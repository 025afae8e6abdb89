//! Bytes in both directions: chunking of either changes no event, nor does a restart.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, run, steps};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let records = steps(&input, true);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Sometimes), "cut and taken down");
});
