//! What the shop found in its events, said by the module of each kind.

use super::context::Context;
use super::layout::lay_out;
use super::{approval, exception, mentions, reconciliation, reminder, rule, stock, summary};
use crate::dingtalk::Message;
use crate::shop::Finding;

/// The message that tells `finding` to a group.
pub fn finding(finding: &Finding, context: &Context<'_>) -> Message {
    let mut at = mentions::of_finding(finding.kind(), context);
    let (card, link) = match finding {
        Finding::Exception(found) => (exception::card(found, context), None),
        Finding::Reconciliation(reckoning) => (reconciliation::card(reckoning, context), None),
        Finding::Summary(told) => (summary::card(told, context), None),
        Finding::Reminder(reminder) => (reminder::card(reminder, context), None),
        Finding::Stock(alert) => {
            stock::call(alert, &mut at);
            (stock::card(alert, context), stock::link(alert))
        }
        Finding::Rule(said) => {
            rule::call(said, &mut at);
            (rule::said(said, context), None)
        }
        Finding::Foreign(found) => (approval::foreign(found, context), None),
        Finding::RuleFailed(fault) => {
            at = mentions::of_alarms(context);
            (rule::failed(fault, context), None)
        }
    };
    lay_out(card, &mentions::capped(at), link, context)
}
