//! From what was typed to what is meant: the tables that stand once in the file.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::raw::{RawConfig, RawJournal, RawNotices};
use super::resolved::{Config, Dingtalk, Journal, Mode};
use super::scope::{Scope, Wrong, quoted};
use crate::notice::{ReceiptLink, Templates};

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
/// A standard organisation's, since 2025-11-19.
const DEFAULT_MONTHLY_QUOTA: i64 = 3_000;

/// The configuration, or nothing where `scope` got a problem.
pub(super) fn resolve(raw: &RawConfig, file: PathBuf, scope: &mut Scope<'_>) -> Option<Config> {
    let modes = [("live", Mode::Live), ("setup", Mode::Setup)];
    let mode = scope.word(&raw.mode, &modes, Mode::Live, "leave it out for \"live\"");
    let shop = scope.shop(&raw.shop);
    let journal = journal(&raw.journal, scope);
    let sources = scope.sources(&raw.source);
    let proxy = scope.common_proxy(&raw.dingtalk);
    let robots =
        scope.robots(&raw.robot, &raw.source, proxy.as_ref().ok().and_then(Option::as_ref));
    let dingtalk = &raw.dingtalk.monthly_quota;
    let hint = "the calls a month that the organisation has, by its DingTalk edition";
    let quota = scope.number(dingtalk, 1..=MAX_MONTHLY_QUOTA, DEFAULT_MONTHLY_QUOTA, hint);
    let app = scope.app(&raw.dingtalk, proxy.as_ref().ok().and_then(Option::as_ref));
    let may_change = scope.may_change(&raw.dingtalk);
    let exceptions = scope.exceptions(&raw.exceptions, &raw.source);
    let rules = scope.rules(&raw.rule, &raw.robot);
    let admin = scope.admin(&raw.admin, &raw.robot);
    let templates = templates(&raw.notices, scope);
    let wording =
        templates.as_ref().ok().and_then(Option::as_deref).map_or_else(Templates::shared, |dir| {
            let (templates, faults) = Templates::load(dir);
            // A broken template costs no message, so it is no reason to refuse the configuration.
            scope.notes.extend(faults.iter().map(ToString::to_string));
            Arc::new(templates)
        });
    let receipt_link = receipt_link(&raw.notices, scope);
    let hooks = scope.hooks(&raw.hooks, &raw.source);
    let web = scope.web(&raw.web);
    let calendar = scope.calendar(&raw.holiday, &raw.promotion);
    let nobody = BTreeSet::new();
    let approvals = scope.approvals(raw, may_change.as_ref().unwrap_or(&nobody));
    let agenda = scope.agenda(raw.agenda.as_ref());
    let today = scope.today(raw.today.as_ref());
    without_application(raw, scope);
    Some(Config {
        file,
        mode: mode?,
        shop: shop?,
        journal: journal?,
        sources: sources?,
        robots: robots?,
        exceptions,
        rules: rules?,
        dingtalk: Dingtalk {
            monthly_quota: u32::try_from(quota?).ok()?,
            app: app.ok()?,
            may_change: may_change?,
        },
        admin: admin.ok()?,
        templates: templates.ok()?,
        wording,
        receipt_link: receipt_link.ok()?,
        web: web.ok()?,
        hooks: hooks.ok()?,
        calendar: calendar?,
        approvals: approvals?,
        agenda: agenda.ok()?,
        today: today.ok()?,
    })
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

/// The owner's own templates, where a directory is named.
fn templates(raw: &RawNotices, scope: &mut Scope<'_>) -> Result<Option<PathBuf>, Wrong> {
    let Some(typed) = &raw.templates else { return Ok(None) };
    let path = scope.path(typed).ok_or(Wrong)?;
    if !path.is_dir() {
        let shown = path.display().to_string();
        let hint = format!("mkdir {shown}");
        scope.wrong(typed.span(), "a directory of templates", format!("none at {shown}"), hint);
        return Err(Wrong);
    }
    Ok(Some(path))
}

/// Where the buttons of cards lead.
fn receipt_link(raw: &RawNotices, scope: &mut Scope<'_>) -> Result<Option<ReceiptLink>, Wrong> {
    let Some(typed) = &raw.receipt_link else { return Ok(None) };
    let link = ReceiptLink::parse(typed.get_ref());
    if link.is_none() {
        let expected = "an http or https address, with {number}, {id} or {source}";
        let hint = "for example \"https://pos.example/receipts/{number}\"";
        scope.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        return Err(Wrong);
    }
    Ok(link)
}

/// What needs an application that is not there: said once, and no reason to refuse the rest.
fn without_application(raw: &RawConfig, scope: &mut Scope<'_>) {
    if raw.dingtalk.app.is_some() {
        return;
    }
    let asking = raw.approval.iter().any(|one| one.get_ref().form_url.is_none());
    for (is, table, effect) in [
        (asking, "[[approval]]", "what had to be decided is told as a plain notice"),
        (raw.agenda.is_some(), "[agenda]", "nothing is put into calendars and on lists"),
        (raw.today.is_some(), "[today]", "there is no card of the day"),
    ] {
        if is {
            let file = scope.file.display();
            scope.notes.push(format!("{file}: {table} without [dingtalk.app]: {effect}"));
        }
    }
}
