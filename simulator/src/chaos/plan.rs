//! What goes wrong when: a pure function of a seed, weights, a length and a number of tills.
//!
//! It looks at no machine. What cannot be done on one (a full disk without root) is planned all the
//! same and skipped when its time has come, so that a seed means the same everywhere.

use std::time::Duration;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::draw::draw;
use super::fault::Planned;
use super::kind::Kind;

/// Share of the run, in percent, before the first fault: a till must have sold before it can fail.
const HEAD_PERCENT: u32 = 3;
/// And after the last one, at least: time to come back, and to tell what waited.
const TAIL_PERCENT: u32 = 10;
/// In a short run the tail is longer than its share, up to this.
const TAIL: Duration = Duration::from_mins(1);
/// But never more than this share of the run.
const MAX_TAIL_PERCENT: u32 = 25;
/// Begin of a fault within its own stretch of the run, in percent of the stretch at most: two that
/// follow each other are never closer than the rest of it.
const MAX_DELAY_PERCENT: u32 = 60;
/// Share of a stretch that stays free between two faults of the same thing.
const REST_PERCENT: u32 = 15;
/// A fault lasts at most so many stretches: several may overlap, not all of them.
const MAX_STRETCHES: u32 = 3;

/// What can have one trouble at a time: a second one would end with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Processes,
    Till(u32),
    Network,
    Clock,
    Disk,
    /// Any number of faults wait in the mock's script.
    Script,
}

