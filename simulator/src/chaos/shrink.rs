//! From a schedule that fails to a smaller one that fails: fewer faults, then shorter ones.
//!
//! Pure: whether a schedule fails is asked of a function, and so is whether there is time to ask. It
//! is delta debugging (`ddmin`): halves, then smaller parts, are left out while it still fails.

use std::time::Duration;

use super::fault::Planned;

/// A fault is not made shorter than this: what lasts a moment is as good as gone.
const LEAST: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// The smallest schedule that was seen to fail.
    pub faults: Vec<Planned>,
    /// Schedules that were tried.
    pub tried: u32,
    /// Whether nothing smaller was left to try; otherwise time was up.
    pub finished: bool,
}

/// Makes `faults`, which fail, as small as it can. `fails` says whether a schedule fails;
/// `may_try` is asked before each, with how many were tried.
pub fn shrink(
    faults: &[Planned],
    fails: &mut dyn FnMut(&[Planned]) -> bool,
    may_try: &mut dyn FnMut(u32) -> bool,
) -> Shrunk {
    let mut search = Search { smallest: faults.to_vec(), tried: 0, stopped: false, fails, may_try };
    search.fewer();
    search.shorter();
    let Search { smallest, tried, stopped, .. } = search;
    Shrunk { faults: smallest, tried, finished: !stopped }
}

struct Search<'a> {
    smallest: Vec<Planned>,
    tried: u32,
    stopped: bool,
    fails: &'a mut dyn FnMut(&[Planned]) -> bool,
    may_try: &'a mut dyn FnMut(u32) -> bool,
}

impl Search<'_> {
    /// Whether `schedule` fails; it is the smallest from then on.
    fn fails(&mut self, schedule: Vec<Planned>) -> bool {
        self.stopped = self.stopped || !(self.may_try)(self.tried);
        if self.stopped {
            return false;
        }
        self.tried += 1;
        let fails = (self.fails)(&schedule);
        if fails {
            self.smallest = schedule;
        }
        fails
    }

    /// Leaves out parts, coarse first, until no single fault can be spared.
    fn fewer(&mut self) {
        // A ledger that does not close without any fault is no matter of faults.
        if self.smallest.is_empty() || self.fails(Vec::new()) {
            return;
        }
        let mut parts = 2;
        while self.smallest.len() > 1 && !self.stopped {
            let size = self.smallest.len().div_ceil(parts);
            let whole = self.smallest.clone();
            let spans = || {
                (0..whole.len()).step_by(size).map(|from| (from, (from + size).min(whole.len())))
            };
            // Of two halves, leaving one out is keeping the other.
            let kept = parts > 2 && spans().any(|(from, to)| self.fails(whole[from..to].to_vec()));
            let spared = !kept
                && spans().any(|(from, to)| self.fails([&whole[..from], &whole[to..]].concat()));
            parts = match (kept, spared) {
                (true, _) => 2,
                (_, true) => (parts - 1).max(2),
                _ if size == 1 => return,
                _ => (parts * 2).min(whole.len()),
            };
        }
    }

    /// Halves how long each of them lasts while it still fails.
    fn shorter(&mut self) {
        for at in 0..self.smallest.len() {
            loop {
                let mut schedule = self.smallest.clone();
                let Some(planned) = schedule.get_mut(at) else { break };
                let half = Duration::from_millis(planned.fault.lasts().as_millis() as u64 / 2);
                if half < LEAST {
                    break;
                }
                planned.fault = planned.fault.lasting(half);
                if !self.fails(schedule) {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::fault::{Fault, Planned};
    use super::{LEAST, shrink};

    const LASTS: Duration = Duration::from_secs(4);

    fn schedule(count: u32) -> Vec<Planned> {
        let fault = Fault::NetworkAway { away_for: LASTS };
        (1..=count)
            .map(|n| Planned { n, at: Duration::from_secs(n.into()), fault: fault.clone() })
            .collect()
    }

    fn numbers(faults: &[Planned]) -> BTreeSet<u32> {
        faults.iter().map(|planned| planned.n).collect()
    }

    proptest! {
        #[test]
        fn a_failure_that_needs_some_faults_is_shrunk_to_exactly_these(
            count in 1u32..120, guilty in prop::collection::btree_set(1u32..120, 1..4),
        ) {
            let guilty: BTreeSet<u32> = guilty.into_iter().map(|n| (n - 1) % count + 1).collect();
            let mut fails = |faults: &[Planned]| guilty.is_subset(&numbers(faults));
            let shrunk = shrink(&schedule(count), &mut fails, &mut |_| true);
            prop_assert_eq!(numbers(&shrunk.faults), guilty);
            prop_assert!(shrunk.finished);
            prop_assert!(shrunk.faults.is_sorted_by_key(|planned| planned.n));
        }

        #[test]
        fn a_failure_that_needs_a_length_keeps_it_and_no_more_than_twice(
            count in 1u32..40, guilty in 1u32..40, least_ms in 1u64..4_000,
        ) {
            let (guilty, least) = ((guilty - 1) % count + 1, Duration::from_millis(least_ms));
            let mut fails = |faults: &[Planned]| {
                faults.iter().any(|planned| planned.n == guilty && planned.fault.lasts() >= least)
            };
            let shrunk = shrink(&schedule(count), &mut fails, &mut |_| true);
            prop_assert_eq!(numbers(&shrunk.faults), BTreeSet::from([guilty]));
            let lasts = shrunk.faults[0].fault.lasts();
            // Halves are cut to whole milliseconds.
            prop_assert!(lasts >= least && lasts < least.max(LEAST) * 2 + Duration::from_millis(2));
        }

        #[test]
        fn whatever_fails_at_random_the_result_was_seen_to_fail_and_no_more_was_tried_than_allowed(
            count in 1u32..60, seed: u64, most in 0u32..30,
        ) {
            let mut state = seed;
            let mut failed = vec![schedule(count)];
            let mut tried = 0;
            let mut fails = |faults: &[Planned]| {
                tried += 1;
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let fails = state >> 63 == 1;
                if fails {
                    failed.push(faults.to_vec());
                }
                fails
            };
            let shrunk = shrink(&schedule(count), &mut fails, &mut |tried| tried < most);
            prop_assert_eq!(shrunk.tried, tried);
            prop_assert!(tried <= most);
            prop_assert!(failed.contains(&shrunk.faults));
        }
    }

    #[test]
    fn one_guilty_fault_of_two_hundred_is_found_in_a_few_tries() {
        let mut fails = |faults: &[Planned]| numbers(faults).contains(&137);
        let shrunk = shrink(&schedule(200), &mut fails, &mut |_| true);
        assert_eq!(numbers(&shrunk.faults), BTreeSet::from([137]));
        assert!(shrunk.tried <= 30, "{}", shrunk.tried);
    }

    #[test]
    fn what_fails_without_any_fault_is_told_at_once() {
        let shrunk = shrink(&schedule(200), &mut |_| true, &mut |_| true);
        assert!(shrunk.faults.is_empty() && shrunk.tried == 1 && shrunk.finished);
    }
}
