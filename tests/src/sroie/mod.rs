//! The reader against real receipts: SROIE's texts (ICDAR 2019, CC-BY-4.0), by the value metrics
//! of `score_sroie.py`, and their kinds.
//!
//! Not here: the receipts themselves, which lie beside the checkout.

mod value;

use std::path::Path;

use pos_protocol::event::{Event, Kind};
use serde_json::{Value, json};

use crate::drive;

/// The fields of the data set.
pub const FIELDS: [&str; 4] = ["company", "date", "address", "total"];

/// One receipt with what was read of it.
#[derive(Debug)]
pub struct Judged {
    /// Its name in the set.
    pub id: String,
    /// In the order of [`FIELDS`].
    pub fields: Vec<Field>,
    /// The kind it is and the kind it was taken for, where it is known.
    pub kind: Option<(&'static str, &'static str)>,
}

/// A field's truth and what was read.
#[derive(Debug)]
pub struct Field {
    /// Empty where the set has none.
    pub truth: String,
    /// Empty where nothing was read.
    pub read: String,
    /// Whether both say the same.
    pub right: bool,
}

/// Reads every receipt of the folder, in the order of their names.
///
/// # Panics
/// Where a file of the set cannot be read.
pub fn judge(folder: &Path) -> Vec<Judged> {
    let kinds = kinds(&std::fs::read_to_string(folder.join("kinds.tsv")).unwrap_or_default());
    let names = std::fs::read_dir(folder).expect("a folder").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let json = path.extension().is_some_and(|extension| extension == "json");
        json.then(|| path.file_stem().expect("a name").to_string_lossy().into_owned())
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    let read = |id: String| {
        let text = std::fs::read(folder.join(format!("{id}.txt"))).expect("a text");
        let truth = std::fs::read(folder.join(format!("{id}.json"))).expect("a truth");
        let truth: Value = serde_json::from_slice(&truth).expect("JSON");
        let event = drive::decode(&text).into_iter().next();
        let kind = kinds.iter().find(|(name, _)| *name == id).map(|(_, kind)| *kind);
        let taken = event.as_ref().map_or(Kind::Document, |event| event.kind).as_str();
        let told = prediction(event.as_ref());
        let fields = FIELDS.iter().map(|name| field(name, &truth, &told)).collect();
        Judged { id, fields, kind: kind.map(|kind| (kind, taken)) }
    };
    names.into_iter().map(read).collect()
}

/// What the scorer is given for an event.
fn prediction(event: Option<&Event>) -> Value {
    let Some(receipt) = event.and_then(|event| event.receipt.as_ref()) else { return json!({}) };
    json!({
        "company": receipt.merchant,
        "date": receipt.printed_at.map(|at| at.to_string()),
        "address": receipt.address,
        "total": receipt.total.map(|total| total.to_string()),
    })
}

fn field(name: &str, truth: &Value, told: &Value) -> Field {
    let text = |value: &Value| value[name].as_str().unwrap_or_default().trim().to_owned();
    let (truth, read) = (text(truth), text(told));
    let right = !truth.is_empty() && !read.is_empty() && value::same(name, &truth, &read);
    Field { truth, read, right }
}

/// Id and kind, in the schema's words, of each row of `kinds.tsv`.
fn kinds(table: &str) -> Vec<(String, &'static str)> {
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let known = rows.filter_map(|row| {
        let kind = match (*row.get(2)?, *row.get(3)?) {
            ("return", _) => Kind::Refund,
            ("sale", "1") => Kind::Reprint,
            (other, _) => Kind::parse(other)?,
        };
        Some(((*row.get(1)?).to_owned(), kind.as_str()))
    });
    known.collect()
}

impl Judged {
    /// The receipt as the scorer reads it.
    pub fn to_json(&self) -> Value {
        let told = FIELDS.iter().zip(&self.fields);
        told.map(|(name, field)| ((*name).to_owned(), Value::from(field.read.clone()))).collect()
    }
}

/// How many fields `nth` are right, of how many that have a truth.
pub fn right(judged: &[Judged], nth: usize) -> (usize, usize) {
    let known = judged.iter().map(|one| &one.fields[nth]).filter(|field| !field.truth.is_empty());
    known.fold((0, 0), |(right, all), field| (right + usize::from(field.right), all + 1))
}

/// Those whose kind was mistaken.
pub fn mistaken(judged: &[Judged]) -> impl Iterator<Item = &Judged> {
    judged.iter().filter(|one| one.kind.is_some_and(|(kind, taken)| kind != taken))
}
