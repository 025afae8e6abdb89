//! Whether the bridge came back in time and made no storm, by the mock's log of its calls. Pure.
//!
//! The bounds are those of `docs/APPLICATION.md`, reckoned here a second time: the bridge's own code is
//! not asked.

use std::time::Duration;

use super::books::{Books, Life, Try};
use super::script::Ill;
use super::{BURST, Plan, REFILL_MS};

/// First wait and longest, in milliseconds; half of each is by chance.
const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 60_000;
/// Longest wait after the application was refused.
const REFUSED_MS: i64 = 300_000;
/// A connection that stood for so long makes the next wait the first again.
const STEADY_MS: i64 = 30_000;
/// A connection by which nothing is heard is asked for a sign of life after this time of the shop's,
/// and given up after that of the network's.
const QUIET_MS: i64 = 60_000;
const PONG: Duration = Duration::from_secs(10);
/// What a busy machine of two cores may add to a wait, in its own time.
const SLACK: Duration = Duration::from_millis(1_500);
/// Spans in which tries are counted, in minutes of the shop's time.
const WINDOWS: [i64; 4] = [1, 5, 30, 120];

/// How the bridge came back.
#[derive(Clone, Debug, Default)]
pub(super) struct Reconnects {
    /// Connections that were made to end and did, and the tries that followed all ends.
    pub(super) ended: usize,
    pub(super) tries: usize,
    /// By how much the latest and the earliest try missed its bound, in the shop's time; below zero,
    /// it was within.
    pub(super) latest_ms: i64,
    pub(super) longest_wait_ms: i64,
    /// The most tries within each of [`WINDOWS`], and how many were allowed.
    pub(super) windows: Vec<(i64, usize, usize)>,
    /// Longest time from a connection's death to the next try.
    pub(super) zombie_ms: i64,
    pub(super) zombies: usize,
    pub(super) broken: Vec<String>,
}

/// Failures in a row, as few and as many as they can have been: where a connection stood for about
/// [`STEADY_MS`] the log cannot tell.
#[derive(Clone, Copy, Default)]
struct Failures {
    few: u32,
    many: u32,
}

/// When a try was over, at the earliest and at the latest.
struct Over {
    from_ms: i64,
    to_ms: i64,
}

/// Judges all tries, those of each life of the brain by themselves.
pub(super) fn judge(books: &Books, plan: &Plan) -> Reconnects {
    let mut found = Reconnects { latest_ms: i64::MIN, ..Reconnects::default() };
    for life in &books.lives {
        let within =
            |one: &&Try| one.at_ms >= life.from_ms && life.to_ms.is_none_or(|to| one.at_ms < to);
        let tries: Vec<&Try> = books.tries.iter().filter(within).collect();
        found.waits(&tries, *life, books, plan);
        found.storms(&tries, plan);
    }
    found.tries = books.tries.len();
    let ended = |one: &&super::books::Strike| {
        one.ill == Ill::Zombie || books.end_of(&one.connection).is_some()
    };
    found.ended = books.strikes.iter().filter(ended).count();
    found
}

impl Reconnects {
    fn waits(&mut self, tries: &[&Try], life: Life, books: &Books, plan: &Plan) {
        let slack = plan.real(SLACK);
        let (mut failures, mut full_at) = (Failures::default(), i64::MIN / 2);
        for (n, one) in tries.iter().enumerate() {
            full_at = full_at.max(one.at_ms) + REFILL_MS;
            let Some(over) = self.over(one, life, books, plan) else { continue };
            if let Some((_, since, _)) = &one.stood {
                failures.few *= u32::from(over.to_ms - since + slack < STEADY_MS);
                failures.many *= u32::from(over.from_ms - since - slack < STEADY_MS);
            }
            let doubled = |times: u32| (FIRST_MS << times.min(16)).min(LONGEST_MS);
            let (least, most) = if one.refused {
                (REFUSED_MS / 2, REFUSED_MS)
            } else {
                (doubled(failures.few) / 2, doubled(failures.many))
            };
            failures = Failures { few: failures.few + 1, many: failures.many + 1 };
            let Some(next) = tries.get(n + 1) else {
                continue;
            };
            let allowed = full_at - REFILL_MS * (BURST - 1);
            let from = (over.from_ms + least).max(allowed) - slack;
            let to = (over.to_ms + most).max(allowed);
            self.latest_ms = self.latest_ms.max(next.at_ms - to);
            if over.from_ms == over.to_ms || over.to_ms - over.from_ms < slack {
                self.longest_wait_ms = self.longest_wait_ms.max(next.at_ms - over.from_ms);
            }
            if !(from..=to + slack).contains(&next.at_ms) {
                self.broken.push(format!(
                    "expected a try between {from} and {} ms after the one at {} ms ended, found {}",
                    to + slack,
                    one.at_ms,
                    next.at_ms
                ));
            }
        }
    }

