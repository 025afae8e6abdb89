//! What recipes name: each ingredient an article of the catalogue, in a unit that it has, and none
//! made of itself.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::{Article, Stocked};
use rust_decimal::Decimal;

use super::check::{Taken, number, shown, unknown_unit};
use super::typed::{Ingredient, Line, Mistake};
use super::unit::Unit;
use super::{MAX_DEPTH, MAX_TAKEN};
use crate::shop::stock::{folded, suggestions};

/// Puts every line's recipe into its article, or says what is wrong with it.
pub(super) fn resolve(
    lines: &[Line],
    taken: &Taken,
    articles: &mut [Option<Article>],
    mistakes: &mut Vec<Mistake>,
) {
    let mut made: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        for ingredient in &line.recipe {
            match one(ingredient, taken, articles) {
                Ok((of, stocked)) => {
                    made.entry(place).or_default().push(of);
                    if let (Some(article), Some(stocked)) = (&mut articles[place], stocked) {
                        article.recipe.push(stocked);
                    }
                }
                Err(mistake) => mistakes.push(mistake),
            }
        }
    }
    let deeper = deeper(&made);
    for place in &deeper[MAX_DEPTH] {
        let line = &lines[*place];
        let at = line.recipe.first().map_or(line.at.clone(), |first| first.article.at.clone());
        let names = way(*place, &made, &deeper).into_iter().map(|of| name(&lines[of]));
        let found = names.collect::<Vec<_>>().join(" -> ");
        let expected = format!("a recipe of at most {MAX_DEPTH} steps that never takes itself");
        mistakes.push(Mistake::new(at, expected, found, "take one of these out of its recipe"));
    }
    for (place, taken) in sizes(&made) {
        if taken > MAX_TAKEN && !deeper[MAX_DEPTH].contains(&place) {
            let at = lines[place].recipe.first().map_or(0..0, |first| first.article.at.clone());
            let expected =
                format!("at most {MAX_TAKEN} ingredients, with those of its ingredients");
            let hint = "keep a batch in stock in place of its recipe";
            mistakes.push(Mistake::new(at, expected, taken.to_string(), hint));
        }
    }
}

