//! A bridge broken on purpose: it loses, doubles and alters what was read, so that tests can show
//! that somebody notices. Only in builds with the feature `sabotage`, which no shop gets.
//!
//! Events with a receipt are counted, across everything that ingest commits in the life of the
//! process; what a drawer or a printer does is left alone.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use pos_protocol::event::{Event, EventId};
use pos_protocol::money::Amount;

/// What an altered total is too high by, in minor units.
const ALTERED_BY: i64 = 100;

/// How often what happens to the events; never where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sabotage {
    drop: Option<u64>,
    double: Option<u64>,
    alter: Option<u64>,
}

/// Why a sabotage cannot be understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected drop=N,double=N,alter=N with N from 1, any of them, found {0:?}")]
pub struct BadSabotage(String);

impl FromStr for Sabotage {
    type Err = BadSabotage;

    fn from_str(text: &str) -> Result<Self, BadSabotage> {
        let bad = || BadSabotage(text.to_owned());
        let mut sabotage = Self::default();
        for part in text.split(',') {
            let (what, every) = part.split_once('=').ok_or_else(bad)?;
            let every = every.parse().ok().filter(|every| *every > 0).ok_or_else(bad)?;
            let place = match what {
                "drop" => &mut sabotage.drop,
                "double" => &mut sabotage.double,
                "alter" => &mut sabotage.alter,
                _ => return Err(bad()),
            };
            *place = Some(every);
        }
        Ok(sabotage)
    }
}

impl Sabotage {
    /// What becomes of the `count`-th event. One that is dropped is not doubled or altered.
    fn of(self, count: u64, mut event: Event) -> Vec<Event> {
        let due = |every: Option<u64>| every.is_some_and(|every| count.is_multiple_of(every));
        if due(self.drop) {
            return Vec::new();
        }
        if due(self.alter)
            && let Some(total) = event.receipt.as_mut().and_then(|receipt| receipt.total.as_mut())
        {
            *total = Amount::new(total.minor() + ALTERED_BY, total.digits());
        }
        if due(self.double) {
            return vec![Event { id: another(event.id), ..event.clone() }, event];
        }
        vec![event]
    }
}

/// Another id, always the same: under its own an event is written only once.
fn another(id: EventId) -> EventId {
    let (first, rest) = (&id.to_string()[..1], &id.to_string()[1..]);
    let other = if first == "0" { "1" } else { "0" };
    EventId::parse(&format!("{other}{rest}")).unwrap_or(id)
}

/// The order of this process, and how many events it has seen.
static ORDER: Mutex<(Option<Sabotage>, u64)> = Mutex::new((None, 0));

/// From now on this process is broken.
pub fn order(sabotage: Sabotage) {
    ORDER.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(sabotage);
}

/// What leaves ingest in place of `events`.
pub(super) fn spoiled(events: Vec<Event>) -> Vec<Event> {
    let mut order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some(sabotage), seen) = &mut *order else { return events };
    let spoil = |event: Event| {
        if event.receipt.is_none() {
            return vec![event];
        }
        *seen += 1;
        sabotage.of(*seen, event)
    };
    events.into_iter().flat_map(spoil).collect()
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, EventId, Kind, Receipt, SCHEMA};
    use pos_protocol::money::Amount;

    use super::Sabotage;

    fn sale() -> Event {
        Event {
            schema: SCHEMA,
            id: EventId::parse(&"5".repeat(32)).expect("32 hex digits"),
            source: "counter-1".into(),
            observed_at: "2026-11-21T04:00:00.000Z".into(),
            kind: Kind::Sale,
            test: false,
            related: None,
            corrects: None,
            receipt: Some(Receipt { total: Some(Amount::new(3600, 2)), ..Receipt::default() }),
            report: None,
            drawer: None,
            inventory: None,
            approval: None,
            printer: None,
            text: None,
            verdict: None,
            evidence: None,
        }
    }

    #[test]
    fn only_every_so_manieth_event_is_spoiled() {
        let sabotage: Sabotage = "drop=5,double=7,alter=9".parse().expect("a sabotage");
        for count in 1..=100 {
            let left = sabotage.of(count, sale());
            let total = |event: &Event| event.receipt.as_ref().and_then(|receipt| receipt.total);
            let altered = left.iter().any(|event| total(event) == Some(Amount::new(3700, 2)));
            let kept = count % 5 != 0;
            assert_eq!(left.is_empty(), !kept, "{count}");
            assert_eq!(left.len() == 2, kept && count % 7 == 0, "{count}");
            assert_eq!(altered, kept && count % 9 == 0, "{count}");
            if let [first, second] = left.as_slice() {
                assert_ne!(first.id, second.id);
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in ["", "drop", "drop=0", "drop=x", "lose=5", "drop=5;double=7"] {
            assert!(text.parse::<Sabotage>().is_err(), "{text:?}");
        }
    }
}
