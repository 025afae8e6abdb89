//! Twenty messages a minute, then ten minutes of silence: the rate limit of one robot.
//!
//! Pure: time comes as an argument.

use std::collections::VecDeque;

/// Messages a robot may send in one window.
pub(super) const MAX_PER_WINDOW: usize = 20;
/// Length of the window, in milliseconds.
pub(super) const WINDOW_MS: i64 = 60_000;
/// How long a robot that exceeded it is refused, in milliseconds.
pub(super) const PENALTY_MS: i64 = 600_000;

/// The recent calls of one robot.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    calls: VecDeque<i64>,
    penalty_until: Option<i64>,
}

impl Window {
    /// Whether a call at `now_ms` is let through. A call that is counts; one that is not begins the
    /// penalty, or falls into it and changes nothing.
    pub(super) fn admit(&mut self, now_ms: i64) -> bool {
        if let Some(until) = self.penalty_until {
            if now_ms < until {
                return false;
            }
            self.penalty_until = None;
            self.calls.clear();
        }
        while self.calls.front().is_some_and(|&at| at + WINDOW_MS <= now_ms) {
            self.calls.pop_front();
        }
        if self.calls.len() >= MAX_PER_WINDOW {
            self.penalty_until = Some(now_ms + PENALTY_MS);
            return false;
        }
        self.calls.push_back(now_ms);
        true
    }

    /// Whether nothing of it matters any more at `now_ms`.
    pub(super) fn is_idle(&self, now_ms: i64) -> bool {
        self.penalty_until.is_none_or(|until| until <= now_ms)
            && self.calls.back().is_none_or(|&at| at + WINDOW_MS <= now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PER_WINDOW, PENALTY_MS, WINDOW_MS, Window};

    fn full_at(now: i64) -> Window {
        let mut window = Window::default();
        assert!((0..MAX_PER_WINDOW).all(|_| window.admit(now)));
        window
    }

    #[test]
    fn twenty_a_minute_are_admitted_and_the_next_is_not() {
        let mut window = full_at(0);
        assert!(!window.admit(WINDOW_MS - 1));
    }

    #[test]
    fn a_robot_that_keeps_to_the_pace_is_never_refused() {
        let mut window = Window::default();
        assert!((0..200).all(|n| window.admit(n * WINDOW_MS / MAX_PER_WINDOW as i64)));
    }

    #[test]
    fn the_penalty_lasts_ten_minutes_and_trying_does_not_prolong_it() {
        let mut window = full_at(0);
        assert!(!window.admit(1_000));
        for minute in 1..10 {
            assert!(!window.admit(1_000 + minute * 60_000));
        }
        assert!(!window.admit(1_000 + PENALTY_MS - 1));
        assert!(window.admit(1_000 + PENALTY_MS));
    }

    #[test]
    fn a_window_is_idle_once_it_can_refuse_nobody() {
        let mut window = full_at(0);
        assert!(!window.is_idle(WINDOW_MS - 1) && window.is_idle(WINDOW_MS));
        assert!(!window.admit(10));
        assert!(!window.is_idle(PENALTY_MS) && window.is_idle(10 + PENALTY_MS));
    }
}
