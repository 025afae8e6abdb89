//! Which event of the journal is which slip.
//!
//! First by source and number; what is left, by its place between slips that were found; what is
//! left then, by number and amount at another till. Nothing is judged here.

use std::collections::HashMap;

use pos_protocol::event::{Event, Kind};

use super::paper::{self, is_about_a_slip, total};
use super::record::{Journalled, Slip};
use super::told::number;

/// Events that are looked at for one slip that has none of its number.
const MOST_LOOKED_AT: usize = 64;

/// Who belongs to whom.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// By slip: its event.
    pub(super) event_of: Vec<Option<usize>>,
    /// By slip: events that say the same once more.
    pub(super) again: Vec<Vec<usize>>,
    /// By event: its slip.
    pub(super) slip_of: Vec<Option<usize>>,
    /// By source: its slips.
    slips: HashMap<String, Vec<usize>>,
    /// By source: its events about slips.
    events: HashMap<String, Vec<usize>>,
}

/// Slips and events with one number at one till.
#[derive(Default)]
struct Same {
    slips: Vec<usize>,
    events: Vec<usize>,
}

impl Matching {
    /// Matches; `hurt` says of a slip whether its bytes may have been damaged or partly unheard.
    pub(super) fn of(slips: &[Slip], journal: &[Journalled], hurt: &[bool]) -> Self {
        let mut matching = Self {
            event_of: vec![None; slips.len()],
            again: vec![Vec::new(); slips.len()],
            slip_of: vec![None; journal.len()],
            ..Self::default()
        };
        for (index, slip) in slips.iter().enumerate() {
            matching.slips.entry(slip.event.source.clone()).or_default().push(index);
        }
        for (index, seen) in journal.iter().enumerate() {
            if is_about_a_slip(seen.event.kind) {
                matching.events.entry(seen.event.source.clone()).or_default().push(index);
            }
        }
        matching.by_number(slips, journal);
        matching.by_place(slips, journal, hurt);
        matching.at_other_tills(slips, journal);
        matching
    }

    fn pair(&mut self, slip: usize, event: usize) {
        self.event_of[slip] = Some(event);
        self.slip_of[event] = Some(slip);
    }

    fn by_number(&mut self, slips: &[Slip], journal: &[Journalled]) {
        let mut groups: HashMap<(&str, &str), Same> = HashMap::new();
        for (index, slip) in slips.iter().enumerate() {
            if let Some(number) = number(&slip.event) {
                groups.entry((&slip.event.source, number)).or_default().slips.push(index);
            }
        }
        for (index, seen) in journal.iter().enumerate() {
            let key = number(&seen.event).map(|number| (seen.event.source.as_str(), number));
            if let Some(same) = key.and_then(|key| groups.get_mut(&key))
                && is_about_a_slip(seen.event.kind)
            {
                same.events.push(index);
            }
        }
        // The best agreement first: each is taken from what the better ones left.
        let agreements: [fn(&Event, &Event) -> bool; 4] = [
            |slip, read| {
                slip.kind == read.kind && total(slip) == total(read) && !paper::is_torn(read)
            },
            |slip, read| slip.kind == read.kind && total(slip) == total(read),
            |slip, read| slip.kind == read.kind,
            |slip, read| total(slip) == total(read) && read.kind != Kind::Reprint,
        ];
        for same in groups.values() {
            for agrees in agreements {
                for slip in same.slips.iter().copied() {
                    let free = same.events.iter().copied().find(|event| {
                        self.slip_of[*event].is_none()
                            && agrees(&slips[slip].event, &journal[*event].event)
                    });
                    if let (None, Some(event)) = (self.event_of[slip], free) {
                        self.pair(slip, event);
                    }
                }
            }
            self.doubles(same, slips, journal);
        }
    }

    /// Events of a kind that a slip of that number has, beyond one for each.
    fn doubles(&mut self, same: &Same, slips: &[Slip], journal: &[Journalled]) {
        for event in same.events.iter().copied() {
            let read = &journal[event].event;
            let own = same.slips.iter().copied().find(|slip| slips[*slip].event.kind == read.kind);
            if let (None, Some(slip), false) = (self.slip_of[event], own, paper::is_torn(read)) {
                self.slip_of[event] = Some(slip);
                self.again[slip].push(event);
            }
        }
    }

