//! Objects whose every field has a place: what is wrong is told by its JSON path, what is not known by
//! a list.
//!
//! It never repeats a value: what somebody sent by mistake may be anything.

use std::cell::RefCell;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// Most unknown fields that are named.
const MAX_IGNORED: usize = 20;
/// Longest text of a field, in characters.
const MAX_CHARS: usize = 500;
/// Most entries of a list: a receipt of a thousand lines is none.
const MAX_ENTRIES: usize = 1_000;
/// Longest key that is repeated in a path, in characters.
const MAX_KEY_CHARS: usize = 40;

/// A field that is not of its form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected {expected}, found {found}")]
pub(super) struct BadField {
    /// Where: `$.receipt.total`.
    pub(super) path: String,
    /// What belongs there.
    pub(super) expected: String,
    /// What kind of thing stands there.
    pub(super) found: &'static str,
}

/// An object, and which of its fields were asked for.
pub(super) struct Fields<'v> {
    map: &'v Map<String, Value>,
    path: String,
    asked: RefCell<Vec<&'static str>>,
}

pub(super) type Field<T> = Result<Option<T>, BadField>;

/// What a value is, without saying it.
fn named(value: Option<&Value>) -> &'static str {
    match value {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "true or false",
        Some(Value::Number(_)) => "another number",
        Some(Value::String(text)) if text.trim().is_empty() => "an empty string",
        Some(Value::String(_)) => "another string",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

impl<'v> Fields<'v> {
    /// The object at `path`.
    pub(super) fn of(value: &'v Value, path: &str) -> Result<Self, BadField> {
        let map = value.as_object().ok_or_else(|| BadField {
            path: path.to_owned(),
            expected: "an object".to_owned(),
            found: named(Some(value)),
        })?;
        Ok(Self { map, path: path.to_owned(), asked: RefCell::default() })
    }

    /// The path of a field.
    pub(super) fn path(&self, key: &str) -> String {
        let key: String = key.chars().take(MAX_KEY_CHARS).collect();
        format!("{}.{key}", self.path)
    }

    /// That a field is not what it should be.
    pub(super) fn bad(&self, key: &str, expected: impl Into<String>) -> BadField {
        let (path, expected) = (self.path(key), expected.into());
        BadField { path, expected, found: named(self.map.get(key)) }
    }

    /// A field; `null` stands for none.
    pub(super) fn value(&self, key: &'static str) -> Option<&'v Value> {
        self.asked.borrow_mut().push(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A field that `read` understands.
    pub(super) fn read<T>(
        &self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Field<T> {
        let Some(value) = self.value(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.bad(key, expected))
    }

    /// Words. A number is taken as it is written: receipt numbers often are.
    pub(super) fn text(&self, key: &'static str) -> Field<String> {
        self.read(key, "words", |value| match value {
            Value::String(text) => {
                let text: String = text.trim().chars().take(MAX_CHARS).collect();
                Some(text).filter(|text| !text.is_empty())
            }
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// A decimal, as a string or a number.
    pub(super) fn decimal(&self, key: &'static str, expected: &str) -> Field<Decimal> {
        self.read(key, expected, |value| match value {
            Value::String(text) => Decimal::from_str(text).ok(),
            Value::Number(number) => {
                let text = number.to_string();
                Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
            }
            _ => None,
        })
    }

    /// The entries of a list, each an object.
    pub(super) fn list<T>(
        &self,
        key: &'static str,
        ignored: &mut Vec<String>,
        mut read: impl FnMut(&Fields<'v>) -> Result<T, BadField>,
    ) -> Result<Vec<T>, BadField> {
        let Some(value) = self.value(key) else { return Ok(Vec::new()) };
        let expected = format!("a list of at most {MAX_ENTRIES}");
        let list = value.as_array().filter(|list| list.len() <= MAX_ENTRIES);
        let list = list.ok_or_else(|| self.bad(key, expected))?;
        let mut entries = Vec::with_capacity(list.len());
        for (index, entry) in list.iter().enumerate() {
            let fields = Fields::of(entry, &format!("{}[{index}]", self.path(key)))?;
            entries.push(read(&fields)?);
            fields.name_ignored(ignored);
        }
        Ok(entries)
    }

    /// Adds the paths of the fields that nobody asked for.
    pub(super) fn name_ignored(&self, ignored: &mut Vec<String>) {
        let asked = self.asked.borrow();
        let unknown = self.map.keys().filter(|key| !asked.contains(&key.as_str()));
        let room = MAX_IGNORED.saturating_sub(ignored.len());
        ignored.extend(unknown.take(room).map(|key| self.path(key)));
    }
}
