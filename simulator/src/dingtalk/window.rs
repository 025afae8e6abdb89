//! Twenty messages a minute, then ten minutes of silence: the rate limit of one robot.
//!
//! Pure: time comes as an argument, the numbers from the profile.

use std::collections::VecDeque;

use super::profile::{WindowRules, WindowShape};

/// The recent calls of one robot, and the penalty it is under.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    calls: VecDeque<i64>,
    penalty_until: Option<i64>,
}

impl Window {
    /// Whether a call at `now_ms` is let through. A call that is counts; one that is not begins the
    /// penalty, or falls into it.
    pub(super) fn admit(&mut self, now_ms: i64, rules: &WindowRules) -> bool {
        let penalty_ms = i64::from(rules.penalty_seconds) * 1_000;
        if let Some(until) = self.penalty_until {
            if now_ms < until {
                if rules.penalty_extends {
                    self.penalty_until = Some(now_ms + penalty_ms);
                }
                return false;
            }
            self.penalty_until = None;
            self.calls.clear();
        }
        self.forget(now_ms, rules);
        if self.calls.len() >= rules.messages as usize {
            self.penalty_until = Some(now_ms + penalty_ms);
            return false;
        }
        self.calls.push_back(now_ms);
        true
    }

    /// Whether nothing of it matters any more at `now_ms`.
    pub(super) fn is_idle(&self, now_ms: i64, rules: &WindowRules) -> bool {
        let window_ms = i64::from(rules.seconds) * 1_000;
        self.penalty_until.is_none_or(|until| until <= now_ms)
            && self.calls.back().is_none_or(|&at| at + window_ms <= now_ms)
    }

    fn forget(&mut self, now_ms: i64, rules: &WindowRules) {
        let window_ms = i64::from(rules.seconds) * 1_000;
        let over = |at: &i64| at + window_ms <= now_ms;
        match rules.shape {
            WindowShape::Sliding => {
                while self.calls.front().is_some_and(over) {
                    self.calls.pop_front();
                }
            }
            WindowShape::Fixed => {
                if self.calls.front().is_some_and(over) {
                    self.calls.clear();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Window, WindowRules, WindowShape};

    const MINUTE: i64 = 60_000;

    fn full_at(now: i64, rules: &WindowRules) -> Window {
        let mut window = Window::default();
        assert!((0..20).all(|_| window.admit(now, rules)));
        window
    }

    #[test]
    fn twenty_a_minute_are_admitted_and_the_next_is_not() {
        let rules = WindowRules::default();
        let mut window = full_at(0, &rules);
        assert!(!window.admit(MINUTE - 1, &rules));
    }

    #[test]
    fn a_robot_that_keeps_to_the_pace_is_never_refused() {
        let rules = WindowRules::default();
        let mut window = Window::default();
        assert!((0..200).all(|n| window.admit(n * MINUTE / 20, &rules)));
    }

    #[test]
    fn the_penalty_lasts_ten_minutes_and_trying_does_not_prolong_it() {
        let rules = WindowRules::default();
        let mut window = full_at(0, &rules);
        assert!(!window.admit(1_000, &rules));
        for minute in 1..10 {
            assert!(!window.admit(1_000 + minute * MINUTE, &rules));
        }
        assert!(!window.admit(1_000 + 10 * MINUTE - 1, &rules));
        assert!(window.admit(1_000 + 10 * MINUTE, &rules));
    }

    #[test]
    fn trying_prolongs_the_penalty_where_the_profile_says_so() {
        let rules = WindowRules { penalty_extends: true, ..WindowRules::default() };
        let mut window = full_at(0, &rules);
        assert!(!window.admit(0, &rules));
        assert!(!window.admit(9 * MINUTE, &rules));
        assert!(!window.admit(11 * MINUTE, &rules), "the second try began it anew");
        assert!(window.admit(21 * MINUTE, &rules));
    }

    #[test]
    fn a_fixed_window_lets_two_full_bursts_through_where_it_turns() {
        let fixed = WindowRules { shape: WindowShape::Fixed, ..WindowRules::default() };
        let sliding = WindowRules::default();
        for (rules, second_burst) in [(fixed, 20), (sliding, 1)] {
            let mut window = Window::default();
            assert!(window.admit(0, &rules));
            assert!((0..19).all(|_| window.admit(MINUTE - 1, &rules)));
            let passed = (0..20).take_while(|_| window.admit(MINUTE, &rules)).count();
            assert_eq!(passed, second_burst, "{:?}", rules.shape);
        }
    }

    #[test]
    fn a_window_is_idle_once_it_can_refuse_nobody() {
        let rules = WindowRules::default();
        let mut window = full_at(0, &rules);
        assert!(!window.is_idle(MINUTE - 1, &rules) && window.is_idle(MINUTE, &rules));
        assert!(!window.admit(10, &rules));
        assert!(!window.is_idle(10 * MINUTE, &rules) && window.is_idle(10 + 10 * MINUTE, &rules));
    }
}
