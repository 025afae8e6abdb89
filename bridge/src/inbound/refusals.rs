//! Calls that were not believed or not understood: said in the log without a word of them, and told to
//! the administrator now and then.
//!
//! Anybody on the internet can call, so neither the log nor the group may follow each of them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::scheme::Scheme;
use crate::alarm::{Alarm, HookFault, SAME_EVERY_MS};
use crate::config::Config;
use crate::deliver::News;
use crate::journal::{Journal, NewAlarm};

/// The same refusal stands in the log once in this time, with how many there were.
const LOG_EVERY: Duration = Duration::from_mins(1);
/// What a believed caller gets wrong is told once in this time.
const HOURLY_MS: i64 = 60 * 60 * 1000;
/// Tests are told once in this time: a person presses the button again when nothing came.
const TEST_EVERY_MS: i64 = 60 * 1000;

/// What was refused lately.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    lately: Mutex<BTreeMap<(Scheme, HookFault), Lately>>,
}

#[derive(Debug)]
struct Lately {
    said: Instant,
    since: u64,
}

impl Refusals {
    /// Says it in the log, unless it was said just now; whether it was.
    pub(super) fn say(&self, scheme: Scheme, fault: HookFault, why: &dyn Display) -> bool {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let known = lately.get_mut(&(scheme, fault));
        if let Some(known) = known
            && now.duration_since(known.said) < LOG_EVERY
        {
            known.since += 1;
            return false;
        }
        let fresh = Lately { said: now, since: 0 };
        let before = lately.insert((scheme, fault), fresh).map_or(0, |before| before.since);
        drop(lately);
        tracing::warn!(%scheme, more_like_it = before, "a pushed call is refused: {why}");
        true
    }
}

/// The alarm for a fault, with the key that makes it one in its time.
pub(super) fn alarm_of(
    scheme: Scheme,
    fault: HookFault,
    config: &Config,
    now_ms: i64,
) -> Option<NewAlarm> {
    // Who is not believed may be anybody, and a wrong secret is no sooner mended for being told often.
    let every_ms = match fault {
        HookFault::Unproved | HookFault::TooLarge => SAME_EVERY_MS,
        HookFault::Malformed => HOURLY_MS,
    };
    let alarm = Alarm::HookRefused { scheme: scheme.as_str().to_owned(), fault };
    new_alarm(&alarm, every_ms, config, now_ms)
}

/// That a provider's test came.
pub(super) fn tested(scheme: Scheme, config: &Config, now_ms: i64) -> Option<NewAlarm> {
    let alarm = Alarm::HookTested { scheme: scheme.as_str().to_owned() };
    new_alarm(&alarm, TEST_EVERY_MS, config, now_ms)
}

fn new_alarm(alarm: &Alarm, every_ms: i64, config: &Config, now_ms: i64) -> Option<NewAlarm> {
    let robot = teller(config)?.to_owned();
    let key = format!("{}@{}", alarm.key(), now_ms.div_euclid(every_ms));
    let body = serde_json::to_string(alarm).expect("plain data always serialises");
    Some(NewAlarm { robot, key, body, created_ms: now_ms })
}

/// The queue that is told: the administrator's, else the first.
fn teller(config: &Config) -> Option<&str> {
    let named = config.admin.as_ref();
    let named = named.and_then(|admin| config.robots.iter().find(|one| one.name == admin.robot));
    let first = config.robots.iter().find(|robot| robot.pool.is_none());
    let robot = named.or(first)?;
    Some(robot.pool.as_deref().unwrap_or(&robot.name))
}

/// Puts an alarm into the outbox. One that cannot be is in the log already.
pub(super) async fn raise(journal: &Journal, told: &News, alarm: Option<NewAlarm>) {
    let Some(alarm) = alarm else { return };
    let robot = alarm.robot.clone();
    match journal.raise(alarm).await {
        Ok(true) => told.queued(&robot),
        Ok(false) => {}
        Err(error) => tracing::warn!("an alarm about a pushed call cannot be kept: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{HOURLY_MS, Refusals, alarm_of, tested};
    use crate::alarm::{HookFault, SAME_EVERY_MS};
    use crate::config::{Admin, Config, Language, Robot, Shop};
    use crate::inbound::Scheme;

    const NOW: i64 = 1_795_003_200_000;

    fn config() -> Config {
        let robot = |name| Robot::for_tests(name, "http://127.0.0.1:9/?access_token=t");
        let robots = vec![robot("owner"), robot("tech")];
        Config::for_tests(std::path::Path::new("/nowhere"), Shop::for_tests(Language::En), robots)
    }

    #[test]
    fn the_log_says_the_same_once_a_minute_and_another_thing_at_once() {
        let refusals = Refusals::default();
        assert!(refusals.say(Scheme::Square, HookFault::Unproved, &"a"));
        assert!(!refusals.say(Scheme::Square, HookFault::Unproved, &"b"));
        assert!(refusals.say(Scheme::Square, HookFault::Malformed, &"c"));
        assert!(refusals.say(Scheme::Shopify, HookFault::Unproved, &"d"));
    }

    #[test]
    fn a_broken_body_is_told_hourly_and_a_wrong_signature_each_shift() {
        let mut config = config();
        let key = |fault, now| alarm_of(Scheme::Square, fault, &config, now).expect("a robot").key;
        let broken = key(HookFault::Malformed, NOW);
        assert_eq!(broken, key(HookFault::Malformed, NOW + HOURLY_MS - 1));
        assert_ne!(broken, key(HookFault::Malformed, NOW + HOURLY_MS));
        let wrong = key(HookFault::Unproved, NOW);
        assert_eq!(wrong, key(HookFault::Unproved, NOW + HOURLY_MS));
        assert_ne!(wrong, key(HookFault::Unproved, NOW + SAME_EVERY_MS));
        assert_eq!(tested(Scheme::Square, &config, NOW).expect("a robot").robot, "owner");
        config.admin = Some(Admin { robot: "tech".into(), mention: Vec::new() });
        assert_eq!(tested(Scheme::Square, &config, NOW).expect("a robot").robot, "tech");
    }
}