    /// When `one` was over; nothing where it still stood at the end, or when the brain was killed.
    fn over(&mut self, one: &Try, life: Life, books: &Books, plan: &Plan) -> Option<Over> {
        let Some((id, _, end)) = &one.stood else {
            return Some(Over { from_ms: one.at_ms, to_ms: one.at_ms });
        };
        match books.strike_of(id) {
            Some(strike) if strike.ill == Ill::Zombie => {
                let to_ms = strike.at_ms + QUIET_MS + plan.real(PONG);
                let next = books.tries.iter().find(|later| later.at_ms > one.at_ms)?;
                self.zombies += 1;
                self.zombie_ms = self.zombie_ms.max(next.at_ms - strike.at_ms);
                Some(Over { from_ms: strike.at_ms, to_ms })
            }
            Some(strike) => {
                let to_ms = (*end)?;
                // What the mock is slow to notice the bridge knew before.
                Some(Over { from_ms: strike.at_ms.min(to_ms), to_ms })
            }
            None => {
                let end = (*end)?;
                if life.to_ms.is_none_or(|killed| end < killed - plan.real(SLACK)) {
                    self.broken.push(format!(
                        "expected the connection of {} ms to go on, found it left at {end} ms",
                        one.at_ms
                    ));
                }
                Some(Over { from_ms: end, to_ms: end })
            }
        }
    }

    fn storms(&mut self, tries: &[&Try], plan: &Plan) {
        let slack = plan.real(SLACK);
        for minutes in WINDOWS {
            let window = minutes * REFILL_MS;
            let most = tries.iter().enumerate().map(|(n, from)| {
                tries[n..].iter().take_while(|one| one.at_ms < from.at_ms + window).count()
            });
            let most = most.max().unwrap_or(0);
            let allowed = BURST + (window + slack) / REFILL_MS + 1;
            let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
            if most > allowed {
                self.broken.push(format!(
                    "expected at most {allowed} tries within {minutes} min, found {most}"
                ));
            }
            match self.windows.iter_mut().find(|(of, ..)| *of == minutes) {
                Some((_, before, _)) => *before = most.max(*before),
                None => self.windows.push((minutes, most, allowed)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::books::{Books, Life, Strike, Try};
    use super::super::script::Ill;
    use super::{Reconnects, judge};
    use crate::soak::Plan;

    const PLAN: Plan =
        Plan { span: Duration::from_mins(1), rate: 1, seed: 1, disconnects: 1, kills: 0 };

    /// Connections that stood from a try until they were cut.
    fn judged(stood: &[(i64, i64)], ill: Ill) -> Reconnects {
        let mut books =
            Books { lives: vec![Life { from_ms: i64::MIN, to_ms: None }], ..Books::default() };
        for (from, to) in stood {
            let id = from.to_string();
            let strike = Strike { at_ms: *to, connection: id.clone(), ill };
            books.strikes.push(strike);
            books.tries.push(Try {
                at_ms: *from,
                refused: false,
                stood: Some((id, *from, Some(*to))),
            });
        }
        judge(&books, &PLAN)
    }

    #[test]
    fn a_try_within_the_documented_wait_is_well_and_a_later_or_an_earlier_one_is_not() {
        let after = |wait: i64| judged(&[(0, 40_000), (40_000 + wait, 90_000)], Ill::Cut).broken;
        assert_eq!(after(700), Vec::<String>::new());
        assert_eq!(after(2_400), Vec::<String>::new(), "a second, and a busy machine");
        assert_eq!(after(2_600).len(), 1);
        // The third wait after connections that did not last is two to four seconds.
        let third = |wait: i64| {
            judged(&[(0, 1), (1_000, 1_001), (2_800, 2_801), (2_801 + wait, 9_000)], Ill::Cut)
                .broken
        };
        assert_eq!(third(3_000), Vec::<String>::new());
        assert!(!third(100).is_empty(), "too soon");
    }

    #[test]
    fn a_dead_connection_is_found_in_its_time() {
        let after = |wait: i64| judged(&[(0, 40_000), (40_000 + wait, 999_000)], Ill::Zombie);
        assert_eq!(after(71_000).broken, Vec::<String>::new());
        assert_eq!((after(71_000).zombies, after(71_000).zombie_ms), (1, 71_000));
        assert_eq!(after(80_000).broken.len(), 1);
    }

    #[test]
    fn a_storm_is_seen() {
        let quick: Vec<(i64, i64)> = (0..20).map(|n| (n * 2_000, n * 2_000 + 10)).collect();
        let broken = judged(&quick, Ill::Cut).broken;
        assert!(broken.iter().any(|why| why.contains("tries within 1 min")), "{broken:?}");
    }

    #[test]
    fn a_connection_that_was_left_without_a_reason_is_seen() {
        let stood = Some(("c".to_owned(), 0, Some(50_000)));
        let books = Books {
            lives: vec![Life { from_ms: 0, to_ms: None }],
            tries: vec![Try { at_ms: 0, refused: false, stood }],
            ..Books::default()
        };
        assert_eq!(judge(&books, &PLAN).broken.len(), 1);
    }
}
