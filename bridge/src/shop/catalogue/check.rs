//! Whether what was typed is a catalogue: every line judged, every mistake found in one go.

use std::collections::BTreeMap;
use std::ops::Range;

use pos_protocol::event::Article;
use rust_decimal::Decimal;

use super::recipes;
use super::typed::{Line, Mistake, Typed};
use super::unit::{MAX_DECIMALS, Unit};
use super::{MAX_ALIASES, MAX_ARTICLES, MAX_INGREDIENTS, MAX_LINK_BYTES, MAX_NAME_CHARS};
use crate::config::{is_mobile, is_user_id, nearest};
use crate::shop::stock::folded;

/// Largest number of anything: far above any shelf, far below what 96 bits add up.
const MAX_NUMBER: i64 = 1_000_000_000;

/// The articles that `lines` mean.
pub(super) fn check(lines: &[Line]) -> Result<Vec<Article>, Vec<Mistake>> {
    let mut judge = Judge::default();
    if lines.is_empty() {
        judge.wrong(0..0, "at least one article", "none", "docs/SHOP.md shows a catalogue");
    }
    if let Some(first) = lines.get(MAX_ARTICLES) {
        let expected = format!("at most {MAX_ARTICLES} articles");
        let hint = "leave out what nobody keeps count of";
        judge.wrong(first.at.clone(), expected, lines.len().to_string(), hint);
    }
    // All names first: a recipe may name what stands further down.
    for (place, line) in lines.iter().enumerate() {
        judge.names(place, line);
    }
    let mut articles: Vec<Option<Article>> = lines.iter().map(|line| judge.article(line)).collect();
    let mut mistakes = judge.mistakes;
    recipes::resolve(lines, &judge.taken, &mut articles, &mut mistakes);
    let articles: Option<Vec<Article>> = articles.into_iter().collect();
    match articles {
        Some(articles) if mistakes.is_empty() => Ok(articles),
        _ => Err(mistakes),
    }
}

/// Whose each folded name is: the place of its line, and where it stands.
pub(super) type Taken = BTreeMap<String, (usize, Typed)>;

#[derive(Default)]
struct Judge {
    taken: Taken,
    mistakes: Vec<Mistake>,
}

impl Judge {
    fn wrong(
        &mut self,
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.mistakes.push(Mistake::new(at, expected, found, hint));
    }

    /// Every name and alias belongs to one article.
    fn names(&mut self, place: usize, line: &Line) {
        let Some(name) = &line.name else {
            self.wrong(line.at.clone(), "a name", "none", "every article needs one");
            return;
        };
        if line.aliases.len() > MAX_ALIASES {
            let expected = format!("at most {MAX_ALIASES} aliases");
            let at = line.aliases[MAX_ALIASES].at.clone();
            self.wrong(at, expected, line.aliases.len().to_string(), "keep those that are printed");
        }
        for typed in std::iter::once(name).chain(&line.aliases) {
            let key = folded(&typed.text);
            let long = typed.text.chars().count() > MAX_NAME_CHARS;
            if key.is_empty() || long || typed.text.chars().any(char::is_control) {
                let expected = format!("a name of 1 to {MAX_NAME_CHARS} characters on one line");
                self.wrong(typed.at.clone(), expected, shown(typed), "as the till prints it");
                continue;
            }
            match self.taken.get(&key) {
                Some((owner, first)) if *owner != place => {
                    let hint = format!(
                        "{first:?} is taken by another article; full and half width, capitals and \
                         blanks make no difference",
                        first = first.text
                    );
                    let expected = "a name that no other article has";
                    self.wrong(typed.at.clone(), expected, shown(typed), hint);
                }
                Some(_) => {}
                None => {
                    self.taken.insert(key, (place, typed.clone()));
                }
            }
        }
    }