/// `count` faults for a run of `duration` with `tills` tills. `weights` name the kinds; a kind that
/// cannot be over in time is left out, and where that leaves none, so is everything.
pub fn plan(
    seed: u64,
    count: u32,
    weights: &[(Kind, u32)],
    duration: Duration,
    tills: u32,
) -> Vec<Planned> {
    let (head, end) = window(duration);
    let room = end.saturating_sub(head);
    let fitting: Vec<(Kind, u32)> = weights
        .iter()
        .copied()
        .filter(|(kind, weight)| *weight > 0 && kind.figures().least() <= room / 2)
        .collect();
    if fitting.is_empty() || count == 0 {
        return Vec::new();
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let stretch = room / count;
    let kinds = seated(&mut random, deal(count, &fitting), stretch);
    let mut faults: Vec<Planned> = kinds
        .into_iter()
        .zip(1u32..)
        .map(|(kind, n)| {
            let delay = random.random_range(0..=MAX_DELAY_PERCENT);
            let at = whole_ms(head + stretch * (n - 1) + stretch * delay / 100);
            let figures = kind.figures();
            let most = figures.most().min(stretch * MAX_STRETCHES).max(figures.least());
            let lasts = random.random_range(figures.least()..=most);
            let fault = draw(&mut random, kind, tills.max(1)).lasting(whole_ms(lasts));
            Planned { n, at, fault }
        })
        .collect();
    separate(&mut faults, stretch * REST_PERCENT / 100, end);
    faults
}

/// When faults may begin, and when the last of them is over.
fn window(duration: Duration) -> (Duration, Duration) {
    (duration * HEAD_PERCENT / 100, duration.saturating_sub(tail(duration)))
}

/// How long customers come after the last fault of a run of `duration`.
pub(super) fn tail(duration: Duration) -> Duration {
    let share = |percent: u32| duration * percent / 100;
    share(TAIL_PERCENT).max(TAIL.min(share(MAX_TAIL_PERCENT)))
}

/// `count` kinds by their weights, as evenly as whole numbers allow: the largest remainders get what
/// is left over, the first of equals first.
fn deal(count: u32, weights: &[(Kind, u32)]) -> Vec<Kind> {
    let total: u64 = weights.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let share = |weight: u32| u64::from(count) * u64::from(weight);
    let mut dealt: Vec<(Kind, u64, u64)> = weights
        .iter()
        .map(|(kind, weight)| (*kind, share(*weight) / total, share(*weight) % total))
        .collect();
    let left = u64::from(count) - dealt.iter().map(|(_, whole, _)| whole).sum::<u64>();
    dealt.sort_by_key(|(_, _, rest)| std::cmp::Reverse(*rest));
    for (_, whole, _) in dealt.iter_mut().take(left as usize) {
        *whole += 1;
    }
    dealt.iter().flat_map(|(kind, whole, _)| std::iter::repeat_n(*kind, *whole as usize)).collect()
}

/// The kinds in the order of the run: shuffled, but for those that take long, which take seats from
/// which they can be over in time.
fn seated(random: &mut ChaCha8Rng, mut kinds: Vec<Kind>, stretch: Duration) -> Vec<Kind> {
    kinds.shuffle(random);
    let seats = kinds.len();
    for from in 0..seats {
        let needed = kinds[from].figures().least() + stretch * MAX_DELAY_PERCENT / 100;
        let fits = |seat: usize| stretch * ((seats - seat) as u32) >= needed;
        if fits(from) {
            continue;
        }
        // Another that takes long may sit there already: it is moved on when its turn comes, or sits
        // well where it comes to.
        let latest = (0..from).rev().find(|seat| fits(*seat)).unwrap_or(0);
        let to = random.random_range(0..=latest);
        kinds.swap(from, to);
    }
    kinds
}

/// Ends a fault before the next one of the same thing begins, and before the end of the window. Where
/// its least time does not fit, it is shorter still.
fn separate(faults: &mut [Planned], rest: Duration, end: Duration) {
    for at in 0..faults.len() {
        let (done, later) = faults.split_at_mut(at + 1);
        let Some(fault) = done.last_mut() else { continue };
        let thing = thing(fault);
        let same = |other: &&Planned| thing != Thing::Script && self::thing(other) == thing;
        let next = later.iter().find(same).map_or(end, |next| next.at.saturating_sub(rest));
        let free = next.min(end).saturating_sub(fault.at);
        if fault.fault.lasts() > free {
            fault.fault = fault.fault.lasting(whole_ms(free));
        }
    }
}

fn thing(planned: &Planned) -> Thing {
    use super::fault::Fault;
    match &planned.fault {
        Fault::KillBrain { .. } | Fault::KillWire | Fault::KillBoth { .. } => Thing::Processes,
        Fault::Unplug { till, .. }
        | Fault::PrinterAway { till, .. }
        | Fault::PaperOut { till, .. }
        | Fault::SlowPrinter { till, .. } => Thing::Till(*till),
        Fault::NetworkAway { .. } => Thing::Network,
        Fault::DingTalk { .. } => Thing::Script,
        Fault::ClockStep { .. } => Thing::Clock,
        Fault::DiskFull { .. } => Thing::Disk,
    }
}

/// Milliseconds are what a person can type and the mock's script can count.
fn whole_ms(time: Duration) -> Duration {
    Duration::from_millis(time.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::kind::{KINDS, Kind};
    use super::{Planned, REST_PERCENT, Thing, plan, thing, window};

    fn usual() -> Vec<(Kind, u32)> {
        KINDS.iter().map(|figures| (figures.kind, figures.weight)).collect()
    }

    fn stretch(count: u32, duration: Duration) -> Duration {
        let (head, end) = window(duration);
        end.saturating_sub(head) / count
    }

    proptest! {
        #[test]
        fn a_seed_means_the_same_plan_with_as_many_faults_as_were_asked_for(
            seed: u64, count in 1u32..300, seconds in 20u64..90_000, tills in 1u32..3_000,
        ) {
            let duration = Duration::from_secs(seconds);
            let faults = plan(seed, count, &usual(), duration, tills);
            prop_assert_eq!(&faults, &plan(seed, count, &usual(), duration, tills));
            let numbers: Vec<u32> = faults.iter().map(|planned| planned.n).collect();
            prop_assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
            prop_assert!(faults.is_sorted_by_key(|planned| planned.at));
        }

        #[test]
        fn every_fault_is_over_with_room_to_recover_and_alone_with_its_thing(
            seed: u64, count in 1u32..300, seconds in 20u64..90_000, tills in 1u32..20,
        ) {
            let duration = Duration::from_secs(seconds);
            let faults = plan(seed, count, &usual(), duration, tills);
            let (head, end) = window(duration);
            let tail = duration.saturating_sub(end);
            prop_assert!(tail * 11 >= duration && tail * 4 <= duration + Duration::from_secs(1));
            let rest = stretch(count, duration) * REST_PERCENT / 100;
            for (at, planned) in faults.iter().enumerate() {
                // Times are cut to whole milliseconds.
                prop_assert!(planned.at + Duration::from_millis(1) >= head, "{planned:?}");
                // A fault of the script lasts a millisecond at least, or it would be none.
                prop_assert!(planned.until() <= end + Duration::from_millis(1), "{planned:?}");
                let thing = thing(planned);
                let next = faults[at + 1..].iter().find(|other| super::thing(other) == thing);
                if let Some(next) = next.filter(|_| thing != Thing::Script) {
                    prop_assert!(planned.until() + rest <= next.at, "{planned:?} and {next:?}");
                }
            }
        }

        #[test]
        fn kinds_come_as_often_as_their_weights_say_to_within_one(
            seed: u64, count in 1u32..500, weights in prop::collection::vec(0u32..9, KINDS.len()),
        ) {
            // Long enough for all of them.
            let duration = Duration::from_hours(24);
            let weights: Vec<(Kind, u32)> =
                KINDS.iter().map(|figures| figures.kind).zip(weights).collect();
            let total: u32 = weights.iter().map(|(_, weight)| weight).sum();
            prop_assume!(total > 0);
            let faults = plan(seed, count, &weights, duration, 3);
            for (kind, weight) in weights {
                let found = faults.iter().filter(|planned| planned.fault.kind() == kind).count();
                let exact = f64::from(count) * f64::from(weight) / f64::from(total);
                prop_assert!((found as f64 - exact).abs() < 1.0, "{kind:?} {found} of {exact}");
            }
        }

        #[test]
        fn what_takes_ten_minutes_has_them_or_does_not_come(
            seed: u64, count in 1u32..300, seconds in 20u64..7_200,
        ) {
            let duration = Duration::from_secs(seconds);
            let faults = plan(seed, count, &usual(), duration, 3);
            for kind in [Kind::Throttle, Kind::Html] {
                let of_kind = |planned: &&Planned| planned.fault.kind() == kind;
                for planned in faults.iter().filter(of_kind) {
                    prop_assert_eq!(planned.fault.lasts(), kind.figures().least(), "{:?}", planned);
                }
            }
        }
    }

    #[test]
    fn other_seeds_are_other_plans() {
        let plans: BTreeSet<String> = (0..50)
            .map(|seed| format!("{:?}", plan(seed, 5, &usual(), Duration::from_mins(1), 3)))
            .collect();
        assert_eq!(plans.len(), 50);
    }

    #[test]
    fn nothing_is_planned_where_nothing_fits() {
        let throttle = [(Kind::Throttle, 1)];
        assert!(plan(1, 5, &throttle, Duration::from_mins(1), 3).is_empty());
        assert!(plan(1, 5, &[], Duration::from_mins(1), 3).is_empty());
        assert_eq!(plan(1, 5, &throttle, Duration::from_hours(5), 3).len(), 5);
    }
}
