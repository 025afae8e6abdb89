//! What people enter about a shop's goods and cash: the field `inventory` of schema 1.
//!
//! It is what was entered, checked before it was kept. What follows from it (levels, differences) is
//! worked out elsewhere.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Amount;

/// An entry about one shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// The shop, where a bridge has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// What was entered.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// The whole catalogue, in place of the one before.
    Catalogue {
        /// What the shop sells and keeps.
        articles: Vec<Article>,
    },
    /// So much is there now, whatever the books say.
    Set {
        /// How much of what.
        lines: Vec<Stocked>,
    },
    /// So much was there when it was counted: what was sold since is not in it.
    Count {
        /// How much of what.
        lines: Vec<Stocked>,
        /// When it was counted, RFC 3339 in UTC. Absent: when it was entered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// Goods came in, on top of what was there.
    Receive {
        /// How much of what.
        lines: Vec<Stocked>,
        /// When they came in, RFC 3339 in UTC. Absent: when it was entered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// Cash counted in the drawer.
    Cash {
        /// How much was there.
        amount: Amount,
        /// The till whose drawer it was. Absent: nobody said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        till: Option<String>,
        /// When it was counted, RFC 3339 in UTC. Absent: when it was entered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
}

/// How much of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stocked {
    /// The article, by its name in the catalogue.
    pub article: String,
    /// How much, in the article's unit.
    pub quantity: Decimal,
}

/// One line of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its name.
    pub name: String,
    /// Other names, as the tills print them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What it is sorted under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// What it is counted in: `each`, `g`, `ml`, ...
    pub unit: String,
    /// How much is there when the article is new in the books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Decimal>,
    /// From there down it is low.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Decimal>,
    /// Where it is ordered: a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Who is called when it runs out: a mobile number or a DingTalk user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// What one of it takes; it is made to order then, and has no stock of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipe: Vec<Stocked>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use serde_json::json;

    use super::{Article, Entry, Inventory, Stocked};
    use crate::money::Amount;

    fn quantity() -> impl Strategy<Value = Decimal> {
        (any::<i64>(), 0..=9_u32).prop_map(|(number, scale)| Decimal::new(number, scale))
    }

    fn lines() -> impl Strategy<Value = Vec<Stocked>> {
        let line = (any::<String>(), quantity())
            .prop_map(|(article, quantity)| Stocked { article, quantity });
        prop::collection::vec(line, 0..4)
    }

    fn article() -> impl Strategy<Value = Article> {
        let words =
            (any::<String>(), prop::collection::vec(any::<String>(), 0..3), any::<String>());
        let told = prop::option::of(any::<String>());
        let numbers = prop::array::uniform3(prop::option::of(quantity()));
        let (supplier, buyer) = (told.clone(), told.clone());
        (words, told, numbers, supplier, buyer, lines()).prop_map(
            |(
                (name, aliases, unit),
                category,
                [price, start, threshold],
                supplier,
                buyer,
                recipe,
            )| {
                Article {
                    name,
                    aliases,
                    category,
                    price,
                    unit,
                    start,
                    threshold,
                    supplier,
                    buyer,
                    recipe,
                }
            },
        )
    }

    fn entry() -> impl Strategy<Value = Entry> {
        let at = prop::option::of(any::<String>());
        prop_oneof![
            prop::collection::vec(article(), 0..4)
                .prop_map(|articles| Entry::Catalogue { articles }),
            lines().prop_map(|lines| Entry::Set { lines }),
            (lines(), at.clone()).prop_map(|(lines, at)| Entry::Count { lines, at }),
            (lines(), at.clone()).prop_map(|(lines, at)| Entry::Receive { lines, at }),
            (any::<i64>(), 0..=6_u8, prop::option::of(any::<String>()), at).prop_map(
                |(minor, digits, till, at)| {
                    Entry::Cash { amount: Amount::new(minor, digits), till, at }
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn what_was_entered_reads_back_as_it_was(
            shop in prop::option::of(any::<String>()),
            entry in entry(),
        ) {
            let entered = Inventory { shop, entry };
            let text = serde_json::to_string(&entered).expect("plain data");
            let back: Inventory = serde_json::from_str(&text).expect("as written");
            prop_assert_eq!(&back, &entered);
            prop_assert_eq!(serde_json::to_string(&back).expect("plain data"), text);
        }
    }

    #[test]
    fn a_count_is_written_as_the_schema_says() {
        let lines = vec![Stocked { article: "珍珠".into(), quantity: Decimal::new(12_500, 1) }];
        let at = Some("2026-11-21T14:00:00.000Z".into());
        let count = Inventory { shop: None, entry: Entry::Count { lines, at } };
        let expected = json!({
            "entry": "count", "lines": [{"article": "珍珠", "quantity": "1250.0"}],
            "at": "2026-11-21T14:00:00.000Z",
        });
        assert_eq!(serde_json::to_value(&count).expect("plain data"), expected);
    }
}
