//! A distribution of times: count, percentiles, and the points of a curve.
//!
//! It corrects nothing: a time that is free of coordinated omission is one that was taken from the
//! intended moment, which is the caller's business. hdrhistogram's own correction makes up samples
//! that a closed loop never took; with arrivals fixed before the run there are none to make up.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Digits of a time that are kept, at any size.
const DIGITS: u8 = 3;
/// Where a curve has points, besides its tail: as many nines as there are values for.
const BODY: [f64; 12] = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85];
/// Points in each nine of the tail, as parts of it that are left.
const LEFT: [f64; 6] = [1.0, 0.7, 0.5, 0.35, 0.25, 0.15];

/// Times in microseconds. Percentiles are absent where nothing was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Distribution {
    /// How many were measured.
    pub count: u64,
    /// How many should have been measured and never came. They are in no percentile.
    pub missing: u64,
    /// Median, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50: Option<u64>,
    /// 90th percentile, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90: Option<u64>,
    /// 99th percentile, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99: Option<u64>,
    /// 99.9th percentile, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p999: Option<u64>,
    /// Longest, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Point {
    /// Share of the values that are at most this long, 0 to 1.
    pub quantile: f64,
    /// Microseconds.
    pub us: u64,
}

/// A share as a person would write it: 0.993, not 0.99299999.
fn short(quantile: f64) -> f64 {
    (quantile * 1e9).round() / 1e9
}

/// Collects times.
pub(super) struct Tally {
    histogram: Histogram<u64>,
    /// The histogram knows it to three digits only.
    longest: u64,
    missing: u64,
}

impl Default for Tally {
    fn default() -> Self {
        let histogram = Histogram::new(DIGITS).expect("between 0 and 5 digits");
        Self { histogram, longest: 0, missing: 0 }
    }
}

impl Tally {
    /// Adds a time.
    pub(super) fn add(&mut self, us: u64) {
        self.histogram.record(us).expect("a histogram that grows with what it is given");
        self.longest = self.longest.max(us);
    }

    /// Adds one that never came.
    pub(super) fn miss(&mut self) {
        self.missing += 1;
    }

    /// Count and percentiles.
    pub(super) fn distribution(&self) -> Distribution {
        let measured = !self.histogram.is_empty();
        let at = |quantile| measured.then(|| self.at(quantile));
        Distribution {
            count: self.histogram.len(),
            missing: self.missing,
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p999: at(0.999),
            max: measured.then_some(self.longest),
        }
    }

    /// A percentile never exceeds the longest by rounding.
    fn at(&self, quantile: f64) -> u64 {
        self.histogram.value_at_quantile(quantile).min(self.longest)
    }

    /// The curve, with a tail as long as the values can carry.
    pub(super) fn curve(&self) -> Vec<Point> {
        let count = self.histogram.len();
        if count == 0 {
            return Vec::new();
        }
        let mut quantiles = BODY.to_vec();
        let mut nine = 0.1;
        while nine * count as f64 >= 1.0 {
            quantiles.extend(LEFT.iter().map(|left| short(1.0 - nine * left)));
            nine /= 10.0;
        }
        quantiles.push(1.0);
        let point = |quantile| Point { quantile, us: self.at(quantile) };
        quantiles.into_iter().map(point).collect()
    }
}

impl FromIterator<u64> for Tally {
    fn from_iter<T: IntoIterator<Item = u64>>(times: T) -> Self {
        let mut tally = Self::default();
        times.into_iter().for_each(|us| tally.add(us));
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Tally};

    #[test]
    fn a_percentile_is_the_value_below_which_that_share_lies_to_three_digits() {
        let tally: Tally = (1..=100_000).collect();
        let found = tally.distribution();
        assert_eq!(found.count, 100_000);
        for (percentile, expected) in
            [(found.p50, 50_000), (found.p90, 90_000), (found.p99, 99_000), (found.p999, 99_900)]
        {
            let percentile = percentile.expect("measured");
            assert!(percentile.abs_diff(expected) <= expected / 1000, "{percentile} {expected}");
        }
        assert_eq!(found.max, Some(100_000), "the longest is exact");
    }

    #[test]
    fn a_day_fits_beside_a_microsecond() {
        let day = 86_400_000_000;
        let found = [1, day].into_iter().collect::<Tally>().distribution();
        assert_eq!((found.p50, found.max), (Some(1), Some(day)));
    }

    #[test]
    fn what_was_not_measured_is_absent_and_what_never_came_is_counted() {
        let mut tally = Tally::default();
        assert_eq!(tally.distribution(), Distribution::default());
        assert_eq!(tally.curve(), []);
        tally.miss();
        let json = serde_json::to_string(&tally.distribution()).expect("plain data");
        assert_eq!(json, r#"{"count":0,"missing":1}"#);
    }

    #[test]
    fn a_curve_never_falls_and_its_tail_is_as_long_as_its_values_carry() {
        for (count, nines) in [(5, 0), (10, 1), (1_000, 3), (100_000, 5)] {
            let curve = (1..=count).collect::<Tally>().curve();
            assert!(curve.is_sorted_by(|a, b| a.us <= b.us && a.quantile < b.quantile));
            assert_eq!(curve.len(), 12 + nines * 6 + 1, "{count}");
            assert_eq!(curve.last().map(|point| point.us), Some(count));
        }
    }
}
