//! `posbridge report`: what a day, a week or a month brought, from the running totals.

use std::collections::BTreeSet;

use clap::Args;
use jiff::civil::Date;

use super::report_forms as forms;
use super::{Configured, Exit, Failure, print};
use crate::config::Config;
use crate::journal::JournalReader;
use crate::notice;
use crate::shop::{Clerk, Period, Summary};

/// Which days, of which shop, and how to say it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    #[command(flatten)]
    period: Asked,
    /// Only of this shop; else of each, and of all together
    #[arg(long, value_name = "NAME")]
    shop: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args)]
#[group(id = "period", multiple = false)]
struct Asked {
    /// A business day; today's where no date is given. This is the default
    #[arg(long, value_name = "DATE", num_args = 0..=1, default_missing_value = TODAY)]
    day: Option<On>,
    /// The week, Monday to Sunday, that the date is in
    #[arg(long, value_name = "DATE", num_args = 0..=1, default_missing_value = TODAY)]
    week: Option<On>,
    /// The calendar month that the date is in
    #[arg(long, value_name = "DATE", num_args = 0..=1, default_missing_value = TODAY)]
    month: Option<On>,
}

/// What stands for the current business day.
const TODAY: &str = "today";

/// A date, or the current business day.
#[derive(Clone, Copy)]
enum On {
    Today,
    Date(Date),
}

impl std::str::FromStr for On {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == TODAY {
            return Ok(Self::Today);
        }
        text.parse().map(Self::Date).map_err(|_| format!("expected {TODAY} or YYYY-MM-DD"))
    }
}

#[derive(Args)]
#[group(id = "form", multiple = false)]
struct Form {
    /// As JSON Lines, one report a line
    #[arg(long)]
    json: bool,
    /// As CSV: shop, from, to, section, name, count, amount
    #[arg(long)]
    csv: bool,
    /// As a page to print or to keep
    #[arg(long)]
    html: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (config, clock) = (arguments.configured.load()?, arguments.configured.clock()?);
    let now = Clerk::new(std::sync::Arc::new(config.clone())).moment_of(clock.wall_ms());
    let today = now.map_or_else(|| Date::ZERO, |now| now.day);
    let Asked { day, week, month } = &arguments.period;
    let (period, on) = match (day, week, month) {
        (_, Some(on), _) => (Period::Week, *on),
        (_, _, Some(on)) => (Period::Month, *on),
        (day, ..) => (Period::Day, day.unwrap_or(On::Today)),
    };
    let date = match on {
        On::Today => today,
        On::Date(date) => date,
    };
    let (from, to) = (period.first(date), period.last(date));
    let reader = journal(&config)?;
    let mut summaries = Vec::new();
    for shops in groups(&config, arguments.shop.as_deref())? {
        let shops: Vec<&str> = shops.iter().map(String::as_str).collect();
        let read = reader.look_at_books(|rows| Summary::read(rows, &shops, period, from, to));
        summaries.extend(read.map_err(|error| Failure::new(Exit::Failed, &error))?);
    }
    if summaries.is_empty() && !arguments.form.json && !arguments.form.csv {
        let span = if from == to { from.to_string() } else { format!("{from} to {to}") };
        return Err(Failure::said(Exit::Failed, format!("expected trade on {span}, found none"))
            .hint("a date stands behind the period: --day 2026-11-21"));
    }
    let names =
        |shop: &str| if shop.is_empty() { config.shop.name.clone() } else { shop.to_owned() };
    print(|out| match &arguments.form {
        Form { json: true, .. } => forms::json(&summaries, out),
        Form { csv: true, .. } => forms::csv(&summaries, &names, out),
        Form { html: true, .. } => forms::html(&texts(&summaries, &config), out),
        _ => {
            let texts = texts(&summaries, &config).into_iter().map(|(_, text)| text);
            writeln!(out, "{}", texts.collect::<Vec<_>>().join("\n\n"))
        }
    })
}

/// Title and text of each, as a group with the right to see all would read it.
fn texts(summaries: &[Summary], config: &Config) -> Vec<(String, String)> {
    summaries.iter().map(|summary| notice::summary_text(summary, config)).collect()
}

/// The journal, which must be there.
pub(super) fn journal(config: &Config) -> Result<JournalReader, Failure> {
    let path = &config.journal.path;
    if !path.exists() {
        return Err(Failure::said(Exit::Failed, format!("no journal at {} yet", path.display()))
            .hint("posbridge run makes it"));
    }
    JournalReader::open(path).map_err(|error| Failure::new(Exit::Failed, &error))
}

/// The shops to tell of: each, then all together where there are several.
fn groups(config: &Config, only: Option<&str>) -> Result<Vec<Vec<String>>, Failure> {
    let shops: BTreeSet<String> = config.sources.iter().map(|source| source.shop.clone()).collect();
    if let Some(only) = only {
        if !shops.contains(only) {
            return Err(unknown_shop(&shops, only));
        }
        return Ok(vec![vec![only.to_owned()]]);
    }
    let mut groups: Vec<Vec<String>> = shops.iter().map(|shop| vec![shop.clone()]).collect();
    if shops.len() > 1 {
        groups.push(shops.into_iter().collect());
    }
    Ok(groups)
}

fn unknown_shop(shops: &BTreeSet<String>, found: &str) -> Failure {
    let known: Vec<String> = shops.iter().map(|shop| format!("{shop:?}")).collect();
    let message = format!("expected a shop ({}), found {found:?}", known.join(", "));
    Failure::said(Exit::Usage, message).hint("`shop` of a [[source]] names it")
}
