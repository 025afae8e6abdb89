//! The rules that may say what somebody meant, the plainest first. Whether one does is tried in
//! `propose`.

use std::ops::Range;

use super::dates;
use super::meaning::Meaning;
use super::propose::{Paper, Refused};
use super::rule::Rule;
use super::split::{Chosen, Split};

/// Longest word of a profile, in characters.
const MAX_WORD_CHARS: usize = 64;

/// Rules to be tried, and the bytes that must be read.
#[derive(Debug)]
pub(super) struct Candidates {
    pub(super) rules: Vec<Rule>,
    /// Where the value stands in the text.
    pub(super) value: Range<usize>,
    /// The till's words for it, where a rule rests on them.
    pub(super) label: Option<Range<usize>>,
}

/// The rules for `chosen` on line `index` of `count` lines.
pub(super) fn candidates(
    paper: &Paper<'_>,
    chosen: &Chosen<'_>,
    (index, count): (usize, usize),
    meaning: Meaning,
) -> Result<Candidates, Refused> {
    let whole = chosen.whole();
    let near = near(index, count);
    let found = match meaning {
        Meaning::Amount(role) => amount(paper, role, chosen)?,
        Meaning::Text(role) => text(paper, role, chosen, near)?,
        Meaning::Merchant => {
            let line = format!(r"^\s*(?<value>{})\s*$", spaced(&paper.text[whole.clone()]));
            let within = Some(format!("first {}", index + 2));
            let rules = vec![Rule::Field { name: "merchant", line, within, format: None }];
            Candidates { rules, value: whole.clone(), label: Some(whole) }
        }
        Meaning::PrintedAt => {
            let seen = paper.seen.ok_or(Refused::NoDate)?;
            let text = &paper.text[whole.clone()];
            let (format, shape) = dates::format(text, seen).ok_or(Refused::NoDate)?;
            let line = format!("(?<value>{shape})");
            let rule = |within| Rule::Field {
                name: "printed_at",
                line: line.clone(),
                within,
                format: Some(format.clone()),
            };
            Candidates { rules: vec![rule(None), rule(Some(near))], value: whole, label: None }
        }
        Meaning::Kind(kind) => {
            let alone = chosen.line.bytes.clone();
            let words = &paper.text[whole.clone()];
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let is_title = letters(words) == letters(&paper.text[alone])
                && !words.contains(|c: char| c.is_ascii_digit())
                && words.chars().count() <= MAX_WORD_CHARS;
            let title = is_title.then(|| Rule::Title { kind, word: words.to_owned() });
            let line = format!(r"(?:^|\W){}(?:\W|$)", shape(words));
            let rules = title.into_iter().chain([Rule::Kind { kind, line }]).collect();
            Candidates { rules, value: whole.clone(), label: Some(whole) }
        }
        Meaning::Ignore => {
            let last = (chosen.first..=chosen.last).rev().find(|at| !chosen.is_figure(*at));
            let last = last.ok_or(Refused::NoWords)?;
            let label = whole.start..chosen.line.words[last].end;
            let word = paper.text[label.clone()].trim_end_matches([':', '：']).to_owned();
            Candidates {
                rules: vec![Rule::Word { role: "ignore", word }],
                value: whole,
                label: Some(label),
            }
        }
    };
    let hides = |label: &Range<usize>| {
        paper.hidden.iter().any(|hidden| hidden.start < label.end && label.start < hidden.end)
    };
    if found.label.as_ref().is_some_and(hides) {
        return Err(Refused::Hidden);
    }
    Ok(found)
}

/// Words before a figure, as a word of the profile or, where that is not enough, as a line.
fn amount(
    paper: &Paper<'_>,
    role: &'static str,
    chosen: &Chosen<'_>,
) -> Result<Candidates, Refused> {
    let Split { label, value } = chosen.amount();
    let value = value.ok_or(Refused::NoValue)?;
    let label = label.ok_or(Refused::NoWords)?;
    let words = &paper.text[label.clone()];
    let line = format!(r"^\s*{}.*?(?<value>-?\d[\d.,]*)\D{{0,4}}$", spaced(words));
    let field = Rule::Field { name: role, line, within: None, format: None };
    let rules = word(role, words).into_iter().chain([field]).collect();
    Ok(Candidates { rules, value, label: Some(label) })
}

/// Words before a text; where there are none, its shape at its place.
fn text(
    paper: &Paper<'_>,
    role: &'static str,
    chosen: &Chosen<'_>,
    near: String,
) -> Result<Candidates, Refused> {
    let Split { label, value } = chosen.text();
    let value = value.ok_or(Refused::NoValue)?;
    let printed = &paper.text[value.clone()];
    let field = |line: String, within| Rule::Field { name: role, line, within, format: None };
    let Some(label) = label else {
        let line = format!(r"^\W*(?<value>{})\s*$", shape(printed));
        return Ok(Candidates { rules: vec![field(line, Some(near))], value, label: None });
    };
    let words = &paper.text[label.clone()];
    let any = if printed.contains(|c: char| c.is_ascii_digit()) {
        shape(printed)
    } else {
        r"\S+(?: \S+)*".to_owned()
    };
    let line = format!(r"(?:^|\W){}[\s:：.#=]*(?<value>{any})", spaced(words));
    let rules =
        word(role, words).into_iter().chain([field(line.clone(), None), field(line, Some(near))]);
    Ok(Candidates { rules: rules.collect(), value, label: Some(label) })
}

fn word(role: &'static str, words: &str) -> Option<Rule> {
    let fits = (1..=MAX_WORD_CHARS).contains(&words.chars().count());
    fits.then(|| Rule::Word { role, word: words.to_owned() })
}

/// Where on a paper a line stands, with room for one more.
fn near(index: usize, count: usize) -> String {
    if index * 2 < count {
        format!("first {}", index + 2)
    } else {
        format!("last {}", count - index + 1)
    }
}

/// A regex for this very text, however wide its blanks are.
fn spaced(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(escaped).collect();
    words.join(r"\s+")
}

/// A regex for texts of this shape: other digits, as many letters.
fn shape(text: &str) -> String {
    let mut out = String::new();
    let mut digits = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !digits {
                out.push_str(r"\d+");
            }
        } else if c.is_whitespace() {
            out.push_str(r"\s+");
        } else {
            out.push_str(&escaped(c.encode_utf8(&mut [0; 4])));
        }
        digits = c.is_ascii_digit();
    }
    out
}

/// `text` as a regex finds it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
