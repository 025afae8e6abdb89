//! What is counted while a run goes on, for whoever looks at it meanwhile.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The counts. Each is right by itself; together they are of one moment only by chance.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) offered: Count,
    pub(super) printed: Count,
    pub(super) journalled: Count,
    pub(super) told: Count,
    pub(super) messages: Count,
    /// Slips that the group has yet to hear of, as far as their numbers show.
    pub(super) awaited: Count,
    /// How late the latest slip was handed to its till, and the latest of all, in microseconds.
    pub(super) behind_us: Count,
    pub(super) worst_behind_us: Count,
    /// Slips that were handed over later than the bound.
    pub(super) late_starts: Count,
    /// Calls that the mock judged.
    pub(super) calls: Count,
    /// The longest that the mock took over a call, in microseconds, and calls beyond the bound.
    pub(super) worst_call_us: Count,
    pub(super) slow_calls: Count,
    /// Whether the last customer has come.
    pub(super) sold_out: AtomicBool,
}

/// One number.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(super) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(super) fn at_least(&self, value: u64) {
        self.0.fetch_max(value, Ordering::Relaxed);
    }
}

impl Counts {
    /// Whether every slip there will be has been printed.
    pub(super) fn all_printed(&self) -> bool {
        self.sold_out.load(Ordering::Acquire) && self.printed.get() >= self.offered.get()
    }
}
