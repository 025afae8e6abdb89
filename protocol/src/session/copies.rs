//! Recognises a receipt that is printed a second time without being marked as a copy.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::event::{EventId, PrintedAt, Receipt};
use crate::limits::MAX_RECENT_SALES;
use crate::money::Amount;

/// How long after the first print a second one is taken for a copy: 10 min in nanoseconds.
const WINDOW_NS: u64 = 600_000_000_000;

/// The last sales of one printer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copies {
    recent: VecDeque<Printed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Printed {
    id: EventId,
    mono: u64,
    merchant: Option<String>,
    number: String,
    at: PrintedAt,
    total: Amount,
}

impl Copies {
    /// The sale that `receipt` repeats. Where there is none, it is remembered as a first print.
    pub(super) fn original(
        &mut self,
        id: EventId,
        mono: u64,
        receipt: &Receipt,
    ) -> Option<EventId> {
        // Without number and time two equal receipts may well be two sales.
        let (Some(number), Some(at), Some(total)) =
            (&receipt.number, receipt.printed_at, receipt.total)
        else {
            return None;
        };
        self.recent.retain(|sale| mono.saturating_sub(sale.mono) <= WINDOW_NS);
        let same = |sale: &&Printed| {
            sale.number == *number
                && sale.at == at
                && sale.total == total
                && sale.merchant == receipt.merchant
        };
        let original = self.recent.iter().find(same).map(|sale| sale.id);
        if original.is_none() {
            if self.recent.len() >= MAX_RECENT_SALES {
                self.recent.pop_front();
            }
            let (merchant, number) = (receipt.merchant.clone(), number.clone());
            self.recent.push_back(Printed { id, mono, merchant, number, at, total });
        }
        original
    }

    /// The sale that a marked copy repeats, if it was printed here lately. The copy may carry the
    /// time of its own print.
    pub(super) fn printed_before(&self, receipt: &Receipt) -> Option<EventId> {
        let (Some(number), Some(total)) = (&receipt.number, receipt.total) else { return None };
        let same = |sale: &&Printed| {
            sale.number == *number && sale.total == total && sale.merchant == receipt.merchant
        };
        self.recent.iter().rev().find(same).map(|sale| sale.id)
    }
}
