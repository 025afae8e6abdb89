//! The week: three tills' paper in the order of its times, and what people enter about the goods.

use jiff::ToSpan;
use jiff::civil::DateTime;
use possim::shop::{Measure, epoch_ms};
use serde_json::{Value, json};

use super::inject::{Injected, inject};
use super::roll::{Act, Roll};
use super::stand::{MONDAY, STANDS, Stand};

/// From the beginning of a second to when a slip's last byte is heard, in milliseconds.
const HEARD_MS: i64 = 700;
/// Between two slips of one till, at least.
const APART_MS: i64 = 250;
/// Portions of each thing at the beginning, when it is low, and in a delivery.
const START: i64 = 400;
const LOW: i64 = 100;
const DELIVERY: i64 = 130;
/// Grams of pearls in the portion that a customer may add.
const PEARLS: i64 = 30;

/// Something that comes out of a till.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) at_ms: i64,
    pub(super) till: usize,
    pub(super) act: Act,
}

/// What a person enters.
#[derive(Clone, Debug)]
pub(super) struct Entered {
    pub(super) at_ms: i64,
    pub(super) shop: &'static str,
    pub(super) entry: Entry,
}

/// As `docs/EVENTS.md` has it.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Catalogue(Vec<Article>),
    Receive(Vec<(String, i64)>),
    /// Counted at this time.
    Count(Vec<(String, i64)>, i64),
    Set(Vec<(String, i64)>),
}

/// An article of the catalogue.
#[derive(Clone, Debug)]
pub(super) struct Article {
    pub(super) name: String,
    pub(super) category: String,
    unit: &'static str,
    /// At the beginning, and when it is low; what is made to order has neither.
    pub(super) start: Option<i64>,
    pub(super) low: Option<i64>,
    pub(super) recipe: Vec<(String, i64)>,
}

/// Everything that happens.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) days: u32,
    pub(super) heard: Vec<Heard>,
    pub(super) entered: Vec<Entered>,
    pub(super) injected: Vec<Injected>,
}

impl Script {
    /// Nothing at all.
    pub(super) fn none() -> Self {
        Self { days: 0, heard: Vec::new(), entered: Vec::new(), injected: Vec::new() }
    }

    pub(super) fn new(seed: u64, days: u32) -> Self {
        let mut script = Self { days, ..Self::none() };
        for (till, stand) in STANDS.iter().enumerate() {
            let mut roll = Roll::quiet(stand, seed, days);
            let mut injected = inject(&mut roll, i64::from(days));
            let numbers = roll.numbered();
            for one in &mut injected {
                if let Some(number) = numbers.get(&one.about) {
                    one.about.clone_from(number);
                }
            }
            script.injected.extend(injected);
            let mut last_ms = 0;
            for step in roll.steps {
                let at_ms = (epoch_ms(step.at) + HEARD_MS).max(last_ms + APART_MS);
                last_ms = at_ms;
                script.heard.push(Heard { at_ms, till, act: step.act });
            }
            script.entered.extend(entries(stand, days));
        }
        script.heard.sort_by_key(|heard| (heard.at_ms, heard.till));
        script.entered.sort_by_key(|entered| entered.at_ms);
        script
    }

    /// From before the first door opens until the morning after the last day.
    pub(super) fn span(&self) -> (DateTime, DateTime) {
        let end = MONDAY.checked_add(i64::from(self.days).days()).expect("this year");
        (MONDAY.at(6, 0, 0, 0), end.at(12, 0, 0, 0))
    }
}

