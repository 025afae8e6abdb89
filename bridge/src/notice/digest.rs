//! Many ordinary sales in one message: what they come to, and a line for each.
//!
//! It does not choose which events are told together. No line is ever left out: what one message
//! cannot hold goes into the next.

use pos_protocol::event::{Event, EventId, Kind, Verdict};
use pos_protocol::money::Amount;

use super::card::{Card, Group, Row, Tone};
use super::compose::mode_of;
use super::context::Context;
use super::fields::{self, Moment};
use super::layout::{finish, fits, format_of};
use super::money::Money;
use super::templates::json_bytes;
use super::words::{self, Sign};
use super::{TemplateError, mentions};
use crate::config::{Language, Mode};
use crate::dingtalk::Message;
use crate::privacy::let_through;

/// Bytes of lines in one message, tried in this order: an owner's template may need more room
/// around each line, and many mentions leave less.
const LINE_BYTES: [usize; 4] = [11_000, 5_500, 2_700, 1_300];

/// Most currencies summed in one headline.
const MAX_SUMS: usize = 6;

/// Why sales are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestReason {
    /// A message each would be too many.
    Budget,
    /// They could not be sent when they happened.
    Late {
        /// When the first of them should have been, in milliseconds of wall time.
        since_ms: i64,
    },
}

/// One event's line.
struct Line {
    text: String,
    id: EventId,
}

/// The messages that tell `events`, in their order, each with how many of them it covers. Practice is
/// never told together with what counts: neither may end in the other's sums.
pub fn digest(events: &[Event], why: DigestReason, context: &Context<'_>) -> Vec<(usize, Message)> {
    let runs = events.chunk_by(|one, next| one.test == next.test);
    runs.flat_map(|run| digest_alike(run, why, context)).collect()
}

fn digest_alike(
    events: &[Event],
    why: DigestReason,
    context: &Context<'_>,
) -> Vec<(usize, Message)> {
    let told: Vec<Event> =
        events.iter().map(|event| let_through(event, context.robot.privacy)).collect();
    let book = Book::new(&told, why, context);
    for bytes in LINE_BYTES {
        if let Some(messages) = book.messages(bytes, true) {
            return messages;
        }
    }
    // Nothing of the owner's is small enough: as it is built in, the least size always is.
    book.messages(LINE_BYTES[LINE_BYTES.len() - 1], false).unwrap_or_default()
}

/// The first message's card, as of one of two.
pub(super) fn card(events: &[Event], why: DigestReason, context: &Context<'_>) -> Card {
    let book = Book::new(events, why, context);
    book.card(&book.lines, (1, 2))
}

/// What all messages of one digest share.
struct Book<'a> {
    context: &'a Context<'a>,
    why: DigestReason,
    headline: String,
    warnings: Vec<String>,
    span: Option<String>,
    lines: Vec<Line>,
    kinds: Vec<Kind>,
    mode: Mode,
}

