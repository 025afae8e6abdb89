//! From what was typed to what is meant: the tables that stand once in the file.

use std::net::SocketAddr;
use std::path::PathBuf;

use pos_protocol::money::Currency;

use super::raw::{RawAdmin, RawConfig, RawHooks, RawJournal, RawShop};
use super::resolved::{Config, Journal, Language, Mode, Shop};
use super::scope::{Scope, quoted};

const DEFAULT_SHOP_NAME: &str = "Shop";
const DEFAULT_TIMEZONE: &str = "Asia/Hong_Kong";
/// Beside the configuration file.
const DEFAULT_JOURNAL: &str = "posbridge.db";
const DEFAULT_KEEP_DAYS: i64 = 30;
/// Longest keeping of raw receipts, in days: what Hong Kong's tax law asks for (seven years).
const MAX_KEEP_DAYS: i64 = 2_557;
/// Sizes a journal may have, in MiB: room for the log (16) and a busy week, up to a terabyte.
const JOURNAL_MIB: std::ops::RangeInclusive<i64> = 64..=1_048_576;
/// A busy shop's 30 days take a tenth of it.
const DEFAULT_JOURNAL_MIB: i64 = 1024;
/// Largest monthly quota, in calls: what DingTalk sells to its largest organisations.
const MAX_MONTHLY_QUOTA: i64 = 100_000_000;

/// The configuration, or nothing where `scope` got a problem.
pub(super) fn resolve(raw: &RawConfig, file: PathBuf, scope: &mut Scope<'_>) -> Option<Config> {
    let modes = [("live", Mode::Live), ("setup", Mode::Setup)];
    let mode = scope.word(&raw.mode, &modes, Mode::Live, "leave it out for \"live\"");
    let shop = shop(&raw.shop, scope);
    let journal = journal(&raw.journal, scope);
    let sources = scope.sources(&raw.source);
    let robots = scope.robots(&raw.robot);
    scope.number(&raw.dingtalk.monthly_quota, 1..=MAX_MONTHLY_QUOTA, 1, "calls a month");
    scope.later("monthly_quota", raw.dingtalk.monthly_quota.as_ref());
    admin(&raw.admin, raw, scope);
    hooks(&raw.hooks, scope);
    let web = raw.web.listen.as_ref().and_then(|listen| loopback(listen, scope));
    Some(Config {
        file,
        mode: mode?,
        shop: shop?,
        journal: journal?,
        sources: sources?,
        robots: robots?,
        web,
    })
}

fn shop(raw: &RawShop, scope: &mut Scope<'_>) -> Option<Shop> {
    let name = match &raw.name {
        Some(name) if name.get_ref().trim().is_empty() => {
            scope.wrong(name.span(), "a name", "\"\"", "it stands in every message");
            None
        }
        Some(name) => Some(name.get_ref().trim().to_owned()),
        None => Some(DEFAULT_SHOP_NAME.to_owned()),
    };
    let timezone = timezone(raw, scope);
    let currency = currency(raw, scope);
    let languages = [("zh-HK", Language::ZhHk), ("en", Language::En)];
    let hint = "\"zh-CN\" and \"id\" come in a later version";
    let language = scope.word(&raw.language, &languages, Language::ZhHk, hint);
    if let Some(hours) = &raw.hours
        && !hours.get_ref().split_once('-').is_some_and(|(from, to)| is_time(from) && is_time(to))
    {
        let found = quoted(hours.get_ref());
        scope.wrong(hours.span(), "opening hours such as \"11:00-22:30\"", found, "HH:MM-HH:MM");
    }
    if let Some(ends) = &raw.day_ends
        && !is_time(ends.get_ref())
    {
        let found = quoted(ends.get_ref());
        scope.wrong(ends.span(), "a time of day such as \"04:00\"", found, "HH:MM, 24 hours");
    }
    scope.later("hours", raw.hours.as_ref());
    scope.later("day_ends", raw.day_ends.as_ref());
    Some(Shop { name: name?, timezone: timezone?, currency: currency?, language: language? })
}