    fn article(&mut self, line: &Line) -> Option<Article> {
        let unit = self.unit(line.unit.as_ref());
        let [price, start, threshold] =
            [("price", &line.price), ("start", &line.start), ("threshold", &line.threshold)]
                .map(|(what, typed)| typed.as_ref().map(|typed| self.number(what, typed)));
        let supplier = line.supplier.as_ref().map(|typed| self.supplier(typed));
        let buyer = line.buyer.as_ref().map(|typed| self.buyer(typed));
        for typed in [&line.start, &line.threshold].into_iter().flatten() {
            if !line.recipe.is_empty() {
                let hint = "what has a recipe is made to order: its ingredients have the stock";
                let expected = "an article without stock of its own, since it has a recipe";
                self.wrong(typed.at.clone(), expected, shown(typed), hint);
            }
        }
        if let Some(more) = line.recipe.get(MAX_INGREDIENTS) {
            let expected = format!("at most {MAX_INGREDIENTS} ingredients");
            let at = more.article.at.clone();
            self.wrong(
                at,
                expected,
                line.recipe.len().to_string(),
                "make a part a recipe of its own",
            );
        }
        let name = line.name.as_ref()?.text.clone();
        let own = folded(&name);
        let mut aliases: Vec<String> = Vec::new();
        for alias in &line.aliases {
            let key = folded(&alias.text);
            if key != own && !aliases.iter().any(|known| folded(known) == key) {
                aliases.push(alias.text.clone());
            }
        }
        Some(Article {
            name,
            aliases,
            category: line.category.as_ref().map(|typed| typed.text.clone()),
            price: given(price)?,
            unit: unit?.as_str().to_owned(),
            start: given(start)?,
            threshold: given(threshold)?,
            supplier: given(supplier)?,
            buyer: given(buyer)?,
            recipe: Vec::new(),
        })
    }

    fn unit(&mut self, typed: Option<&Typed>) -> Option<Unit> {
        let Some(typed) = typed else { return Some(Unit::Each) };
        let unit = Unit::parse(&typed.text);
        if unit.is_none() {
            self.mistakes.push(unknown_unit(typed.at.clone(), &typed.text));
        }
        unit
    }

    fn number(&mut self, what: &str, typed: &Typed) -> Option<Decimal> {
        let number = number(&typed.text).filter(|number| !number.is_sign_negative());
        if number.is_none() {
            let expected = format!("a {what} of 0 or more such as 12 or 0.5");
            self.wrong(typed.at.clone(), expected, shown(typed), NUMBER_HINT);
        }
        number
    }

    fn supplier(&mut self, typed: &Typed) -> Option<String> {
        let url = reqwest::Url::parse(&typed.text).ok();
        let fit = url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
            && typed.text.len() <= MAX_LINK_BYTES
            && !typed.text.contains(|c: char| c.is_whitespace() || "()<>\"".contains(c));
        if !fit {
            let expected = format!("a link of at most {MAX_LINK_BYTES} bytes");
            let hint = "https://..., where it can be ordered; https://wa.me/852... opens a chat";
            self.wrong(typed.at.clone(), expected, shown(typed), hint);
        }
        fit.then(|| typed.text.clone())
    }

    fn buyer(&mut self, typed: &Typed) -> Option<String> {
        // A number with blanks in it was meant as one, and one below zero was +852-91234567 before a
        // spreadsheet calculated it: neither is anybody's user id.
        let number = typed.text.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c));
        let fit = is_mobile(&typed.text) || (!number && is_user_id(&typed.text));
        if !fit {
            let hint = "digits alone in mainland China, else country, dash, digits (with an \
                        apostrophe before it in a spreadsheet): '+852-91234567; or the user id";
            let expected = "a mobile number or a DingTalk user id";
            self.wrong(typed.at.clone(), expected, shown(typed), hint);
        }
        fit.then(|| typed.text.clone())
    }
}

/// What was left out is fine, what was wrong was told: the outer nothing.
#[expect(clippy::option_option, reason = "a mistake and a field left out are not the same")]
fn given<T>(typed: Option<Option<T>>) -> Option<Option<T>> {
    match typed {
        None => Some(None),
        Some(judged) => judged.map(Some),
    }
}

/// What helps with a number.
const NUMBER_HINT: &str = "digits and at most one point, no thousands separator, no unit; \
                           at most six decimals";

