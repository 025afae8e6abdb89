//! A card as plain text or as DingTalk's Markdown.

use super::card::Card;
use super::words;
use crate::config::{Format, Language};
use crate::dingtalk::Message;

/// A line break as DingTalk's Markdown wants it.
const BREAK: &str = "  \n";

/// The card in `format`.
pub(super) fn lay_out(card: &Card, format: Format, language: Language) -> Message {
    let colon = words::COLON.of(language);
    match format {
        Format::Text => Message::text(plain(card, colon)),
        Format::Markdown | Format::Card => Message::markdown(card.title(), markdown(card, colon)),
    }
}

fn plain(card: &Card, colon: &str) -> String {
    let mut lines = vec![card.title()];
    lines.extend(card.warnings.iter().map(|&warning| warning.to_owned()));
    let row = |(label, value): &(&str, String)| format!("{label}{colon}{value}");
    lines.extend(card.rows.iter().map(row));
    lines.extend(card.lines.iter().map(|line| format!("· {line}")));
    lines.extend(card.footer.iter().map(row));
    lines.join("\n")
}

fn markdown(card: &Card, colon: &str) -> String {
    let mut lines = vec![format!("#### {}", escape(&card.title()))];
    lines.extend(card.warnings.iter().map(|warning| format!("**{warning}**")));
    let row = |(label, value): &(&str, String)| format!("**{label}**{colon}{}", escape(value));
    lines.extend(card.rows.iter().map(row));
    lines.extend(card.lines.iter().map(|line| format!("· {}", escape(line))));
    lines.extend(card.footer.iter().map(row));
    lines.join(BREAK)
}

/// Text that must not act as Markdown. Whether DingTalk's clients honour backslashes is not
/// documented, so what could act is replaced by its full-width twin, which reads the same. `_`
/// inside a word and `#` and `-` inside a line do not act and stay.
fn escape(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let inside = |at: usize| {
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        at > 0 && word(chars.get(at - 1)) && word(chars.get(at + 1))
    };
    let twin = |(at, &c): (usize, &char)| match c {
        '*' => '＊',
        '`' => '｀',
        '[' => '［',
        ']' => '］',
        '<' => '＜',
        '>' => '＞',
        '\\' => '＼',
        '|' => '｜',
        '~' => '～',
        '_' if !inside(at) => '＿',
        '#' if at == 0 && chars.get(1).is_none_or(|next| !next.is_alphanumeric()) => '＃',
        other => other,
    };
    chars.iter().enumerate().map(twin).collect()
}

#[cfg(test)]
mod tests {
    use super::{Card, Format, Language, Message, escape, lay_out};

    #[test]
    fn nothing_printed_acts_as_markdown() {
        assert_eq!(escape("*BIG* _sale_ [x](http://y)"), "＊BIG＊ ＿sale＿ ［x］(http://y)");
        assert_eq!(escape("# head > quote `code` <b>|~"), "＃ head ＞ quote ｀code｀ ＜b＞｜～");
    }

    #[test]
    fn numbers_and_amounts_stay_as_they_are() {
        for text in ["#1001", "A_1001-7", "-HK$36.00", "2026-11-21 12:01:22", "No.5 (L)"] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn lines_break_as_dingtalk_wants_them() {
        let card = Card {
            headline: "Sale".into(),
            rows: vec![("Till", "a*b".into())],
            lines: vec!["Tea".into()],
            ..Card::default()
        };
        let laid = lay_out(&card, Format::Markdown, Language::En);
        assert_eq!(laid, Message::markdown("Sale", "#### Sale  \n**Till**: a＊b  \n· Tea"));
    }
}
