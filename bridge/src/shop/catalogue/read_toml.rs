//! A catalogue in TOML: an `[[item]]` for each article.
//!
//! Numbers are taken as they stand in the text, so that no decimal becomes a float.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::typed::{Ingredient, Line, Mistake, Typed};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawCatalogue {
    item: Vec<Spanned<RawItem>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawItem {
    name: Option<Spanned<String>>,
    aliases: Vec<Spanned<String>>,
    category: Option<Spanned<String>>,
    price: Option<Spanned<Value>>,
    unit: Option<Spanned<String>>,
    start: Option<Spanned<Value>>,
    threshold: Option<Spanned<Value>>,
    supplier: Option<Spanned<String>>,
    buyer: Option<Spanned<String>>,
    recipe: BTreeMap<Spanned<String>, Spanned<Value>>,
}

/// The articles of `text`; what is wrong with its form.
pub(super) fn read(text: &str) -> Result<Vec<Line>, Vec<Mistake>> {
    let raw: RawCatalogue = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        let hint = "docs/SHOP.md shows a catalogue";
        vec![Mistake::new(at, "a catalogue in TOML", error.message(), hint)]
    })?;
    Ok(raw.item.into_iter().map(|item| line(item, text)).collect())
}

fn line(item: Spanned<RawItem>, text: &str) -> Line {
    let at = item.span();
    let raw = item.into_inner();
    let recipe = raw.recipe.into_iter().map(|(article, amount)| Ingredient {
        article: words(&article),
        amount: number(&amount, text),
    });
    let mut recipe: Vec<Ingredient> = recipe.collect();
    recipe.sort_by_key(|ingredient| ingredient.article.at.start);
    Line {
        at,
        name: raw.name.as_ref().map(words),
        aliases: raw.aliases.iter().map(words).collect(),
        category: raw.category.as_ref().map(words),
        price: raw.price.as_ref().map(|price| number(price, text)),
        unit: raw.unit.as_ref().map(words),
        start: raw.start.as_ref().map(|start| number(start, text)),
        threshold: raw.threshold.as_ref().map(|threshold| number(threshold, text)),
        supplier: raw.supplier.as_ref().map(words),
        buyer: raw.buyer.as_ref().map(words),
        recipe,
    }
}

fn words(typed: &Spanned<String>) -> Typed {
    Typed::new(typed.get_ref().trim(), typed.span())
}

/// A number as it was typed, with quotes or without.
fn number(typed: &Spanned<Value>, text: &str) -> Typed {
    let words = match typed.get_ref() {
        Value::String(words) => words.as_str(),
        _ => text.get(typed.span()).unwrap_or_default(),
    };
    Typed::new(words.trim(), typed.span())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn numbers_stand_as_they_were_typed() {
        let text = "[[item]]\nname = \"珍珠\"\nstart = 0.10\nthreshold = \"5\"\nprice = 8\n";
        let line = read(text).expect("good").remove(0);
        let typed =
            [line.start, line.threshold, line.price].map(|typed| typed.expect("there").text);
        assert_eq!(typed, ["0.10", "5", "8"]);
        assert_eq!(line.name.expect("there").text, "珍珠");
    }

    #[test]
    fn a_recipe_keeps_its_order_and_a_key_nobody_knows_is_told() {
        let text = "[[item]]\nname = \"Tea\"\nrecipe = { \"pearls\" = \"60 g\", milk = 2 }\n";
        let line = read(text).expect("good").remove(0);
        let recipe: Vec<_> =
            line.recipe.iter().map(|of| (&*of.article.text, &*of.amount.text)).collect();
        assert_eq!(recipe, [("pearls", "60 g"), ("milk", "2")]);
        let found = read("[[item]]\nname = \"Tea\"\nunits = \"cup\"\n").expect_err("a mistake");
        assert!(found[0].found.contains("unknown field `units`"), "{found:?}");
        assert_eq!(found[0].at.start, 22);
    }
}
