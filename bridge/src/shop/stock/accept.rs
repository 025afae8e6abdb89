//! Whether an entry about the stock can be kept, before it is: names that the catalogue has, amounts
//! that can be, a time that is not forgotten yet.
//!
//! A kept entry is never refused later: what it means must not depend on who reads it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pos_protocol::event::{Article, Entry, Event, Inventory, Kind, Stocked};
use rust_decimal::Decimal;

use super::{DAY_MS, KEEP_DAYS, MAX_LINES, at_ms, books, suggestions};
use crate::journal::{JournalError, Rows};
use crate::shop::catalogue::{MAX_ARTICLES, Unit};

/// How far ahead of the bridge's clock another clock of the same machine may be read, in
/// milliseconds: none but the time that a request takes.
const MAX_AHEAD_MS: i64 = 60_000;

/// Why an entry cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// It is no entry at all.
    #[error("expected an event of the kind inventory with an entry, found {found}")]
    NoEntry {
        /// What it is.
        found: String,
    },
    /// There is no such shop.
    #[error("expected a shop ({known}), found {found:?}\nhint: `shop` of a [[source]] names it")]
    Shop {
        /// Those that there are.
        known: String,
        /// What was said.
        found: String,
    },
    /// The catalogue has no such name.
    #[error("expected an article of the catalogue, found {found:?}\nhint: {hint}")]
    Unknown {
        /// What was said.
        found: String,
        /// Names like it, the likeliest first.
        near: Vec<String>,
        /// What was probably meant.
        hint: String,
    },
    /// It has no stock of its own.
    #[error(
        "expected an article that is kept in stock, found {found:?}, which is made to order\n\
         hint: count what it takes: {takes}"
    )]
    MadeToOrder {
        /// The article.
        found: String,
        /// What its recipe names.
        takes: String,
    },
    /// So much there cannot be.
    #[error("expected {expected} of {article:?}, found {found}")]
    Amount {
        /// The article.
        article: String,
        /// What can be.
        expected: &'static str,
        /// What was said.
        found: Decimal,
    },
    /// More lines than one entry has, or none.
    #[error("expected 1 to {limit} {what} in one entry, found {found}")]
    Lines {
        /// Lines or articles.
        what: &'static str,
        /// Most.
        limit: usize,
        /// How many.
        found: usize,
    },
    /// One article, two amounts.
    #[error("expected each article once, found {article:?} twice")]
    Twice {
        /// The article.
        article: String,
    },
    /// It was counted in the future, or too long ago.
    #[error(
        "expected a time within the last {KEEP_DAYS} days, found {found}\n\
         hint: leave it out for now; older sales are not known one by one any more"
    )]
    Time {
        /// What was said.
        found: String,
    },
    /// The books cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What an entry is judged by.
pub struct Accept<'a> {
    /// The books.
    pub rows: &'a dyn Rows,
    /// The shops that there are; `""` is the only one.
    pub shops: &'a BTreeSet<String>,
    /// Wall time in milliseconds.
    pub now_ms: i64,
}

/// The event with its articles named as the catalogue names them.
pub fn accept(mut event: Event, by: &Accept<'_>) -> Result<Event, StockError> {
    let kind = event.kind;
    let Some(Inventory { shop, entry }) =
        event.inventory.as_mut().filter(|_| kind == Kind::Inventory)
    else {
        return Err(StockError::NoEntry { found: kind.to_string() });
    };
    let shop = shop.clone().unwrap_or_default();
    known(&shop, by)?;
    let observed = at_ms(&event.observed_at).filter(|at| *at <= by.now_ms + MAX_AHEAD_MS);
    let Some(observed_ms) = observed else {
        return Err(StockError::Time { found: event.observed_at });
    };
    match entry {
        Entry::Catalogue { articles } => catalogue(articles)?,
        Entry::Set { lines } => all(lines, &shop, false, by)?,
        Entry::Count { lines, at } => {
            dated(at.as_deref(), observed_ms)?;
            all(lines, &shop, false, by)?;
        }
        Entry::Receive { lines, at } => {
            dated(at.as_deref(), observed_ms)?;
            all(lines, &shop, true, by)?;
        }
        Entry::Cash { at, .. } => dated(at.as_deref(), observed_ms)?,
    }
    Ok(event)
}