fn timezone(raw: &RawShop, scope: &mut Scope<'_>) -> Option<jiff::tz::TimeZone> {
    let name = raw.timezone.as_ref().map_or(DEFAULT_TIMEZONE, |typed| typed.get_ref());
    let zone = jiff::tz::TimeZone::get(name);
    if zone.is_err() {
        let at = raw.timezone.as_ref().map_or(0..0, toml::Spanned::span);
        let hint = "use an IANA name: \"Asia/Hong_Kong\", \"Asia/Shanghai\", \"Asia/Jakarta\"";
        scope.wrong(at, "a time zone this machine knows", quoted(name), hint);
    }
    zone.ok()
}

fn currency(raw: &RawShop, scope: &mut Scope<'_>) -> Option<Currency> {
    let Some(typed) = &raw.currency else { return Some(Currency::HKD) };
    let currency = Currency::from_code(typed.get_ref());
    if currency.is_none() {
        let hint = "use the three capital letters: \"HKD\", \"CNY\", \"IDR\"";
        scope.wrong(typed.span(), "an ISO 4217 currency", quoted(typed.get_ref()), hint);
    }
    currency
}

fn is_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let within = |part: &str, limit: u8| {
        part.len() == 2
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|n| n < limit)
    };
    within(hour, 24) && within(minute, 60)
}

fn journal(raw: &RawJournal, scope: &mut Scope<'_>) -> Option<Journal> {
    let path = match &raw.path {
        Some(typed) => scope.path(typed),
        None => Some(scope.base.join(DEFAULT_JOURNAL)),
    };
    let hint = "raw receipts are forgotten after this many days";
    let keep = scope.number(&raw.keep_days, 1..=MAX_KEEP_DAYS, DEFAULT_KEEP_DAYS, hint);
    let hint = "the oldest receipts are forgotten where the journal would grow beyond this";
    let max = scope.number(&raw.max_mib, JOURNAL_MIB, DEFAULT_JOURNAL_MIB, hint);
    Some(Journal {
        path: path?,
        keep_days: u32::try_from(keep?).ok()?,
        max_mib: u32::try_from(max?).ok()?,
    })
}

fn admin(raw: &RawAdmin, config: &RawConfig, scope: &mut Scope<'_>) {
    if let Some(robot) = &raw.robot {
        let named = |other: &super::raw::RawRobot| {
            other.name.as_ref().is_some_and(|name| name.get_ref() == robot.get_ref())
        };
        if !config.robot.iter().any(|other| named(other.get_ref())) {
            let hint = "name one of the [[robot]] tables";
            scope.wrong(robot.span(), "the name of a robot", quoted(robot.get_ref()), hint);
        }
    }
    if let Some(mention) = &raw.mention {
        let text = |value: &toml::Value| value.as_str().is_some();
        let value = mention.get_ref();
        if !text(value) && !value.as_array().is_some_and(|list| list.iter().all(text)) {
            let found = format!("a value of type {}", value.type_str());
            scope.wrong(mention.span(), "a phone number or a list of them", found, "in quotes");
        }
    }
    scope.later("robot", raw.robot.as_ref());
    scope.later("mention", raw.mention.as_ref());
}

/// What anybody on the shop's network could read is not served to it.
fn loopback(listen: &toml::Spanned<String>, scope: &mut Scope<'_>) -> Option<SocketAddr> {
    let address = scope.address(listen)?;
    if !address.ip().is_loopback() {
        let hint = "use \"127.0.0.1:8787\", and an SSH tunnel to look from elsewhere";
        scope.wrong(
            listen.span(),
            "an address of this machine only",
            quoted(listen.get_ref()),
            hint,
        );
        return None;
    }
    Some(address)
}

fn hooks(raw: &RawHooks, scope: &mut Scope<'_>) {
    if let Some(listen) = &raw.listen {
        scope.address(listen);
    }
    let files = [
        ("push_secret_file", &raw.push_secret_file),
        ("square_secret_file", &raw.square_secret_file),
        ("lightspeed_secret_file", &raw.lightspeed_secret_file),
        ("shopify_secret_file", &raw.shopify_secret_file),
        ("loyverse_secret_file", &raw.loyverse_secret_file),
        ("standard_secret_file", &raw.standard_secret_file),
        ("generic_secret_file", &raw.generic_secret_file),
    ];
    for (key, typed) in
        [("listen", &raw.listen), ("public_url", &raw.public_url)].into_iter().chain(files)
    {
        scope.later(key, typed.as_ref());
    }
}
