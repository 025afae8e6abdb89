//! How long to wait before a port, a listener or a file is tried again. Pure.

use std::time::Duration;

/// First wait: short, because a replugged cable settles within it.
pub(super) const FIRST: Duration = Duration::from_millis(200);
/// Longest wait: no longer than a USB adapter takes to be there again, and idle all the same.
pub(super) const LONGEST: Duration = Duration::from_secs(2);

/// Doubles from [`FIRST`] to [`LONGEST`].
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// The wait before the next try.
    pub(super) fn step(&mut self) -> Duration {
        let now = self.next;
        self.next = (now * 2).min(LONGEST);
        now
    }

    /// Starts over after something worked.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, FIRST, LONGEST};

    #[test]
    fn waits_double_up_to_the_longest_and_start_over() {
        let mut backoff = Backoff::new();
        let waits: Vec<u128> = (0..6).map(|_| backoff.step().as_millis()).collect();
        assert_eq!(waits, [200, 400, 800, 1600, 2000, 2000]);
        assert_eq!(backoff.step(), LONGEST);
        backoff.reset();
        assert_eq!(backoff.step(), FIRST);
    }
}
