//! The outbox as it should be, in memory: what the journal's [property](super::model) compares with.

use std::collections::BTreeMap;

use super::{OutboxState, Recovered};

/// How an attempt ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// Delivered.
    Ok,
    /// Refused for now, definitely.
    Fail,
    /// Nobody can tell.
    Unknown,
    /// Refused for what it says.
    Refused,
    /// Refused until a person mends something.
    Parked,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Event(u64),
    Alarm,
    Digest,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: What,
    pub(super) state: OutboxState,
    pub(super) created_ms: i64,
    /// Attempts whose start was answered with a number, so that a request could have gone out.
    pub(super) sends: i64,
    /// The carrier and the key of a request that may have arrived or is about to go.
    pub(super) bound: Option<(String, String)>,
    pub(super) digest: Option<i64>,
}

/// All rows, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outbox {
    pub(super) rows: BTreeMap<i64, Row>,
    /// Highest id seen.
    pub(super) last: i64,
}

impl Outbox {
    pub(super) fn add(&mut self, id: i64, what: What, created_ms: i64) {
        self.last = id;
        let (state, sends) = (OutboxState::Queued, 0);
        let row = Row { what, state, created_ms, sends, bound: None, digest: None };
        self.rows.insert(id, row);
    }

    /// Whether this event has a row, delivered and forgotten ones aside.
    pub(super) fn of_event(&self, number: u64) -> Option<&Row> {
        self.rows.values().find(|row| row.what == What::Event(number))
    }

    /// Sales that a digest may take.
    pub(super) fn fresh(&self) -> Vec<i64> {
        let fresh = |row: &Row| {
            row.state == OutboxState::Queued
                && row.bound.is_none()
                && matches!(row.what, What::Event(_))
        };
        self.rows.iter().filter(|(_, row)| fresh(row)).map(|(id, _)| *id).collect()
    }

    /// `ids` are the digests' own, in order.
    pub(super) fn merge(
        &mut self,
        ids: &[i64],
        parts: &[(Vec<i64>, String)],
        carrier: &str,
        now_ms: i64,
    ) {
        let told = parts.iter().filter(|(members, _)| !members.is_empty());
        assert_eq!(ids.len(), told.clone().count(), "a digest a part");
        for ((members, uuid), &digest) in told.zip(ids) {
            self.add(digest, What::Digest, now_ms);
            self.row(digest).bound = Some((carrier.to_owned(), uuid.clone()));
            for member in members {
                let row = self.row(*member);
                (row.state, row.digest) = (OutboxState::Merged, Some(digest));
            }
        }
    }

    pub(super) fn begin(&mut self, id: i64, carrier: &str, uuid: &str) {
        let row = self.row(id);
        (row.state, row.sends) = (OutboxState::Sending, row.sends + 1);
        row.bound = Some((carrier.to_owned(), uuid.to_owned()));
    }

    pub(super) fn finish(&mut self, id: i64, end: End) {
        let digest = self.rows[&id].what == What::Digest;
        let (state, free) = match end {
            End::Ok => (OutboxState::Delivered, false),
            End::Unknown => (OutboxState::Queued, false),
            End::Fail => (OutboxState::Queued, true),
            End::Parked => (OutboxState::Parked, true),
            // Of a digest it is one member, and nobody knows which.
            End::Refused if digest => (OutboxState::Queued, true),
            End::Refused => (OutboxState::Dead, false),
        };
        if digest && free {
            self.take_apart(id, state);
            return self.take_unsent_apart();
        }
        let members = self.rows.values_mut().filter(|row| row.digest == Some(id));
        members.filter(|_| matches!(end, End::Ok)).for_each(|row| row.state = state);
        let row = self.row(id);
        row.state = state;
        if free {
            row.bound = None;
        }
    }

    fn take_apart(&mut self, digest: i64, to: OutboxState) {
        for row in self.rows.values_mut().filter(|row| row.digest == Some(digest)) {
            (row.state, row.digest) = (to, None);
        }
        self.row(digest).state = OutboxState::Dropped;
    }

    fn take_unsent_apart(&mut self) {
        let unsent = |row: &Row| {
            row.what == What::Digest && row.state == OutboxState::Queued && row.sends == 0
        };
        let ids: Vec<i64> =
            self.rows.iter().filter(|(_, row)| unsent(row)).map(|(id, _)| *id).collect();
        for id in ids {
            self.take_apart(id, OutboxState::Queued);
        }
    }

    pub(super) fn park(&mut self) -> usize {
        self.take_unsent_apart();
        self.turn(OutboxState::Queued, OutboxState::Parked)
    }

    pub(super) fn unpark(&mut self) -> usize {
        self.turn(OutboxState::Parked, OutboxState::Queued)
    }

    pub(super) fn recover(&mut self) -> Recovered {
        let unknown = self.turn(OutboxState::Sending, OutboxState::Queued);
        Recovered { unknown, unparked: self.unpark() }
    }

    /// Whether it did something.
    pub(super) fn retry(&mut self, id: i64) -> bool {
        let Some(row) = self.rows.get_mut(&id) else { return false };
        match row.state {
            OutboxState::Queued | OutboxState::Parked => {}
            OutboxState::Dead | OutboxState::Dropped if row.what != What::Digest => {
                row.bound = None;
            }
            _ => return false,
        }
        row.state = OutboxState::Queued;
        true
    }

    /// Whether it did something.
    pub(super) fn drop_out(&mut self, id: i64) -> bool {
        let droppable = [OutboxState::Queued, OutboxState::Parked, OutboxState::Dead];
        if self.rows.get(&id).is_none_or(|row| !droppable.contains(&row.state)) {
            return false;
        }
        if self.rows[&id].what == What::Digest {
            self.take_apart(id, OutboxState::Dropped);
        }
        self.row(id).state = OutboxState::Dropped;
        true
    }

    /// Every sale is somewhere a person can see, and a merged one has a digest that lives.
    pub(super) fn is_whole(&self) -> bool {
        let alive = |id: &i64| {
            let states = [OutboxState::Queued, OutboxState::Sending, OutboxState::Parked];
            self.rows.get(id).is_some_and(|row| states.contains(&row.state))
        };
        self.rows
            .values()
            .all(|row| (row.state == OutboxState::Merged) == row.digest.as_ref().is_some_and(alive))
    }

    fn turn(&mut self, from: OutboxState, to: OutboxState) -> usize {
        let rows = self.rows.values_mut().filter(|row| row.state == from);
        rows.map(|row| row.state = to).count()
    }

    fn row(&mut self, id: i64) -> &mut Row {
        self.rows.get_mut(&id).expect("a row of the model")
    }
}
