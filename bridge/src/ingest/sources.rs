//! The sources being read, and which of them there is something to do for: of two thousand tills a
//! few print at a time, and a turn must not cost a look at all the others.
//!
//! It reads no ring and writes no journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pos_protocol::event::Event;
use pos_protocol::time::Timestamp;

use super::source::Source;
use crate::journal::{Chunk, SessionRow};
use crate::ring::Record;

/// Sources by name.
#[derive(Default)]
pub(super) struct Sources {
    all: BTreeMap<Arc<str>, Watched>,
    /// Those that something has happened to since their last row.
    changed: BTreeSet<Arc<str>>,
    /// The deadlines of all, earliest first.
    due: BTreeSet<(u64, Arc<str>)>,
}

/// A source, and its deadline as it stands in [`Sources::due`], on the clock that does not jump.
struct Watched {
    source: Source,
    due: Option<u64>,
}

impl Sources {
    /// One more.
    pub(super) fn insert(&mut self, name: &str, source: Source) {
        let name: Arc<str> = name.into();
        self.act(&name, || source, |_| ());
    }

    /// Gives a record to the source that heard it; one that was not heard before is a `new` one.
    pub(super) fn take(
        &mut self,
        record: Record,
        new: impl FnOnce(&str) -> Source,
    ) -> (Chunk, Vec<Event>) {
        let name = record.lane.source.as_str();
        let known = self.all.get_key_value(name);
        let name = known.map_or_else(|| Arc::from(name), |(name, _)| Arc::clone(name));
        self.act(&name, || new(&name), |source| (source.take(record), source.events()))
    }

    /// Fires every deadline up to `now`; `None` where there was none.
    pub(super) fn fire(&mut self, now: Timestamp) -> Option<Vec<Event>> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now.mono);
        // In the order of names, whatever their deadlines.
        let due: BTreeSet<Arc<str>> = due.map(|(_, name)| Arc::clone(name)).collect();
        let fire = |source: &mut Source| source.fire(now);
        (!due.is_empty()).then(|| due.iter().flat_map(|name| self.on(name, &fire)).collect())
    }

    /// The earliest deadline, on the clock that does not jump.
    pub(super) fn soonest(&self) -> Option<u64> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Does something to every source, and returns their events.
    pub(super) fn each(&mut self, act: impl Fn(&mut Source)) -> Vec<Event> {
        let names: Vec<Arc<str>> = self.all.keys().map(Arc::clone).collect();
        names.iter().flat_map(|name| self.on(name, &act)).collect()
    }

    /// The rows of those that have changed. All events must have been fetched.
    pub(super) fn rows(&mut self) -> Vec<SessionRow> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|name| self.all.get_mut(name)?.source.row()).collect()
    }

    fn on(&mut self, name: &Arc<str>, act: &impl Fn(&mut Source)) -> Vec<Event> {
        let Some(watched) = self.all.get_mut(name) else { return Vec::new() };
        act(&mut watched.source);
        let events = watched.source.events();
        self.moved(name);
        events
    }

    fn act<T>(
        &mut self,
        name: &Arc<str>,
        new: impl FnOnce() -> Source,
        act: impl FnOnce(&mut Source) -> T,
    ) -> T {
        let new = || Watched { source: new(), due: None };
        let done = act(&mut self.all.entry(Arc::clone(name)).or_insert_with(new).source);
        self.moved(name);
        done
    }

    /// Something has happened to a source: notes it, and its deadline.
    fn moved(&mut self, name: &Arc<str>) {
        let Some(watched) = self.all.get_mut(name) else { return };
        let due = watched.source.session.poll_timeout().map(|due| due.mono);
        let was = std::mem::replace(&mut watched.due, due);
        if was != due {
            was.map(|was| self.due.remove(&(was, Arc::clone(name))));
            due.map(|due| self.due.insert((due, Arc::clone(name))));
        }
        if !self.changed.contains(name) {
            self.changed.insert(Arc::clone(name));
        }
    }
}
