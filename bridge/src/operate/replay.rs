//! Reads the journal's chunks again and says what would be read otherwise. Writes nothing.

use std::collections::BTreeMap;

use pos_protocol::event::{Event, EventId, Kind, SessionId};
use pos_protocol::profile::Profile;
use serde::Serialize;

use super::compare::{Change, changes};
use crate::config::Config;
use crate::ingest::Again;
use crate::journal::{JournalError, JournalReader};

/// What to read again, and how.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// This source only.
    pub source: Option<&'a str>,
    /// Only events observed from this time on, RFC 3339 in UTC.
    pub since: Option<String>,
    /// Instead of each source's own profile.
    pub profile: Option<&'a Profile>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Read otherwise.
    Changed {
        /// As it was read.
        #[serde(skip)]
        was: Box<Event>,
        /// As it is read today.
        #[serde(skip)]
        now: Box<Event>,
        /// The original event.
        id: EventId,
        /// What differs.
        changes: Vec<Change>,
    },
    /// Read today, and not then.
    New {
        /// The event.
        event: Box<Event>,
    },
    /// Read then, and not today, though its bytes are there.
    Gone {
        /// The event.
        event: Box<Event>,
    },
}

/// The whole comparison.
#[derive(Debug, Default)]
pub struct Replayed {
    /// What is not as it was, oldest first within a source.
    pub outcomes: Vec<Outcome>,
    /// Events that are read as they were.
    pub same: usize,
}

/// Reads again what is wanted.
pub fn replay(
    reader: &JournalReader,
    config: &Config,
    wanted: &Wanted<'_>,
) -> Result<Replayed, JournalError> {
    let uuid = reader.uuid()?;
    let epochs = reader.epochs()?;
    let mut out = Replayed::default();
    for (source, epoch) in &epochs {
        if wanted.source.is_some_and(|name| name != source) {
            continue;
        }
        let over = epochs.iter().any(|(other, later)| other == source && later > epoch);
        let id = SessionId { journal: uuid.clone(), source: source.clone(), epoch: *epoch };
        let label = format!("{source}/{epoch}/");
        let mut before = originals(reader, source, &label)?;
        let (events, first) = read_epoch(reader, config, wanted, &id, over)?;
        for event in events {
            let was = before.remove(&event.id);
            out.note(was, event, wanted);
        }
        // Paper whose bytes were forgotten, wholly or in part, cannot be read again.
        before.retain(|_, event| kept(event, &first));
        let gone = before.into_values().filter(|event| wanted.takes(event));
        out.outcomes.extend(gone.map(|event| Outcome::Gone { event: Box::new(event) }));
    }
    Ok(out)
}

impl Wanted<'_> {
    fn takes(&self, event: &Event) -> bool {
        self.since.as_ref().is_none_or(|since| event.observed_at >= *since)
    }
}

impl Replayed {
    fn note(&mut self, was: Option<Event>, now: Event, wanted: &Wanted<'_>) {
        let Some(was) = was else {
            if wanted.takes(&now) {
                self.outcomes.push(Outcome::New { event: Box::new(now) });
            }
            return;
        };
        if !wanted.takes(&was) {
            return;
        }
        let changes = changes(&was, &now);
        if changes.is_empty() {
            self.same += 1;
        } else {
            let (id, was, now) = (was.id, Box::new(was), Box::new(now));
            self.outcomes.push(Outcome::Changed { was, now, id, changes });
        }
    }
}

/// First offset of each lane (as evidence labels it) whose bytes are still there.
type First = BTreeMap<String, u64>;

fn kept(event: &Event, first: &First) -> bool {
    let Some(evidence) = &event.evidence else { return false };
    first.get(&evidence.session).is_some_and(|start| evidence.start >= *start)
}

/// What the journal says of one epoch, corrections left out.
fn originals(
    reader: &JournalReader,
    source: &str,
    label: &str,
) -> Result<BTreeMap<EventId, Event>, JournalError> {
    let mut found = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = reader.events(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.seq;
        for stored in page {
            // One that cannot be read back is of a newer schema: nothing to compare with.
            let Ok(event) = stored.event() else { continue };
            let session = event.evidence.as_ref().map_or("", |evidence| &evidence.session);
            let ours = event.source == source && session.starts_with(label);
            if ours && event.kind != Kind::Correction {
                found.insert(event.id, event);
            }
        }
    }
}

/// Events read at once.
const PAGE: usize = 256;

fn read_epoch(
    reader: &JournalReader,
    config: &Config,
    wanted: &Wanted<'_>,
    id: &SessionId,
    over: bool,
) -> Result<(Vec<Event>, First), JournalError> {
    let (source, epoch) = (id.source.clone(), id.epoch);
    let mut again = Again::new(id.clone(), config, wanted.profile);
    let (mut events, mut first, mut after) = (Vec::new(), First::new(), 0);
    loop {
        let page = reader.chunks_after(&source, epoch, after)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for stored in &page {
            let chunk = &stored.chunk;
            let lane = match chunk.direction {
                crate::journal::Direction::ToPrinter => id.label(chunk.conn),
                crate::journal::Direction::FromPrinter => id.answer_label(chunk.conn),
            };
            first.entry(lane).or_insert(chunk.start);
            events.extend(again.read(chunk));
        }
    }
    events.extend(again.end(over));
    Ok((events, first))
}
