//! The only place of the bridge that asks what time it is.
//!
//! Every stage gets a [`Clock`] and asks it, so that a test build (`test-clock`) can run a whole
//! process in virtual time, and set its wall clock while it runs. Network time-outs are not ours to
//! bend and stay real.

mod steps;

use std::fmt;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use pos_protocol::time::Timestamp;

use steps::Steps;

/// A source of both clocks: the real ones, or virtual ones that run `rate` times as fast.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    warp: Option<Warp>,
}

/// Virtual time: `origin_ms` on the wall when the machine's clock stood at `anchor_ns`.
#[derive(Clone, Copy, Debug)]
struct Warp {
    origin_ms: i64,
    anchor_ns: u64,
    rate: f64,
    /// How the wall clock was set since. It lives as long as the process, so that a clock can be
    /// copied.
    steps: Option<&'static Steps>,
}

/// Largest factor by which virtual time may run.
const MAX_RATE: f64 = 1_000_000.0;

impl Clock {
    /// The machine's own clocks.
    pub fn real() -> Self {
        Self { warp: None }
    }

    /// Reads `origin=RFC3339,rate=N[,anchor=NANOSECONDS][,steps=FILE]`. `anchor` is the reading of
    /// `CLOCK_BOOTTIME` at which the virtual wall showed `origin`; a parent passes it on so that
    /// all its processes agree. Without it virtual time starts now. `FILE` holds the milliseconds by
    /// which the wall clock has been set since; whoever replaces it sets the clock of every process
    /// that was given its name. It has no comma in it.
    pub fn parse(text: &str) -> Result<Self, ClockError> {
        let (mut origin, mut rate, mut anchor, mut steps) = (None, None, None, None);
        for part in text.split(',') {
            let (key, value) = part.split_once('=').ok_or_else(|| ClockError::new(part))?;
            match key {
                "origin" => origin = value.parse::<jiff::Timestamp>().ok(),
                "rate" => rate = value.parse::<f64>().ok(),
                "anchor" => anchor = value.parse::<u64>().ok(),
                "steps" => steps = Some(value),
                _ => return Err(ClockError::new(part)),
            }
        }
        let origin = origin.ok_or_else(|| ClockError::new(text))?;
        let rate =
            rate.filter(|r| *r > 0.0 && *r <= MAX_RATE).ok_or_else(|| ClockError::new(text))?;
        let anchor_ns = anchor.unwrap_or_else(boottime_ns);
        let steps = steps.map(|path| &*Box::leak(Box::new(Steps::at(path))));
        let origin_ms = origin.as_millisecond();
        Ok(Self { warp: Some(Warp { origin_ms, anchor_ns, rate, steps }) })
    }

    /// Both clocks, read one right after the other.
    pub fn now(&self) -> Timestamp {
        let boot = boottime_ns();
        match self.warp {
            None => Timestamp::new(boot, jiff::Timestamp::now().as_millisecond()),
            Some(warp) => {
                let elapsed = boot.saturating_sub(warp.anchor_ns) as f64 * warp.rate;
                let by_ms = warp.steps.map_or(0, |steps| steps.by_ms(boot));
                let wall_ms = warp.origin_ms + (elapsed / 1e6) as i64;
                Timestamp::new(elapsed as u64, wall_ms.saturating_add(by_ms))
            }
        }
    }

    /// Wall time in milliseconds since the Unix epoch.
    pub fn wall_ms(&self) -> i64 {
        self.now().wall.as_millisecond()
    }

    /// How long to wait in real time for `span` of this clock's time.
    pub fn real_duration(&self, span: Duration) -> Duration {
        match self.warp {
            None => span,
            Some(warp) => span.div_f64(warp.rate),
        }
    }

    /// Sleeps `span` of this clock's time.
    pub async fn sleep(&self, span: Duration) {
        tokio::time::sleep(self.real_duration(span)).await;
    }

    /// The `--clock` argument that makes a child process share this clock; `None` for real time.
    pub fn argument(&self) -> Option<String> {
        self.warp.map(|warp| {
            let origin = Timestamp::new(0, warp.origin_ms).wall;
            let steps = warp.steps.map(|steps| format!(",steps={}", steps.path().display()));
            let steps = steps.unwrap_or_default();
            format!("origin={origin},rate={},anchor={}{steps}", warp.rate, warp.anchor_ns)
        })
    }
}

