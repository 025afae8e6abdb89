//! From what was typed to what it means: the scenario as a whole.

use std::ops::Range;
use std::time::Duration;

use jiff::civil::DateTime;
use toml::Spanned;

use super::raw::{RawChaos, RawClock, RawLimit, RawRobot, RawScenario, RawThreshold};
use super::resolve_bridge::bridge;
use super::resolve_shop::shops;
use super::resolved::{
    ChaosPlan, ClockRate, DingtalkSetup, Limit, LimitSearch, RobotSetup, Sales, Scenario,
    ShopSetup, Threshold,
};
use super::scope::{Scope, as_real, hint_for, quoted, shown, time};
use crate::ledger::Bounds;
use crate::shop::{OPENING, local_time};

/// The start of the file: where what is missing altogether is told.
pub(super) const TOP: Range<usize> = 0..0;
/// What the group is given beyond the bound of ordinary messages, unless the scenario says.
const SETTLE_SPARE: Duration = Duration::from_secs(30);
const SECOND: Duration = Duration::from_secs(1);
/// Most troubles of one run.
const MAX_FAULTS: i64 = 100_000;
/// Fastest virtual time: beyond it a millisecond of jitter is a quarter of an hour.
const MAX_CLOCK_RATE: f64 = 1_000_000.0;

pub(super) fn resolve(raw: &RawScenario, text: &str, scope: &mut Scope<'_>) -> Option<Scenario> {
    let name = scope.needed(raw.name.as_ref(), "name", "\"lunch\"", &TOP);
    let duration = scope
        .needed(raw.duration.as_ref(), "duration", "\"5m\"", &TOP)
        .and_then(|typed| scope.time_of(typed, SECOND));
    let seed = scope.number(&raw.seed, 0..=i64::MAX, 1);
    let clock = raw.clock.as_ref().map(|typed| clock(typed, scope));
    let shops = shops(raw, duration, scope);
    let robots = robots(&raw.robot, shops.as_deref(), scope);
    let dingtalk = dingtalk(raw, scope);
    let late = Bounds::default();
    let urgent = scope.time(&raw.late.urgent, SECOND, late.urgent);
    let ordinary = scope.time(&raw.late.ordinary, SECOND, late.ordinary);
    let settle = scope.time(&raw.settle, SECOND, ordinary.unwrap_or_default() + SETTLE_SPARE);
    let thresholds = raw.threshold.iter().map(|typed| threshold(typed, scope)).collect::<Vec<_>>();
    let chaos = raw.chaos.as_ref().map(|typed| chaos(typed, scope));
    let limit = limit(&raw.limit, scope);
    let tills = shops.iter().flatten().map(|shop| shop.tills).sum();
    let bridge = bridge(&raw.bridge, tills, scope);
    let robots = robots?;
    let names_items = |robot: &RobotSetup| matches!(robot.privacy.as_str(), "items" | "full");
    let shows_items = robots.iter().all(names_items);
    let clock = clock.map_or(Some(None), |clock| clock.map(Some))?;
    Some(Scenario {
        name: name?.get_ref().clone(),
        text: text.to_owned(),
        seed: seed?.unsigned_abs(),
        duration: duration?,
        settle: settle?,
        opening: clock.as_ref().map_or(OPENING, opening),
        clock,
        bridge: bridge?,
        shops: shops?,
        robots,
        dingtalk: dingtalk?,
        bounds: Bounds { urgent: urgent?, ordinary: ordinary?, shows_items, ..late },
        thresholds: thresholds.into_iter().collect::<Option<_>>()?,
        chaos: chaos.map_or(Some(None), |chaos| chaos.map(Some))?,
        limit: limit?,
    })
}

/// What a calendar in Hong Kong shows when the clock begins.
fn opening(clock: &ClockRate) -> DateTime {
    let origin = clock.origin.parse::<jiff::Timestamp>();
    origin.map_or(OPENING, |origin| local_time(origin.as_millisecond()))
}

fn clock(typed: &Spanned<RawClock>, scope: &mut Scope<'_>) -> Option<ClockRate> {
    let (raw, place) = (typed.get_ref(), typed.span());
    let rate = scope.real(&raw.rate, 1.0..=MAX_CLOCK_RATE, 60.0);
    let origin = scope.needed(raw.origin.as_ref(), "origin", "\"2026-11-21T03:00:00Z\"", &place)?;
    if origin.get_ref().parse::<jiff::Timestamp>().is_err() {
        let hint = "write it like \"2026-11-21T03:00:00Z\"";
        scope.wrong(&origin.span(), "a time as in RFC 3339", quoted(origin.get_ref()), hint);
        return None;
    }
    Some(ClockRate { origin: origin.get_ref().clone(), rate: rate? })
}

