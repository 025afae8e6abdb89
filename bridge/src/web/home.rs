//! The first page: is it working, what is to be done, what was sold today, what came last.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::{EventId, Kind};
use serde::Serialize;

use super::glance::{self, Found, Grade, MOST_COUNTED, Port, Speaker};
use super::guard::Visitor;
use super::render;
use super::rows::{self, UNREAD};
use super::site::{Site, Trouble};
use super::takings::{PLOT_DAYS, days, takings};
use super::words::Tongue;
use crate::admin::free_mib;
use crate::alarm::Alarm;
use crate::config::{Config, Shop};
use crate::control::MonthCalls;
use crate::deliver;
use crate::health::State as Health;
use crate::journal::{JournalError, JournalReader, Queue, StoredEvent};
use crate::notice::{Shown, alarm_words};
use crate::privacy::redact;
use crate::shop::{Day, Moment};
use crate::wire::{self, SourceState, WireStatus};

/// Receipts in the newest list.
const LATEST: usize = 15;
/// Unread receipts that are shown, and events back among which they are looked for.
const MOST_UNREAD: usize = 8;
/// As [`MOST_UNREAD`]: a busy day.
const UNREAD_WITHIN: u32 = 1_000;
/// How long an alarm stands here.
const ALARM_MS: i64 = 24 * 60 * 60 * 1_000;
/// Most alarms that stand here.
const MOST_ALARMS: u32 = 6;

/// What the journal says.
struct Read {
    heard: Vec<Option<i64>>,
    queues: Vec<Queue>,
    month: MonthCalls,
    days: Vec<(Date, Day)>,
    latest: Vec<StoredEvent>,
    unread: Vec<StoredEvent>,
    alarms: Vec<(i64, String)>,
    newest: i64,
}

/// `GET /`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Trouble> {
    let (config, now_ms) = (site.desk.live.config(), site.desk.clock.wall_ms());
    let today = business_day(now_ms, &config.shop);
    let wire = wire::status(&site.desk.dir).await.ok();
    let asked = std::sync::Arc::clone(&config);
    let read = site.look(move |reader| read(reader, &asked, today, now_ms)).await?;
    let shop = &Shop { language: visitor.tongue.language(), ..config.shop.clone() };
    let health = site.desk.health.state();
    let found = found(&config, shop, health, wire.as_ref(), &read, now_ms);
    let needs = glance::needs(&found, visitor.tongue);
    let grade = glance::grade(&needs);
    let own = read.days.iter().find(|(day, _)| *day == today).map(|(_, day)| day);
    let unread = &read.unread[..read.unread.len().min(MOST_UNREAD)];
    let clock = Shown::of_shop(shop).wall(now_ms);
    let given = context! {
        grade => Value::from(Serde(grade)),
        verdict => glance::verdict(grade, visitor.tongue),
        needs => Value::from(Serde(needs)),
        day => today.to_string(),
        takings => own.filter(|day| !day.is_empty()).map(|day| takings(day, shop, visitor.tongue)),
        days => days(&read.days, today, shop, visitor.tongue),
        latest => rows::lines(&read.latest, shop, visitor.tongue)?,
        unread => rows::lines(unread, shop, visitor.tongue)?,
        more_unread => read.unread.len() > unread.len(),
        newest => read.newest,
        ports => Value::from(Serde(ports(&found, &config, now_ms, visitor.tongue))),
        robots => Value::from(Serde(robots(&found))),
        budget => budget(found.month, visitor.tongue),
        time => clock.as_deref().and_then(|clock| clock.split(' ').nth(1)).unwrap_or_default(),
        clock => clock,
        disk => found.free_mib.map(room),
        well => glance::well(&found, visitor.tongue),
        alarms => Value::from(Serde(alarms(&read.alarms, shop))),
    };
    render::page(&site, &visitor, "home.html", "home_title", &given)
}

fn business_day(now_ms: i64, shop: &Shop) -> Date {
    let now = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default();
    Moment::at(now.to_zoned(shop.timezone.clone()).datetime(), shop.day_ends).day
}

/// All looks at the journal, on one connection.
fn read(
    reader: &JournalReader,
    config: &Config,
    today: Date,
    now_ms: i64,
) -> Result<Read, JournalError> {
    let heard = config.sources.iter().map(|source| reader.last_heard_ms(&source.name));
    let queues = config.robots.iter().map(|robot| reader.queue(&robot.name, now_ms));
    let month = deliver::month(now_ms, &config.shop.timezone);
    let calls = reader.calls(now_ms, month.start_ms)?;
    let month = MonthCalls {
        used: calls.month,
        forecast: deliver::forecast(now_ms, month, calls),
        quota: config.dingtalk.monthly_quota,
    };
    let from = today.saturating_sub((PLOT_DAYS - 1).days());
    let to = today.tomorrow().unwrap_or(today);
    let days = reader.look_at_books(|rows| {
        let mut all: BTreeMap<Date, Day> = BTreeMap::new();
        for shop in config.shops() {
            for (date, day) in Day::range(rows, &shop, from, to)? {
                all.entry(date).or_default().merge(&day);
            }
        }
        Ok(all.into_iter().collect())
    })?;
    Ok(Read {
        heard: heard.collect::<Result<_, _>>()?,
        queues: queues.collect::<Result<_, _>>()?,
        month,
        days,
        latest: reader.events_before(i64::MAX, LATEST)?,
        unread: unread(reader)?,
        alarms: reader.alarms_raised(now_ms - ALARM_MS, MOST_ALARMS)?,
        newest: reader.newest_seq()?,
    })
}

