//! Receipt numbers of one shape: who counts, what is missing, what came twice. Pure.
//!
//! A till is not asked how it numbers, so a series is believed only as far as it has shown itself.
//! One shape may be several *lines* of numbers: each till its own, several tills one in common, a
//! line that begins anew each day or after a Z. A receipt goes to the line that it continues. What
//! looks wrong waits: a number that comes later was only late, a "repeat" that goes on counting is a
//! line of its own. What one line lacks is `line`'s business.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::line::Line;

/// Most lines of one shape; the one that was quiet longest goes.
const MAX_LINES: usize = 8;
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
        for line in &mut self.lines {
            line.excuse(count);
        }
    }

    /// A receipt takes its number; what is sure since then, where `after` receipts make it sure.
    pub(super) fn hear(&mut self, heard: &Heard<'_>, after: u32) -> Vec<Sure> {
        self.forget_strays(heard);
        match self.place(heard) {
            Some(at) => self.take(at, heard),
            None if heard.claims || !self.covers(heard) => self.begin(heard),
            None => {}
        }
        let own = self.lines.iter_mut().filter(|line| line.is_of(heard.source));
        own.flat_map(|line| line.age(heard, after)).collect()
    }

    /// A few numbers that began a line of their own while it was not known yet that the till gives
    /// numbers in any order are no line the day after.
    fn forget_strays(&mut self, heard: &Heard<'_>) {
        let newest = self.lines.iter().rev().find(|line| line.is_of(heard.source));
        if newest.is_some_and(|line| !line.is_in_order() && !line.is_short()) {
            let stray = |line: &Line| line.is_of(heard.source) && line.is_short();
            self.lines.retain(|line| line.day >= heard.day || !stray(line));
        }
    }

    /// The line that takes the number.
    fn place(&mut self, heard: &Heard<'_>) -> Option<usize> {
        let (n, source) = (heard.count, heard.source);
        let own = |line: &Line| line.is_of(source);
        // What a line of an earlier day lacks may be the number of a line that began anew.
        let next = |line: &Line| line.is_next(n) || line.lacks(n) && line.day == heard.day;
        let stranger = !self.lines.iter().any(|line| line.is_established(source));
        let newest = |fits: &dyn Fn(&Line) -> bool| self.lines.iter().rposition(fits);
        // A repeat that is not sure yet gives way to the line that it repeats.
        newest(&|line| own(line) && !line.is_repeat() && next(line))
            .or_else(|| newest(&|line| own(line) && next(line)))
            .or_else(|| newest(&|line| stranger && (line.is_next(n) || line.lacks(n))))
            .or_else(|| newest(&|line| own(line) && line.reaches(n)))
            .or_else(|| newest(&|line| own(line) && line.expects(n)))
            .or_else(|| newest(&|line| own(line) && line.began_before(n)))
    }

    /// The line takes the number, and is the newest now. What it leaves out may be known elsewhere:
    /// before a till has shown that its numbers come in any order, they begin more than one line.
    fn take(&mut self, at: usize, heard: &Heard<'_>) {
        let mut line = self.lines.remove(at);
        let others = || self.lines.iter().filter(|line| line.is_of(heard.source));
        let came = |n| others().any(|line| line.day == heard.day && line.covers(n));
        line.take(heard, &|n| self.mentioned.contains(&n) || came(n));
        self.lines.push(line);
    }

    fn covers(&self, heard: &Heard<'_>) -> bool {
        self.lines.iter().any(|line| line.is_of(heard.source) && line.covers(heard.count))
    }

    /// A line of its own, which goes on in the habits of the till's last one.
    fn begin(&mut self, heard: &Heard<'_>) {
        let before = self.lines.iter().rev().find(|line| line.is_of(heard.source));
        let doubled = self.lines.iter().any(|line| {
            line.is_of(heard.source)
                && line.covers(heard.count)
                && line.day == heard.day
                && line.is_believed()
                && line.is_shared_for_certain(heard.source)
        });
        let line = Line::begin(heard, before, doubled);
        if self.lines.len() >= MAX_LINES {
            self.lines.remove(0);
        }
        self.lines.push(line);
    }
}
