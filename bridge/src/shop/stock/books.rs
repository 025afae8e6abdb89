//! The rows of the stock: articles and their names. Every other module asks for them here.

use std::collections::BTreeMap;

use pos_protocol::event::Article;
use rust_decimal::Decimal;

use super::name::folded;
use crate::journal::{JournalError, Rows};
use crate::shop::catalogue::MAX_TAKEN;

/// An article by its key, its folded name.
const ARTICLE: &str = "stock_article";
/// The key of the article that a folded name means.
const NAME: &str = "stock_name";
/// Beyond every key: no text sorts behind it.
pub(super) const LAST: &str = "\u{10FFFF}";

/// How much of which article, by key.
pub(super) type Amounts = BTreeMap<String, Decimal>;

/// The key of the article that `name` means.
pub(super) fn key_of(
    rows: &dyn Rows,
    shop: &str,
    name: &str,
) -> Result<Option<String>, JournalError> {
    rows.read(NAME, shop, &folded(name))
}

/// The article of a key.
pub(super) fn article(
    rows: &dyn Rows,
    shop: &str,
    key: &str,
) -> Result<Option<Article>, JournalError> {
    rows.load(ARTICLE, shop, key)
}

/// The article that a printed name means.
pub(crate) fn named(
    rows: &dyn Rows,
    shop: &str,
    name: &str,
) -> Result<Option<Article>, JournalError> {
    let Some(key) = key_of(rows, shop, name)? else { return Ok(None) };
    article(rows, shop, &key)
}

/// All articles with their keys, in the order of the keys.
pub(super) fn articles(
    rows: &dyn Rows,
    shop: &str,
) -> Result<Vec<(String, Article)>, JournalError> {
    let kept = rows.range(ARTICLE, shop, "", LAST)?;
    let read = |(key, body): (String, String)| Some((key, serde_json::from_str(&body).ok()?));
    Ok(kept.into_iter().filter_map(read).collect())
}

/// The catalogue of a shop, in the order of its names.
pub fn articles_of(rows: &dyn Rows, shop: &str) -> Result<Vec<Article>, JournalError> {
    Ok(articles(rows, shop)?.into_iter().map(|(_, article)| article).collect())
}

/// Puts a catalogue in the place of the one before.
pub(super) fn replace(
    rows: &mut dyn Rows,
    shop: &str,
    articles: &[Article],
) -> Result<(), JournalError> {
    for topic in [ARTICLE, NAME] {
        for (key, _) in rows.range(topic, shop, "", LAST)? {
            rows.remove(topic, shop, &key)?;
        }
    }
    for article in articles {
        let key = folded(&article.name);
        rows.save(ARTICLE, shop, &key, article)?;
        for name in std::iter::once(&article.name).chain(&article.aliases) {
            rows.write(NAME, shop, &folded(name), &key)?;
        }
    }
    Ok(())
}

/// Adds to `amounts` what `quantity` of an article takes: itself, or what its recipe says.
pub(super) fn expand(
    rows: &dyn Rows,
    shop: &str,
    key: &str,
    quantity: Decimal,
    amounts: &mut Amounts,
) -> Result<(), JournalError> {
    let mut room = MAX_TAKEN + 1;
    expand_at(rows, shop, key, quantity, &mut room, amounts)
}

fn expand_at(
    rows: &dyn Rows,
    shop: &str,
    key: &str,
    quantity: Decimal,
    room: &mut usize,
    amounts: &mut Amounts,
) -> Result<(), JournalError> {
    // The catalogue was checked before it was kept: this is what a sale costs at most.
    if *room == 0 {
        return Ok(());
    }
    *room -= 1;
    let recipe = article(rows, shop, key)?.map(|article| article.recipe).unwrap_or_default();
    if recipe.is_empty() {
        let sum = amounts.entry(key.to_owned()).or_default();
        *sum = sum.checked_add(quantity).unwrap_or(*sum);
        return Ok(());
    }
    for of in recipe {
        let taken = of.quantity.checked_mul(quantity).unwrap_or_default();
        expand_at(rows, shop, &folded(&of.article), taken, room, amounts)?;
    }
    Ok(())
}
