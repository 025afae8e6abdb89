//! When the next connection is tried. Pure: the clock and the dice are passed in.
//!
//! Two rules: waits double while connections do not last, and over any span there are no more tries
//! than the allowance lets through, however well or ill the gateway behaves in between.

use std::time::Duration;

/// First wait: a gateway that rotates its connections is back by then.
pub(super) const FIRST: Duration = Duration::from_secs(1);
/// Longest wait between two tries, as the makers' own clients have it.
pub(super) const LONGEST: Duration = Duration::from_mins(1);
/// A connection that lasted this long shows that the gateway is well.
pub(super) const STEADY: Duration = Duration::from_secs(30);
/// Tries that may follow each other quickly.
pub(super) const BURST: u32 = 10;
/// One further try is allowed each time this has passed.
pub(super) const REFILL: Duration = Duration::from_mins(1);
/// Wait after the application was refused: a person mends that.
pub(super) const REFUSED: Duration = Duration::from_mins(5);

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// No connection came of it.
    Failed,
    /// The application was refused, or called too often; wait at least this long.
    Refused(Duration),
    /// A connection stood for this long.
    Stood(Duration),
}

/// The tries so far.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    /// When the allowance is full again.
    full_at: Duration,
}

impl Backoff {
    /// A try begins at `now`.
    pub(super) fn tried(&mut self, now: Duration) {
        self.full_at = self.full_at.max(now) + REFILL;
    }

    /// How long to wait after a try that ended at `now`. `dice` is any random number.
    pub(super) fn wait(&mut self, ended: Ended, now: Duration, dice: u64) -> Duration {
        if matches!(ended, Ended::Stood(stood) if stood >= STEADY) {
            self.failures = 0;
        }
        let doubled = FIRST * 2_u32.saturating_pow(self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        let wait = match ended {
            Ended::Refused(least) => jittered(REFUSED, dice).max(least),
            Ended::Failed | Ended::Stood(_) => jittered(doubled.min(LONGEST), dice),
        };
        let allowed_at = self.full_at.saturating_sub(REFILL * (BURST - 1));
        wait.max(allowed_at.saturating_sub(now))
    }
}

/// Between half of `wait` and all of it: shops that lost the gateway together come back one by one.
fn jittered(wait: Duration, dice: u64) -> Duration {
    let permille = 500 + (dice % 501) as u32;
    wait * permille / 1_000
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{BURST, Backoff, Ended, FIRST, LONGEST, REFILL, REFUSED, STEADY};

    fn ended() -> impl Strategy<Value = Ended> {
        prop_oneof![
            Just(Ended::Failed),
            (0_u64..600_000).prop_map(|ms| Ended::Refused(Duration::from_millis(ms))),
            (0_u64..120_000).prop_map(|ms| Ended::Stood(Duration::from_millis(ms))),
        ]
    }

    proptest! {
        #[test]
        fn no_gateway_however_hostile_gets_more_tries_than_the_allowance(
            tries in prop::collection::vec((ended(), any::<u64>()), 1..300),
            window_s in 1_u64..7_200,
        ) {
            let (mut backoff, mut now, mut at) = (Backoff::default(), Duration::from_secs(5), vec![]);
            for (ended, dice) in tries {
                at.push(now);
                backoff.tried(now);
                if let Ended::Stood(stood) = ended {
                    now += stood;
                }
                now += backoff.wait(ended, now, dice);
            }
            let window = Duration::from_secs(window_s);
            let most = BURST as usize + (window.as_secs() / REFILL.as_secs()) as usize + 1;
            for (n, from) in at.iter().enumerate() {
                let within = at[n..].iter().take_while(|time| **time < *from + window).count();
                prop_assert!(within <= most, "{within} tries within {window:?}, {most} allowed");
            }
        }

        #[test]
        fn no_wait_is_longer_than_its_bound(
            tries in prop::collection::vec((ended(), any::<u64>()), 1..100),
        ) {
            let (mut backoff, mut now) = (Backoff::default(), Duration::ZERO);
            for (ended, dice) in tries {
                backoff.tried(now);
                let wait = backoff.wait(ended, now, dice);
                let most = match ended {
                    Ended::Refused(least) => least.max(REFUSED),
                    _ => LONGEST.max(REFILL),
                };
                prop_assert!(wait <= most, "{wait:?} after {ended:?}");
                prop_assert!(wait >= FIRST / 2);
                now += wait;
            }
        }
    }

    #[test]
    fn waits_double_until_a_connection_lasts() {
        let mut backoff = Backoff::default();
        // All dice show the most.
        let mut wait = |ended| backoff.wait(ended, Duration::from_hours(9), 500).as_secs();
        let waits: Vec<u64> = (0..8).map(|_| wait(Ended::Failed)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        let short = Ended::Stood(STEADY.saturating_sub(Duration::from_millis(1)));
        assert_eq!((wait(short), wait(Ended::Stood(STEADY)), wait(Ended::Failed)), (60, 1, 2));
    }
}
