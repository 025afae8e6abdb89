//! Settings: the robots, what each is told and how much that would be, language and opening hours.
//!
//! It shows what is set and never what a secret is. Changing is `settings_act`'s.

use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use minijinja::{Value, context};
use pos_protocol::event::Kind;

use super::forecast::{MINUTE, Seen, a_month, findings_a_day};
use super::form::Fields;
use super::guard::Visitor;
use super::render;
use super::site::{Site, Trouble};
use super::words::Tongue;
use crate::config::{Config, DEFAULT_FINDINGS, DEFAULT_NOTICES, Hours, Language, Robot};
use crate::notice::kind_word;
use crate::shop::FindingKind;

/// Most events that a forecast rests on.
const MOST_EVENTS: u32 = 5_000;

/// Robots on one page: each takes 6 KB.
const ROBOTS: usize = 10;

/// Where a robot's settings are, for one more parameter.
pub(super) fn place(robot: &str, config: &Config) -> String {
    let nth = config.robots.iter().position(|one| one.name == robot).unwrap_or_default();
    match nth - nth % ROBOTS {
        0 => "/settings?".to_owned(),
        after => format!("/settings?after={after}&"),
    }
}

/// Languages of messages, each with its own name of itself.
pub(super) const LANGUAGES: [(&str, Language, &str); 4] = [
    ("zh-HK", Language::ZhHk, "繁體中文（香港）"),
    ("zh-CN", Language::ZhCn, "简体中文"),
    ("en", Language::En, "English"),
    ("id", Language::Id, "Bahasa Indonesia"),
];

/// What the last form came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) done: Option<String>,
    pub(super) wrong: Option<String>,
    /// More of what is wrong, in the program's own words.
    pub(super) why: Option<String>,
}

/// `GET /settings`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, Trouble> {
    let asked = Fields::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let done = match asked.text("done") {
        Some("saved") => Some("set_saved"),
        Some("same") => Some("set_same"),
        _ => None,
    };
    let done = done.map(|key| visitor.tongue.say(key).to_owned());
    let left = site.notes.take(&visitor.token, Instant::now());
    let said = left.unwrap_or_else(|| Said { done, ..Said::default() });
    let after = asked.text("after").and_then(|text| text.parse().ok()).unwrap_or_default();
    show(&site, &visitor, said, after).await
}

/// The page, with what the last form came to and the robots after the first `after`.
async fn show(
    site: &Site,
    visitor: &Visitor,
    said: Said,
    after: usize,
) -> Result<Response, Trouble> {
    let (config, tongue) = (site.desk.live.config(), visitor.tongue);
    let lately = site.look(|reader| reader.lately(MOST_EVENTS)).await?;
    let now = jiff::Timestamp::from_millisecond(site.desk.clock.wall_ms()).unwrap_or_default();
    let seen = Seen::of(&lately, now);
    let told = config.robots.iter().filter(|robot| robot.notices.contains(&Kind::Sale));
    let queues = told.count();
    let shown = config.robots.iter().skip(after).take(ROBOTS);
    let next = after.saturating_add(ROBOTS);
    let robots = shown.map(|one| robot(one, &config, (&seen, queues), tongue));
    let languages = LANGUAGES.map(|(code, language, name)| {
        context! { code => code, name => name, chosen => language == config.shop.language }
    });
    let given = context! {
        done => said.done,
        wrong => said.wrong,
        why => said.why,
        languages => languages.to_vec(),
        hours => config.shop.hours.map(hours).unwrap_or_default(),
        quota => config.dingtalk.monthly_quota,
        robots => robots.collect::<Vec<_>>(),
        next => (next < config.robots.len()).then_some(next),
    };
    render::page(site, visitor, "settings.html", "settings_title", &given)
}

fn robot(robot: &Robot, config: &Config, (seen, queues): (&Seen, usize), tongue: Tongue) -> Value {
    let quota = config.dingtalk.monthly_quota;
    let host = reqwest::Url::parse(robot.url.expose()).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let mut a_day = 0.0;
    let mut kinds = Vec::new();
    let mut add = |usual: bool, code: &str, name: &str, told: bool, events: f64, messages: f64| {
        a_day += if told { messages } else { 0.0 };
        let often =
            (events > 0.0).then(|| tongue.fill("set_a_day", &[("count", &rounded(events))]));
        let day = format!("{messages:.3}");
        // What a robot is told by default and what this one is told; the others are folded away.
        let usual = usual || told;
        kinds.push(
            context! { usual => usual, code => code, name => name, told => told, day => day, often => often },
        );
    };
    for kind in Kind::ALL {
        let events = seen.events_a_day(robot, *kind);
        let messages = seen.messages_a_day(robot, *kind, quota, queues);
        let name = kind_word(*kind, tongue.language()).1;
        add(
            DEFAULT_NOTICES.contains(kind),
            kind.as_str(),
            name,
            robot.notices.contains(kind),
            events,
            messages,
        );
    }
    for kind in FindingKind::ALL {
        let often = findings_a_day(kind);
        add(
            DEFAULT_FINDINGS.contains(&kind),
            kind.as_str(),
            tongue.say(finding(kind)),
            robot.findings.contains(&kind),
            often,
            often,
        );
    }
    let month = a_month(a_day);
    let over = month > u64::from(quota);
    let minute = seen.busiest_minute(robot);
    let counts =
        [("day", rounded(a_day)), ("month", month.to_string()), ("quota", quota.to_string())];
    let counts: Vec<(&str, &str)> =
        counts.iter().map(|(key, count)| (*key, count.as_str())).collect();
    let minutes = [("count", &*minute.to_string()), ("most", &*MINUTE.to_string())];
    context! {
        name => robot.name.clone(),
        title => tongue.fill("set_robot", &[("robot", &robot.name)]),
        host => tongue.fill("set_is_set", &[("host", &host)]),
        signed => robot.secret.is_some(),
        keywords => robot.keywords.join(", "),
        carries => robot.pool.as_ref().map(|head| tongue.fill("set_carries", &[("head", head)])),
        forecast => tongue.fill("set_forecast", &counts)
            + if over { tongue.say("set_over") } else { "" },
        over => over,
        minute => (minute > 0).then(|| tongue.fill("set_minute", &minutes)),
        kinds => kinds,
    }
}

/// A count of a day: small ones are not rounded to nothing.
fn rounded(count: f64) -> String {
    let digits = match count {
        count if count <= 0.0 || count >= 10.0 => 0,
        count if count >= 0.1 => 1,
        _ => 2,
    };
    format!("{count:.digits$}")
}

/// As the configuration has them.
pub(super) fn hours(hours: Hours) -> String {
    format!("{}-{}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"))
}

fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::LowStock => "k_low_stock",
        FindingKind::Exception => "k_exception",
        FindingKind::Reconciliation => "k_reconciliation",
        FindingKind::DailySummary => "k_daily_summary",
        FindingKind::WeeklySummary => "k_weekly_summary",
        FindingKind::MonthlySummary => "k_monthly_summary",
        FindingKind::Reminder => "k_reminder",
        FindingKind::Rule => "k_rule",
    }
}