    /// What has no partner, by what stands before and behind it at its till.
    fn by_place(&mut self, slips: &[Slip], journal: &[Journalled], hurt: &[bool]) {
        for (source, own) in &self.slips {
            let Some(events) = self.events.get(source) else { continue };
            let free: Vec<usize> =
                events.iter().copied().filter(|event| self.slip_of[*event].is_none()).collect();
            if free.is_empty() {
                continue;
            }
            let mut behind = vec![usize::MAX; own.len() + 1];
            for at in (0..own.len()).rev() {
                behind[at] = behind[at + 1].min(self.event_of[own[at]].unwrap_or(usize::MAX));
            }
            let mut before = None;
            for (at, slip) in own.iter().copied().enumerate() {
                if let Some(event) = self.event_of[slip] {
                    before = before.max(Some(event));
                    continue;
                }
                let from = free.partition_point(|event| Some(*event) <= before);
                let between = free[from..].iter().copied().take_while(|event| *event < behind[at]);
                let partner = between.take(MOST_LOOKED_AT).find(|event| {
                    let read = &journal[*event].event;
                    self.slip_of[*event].is_none() && may_be(&slips[slip].event, read, hurt[slip])
                });
                if let Some(event) = partner {
                    self.event_of[slip] = Some(event);
                    self.slip_of[event] = Some(slip);
                    before = Some(event);
                }
            }
        }
    }

    /// What has no partner, at another till.
    fn at_other_tills(&mut self, slips: &[Slip], journal: &[Journalled]) {
        let mut free: HashMap<(Kind, &str, Option<String>), Vec<usize>> = HashMap::new();
        for (index, seen) in journal.iter().enumerate().rev() {
            if let (None, Some(number)) = (self.slip_of[index], number(&seen.event)) {
                free.entry((seen.event.kind, number, sum(&seen.event))).or_default().push(index);
            }
        }
        for (index, slip) in slips.iter().enumerate() {
            let event = &slip.event;
            if let (None, Some(number)) = (self.event_of[index], number(event))
                && let Some(found) = free.get_mut(&(event.kind, number, sum(event)))
                && let Some(other) = found.pop()
            {
                self.pair(index, other);
            }
        }
    }

    /// Whether `event` stands beside a slip for which `holds`: the last that was found before it, the
    /// first behind it, or one between them.
    pub(super) fn is_beside(
        &self,
        event: usize,
        source: &str,
        holds: impl Fn(usize) -> bool,
    ) -> bool {
        let (Some(slips), Some(events)) = (self.slips.get(source), self.events.get(source)) else {
            return false;
        };
        let at = events.partition_point(|other| *other < event);
        let known = |other: &usize| self.slip_of[*other];
        let before = events[..at].iter().rev().take(MOST_LOOKED_AT).find_map(known);
        let behind = events[at..].iter().take(MOST_LOOKED_AT).find_map(known);
        if before.is_none() && at > MOST_LOOKED_AT {
            return false;
        }
        let from = before.map_or(0, |slip| slips.partition_point(|other| *other < slip));
        let to = behind.map_or(slips.len(), |slip| slips.partition_point(|other| *other <= slip));
        slips.get(from..to).is_some_and(|slips| slips.iter().any(|slip| holds(*slip)))
    }

    /// The slip printed before `slip` at its till.
    pub(super) fn previous(&self, slip: usize, source: &str) -> Option<usize> {
        let slips = self.slips.get(source)?;
        let at = slips.partition_point(|other| *other < slip);
        slips.get(at.checked_sub(1)?).copied()
    }

    /// The events of a source that are about slips.
    pub(super) fn events_of(&self, source: &str) -> &[usize] {
        self.events.get(source).map_or(&[], Vec::as_slice)
    }
}

/// The total, as it is written.
fn sum(event: &Event) -> Option<String> {
    total(event).map(|total| total.to_string())
}

/// Whether an event without the slip's number may be the slip all the same.
fn may_be(slip: &Event, read: &Event, hurt: bool) -> bool {
    match number(slip) {
        // A drawer that was opened by hand and left no slip.
        None => slip.kind == read.kind && number(read).is_none(),
        Some(_) if hurt => read.kind != Kind::Reprint || slip.kind == Kind::Reprint,
        Some(_) => {
            slip.kind == read.kind && total(slip) == total(read) && total(slip).is_some()
                || slip.kind == read.kind && slip.report.is_some()
        }
    }
}
