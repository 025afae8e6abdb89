//! Neighbouring records of a lane become one: a serial port hands its bytes over sixteen at a time,
//! and a row, a call and a commit for each would wear the card and the processor for nothing.
//!
//! The joined bytes carry the time of the first of them; they are told to the session and written to
//! the journal as one, so that a replay says the same. Not here: what the bytes mean.

use std::collections::HashMap;

use crate::ring::{Body, Record};

/// Records are joined where they were heard within this many nanoseconds: shorter than any silence
/// that ends a paper (100 ms at least), so that no deadline lies between them.
const JOIN_WITHIN_NS: u64 = 50_000_000;
/// Most bytes of a joined record: what the largest single one holds.
const MAX_JOINED_BYTES: usize = crate::ring::MAX_PAYLOAD_BYTES;

/// `records` with neighbours joined. What lies between two records of a source is a record of that
/// source; others are no concern of its lanes.
pub(super) fn joined(records: Vec<Record>) -> Vec<Record> {
    let mut out: Vec<Record> = Vec::with_capacity(records.len());
    let mut last: HashMap<String, usize> = HashMap::new();
    for record in records {
        let place = out.len();
        let Some(before) = last.get_mut(&record.lane.source) else {
            last.insert(record.lane.source.clone(), place);
            out.push(record);
            continue;
        };
        if !join(&mut out[*before], &record) {
            *before = place;
            out.push(record);
        }
    }
    out
}

/// Puts the bytes of `record` behind those of `before`, the last of its source, where they belong
/// together.
fn join(before: &mut Record, record: &Record) -> bool {
    let (Body::Data(bytes), Body::Data(more)) = (&mut before.body, &record.body) else {
        return false;
    };
    let belongs = before.lane == record.lane
        && before.boot == record.boot
        && record.at.mono.saturating_sub(before.at.mono) < JOIN_WITHIN_NS
        && bytes.len() + more.len() <= MAX_JOINED_BYTES;
    if belongs {
        bytes.extend_from_slice(more);
    }
    belongs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pos_protocol::time::Timestamp;
    use proptest::prelude::*;

    use super::{JOIN_WITHIN_NS, joined};
    use crate::ring::{Body, Direction, Lane, Record};

    fn record(source: &str, conn: u64, at_ms: u64, body: Body) -> Record {
        let lane = Lane { source: source.into(), direction: Direction::ToPrinter, conn };
        Record { seq: 1, at: Timestamp::new(at_ms * 1_000_000, 0), boot: [0; 16], lane, body }
    }

    fn data(source: &str, at_ms: u64, bytes: &str) -> Record {
        record(source, 1, at_ms, Body::Data(bytes.into()))
    }

    #[test]
    fn neighbours_of_a_lane_become_one_and_keep_the_first_time() {
        let found = joined(vec![data("a", 7, "on"), data("b", 8, "x"), data("a", 9, "e")]);
        assert_eq!(found, [data("a", 7, "one"), data("b", 8, "x")]);
    }

    #[test]
    fn what_comes_between_two_records_of_a_source_keeps_its_place() {
        let opened = record("a", 2, 8, Body::Opened);
        let apart = vec![data("a", 7, "on"), opened, data("a", 9, "e")];
        assert_eq!(joined(apart.clone()), apart);
        let later = vec![data("a", 7, "on"), data("a", 7 + JOIN_WITHIN_NS / 1_000_000, "e")];
        assert_eq!(joined(later.clone()), later);
        let full = vec![data("a", 7, &"x".repeat(super::MAX_JOINED_BYTES)), data("a", 7, "e")];
        assert_eq!(joined(full.clone()), full);
    }

    proptest! {
        #[test]
        fn every_byte_stays_on_its_lane_and_in_order(
            pieces in prop::collection::vec((0..3_u64, 0..2_u64, 0..40_u64, 1..40_usize, 0..8_u8), 0..60),
        ) {
            let mut now = 0;
            let records: Vec<Record> = pieces.into_iter().map(|(source, conn, pause, len, kind)| {
                now += pause;
                let body = if kind == 0 { Body::Opened } else { Body::Data(vec![kind; len]) };
                record(&source.to_string(), conn, now, body)
            }).collect();
            let told = |records: &[Record]| {
                let mut all: BTreeMap<(String, u64), Vec<u8>> = BTreeMap::new();
                for record in records {
                    let own = all.entry((record.lane.source.clone(), record.lane.conn)).or_default();
                    match &record.body {
                        Body::Data(bytes) => own.extend_from_slice(bytes),
                        _ => own.push(255),
                    }
                }
                all
            };
            let found = joined(records.clone());
            prop_assert_eq!(told(&found), told(&records));
            prop_assert!(found.len() <= records.len());
        }
    }
}
