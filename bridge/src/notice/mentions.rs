//! Who is called by a message, and how that is written in it.

use pos_protocol::event::Kind;

use super::context::Context;
use crate::dingtalk::{At, MAX_MENTIONED};
use crate::shop::FindingKind;

/// The people whom `robot`'s settings name for any of `kinds`, each once.
pub(super) fn of_kinds(kinds: &[Kind], context: &Context<'_>) -> At {
    let mut at = At::default();
    let named = |kind: &Kind| kinds.contains(kind);
    for mention in &context.robot.mentions {
        if mention.kinds.iter().any(named) {
            at.all |= mention.all;
            add(&mut at.mobiles, &mention.mobiles);
            add(&mut at.user_ids, &mention.user_ids);
        }
    }
    capped(at)
}

/// The people whom `robot`'s settings name for a finding.
pub(super) fn of_finding(kind: FindingKind, context: &Context<'_>) -> At {
    let mut at = At::default();
    for mention in context.robot.mentions.iter().filter(|one| one.findings.contains(&kind)) {
        at.all |= mention.all;
        add(&mut at.mobiles, &mention.mobiles);
        add(&mut at.user_ids, &mention.user_ids);
    }
    capped(at)
}

/// Those who look after the bridge.
pub(super) fn of_alarms(context: &Context<'_>) -> At {
    let mut at = At::default();
    if let Some(admin) = context.admin {
        add(&mut at.mobiles, &admin.mention);
    }
    capped(at)
}

fn add(people: &mut Vec<String>, more: &[String]) {
    for person in more {
        if !people.contains(person) {
            people.push(person.clone());
        }
    }
}

/// DingTalk calls no more than fifty.
pub(super) fn capped(mut at: At) -> At {
    at.mobiles.truncate(MAX_MENTIONED);
    at.user_ids.truncate(MAX_MENTIONED - at.mobiles.len());
    at
}

/// The line that must stand in the text for anybody to be called; nothing where nobody is.
pub(super) fn line(at: &At) -> Option<String> {
    let people: Vec<String> =
        at.mobiles.iter().chain(&at.user_ids).map(|person| format!("@{person}")).collect();
    (!people.is_empty()).then(|| people.join(" "))
}
