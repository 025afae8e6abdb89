//! How each robot is: what waits for it and why, its calls of the month, and until when it is silent.
//! No address and no secret is in it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::deliver;
use crate::journal::{JournalError, JournalReader, OutboxRow, OutboxState};

/// Most notices of one state that are looked at for their reasons.
const MAX_ROWS: usize = 1_000;

/// How one robot is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotStatus {
    /// Its name.
    pub name: String,
    /// The robot whose queue it carries, where it has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Notices that wait or are on their way.
    pub queued: u64,
    /// Notices that wait for a person.
    pub parked: u64,
    /// Why they do: the oldest one's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked_why: Option<String>,
    /// Dead letters.
    pub dead: u64,
    /// Calls that it made this month.
    pub month_calls: u64,
    /// It says nothing before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_until: Option<String>,
    /// Somebody asked it to keep ordinary notices until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<String>,
}

/// The organisation's calls of this month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCalls {
    /// So far, of all robots here.
    pub used: u64,
    /// By its end, if it goes on like the last seven days.
    pub forecast: u64,
    /// What the organisation has.
    pub quota: u32,
}

/// Every configured robot, and the month; nothing of a journal that is not there yet.
pub(super) fn robots(
    journal: &Path,
    config: &Config,
    now_ms: i64,
) -> Result<(Vec<RobotStatus>, MonthCalls), JournalError> {
    let quota = config.dingtalk.monthly_quota;
    if !journal.exists() {
        return Ok((Vec::new(), MonthCalls { quota, ..MonthCalls::default() }));
    }
    let reader = JournalReader::open(journal)?;
    let month = deliver::month(now_ms, &config.shop.timezone);
    let calls = reader.calls(now_ms, month.start_ms)?;
    let forecast = deliver::forecast(now_ms, month, calls);
    let carriers = reader.carriers(month.start_ms, now_ms)?;
    let counts = reader.totals()?.outbox;
    let parked = reader.outbox(OutboxState::Parked, MAX_ROWS)?;
    let shown = |ms| jiff::Timestamp::from_millisecond(ms).ok().map(|at| at.to_string());
    let list = config.robots.iter().map(|robot| {
        let count = |states: &[OutboxState]| {
            let own = counts.iter().filter(|row| row.robot == robot.name);
            own.filter(|row| states.contains(&row.state)).map(|row| row.count).sum()
        };
        let own = |row: &&OutboxRow| row.robot == robot.name;
        let carrier = carriers.get(&robot.name).copied().unwrap_or_default();
        Ok(RobotStatus {
            name: robot.name.clone(),
            pool: robot.pool.clone(),
            queued: count(&[OutboxState::Queued, OutboxState::Merged, OutboxState::Sending]),
            parked: count(&[OutboxState::Parked]),
            parked_why: parked.iter().filter(own).find_map(|row| row.reason.clone()),
            dead: count(&[OutboxState::Dead]),
            month_calls: carrier.count,
            pause_until: carrier.pause_until_ms.and_then(shown),
            muted_until: reader.muted_until(&robot.name, now_ms)?.and_then(shown),
        })
    });
    let list = list.collect::<Result<_, JournalError>>()?;
    Ok((list, MonthCalls { used: calls.month, forecast, quota }))
}

#[cfg(test)]
mod tests {
    use super::robots;
    use crate::config::{Config, Language, Robot, Shop};
    use crate::journal::{Batch, Journal, NewNotice, event_for_tests};

    #[test]
    fn each_robot_says_what_waits_for_it_and_why_and_what_it_has_spent() {
        let dir = tempfile::tempdir().expect("a directory");
        let url = "http://127.0.0.1:9/?access_token=t0k3n";
        let carrier = Robot { pool: Some("owner".into()), ..Robot::for_tests("second", url) };
        let list = vec![Robot::for_tests("owner", url), carrier];
        let config = Config::for_tests(dir.path(), Shop::for_tests(Language::En), list);
        let now_ms = 1_795_233_682_120;
        let (none, month) = robots(&config.journal.path, &config, now_ms).expect("nothing yet");
        assert_eq!((none.len(), month.quota), (0, 3_000));
        let journal = Journal::open(&config.journal.path).expect("opens");
        let event = event_for_tests(1);
        let notice = NewNotice {
            event_id: event.id,
            robot: "owner".into(),
            urgent: false,
            created_ms: now_ms,
        };
        let batch = Batch { events: vec![event], notices: vec![notice], ..Batch::default() };
        journal.commit(batch).expect("kept");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            journal.park("owner", None, "the token is gone").await.expect("parked");
            journal.count_call("second", "delivered", "send-test", now_ms).await.expect("counted");
            journal.mute(vec!["owner".into()], now_ms + 60_000).await.expect("muted");
        });
        let (found, month) = robots(&config.journal.path, &config, now_ms).expect("reads");
        let (owner, second) = (&found[0], &found[1]);
        assert_eq!((owner.queued, owner.parked, owner.dead), (0, 1, 0));
        assert_eq!(owner.parked_why.as_deref(), Some("the token is gone"));
        assert_eq!((owner.month_calls, second.month_calls, month.used), (0, 1, 1));
        assert_eq!(second.pool.as_deref(), Some("owner"));
        let quiet = owner.muted_until.as_deref();
        assert_eq!((quiet, &second.muted_until), (Some("2026-11-21T04:02:22.12Z"), &None));
        let shown = serde_json::to_string(&found).expect("plain data");
        assert!(!shown.contains("t0k3n") && month.forecast >= 1, "{shown}");
    }
}