/// How many ingredients each recipe comes to, with all recipes within it.
fn sizes(made: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<usize, usize> {
    let mut sizes = BTreeMap::new();
    // After so many rounds whatever is not too deep has been counted to its end.
    for _ in 0..=MAX_DEPTH {
        let size = |of: &usize| 1 + sizes.get(of).copied().unwrap_or(0);
        let sum = |of: &Vec<usize>| of.iter().map(size).fold(0, usize::saturating_add);
        sizes = made.iter().map(|(place, of)| (*place, sum(of))).collect();
    }
    sizes
}

fn name(line: &Line) -> &str {
    line.name.as_ref().map_or("", |name| &name.text)
}

/// The ingredient's place, and what is taken of it in its own unit; nothing where the ingredient has
/// a mistake of its own.
fn one(
    ingredient: &Ingredient,
    taken: &Taken,
    articles: &[Option<Article>],
) -> Result<(usize, Option<Stocked>), Mistake> {
    let typed = &ingredient.article;
    let Some((of, _)) = taken.get(&folded(&typed.text)) else {
        let near = suggestions(&typed.text, taken.values().map(|(_, name)| name.text.as_str()));
        let hint = match near.first() {
            Some(near) => format!("did you mean {near:?}?"),
            None => "give it a line of its own in this file".to_owned(),
        };
        let expected = "an article of this catalogue";
        return Err(Mistake::new(typed.at.clone(), expected, shown(typed), hint));
    };
    let Some(article) = &articles[*of] else { return Ok((*of, None)) };
    let amount = &ingredient.amount;
    let digits = amount.text.trim_end_matches(|c: char| c.is_alphabetic()).trim_end();
    let word = amount.text[digits.len()..].trim();
    let own = Unit::parse(&article.unit).unwrap_or(Unit::Each);
    let unit = if word.is_empty() { Some(own) } else { Unit::parse(word) };
    let Some(unit) = unit else {
        return Err(unknown_unit(amount.at.clone(), word));
    };
    let Some(quantity) = number(digits).filter(|number| *number > Decimal::ZERO) else {
        let expected = "an amount above 0 such as 60 g";
        let hint = format!("how much of {:?} one takes", article.name);
        return Err(Mistake::new(amount.at.clone(), expected, shown(amount), hint));
    };
    let Some(quantity) = unit.convert(quantity, own) else {
        let expected = format!("an amount in {}, as {:?} is counted", own.as_str(), article.name);
        let hint = "g and kg, ml and l are turned into each other, nothing else is";
        return Err(Mistake::new(amount.at.clone(), expected, shown(amount), hint));
    };
    let stocked = Stocked { article: article.name.clone(), quantity: quantity.normalize() };
    Ok((*of, Some(stocked)))
}

/// Which articles have recipes, which of them have recipes within their recipes, and so on: at
/// place n those that are more than n deep.
fn deeper(made: &BTreeMap<usize, Vec<usize>>) -> Vec<BTreeSet<usize>> {
    let mut all: Vec<BTreeSet<usize>> = vec![made.keys().copied().collect()];
    for above in 0..MAX_DEPTH {
        let takes = |place: &usize| made[place].iter().any(|part| all[above].contains(part));
        all.push(all[above].iter().copied().filter(takes).collect());
    }
    all
}

/// From `place`, which is too deep, down its recipes: until it comes round again, or to the end.
fn way(place: usize, made: &BTreeMap<usize, Vec<usize>>, deeper: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut way = vec![place];
    for deep in deeper[..MAX_DEPTH].iter().rev() {
        let of = way.last().and_then(|here| made.get(here)).map_or(&[][..], Vec::as_slice);
        let Some(next) = of.iter().find(|part| deep.contains(part)) else { break };
        way.push(*next);
        if *next == place {
            break;
        }
    }
    way
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::shop::catalogue::parse;

    #[test]
    fn a_recipe_is_kept_in_the_units_of_what_it_takes() {
        let csv = "name,aliases,unit,recipe\n\
                   Pearl tea,,cup,\"PEARL = 60g; Milk = 0.2 l\"\n\
                   Tapioca,pearl,kg,\nMilk,,ml,\n";
        let articles = parse(csv.as_bytes(), Path::new("c.csv"), None).expect("good");
        let recipe: Vec<_> =
            articles[0].recipe.iter().map(|of| format!("{} {}", of.article, of.quantity)).collect();
        assert_eq!(recipe, ["Tapioca 0.06", "Milk 200"]);
    }

    #[test]
    fn recipes_that_multiply_are_refused_before_a_sale_has_to_read_them() {
        // Three layers of six articles, each made of all six of the next: 6 + 36 + 216.
        let mut csv = "name,recipe\n".to_owned();
        for layer in 0..4 {
            for article in 0..6 {
                let next = (0..6).map(|next| format!("{}-{next} = 1", layer + 1));
                let recipe = next.collect::<Vec<_>>().join("; ");
                let recipe = if layer < 3 { recipe } else { String::new() };
                csv.extend([format!("{layer}-{article},{recipe}\n")]);
            }
        }
        let error = parse(csv.as_bytes(), Path::new("c.csv"), None).expect_err("too many");
        let said = error.to_string();
        assert!(said.contains("expected at most 200 ingredients") && said.contains("found 258"));
        assert_eq!(said.matches("c.csv:").count(), 6, "{said}");
    }

    #[test]
    fn a_recipe_that_names_nothing_or_itself_is_told_with_its_line() {
        for (csv, told) in [
            ("name,recipe\nTea,Milq=1\nMilk,\n", "did you mean \"Milk\"?"),
            ("name,recipe\nTea,Sugar=1\n", "give it a line of its own"),
            ("name,unit,recipe\nTea,,Milk=60 g\nMilk,ml,\n", "an amount in ml, as \"Milk\""),
            ("name,recipe\nTea,Milk=2 spoon\nMilk,\n", "expected a unit, found \"spoon\""),
            ("name,recipe\nTea,Milk=0\nMilk,\n", "an amount above 0"),
            ("name,recipe\nTea,Tea=1\n", "found Tea -> Tea"),
            ("name,recipe\nA,B=1\nB,C=1\nC,A=1\n", "found A -> B -> C -> A"),
            ("name,recipe\nA,B=1\nB,C=1\nC,D=1\nD,E=1\nE,F=1\nF,G=1\nG,\n", "at most 5 steps"),
        ] {
            let error = parse(csv.as_bytes(), Path::new("c.csv"), None).expect_err(csv).to_string();
            assert!(error.starts_with("c.csv:2:") && error.contains(told), "{error}");
        }
    }
}
