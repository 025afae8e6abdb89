//! Memory stays under its caps whatever comes: live bytes are counted by the allocator while a
//! stream goes round and round, and a checkpoint is no larger than what it holds.

#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, apply, drain, end, fresh, steps};
use pos_protocol::limits::Limits;

/// Counts what is allocated and not yet freed.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to `System` unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What one session may hold beside its documents.
const SESSION_BYTES: usize = 1024 * 1024;
/// Image data that one document may hold.
const IMAGE_BYTES: usize = 4 * 1024 * 1024;
/// What a line of a document costs with nothing on it.
const LINE_BYTES: usize = 64;
/// Documents of lanes that are open side by side in a schedule, all of them full.
const OPEN_LANES: usize = 3;
/// Times that a stream goes round, so that a short one reaches the caps.
const ROUNDS: u64 = 8;
/// Milliseconds from one round to the next: shorter than the idle time, so that paper goes on.
const ROUND_MILLIS: u64 = 1_000;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let records = steps(&input, true);
    let longest = records.last().map_or(0, |(millis, _)| *millis) + ROUND_MILLIS;
    let before = LIVE.load(Ordering::Relaxed);
    let mut session = fresh(&input.profile, input.limits);
    let cap = cap(input.limits);
    for round in 0..ROUNDS {
        for (millis, step) in &records {
            apply(&mut session, &(millis + round * longest, *step));
            for event in drain(&mut session) {
                let lines = event.text.as_deref().map_or(0, |text| text.lines().count());
                assert!(lines <= input.limits.document_lines, "{lines} lines on one paper");
            }
            let held = LIVE.load(Ordering::Relaxed).saturating_sub(before);
            assert!(held <= cap, "{held} bytes held, at most {cap} expected");
        }
    }
    let text = session.checkpoint().to_json();
    // Bytes are written as two digits each, settings and spans in words.
    assert!(text.len() <= 8 * cap, "{} bytes of checkpoint", text.len());
    end(&mut session, &records);
});

fn cap(limits: Limits) -> usize {
    let document = 8 * limits.document_bytes + LINE_BYTES * limits.document_lines + IMAGE_BYTES;
    SESSION_BYTES + OPEN_LANES * document
}
