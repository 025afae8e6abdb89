//! How fast one robot may talk. Pure: the attempts table in, "now" or a time out, so that a restart
//! changes nothing.

/// Most attempts in any window. DingTalk takes 20 a minute and then none for ten minutes; two are
/// left for `send-test` and for clocks that disagree.
pub const WINDOW_SENDS: usize = 18;

/// Most of them that ordinary notices may use: a third of the minute is kept for what a person may
/// have to act on.
pub const ORDINARY_SENDS: usize = 12;

/// The window, in milliseconds.
pub(super) const WINDOW_MS: i64 = 60_000;

/// Whether a robot may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Now.
    Now,
    /// Not before this wall time, in milliseconds.
    At(i64),
}

/// When the next attempt may start, given when the attempts of the last minute reached the robot and
/// until when it was told to be silent.
///
/// An attempt that seems to lie in the future counts too: the wall clock was set back, and DingTalk
/// has not forgotten.
pub fn pace(now_ms: i64, recent_ms: &[i64], pause_until_ms: Option<i64>, urgent: bool) -> Pace {
    let share = if urgent { WINDOW_SENDS } else { ORDINARY_SENDS };
    let mut inside: Vec<i64> = inside(now_ms, recent_ms).collect();
    inside.sort_unstable();
    // The attempt that has to leave the window before another one fits.
    let leaving = inside.len().checked_sub(share).and_then(|index| inside.get(index));
    let free = leaving.map(|at| at + WINDOW_MS);
    match free.into_iter().chain(pause_until_ms).filter(|at| *at > now_ms).max() {
        Some(at) => Pace::At(at),
        None => Pace::Now,
    }
}

/// How many ordinary notices the window still takes.
pub(super) fn ordinary_room(now_ms: i64, recent_ms: &[i64]) -> usize {
    ORDINARY_SENDS.saturating_sub(inside(now_ms, recent_ms).count())
}

fn inside(now_ms: i64, recent_ms: &[i64]) -> impl Iterator<Item = i64> {
    let is_inside = move |at: &i64| at.saturating_sub(now_ms).saturating_abs() < WINDOW_MS;
    recent_ms.iter().copied().filter(is_inside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ORDINARY_SENDS, Pace, WINDOW_MS, WINDOW_SENDS, ordinary_room, pace};

    #[test]
    fn the_budget_stays_below_what_dingtalk_takes() {
        let recent: Vec<i64> = (0..19).collect();
        assert_eq!(
            pace(30_000, &recent[..18], None, true),
            Pace::At(60_000),
            "18, not 20, in a minute"
        );
        assert_eq!(
            pace(30_000, &recent, None, true),
            Pace::At(60_001),
            "also when it was overdrawn"
        );
    }

    #[test]
    fn a_pause_outlasts_a_free_window() {
        assert_eq!(pace(1_000, &[], Some(601_000), true), Pace::At(601_000));
        assert_eq!(pace(601_000, &[], Some(601_000), true), Pace::Now);
    }

    #[test]
    fn a_clock_set_back_holds_the_robot_for_two_windows_at_most() {
        let ahead = [100_000; WINDOW_SENDS];
        assert_eq!(pace(50_000, &ahead, None, true), Pace::At(160_000));
        assert_eq!(pace(0, &ahead, None, true), Pace::Now, "far ahead is another time altogether");
    }

    #[test]
    fn ordinary_notices_leave_a_reserve_for_urgent_ones() {
        let recent = [1_000; ORDINARY_SENDS];
        assert_eq!(pace(2_000, &recent[1..], None, false), Pace::Now);
        assert_eq!(pace(2_000, &recent, None, false), Pace::At(61_000));
        assert_eq!(pace(2_000, &recent, None, true), Pace::Now);
        assert_eq!((ordinary_room(2_000, &recent[4..]), ordinary_room(2_000, &recent)), (4, 0));
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_its_share(
            waits in prop::collection::vec((0_i64..8_000, any::<bool>()), 1..200),
        ) {
            let (mut now, mut sent) = (1_000_000_i64, Vec::new());
            for (wait, urgent) in waits {
                now += wait;
                if let Pace::At(at) = pace(now, &sent, None, urgent) {
                    prop_assert!(at > now && at <= now + WINDOW_MS);
                    now = at;
                }
                prop_assert_eq!(pace(now, &sent, None, urgent), Pace::Now);
                sent.push(now);
            }
            for (index, start) in sent.iter().enumerate() {
                let inside = sent[index..].iter().filter(|at| **at < start + WINDOW_MS).count();
                prop_assert!(inside <= WINDOW_SENDS, "{inside} in one window");
            }
        }

        #[test]
        fn a_robot_below_its_share_is_never_held(recent in prop::collection::vec(0_i64..60_000, 0..WINDOW_SENDS)) {
            prop_assert_eq!(pace(60_000, &recent, None, true), Pace::Now);
        }
    }
}
