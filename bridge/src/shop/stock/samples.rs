//! A bubble tea shop for the tests of its stock.

use std::path::Path;

use jiff::Timestamp;
use pos_protocol::event::{Entry, Event, Inventory, Kind, SCHEMA, SessionId, Stocked};
use serde_json::{Value, json};

use super::Shelf;
use crate::journal::{Memory, Understand as _};
use crate::shop::{catalogue, samples};

/// Pearls by weight, pearl tea made of them, lemon tea by the cup.
pub(super) const CATALOGUE: &str = "name,aliases,unit,start,threshold,recipe\n\
    珍珠,Tapioca,g,1000,300,\n\
    奶,,ml,5000,,\n\
    珍珠奶茶,PEARL TEA,cup,,,\"珍珠 = 60 g; 奶 = 0.2 l\"\n\
    加珍珠,,each,,,珍珠 = 30 g\n\
    檸檬茶,Lemon tea,cup,10,3,\n";

/// The moment `minutes` after the shop opened.
pub(super) fn at(minutes: i64) -> String {
    let opened: Timestamp = "2026-11-21T04:00:00Z".parse().expect("a time");
    let at = Timestamp::from_second(opened.as_second() + minutes * 60).expect("a time");
    format!("{at:.3}")
}

/// An entry of that moment.
pub(super) fn entered(minutes: i64, entry: Entry) -> Event {
    let session = SessionId { journal: "j".into(), source: "stock".into(), epoch: 0 };
    let number = serde_json::to_string(&entry).expect("plain data").len() as u64;
    let id = session.event(number, minutes.unsigned_abs(), 0);
    let event = json!({
        "schema": SCHEMA, "id": id, "source": "stock", "observed_at": at(minutes),
        "kind": Kind::Inventory, "inventory": Inventory { shop: None, entry },
    });
    serde_json::from_value(event).expect("the wire schema")
}

/// The catalogue, imported when the shop opened.
pub(super) fn import() -> Event {
    let articles = catalogue::parse(CATALOGUE.as_bytes(), Path::new("c.csv"), None);
    entered(0, Entry::Catalogue { articles: articles.expect("good") })
}

/// A slip of that moment with these lines: name, quantity, modifiers.
pub(super) fn slip(
    kind: Kind,
    number: u64,
    minutes: i64,
    lines: &[(&str, &str, &[&str])],
    further: Value,
) -> Event {
    let item = |(name, quantity, modifiers): &(&str, &str, &[&str])| {
        let sign = if kind == Kind::Refund { "-" } else { "" };
        let amount = format!("{sign}18.00");
        json!({"name": name, "quantity": quantity, "amount": amount, "modifiers": modifiers})
    };
    let mut event = samples::slip(kind, &number.to_string(), "18.00", further);
    let items: Vec<Value> = lines.iter().map(item).collect();
    let receipt = event.receipt.as_mut().expect("a receipt");
    receipt.items = serde_json::from_value(Value::Array(items)).expect("items");
    event.observed_at = at(minutes);
    event
}

/// A sale of one line.
pub(super) fn sale(number: u64, minutes: i64, name: &str, quantity: &str) -> Event {
    slip(Kind::Sale, number, minutes, &[(name, quantity, &[])], json!({}))
}

/// So much of one article.
pub(super) fn line(article: &str, quantity: &str) -> Vec<Stocked> {
    vec![Stocked { article: article.into(), quantity: quantity.parse().expect("a decimal") }]
}

/// The books after these events, each kept once however often it comes.
pub(super) fn kept(events: &[Event]) -> Memory {
    let mut rows = Memory::default();
    for event in events {
        let known = crate::journal::Rows::event(&rows, &event.id.to_string()).expect("memory");
        if known.is_none() {
            rows.remember(event).expect("plain data");
            samples::clerk().event(event, &mut rows).expect("memory");
        }
    }
    rows
}

/// What is left of an article.
pub(super) fn left(rows: &Memory, name: &str) -> String {
    let (shelves, _) = super::shelf(rows, "", 0).expect("memory");
    let found = shelves.into_iter().find(|shelf: &Shelf| shelf.article.name == name);
    found.and_then(|shelf| shelf.left).map_or("unknown".into(), |left| left.to_string())
}