/// Whether these lines can go from, or come to, `shop`: articles named as its catalogue names them.
pub fn accept_lines(lines: &mut [Stocked], shop: &str, by: &Accept<'_>) -> Result<(), StockError> {
    known(shop, by)?;
    all(lines, shop, true, by)
}

fn known(shop: &str, by: &Accept<'_>) -> Result<(), StockError> {
    if by.shops.contains(shop) {
        return Ok(());
    }
    let known: Vec<String> = by.shops.iter().map(|shop| format!("{shop:?}")).collect();
    Err(StockError::Shop { known: known.join(", "), found: shop.to_owned() })
}

/// It was checked where it was read; this is what the books rest on.
fn catalogue(articles: &[Article]) -> Result<(), StockError> {
    let found = articles.len();
    if found == 0 || found > MAX_ARTICLES {
        return Err(StockError::Lines { what: "articles", limit: MAX_ARTICLES, found });
    }
    Ok(())
}

fn all(
    lines: &mut [Stocked],
    shop: &str,
    received: bool,
    by: &Accept<'_>,
) -> Result<(), StockError> {
    let found = lines.len();
    if found == 0 || found > MAX_LINES {
        return Err(StockError::Lines { what: "articles", limit: MAX_LINES, found });
    }
    let mut named = BTreeSet::new();
    for line in lines {
        let article = named_by(&line.article, shop, by)?;
        let (expected, fits) = if received {
            ("more than 0", line.quantity > Decimal::ZERO)
        } else {
            ("0 or more", !line.quantity.is_sign_negative())
        };
        if !fits {
            return Err(StockError::Amount { article, expected, found: line.quantity });
        }
        if !named.insert(article.clone()) {
            return Err(StockError::Twice { article });
        }
        line.article = article;
    }
    Ok(())
}

/// The article's own name.
fn named_by(name: &str, shop: &str, by: &Accept<'_>) -> Result<String, StockError> {
    let article = match books::key_of(by.rows, shop, name)? {
        Some(key) => books::article(by.rows, shop, &key)?,
        None => None,
    };
    let Some(article) = article else {
        return Err(unknown(name, shop, by)?);
    };
    if article.recipe.is_empty() {
        return Ok(article.name);
    }
    let takes: Vec<String> = article.recipe.into_iter().map(|of| of.article).collect();
    Err(StockError::MadeToOrder { found: article.name, takes: takes.join(", ") })
}

fn unknown(name: &str, shop: &str, by: &Accept<'_>) -> Result<StockError, StockError> {
    let articles = books::articles(by.rows, shop)?;
    let names = articles.iter().flat_map(|(_, article)| {
        std::iter::once(&article.name).chain(&article.aliases).map(String::as_str)
    });
    let near: Vec<String> = suggestions(name, names).into_iter().map(str::to_owned).collect();
    let hint = if articles.is_empty() {
        "there is no catalogue yet: `posbridge stock draft` writes one, \
         `stock import` puts it into the books"
            .to_owned()
    } else if near.is_empty() {
        "`posbridge stock list` shows what there is".to_owned()
    } else {
        let near: Vec<String> = near.iter().map(|near| format!("{near:?}")).collect();
        format!("did you mean {}?", near.join(" or "))
    };
    Ok(StockError::Unknown { found: name.to_owned(), near, hint })
}

fn dated(at: Option<&str>, now_ms: i64) -> Result<(), StockError> {
    let Some(at) = at else { return Ok(()) };
    // A day less than is kept: the books' newest day may be ahead of the clock's.
    let known = now_ms - (KEEP_DAYS - 1) * DAY_MS..=now_ms;
    if at.parse::<Timestamp>().is_ok_and(|at| known.contains(&at.as_millisecond())) {
        return Ok(());
    }
    Err(StockError::Time { found: at.to_owned() })
}

/// The unit of an article, for whoever shows it.
pub(super) fn unit(article: &Article) -> Unit {
    Unit::parse(&article.unit).unwrap_or(Unit::Each)
}
