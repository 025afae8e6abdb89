//! Something runs out or has run out: how much is left, until when, and who is to do what.

use jiff::civil::Time;
use rust_decimal::Decimal;

use super::card::{Card, Group, Row, Tone as Colour};
use super::context::Context;
use super::fields;
use super::layout::Link;
use super::words::{self, Sign};
use crate::config::{Language, is_mobile};
use crate::dingtalk::At;
use crate::privacy::redact;
use crate::shop::catalogue::Unit;
use crate::shop::stock::{Left, Severity, StockAlert};

/// The signs of what runs out and of what has run out.
const LOW_EMOJI: &str = "📦";
const OUT_EMOJI: &str = "🚫";
/// Longest name of an article or shop shown, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Characters of an event's id that find it again.
const SHORT_ID_CHARS: usize = 8;

/// What is said about `alert`.
pub(super) fn card(alert: &StockAlert, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let name = |text: &str| fields::clean(&redact(text), MAX_NAME_CHARS).unwrap_or_default();
    let article = name(&alert.article);
    let sign = match alert.severity {
        Severity::Out => Sign { emoji: OUT_EMOJI, word: words::OUT },
        _ => Sign { emoji: LOW_EMOJI, word: words::LOW },
    };
    let colon = words::COLON.of(language);
    let headline = format!("{} {}{colon}{article}", sign.emoji, sign.word.of(language));
    let group = Group::Alert;
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        headline,
        sign,
        Colour::Alarm,
        language,
    );
    card.shop = name(if alert.shop.is_empty() { &context.shop.name } else { &alert.shop });
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    let unit = Unit::parse(&alert.unit).unwrap_or(Unit::Each);
    card.row(words::LEFT.of(language), Some(left(alert.left, unit, language)));
    let threshold = alert.threshold.map(|threshold| amount(threshold, unit, language));
    card.row(words::THRESHOLD.of(language), threshold);
    card.row(words::FORECAST.of(language), alert.gone_at.map(|at| gone_by(at, language)));
    card.row(words::TIME.of(language), fields::wall(alert.at_ms, context.shop));
    let request = words::request(alert.severity, context.robot.stock_tone);
    let request = request.with(language, &[("article", &article)]);
    card.row(words::WHAT_TO_DO.of(language), Some(request));
    let id: String = alert.event.chars().take(SHORT_ID_CHARS).collect();
    card.footer.push(Row { label: words::REFERENCE.of(language), value: id.clone() });
    card.id = Some(id);
    card
}

/// Who buys it is called, beside those that the robot's settings name.
pub(super) fn call(alert: &StockAlert, at: &mut At) {
    let Some(buyer) = &alert.buyer else { return };
    let people = if is_mobile(buyer) { &mut at.mobiles } else { &mut at.user_ids };
    if !people.contains(buyer) {
        people.insert(0, buyer.clone());
    }
}

/// Where it is ordered.
pub(super) fn link(alert: &StockAlert) -> Option<Link<'_>> {
    let url = alert.supplier.as_deref()?;
    Some(Link { label: words::ORDER, url, in_text: true })
}

/// What is left of a line of a sale, to be put behind it.
pub(super) fn beside(left: &Left, language: Language) -> String {
    let amount = amount(left.quantity.max(Decimal::ZERO), left.unit, language);
    words::LEFT_BESIDE.with(language, &[("left", &amount)])
}

pub(super) fn left(left: Decimal, unit: Unit, language: Language) -> String {
    if !left.is_sign_negative() || left.is_zero() {
        return amount(left, unit, language);
    }
    let books = amount(left, unit, language);
    words::BELOW_ZERO.with(language, &[("left", &books)])
}

pub(super) fn amount(quantity: Decimal, unit: Unit, language: Language) -> String {
    let number = quantity.normalize().to_string();
    match words::unit(unit) {
        Some(unit) => format!("{number} {}", unit.of(language)),
        None => number,
    }
}