/// Receipts that could not be read, without those that were put right since.
fn unread(reader: &JournalReader) -> Result<Vec<StoredEvent>, JournalError> {
    let right = reader.newest_of(&[Kind::Correction], UNREAD_WITHIN, MOST_COUNTED)?;
    let right = right.iter().filter_map(|stored| stored.event().ok()?.corrects);
    let right: BTreeSet<EventId> = right.collect();
    let mut all = reader.newest_of(&UNREAD, UNREAD_WITHIN, MOST_COUNTED)?;
    all.retain(|stored| stored.event().is_ok_and(|event| !right.contains(&event.id)));
    Ok(all)
}

fn found(
    config: &Config,
    shop: &Shop,
    health: Health,
    wire: Option<&WireStatus>,
    read: &Read,
    now_ms: i64,
) -> Found {
    let ports = config.sources.iter().zip(&read.heard).map(|(source, heard)| {
        let known = wire.and_then(|wire| wire.sources.iter().find(|s| s.name == source.name));
        Port {
            name: source.name.clone(),
            state: known.map(|known| known.state),
            why: known.and_then(|known| known.why.clone()),
            heard_ms: *heard,
        }
    });
    let speakers = config.robots.iter().zip(&read.queues).map(|(robot, queue)| Speaker {
        name: robot.name.clone(),
        // It may quote an answer of DingTalk.
        queue: Queue { why: queue.why.as_deref().map(redact), ..queue.clone() },
        until: queue.pause_until_ms.and_then(|until| Shown::of_shop(shop).wall(until)),
    });
    let today = business_day(now_ms, shop);
    let of_today = |stored: &&StoredEvent| {
        let event = stored.event().ok();
        let moment = event.and_then(|e| Moment::of(&e, &shop.timezone, shop.day_ends));
        moment.is_some_and(|moment| moment.day == today)
    };
    Found {
        health,
        ports: ports.collect(),
        speakers: speakers.collect(),
        month: read.month,
        free_mib: free_mib(&config.journal.path),
        unread: read.unread.iter().filter(of_today).count(),
    }
}

#[derive(Clone, Debug, Serialize)]
struct PortRow {
    name: String,
    kind: &'static str,
    state: &'static str,
    grade: Grade,
    heard: String,
}

fn ports(found: &Found, config: &Config, now_ms: i64, tongue: Tongue) -> Vec<PortRow> {
    let rows = found.ports.iter().zip(&config.sources).map(|(port, source)| {
        let (word, grade) = match port.state {
            Some(SourceState::Open) if port.heard_ms.is_none() => ("state_silent", Grade::Look),
            Some(SourceState::Open) => ("state_open", Grade::Well),
            Some(SourceState::Starting) => ("state_starting", Grade::Look),
            Some(SourceState::Waiting) => ("state_waiting", Grade::Act),
            Some(SourceState::Failed) => ("state_failed", Grade::Act),
            None => ("state_unknown", Grade::Look),
        };
        let heard = port.heard_ms.map_or_else(
            || tongue.say("never").to_owned(),
            |heard| ago(now_ms.saturating_sub(heard), tongue),
        );
        let state = tongue.say(word);
        PortRow { name: port.name.clone(), kind: source.kind.as_str(), state, grade, heard }
    });
    rows.collect()
}

/// How long ago something was.
pub(super) fn ago(ms: i64, tongue: Tongue) -> String {
    let minutes = ms / 60_000;
    let (name, count) = match minutes {
        ..1 => return tongue.say("now").to_owned(),
        1..120 => ("ago_minutes", minutes),
        120..2_880 => ("ago_hours", minutes / 60),
        _ => ("ago_days", minutes / 1_440),
    };
    tongue.fill(name, &[("count", &count.to_string())])
}

#[derive(Clone, Debug, Serialize)]
struct RobotRow {
    name: String,
    waiting: u64,
    parked: u64,
    dead: u64,
    minute: u64,
}

fn robots(found: &Found) -> Vec<RobotRow> {
    let rows = found.speakers.iter().map(|Speaker { name, queue, .. }| RobotRow {
        name: name.clone(),
        waiting: queue.waiting,
        parked: queue.parked,
        dead: queue.dead,
        minute: queue.minute,
    });
    rows.collect()
}

/// Room on the disk as people say it.
fn room(mib: u64) -> String {
    match mib {
        ..10_240 => format!("{mib} MiB"),
        _ => format!("{} GiB", mib / 1_024),
    }
}

fn budget(month: MonthCalls, tongue: Tongue) -> String {
    let MonthCalls { used, forecast, quota } = month;
    let (used, forecast, quota) = (used.to_string(), forecast.to_string(), quota.to_string());
    let values = [("used", &*used), ("forecast", &*forecast), ("quota", &*quota)];
    tongue.fill("budget_of", &values)
}

#[derive(Clone, Debug, Serialize)]
struct AlarmRow {
    headline: String,
    happened: String,
    todo: String,
    when: Option<String>,
}

fn alarms(raised: &[(i64, String)], shop: &Shop) -> Vec<AlarmRow> {
    let rows = raised.iter().filter_map(|(created_ms, body)| {
        let alarm: Alarm = serde_json::from_str(body).ok()?;
        let [headline, happened, todo] = alarm_words(&alarm, shop);
        let when = Shown::of_shop(shop).wall(*created_ms);
        Some(AlarmRow { headline, happened, todo, when })
    });
    rows.collect()
}
