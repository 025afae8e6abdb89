//! The loop: looks, judges, and puts into the outbox what is worth telling.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::gather::{MAX_EVENTS, Place};
use super::limit::{may_raise, slot_key};
use super::policy::Policy;
use crate::alarm::{Alarm, SAME_EVERY_MS};
use crate::clock::Clock;
use crate::config::Config;
use crate::deliver::News;
use crate::health::Health;
use crate::journal::{AlarmRow, Journal, JournalError, JournalReader, NewAlarm, OutboxState};
use crate::live::Live;

/// Time between two looks: an alarm is urgent, and those who mend things take minutes.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Shortest real time between two looks, however fast virtual time runs.
const REAL_PAUSE: Duration = Duration::from_millis(100);
/// Most looks in a row while events are behind: 600 events a second are kept up with.
const MAX_LOOKS: usize = 90;
/// Most parked notices looked at for the robots that they wait for.
const MAX_PARKED: usize = 10_000;

/// Why nothing is looked after.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A look was cut off.
    #[error("expected a look at the journal to end, found it cut off: {0}")]
    Cut(#[from] tokio::task::JoinError),
}

/// Looks after the bridge for ever, where `[admin]` names a robot.
pub async fn run(
    journal: Journal,
    live: Live,
    clock: Clock,
    told: Arc<News>,
    health: Arc<Health>,
) -> Result<(), AdminError> {
    let mut state = None;
    let pause = clock.real_duration(LOOK_EVERY).max(REAL_PAUSE);
    loop {
        let config = live.config();
        if config.admin.is_none() {
            // Nobody asked, and who asks later is told of what comes later.
            state = None;
        } else {
            let desk = (journal.clone(), Arc::clone(&config), health.state().ahead_s);
            let now_ms = clock.wall_ms();
            let looked = tokio::task::spawn_blocking(move || look(desk, state, now_ms)).await?;
            let (kept, alarms) = looked?;
            state = Some(kept);
            for alarm in alarms {
                tracing::warn!(alarm = %alarm.key(), "the admin is told");
            }
            told.changed();
        }
        tokio::time::sleep(pause).await;
    }
}

type Kept = (Place, Policy);

/// One look; answers what was put into the outbox.
fn look(
    (journal, config, ahead_s): (Journal, Arc<Config>, Option<i64>),
    kept: Option<Kept>,
    now_ms: i64,
) -> Result<(Kept, Vec<Alarm>), JournalError> {
    let (mut place, mut policy) = if let Some(kept) = kept {
        kept
    } else {
        let mut policy = Policy::default();
        (Place::begin(journal.path(), &mut policy)?, policy)
    };
    let mut alarms = Vec::new();
    for _ in 0..MAX_LOOKS {
        let mut look = place.look(&config, now_ms)?;
        look.set_aside = journal.set_aside();
        look.ahead_s = ahead_s;
        alarms.extend(policy.judge(&look, &config));
        if look.events.len() < MAX_EVENTS {
            break;
        }
    }
    let mut raised = Vec::new();
    if !alarms.is_empty() {
        let reader = JournalReader::open(journal.path())?;
        let mut lately = reader.alarms(now_ms - SAME_EVERY_MS)?;
        let parked = reader.outbox(OutboxState::Parked, MAX_PARKED)?;
        let parked: BTreeSet<String> = parked.into_iter().map(|row| row.robot).collect();
        for alarm in alarms {
            if may_raise(&alarm, now_ms, &lately)
                && let Some(robot) = through(&config, &parked)
            {
                let key = slot_key(&alarm, now_ms);
                let body = serde_json::to_string(&alarm).expect("plain data always serialises");
                let new = NewAlarm { robot, key: key.clone(), body, created_ms: now_ms };
                if journal.raise_waiting(new)? {
                    lately.push(AlarmRow { key, created_ms: now_ms });
                    raised.push(alarm);
                }
            }
        }
    }
    Ok(((place, policy), raised))
}

