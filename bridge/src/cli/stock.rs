//! `posbridge stock`: what is left, and what people enter about it. Lists and drafts are `stock_show`'s.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use pos_protocol::event::{About, Article, Entry, Inventory, Stocked};
use uuid::Uuid;

use super::since::time;
use super::stock_show as show;
use super::{Configured, Exit, Failure, asking, print, say};
use crate::approve::Transfer;
use crate::clock::Clock;
use crate::config::Config;
use crate::control::{ControlError, Done, Request};
use crate::journal::{Journal, JournalError, JournalReader};
use crate::operate::{self, stock};
use crate::shop::catalogue::{self, Encoding};
use crate::shop::stock::{StockError, draft};

/// Most articles that are gone from a catalogue and named in the refusal.
const MAX_NAMED: usize = 5;

/// What to do.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// List what is left, and printed names that the catalogue has not
    List(show::List),
    /// Say how much is there now: NAME QUANTITY, more than once for more
    Set(Enter),
    /// Say how much was counted; what was sold since --at still subtracts
    Count(Dated),
    /// Say how much came in; it is added
    Receive(Dated),
    /// Ask whether goods may go to another shop; they move once that is approved
    Transfer(Move),
    /// Put a catalogue into the books: CSV, or TOML where the name ends in .toml
    Import(Import),
    /// Write a catalogue of what there is and what was printed, to be completed and imported
    Draft(show::Draft),
}

/// Whose stock.
#[derive(Args)]
pub(super) struct Where {
    #[command(flatten)]
    pub(super) configured: Configured,
    /// The shop, where the bridge has several
    #[arg(long, value_name = "NAME")]
    pub(super) shop: Option<String>,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
struct Enter {
    #[command(flatten)]
    place: Where,
    /// An article and how much of it, in the article's unit
    #[arg(
        required = true,
        num_args = 2..,
        value_names = ["NAME", "QUANTITY"],
        allow_negative_numbers = true
    )]
    lines: Vec<String>,
}

#[derive(Args)]
struct Move {
    #[command(flatten)]
    enter: Enter,
    /// The shop that gets them; --shop gives them
    #[arg(long, value_name = "NAME")]
    to: String,
}

#[derive(Args)]
struct Dated {
    #[command(flatten)]
    enter: Enter,
    /// When: 2026-11-21T22:00, or 90m, 24h, 7d ago; now where it is left out
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

#[derive(Args)]
struct Import {
    #[command(flatten)]
    place: Where,
    /// The catalogue
    file: PathBuf,
    /// The file's encoding, where it does not show
    #[arg(long, value_parser = PossibleValuesParser::new(Encoding::WORDS.map(|(word, _)| word)))]
    encoding: Option<String>,
    /// Forget the articles that the file has not, and their stock
    #[arg(long)]
    remove: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::List(arguments) => show::list(arguments),
        Verb::Draft(arguments) => show::draft_to(arguments),
        Verb::Set(arguments) => enter(arguments, None, |lines, _| Entry::Set { lines }),
        Verb::Count(arguments) => {
            let at = dated(arguments)?;
            enter(&arguments.enter, at, |lines, at| Entry::Count { lines, at })
        }
        Verb::Receive(arguments) => {
            let at = dated(arguments)?;
            enter(&arguments.enter, at, |lines, at| Entry::Receive { lines, at })
        }
        Verb::Transfer(arguments) => transfer(arguments),
        Verb::Import(arguments) => import(arguments),
    }
}

/// The shop that is meant: `""` for the only one.
pub(super) fn shop(place: &Where, config: &Config) -> Result<String, Failure> {
    let shops = config.shops();
    let known = || shops.iter().map(|shop| format!("{shop:?}")).collect::<Vec<_>>().join(", ");
    match &place.shop {
        Some(shop) if shops.contains(shop) => Ok(shop.clone()),
        Some(other) => {
            let message = format!("expected a shop ({}), found {other:?}", known());
            Err(Failure::said(Exit::Usage, message).hint("`shop` of a [[source]] names it"))
        }
        None if shops.len() > 1 => {
            let message = format!("expected --shop, one of {}, found none", known());
            Err(Failure::said(Exit::Usage, message).hint("each shop has a stock of its own"))
        }
        None => Ok(shops.into_iter().next().unwrap_or_default()),
    }
}