/// The robots; without any, one that hears of everything.
fn robots(
    raw: &[Spanned<RawRobot>],
    shops: Option<&[ShopSetup]>,
    scope: &mut Scope<'_>,
) -> Option<Vec<RobotSetup>> {
    if raw.is_empty() {
        let sales = Sales::Auto;
        let (name, privacy) = ("owner".to_owned(), "categories".to_owned());
        return Some(vec![RobotSetup { name, shops: Vec::new(), sales, privacy }]);
    }
    let mut robots: Vec<RobotSetup> = Vec::new();
    for typed in raw {
        let robot = robot(typed, shops, scope)?;
        if robots.iter().any(|other| other.name == robot.name) {
            let hint = "give each robot a name of its own";
            scope.wrong(&typed.span(), "robots of different names", quoted(&robot.name), hint);
        }
        robots.push(robot);
    }
    for shop in shops.into_iter().flatten() {
        let tells =
            |robot: &&RobotSetup| robot.shops.is_empty() || robot.shops.contains(&shop.name);
        let found = robots.iter().filter(tells).count();
        if found != 1 {
            let expected = format!("one robot that tells of the shop {:?}", shop.name);
            let hint = "name it in the `shops` of one [[robot]]";
            scope.wrong(&raw[0].span(), expected, found.to_string(), hint);
        }
    }
    Some(robots)
}

fn robot(
    typed: &Spanned<RawRobot>,
    shops: Option<&[ShopSetup]>,
    scope: &mut Scope<'_>,
) -> Option<RobotSetup> {
    let raw = typed.get_ref();
    let name = scope.needed(raw.name.as_ref(), "name", "\"owner\"", &typed.span());
    let words = [("each", Sales::Each), ("digest", Sales::Digest), ("auto", Sales::Auto)];
    let sales = scope.word(&raw.sales, &words, Sales::Auto);
    let privacy = ["totals", "categories", "items", "full"].map(|word| (word, word));
    let privacy = scope.word(&raw.privacy, &privacy, "categories");
    let wanted = raw.shops.as_ref().map(Spanned::get_ref).into_iter().flatten();
    if let Some(shops) = shops {
        let known: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
        for wanted in wanted.clone().filter(|wanted| !known.contains(&wanted.get_ref().as_str())) {
            let hint = hint_for(wanted.get_ref(), &known);
            scope.wrong(&wanted.span(), "the name of a [[shop]]", quoted(wanted.get_ref()), hint);
        }
    }
    let shops = wanted.map(|wanted| wanted.get_ref().clone()).collect();
    Some(RobotSetup {
        name: name?.get_ref().clone(),
        shops,
        sales: sales?,
        privacy: privacy?.to_owned(),
    })
}

fn dingtalk(raw: &RawScenario, scope: &mut Scope<'_>) -> Option<DingtalkSetup> {
    let quota = scope.number(&raw.dingtalk.monthly_quota, 1..=100_000_000, 3_000);
    let minute = scope.number(&raw.dingtalk.messages_a_minute, 1..=100_000, 20);
    Some(DingtalkSetup {
        monthly_quota: u32::try_from(quota?).ok()?,
        messages_a_minute: u32::try_from(minute?).ok()?,
        limits: raw.dingtalk.limits.as_ref().is_none_or(|typed| *typed.get_ref()),
    })
}

fn threshold(typed: &Spanned<RawThreshold>, scope: &mut Scope<'_>) -> Option<Threshold> {
    let raw = typed.get_ref();
    let what = scope.needed(raw.what.as_ref(), "what", "\"lost\"", &typed.span());
    if raw.max.is_none() && raw.min.is_none() {
        let hint = "write max = 0, or max = \"100ms\" for a time";
        scope.wrong(&typed.span(), "a threshold with max or min", "neither", hint);
    }
    let max = raw.max.as_ref().and_then(|typed| bound(typed, scope));
    let min = raw.min.as_ref().and_then(|typed| bound(typed, scope));
    let what = what?;
    Some(Threshold { what: what.get_ref().clone(), max, min, line: scope.line(what.span().start) })
}

/// A bound: a number, or a time in quotes.
fn bound(typed: &Spanned<toml::Value>, scope: &mut Scope<'_>) -> Option<Limit> {
    let value = match typed.get_ref() {
        toml::Value::String(text) => time(text).map(Limit::Time),
        other => as_real(other).map(Limit::Number),
    };
    if value.is_none() {
        let found = shown(typed.get_ref());
        let hint = "write 0, 99.5 or \"100ms\"";
        scope.wrong(&typed.span(), "a number or a time", found, hint);
    }
    value
}

fn chaos(typed: &Spanned<RawChaos>, scope: &mut Scope<'_>) -> Option<ChaosPlan> {
    let raw = typed.get_ref();
    scope.needed(raw.faults.as_ref(), "faults", "200", &typed.span());
    let faults = scope.number(&raw.faults, 0..=MAX_FAULTS, 0);
    let mut kinds = Vec::new();
    for (kind, weight) in &raw.kinds {
        if let Ok(weight) = u32::try_from(*weight.get_ref()) {
            kinds.push((kind.clone(), weight));
        } else {
            let found = weight.get_ref().to_string();
            let hint = "2 is twice as often as 1, 0 is never";
            scope.wrong(&weight.span(), "a weight of 0 or more", found, hint);
        }
    }
    Some(ChaosPlan { faults: u32::try_from(faults?).ok()?, kinds })
}

fn limit(raw: &RawLimit, scope: &mut Scope<'_>) -> Option<LimitSearch> {
    let from = raw.from.as_ref().map_or(Some(25.0), |typed| scope.rate(typed));
    let most = raw.most.as_ref().map_or(Some(3_200.0), |typed| scope.rate(typed));
    let step = scope.time(&raw.step, SECOND, Duration::from_mins(1));
    let precision = scope.real(&raw.precision, 0.01..=1.0, 0.1);
    Some(LimitSearch { from: from?, most: most?, step: step?, precision: precision? })
}