fn gone_by(at: Time, language: Language) -> String {
    words::GONE_BY.with(language, &[("time", &at.strftime("%H:%M").to_string())])
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use rust_decimal::Decimal;

    use crate::config::{Format, Language, Mode, Privacy, Robot, Tone};
    use crate::dingtalk::Content;
    use crate::notice::finding;
    use crate::notice::gallery::{robot, within, words};
    use crate::shop::Finding;
    use crate::shop::stock::{Severity, StockAlert};

    fn alert(severity: Severity, left: i64) -> Finding {
        Finding::Stock(StockAlert {
            shop: String::new(),
            event: "8bde772f2c5a805140988f20fe9116bb".into(),
            article: "珍珠".into(),
            severity,
            left: Decimal::from(left),
            unit: "g".into(),
            threshold: Some(Decimal::from(300)),
            gone_at: (severity == Severity::Low).then(|| time(16, 40, 0, 0)),
            supplier: Some("https://wa.me/85298765432?text=pearls_5kg".into()),
            buyer: Some("+852-91234567".into()),
            at_ms: 1_795_240_800_000,
        })
    }

    fn said(finding_: &Finding, language: Language, tone: Tone, format: Format) -> String {
        let robot = Robot { stock_tone: tone, ..robot(format, Privacy::Totals) };
        within(language, &robot, Mode::Live, |context| words(&finding(finding_, context)))
    }

    #[test]
    fn what_runs_out_is_said_with_what_is_left_until_when_and_what_to_do() {
        let low = said(&alert(Severity::Low, 280), Language::ZhHk, Tone::Plain, Format::Text);
        for part in [
            "📦 存貨不足：珍珠",
            "尚餘：280 克",
            "補貨線：300 克",
            "約 16:40 賣完",
            "請安排補貨",
            "@+852-91234567",
            "https://wa.me/85298765432?text=pearls_5kg",
        ] {
            assert!(low.contains(part), "{part}: {low}");
        }
        let out = said(&alert(Severity::Out, -5), Language::En, Tone::Plain, Format::Text);
        assert!(out.contains("Sold out: 珍珠") && out.contains("the books say -5 g"), "{out}");
        assert!(!out.contains("pace"), "{out}");
    }

    #[test]
    fn every_tone_says_it_otherwise_and_names_no_hole_in_any_language() {
        for language in [Language::ZhHk, Language::ZhCn, Language::En, Language::Id] {
            for severity in [Severity::Low, Severity::Out] {
                let told = [Tone::Plain, Tone::Firm, Tone::Humorous]
                    .map(|tone| said(&alert(severity, 0), language, tone, Format::Markdown));
                assert!(told[0] != told[1] && told[1] != told[2] && told[0] != told[2]);
                assert!(told.iter().all(|said| !said.contains('{')), "{told:?}");
            }
        }
        let funny = said(&alert(Severity::Low, 9), Language::En, Tone::Humorous, Format::Text);
        assert!(funny.contains("drinking air"), "{funny}");
    }

    #[test]
    fn the_supplier_is_a_link_that_works_and_the_headline_is_red() {
        let low = said(&alert(Severity::Low, 280), Language::En, Tone::Firm, Format::Markdown);
        let link = "[Order from the supplier](https://wa.me/85298765432?text=pearls_5kg)";
        assert!(low.contains(link) && low.contains("#D9001B"), "{low}");
    }

    #[test]
    fn a_card_that_calls_nobody_by_number_has_the_link_as_its_button() {
        let Finding::Stock(mut low) = alert(Severity::Low, 280) else { panic!("an alert") };
        low.buyer = Some("manager01".into());
        let robot = robot(Format::Card, Privacy::Totals);
        let message = within(Language::En, &robot, Mode::Live, |context| {
            finding(&Finding::Stock(low), context)
        });
        let Content::ActionCard { buttons, text, .. } = &message.content else { panic!("a card") };
        assert_eq!(buttons[0].title, "Order from the supplier");
        assert!(text.contains("@manager01") && message.at.user_ids == ["manager01"]);
    }
}
