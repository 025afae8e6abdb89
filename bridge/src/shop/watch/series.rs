//! Receipt numbers of one shape: who counts, what is missing, what came twice. Pure.
//!
//! A till is not asked how it numbers, so a series is believed only as far as it has shown itself.
//! One shape may be several *lines* of numbers: each till its own, several tills one in common, a
//! line that begins anew each day or after a Z. A receipt goes to the line that it continues. What
//! looks wrong waits: a number that comes later was only late, a "repeat" that goes on counting is a
//! line of its own. A line that skips numbers all day (sales without a receipt) or that comes in any
//! order (numbers given when a table sits down, printed when it pays) is not held to its gaps, or
//! only when the day is over.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Widest gap that is one: further on is another line.
const MAX_GAP: i64 = 20;
/// Most lines of one shape; the one that was quiet longest goes.
const MAX_LINES: usize = 8;
/// Most missing numbers of one line; below the oldest that goes nothing is known.
const MAX_MISSING: usize = 60;
/// Steps from one number to the next that a line has made for each gap that is believed of it: one
/// receipt in eight that is not printed is a habit.
const STEPS_A_GAP: u32 = 8;
/// At so many steps half of them and of the gaps is forgotten, and any disorder: habits change.
const MAX_STEPS: u32 = 160;
/// Steps by which a till shows that a line is its own too, and not like its own by chance.
const ESTABLISHED: u32 = 3;
/// Receipts by which numbers of two tills swap places on their way; later is out of order.
const SWAP: u32 = 1;
/// A line of no more than this many numbers may turn out to have begun a little earlier.
const YOUNG: i64 = 4;
/// Numbers that other slips mentioned: at most so many are remembered.
const MAX_MENTIONED: usize = 40;

/// All lines of a shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Series {
    /// In the order of their last use.
    lines: Vec<Line>,
    /// Numbers on bills, kitchen orders, voids, practice: they exist, whatever became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentioned: Vec<i64>,
}

/// Numbers that one counter gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    first: i64,
    last: i64,
    /// The steps that each till made on it.
    by: BTreeMap<String, u32>,
    steps: u32,
    gaps: u32,
    /// Numbers come in any order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    disorder: bool,
    day: Date,
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
    day: Date,
    /// The day of the last of them.
    seen: Date,
    /// The event that left it out.
    event: String,
    /// Whether anything else explains it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    excused: bool,
}

/// A number that was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Again {
    since: u32,
    event: String,
}

/// A receipt that takes a number.
pub(super) struct Heard<'a> {
    pub(super) count: i64,
    pub(super) source: &'a str,
    pub(super) day: Date,
    pub(super) event: &'a str,
    /// A receipt of the shop that could not be read may have had the number before.
    pub(super) excused: bool,
    /// Numbers that other slips of the till may have used up since its last receipt.
    pub(super) spare: i64,
    /// Whether it is a receipt of its own: a refund may carry its sale's number.
    pub(super) claims: bool,
}

/// What is sure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    /// These numbers, from the first to the last, did not come.
    Missing {
        from: i64,
        to: i64,
        /// The event that left them out.
        event: String,
    },
    /// The number of this event was another's.
    Again { event: String },
}

impl Series {
    /// A slip that is no receipt shows that a number exists.
    pub(super) fn mention(&mut self, count: i64) {
        self.mentioned.retain(|known| *known != count);
        self.mentioned.push(count);
        if self.mentioned.len() > MAX_MENTIONED {
            self.mentioned.remove(0);
        }
        for missing in self.lines.iter_mut().flat_map(|line| &mut line.missing) {
            missing.excused |= missing.count == count;
        }
    }

