//! The drawer's sensor: what its level means, and what follows from its moves.
//!
//! Nobody is accused on thin evidence. A level means nothing before its polarity is configured or
//! learned; silence means "no change" only while the printer tells changes by itself; an opening
//! between two polls is laid to any kick between them.
//!
//! Not here: which sale a kick belongs to.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{HighMeans, Setup};
use crate::event::{DrawerState, EventId};
use crate::limits::MAX_PENDING_KICKS;
use crate::span::Span;
use crate::time::Timestamp;

/// How long after a kick the drawer may open because of it: 15 s in nanoseconds. The pulse waits
/// for whatever was sent before it, and a long picture takes that long to print.
pub const CONFIRM_NS: u64 = 15_000_000_000;

/// A move this soon after a kick was its doing, so the level after it means open: 1 s in
/// nanoseconds. A solenoid takes a quarter of a second, and nobody shuts a drawer faster.
pub const LEARN_NS: u64 = 1_000_000_000;

/// So long after the last kick a drawer is at rest: 30 s in nanoseconds.
pub const REST_NS: u64 = 30_000_000_000;

/// So much rest at one level, and twice what the other has, says that this level is closed: 5 min
/// in nanoseconds.
pub const REST_EVIDENCE_NS: u64 = 300_000_000_000;

/// A drawer that is only polled may have moved unseen between polls further apart than this: 60 s
/// in nanoseconds.
pub const POLL_GAP_NS: u64 = 60_000_000_000;

/// How long a kick is remembered for the paper that it stands on: 60 s in nanoseconds.
const KEPT_NS: u64 = 60_000_000_000;

/// Kicks of which each way are remembered; enough to outvote a mistake, few enough to unlearn.
const MAX_VOTES: i8 = 4;

/// Where something stands: a lane and an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// On the lane from the printer.
    pub answer: bool,
    /// The connection.
    pub conn: u64,
    /// The bytes.
    pub span: Span,
}

/// A level, as an answer gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Whether pin 3 is high.
    pub high: bool,
    /// Whether the printer told it by itself.
    pub unasked: bool,
    /// The answer.
    pub place: Place,
    /// When.
    pub at: Timestamp,
}

