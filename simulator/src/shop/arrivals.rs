//! When customers come: an inhomogeneous Poisson process, by thinning.
//!
//! Candidates come at the day's highest rate and are kept with the chance that the rate of their
//! minute bears to it. All of it is integer arithmetic: the logarithm of a float library is not the
//! same on every machine.

use jiff::civil::DateTime;

use super::catalogue::Hours;

/// One, in the fixed-point fractions of this module.
const ONE: u64 = 1 << 16;
/// ln 2 as such a fraction.
const LN_2: u64 = 45_426;
const MS_PER_HOUR: u64 = 3_600_000;
const MINUTES_PER_HOUR: u64 = 60;

/// Milliseconds from `at` to the next customer, or none before the shop closes at `closing`.
/// `bits` are 32 fresh random bits at every call.
pub(super) fn next(
    hours: &Hours,
    at: DateTime,
    closing: DateTime,
    mut bits: impl FnMut() -> u32,
) -> Option<DateTime> {
    let peak = u64::from(*hours.customers.iter().max()?);
    let mut candidate = at;
    loop {
        let gap = exponential(bits(), MS_PER_HOUR / peak.max(1)).max(1_000);
        let gap = jiff::SignedDuration::from_secs((gap / 1_000) as i64);
        candidate = candidate.checked_add(gap).ok()?;
        if candidate >= closing {
            return None;
        }
        let kept = (u64::from(bits()) * peak * MINUTES_PER_HOUR) >> 32;
        if kept < rate(hours, candidate) {
            return Some(candidate);
        }
    }
}

/// Customers per hour at `at`, times sixty; between two hours it moves in a straight line.
fn rate(hours: &Hours, at: DateTime) -> u64 {
    let of = |hour: usize| u64::from(hours.customers[hour % hours.customers.len()]);
    let (hour, minute) = (at.hour() as usize, at.minute() as u64);
    of(hour) * (MINUTES_PER_HOUR - minute) + of(hour + 1) * minute
}

/// An exponentially distributed number with the given mean, from uniform `bits`.
pub(crate) fn exponential(bits: u32, mean: u64) -> u64 {
    // The uniform number is (bits + 1) / 2^32, so it is never zero; its -log2 is 32 - log2(bits + 1).
    let halvings = 32 * ONE - log2(u64::from(bits) + 1);
    mean * halvings / ONE * LN_2 / ONE
}

/// The binary logarithm of `n`, bit by bit: squaring the mantissa doubles its logarithm.
fn log2(n: u64) -> u64 {
    let whole = 63 - u64::from(n.leading_zeros());
    let mut mantissa = (u128::from(n) << 32) >> whole;
    let mut result = whole * ONE;
    let mut bit = ONE >> 1;
    while bit > 0 {
        mantissa = (mantissa * mantissa) >> 32;
        if mantissa >= 2 << 32 {
            mantissa >>= 1;
            result += bit;
        }
        bit >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, datetime};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::{ONE, exponential, log2, next};
    use crate::shop::Shop;

    #[test]
    fn the_logarithm_is_right_to_a_thousandth() {
        for n in [1_u64, 2, 3, 1_000, 65_536, 1 << 32] {
            let exact = (n as f64).log2();
            assert!((log2(n) as f64 / ONE as f64 - exact).abs() < 0.001, "{n}");
        }
    }

    #[test]
    fn pauses_have_the_mean_and_the_spread_of_an_exponential() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let draws: Vec<u64> = (0..20_000).map(|_| exponential(random.random(), 60_000)).collect();
        let mean = draws.iter().sum::<u64>() / draws.len() as u64;
        assert!((58_500..61_500).contains(&mean), "{mean}");
        let longer = draws.iter().filter(|&&gap| gap > 60_000).count();
        assert!((7_100..7_650).contains(&longer), "{longer} of 20000 exceed the mean, not 1/e");
    }

    #[test]
    fn more_come_at_the_peak_by_as_much_as_the_table_says() {
        let shop = Shop::named("cha-chaan-teng").expect("a shop of the catalogue");
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let mut count = |from: DateTime, to: DateTime| {
            let mut found = 0;
            for _ in 0..200 {
                let mut at = from;
                while let Some(customer) = next(&shop.hours, at, to, || random.random()) {
                    found += 1;
                    at = customer;
                }
            }
            found
        };
        let day = |hour, minute| datetime(2026, 11, 21, hour, minute, 0, 0);
        // 36 and 40 an hour at twelve and one, 18 and 14 at four and five.
        let (lunch, afternoon) = (count(day(12, 0), day(13, 0)), count(day(16, 0), day(17, 0)));
        assert!((7_200..8_000).contains(&lunch), "{lunch} in 200 lunch hours of 38");
        assert!((2_950..3_450).contains(&afternoon), "{afternoon} in 200 afternoon hours of 16");
    }
}
