//! The tables of keys in the documents, between two comments:
//! `<!-- keys of [journal] -->` and `<!-- end of keys -->`. Behind the header, after a colon, may
//! stand the keys that are wanted: `<!-- keys of [[source]]: listen upstream -->`.
//!
//! What stands outside of them is written by hand and left alone.

use std::fmt::Write as _;

use super::{Default, Key, TABLES, Values};

const BEGIN: &str = "<!-- keys of ";
const END: &str = "<!-- end of keys -->";

/// `text` with its tables as they should be, or what is wrong with its comments.
pub(super) fn filled(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let Some(wanted) = line.strip_prefix(BEGIN) else { continue };
        let wanted = wanted.strip_suffix(" -->").ok_or(format!("expected `-->`, found {line}"))?;
        let _ = write!(out, "\n{}\n{END}\n", table(wanted)?);
        if !lines.any(|line| line == END) {
            return Err(format!("expected {END} after {line}, found none"));
        }
    }
    Ok(out)
}

/// The headers of the tables that are shown whole in `text`.
pub(super) fn whole(text: &str) -> Vec<&str> {
    let headers = text.lines().filter_map(|line| line.strip_prefix(BEGIN));
    headers.filter_map(|wanted| wanted.strip_suffix(" -->")).collect()
}

/// What stands in the comment for a table.
pub(super) fn name(header: &str) -> &str {
    if header.is_empty() { "the file" } else { header }
}

fn table(wanted: &str) -> Result<String, String> {
    let (header, names) = wanted.split_once(": ").unwrap_or((wanted, ""));
    let table = TABLES.into_iter().find(|table| name(table.header) == header);
    let table = table.ok_or(format!("expected a table of the manual, found {header}"))?;
    let names: Vec<&str> = names.split_whitespace().collect();
    let mut rows = "| key | values | default | meaning |\n|---|---|---|---|\n".to_owned();
    if names.is_empty() {
        rows.extend(table.keys.iter().map(row));
        return Ok(rows);
    }
    for name in names {
        let key = table.keys.iter().find(|key| key.name == name);
        rows += &row(key.ok_or(format!("expected a key of {header}, found {name}"))?);
    }
    Ok(rows)
}

fn row(key: &Key) -> String {
    let default = match key.default {
        Default::Needed(_) => "needed".to_owned(),
        Default::Value(value) => format!("`{value}`"),
        Default::None(_) => "none".to_owned(),
        Default::Says(words, _) => words.to_owned(),
        Default::Or(_) => "or this".to_owned(),
    };
    format!("| `{}` | {} | {default} | {} |\n", key.name, values(key.values), key.meaning)
}

/// What may be typed, in words.
pub(super) fn values(values: Values) -> String {
    match values {
        Values::Words(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            quoted.join(", ")
        }
        Values::Range(first, i64::MAX) => format!("{first} and more"),
        Values::Range(first, last) => format!("{first} to {last}"),
        Values::Times(first, last) => format!("`\"{first}\"` to `\"{last}\"`"),
        Values::Switch => "`true`, `false`".to_owned(),
        Values::Is(words) => words.to_owned(),
    }
}
