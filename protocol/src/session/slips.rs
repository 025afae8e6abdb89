//! Ties the slip of a card terminal or an Octopus reader to the receipt that it paid.
//!
//! Either is printed first. The later one names the earlier: the same amount, within two minutes,
//! on the same printer, and each belongs to one other at most.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::event::{EventId, Kind, Method, Receipt};
use crate::limits::MAX_RECENT_SALES;
use crate::money::Amount;

/// How long after one the other is printed at the latest: 2 min in nanoseconds.
const WINDOW_NS: u64 = 120_000_000_000;
/// Most amounts of one receipt that a slip may be about.
const MAX_AMOUNTS: usize = 4;

/// Receipts and slips of one printer that have no counterpart yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slips {
    waiting: VecDeque<Paid>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Paid {
    id: EventId,
    mono: u64,
    slip: bool,
    amounts: Vec<Amount>,
}

impl Slips {
    /// The paper that this one belongs to. Where there is none, it waits for it.
    pub(super) fn counterpart(
        &mut self,
        id: EventId,
        mono: u64,
        kind: Kind,
        receipt: &Receipt,
    ) -> Option<EventId> {
        let slip = match kind {
            Kind::Sale => false,
            Kind::CardSlip => true,
            _ => return None,
        };
        let cashless = receipt.payments.iter().filter(|payment| payment.method != Method::Cash);
        let mut amounts: Vec<Amount> = cashless.filter_map(|payment| payment.amount).collect();
        // A sale that cash paid has no slip.
        let all_cash = !receipt.payments.is_empty() && amounts.is_empty();
        amounts.extend(receipt.total.filter(|_| slip || !all_cash));
        amounts.truncate(MAX_AMOUNTS);
        if amounts.is_empty() {
            return None;
        }
        self.waiting.retain(|paid| mono.saturating_sub(paid.mono) <= WINDOW_NS);
        let fits = |paid: &Paid| {
            paid.slip != slip && paid.amounts.iter().any(|amount| amounts.contains(amount))
        };
        if let Some(at) = self.waiting.iter().rposition(fits) {
            return self.waiting.remove(at).map(|paid| paid.id);
        }
        if self.waiting.len() >= MAX_RECENT_SALES {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Paid { id, mono, slip, amounts });
        None
    }
}