fn dated(arguments: &Dated) -> Result<Option<String>, Failure> {
    let Some(text) = &arguments.at else { return Ok(None) };
    let place = &arguments.enter.place;
    let (config, now) = (place.configured.load()?, place.configured.clock()?.now());
    time("--at", text, now.wall, &config.shop.timezone).map(Some)
}

fn lines(words: &[String]) -> Result<Vec<Stocked>, Failure> {
    let line = |pair: &[String]| {
        let (article, words) = (&pair[0], pair.get(1).map(String::as_str).unwrap_or_default());
        let quantity = catalogue::number(words).ok_or_else(|| {
            let message = format!("expected a quantity of {article:?}, found {words:?}");
            Failure::said(Exit::Usage, message)
                .hint("NAME QUANTITY, in the article's unit; a name with blanks in quotes")
        })?;
        Ok(Stocked { article: article.clone(), quantity })
    };
    words.chunks(2).map(line).collect()
}

fn enter(
    arguments: &Enter,
    at: Option<String>,
    entry: impl FnOnce(Vec<Stocked>, Option<String>) -> Entry,
) -> Result<(), Failure> {
    let place = &arguments.place;
    let config = place.configured.load()?;
    let shop = shop(place, &config)?;
    let lines = lines(&arguments.lines)?;
    let named: Vec<String> = lines.iter().map(|line| line.article.clone()).collect();
    let entry = entry(lines, at.clone());
    let counted = matches!(entry, Entry::Count { .. });
    keep(place, config.clone(), &shop, entry)?;
    let at = at.filter(|_| counted).and_then(|at| at.parse().ok());
    show::levels(place, &config, &shop, &named, at)
}

fn transfer(arguments: &Move) -> Result<(), Failure> {
    let place = &arguments.enter.place;
    let config = place.configured.load()?;
    let from = shop(place, &config)?;
    let (id, lines) = (Uuid::new_v4().to_string(), lines(&arguments.enter.lines)?);
    let transfer = Transfer { id, from, to: arguments.to.clone(), lines, asked_by: None };
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    let matter = match asking(&Request::Transfer { transfer: transfer.clone() }) {
        Ok(Done::Transfer { matter, .. }) => matter,
        Ok(_) => return Err(failed(&ControlError::Beside("transfer"))),
        Err(ControlError::NotRunning { .. }) => {
            let journal = Journal::open(&config.journal.path).map_err(|error| failed(&error))?;
            let now_ms = place.configured.clock()?.wall_ms();
            let asked = operate::transfer::ask(&journal, &config, transfer, now_ms);
            asked.map_err(|error| failed(&error))?.0.reference()
        }
        Err(error) => return Err(failed(&error)),
    };
    if config.dingtalk.app.is_none() {
        say("no [dingtalk.app] is set up: nobody can approve it, and nothing will move");
    } else if config.approval(About::Transfer).is_none() {
        say("no [[approval]] has on = \"transfer\": nobody can approve it, and nothing will move");
    } else {
        say("stock moves once it is approved");
    }
    print(|out| {
        if place.json {
            return writeln!(out, "{}", serde_json::json!({ "matter": matter }));
        }
        writeln!(out, "{matter}")
    })
}

