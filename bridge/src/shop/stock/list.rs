//! The stock as a list, and the catalogue that what was printed suggests.

use jiff::Timestamp;
use pos_protocol::event::Article;
use rust_decimal::Decimal;

use super::alert::Severity;
use super::forecast::{WINDOW_MS, gone_at_ms};
use super::seen::{self, Unknown};
use super::{books, left, level};
use crate::journal::{JournalError, Rows};

/// An article and how much there is of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    /// The article.
    pub article: Article,
    /// How much there is; of what is made to order, how many can still be made. Nothing where nobody
    /// has counted yet.
    pub left: Option<Decimal>,
    /// How bad that is.
    pub severity: Severity,
    /// When it was counted last.
    pub counted: Option<Timestamp>,
    /// When it will be gone at this pace.
    pub gone_at: Option<Timestamp>,
}

/// Every article of a shop at the wall time `now_ms`, in the order of their names, and the printed
/// names that no article has, the most frequent first.
pub fn shelf(
    rows: &dyn Rows,
    shop: &str,
    now_ms: i64,
) -> Result<(Vec<Shelf>, Vec<Unknown>), JournalError> {
    let mut shelves = Vec::new();
    for (key, article) in books::articles(rows, shop)? {
        let own = level::level(rows, shop, &key)?;
        let known = |part: &str| Ok(level::level(rows, shop, part)?.known());
        let left = left::enough_for(rows, shop, &key, known)?;
        let severity = left.map(|left| Severity::of(left, article.threshold)).unwrap_or_default();
        let moves = level::moves(rows, shop, &key, now_ms - WINDOW_MS, now_ms + 1)?;
        let gone_ms = left.and_then(|left| gone_at_ms(left, &moves, now_ms));
        let time = |ms: i64| Timestamp::from_millisecond(ms).ok();
        shelves.push(Shelf {
            article,
            left,
            severity,
            counted: own.base.and_then(|base| time(base.at_ms)),
            gone_at: gone_ms.and_then(time),
        });
    }
    Ok((shelves, seen::all(rows, shop)?))
}

/// The catalogue of a shop, and behind it an article for each printed name that it has not.
pub fn draft(rows: &dyn Rows, shop: &str) -> Result<Vec<Article>, JournalError> {
    let mut articles = books::articles_of(rows, shop)?;
    let new = seen::all(rows, shop)?.into_iter().map(|unknown| Article {
        name: unknown.name,
        price: unknown.price,
        unit: "each".to_owned(),
        ..Article::default()
    });
    articles.extend(new);
    Ok(articles)
}
