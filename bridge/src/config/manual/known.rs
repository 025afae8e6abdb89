//! What serde knows of the configuration: the keys of every type of `raw`, found by offering each
//! field it asks for.
//!
//! It reads no text and knows no key by itself.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

/// What a spanned value is called inside.
const SPANNED: &str = "$__serde_spanned_private_Spanned";

/// The keys of each type by its name, and whether a key's value is of such a type again.
pub(super) type Known = BTreeMap<&'static str, BTreeMap<&'static str, bool>>;

/// All that `T` can be told.
pub(super) fn known<'de, T: Deserialize<'de>>() -> Known {
    let found = RefCell::new(Found::default());
    T::deserialize(Anything { found: &found }).expect("anything is taken");
    found.into_inner().known
}

#[derive(Default)]
struct Found {
    known: Known,
    /// How many types were met.
    tables: usize,
}

/// Gives everybody what they ask for: one of each.
#[derive(Clone, Copy)]
struct Anything<'f> {
    found: &'f RefCell<Found>,
}

impl<'de> Deserializer<'de> for Anything<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(true)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str("")
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(0)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u64(0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(One { all: self, left: 1 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { all: self, of: None, left: &[], asked: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let of = (name != SPANNED).then_some(name);
        if let Some(of) = of {
            let mut found = self.found.borrow_mut();
            found.tables += 1;
            found.known.entry(of).or_default();
        }
        visitor.visit_map(Fields { all: self, of, left: fields, asked: 0 })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char str bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// A list of one.
struct One<'f> {
    all: Anything<'f>,
    left: usize,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.all).map(Some)
    }
}

/// Every field in turn.
struct Fields<'f> {
    all: Anything<'f>,
    of: Option<&'static str>,
    left: &'static [&'static str],
    asked: usize,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.left.get(self.asked) else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let name = self.left[self.asked];
        self.asked += 1;
        let before = self.all.found.borrow().tables;
        let value = seed.deserialize(self.all)?;
        let mut found = self.all.found.borrow_mut();
        let table = found.tables > before;
        if let Some(of) = self.of {
            found.known.entry(of).or_default().insert(name, table);
        }
        Ok(value)
    }
}
