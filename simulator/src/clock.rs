//! The only place of the simulator that asks what time it is.
//!
//! The mock robot's windows and signatures read it, so that a test build (`test-clock`) can run an
//! hour of throttling in a second. It does not pace serial lines: a byte takes its time in reality.

use std::fmt;

use nix::time::{ClockId, clock_gettime};

/// A wall clock: the machine's, or a virtual one that runs `rate` times as fast.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    warp: Option<Warp>,
}

/// Virtual time: `origin_ms` on the wall when the machine had been up for `anchor_ns`.
#[derive(Clone, Copy, Debug)]
struct Warp {
    origin_ms: i64,
    anchor_ns: u64,
    rate: f64,
}

/// Largest factor by which virtual time may run; beyond it a millisecond of jitter is a quarter of
/// an hour.
const MAX_RATE: f64 = 1_000_000.0;

impl Clock {
    /// The machine's own clock.
    pub fn real() -> Self {
        Self { warp: None }
    }

    /// Reads `origin=RFC3339,rate=N[,anchor=NANOSECONDS]`, the argument that `posbridge` takes, so
    /// that both programs can share one virtual time. Without `anchor` it starts now.
    pub fn parse(text: &str) -> Result<Self, ClockError> {
        let bad = || ClockError { found: text.to_owned() };
        let mut origin: Option<jiff::Timestamp> = None;
        let mut rate: Option<f64> = None;
        let mut anchor: Option<u64> = None;
        for part in text.split(',') {
            match part.split_once('=').ok_or_else(bad)? {
                ("origin", value) => origin = Some(value.parse().map_err(|_| bad())?),
                ("rate", value) => rate = Some(value.parse().map_err(|_| bad())?),
                ("anchor", value) => anchor = Some(value.parse().map_err(|_| bad())?),
                _ => return Err(bad()),
            }
        }
        let origin_ms = origin.ok_or_else(bad)?.as_millisecond();
        let rate = rate.filter(|rate| *rate > 0.0 && *rate <= MAX_RATE).ok_or_else(bad)?;
        let anchor_ns = anchor.unwrap_or_else(uptime_ns);
        Ok(Self { warp: Some(Warp { origin_ms, anchor_ns, rate }) })
    }

    /// A virtual time that begins now, and the argument with which other programs share it.
    pub fn begin(origin: &str, rate: f64) -> Result<(Self, String), ClockError> {
        let argument = format!("origin={origin},rate={rate},anchor={}", uptime_ns());
        Ok((Self::parse(&argument)?, argument))
    }

    /// Milliseconds since the Unix epoch.
    pub fn wall_ms(&self) -> i64 {
        match self.warp {
            None => jiff::Timestamp::now().as_millisecond(),
            Some(warp) => {
                let real_ms = uptime_ns().saturating_sub(warp.anchor_ns) as f64 / 1e6;
                warp.origin_ms + (real_ms * warp.rate) as i64
            }
        }
    }
}

/// Nanoseconds since boot, time asleep included.
fn uptime_ns() -> u64 {
    let now =
        clock_gettime(ClockId::CLOCK_BOOTTIME).expect("Linux has had this clock since 2.6.39");
    u64::try_from(now.tv_sec()).unwrap_or(0) * 1_000_000_000
        + u64::try_from(now.tv_nsec()).unwrap_or(0)
}

/// `ms` since the Unix epoch as RFC 3339 in UTC, to the millisecond.
pub fn rfc3339(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

/// A `--clock` argument that cannot be read.
#[derive(Clone, Debug)]
pub struct ClockError {
    found: String,
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.found;
        write!(f, "expected origin=RFC3339,rate=N with 0 < N <= {MAX_RATE}, found {found:?}")
    }
}

impl std::error::Error for ClockError {}

#[cfg(test)]
mod tests {
    use super::{Clock, rfc3339};

    #[test]
    fn two_programs_with_one_argument_agree_on_the_time() {
        let argument = "origin=2026-11-21T04:00:00Z,rate=60,anchor=0";
        let (a, b) = (Clock::parse(argument), Clock::parse(argument));
        let (a, b) = (a.expect("good").wall_ms(), b.expect("good").wall_ms());
        assert!((b - a).abs() < 60_000, "{a} and {b}");
    }

    #[test]
    fn virtual_time_starts_at_its_origin() {
        let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=1").expect("good");
        let text = rfc3339(clock.wall_ms());
        assert!(text.starts_with("2026-11-21T04:00:0"), "{text}");
    }

    #[test]
    fn a_bad_argument_says_what_was_expected() {
        for bad in ["", "rate=2", "origin=soon,rate=2", "origin=2026-11-21T04:00:00Z,rate=-1"] {
            let error = Clock::parse(bad).expect_err(bad).to_string();
            assert!(error.contains("expected origin=RFC3339"), "{error}");
        }
    }
}