/// The queue that tells alarms: the one that `[admin]` names, or while that is parked any other.
fn through(config: &Config, parked: &BTreeSet<String>) -> Option<String> {
    let named = config.admin.as_ref()?.robot.clone();
    if !parked.contains(&named) {
        return Some(named);
    }
    let heads = config.robots.iter().filter(|robot| robot.pool.is_none());
    // Where all are, it waits with the others.
    let works = heads.map(|robot| &robot.name).find(|name| !parked.contains(*name));
    Some(works.cloned().unwrap_or(named))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use pos_protocol::event::{Event, Kind};

    use super::look;
    use crate::alarm::SAME_EVERY_MS;
    use crate::config::{Admin, Config, Language, Robot, Shop};
    use crate::journal::{
        About, Batch, Journal, JournalReader, OutboxRow, OutboxState, event_for_tests,
    };

    const NOW: i64 = 1_795_000_000_000;

    fn config(dir: &Path) -> Config {
        let robot = |name| Robot::for_tests(name, "http://127.0.0.1:9/?access_token=t");
        let robots = vec![robot("owner"), robot("tech")];
        let mut config = Config::for_tests(dir, Shop::for_tests(Language::En), robots);
        config.admin = Some(Admin { robot: "tech".into(), mention: Vec::new() });
        config
    }

    fn unread(journal: &Journal, n: u64) {
        let events = vec![Event { kind: Kind::Unread, ..event_for_tests(n) }];
        journal.commit(Batch { events, ..Batch::default() }).expect("kept");
    }

    fn queued(journal: &Journal) -> Vec<OutboxRow> {
        let reader = JournalReader::open(journal.path()).expect("opens");
        reader.outbox(OutboxState::Queued, 100).expect("reads")
    }

    #[test]
    fn an_alarm_is_queued_once_for_the_admins_robot_also_over_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        let config = Arc::new(config(dir.path()));
        let journal = Journal::open(&config.journal.path).expect("opens");
        let desk = || (journal.clone(), Arc::clone(&config), None);
        let (kept, raised) = look(desk(), None, NOW).expect("looks");
        assert_eq!(raised, []);
        unread(&journal, 1);
        let (kept, raised) = look(desk(), Some(kept), NOW).expect("looks");
        assert_eq!(raised.len(), 1);
        unread(&journal, 2);
        let (_, raised) = look(desk(), Some(kept), NOW + 1).expect("looks");
        assert_eq!(raised, [], "told already");

        let (kept, _) = look(desk(), None, NOW + 2).expect("looks after a restart");
        unread(&journal, 3);
        let (kept, raised) = look(desk(), Some(kept), NOW + SAME_EVERY_MS - 1).expect("looks");
        assert_eq!(raised, [], "a restart forgets nothing");
        unread(&journal, 4);
        let (_, raised) = look(desk(), Some(kept), NOW + SAME_EVERY_MS).expect("looks");
        assert_eq!(raised.len(), 1, "the next shift");
        let rows = queued(&journal);
        assert!(rows.iter().all(|row| row.robot == "tech" && row.urgent), "{rows:?}");
        assert!(rows.iter().all(|row| matches!(row.about, About::Alarm(_))) && rows.len() == 2);
    }

    #[test]
    fn while_the_admins_robot_is_parked_another_one_tells() {
        let dir = tempfile::tempdir().expect("a directory");
        let config = Arc::new(config(dir.path()));
        let journal = Journal::open(&config.journal.path).expect("opens");
        let desk = |ahead_s| (journal.clone(), Arc::clone(&config), ahead_s);
        look(desk(Some(4_200)), None, NOW).expect("looks");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(journal.park("tech", None, "no token")).expect("parked");
        let (kept, _) = look(desk(None), None, NOW).expect("looks");
        unread(&journal, 1);
        look(desk(None), Some(kept), NOW).expect("looks");
        let rows = queued(&journal);
        assert_eq!((rows.len(), rows[0].robot.as_str()), (1, "owner"));
    }
}
