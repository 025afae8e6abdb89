//! The stock counted by hand: the newest count, everything that moved after it, and what is told on
//! the way down.

use std::collections::BTreeMap;

use pos_protocol::event::Kind;
use possim::shop::{Line, Sale};

use super::script::{Article, Entered, Entry};
use super::stand::Stand;

/// How bad it is, in the words of an alert.
const WORDS: [&str; 3] = ["ok", "low", "out"];

/// A thing on the shelf.
#[derive(Clone, Debug, Default)]
struct Thing {
    low: Option<i64>,
    /// When it was counted, when that was entered, and how much there was.
    count: (i64, i64, i64),
    /// When it moved and by how much.
    moved: Vec<(i64, i64)>,
    /// How bad it is, as far as it was told.
    told: usize,
}

impl Thing {
    fn left(&self) -> i64 {
        let after = self.moved.iter().filter(|(at_ms, _)| *at_ms > self.count.0);
        self.count.2 + after.map(|(_, by)| by).sum::<i64>()
    }

    fn badness(&self) -> usize {
        match self.left() {
            left if left <= 0 => 2,
            left if self.low.is_some_and(|low| left <= low) => 1,
            _ => 0,
        }
    }

    /// What is told after a change, if anything.
    fn tell(&mut self, by_person: bool) -> Option<&'static str> {
        let (before, now) = (self.told, self.badness());
        let well = now == 0 && self.low.is_some_and(|low| self.left() * 10 > low * 12);
        if now >= before || by_person || well {
            self.told = now;
        }
        (self.told > before).then(|| WORDS[self.told])
    }
}

/// The shelves of one shop.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    things: BTreeMap<String, Thing>,
    made: BTreeMap<String, Vec<(String, i64)>>,
}

impl Shelf {
    /// What a person enters; what is told of it: the thing and how bad it is.
    pub(super) fn enter(&mut self, entered: &Entered) -> Vec<(String, &'static str)> {
        let now_ms = entered.at_ms;
        let lines = match &entered.entry {
            Entry::Catalogue(articles) => {
                self.import(articles, now_ms);
                return Vec::new();
            }
            Entry::Receive(lines) | Entry::Count(lines, _) | Entry::Set(lines) => lines,
        };
        let mut told = Vec::new();
        for (name, quantity) in lines {
            let thing = self.things.get_mut(name).expect("an article that is kept");
            match &entered.entry {
                Entry::Receive(_) => thing.moved.push((now_ms, *quantity)),
                entry => {
                    let at_ms = if let Entry::Count(_, at_ms) = entry { *at_ms } else { now_ms };
                    if (at_ms, now_ms) < (thing.count.0, thing.count.1) {
                        continue;
                    }
                    thing.count = (at_ms, now_ms, *quantity);
                }
            }
            told.extend(thing.tell(true).map(|word| (name.clone(), word)));
        }
        told
    }

    fn import(&mut self, articles: &[Article], now_ms: i64) {
        for article in articles {
            match article.start {
                Some(start) => {
                    let count = (now_ms, now_ms, start);
                    let thing = Thing { low: article.low, count, ..Thing::default() };
                    self.things.insert(article.name.clone(), thing);
                }
                None => drop(self.made.insert(article.name.clone(), article.recipe.clone())),
            }
        }
    }

    /// What a sale takes (`sign` 1) or a void of it gives back (-1); a refund's lines are below zero.
    pub(super) fn take(
        &mut self,
        stand: &Stand,
        sale: &Sale,
        sign: i64,
        at_ms: i64,
    ) -> Vec<(String, &'static str)> {
        let mut takes: BTreeMap<String, i64> = BTreeMap::new();
        for line in &sale.lines {
            for name in names(stand, line) {
                match self.made.get(&name) {
                    Some(recipe) => {
                        for (of, amount) in recipe {
                            *takes.entry(of.clone()).or_default() += sign * line.count * amount;
                        }
                    }
                    None if self.things.contains_key(&name) => {
                        *takes.entry(name).or_default() += sign * line.count;
                    }
                    None => {}
                }
            }
        }
        let mut told = Vec::new();
        for (name, amount) in takes {
            let thing = self.things.get_mut(&name).expect("kept");
            thing.moved.push((at_ms, -amount));
            told.extend(thing.tell(false).map(|word| (name, word)));
        }
        told
    }

    /// How much there is of everything; of what is made to order, how many can be made.
    pub(super) fn left(&self) -> BTreeMap<String, i64> {
        let mut left: BTreeMap<String, i64> =
            self.things.iter().map(|(name, thing)| (name.clone(), thing.left())).collect();
        let can = |recipe: &[(String, i64)]| {
            recipe.iter().map(|(of, amount)| self.things[of].left().max(0) / amount).min()
        };
        let made: Vec<(String, i64)> = self
            .made
            .iter()
            .filter_map(|(name, recipe)| Some((name.clone(), can(recipe)?)))
            .collect();
        left.extend(made);
        left
    }
}

/// The dish as printed, and what is printed under it.
fn names(stand: &Stand, line: &Line) -> Vec<String> {
    let language = stand.style().language;
    let extras = line.modifiers.iter().map(|extra| extra.of(language).to_owned());
    std::iter::once(stand.name(line.dish).to_owned()).chain(extras).collect()
}

/// Whether a slip moves goods, and which way: a void moves those of the sale that it takes back.
pub(super) fn moves(kind: Kind) -> Option<i64> {
    match kind {
        Kind::Sale | Kind::Refund => Some(1),
        Kind::Void => Some(-1),
        _ => None,
    }
}
