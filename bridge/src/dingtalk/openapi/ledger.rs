//! Where the month's calls are counted, over restarts: the hook that the journal implements.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// What a ledger answers, some time.
pub type Counting<'a> = Pin<Box<dyn Future<Output = u32> + Send + 'a>>;

/// Counts calls by month, a number such as 202611. One that cannot count answers with what it knows:
/// a disk that is full is no reason to leave a question unanswered.
pub trait Ledger: Send + Sync {
    /// Calls made in `month`.
    fn calls(&self, month: i64) -> Counting<'_>;
    /// One more; calls made in `month` with it.
    fn count(&self, month: i64) -> Counting<'_>;
}

/// A ledger that lives as long as the process.
#[derive(Debug, Default)]
pub struct Counted {
    months: Mutex<BTreeMap<i64, u32>>,
}

impl Ledger for Counted {
    fn calls(&self, month: i64) -> Counting<'_> {
        let months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = months.get(&month).copied().unwrap_or(0);
        Box::pin(std::future::ready(calls))
    }

    fn count(&self, month: i64) -> Counting<'_> {
        let mut months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        months.retain(|kept, _| *kept >= month);
        let calls = months.entry(month).or_default();
        *calls = calls.saturating_add(1);
        Box::pin(std::future::ready(*calls))
    }
}
