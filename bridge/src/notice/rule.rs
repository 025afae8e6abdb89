//! What a rule of the owner said, and that a rule failed.

use super::card::{Card, Group, Row, Tone};
use super::context::Context;
use super::fields;
use super::words::{self, Sign};
use crate::dingtalk::At;
use crate::privacy::redact;
use crate::shop::{RuleFault, Said};

/// The sign of the owner's own words.
const EMOJI: &str = "📣";
/// The sign of the bridge's own troubles.
const OWN_EMOJI: &str = "🛠️";
/// Longest line of a text, in characters.
const MAX_LINE_CHARS: usize = 300;
/// Digits of an event's short id.
const SHORT_ID: usize = 8;

/// The owner's words: the first line is the headline.
pub(super) fn said(said: &Said, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let mut lines = said.text.lines().filter_map(|line| fields::clean(line, MAX_LINE_CHARS));
    let headline = lines.next().unwrap_or_else(|| said.rule.clone());
    let (group, tone) =
        if said.urgent { (Group::Alert, Tone::Alarm) } else { (Group::Event, Tone::Ordinary) };
    let sign = Sign { emoji: EMOJI, word: words::RULE };
    let headline = format!("{EMOJI} {headline}");
    let mut card = Card::new(group, group.as_str(), context.mode, language)
        .headed(headline, sign, tone, language);
    card.shop = fields::clean(&context.shop.name, usize::MAX).unwrap_or_default();
    card.lines = lines.collect();
    let short: String = said.event.chars().take(SHORT_ID).collect();
    card.footer.push(Row { label: words::REFERENCE.of(language), value: short.clone() });
    card.id = Some(short);
    card
}

/// Calls those whom the rule names.
pub(super) fn call(said: &Said, at: &mut At) {
    at.mobiles.extend(
        said.mention.iter().filter(|one| !at.mobiles.contains(one)).cloned().collect::<Vec<_>>(),
    );
}

/// What those who look after the bridge are told of a rule that failed.
pub(super) fn failed(fault: &RuleFault, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let name = |text: &str| fields::clean(&redact(text), MAX_LINE_CHARS).unwrap_or_default();
    let (rule, why) = (name(&fault.rule), name(&fault.why));
    let values = [("rule", rule.as_str()), ("why", why.as_str())];
    let headline = format!(
        "{OWN_EMOJI} Posbridge{}{}",
        words::COLON.of(language),
        words::RULE_FAILED.with(language, &values)
    );
    let group = Group::Alarm;
    let sign = Sign { emoji: OWN_EMOJI, word: words::ALARM_WORD };
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        headline,
        sign,
        Tone::Warning,
        language,
    );
    card.row(words::WHAT_HAPPENED.of(language), Some(words::RULE_WHY.with(language, &values)));
    card.row(words::WHAT_TO_DO.of(language), Some(words::RULE_TO_DO.with(language, &values)));
    let key = name(&fault.key());
    card.footer.push(Row { label: words::REFERENCE.of(language), value: key.clone() });
    card.id = Some(key);
    card
}
