//! What a profile would change on a till's last receipts: the journal's bytes read twice, as they are
//! read today and by the profile.
//!
//! Both readings begin in the same place, so that what differs is the profile's doing. It writes
//! nothing, and looks at a bounded number of receipts for as long as it is let.

use std::collections::BTreeMap;

use pos_protocol::event::{Event, EventId, Kind, SessionId, Verdict};
use pos_protocol::profile::Profile;

use crate::config::Config;
use crate::ingest::{Again, Place};
use crate::journal::{JournalError, JournalReader};
use crate::operate::compare::{Change, changes};
use crate::privacy::redact_event;

/// Events read at once while the last receipts are looked for.
const PAGE: usize = 256;
/// Most events looked at for a till's last receipts: other tills print too.
const MAX_EVENTS: usize = 8_000;
/// Most pages of chunks of one epoch: what other connections sent at the same time is among them.
const MAX_PAGES: usize = 400;

/// A receipt that would be read otherwise. Redacted.
#[derive(Clone, Debug)]
pub struct Changed {
    /// As it is read today.
    pub was: Event,
    /// As it would be.
    pub now: Event,
    /// What differs.
    pub changes: Vec<Change>,
}

/// How well receipts are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// They add up.
    pub balanced: usize,
    /// They do not.
    pub off: usize,
    /// Printed, and no transaction or not understood.
    pub unread: usize,
}

/// The comparison.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Receipts read twice.
    pub looked: usize,
    /// Those that would be read otherwise, the newest first.
    pub changed: Vec<Changed>,
    /// As they are read today.
    pub before: Tally,
    /// As they would be.
    pub after: Tally,
    /// Whether time ran out.
    pub cut_short: bool,
}

/// Reads the last `most` receipts of `source` by `profile`, for as long as `goes_on` says so.
pub fn trial(
    reader: &JournalReader,
    config: &Config,
    source: &str,
    profile: &Profile,
    most: usize,
    goes_on: &mut dyn FnMut() -> bool,
) -> Result<Trial, JournalError> {
    let mut out = Trial::default();
    let uuid = reader.uuid()?;
    let newest = reader.epochs()?.into_iter().filter(|(name, _)| name == source);
    let newest = newest.map(|(_, epoch)| epoch).max().unwrap_or_default();
    // The newest epoch first: where time runs out, what is left is the oldest.
    for (epoch, papers) in last_papers(reader, source, most)?.into_iter().rev() {
        let id = SessionId { journal: uuid.clone(), source: source.to_owned(), epoch };
        let mut both = [None, Some(profile)].map(|with| Again::new(id.clone(), config, with));
        let mut read: [BTreeMap<EventId, Event>; 2] = Default::default();
        let wanted = |event: &Event| papers.iter().any(|paper| paper.id == event.id);
        let Some(mut after) = first_chunk(reader, source, &papers)? else { continue };
        for _ in 0..MAX_PAGES {
            if !goes_on() {
                out.cut_short = true;
                break;
            }
            let page = reader.chunks_after(source, epoch, after)?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for (again, read) in both.iter_mut().zip(&mut read) {
                let events = page.iter().flat_map(|stored| again.read(&stored.chunk));
                read.extend(events.filter(wanted).map(|event| (event.id, event)));
            }
        }
        for (again, read) in both.into_iter().zip(&mut read) {
            let events = again.end(epoch != newest).into_iter();
            read.extend(events.filter(wanted).map(|event| (event.id, event)));
        }
        let [was, mut now] = read;
        for paper in papers.iter().rev() {
            let (Some(was), Some(now)) = (was.get(&paper.id), now.remove(&paper.id)) else {
                continue;
            };
            out.note(was, &now);
        }
        if out.cut_short {
            break;
        }
    }
    Ok(out)
}

impl Trial {
    fn note(&mut self, was: &Event, now: &Event) {
        self.looked += 1;
        self.before.count(was);
        self.after.count(now);
        if changes(was, now).is_empty() {
            return;
        }
        let (was, now) = (redact_event(was.clone()), redact_event(now.clone()));
        let changes = changes(&was, &now);
        self.changed.push(Changed { was, now, changes });
    }
}

impl Tally {
    fn count(&mut self, event: &Event) {
        match (event.verdict, event.kind) {
            (Some(Verdict::Balanced), _) => self.balanced += 1,
            (Some(Verdict::Off), _) => self.off += 1,
            (_, Kind::Unread | Kind::Document) => self.unread += 1,
            _ => {}
        }
    }
}

/// Papers by their epoch, oldest first.
type Papers = BTreeMap<u64, Vec<Event>>;

fn last_papers(reader: &JournalReader, source: &str, most: usize) -> Result<Papers, JournalError> {
    let (mut found, mut count, mut before) = (Papers::new(), 0, i64::MAX);
    for _ in 0..MAX_EVENTS / PAGE {
        let page = reader.events_before(before, PAGE)?;
        let Some(last) = page.last() else { break };
        before = last.seq;
        for stored in &page {
            // One of a newer version cannot be compared with.
            let Ok(event) = stored.event() else { continue };
            let printed =
                event.source == source && event.text.is_some() && event.kind != Kind::Correction;
            let place = event.evidence.as_ref().and_then(|e| Place::parse(e, source));
            if let Some(place) = place.filter(|_| printed && count < most) {
                found.entry(place.epoch).or_default().push(event);
                count += 1;
            }
        }
        if count >= most {
            break;
        }
    }
    for papers in found.values_mut() {
        papers.reverse();
    }
    Ok(found)
}

/// The chunk before the first paper whose bytes are still there.
fn first_chunk(
    reader: &JournalReader,
    source: &str,
    papers: &[Event],
) -> Result<Option<i64>, JournalError> {
    for paper in papers {
        let Some(evidence) = &paper.evidence else { continue };
        let Some(place) = Place::parse(evidence, source) else { continue };
        let Ok(seen) = paper.observed_at.parse() else { continue };
        let around = evidence.start..evidence.end;
        let chunks = reader.chunks_of_paper(source, place.epoch, place.conn, around, seen)?;
        if let Some(first) = chunks.first() {
            return Ok(Some(first.id - 1));
        }
    }
    Ok(None)
}