/// The wall clock of a machine that shows less than this has not been set: no release is older.
/// 2026-01-01T00:00:00Z in milliseconds.
pub const EARLIEST_MS: i64 = 1_767_225_600_000;
/// A wall clock may be behind the newest record by this much: NTP steps it back by seconds.
pub const MAX_BEHIND_MS: i64 = 10 * 60 * 1_000;

/// Why wall time `now_ms` cannot be right, for people: the machine has no clock of its own, or it
/// was set back. `newest_ms` is the wall time of the newest record in the journal.
pub fn implausible(now_ms: i64, newest_ms: Option<i64>) -> Option<String> {
    let shown = |ms| Timestamp::new(0, ms).rfc3339();
    if now_ms < EARLIEST_MS {
        return Some(format!(
            "the clock shows {}, before this program was made; it waits for network time",
            shown(now_ms)
        ));
    }
    let newest_ms = newest_ms.filter(|newest| now_ms < newest - MAX_BEHIND_MS)?;
    Some(format!(
        "the clock shows {}, and the journal has a record of {}",
        shown(now_ms),
        shown(newest_ms)
    ))
}

/// The kernel's name for this boot, on whose clock monotonic times count; nothing where it has none.
pub fn boot_id() -> Option<uuid::Uuid> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    uuid::Uuid::parse_str(text.trim()).ok()
}

/// Nanoseconds since boot, time asleep included.
fn boottime_ns() -> u64 {
    let now =
        clock_gettime(ClockId::CLOCK_BOOTTIME).expect("Linux has had this clock since 2.6.39");
    let seconds = u64::try_from(now.tv_sec()).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec()).unwrap_or(0)
}

/// A `--clock` argument that cannot be read.
#[derive(Debug)]
pub struct ClockError {
    found: String,
}

impl ClockError {
    fn new(found: &str) -> Self {
        Self { found: found.to_owned() }
    }
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
    use std::time::Duration;

    use super::{Clock, EARLIEST_MS, MAX_BEHIND_MS, implausible};

    #[test]
    fn virtual_time_starts_at_its_origin_and_can_be_shared() {
        let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=600").expect("a good argument");
        let shared = Clock::parse(&clock.argument().expect("virtual")).expect("its own argument");
        let (a, b) = (clock.wall_ms(), shared.wall_ms());
        assert!((b - a).abs() < 60_000, "{a} and {b} are the same clock");
        assert_eq!(clock.real_duration(Duration::from_mins(10)), Duration::from_secs(1));
    }

    #[test]
    fn a_running_clock_is_set_by_replacing_a_file_and_only_its_wall_moves() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("steps");
        let text = format!("origin=2026-11-21T04:00:00Z,rate=1,steps={}", path.display());
        let clock = Clock::parse(&text).expect("a good argument");
        let child = Clock::parse(&clock.argument().expect("virtual")).expect("its own argument");
        let before = clock.now();
        std::fs::write(&path, "-7200000").expect("room");
        // The file is looked at every ten milliseconds.
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while clock.wall_ms() >= before.wall.as_millisecond() {
            assert!(std::time::Instant::now() < deadline, "never set");
            std::thread::yield_now();
        }
        let after = clock.now();
        let set_by = after.wall.as_millisecond() - before.wall.as_millisecond();
        assert!((-7_200_000..-7_190_000).contains(&set_by), "{set_by}");
        assert!(after.mono > before.mono && after.mono - before.mono < 10_000_000_000);
        assert!((child.wall_ms() - after.wall.as_millisecond()).abs() < 10_000, "its child's too");
    }

    #[test]
    fn a_clock_that_was_never_set_or_was_set_back_is_implausible() {
        let now = EARLIEST_MS + 1_000_000_000;
        assert_eq!(implausible(now, None), None);
        assert_eq!(implausible(now, Some(now + MAX_BEHIND_MS)), None);
        let unset = implausible(86_400_000, None).expect("1970");
        assert!(unset.contains("1970-01-02T00:00:00"), "{unset}");
        let back = implausible(now, Some(now + MAX_BEHIND_MS + 1)).expect("set back");
        assert!(back.contains("the journal has a record of"), "{back}");
    }

    #[test]
    fn a_bad_argument_says_what_was_expected() {
        for bad in ["", "rate=2", "origin=yesterday,rate=2", "origin=2026-11-21T04:00:00Z,rate=0"] {
            let error = Clock::parse(bad).expect_err(bad).to_string();
            assert!(error.contains("expected origin=RFC3339"), "{error}");
        }
    }
}