/// Something that follows from the sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensed {
    /// It was opened, and no kick explains it.
    ByKey,
    /// A kick that was told of did not open it.
    Unconfirmed {
        /// The kick.
        kick: Place,
        /// The event that told of the kick.
        told: EventId,
        /// When the waiting ended.
        at: Timestamp,
    },
    /// It has stood open too long.
    LeftOpen {
        /// The answer that showed it open.
        shown: Place,
        /// The event that told of the opening.
        related: Option<EventId>,
        /// Since when and how long is too long, together.
        at: Timestamp,
    },
    /// It is closed again, after somebody was told that it is open.
    Closed {
        /// The event that told so.
        related: EventId,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kicked {
    place: Place,
    at: Timestamp,
    state: DrawerState,
    /// When waiting for the sensor ends; absent where there is nothing to wait for.
    deadline: Option<u64>,
    told: Option<EventId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Opening {
    cause: Place,
    shown: Place,
    since: Timestamp,
    deadline: Option<u64>,
    related: Option<EventId>,
    /// The event that said to a person that it is open.
    alarm: Option<EventId>,
    left_open: bool,
}

/// Follows the sensor of one drawer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensor {
    last: Option<Sample>,
    last_kick: Option<u64>,
    /// Nanoseconds at rest, at the low and at the high level.
    rest: [u64; 2],
    /// Kicks that raised the level, less those that lowered it.
    votes: i8,
    kicks: VecDeque<Kicked>,
    opening: Option<Opening>,
    /// A kick was confirmed once: the sensor is there and works.
    works: bool,
}

impl Sensor {
    /// The drawer is told to open. With `timers`, an answer is waited for.
    pub fn kick(&mut self, place: Place, at: Timestamp, timers: bool) {
        self.last_kick = Some(at.mono.max(self.last_kick.unwrap_or(0)));
        self.kicks.retain(|kick| at.mono.saturating_sub(kick.at.mono) <= KEPT_NS);
        // One that is open already cannot confirm anything.
        let waits = timers && self.opening.is_none();
        let deadline = waits.then(|| at.mono.saturating_add(CONFIRM_NS));
        let mut state = DrawerState::Commanded;
        // A kick whose command was cut short is only recognised when nothing more comes.
        let early = |opening: &&mut Opening| opening.cause.answer && opening.since.mono >= at.mono;
        if let Some(opening) = self.opening.as_mut().filter(early) {
            opening.cause = place;
            state = DrawerState::Opened;
        }
        self.kicks.push_back(Kicked { place, at, state, deadline, told: None });
        if self.kicks.len() > MAX_PENDING_KICKS {
            self.kicks.pop_front();
        }
    }

    /// An answer shows the level.
    pub fn sample(&mut self, seen: Sample, setup: &Setup, timers: bool) -> Option<Sensed> {
        let before = self.last.replace(seen);
        if let Some(before) = before {
            self.learn(before, seen);
        }
        let closed_is_high = self.closed_is_high(setup)?;
        let open = seen.high != closed_is_high;
        let Some(before) = before else {
            // Since when it is so cannot be known.
            self.opening = None;
            return None;
        };
        match (before.high != closed_is_high, open) {
            (false, true) => self.opened(before, seen, setup, timers),
            (true, true) => self.still_open(before, seen, setup),
            (_, false) => {
                let alarm = self.opening.take()?.alarm?;
                Some(Sensed::Closed { related: alarm })
            }
        }
    }

    /// An event told of what stands at `place`; an `alarm` said to a person that it is open.
    pub fn told(&mut self, place: Place, id: EventId, alarm: bool) {
        for kick in self.kicks.iter_mut().filter(|kick| kick.place == place) {
            kick.told = Some(id);
        }
        if let Some(opening) = self.opening.as_mut().filter(|opening| opening.cause == place) {
            opening.related = Some(id);
            opening.alarm = opening.alarm.or(alarm.then_some(id));
        }
    }

    /// The drawer was left open, says this event.
    pub fn alarmed(&mut self, id: EventId) {
        if let Some(opening) = &mut self.opening {
            opening.alarm = Some(id);
        }
    }

    /// What is known of a kick.
    pub fn state(&self, place: Place) -> DrawerState {
        let kick = self.kicks.iter().find(|kick| kick.place == place);
        kick.map_or(DrawerState::Commanded, |kick| kick.state)
    }

    /// When [`expire`](Self::expire) has something to do.
    pub fn deadline(&self) -> Option<u64> {
        let kicks = self.kicks.iter().filter_map(|kick| kick.deadline);
        kicks.chain(self.opening.as_ref().and_then(|opening| opening.deadline)).min()
    }

    /// Ends the waiting that ends at `mono` or before. Unless changes are told unasked (`watched`)
    /// silence says nothing.
    pub fn expire(&mut self, mono: u64, setup: &Setup, watched: bool) -> Vec<Sensed> {
        let mut found = Vec::new();
        let closed = self.closed_is_high(setup);
        let shut = self.last.is_some_and(|last| Some(last.high) == closed);
        let shut = self.works && watched && shut;
        for kick in &mut self.kicks {
            if kick.deadline.take_if(|deadline| *deadline <= mono).is_none() || !shut {
                continue;
            }
            kick.state = DrawerState::Unconfirmed;
            if let Some(told) = kick.told {
                let at = kick.at.later(CONFIRM_NS);
                found.push(Sensed::Unconfirmed { kick: kick.place, told, at });
            }
        }
        if let Some(opening) = &mut self.opening {
            let due = opening.deadline.take_if(|deadline| *deadline <= mono);
            if let Some(due) = due.filter(|_| watched) {
                let at = opening.since.later(due.saturating_sub(opening.since.mono));
                found.push(opening.left_open(at));
            }
        }
        found
    }

    /// Bytes may be missing: a kick, or a move, may have gone unseen.
    pub fn gap(&mut self) {
        self.last = None;
        self.opening = None;
        self.kicks.clear();
    }

    fn closed_is_high(&self, setup: &Setup) -> Option<bool> {
        let [low, high] = self.rest;
        match setup.high_means {
            // A drawer with a port of its own says it in words.
            _ if setup.port.is_some() => Some(false),
            HighMeans::Open => Some(false),
            HighMeans::Closed => Some(true),
            HighMeans::Learn if self.votes != 0 => Some(self.votes < 0),
            HighMeans::Learn if low >= REST_EVIDENCE_NS && low / 2 > high => Some(false),
            HighMeans::Learn if high >= REST_EVIDENCE_NS && high / 2 > low => Some(true),
            HighMeans::Learn => None,
        }
    }

    fn learn(&mut self, before: Sample, seen: Sample) {
        let now = seen.at.mono;
        let moved = before.high != seen.high;
        if moved && self.last_kick.is_some_and(|kick| now.saturating_sub(kick) <= LEARN_NS) {
            let vote = if seen.high { 1 } else { -1 };
            // A kick that found the drawer open moved nothing: a person did.
            if self.opening.is_none() {
                self.votes = (self.votes + vote).clamp(-MAX_VOTES, MAX_VOTES);
            }
        }
        // Between polls that differ, it is not known which level lasted.
        if !moved || (before.unasked && seen.unasked) {
            let rests = self.last_kick.map_or(0, |kick| kick.saturating_add(REST_NS));
            let rested = now.saturating_sub(before.at.mono.max(rests));
            let sum = &mut self.rest[usize::from(before.high)];
            *sum = sum.saturating_add(rested);
        }
    }

    fn opened(
        &mut self,
        before: Sample,
        seen: Sample,
        setup: &Setup,
        timers: bool,
    ) -> Option<Sensed> {
        let polled = !(before.unasked && seen.unasked);
        let earliest = seen.at.mono.saturating_sub(CONFIRM_NS);
        let earliest = if polled { earliest.min(before.at.mono) } else { earliest };
        let mut kick = None;
        for kicked in &mut self.kicks {
            if kicked.state == DrawerState::Commanded && kicked.at.mono >= earliest {
                kicked.state = DrawerState::Opened;
                kicked.deadline = None;
                kick = Some((kicked.place, kicked.told));
            }
        }
        let left_open_ns = setup.left_open_ms.max(1).saturating_mul(1_000_000);
        self.opening = Some(Opening {
            cause: kick.map_or(seen.place, |(place, _)| place),
            shown: seen.place,
            since: seen.at,
            deadline: timers.then(|| seen.at.mono.saturating_add(left_open_ns)),
            related: kick.and_then(|(_, told)| told),
            alarm: None,
            left_open: false,
        });
        self.works |= kick.is_some();
        kick.is_none().then_some(Sensed::ByKey)
    }

    fn still_open(&mut self, before: Sample, seen: Sample, setup: &Setup) -> Option<Sensed> {
        let opening = self.opening.as_mut().filter(|opening| !opening.left_open)?;
        if !before.unasked && seen.at.mono.saturating_sub(before.at.mono) > POLL_GAP_NS {
            opening.since = seen.at;
        }
        let left_open_ns = setup.left_open_ms.max(1).saturating_mul(1_000_000);
        let long = seen.at.mono.saturating_sub(opening.since.mono) >= left_open_ns;
        (long && opening.deadline.is_none()).then(|| opening.left_open(seen.at))
    }
}

impl Opening {
    fn left_open(&mut self, at: Timestamp) -> Sensed {
        self.left_open = true;
        self.deadline = None;
        Sensed::LeftOpen { shown: self.shown, related: self.related, at }
    }
}

#[cfg(test)]
#[path = "sensor_tests.rs"]
mod tests;
