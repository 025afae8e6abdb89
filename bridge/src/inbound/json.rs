//! Strict JSON: UTF-8, no key twice in an object, bounded depth. What is refused is told by its place.
//!
//! It never repeats what it read: a body that is refused may hold anything. What a document means is
//! not known here.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting. An order of a shop's till nests eight deep; each level costs stack.
pub const MAX_DEPTH: usize = 32;

/// A body that is no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found {fault} at byte {offset}", fault.expected())]
pub struct Malformed {
    /// What is wrong.
    pub fault: Fault,
    /// Where, in bytes from the start of the body.
    pub offset: usize,
}

/// What makes a body no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// A comma, a quote, a bracket.
    Syntax,
    /// It ends before it is complete.
    CutOff,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A key that stands twice in one object: two readers could read two different things.
    KeyTwice,
}

impl Fault {
    fn expected(self) -> String {
        match self {
            Self::NotUtf8 => "UTF-8".to_owned(),
            Self::Syntax | Self::CutOff => "JSON".to_owned(),
            Self::TooDeep => format!("JSON of at most {MAX_DEPTH} levels"),
            Self::KeyTwice => "each key of an object once".to_owned(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "something else",
            Self::Syntax => "a mistake",
            Self::CutOff => "its end",
            Self::TooDeep => "a deeper one",
            Self::KeyTwice => "one a second time",
        })
    }
}

/// Reads a whole body.
pub fn parse(body: &[u8]) -> Result<Value, Malformed> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Malformed { fault: Fault::NotUtf8, offset: error.valid_up_to() })?;
    let why = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let strict = Strict { depth: 0, why: &why };
    let read = strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        let fault = why.get().unwrap_or(match error.classify() {
            serde_json::error::Category::Eof => Fault::CutOff,
            _ => Fault::Syntax,
        });
        Malformed { fault, offset: offset(text, error.line(), error.column()) }
    })
}

/// Bytes before `column` of `line`, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(starts).nth(line.saturating_sub(1)).unwrap_or(0);
    (start + column.saturating_sub(1)).min(text.len())
}

/// Reads one value, `depth` levels deep.
struct Strict<'a> {
    depth: usize,
    /// What was found wrong besides the grammar.
    why: &'a Cell<Option<Fault>>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.wrong(Fault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, why: self.why })
    }

    fn wrong<E: serde::de::Error>(&self, fault: Fault) -> E {
        self.why.set(Some(fault));
        E::custom("refused")
    }

    fn again(&self) -> Self {
        Self { depth: self.depth, why: self.why }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(inner.again())? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut values = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            if values.contains_key(&key) {
                return Err(inner.wrong(Fault::KeyTwice));
            }
            values.insert(key, object.next_value_seed(inner.again())?);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Fault, MAX_DEPTH, Malformed, parse};

    fn refused(body: &[u8]) -> (Fault, usize) {
        let Malformed { fault, offset } = parse(body).expect_err("no document");
        (fault, offset)
    }

    #[test]
    fn a_mistake_is_told_by_its_place_and_never_by_its_words() {
        assert_eq!(refused(br#"{"a":1 "b":2}"#), (Fault::Syntax, 7));
        assert_eq!(refused(b"{\"a\":1,\n \"b\":2\n \"c\":3}"), (Fault::Syntax, 16));
        assert_eq!(refused(b"{\"a\":\"\xff\"}"), (Fault::NotUtf8, 6));
        assert_eq!(refused(br#"{"a":"#).0, Fault::CutOff);
        assert_eq!(refused(b"").0, Fault::CutOff);
        assert_eq!(refused(br#"{"a":1} x"#), (Fault::Syntax, 8));
        let said = parse(br#"{"secret":1 "b":2}"#).expect_err("no comma").to_string();
        assert_eq!(said, "expected JSON, found a mistake at byte 12");
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_any_depth() {
        assert_eq!(refused(br#"{"total":1,"total":2}"#).0, Fault::KeyTwice);
        assert_eq!(refused(br#"[{"a":{"b":1,"c":2,"b":1}}]"#).0, Fault::KeyTwice);
        // The same key, written otherwise.
        assert_eq!(refused(br#"{"a":1,"\u0061":2}"#).0, Fault::KeyTwice);
        assert!(parse(br#"[{"a":1},{"a":2}]"#).is_ok());
    }

    #[test]
    fn depth_is_bounded_whatever_opens_it() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let nested = |depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
            assert_eq!(refused(nested(MAX_DEPTH + 1).as_bytes()).0, Fault::TooDeep);
            assert_eq!(refused(nested(100_000).as_bytes()).0, Fault::TooDeep);
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-z]{1,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_a_document_reads_as_it_does_elsewhere(value in any_json()) {
            prop_assert_eq!(parse(value.to_string().as_bytes()), Ok(value));
        }

        #[test]
        fn any_bytes_are_read_or_refused_within_the_body(body in any::<Vec<u8>>()) {
            if let Err(malformed) = parse(&body) {
                prop_assert!(malformed.offset <= body.len());
            }
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(parse(b"[5.95,18446744073709551615]"), Ok(json!([5.95, u64::MAX])));
    }
}