/// A catalogue before the first sale, a delivery each morning, a shelf that is counted and entered
/// hours later, one that is set right.
fn entries(stand: &'static Stand, days: u32) -> Vec<Entered> {
    let articles = catalogue(stand);
    let kept = || articles.iter().filter(|article| article.recipe.is_empty());
    let portions = |n: i64| -> Vec<(String, i64)> {
        kept().map(|article| (article.name.clone(), article.low.unwrap_or(0) / LOW * n)).collect()
    };
    let at = |day: u32, hour: i8| {
        let date = MONDAY.checked_add(i64::from(day).days()).expect("this year");
        epoch_ms(date.at(hour, 30, 0, 0))
    };
    let entry = |at_ms, entry| Entered { at_ms, shop: stand.shop, entry };
    let mut entered = vec![entry(at(0, 6), Entry::Catalogue(articles.clone()))];
    for day in 1..days {
        entered.push(entry(at(day, 10), Entry::Receive(portions(DELIVERY))));
    }
    let one = |n: i64| portions(n).into_iter().take(1).collect::<Vec<_>>();
    entered.push(entry(at(1, 21), Entry::Count(one(250), at(1, 15))));
    // A count of the morning, entered after one of the afternoon, changes nothing.
    entered.push(entry(at(1, 22), Entry::Count(one(900), at(1, 11))));
    if days > 3 {
        let last = portions(60).pop().expect("some articles");
        entered.push(entry(at(3, 17), Entry::Set(vec![last])));
    }
    entered
}

/// What the shop sells by its menu, and what that is made of.
fn catalogue(stand: &Stand) -> Vec<Article> {
    let mut articles: Vec<Article> = Vec::new();
    let mut add = |article: Article| {
        if !articles.iter().any(|known| known.name == article.name) {
            articles.push(article);
        }
    };
    let shop = stand.shop();
    for page in shop.menu {
        let category = page.name.of(stand.style().language).to_owned();
        for dish in page.dishes {
            assert_eq!(dish.measure, Measure::Piece, "these three sell by the piece");
            for of in dish.recipe {
                let portion = i64::from(of.amount);
                add(Article {
                    name: of.name.to_owned(),
                    category: "store".to_owned(),
                    unit: unit(of.unit),
                    start: Some(portion * START),
                    low: Some(portion * LOW),
                    recipe: Vec::new(),
                });
            }
            let stocked = dish.recipe.is_empty();
            let recipe = dish.recipe.iter().map(|of| (of.name.to_owned(), i64::from(of.amount)));
            add(Article {
                name: stand.name(dish).to_owned(),
                category: category.clone(),
                unit: "each",
                start: stocked.then_some(START),
                low: stocked.then_some(LOW),
                recipe: recipe.collect(),
            });
        }
    }
    if stand.shop == "tea" {
        add(Article {
            name: "加珍珠".to_owned(),
            category: "store".to_owned(),
            unit: "portion",
            start: None,
            low: None,
            recipe: vec![("tapioca pearls".to_owned(), PEARLS)],
        });
    }
    articles
}

fn unit(word: &str) -> &'static str {
    match word {
        "g" => "g",
        "ml" => "ml",
        _ => "each",
    }
}

impl Entered {
    /// The field `inventory` of the event.
    pub(super) fn json(&self) -> Value {
        let lines = |lines: &[(String, i64)]| -> Vec<Value> {
            let line = |(article, quantity): &(String, i64)| json!({"article": article, "quantity": quantity.to_string()});
            lines.iter().map(line).collect()
        };
        let shop = self.shop;
        match &self.entry {
            Entry::Catalogue(articles) => {
                let article = |article: &Article| {
                    json!({
                        "name": article.name, "category": article.category, "unit": article.unit,
                        "start": article.start.map(|n| n.to_string()),
                        "threshold": article.low.map(|n| n.to_string()),
                        "recipe": lines(&article.recipe),
                    })
                };
                let articles: Vec<Value> = articles.iter().map(article).collect();
                json!({"shop": shop, "entry": "catalogue", "articles": articles})
            }
            Entry::Receive(of) => json!({"shop": shop, "entry": "receive", "lines": lines(of)}),
            Entry::Set(of) => json!({"shop": shop, "entry": "set", "lines": lines(of)}),
            Entry::Count(of, at_ms) => {
                let at = pos_protocol::time::Timestamp::new(0, *at_ms).rfc3339();
                json!({"shop": shop, "entry": "count", "lines": lines(of), "at": at})
            }
        }
    }
}
