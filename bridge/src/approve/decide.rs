//! What the shop found that somebody has to decide.
//!
//! Where nothing is configured for it nobody is asked: the finding itself is told all the same.

use pos_protocol::event::{About, Event};
use pos_protocol::money::Amount;

use super::form::receipt_text;
use super::matter::Matter;
use super::state::State;
use crate::config::Config;
use crate::journal::NewMatter;
use crate::shop::{Drawer, Exception, Finding, Oddity};

/// The matters that `event` brings up, going by what was found in it.
pub(crate) fn asks(event: &Event, findings: &[Finding], config: &Config) -> Vec<NewMatter> {
    let found = findings.iter().filter_map(|finding| match finding {
        Finding::Exception(exception) => refund(event, exception, config),
        _ => None,
    });
    found.map(|matter| matter.new_row()).collect()
}

/// A refund over the limit.
fn refund(event: &Event, exception: &Exception, config: &Config) -> Option<Matter> {
    let Oddity::RefundOver { limit } = exception.what else { return None };
    let asked = config.approval(About::Refund)?;
    let at_ms = heard_ms(event);
    Some(Matter {
        shop: exception.shop.clone(),
        source: Some(exception.source.clone()),
        amount: exception.amount,
        currency: exception.currency.clone(),
        limit: Some(limit),
        number: exception.number.clone(),
        receipt: receipt_text(event, config, &asked.robot),
        event: Some(event.id.to_string()),
        ..bare(format!("refund/{}", event.id), About::Refund, at_ms)
    })
}

/// A drawer that was counted and is short.
pub(crate) fn short(
    event: &Event,
    drawer: &Drawer,
    shop: &str,
    config: &Config,
) -> Option<NewMatter> {
    let asked = config.approval(About::CashShort)?;
    let missing = drawer.over.checked_neg().filter(|missing| more(*missing, asked.over))?;
    let matter = Matter {
        shop: shop.to_owned(),
        source: Some(drawer.source.clone()),
        amount: missing.checked_neg(),
        limit: Some(asked.over),
        receipt: Some(crate::notice::drawer_text(drawer, config)),
        event: Some(event.id.to_string()),
        ..bare(format!("cash_short/{}", event.id), About::CashShort, heard_ms(event))
    };
    Some(matter.new_row())
}

/// Whether `amount` is above zero and above `limit`.
fn more(amount: Amount, limit: Amount) -> bool {
    let beyond = amount.checked_sub(limit);
    beyond.is_some_and(|beyond| !beyond.is_negative() && !beyond.is_zero())
}

/// A matter that says nothing yet.
pub(super) fn bare(key: String, about: About, at_ms: i64) -> Matter {
    Matter {
        key,
        about,
        shop: String::new(),
        to: None,
        lines: Vec::new(),
        source: None,
        amount: None,
        currency: None,
        limit: None,
        number: None,
        receipt: None,
        event: None,
        asked_by: None,
        at_ms,
        way: None,
        said_by: None,
        state: State::Waiting { tries: 0 },
    }
}

/// When an event was heard, in milliseconds of wall time.
fn heard_ms(event: &Event) -> i64 {
    event.observed_at.parse().map_or(0, jiff::Timestamp::as_millisecond)
}
