//! Alarms that delivery itself has to raise: a robot that needs a person, a month that will not do.
//!
//! Which robot tells them is decided here; the words are `notice`'s.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::news::News;
use super::quota::{self, Near};
use crate::alarm::{Alarm, SAME_EVERY_MS};
use crate::config::{Config, Robot};
use crate::journal::{Calls, Journal, JournalError, NewAlarm};

/// Tells alarms through a robot that works, as far as that is known.
#[derive(Clone)]
pub(super) struct Teller {
    pub(super) journal: Journal,
    /// Told when an alarm was queued.
    pub(super) wake: Arc<News>,
    /// Queues that wait for a person.
    pub(super) parked: Arc<Mutex<BTreeSet<String>>>,
    /// Seconds that this machine is ahead of `DingTalk`, as last seen.
    pub(super) ahead_s: Arc<Mutex<Option<i64>>>,
}

impl Teller {
    /// `queue` waits for a person, or no longer does.
    pub(super) fn parked(&self, queue: &str, is_parked: bool) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if is_parked {
            parked.insert(queue.to_owned())
        } else {
            parked.remove(queue)
        };
    }

    /// An answer was dated, where it was.
    pub(super) fn dated(&self, ahead_s: Option<i64>) {
        let mut last = self.ahead_s.lock().unwrap_or_else(PoisonError::into_inner);
        *last = ahead_s.or(*last);
    }

    /// Seconds that this machine is ahead of `DingTalk`, once an answer was dated.
    pub(super) fn ahead_s(&self) -> Option<i64> {
        *self.ahead_s.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises that `robot` of `queue` is of no use until a person mends it.
    pub(super) async fn robot_out(
        &self,
        config: &Config,
        robot: &str,
        reason: &str,
        now_ms: i64,
    ) -> Result<(), JournalError> {
        let alarm = Alarm::QueueParked { robot: robot.into(), reason: reason.into() };
        let slot = now_ms.div_euclid(SAME_EVERY_MS);
        let key = format!("{}@{slot}", alarm.key());
        self.raise(config, &alarm, key, now_ms).await
    }

    /// Raises that the month's calls will not do: once when the forecast says so, once when most are
    /// used.
    pub(super) async fn watch_quota(
        &self,
        config: &Config,
        now_ms: i64,
    ) -> Result<(), JournalError> {
        let month = quota::month(now_ms, &config.shop.timezone);
        let calls: Calls = self.journal.calls(now_ms, month.start_ms).await?;
        let quota = config.dingtalk.monthly_quota;
        let Some(near) = quota::near(now_ms, month, calls, quota) else { return Ok(()) };
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let forecast = number(quota::forecast(now_ms, month, calls));
        let alarm = Alarm::QuotaNear { used: number(calls.month), quota, forecast };
        let word = match near {
            Near::Forecast => "forecast",
            Near::Used => "used",
        };
        let key = format!("{}@{}/{word}", alarm.key(), month.name);
        self.raise(config, &alarm, key, now_ms).await
    }

    async fn raise(
        &self,
        config: &Config,
        alarm: &Alarm,
        key: String,
        now_ms: i64,
    ) -> Result<(), JournalError> {
        let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(robot) = through(config, &parked) else {
            tracing::warn!(alarm = %alarm.key(), "no robot works that could tell this");
            return Ok(());
        };
        let body = serde_json::to_string(alarm).expect("plain data always serialises");
        let new = NewAlarm { robot: robot.to_owned(), key, body, created_ms: now_ms };
        if self.journal.raise(new).await? {
            self.wake.queued(robot);
        }
        Ok(())
    }
}

/// The queue that alarms go to: the one `[admin]` names, else the first one, of those that work.
fn through<'a>(config: &'a Config, parked: &BTreeSet<String>) -> Option<&'a str> {
    let named = config
        .admin
        .as_ref()
        .and_then(|admin| config.robots.iter().find(|robot| robot.name == admin.robot));
    let heads = config.robots.iter().filter(|robot| robot.pool.is_none());
    named.into_iter().chain(heads).map(head_of).find(|head| !parked.contains(*head))
}

/// The robot whose queue tells `robot`'s group.
fn head_of(robot: &Robot) -> &str {
    robot.pool.as_deref().unwrap_or(&robot.name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::through;
    use crate::config::{Admin, Config, Language, Robot, Shop};

    #[test]
    fn an_alarm_goes_through_the_admins_robot_and_through_another_when_that_is_parked() {
        let robot = |name: &str, pool: Option<&str>| Robot {
            pool: pool.map(str::to_owned),
            ..Robot::for_tests(name, "http://127.0.0.1:9/?access_token=t")
        };
        let robots = vec![robot("owner", None), robot("tech", None), robot("tech-2", Some("tech"))];
        let dir = std::path::Path::new("/nowhere");
        let mut config = Config::for_tests(dir, Shop::for_tests(Language::En), robots);
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let none = BTreeSet::new();
        assert_eq!(through(&config, &none), Some("owner"));
        for admin in ["tech", "tech-2"] {
            config.admin = Some(Admin { robot: admin.into(), mention: Vec::new() });
            assert_eq!(through(&config, &none), Some("tech"));
        }
        assert_eq!(through(&config, &set(&["tech"])), Some("owner"));
        assert_eq!(through(&config, &set(&["tech", "owner"])), None);
    }
}
