//! What was handed over, over restarts: the hook that the journal implements.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// What a memory answers, some time.
pub type Remembering<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Remembers what was done. One that cannot look answers as if it had never heard of it: a question
/// that is answered twice is better than one that nobody answers.
pub trait Memory: Send + Sync {
    /// Remembers `key`, on disk when it answers; whether it is new.
    fn first<'a>(&'a self, key: &'a str) -> Remembering<'a>;
    /// Whether `key` is remembered.
    fn knows<'a>(&'a self, key: &'a str) -> Remembering<'a>;
}

/// A memory that lives as long as the process. It is bounded by the process alone: for tests and
/// for verbs that end.
#[derive(Debug, Default)]
pub struct Remembered {
    keys: Mutex<BTreeSet<String>>,
}

impl Memory for Remembered {
    fn first<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(std::future::ready(keys.insert(key.to_owned())))
    }

    fn knows<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(std::future::ready(keys.contains(key)))
    }
}