    /// A receipt takes its number; what is sure since then, where `after` receipts make it sure.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, after: u32) -> Vec<Sure> {
        let found = self.place(heard);
        if let Some(at) = found {
            let line = self.lines.remove(at);
            self.lines.push(line);
        } else if heard.claims || !self.covers(heard) {
            self.begin(heard);
        }
        let own = self.lines.iter_mut().filter(|line| line.by.contains_key(heard.source));
        own.flat_map(|line| line.age(heard, after)).collect()
    }

    /// The line that takes the number, after it took it.
    fn place(&mut self, heard: &Heard<'_>) -> Option<usize> {
        let (n, source) = (heard.count, heard.source);
        let own = |line: &Line| line.by.contains_key(source);
        let stranger = !self
            .lines
            .iter()
            .any(|line| line.by.get(source).is_some_and(|steps| *steps >= ESTABLISHED));
        let newest = |fits: &dyn Fn(&Line) -> bool| self.lines.iter().rposition(fits);
        // A repeat that is not sure yet gives way to the line that it repeats.
        let at = newest(&|line| own(line) && line.again.is_none() && line.continues(n))
            .or_else(|| newest(&|line| own(line) && line.continues(n)))
            .or_else(|| newest(&|line| stranger && line.continues(n)))
            .or_else(|| newest(&|line| own(line) && (1..=MAX_GAP + 1).contains(&(n - line.last))))
            .or_else(|| newest(&|line| own(line) && line.began_before(n)))?;
        let mentioned = &self.mentioned;
        self.lines[at].take(heard, &|count| mentioned.contains(&count));
        Some(at)
    }

    fn covers(&self, heard: &Heard<'_>) -> bool {
        self.lines.iter().any(|line| line.by.contains_key(heard.source) && line.covers(heard.count))
    }

    /// A line of its own, which goes on in the habits of the till's last one.
    fn begin(&mut self, heard: &Heard<'_>) {
        let n = heard.count;
        let before = self.lines.iter().rev().find(|line| line.by.contains_key(heard.source));
        // Where another till only came by, that one took the number by chance.
        let certain = |line: &&Line| {
            let mut others = line.by.iter().filter(|(till, _)| till.as_str() != heard.source);
            others.all(|(_, steps)| *steps >= ESTABLISHED)
        };
        let doubled = self
            .lines
            .iter()
            .filter(|line| line.by.contains_key(heard.source) && line.covers(n))
            .filter(|line| line.day == heard.day && line.is_believed())
            .any(|line| certain(&line));
        let mut by = BTreeMap::new();
        if let Some(before) = before.filter(|before| before.by.len() > 1) {
            by.extend(
                before
                    .by
                    .iter()
                    .filter(|(_, steps)| **steps >= ESTABLISHED)
                    .map(|(till, steps)| (till.clone(), *steps)),
            );
        }
        let steps_before = before.and_then(|line| line.by.get(heard.source)).copied();
        by.entry(heard.source.to_owned()).or_insert(steps_before.unwrap_or(0));
        let line = Line {
            first: n,
            last: n,
            by,
            steps: before.map_or(0, |line| line.steps),
            gaps: before.map_or(0, |line| line.gaps),
            disorder: before.is_some_and(|line| line.disorder),
            day: heard.day,
            missing: Vec::new(),
            again: doubled.then(|| Again { since: 0, event: heard.event.to_owned() }),
        };
        if self.lines.len() >= MAX_LINES {
            self.lines.remove(0);
        }
        self.lines.push(line);
    }
}

impl Line {
    fn continues(&self, n: i64) -> bool {
        n == self.last + 1 || self.missing.iter().any(|missing| missing.count == n)
    }

    /// Whether `n` is a little before a beginning that was hardly one.
    fn began_before(&self, n: i64) -> bool {
        self.last - self.first <= YOUNG && (1..=YOUNG).contains(&(self.first - n))
    }

    fn covers(&self, n: i64) -> bool {
        (self.first..=self.last).contains(&n)
            && !self.missing.iter().any(|missing| missing.count == n)
    }

    fn is_believed(&self) -> bool {
        self.steps >= STEPS_A_GAP * (self.gaps + 1)
    }

    fn take(&mut self, heard: &Heard<'_>, is_mentioned: &dyn Fn(i64) -> bool) {
        let n = heard.count;
        self.again = None;
        self.day = self.day.max(heard.day);
        let steps = self.by.entry(heard.source.to_owned()).or_default();
        if n == self.last + 1 {
            *steps = (*steps + 1).min(ESTABLISHED);
            self.steps += 1;
            self.last = n;
            if self.steps >= MAX_STEPS {
                (self.steps, self.gaps, self.disorder) = (self.steps / 2, self.gaps / 2, false);
            }
        } else if n > self.last {
            let explained = n - self.last - 1 <= heard.spare;
            let excused = heard.excused || explained || !self.is_believed();
            self.leave_out(self.last + 1..n, heard, &|count| excused || is_mentioned(count));
            self.gaps += u32::from(!explained);
            self.last = n;
        } else if n < self.first {
            self.disorder = true;
            let (from, to) = (n + 1, self.first);
            self.first = n;
            self.leave_out(from..to, heard, &|_| true);
        } else if let Some(at) = self.missing.iter().position(|missing| missing.count == n) {
            let late = self.missing.remove(at);
            self.disorder |= late.since > SWAP;
            let alone = !self.missing.iter().any(|missing| missing.event == late.event);
            self.gaps -= u32::from(alone && self.gaps > 0);
        }
    }

    fn leave_out(
        &mut self,
        counts: std::ops::Range<i64>,
        heard: &Heard<'_>,
        is_excused: &dyn Fn(i64) -> bool,
    ) {
        self.missing.extend(counts.map(|count| Missing {
            count,
            since: 0,
            day: heard.day,
            seen: heard.day,
            event: heard.event.to_owned(),
            excused: is_excused(count),
        }));
        self.missing.sort_by_key(|missing| missing.count);
        let over = self.missing.len().saturating_sub(MAX_MISSING);
        if let Some(gone) = self.missing.drain(..over).next_back() {
            self.first = gone.count + 1;
        }
    }

    /// One more receipt of its tills went by.
    fn age(&mut self, heard: &Heard<'_>, after: u32) -> Vec<Sure> {
        let disorder = self.disorder;
        let mut sure: Vec<Sure> = Vec::new();
        for missing in self.missing.iter_mut().filter(|missing| missing.event != heard.event) {
            let was = missing.is_sure(after, disorder);
            missing.since = missing.since.saturating_add(1);
            missing.seen = missing.seen.max(heard.day);
            if was || !missing.is_sure(after, disorder) {
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
}

impl Missing {
    /// Whether it will not come any more. Out of order it may come until the day is over.
    fn is_sure(&self, after: u32, disorder: bool) -> bool {
        !self.excused && self.since >= after && (!disorder || self.seen > self.day)
    }
}
