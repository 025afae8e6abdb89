//! One line of receipt numbers: how far it is, what it lacks, and how much that means. Pure.
//!
//! A line that skips numbers all day (sales without a receipt) is not held to its gaps. One that comes
//! in any order (numbers given when a table sits down, printed when it pays) is held to them once the
//! day is over and more receipts went by than any of its numbers was ever late.
//!
//! Which line a receipt belongs to is `series`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::series::{Heard, Sure};

/// Widest gap of a line that comes in order: further on is another line.
const MAX_GAP: u32 = 20;
/// Most receipts by which numbers of a line are taken to come late, and so the widest gap of one that
/// comes in any order: so many tables sit at once.
const MAX_LATE: u32 = 60;
/// Most missing numbers of one line; below the oldest that goes nothing is known. Twice as many as
/// tables: what did not come at all, and what other slips used up, is among them.
const MAX_MISSING: usize = 120;
/// Numbers that came for each gap that is believed: one receipt in eight that is not printed is a
/// habit.
const STEPS_A_GAP: u32 = 8;
/// At so many steps half of them, of the gaps and of the lateness is forgotten: habits change.
const MAX_STEPS: u32 = 160;
/// Steps by which a till shows that a line is its own too, and not like its own by chance.
const ESTABLISHED: u32 = 3;
/// Receipts by which numbers of two tills swap places on their way; later is out of order.
const SWAP: u32 = 1;
/// So much earlier may a line turn out to have begun, while it is no longer than one gap.
const EARLY: u32 = 4;

/// Numbers that one counter gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    first: i64,
    last: i64,
    /// The steps that each till made on it.
    by: BTreeMap<String, u32>,
    /// Numbers that came where they were expected, in order or late.
    steps: u32,
    gaps: u32,
    /// Receipts by which its numbers come late.
    #[serde(default, skip_serializing_if = "is_zero")]
    late: u32,
    pub(super) day: Date,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Missing>,
    /// Its first number was another line's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<Again>,
}

/// A number that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Missing {
    count: i64,
    /// Receipts of its tills since it was noticed.
    since: u32,
    /// Those of them after which it is not expected any more.
    #[serde(default, skip_serializing_if = "is_zero")]
    overdue: u32,
    day: Date,
    /// The day of the last of them.
    seen: Date,
    /// The event that left it out.
    event: String,
    /// Whether anything else explains it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    excused: bool,
    /// Whether too little was known of the line then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    doubted: bool,
}

