//! What the ring owes: losses counted per source until there is room to say so.

use pos_protocol::time::Timestamp;

use super::format::record_len;
use super::record::{Gap, GapReason};

/// Losses in the order in which they began. At most one per source, and sources are configured.
#[derive(Debug, Default)]
pub(super) struct Owed {
    losses: Vec<Loss>,
}

/// What one source lost since the ring filled up.
#[derive(Debug)]
pub(super) struct Loss {
    pub(super) source: String,
    /// When the first lost record was taken off the wire.
    pub(super) since: Timestamp,
    pub(super) gap: Gap,
}

impl Owed {
    pub(super) fn count(&mut self, source: &str, at: Timestamp, bytes: usize) {
        let known = self.losses.iter().position(|loss| loss.source == source);
        let index = known.unwrap_or_else(|| {
            let gap = Gap::unknown(GapReason::RingFull);
            self.losses.push(Loss { source: source.to_owned(), since: at, gap });
            self.losses.len() - 1
        });
        let gap = &mut self.losses[index].gap;
        gap.bytes = gap.bytes.saturating_add(bytes as u64);
        gap.records = gap.records.saturating_add(1);
    }

    /// Bytes that the gap records of all losses take.
    pub(super) fn len(&self) -> usize {
        let payload = Gap::unknown(GapReason::RingFull).payload().len();
        self.losses.iter().map(|loss| record_len(&loss.source, payload)).sum()
    }

    pub(super) fn oldest(&self) -> Option<&Loss> {
        self.losses.first()
    }

    /// Forgets the oldest loss, once it is on record.
    pub(super) fn settle_oldest(&mut self) {
        self.losses.remove(0);
    }
}
