//! The example: every key with its default, as a comment, below a short manual of it.
//!
//! A line that begins with `#` and no blank is a key; taking that `#` away makes it count.

use super::{Default, Key, Shown, TABLES, Table};
use crate::config::manual::markdown::values;

/// Longest line of a comment, in characters: what fits on a terminal.
const WIDTH: usize = 96;

const HEAD: &str = "\
posbridge.toml: every key, and what holds where it is left out.

A line that begins with `#` and a key is that key with its default, or with an example where there is \
no default: take the `#` away to change it. One [[source]] and one [[robot]] are all that is needed. \
`posbridge init` writes such a file; `posbridge check` says what is wrong with one. Paths are relative \
to this file.";

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Words.
    Prose,
    /// A table or a key that counts as it stands.
    Live,
    /// A table, or a key that its table is nothing without.
    Needed,
    /// A key with its default.
    Default,
    /// A key with some value.
    Some,
    /// A key in place of the one before it.
    Or,
}

/// One line.
pub(super) struct Line {
    pub(super) class: Class,
    /// The table's type and the key, where it is one.
    pub(super) of: Option<(&'static str, &'static Key)>,
    pub(super) text: String,
}

impl Line {
    fn prose(text: String) -> Self {
        Self { class: Class::Prose, of: None, text }
    }
}

/// All lines.
pub(super) fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in HEAD.split('\n') {
        say(&mut lines, paragraph);
    }
    for table in TABLES {
        if !table.header.is_empty() && !table.header.starts_with('[') {
            continue;
        }
        blank(&mut lines);
        say(&mut lines, table.about);
        if table.shown.is_empty() {
            header(&mut lines, Class::Needed, table.header);
            for key in table.keys {
                explain(&mut lines, key);
                lines.push(line(table, key, None, false));
            }
        }
        let mut explained = Vec::new();
        for shown in table.shown {
            show(&mut lines, table, shown, &mut explained);
        }
    }
    lines
}

/// The lines as a file: `counts` says which ones are no comments beside those that never are.
pub(super) fn file(lines: &[Line], counts: &dyn Fn(&Line) -> bool) -> String {
    let mut out = String::new();
    for line in lines {
        match line.class {
            Class::Prose if line.text.is_empty() => {}
            Class::Prose => out += "# ",
            Class::Live => {}
            Class::Or if !counts(line) => out += "# or: ",
            _ if counts(line) => {}
            _ => out.push('#'),
        }
        out += &line.text;
        out.push('\n');
    }
    out
}

fn show(
    lines: &mut Vec<Line>,
    table: &'static Table,
    shown: &'static Shown,
    explained: &mut Vec<&'static str>,
) {
    if !explained.is_empty() {
        blank(lines);
    }
    say(lines, shown.title);
    header(lines, if shown.live { Class::Live } else { Class::Needed }, shown.header);
    for (name, value) in shown.keys {
        let key = table.keys.iter().find(|key| key.name == *name);
        let key = key.unwrap_or_else(|| panic!("{name} is no key of {}", table.header));
        if !explained.contains(name) {
            explained.push(name);
            explain(lines, key);
        }
        lines.push(line(table, key, *value, shown.live));
    }
}

fn header(lines: &mut Vec<Line>, class: Class, text: &str) {
    if !text.is_empty() {
        lines.push(Line { class, of: None, text: text.to_owned() });
    }
}

fn line(table: &'static Table, key: &'static Key, value: Option<&str>, live: bool) -> Line {
    let class = match key.default {
        Default::Needed(_) if live => Class::Live,
        // What is filled in otherwise than usual is what this example shows.
        _ if value.is_some() => Class::Needed,
        Default::Needed(_) => Class::Needed,
        Default::Value(_) => Class::Default,
        Default::None(_) | Default::Says(..) => Class::Some,
        Default::Or(_) => Class::Or,
    };
    let text = format!("{} = {}", key.name, value.unwrap_or(key.default.value()));
    Line { class, of: Some((table.raw, key)), text }
}

fn explain(lines: &mut Vec<Line>, key: &Key) {
    if matches!(key.default, Default::Or(_)) {
        return;
    }
    let default = match key.default {
        Default::None(_) => " Default: none.".to_owned(),
        Default::Says(words, _) => format!(" Default: {words}."),
        _ => String::new(),
    };
    let stop = if key.meaning.ends_with('?') { "" } else { "." };
    let (first, rest) = key.meaning.split_at(1);
    let first = first.to_uppercase();
    let values = values(key.values);
    say(lines, &format!("{first}{rest}{stop} Values: {values}.{default}"));
}

fn blank(lines: &mut Vec<Line>) {
    lines.push(Line::prose(String::new()));
}

/// A paragraph, without the marks of a document.
fn say(lines: &mut Vec<Line>, text: &str) {
    if text.is_empty() {
        blank(lines);
        return;
    }
    let mut row = String::new();
    for word in plain(text).split_whitespace() {
        if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > WIDTH - 2 {
            lines.push(Line::prose(std::mem::take(&mut row)));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row += word;
    }
    lines.push(Line::prose(row));
}

/// `[A.md](A.md#b)` becomes `docs/A.md`, and words lose their backticks.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("](") {
        let (target, after) = link.split_once(')').unwrap_or((link, ""));
        let start = before.rfind('[').unwrap_or(before.len());
        out += &before[..start];
        out += "docs/";
        out += target.split('#').next().unwrap_or(target);
        rest = after;
    }
    (out + rest).replace('`', "")
}
