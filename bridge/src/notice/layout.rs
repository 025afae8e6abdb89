//! A card as a message: laid out by its template, with the people it calls and the button it has.

use super::card::Card;
use super::context::Context;
use super::markdown::BREAK;
use super::mentions;
use super::words::{self, Word};
use crate::config::Format;
use crate::dingtalk::{At, Button, Content, MAX_BODY_BYTES, Message};

/// Bytes of a body kept free for the keyword of another robot of the same pool.
const KEYWORD_ROOM: usize = 500;

/// Where a message leads.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    /// What is behind it.
    pub(super) label: Word,
    /// The address.
    pub(super) url: &'a str,
    /// Whether it stands in the text too where the message has no button.
    pub(super) in_text: bool,
}

/// The message that `card` becomes for the context's robot. `link` is where its button leads.
pub(super) fn lay_out(
    mut card: Card,
    at: &At,
    link: Option<Link<'_>>,
    context: &Context<'_>,
) -> Message {
    let format = format_of(at, link, context.robot.format);
    loop {
        let text = context.templates.text(&card, format);
        let message = finish(&card, text, at, link, context);
        if fits(&message, context) || card.lines.is_empty() {
            return message;
        }
        // Goods are what can be looked up: number, amount and the people called stay.
        let fewer = card.lines.len() / 2;
        card.lines.truncate(fewer);
        if fewer > 0 {
            "…".clone_into(&mut card.lines[fewer - 1]);
        }
    }
}

/// Whether the message can be sent, also with a keyword.
pub(super) fn fits(message: &Message, context: &Context<'_>) -> bool {
    // As long as any idempotency key is.
    let msg_uuid = uuid::Uuid::nil().to_string();
    let body = message.clone().with_keyword(&context.robot.keywords).body(&msg_uuid);
    body.is_ok_and(|body| body.len() + KEYWORD_ROOM <= MAX_BODY_BYTES)
}

/// As [`lay_out`], where the card's text is known already.
pub(super) fn finish(
    card: &Card,
    mut text: String,
    at: &At,
    link: Option<Link<'_>>,
    context: &Context<'_>,
) -> Message {
    let format = format_of(at, link, context.robot.format);
    let language = context.shop.language;
    if let Some(Link { label, url, .. }) = link.filter(|link| link.in_text) {
        let label = label.of(language);
        match format {
            Format::Text => text.extend(["\n", label, words::COLON.of(language), url]),
            Format::Markdown => text.extend([BREAK, "[", label, "](", url, ")"]),
            Format::Card => {}
        }
    }
    if let Some(line) = mentions::line(at) {
        text.push_str(if format == Format::Text { "\n" } else { BREAK });
        text.push_str(&line);
    }
    let title = card.title.clone();
    let said = match (format, link) {
        (Format::Text, _) => Content::Text { content: text },
        (Format::Card, Some(Link { label, url, .. })) => {
            let button = label.of(language).to_owned();
            let buttons = vec![Button { title: button, url: url.to_owned() }];
            Content::ActionCard { title, text, buttons, horizontal: false }
        }
        _ => Content::Markdown { title, text },
    };
    Message { content: said, at: at.clone() }
}

/// The format that can say it. A card needs a button, and calls nobody by number and not the whole
/// group: where it must, Markdown does.
pub(super) fn format_of(at: &At, link: Option<Link<'_>>, wanted: Format) -> Format {
    let card_can = link.is_some() && at.mobiles.is_empty() && !at.all;
    if wanted == Format::Card && !card_can { Format::Markdown } else { wanted }
}
