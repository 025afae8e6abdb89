//! What became of the calls.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// Longest answer that is told apart from longer ones, in microseconds.
const LONGEST_US: u64 = 60_000_000;

/// What became of the calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// What there was to tell, repetitions included.
    pub notices: u64,
    /// Tries.
    pub calls: u64,
    /// Notices that were answered 2xx.
    pub accepted: u64,
    /// Tries after the first.
    pub retries: u64,
    /// Notices that nobody answered 2xx until the sender gave up.
    pub given_up: u64,
    /// Whether the receiver said that it wants nothing more (HTTP 410 to Standard Webhooks).
    pub disabled: bool,
    /// How many answers of each status; `timeout` and `no_answer` are none.
    pub answers: BTreeMap<String, u64>,
    /// How long 2xx took, in milliseconds.
    pub answered_ms: Milliseconds,
}

/// Percentiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Milliseconds {
    /// Half of them.
    pub p50: f64,
    /// 99 of a hundred.
    pub p99: f64,
    /// All.
    pub max: f64,
}

/// How long answers took.
#[derive(Debug)]
pub(super) struct Times(Histogram<u64>);

impl Times {
    pub(super) fn new() -> Self {
        Self(Histogram::new_with_max(LONGEST_US, 3).expect("three digits of a minute"))
    }

    pub(super) fn note(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(LONGEST_US));
    }

    pub(super) fn milliseconds(&self) -> Milliseconds {
        let at = |quantile: f64| self.0.value_at_quantile(quantile) as f64 / 1_000.0;
        Milliseconds { p50: at(0.5), p99: at(0.99), max: at(1.0) }
    }
}
