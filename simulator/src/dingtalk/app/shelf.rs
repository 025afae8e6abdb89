//! What the platform keeps under a key: cards, todos, calendar entries, instances, sessions.
//!
//! Capped in number and bytes; the oldest goes first, as if it had been deleted.

use std::collections::{BTreeMap, HashMap};

/// Most bytes that the things of one shelf may have together.
const MAX_SHELF_BYTES: usize = 8 * 1024 * 1024;
/// Most things on one shelf.
pub(in crate::dingtalk) const MAX_SHELVED: usize = 10_000;

/// Things by key, oldest first.
#[derive(Clone, Debug)]
pub(in crate::dingtalk) struct Shelf<T> {
    things: BTreeMap<u64, (String, usize, T)>,
    places: HashMap<String, u64>,
    next: u64,
    bytes: usize,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { things: BTreeMap::new(), places: HashMap::new(), next: 0, bytes: 0 }
    }
}

impl<T> Shelf<T> {
    /// Puts `thing` of about `bytes` under `key`; what was there goes.
    pub(in crate::dingtalk) fn put(&mut self, key: &str, thing: T, bytes: usize) {
        if let Some(old) = self.places.get(key).copied() {
            self.take(old);
        }
        self.places.insert(key.to_owned(), self.next);
        self.things.insert(self.next, (key.to_owned(), bytes, thing));
        self.next += 1;
        self.bytes += bytes;
        while self.things.len() > MAX_SHELVED || self.bytes > MAX_SHELF_BYTES {
            let Some((&oldest, _)) = self.things.first_key_value() else { return };
            self.take(oldest);
        }
    }

    pub(in crate::dingtalk) fn find(&self, key: &str) -> Option<&T> {
        self.things.get(self.places.get(key)?).map(|(_, _, thing)| thing)
    }

    pub(in crate::dingtalk) fn find_mut(&mut self, key: &str) -> Option<&mut T> {
        self.things.get_mut(self.places.get(key)?).map(|(_, _, thing)| thing)
    }

    /// Takes the thing under `key` off.
    pub(in crate::dingtalk) fn remove(&mut self, key: &str) -> Option<T> {
        let place = self.places.get(key).copied()?;
        self.take(place)
    }

    /// Oldest first.
    pub(in crate::dingtalk) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.things.values().map(|(_, _, thing)| thing)
    }

    /// Oldest first.
    pub(in crate::dingtalk) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.things.values_mut().map(|(_, _, thing)| thing)
    }

    fn take(&mut self, place: u64) -> Option<T> {
        let (key, bytes, thing) = self.things.remove(&place)?;
        self.bytes -= bytes;
        if self.places.get(&key) == Some(&place) {
            self.places.remove(&key);
        }
        Some(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SHELF_BYTES, MAX_SHELVED, Shelf};

    #[test]
    fn a_shelf_keeps_the_newest_within_both_caps_and_forgets_the_keys_of_the_others() {
        let mut shelf = Shelf::default();
        for n in 0..=MAX_SHELVED {
            shelf.put(&n.to_string(), n, 1);
        }
        assert_eq!((shelf.find("0"), shelf.find("1")), (None, Some(&1)));
        shelf.put("big", 0, MAX_SHELF_BYTES - 1);
        assert_eq!(shelf.iter().count(), 2);
        assert_eq!(shelf.places.len(), 2);
    }

    #[test]
    fn a_thing_put_again_replaces_the_first_and_its_bytes() {
        let mut shelf = Shelf::default();
        shelf.put("a", 1, 5);
        shelf.put("a", 2, 7);
        assert_eq!((shelf.find("a"), shelf.iter().count(), shelf.bytes), (Some(&2), 1, 7));
        assert_eq!((shelf.remove("a"), shelf.remove("a"), shelf.bytes), (Some(2), None, 0));
    }
}