impl<'a> Book<'a> {
    fn new(events: &[Event], why: DigestReason, context: &'a Context<'a>) -> Self {
        let (shop, language) = (context.shop, context.shop.language);
        let moments: Vec<Option<Moment>> =
            events.iter().map(|event| fields::moment(event, shop)).collect();
        let mut days: Vec<_> = moments.iter().flatten().map(|moment| moment.date).collect();
        days.dedup();
        let lines = events.iter().zip(&moments).map(|(event, at)| Line {
            text: line(event, clock(*at, days.len() > 1), context),
            id: event.id,
        });
        let mut kinds: Vec<Kind> = events.iter().map(|event| event.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut warnings = Vec::new();
        if let DigestReason::Late { since_ms } = why {
            let since = fields::wall(since_ms, shop).unwrap_or_default();
            warnings.push(words::DIGEST_LATE.with(language, &[("since", &since)]));
        }
        let total = |event: &&Event| event.receipt.as_ref().and_then(|r| r.total).is_none();
        let blank = events.iter().filter(|event| event.kind == Kind::Sale).filter(total).count();
        if blank > 0 {
            let count = blank.to_string();
            warnings.push(words::DIGEST_WITHOUT_AMOUNT.with(language, &[("count", &count)]));
        }
        if events.iter().any(|event| event.verdict == Some(Verdict::Off)) {
            warnings.push(words::DIGEST_OFF.of(language).to_owned());
        }
        Self {
            context,
            why,
            headline: headline(events, context),
            warnings,
            span: span(&moments),
            lines: lines.collect(),
            kinds,
            mode: events.first().map_or(context.mode, mode_of),
        }
    }

    /// All messages, with at most `bytes` of lines in each; nothing where one does not fit.
    fn messages(&self, bytes: usize, owners: bool) -> Option<Vec<(usize, Message)>> {
        let pages = split(&self.lines, bytes);
        let count = pages.len();
        let page = |(at, lines): (usize, &[Line])| {
            self.message(lines, (at + 1, count), owners).map(|message| (lines.len(), message))
        };
        pages.into_iter().enumerate().map(page).collect()
    }

    fn message(&self, lines: &[Line], page: (usize, usize), owners: bool) -> Option<Message> {
        let card = self.card(lines, page);
        let at = mentions::of_kinds(&self.kinds, self.context);
        let format = format_of(&at, None, self.context.robot.format);
        let templates = self.context.templates;
        let text = match templates.owners_text(&card, format).filter(|_| owners) {
            Some(Ok(text)) => text,
            Some(Err(TemplateError::TooLong { .. })) => return None,
            Some(Err(error)) => {
                tracing::warn!(%error, "the built-in template is used instead");
                templates.built_in_text(&card, format)
            }
            None => templates.built_in_text(&card, format),
        };
        let message = finish(&card, text, &at, None, self.context);
        (fits(&message, self.context) || !owners).then_some(message)
    }

    fn card(&self, lines: &[Line], (page, pages): (usize, usize)) -> Card {
        let language = self.context.shop.language;
        let late = matches!(self.why, DigestReason::Late { .. });
        let (emoji, tone) = if late { ("⏰", Tone::Warning) } else { ("🧾", Tone::Ordinary) };
        let mark = if late {
            format!("{} · ", words::DIGEST_LATE_MARK.of(language))
        } else {
            String::new()
        };
        let mut headline = format!("{emoji} {mark}{}", self.headline);
        if pages > 1 {
            let (page, pages) = (page.to_string(), pages.to_string());
            let part = words::DIGEST_PART.with(language, &[("page", &page), ("pages", &pages)]);
            headline = format!("{headline} · {part}");
        }
        let group = Group::Digest;
        let sign = Sign { emoji, word: words::DIGEST_WORD };
        let mut card = Card::new(group, group.as_str(), self.mode, language)
            .headed(headline, sign, tone, language);
        card.shop = fields::clean(&self.context.shop.name, usize::MAX).unwrap_or_default();
        card.warnings.clone_from(&self.warnings);
        card.row(words::DIGEST_SPAN.of(language), self.span.clone());
        card.lines = lines.iter().map(|line| line.text.clone()).collect();
        if let [first, .., last] | [first @ last] = lines {
            let (first, last) = (first.id.short(), last.id.short());
            let value = if first == last { first.clone() } else { format!("{first} … {last}") };
            card.footer.push(Row { label: words::REFERENCE.of(language), value });
            card.id = Some(first);
        }
        card
    }
}

/// `lines` in runs of at most `bytes`; a line alone may have more.
fn split(lines: &[Line], bytes: usize) -> Vec<&[Line]> {
    /// A line break as JSON has it, with the two spaces of Markdown.
    const BREAK_BYTES: usize = 4;
    let (mut pages, mut from, mut used) = (Vec::new(), 0, 0);
    for (at, line) in lines.iter().enumerate() {
        let more = json_bytes(&line.text) + BREAK_BYTES;
        if at > from && used + more > bytes {
            pages.push(&lines[from..at]);
            (from, used) = (at, 0);
        }
        used += more;
    }
    pages.push(&lines[from..]);
    pages
}

/// `12:01 counter-1 #1001 HK$36.00`.
fn line(event: &Event, at: String, context: &Context<'_>) -> String {
    let language = context.shop.language;
    let receipt = event.receipt.as_ref();
    let money =
        Money::new(receipt.and_then(|receipt| receipt.currency.as_deref()), context.shop.currency);
    let number = receipt.and_then(|receipt| receipt.number.as_deref()).and_then(fields::number);
    let number = number.unwrap_or_else(|| words::NO_NUMBER.of(language).to_owned());
    let amount = receipt.and_then(|receipt| receipt.total).map(|total| money.show(total));
    let amount = amount.unwrap_or_else(|| words::NO_AMOUNT.of(language).to_owned());
    let sign = words::kind(event.kind);
    let what =
        (event.kind != Kind::Sale).then(|| format!("{} {}", sign.emoji, sign.word.of(language)));
    let doubt = (event.verdict == Some(Verdict::Off)).then(|| "⚠".to_owned());
    let source = fields::clean(&event.source, usize::MAX);
    let parts = [Some(at), source, what, Some(number), Some(amount), doubt];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `12:01`, with the day where there are several.
fn clock(at: Option<Moment>, with_day: bool) -> String {
    match at {
        None => "--:--".to_owned(),
        Some(Moment { date, time: None }) => date.strftime("%m-%d").to_string(),
        Some(Moment { date, time: Some(time) }) if with_day => {
            date.to_datetime(time).strftime("%m-%d %H:%M").to_string()
        }
        Some(Moment { time: Some(time), .. }) => time.strftime("%H:%M").to_string(),
    }
}

/// `2026-11-21 12:01 – 12:35`.
fn span(moments: &[Option<Moment>]) -> Option<String> {
    let first = moments.iter().flatten().min()?;
    let last = moments.iter().flatten().max()?;
    let from = format!("{} {}", first.date, clock(Some(*first), false));
    let from = if first.time.is_some() { from } else { first.date.to_string() };
    if first == last {
        return Some(from);
    }
    Some(format!("{from} – {}", clock(Some(*last), first.date != last.date)))
}

/// How many sales, what they come to, and what else there is.
fn headline(events: &[Event], context: &Context<'_>) -> String {
    let language = context.shop.language;
    let sales: Vec<&Event> = events.iter().filter(|event| event.kind == Kind::Sale).collect();
    let mut parts = Vec::new();
    let count = |count: usize, word: words::Word| {
        (count > 0).then(|| word.with(language, &[("count", &count.to_string())]))
    };
    parts.extend(count(sales.len(), words::DIGEST_SALES));
    let sums = sums(&sales, context, language);
    if !sums.is_empty() {
        parts.push(sums.join(" + "));
    }
    parts.extend(count(events.len() - sales.len(), words::DIGEST_OTHERS));
    parts.join(words::DIGEST_COMMA.of(language))
}

/// What the sales with a total come to, by currency in the order of their first sale.
fn sums(sales: &[&Event], context: &Context<'_>, language: Language) -> Vec<String> {
    let mut sums: Vec<(Option<&str>, Option<Amount>)> = Vec::new();
    for receipt in sales.iter().filter_map(|sale| sale.receipt.as_ref()) {
        let Some(total) = receipt.total else { continue };
        let code = receipt.currency.as_deref().filter(|code| *code != context.shop.currency.code());
        match sums.iter_mut().find(|(known, _)| *known == code) {
            Some((_, sum)) => *sum = sum.and_then(|sum| sum.checked_add(total)),
            None => sums.push((code, Some(total))),
        }
    }
    let more = sums.len() > MAX_SUMS;
    let shown = sums.into_iter().take(MAX_SUMS).map(|(code, sum)| match sum {
        Some(sum) => Money::new(code, context.shop.currency).show(sum),
        None => words::DIGEST_SUM_OVERFLOW.of(language).to_owned(),
    });
    shown.chain(more.then(|| "…".to_owned())).collect()
}
