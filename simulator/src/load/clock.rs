//! The run's own clock: microseconds since it began, virtual where the scenario has a clock.

use std::time::{Duration, Instant};

/// A clock that began with the run.
#[derive(Clone, Copy, Debug)]
pub struct RunClock {
    began: Instant,
    rate: f64,
}

impl RunClock {
    /// A clock that begins now and runs `rate` times as fast as the machine's.
    pub fn start(rate: f64) -> Self {
        Self { began: Instant::now(), rate }
    }

    /// Microseconds since the run began.
    pub fn now_us(&self) -> u64 {
        self.us_at(Instant::now())
    }

    /// What it showed at `instant`; 0 before the run.
    pub fn us_at(&self, instant: Instant) -> u64 {
        let real = instant.saturating_duration_since(self.began);
        (real.as_nanos() as f64 * self.rate / 1e3) as u64
    }

    /// When it shows `us`.
    pub fn instant_at(&self, us: u64) -> Instant {
        self.began + self.real(Duration::from_micros(us))
    }

    /// How long `span` of this clock takes on the machine's.
    pub fn real(&self, span: Duration) -> Duration {
        span.div_f64(self.rate)
    }

    /// How much of this clock's time passes in `span` of the machine's.
    pub fn virtual_time(&self, span: Duration) -> Duration {
        span.mul_f64(self.rate)
    }

    /// How many of its seconds pass in one of the machine's.
    pub fn rate(&self) -> f64 {
        self.rate
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RunClock;

    #[test]
    fn virtual_time_runs_by_its_rate_and_back() {
        let clock = RunClock::start(60.0);
        let hour = Duration::from_hours(1);
        assert_eq!(clock.real(hour), Duration::from_mins(1));
        let us = clock.us_at(clock.instant_at(3_600_000_000));
        assert!(us.abs_diff(3_600_000_000) < 10, "{us}");
        assert_eq!(clock.us_at(clock.instant_at(0)), 0);
    }
}
