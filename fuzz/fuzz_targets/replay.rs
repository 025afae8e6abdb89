//! A session that is taken down now and then and goes on from the text of its checkpoint
//! tells the same events, and waits for the same deadlines, as one that runs on.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Random, apply, drain, end, fresh, resume, steps};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let records = steps(&input, true);
    let mut random = Random::new(input.seed.wrapping_add(2));
    let mut lasting = fresh(&input.profile, input.limits);
    let mut resumed = lasting.clone();
    for record in &records {
        if random.below(4) == 0 {
            resumed = resume(&resumed, &input.profile, input.limits);
        }
        for session in [&mut lasting, &mut resumed] {
            apply(session, record);
        }
        assert_eq!(drain(&mut lasting), drain(&mut resumed), "the same events");
        assert_eq!(lasting.poll_timeout(), resumed.poll_timeout(), "the same deadline");
    }
    assert_eq!(end(&mut lasting, &records), end(&mut resumed, &records), "the same end");
});
