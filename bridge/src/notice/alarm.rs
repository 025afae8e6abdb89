//! An alarm of the bridge itself: what happened, and what to do.

use super::card::{Card, Group, Row, Tone};
use super::context::Context;
use super::fields;
use super::layout::lay_out;
use super::mentions;
use super::words::{self, Sign, Word};
use crate::alarm::Alarm;
use crate::config::{Language, Shop};
use crate::dingtalk::{At, Message};
use crate::privacy::redact;

/// Whose alarm it is, before every headline.
const OWN_NAME: &str = "Posbridge";
/// Its sign: not a drawer's.
const EMOJI: &str = "🛠️";
/// Longest reason shown, in characters.
const MAX_REASON_CHARS: usize = 400;
/// Longest name of a source, robot or file shown, in characters.
const MAX_NAME_CHARS: usize = 80;

/// The message that tells `alarm` to those who look after the bridge.
pub fn alarm(alarm: &Alarm, context: &Context<'_>) -> Message {
    // Good news calls nobody.
    let at = match alarm {
        Alarm::WentLive { .. } => At::default(),
        _ => mentions::of_alarms(context),
    };
    lay_out(card(alarm, context), &at, None, context)
}

/// What is said about `alarm`.
pub(super) fn card(alarm: &Alarm, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let said = words::alarm(alarm);
    let values = values(alarm, context.shop);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    let headline = said.headline.with(language, &values);
    let group = Group::Alarm;
    let sign = Sign { emoji: EMOJI, word: words::ALARM_WORD };
    let tone = match alarm {
        Alarm::WentLive { .. } => Tone::Good,
        _ if is_urgent(alarm) => Tone::Alarm,
        _ => Tone::Warning,
    };
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        format!("{EMOJI} {OWN_NAME}{}{headline}", words::COLON.of(language)),
        sign,
        tone,
        language,
    );
    card.shop = fields::clean(&context.shop.name, usize::MAX).unwrap_or_default();
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    card.row(words::WHAT_HAPPENED.of(language), Some(said.happened.with(language, &values)));
    card.row(words::WHAT_TO_DO.of(language), Some(said.to_do.with(language, &values)));
    let key = fields::clean(&alarm.key(), MAX_NAME_CHARS).unwrap_or_default();
    card.footer.push(Row { label: words::REFERENCE.of(language), value: key.clone() });
    card.id = Some(key);
    card
}

/// What is said about `alarm` in one line each: that it is, what happened, and what to do.
pub(crate) fn alarm_words(alarm: &Alarm, shop: &Shop) -> [String; 3] {
    let (said, values) = (words::alarm(alarm), values(alarm, shop));
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    [said.headline, said.happened, said.to_do].map(|word| word.with(shop.language, &values))
}

/// Whether the shop's messages or receipts are at stake now.
fn is_urgent(alarm: &Alarm) -> bool {
    !matches!(
        alarm,
        Alarm::QuotaNear { .. }
            | Alarm::TillClock { .. }
            | Alarm::ReceiptsUnread { .. }
            | Alarm::HookTested { .. }
            | Alarm::WentLive { .. }
            | Alarm::HookRefused { .. }
    )
}

/// What fills the holes of its words.
fn values(alarm: &Alarm, shop: &Shop) -> Vec<(&'static str, String)> {
    let language = shop.language;
    let name = |name: &str| fields::clean(name, MAX_NAME_CHARS).unwrap_or_default();
    let clock = |off_s: i64| {
        let side = if off_s < 0 { words::BEHIND } else { words::AHEAD };
        [("off", span(off_s, language)), ("side", side.of(language).to_owned())]
    };
    match alarm {
        Alarm::SourceSilent { source, since_ms } => vec![
            ("source", name(source)),
            ("since", fields::wall(*since_ms, shop).unwrap_or_default()),
        ],
        Alarm::QueueParked { robot, reason } => {
            // It may quote an answer of DingTalk.
            let reason = fields::clean(&redact(reason), MAX_REASON_CHARS).unwrap_or_default();
            vec![("robot", name(robot)), ("reason", reason)]
        }
        Alarm::QuotaNear { used, quota, forecast } => vec![
            ("used", used.to_string()),
            ("quota", quota.to_string()),
            ("forecast", forecast.to_string()),
        ],
        Alarm::DiskLow { free_mib } => vec![("free", free_mib.to_string())],
        Alarm::TillClock { source, off_s } => {
            std::iter::once(("source", name(source))).chain(clock(*off_s)).collect()
        }
        Alarm::OwnClock { off_s } => clock(*off_s).into(),
        Alarm::JournalDamaged { set_aside } => vec![("file", name(set_aside))],
        Alarm::BytesMissing { source } => vec![("source", name(source))],
        Alarm::ReceiptsUnread { source, count } => {
            vec![("source", name(source)), ("count", count.to_string())]
        }
        Alarm::WentLive { since_ms } => {
            vec![("since", fields::wall(*since_ms, shop).unwrap_or_default())]
        }
        Alarm::HookTested { scheme } | Alarm::HookRefused { scheme, .. } => {
            vec![("scheme", name(scheme))]
        }
    }
}

/// Seconds, whichever side they are off, in the largest unit that leaves at least two.
fn span(off_s: i64, language: Language) -> String {
    const UNITS: [(u64, Word); 3] =
        [(86_400, words::DAYS), (3_600, words::HOURS), (60, words::MINUTES)];
    let seconds = off_s.unsigned_abs();
    let fit = UNITS.into_iter().find(|(unit, _)| seconds >= 2 * unit);
    let (unit, word) = fit.unwrap_or((1, words::SECONDS));
    word.with(language, &[("count", &(seconds / unit).to_string())])
}

#[cfg(test)]
mod tests {
    use super::span;
    use crate::config::Language;

    #[test]
    fn a_span_is_told_in_its_largest_unit() {
        let said = |off| span(off, Language::En);
        assert_eq!(said(-70), "70 s");
        assert_eq!(said(125), "2 min");
        assert_eq!(said(-7_200), "2 h");
        assert_eq!(said(400_000), "4 days");
        assert_eq!(span(i64::MIN, Language::Id), "106751991167300 hari");
    }
}