fn import(arguments: &Import) -> Result<(), Failure> {
    let place = &arguments.place;
    let config = place.configured.load()?;
    let shop = shop(place, &config)?;
    let word = arguments.encoding.as_deref();
    let known = Encoding::WORDS.into_iter().find(|(known, _)| Some(*known) == word);
    let articles = catalogue::load(&arguments.file, known.map(|(_, encoding)| encoding))
        .map_err(|error| Failure::said(Exit::Usage, error.to_string()))?;
    let (new, gone) = differences(&config, &shop, &articles)?;
    if !gone.is_empty() && !arguments.remove {
        let more = gone.len().saturating_sub(MAX_NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let named: Vec<&str> = gone.iter().take(MAX_NAMED).map(String::as_str).collect();
        let message = format!(
            "expected every article that is in the books, found none of {}{more} in {}",
            named.join(", "),
            arguments.file.display()
        );
        return Err(Failure::said(Exit::Failed, message).hint(
            "--remove forgets them and their stock; a new name may keep the old one as alias",
        ));
    }
    let count = articles.len();
    keep(place, config.clone(), &shop, Entry::Catalogue { articles })?;
    say(&format!("{count} articles are in the books: {new} new, {} gone", gone.len()));
    if place.json { show::levels(place, &config, &shop, &[], None) } else { Ok(()) }
}

/// How many articles are new, and which ones are gone.
fn differences(
    config: &Config,
    shop: &str,
    articles: &[Article],
) -> Result<(usize, Vec<String>), Failure> {
    let before = match reader(config)? {
        Some(reader) => books(&reader, shop)?,
        None => Vec::new(),
    };
    let folded = |article: &Article| crate::shop::stock::folded(&article.name);
    let old: std::collections::BTreeSet<String> = before.iter().map(folded).collect();
    let now: std::collections::BTreeSet<String> = articles.iter().map(folded).collect();
    let gone = before.iter().filter(|article| !now.contains(&folded(article)));
    let gone: Vec<String> = gone.map(|article| article.name.clone()).collect();
    Ok((now.difference(&old).count(), gone))
}

/// The catalogue that is in force.
fn books(reader: &JournalReader, shop: &str) -> Result<Vec<Article>, Failure> {
    let all = crate::shop::stock::articles(&reader.books(), shop);
    all.map_err(|error| Failure::new(Exit::Failed, &error))
}

/// The journal, where there is one.
pub(super) fn reader(config: &Config) -> Result<Option<JournalReader>, Failure> {
    let path = &config.journal.path;
    if !path.exists() {
        return Ok(None);
    }
    let opened = JournalReader::open(path);
    opened.map(Some).map_err(|error: JournalError| Failure::new(Exit::Failed, &error))
}

/// Hands the entry to the daemon; where none runs, keeps it in the journal.
fn keep(place: &Where, config: Config, shop: &str, entry: Entry) -> Result<(), Failure> {
    hand_over(config, place.configured.clock()?, shop, entry)
}

/// As [`keep`], for any verb by which something is entered.
pub(super) fn hand_over(
    config: Config,
    clock: Clock,
    shop: &str,
    entry: Entry,
) -> Result<(), Failure> {
    let now = clock.now();
    let shop = Some(shop.to_owned()).filter(|shop| !shop.is_empty());
    let event = stock::event(Inventory { shop, entry }, Uuid::new_v4(), now);
    let failed = |error: &dyn std::error::Error| Failure::new(Exit::Failed, error);
    match asking(&Request::Enter { event: Box::new(event.clone()) }) {
        Ok(Done::Enter { .. }) => Ok(()),
        Ok(_) => Err(failed(&ControlError::Beside("enter"))),
        Err(ControlError::NotRunning { .. }) => {
            let journal = Journal::open(&config.journal.path).map_err(|error| failed(&error))?;
            let wall_ms = now.wall.as_millisecond();
            let kept = stock::enter(&journal, Arc::new(config), event, wall_ms);
            kept.map(|_| ()).map_err(|error: StockError| failed(&error))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// The catalogue that the books and what was printed suggest.
pub(super) fn drafted(config: &Config, shop: &str) -> Result<Vec<Article>, Failure> {
    let Some(reader) = reader(config)? else { return Ok(Vec::new()) };
    draft(&reader.books(), shop).map_err(|error| Failure::new(Exit::Failed, &error))
}
