//! How far this machine's clock is off DingTalk's, measured from the `Date` of every answer, and
//! what time to sign with.
//!
//! A signature is refused an hour off; a person is told long before. It sets no clock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::header::{DATE, HeaderMap};

use crate::clock::Clock;

/// Off by more than this, in seconds, a clock is talked about: NTP keeps milliseconds, a good quartz
/// loses a second a day, and DingTalk's limit is still far.
pub const WARN_SKEW_S: i64 = 300;

/// Times that differ by less than this, in milliseconds, are the same: `Date` has whole seconds, and
/// an answer may be on its way for some.
const SAME_MS: i64 = 60_000;

/// What the answers of one robot say about time.
#[derive(Debug)]
pub(super) struct Skew {
    robot: String,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seen: Option<Seen>,
    /// DingTalk has refused this machine's time: its own is used.
    theirs: bool,
    warned: bool,
}

/// One answer's `Date`.
#[derive(Clone, Copy, Debug)]
struct Seen {
    ahead_ms: i64,
    server_ms: i64,
    /// When, by the clock that never jumps.
    mono: u64,
}

impl Skew {
    /// Nothing is known yet about `robot`'s server.
    pub(super) fn new(robot: &str, clock: Clock) -> Self {
        Self { robot: robot.to_owned(), clock, state: Mutex::default() }
    }

    /// Learns from an answer. How far this machine's clock is ahead, in milliseconds.
    pub(super) fn observe(&self, headers: &HeaderMap) -> Option<i64> {
        let date = headers.get(DATE)?.to_str().ok()?;
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
        let (now, server_ms) = (self.clock.now(), date.as_millisecond());
        let ahead_ms = now.wall.as_millisecond().saturating_sub(server_ms);
        let mut state = self.state();
        state.seen = Some(Seen { ahead_ms, server_ms, mono: now.mono });
        state.theirs &= ahead_ms.saturating_abs() >= SAME_MS;
        let off = ahead_ms.saturating_abs() / 1_000 > WARN_SKEW_S;
        let changed = state.warned != off;
        state.warned = off;
        drop(state);
        if changed && off {
            tracing::warn!(
                robot = %self.robot, ahead_s = ahead_ms / 1_000,
                "this machine's clock is off DingTalk's (hint: timedatectl set-ntp true)"
            );
        } else if changed {
            tracing::info!(robot = %self.robot, "this machine's clock is right again");
        }
        Some(ahead_ms)
    }

    /// How far this machine's clock is ahead of DingTalk's, in seconds, as of the last answer.
    pub(super) fn ahead_s(&self) -> Option<i64> {
        self.state().seen.map(|seen| seen.ahead_ms / 1_000)
    }

    /// This machine's time, in milliseconds.
    pub(super) fn wall_ms(&self) -> i64 {
        self.clock.wall_ms()
    }

    /// The time to sign with, in milliseconds.
    pub(super) fn signing_ms(&self) -> i64 {
        let state = self.state();
        match state.seen {
            Some(seen) if state.theirs => self.server_ms(seen),
            _ => self.clock.wall_ms(),
        }
    }

    /// The time to sign with after `refused_ms` was refused; nothing where the answers know no
    /// better. It is used from now on, until this machine's clock is right or it is refused too.
    pub(super) fn correct(&self, refused_ms: i64) -> Option<i64> {
        let mut state = self.state();
        let server_ms = state.seen.map(|seen| self.server_ms(seen));
        let better =
            server_ms.filter(|at| at.saturating_sub(refused_ms).saturating_abs() >= SAME_MS);
        state.theirs = better.is_some();
        better
    }

    /// By the clock that never jumps: a wall clock that is set in the meantime changes nothing.
    fn server_ms(&self, seen: Seen) -> i64 {
        let since = self.clock.now().mono.saturating_sub(seen.mono) / 1_000_000;
        seen.server_ms.saturating_add_unsigned(since)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{DATE, HeaderMap, HeaderValue};

    use super::Skew;
    use crate::clock::Clock;

    fn dated(server_ms: i64) -> HeaderMap {
        let at = jiff::Timestamp::from_millisecond(server_ms).expect("near now");
        let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        HeaderMap::from_iter([(DATE, HeaderValue::from_str(&text).expect("ASCII"))])
    }

    fn near(found: i64, expected: i64) -> bool {
        (found - expected).abs() < 5_000
    }

    #[test]
    fn a_clock_is_used_as_it_is_until_it_is_refused() {
        let skew = Skew::new("owner", Clock::real());
        assert_eq!((skew.ahead_s(), skew.correct(0)), (None, None), "nothing is known");
        let now = Clock::real().wall_ms();
        let hour_and_ten = 70 * 60 * 1_000;
        let ahead = skew.observe(&dated(now - hour_and_ten)).expect("a date");
        assert!(near(ahead, hour_and_ten) && near(skew.ahead_s().expect("seen") * 1_000, ahead));
        assert!(near(skew.signing_ms(), now), "nobody complained");
        assert!(skew.correct(now).is_some_and(|at| near(at, now - hour_and_ten)));
        assert!(near(skew.signing_ms(), now - hour_and_ten), "remembered");
    }

    #[test]
    fn a_clock_that_was_set_right_is_used_again() {
        let skew = Skew::new("owner", Clock::real());
        let now = Clock::real().wall_ms();
        skew.observe(&dated(now - 5_000_000));
        assert!(skew.correct(now).is_some());
        skew.observe(&dated(now));
        assert!(near(skew.signing_ms(), now));
    }

    #[test]
    fn a_time_that_the_server_itself_shows_is_not_tried_twice() {
        let skew = Skew::new("owner", Clock::real());
        let now = Clock::real().wall_ms();
        skew.observe(&dated(now));
        assert_eq!(skew.correct(now), None, "the same time would be refused again");
        skew.observe(&dated(now + 5_000_000));
        let theirs = skew.correct(now).expect("another one");
        assert_eq!(skew.correct(theirs), None, "refused as well");
        assert!(near(skew.signing_ms(), now), "so this machine's is as good");
    }

    #[test]
    fn a_date_that_is_none_teaches_nothing() {
        let skew = Skew::new("owner", Clock::real());
        let odd = HeaderMap::from_iter([(DATE, HeaderValue::from_static("soon"))]);
        assert_eq!((skew.observe(&odd), skew.observe(&HeaderMap::new())), (None, None));
        assert_eq!(skew.ahead_s(), None);
    }
}
