//! How long each provider waits for an answer, and when it tries again.
//!
//! Where a provider documents only how often and for how long, the steps between are chosen to fit.

use std::time::Duration;

use super::scheme::Scheme;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// A provider's patience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long an answer may take.
    pub deadline: Duration,
    /// The pause before each further try.
    pub pauses: Vec<Duration>,
}

impl Policy {
    /// The policy of `scheme`.
    pub fn of(scheme: Scheme) -> Self {
        let (deadline_s, pauses) = match scheme {
            Scheme::Square => (10, square()),
            // Twenty times in 48 hours, each pause twice the last; 4 hours at most is chosen.
            Scheme::LightspeedX | Scheme::LightspeedK => {
                (5, (0..20).map(|n| ((20 * SECOND) << n.min(10)).min(4 * HOUR)).collect())
            }
            // Eight times in 4 hours.
            Scheme::Shopify => (5, (0..8).map(|n| (56 * SECOND) << n).collect()),
            Scheme::Standard => (20, standard()),
        };
        let pauses = pauses.into_iter().map(Duration::from_secs).collect();
        Self { deadline: Duration::from_secs(deadline_s), pauses }
    }
}

/// After 1, 2, 4 … 32 minutes, then every hour, for a day.
fn square() -> Vec<u64> {
    let first = (0..6).map(|n| MINUTE << n);
    let hourly = std::iter::repeat_n(HOUR, 22);
    first.chain(hourly).collect()
}

/// The schedule of the specification: pauses between its tries.
fn standard() -> Vec<u64> {
    vec![
        5 * SECOND,
        5 * MINUTE,
        30 * MINUTE,
        2 * HOUR,
        5 * HOUR,
        10 * HOUR,
        14 * HOUR,
        20 * HOUR,
        24 * HOUR,
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Policy, Scheme};

    fn all(scheme: Scheme) -> (usize, Duration) {
        let pauses = Policy::of(scheme).pauses;
        (pauses.len(), pauses.iter().sum())
    }

    #[test]
    fn every_provider_gives_up_when_it_says_it_does() {
        let hours = |n: u64| Duration::from_hours(n);
        let (_, square) = all(Scheme::Square);
        assert!(square <= hours(24) && square > hours(22), "{square:?}");
        let (tries, lightspeed) = all(Scheme::LightspeedX);
        assert!(tries == 20 && lightspeed <= hours(48) && lightspeed > hours(44), "{lightspeed:?}");
        let (tries, shopify) = all(Scheme::Shopify);
        assert!(tries == 8 && shopify <= hours(4) && shopify > hours(3), "{shopify:?}");
        assert_eq!(all(Scheme::Standard).0, 9);
    }
}
