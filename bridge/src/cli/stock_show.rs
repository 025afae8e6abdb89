//! The stock on the screen, and a catalogue to be completed. Data goes to stdout, talk to stderr.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::stock::{Where, drafted, reader, shop};
use super::{Exit, Failure, print, say};
use crate::config::Config;
use crate::privacy::redact;
use crate::shop::catalogue::{to_csv, to_toml};
use crate::shop::stock::{Shelf, Unknown, folded, shelf, suggestions};

/// Most unknown names that are shown without `--json`.
const MAX_SHOWN: usize = 20;

/// Whose stock, and how.
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Where,
    /// Show personal data in unknown names too
    #[arg(long)]
    raw: bool,
}

/// Whose catalogue, and where to.
#[derive(Args)]
pub(super) struct Draft {
    #[command(flatten)]
    place: Where,
    /// As TOML
    #[arg(long)]
    toml: bool,
    /// The file to write, which must not exist; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn list(arguments: &List) -> Result<(), Failure> {
    let place = &arguments.place;
    let config = place.configured.load()?;
    let shop = shop(place, &config)?;
    let (shelves, unknown) = read(place, &config, &shop)?;
    if shelves.is_empty() && !place.json {
        say("no catalogue yet; `posbridge stock draft` writes one of what was printed");
    }
    print(|out| {
        if place.json {
            return as_json(&shelves, &unknown, arguments.raw, out);
        }
        table(&shelves, &config.shop.timezone, out)?;
        unknown_names(&unknown, &shelves, arguments.raw, out)
    })
}

/// The levels of the articles that `names` name; of all where it is empty. `at` is when they were
/// counted.
pub(super) fn levels(
    place: &Where,
    config: &Config,
    shop: &str,
    names: &[String],
    at: Option<Timestamp>,
) -> Result<(), Failure> {
    let (mut shelves, _) = read(place, config, shop)?;
    let wanted: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let is_wanted = |shelf: &Shelf| {
        let own = std::iter::once(&shelf.article.name).chain(&shelf.article.aliases);
        own.map(|name| folded(name)).any(|name| wanted.contains(&name))
    };
    shelves.retain(|shelf| wanted.is_empty() || is_wanted(shelf));
    for shelf in &shelves {
        let Some(later) = shelf.counted.filter(|counted| at.is_some_and(|at| *counted > at)) else {
            continue;
        };
        let (name, later) = (&shelf.article.name, clock(later, &config.shop.timezone));
        say(&format!(
            "{name}: kept, but what was counted or set at {later} holds, since it is later"
        ));
    }
    print(|out| {
        if place.json {
            return as_json(&shelves, &[], false, out);
        }
        table(&shelves, &config.shop.timezone, out)
    })
}

pub(super) fn draft_to(arguments: &Draft) -> Result<(), Failure> {
    let place = &arguments.place;
    let config = place.configured.load()?;
    let articles = drafted(&config, &shop(place, &config)?)?;
    if articles.is_empty() {
        return Err(Failure::said(
            Exit::Failed,
            "expected names that a till has printed, found none",
        )
        .hint("let it sell something first; docs/SHOP.md shows a catalogue to write by hand"));
    }
    if place.json {
        return print(|out| writeln!(out, "{}", json!({ "articles": articles })));
    }
    let written = if arguments.toml { to_toml(&articles) } else { to_csv(&articles) };
    let Some(path) = &arguments.output else {
        return print(|out| out.write_all(written.as_bytes()));
    };
    let failed = |error: std::io::Error| {
        let message = format!("expected to write {}, found: {error}", path.display());
        Failure::said(Exit::Failed, message).hint("a file that is there is not overwritten")
    };
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(written.as_bytes()).map_err(failed)?;
    let (count, path) = (articles.len(), path.display());
    say(&format!(
        "{count} articles stand in {path}; complete it, then: posbridge stock import {path}"
    ));
    Ok(())
}

fn read(place: &Where, config: &Config, shop: &str) -> Result<(Vec<Shelf>, Vec<Unknown>), Failure> {
    let Some(reader) = reader(config)? else { return Ok((Vec::new(), Vec::new())) };
    let now_ms = place.configured.clock()?.wall_ms();
    shelf(&reader.books(), shop, now_ms).map_err(|error| Failure::new(Exit::Failed, &error))
}

fn table(shelves: &[Shelf], zone: &TimeZone, out: &mut dyn Write) -> std::io::Result<()> {
    for shelf in shelves {
        let article = &shelf.article;
        let left = shelf.left.map_or("not counted".to_owned(), |left| {
            let made = if article.recipe.is_empty() { "" } else { "can make " };
            format!("{made}{} {}", left.normalize(), article.unit)
        });
        let state = match shelf.severity {
            crate::shop::stock::Severity::Ok => "",
            other => other.as_str(),
        };
        let threshold = article.threshold.map(|low| format!("low at {}", low.normalize()));
        let gone = shelf.gone_at.map(|at| format!("gone by about {}", clock(at, zone)));
        let notes: Vec<String> = [threshold, gone].into_iter().flatten().collect();
        let line = format!(
            "{}{}  {left:>18}  {state:<3}  {}",
            article.name,
            blanks(&article.name),
            notes.join(", ")
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Blanks up to the next column; a Chinese character takes two of a terminal's cells.
fn blanks(name: &str) -> String {
    const COLUMN: usize = 24;
    let cells: usize = name.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum();
    " ".repeat(COLUMN.saturating_sub(cells))
}

fn unknown_names(
    unknown: &[Unknown],
    shelves: &[Shelf],
    raw: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if unknown.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nprinted names that no article has:")?;
    for seen in unknown.iter().take(MAX_SHOWN) {
        let name = if raw { seen.name.clone() } else { redact(&seen.name) };
        let near = offered(seen, shelves).join(", ");
        let near = if near.is_empty() { near } else { format!("  like {near}?") };
        writeln!(out, "  {:>5} x  {name}{near}", seen.count)?;
    }
    if let Some(more @ 1..) = unknown.len().checked_sub(MAX_SHOWN) {
        writeln!(out, "  and {more} more (--json shows them all)")?;
    }
    Ok(())
}

/// Names of articles like the printed one.
fn offered<'s>(seen: &Unknown, shelves: &'s [Shelf]) -> Vec<&'s str> {
    let names = shelves.iter().flat_map(|shelf| {
        std::iter::once(&shelf.article.name).chain(&shelf.article.aliases).map(String::as_str)
    });
    suggestions(&seen.name, names)
}

fn as_json(
    shelves: &[Shelf],
    unknown: &[Unknown],
    raw: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let article = |shelf: &Shelf| -> Value {
        let article = &shelf.article;
        json!({
            "article": article.name,
            "unit": article.unit,
            "left": shelf.left.map(|left| left.normalize().to_string()),
            "made_to_order": !article.recipe.is_empty(),
            "state": shelf.severity.as_str(),
            "threshold": article.threshold,
            "counted": shelf.counted,
            "gone_at": shelf.gone_at,
        })
    };
    let name = |seen: &Unknown| -> Value {
        let name = if raw { seen.name.clone() } else { redact(&seen.name) };
        json!({
            "name": name,
            "count": seen.count,
            "quantity": seen.quantity,
            "like": offered(seen, shelves),
        })
    };
    let articles: Vec<Value> = shelves.iter().map(article).collect();
    let unknown: Vec<Value> = unknown.iter().map(name).collect();
    writeln!(out, "{}", json!({ "articles": articles, "unknown": unknown }))
}

/// `16:40` in the shop's zone.
fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}