/// A decimal as people type it; full-width digits are digits.
pub fn number(text: &str) -> Option<Decimal> {
    let text = folded(text);
    let plain = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > MAX_DECIMALS as usize {
        return None;
    }
    let number: Decimal = text.parse().ok()?;
    (number.abs() <= Decimal::from(MAX_NUMBER)).then_some(number)
}

pub(super) fn unknown_unit(at: Range<usize>, word: &str) -> Mistake {
    let words: Vec<&str> = Unit::all().map(Unit::as_str).collect();
    let hint = nearest(word, words.iter().copied()).map_or_else(
        || format!("units: {}", words.join(", ")),
        |near| format!("did you mean \"{near}\"?"),
    );
    Mistake::new(at, "a unit", format!("{word:?}"), hint)
}

pub(super) fn shown(typed: &Typed) -> String {
    let start: String = typed.text.chars().take(MAX_NAME_CHARS).collect();
    format!("{start:?}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::number;
    use crate::shop::catalogue::{Encoding, parse};

    fn problem(csv: &str) -> (usize, String, String, String) {
        let error = parse(csv.as_bytes(), Path::new("c.csv"), None).expect_err("a mistake");
        let super::super::CatalogueError::Invalid(problems) = error else { panic!("{error}") };
        let first = problems.into_iter().next().expect("at least one");
        (first.line, first.expected, first.found, first.hint)
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        for (csv, line, expected, found) in [
            ("name\nTea\nＴＥＡ \n", 3, "a name that no other article has", "\"ＴＥＡ\""),
            ("name,aliases\nTea,Cha\nMilk,cha\n", 3, "a name that no other", "\"cha\""),
            ("name,threshold\nTea,3\nMilk,-1\n", 3, "a threshold of 0 or more", "\"-1\""),
            ("name,start\nTea,\"1,200\"\n", 2, "a start of 0 or more", "\"1,200\""),
            ("name,unit\nTea,spoon\n", 2, "a unit", "\"spoon\""),
            ("name,supplier\nTea,call Ming\n", 2, "a link of at most", "\"call Ming\""),
            ("name,buyer\nTea,9123 4567\n", 2, "a mobile number or", "\"9123 4567\""),
            ("name,buyer\nTea,-91233715\n", 2, "a mobile number or", "\"-91233715\""),
            ("name,unit\n,cup\n", 2, "a name", "none"),
            ("name,start,recipe\nTea,5,Milk=1\nMilk,,\n", 2, "an article without stock", "\"5\""),
            ("name\n", 1, "at least one article", "none"),
        ] {
            let problem = problem(csv);
            assert_eq!(problem.0, line, "{csv}");
            assert!(problem.1.starts_with(expected) && problem.2 == found, "{csv}: {problem:?}");
            assert!(!problem.3.is_empty(), "{csv}");
        }
    }

    #[test]
    fn all_mistakes_are_found_at_once() {
        let csv = "name,unit,threshold,recipe\nTea,spoon,-1,\nTea,cup,x,Milk=1\n";
        let error = parse(csv.as_bytes(), Path::new("c.csv"), Some(Encoding::Utf8));
        let said = error.expect_err("six mistakes").to_string();
        // The second Tea, its unmeant threshold beside a recipe, and its milk.
        assert_eq!(said.matches("c.csv:2:").count(), 2, "{said}");
        assert_eq!(said.matches("c.csv:3:").count(), 4, "{said}");
    }

    #[test]
    fn a_number_is_digits_with_at_most_one_point() {
        for good in ["0", "12", "0.5", "１２", "1000000000", "0.000001"] {
            assert!(number(good).is_some(), "{good}");
        }
        for bad in ["", ".5", "5.", "1,000", "1e3", "0x10", "+5", "0.0000001", "1000000001", "五"]
        {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_catalogue_or_have_mistakes(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            toml in any::<bool>(),
        ) {
            let file = if toml { "c.toml" } else { "c.csv" };
            if let Err(error) = parse(&bytes, Path::new(file), None) {
                prop_assert!(error.to_string().contains("expected"), "{error}");
            }
        }
    }
}
