//! A condition in words and signs, each with its place.

use std::ops::Range;

use super::fault::ExpressionFault;
use super::schema::SCALE_DIGITS;

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// In units of 10^-[`SCALE_DIGITS`].
    Number(i128),
    Sign(&'static str),
    End,
}

impl Token {
    /// As it is shown in an error.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Text(_) => "a text".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// The signs there are, the longer first.
const SIGNS: [&str; 14] =
    ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ".", "+", "-", "|"];

/// Every word and sign of `text`, and the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ExpressionFault> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '"' || c == '\'' {
            quoted(rest, c, at)?
        } else if c.is_ascii_digit() {
            number(rest, at)?
        } else if c.is_alphabetic() || c == '_' {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            let name = &rest[..length.unwrap_or(rest.len())];
            (Token::Name(name.to_owned()), name.len())
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let hint = match c {
                '=' => "compare with ==",
                ',' => "write 5000 or 5000.50, without a separator of thousands",
                '&' | '!' => "the words are `and`, `or` and `not`",
                '*' | '/' | '%' => "numbers are added, subtracted and compared",
                _ => "docs/SHOP.md shows what a condition is made of",
            };
            let expected = "a name, a number, a text in quotes or a sign";
            return Err(ExpressionFault::new(
                at..at + c.len_utf8(),
                expected,
                format!("`{c}`"),
                hint,
            ));
        };
        out.push((token, at..at + length));
        at += length;
    }
    out.push((Token::End, text.len()..text.len()));
    Ok(out)
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let inside = &rest[1..];
    let Some(length) = inside.find(quote) else {
        let hint = format!("end it with {quote}");
        return Err(ExpressionFault::new(at..at + rest.len(), "a text in quotes", "no end", hint));
    };
    let text = &inside[..length];
    if text.contains(|c: char| c == '\\' || c.is_control()) {
        let hint = "write the text as it is printed, on one line";
        let at = at..at + length + 2;
        return Err(ExpressionFault::new(at, "a text without escapes", "a backslash", hint));
    }
    Ok((Token::Text(text.to_owned()), length + 2))
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let text = &rest[..length];
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scaled = || {
        let good = fraction.len() <= SCALE_DIGITS && whole.len() <= 15 && !text.ends_with('.');
        format!("{whole}{fraction:0<SCALE_DIGITS$}").parse().ok().filter(|_| good)
    };
    match scaled() {
        Some(number) => Ok((Token::Number(number), length)),
        None => Err(ExpressionFault::new(
            at..at + length,
            format!("a number with at most {SCALE_DIGITS} decimals"),
            format!("`{text}`"),
            "write 5000 or 5000.50, without a separator of thousands",
        )),
    }
}
