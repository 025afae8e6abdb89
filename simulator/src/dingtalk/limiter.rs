//! The three limits a call meets: of its address, of its robot's minute, of the month.
//!
//! Pure: time comes as an argument, the numbers from the profile. Every table is capped; what does
//! not fit is let through, because a mock that refuses without a reason is worse than a lenient one.

use std::collections::HashMap;
use std::net::IpAddr;

use jiff::tz::{Offset, TimeZone};

use super::profile::Profile;
use super::window::Window;

/// Most tokens whose minute is watched; about 300 bytes each.
pub const MAX_WINDOWS: usize = 8_192;
/// Most addresses whose calls are counted.
pub const MAX_ADDRESSES: usize = 1_024;
/// Most tokens whose month is counted on its own.
pub const MAX_METERED: usize = 65_536;
/// DingTalk's months turn at midnight in China (UTC+8, no summer time).
const CHINA: Offset = jiff::tz::offset(8);

/// What has been used up.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    windows: HashMap<String, Window>,
    addresses: HashMap<IpAddr, Knocks>,
    month: Month,
}

/// The calls of one address in its running window.
#[derive(Debug)]
struct Knocks {
    since_ms: i64,
    calls: u32,
    banned_until: Option<i64>,
}

/// The calls of a month.
#[derive(Debug, Default)]
struct Month {
    ends_ms: i64,
    organisation: u32,
    robots: HashMap<String, u32>,
}

impl Limiter {
    /// Whether the gateway lets `from` through at `now_ms`.
    pub(super) fn knock(&mut self, from: IpAddr, now_ms: i64, profile: &Profile) -> bool {
        let rules = &profile.gateway;
        let window_ms = i64::from(rules.seconds) * 1_000;
        if self.addresses.len() >= MAX_ADDRESSES && !self.addresses.contains_key(&from) {
            self.addresses.retain(|_, knocks| !knocks.is_idle(now_ms, window_ms));
            if self.addresses.len() >= MAX_ADDRESSES {
                return true;
            }
        }
        let fresh = Knocks { since_ms: now_ms, calls: 0, banned_until: None };
        let knocks = self.addresses.entry(from).or_insert(fresh);
        if knocks.is_idle(now_ms, window_ms) {
            *knocks = Knocks { since_ms: now_ms, calls: 0, banned_until: None };
        }
        if knocks.banned_until.is_some() {
            return false;
        }
        knocks.calls += 1;
        if knocks.calls > rules.calls {
            knocks.banned_until = Some(now_ms + i64::from(rules.ban_seconds) * 1_000);
            return false;
        }
        true
    }

    /// Whether the minute of `token` has room for a call at `now_ms`.
    pub(super) fn admit(&mut self, token: &str, now_ms: i64, profile: &Profile) -> bool {
        let rules = &profile.window;
        if let Some(window) = self.windows.get_mut(token) {
            return window.admit(now_ms, rules);
        }
        if self.windows.len() >= MAX_WINDOWS {
            self.windows.retain(|_, window| !window.is_idle(now_ms, rules));
            if self.windows.len() >= MAX_WINDOWS {
                return true;
            }
        }
        self.windows.entry(token.to_owned()).or_default().admit(now_ms, rules)
    }

    /// Whether the month has room for a call of `token` at `now_ms`. A call that is refused uses
    /// up nothing.
    pub(super) fn spend(&mut self, token: &str, now_ms: i64, profile: &Profile) -> bool {
        let rules = &profile.quota;
        let month = &mut self.month;
        if now_ms >= month.ends_ms {
            *month = Month { ends_ms: end_of_month(now_ms), ..Month::default() };
        }
        if month.organisation >= rules.organisation_monthly {
            return false;
        }
        if let Some(cap) = rules.robot_monthly
            && (month.robots.len() < MAX_METERED || month.robots.contains_key(token))
        {
            let used = month.robots.entry(token.to_owned()).or_default();
            if *used >= cap {
                return false;
            }
            *used += 1;
        }
        month.organisation += 1;
        true
    }
}

impl Knocks {
    fn is_idle(&self, now_ms: i64, window_ms: i64) -> bool {
        match self.banned_until {
            Some(until) => until <= now_ms,
            None => self.since_ms + window_ms <= now_ms,
        }
    }
}

/// The first millisecond of the month after `now_ms`.
pub(super) fn end_of_month(now_ms: i64) -> i64 {
    let now = jiff::Timestamp::from_millisecond(now_ms).unwrap_or(jiff::Timestamp::MAX);
    let today = now.to_zoned(TimeZone::fixed(CHINA)).date();
    let next =
        today.last_of_month().tomorrow().and_then(|day| day.to_zoned(TimeZone::fixed(CHINA)));
    // Only the year 9999 has no next month.
    next.map_or(i64::MAX, |next| next.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{Limiter, MAX_WINDOWS, Profile, end_of_month};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().expect("a time").as_millisecond()
    }

    #[test]
    fn the_call_after_ten_thousand_in_twenty_seconds_bans_its_address_for_five_minutes() {
        let (mut limiter, profile) = (Limiter::default(), Profile::default());
        assert!((0..10_000).all(|n| limiter.knock(HERE, n, &profile)));
        assert!(!limiter.knock(HERE, 10_000, &profile));
        assert!(limiter.knock(THERE, 10_000, &profile), "another address is not concerned");
        assert!(!limiter.knock(HERE, 10_000 + 299_999, &profile));
        assert!(limiter.knock(HERE, 10_000 + 300_000, &profile));
    }

    #[test]
    fn ten_thousand_calls_in_each_window_ban_nobody() {
        let (mut limiter, profile) = (Limiter::default(), Profile::default());
        assert!((0..30_000).all(|n| limiter.knock(HERE, n * 2, &profile)));
    }

    #[test]
    fn a_month_turns_at_midnight_in_china() {
        let end = ms("2026-11-30T16:00:00Z");
        assert_eq!(end_of_month(ms("2026-11-01T00:00:00Z")), end);
        assert_eq!(end_of_month(end - 1), end);
        assert_eq!(end_of_month(end), ms("2026-12-31T16:00:00Z"));
    }

    #[test]
    fn a_month_of_the_organisation_ends_for_all_its_robots_and_begins_anew() {
        let mut profile = Profile::default();
        profile.quota.organisation_monthly = 3;
        let mut limiter = Limiter::default();
        let now = ms("2026-11-21T04:00:00Z");
        assert!(["a", "b", "a"].iter().all(|token| limiter.spend(token, now, &profile)));
        assert!(!limiter.spend("b", now, &profile) && !limiter.spend("c", now, &profile));
        assert!(limiter.spend("b", ms("2026-11-30T16:00:00Z"), &profile));
    }

    #[test]
    fn a_cap_per_robot_concerns_that_robot_only() {
        let mut profile = Profile::default();
        profile.quota.robot_monthly = Some(1);
        let mut limiter = Limiter::default();
        assert!(limiter.spend("a", 0, &profile) && !limiter.spend("a", 0, &profile));
        assert!(limiter.spend("b", 0, &profile));
    }

    #[test]
    fn strangers_beyond_the_cap_are_let_through_and_take_no_room() {
        let (mut limiter, profile) = (Limiter::default(), Profile::default());
        for n in 0..MAX_WINDOWS + 10 {
            assert!(limiter.admit(&n.to_string(), 0, &profile));
        }
        assert_eq!(limiter.windows.len(), MAX_WINDOWS);
    }
}