/// A number that was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Again {
    since: u32,
    event: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Line {
    /// A line that begins with `heard`, in the habits of the one `before`.
    pub(super) fn begin(heard: &Heard<'_>, before: Option<&Self>, doubled: bool) -> Self {
        let mut by = BTreeMap::new();
        if let Some(before) = before.filter(|before| before.by.len() > 1) {
            let certain = before.by.iter().filter(|(_, steps)| **steps >= ESTABLISHED);
            by.extend(certain.map(|(till, steps)| (till.clone(), *steps)));
        }
        let steps = before.and_then(|line| line.by.get(heard.source)).copied();
        by.entry(heard.source.to_owned()).or_insert(steps.unwrap_or(0));
        Self {
            first: heard.count,
            last: heard.count,
            by,
            steps: before.map_or(0, |line| line.steps),
            gaps: before.map_or(0, |line| line.gaps),
            late: before.map_or(0, |line| line.late),
            day: heard.day,
            missing: Vec::new(),
            again: doubled.then(|| Again { since: 0, event: heard.event.to_owned() }),
        }
    }

    /// Whether `source` is one of its tills.
    pub(super) fn is_of(&self, source: &str) -> bool {
        self.by.contains_key(source)
    }

    /// Whether `source` is one of its tills for certain.
    pub(super) fn is_established(&self, source: &str) -> bool {
        self.by.get(source).is_some_and(|steps| *steps >= ESTABLISHED)
    }

    /// Whether no till but `source` took its numbers by chance.
    pub(super) fn is_shared_for_certain(&self, source: &str) -> bool {
        let mut others = self.by.iter().filter(|(till, _)| till.as_str() != source);
        others.all(|(_, steps)| *steps >= ESTABLISHED)
    }

    pub(super) fn is_repeat(&self) -> bool {
        self.again.is_some()
    }

    pub(super) fn is_next(&self, n: i64) -> bool {
        n == self.last + 1
    }

    pub(super) fn lacks(&self, n: i64) -> bool {
        self.missing.iter().any(|missing| missing.count == n)
    }

    /// Whether it lacks `n` and may get it still.
    pub(super) fn expects(&self, n: i64) -> bool {
        let longest = MAX_GAP.max(self.late);
        self.missing.iter().any(|missing| missing.count == n && missing.since <= longest)
    }

    /// Whether `n` leaves out no more than a line does.
    pub(super) fn reaches(&self, n: i64) -> bool {
        (1..=i64::from(MAX_GAP.max(self.late)) + 1).contains(&(n - self.last))
    }

    /// Whether `n` is a little before a beginning that was hardly one. Where tables sit, the first to
    /// pay is not the first that came.
    pub(super) fn began_before(&self, n: i64) -> bool {
        let (little, young) = (EARLY.max(self.late), MAX_GAP.max(self.late));
        self.last - self.first <= i64::from(young)
            && (1..=i64::from(little)).contains(&(self.first - n))
    }

    pub(super) fn covers(&self, n: i64) -> bool {
        (self.first..=self.last).contains(&n) && !self.lacks(n)
    }

    pub(super) fn is_believed(&self) -> bool {
        self.steps >= STEPS_A_GAP * (self.gaps + 1)
    }

    /// Whether it is hardly a line.
    pub(super) fn is_short(&self) -> bool {
        self.last - self.first < i64::from(EARLY)
    }

    pub(super) fn is_in_order(&self) -> bool {
        self.late <= SWAP
    }

    /// Another slip has the number.
    pub(super) fn excuse(&mut self, n: i64) {
        for missing in &mut self.missing {
            missing.excused |= missing.count == n;
        }
    }

    /// The number of `heard` is one of the line.
    pub(super) fn take(&mut self, heard: &Heard<'_>, is_mentioned: &dyn Fn(i64) -> bool) {
        let n = heard.count;
        self.again = None;
        let day = self.day.max(heard.day);
        let steps = self.by.entry(heard.source.to_owned()).or_default();
        if heard.excused && self.late > SWAP {
            // The paper that nobody could read may be any table's.
            for missing in self.missing.iter_mut().filter(|missing| missing.overdue == 0) {
                missing.excused = true;
            }
        }
        if n == self.last + 1 {
            *steps = (*steps + 1).min(ESTABLISHED);
            (self.last, self.day) = (n, day);
            self.step();
        } else if n > self.last {
            // What counts tables does not count openings of the drawer.
            let explained = self.is_in_order() && n - self.last - 1 <= heard.spare;
            let excused = heard.excused || explained;
            self.leave_out(self.last + 1..n, heard, &|count| excused || is_mentioned(count));
            self.gaps += u32::from(!explained);
            (self.last, self.day) = (n, day);
        } else if n < self.first {
            self.late = self.late.max(SWAP + 1);
            let (from, to) = (n + 1, self.first);
            (self.first, self.day) = (n, day);
            self.leave_out(from..to, heard, &|_| true);
        } else if let Some(at) = self.missing.iter().position(|missing| missing.count == n) {
            // It is of the day that left it out, and does not bring the line into the next.
            let late = self.missing.remove(at);
            let alone = !self.missing.iter().any(|missing| missing.event == late.event);
            self.gaps -= u32::from(alone && self.gaps > 0);
            self.step();
            self.late = self.late.max(late.since.min(MAX_LATE));
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        if self.steps >= MAX_STEPS {
            (self.steps, self.gaps, self.late) = (self.steps / 2, self.gaps / 2, self.late / 2);
        }
    }

    fn leave_out(
        &mut self,
        counts: Range<i64>,
        heard: &Heard<'_>,
        is_excused: &dyn Fn(i64) -> bool,
    ) {
        let doubted = !self.is_believed();
        self.missing.extend(counts.map(|count| Missing {
            count,
            since: 0,
            overdue: 0,
            day: heard.day,
            seen: heard.day,
            event: heard.event.to_owned(),
            excused: is_excused(count),
            doubted,
        }));
        self.missing.sort_by_key(|missing| missing.count);
        let over = self.missing.len().saturating_sub(MAX_MISSING);
        if let Some(gone) = self.missing.drain(..over).next_back() {
            self.first = gone.count + 1;
        }
    }

    /// One more receipt of its tills went by; what `after` of them make sure.
    pub(super) fn age(&mut self, heard: &Heard<'_>, after: u32) -> Vec<Sure> {
        // Two tills' numbers swap places: that is allowed for by `after`.
        let late = if self.is_in_order() { None } else { Some(self.late) };
        let mut due = Vec::new();
        for (at, missing) in self.missing.iter_mut().enumerate() {
            if missing.event != heard.event && missing.age(heard.day, late) {
                due.extend((missing.overdue == after).then_some(at));
            }
        }
        let mut sure: Vec<Sure> = Vec::new();
        for missing in due.into_iter().map(|at| &self.missing[at]) {
            if !self.is_sure(missing) {
                continue;
            }
            match sure.last_mut() {
                Some(Sure::Missing { to, event, .. })
                    if *to + 1 == missing.count && *event == missing.event =>
                {
                    *to = missing.count;
                }
                _ => sure.push(Sure::Missing {
                    from: missing.count,
                    to: missing.count,
                    event: missing.event.clone(),
                }),
            }
        }
        if let Some(again) = self.again.as_mut().filter(|again| again.event != heard.event) {
            again.since = again.since.saturating_add(1);
            if again.since == after {
                sure.push(Sure::Again { event: again.event.clone() });
            }
        }
        sure
    }

    /// Whether a number that did not come was left out, as far as the line has shown itself.
    fn is_sure(&self, missing: &Missing) -> bool {
        if missing.excused {
            return false;
        }
        if self.is_in_order() {
            return !missing.doubted;
        }
        // While tables sit, gaps say little: what is left of a day's when it is over does.
        let left = self
            .missing
            .iter()
            .filter(|other| other.day == missing.day && other.overdue > 0 && !other.excused);
        let gaps: BTreeSet<&str> = left.map(|other| other.event.as_str()).collect();
        self.steps as usize >= STEPS_A_GAP as usize * gaps.len()
    }
}

impl Missing {
    /// One more receipt went by; whether the number should have come before it. Out of order it may
    /// come until the day is over and `late` receipts have passed.
    fn age(&mut self, day: Date, late: Option<u32>) -> bool {
        self.since = self.since.saturating_add(1);
        self.seen = self.seen.max(day);
        let overdue = late.is_none_or(|late| self.seen > self.day && self.since > late);
        self.overdue = self.overdue.saturating_add(u32::from(overdue));
        overdue
    }
}
