//! What came lately and what became of it, so that what comes again is not done again. Pure.
//!
//! It is the short memory of one process, bounded; the long one is [`Memory`](super::Memory).

use std::collections::{HashMap, VecDeque};

/// Most callbacks that are remembered: half an hour of a gateway that sends five a second.
pub(super) const MAX_SEEN: usize = 10_000;

/// What became of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was handed over and not answered yet.
    Open,
    /// It was answered with this `data`.
    Answered(String),
}

/// The newest callbacks, by what identifies them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    fates: HashMap<String, Fate>,
    order: VecDeque<String>,
}

impl Seen {
    /// What became of `key`, where it is remembered.
    pub(super) fn fate(&self, key: &str) -> Option<&Fate> {
        self.fates.get(key)
    }

    /// Remembers it.
    pub(super) fn keep(&mut self, key: &str, fate: Fate) {
        if self.fates.insert(key.to_owned(), fate).is_none() {
            self.order.push_back(key.to_owned());
        }
        // What was forgotten leaves its place in the order, which is cleared here in turn.
        while self.order.len() > MAX_SEEN {
            if let Some(oldest) = self.order.pop_front() {
                self.fates.remove(&oldest);
            }
        }
    }

    /// It is to be done again when it comes again.
    pub(super) fn forget(&mut self, key: &str) {
        if self.fates.remove(key).is_some() {
            self.order.retain(|kept| kept != key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, MAX_SEEN, Seen};

    #[test]
    fn the_oldest_is_forgotten_first_and_no_more_is_kept_than_the_cap() {
        let mut seen = Seen::default();
        for n in 0..=MAX_SEEN {
            seen.keep(&n.to_string(), Fate::Open);
        }
        assert_eq!(seen.fate("0"), None);
        assert_eq!(seen.fate("1"), Some(&Fate::Open));
        seen.keep("1", Fate::Answered("{}".into()));
        assert_eq!((seen.fates.len(), seen.order.len()), (MAX_SEEN, MAX_SEEN));
        seen.forget("1");
        assert_eq!((seen.fate("1"), seen.order.len()), (None, MAX_SEEN - 1));
    }
}
