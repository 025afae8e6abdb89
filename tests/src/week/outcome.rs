//! What came of a week: what was put in beside what was told, everything that was counted otherwise,
//! and the figures.

use std::collections::BTreeMap;
use std::fmt;

/// Messages that an organisation has in a month.
const MONTHLY_QUOTA: usize = 3_000;
/// The longest month.
const DAYS_OF_MONTH: usize = 31;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Slips printed.
    pub slips: usize,
    /// Sales and refunds among them.
    pub receipts: usize,
    /// Z reports printed.
    pub ends: usize,
    /// Z reports that agreed with our count, and figures compared for them.
    pub agreed: usize,
    /// Figures of all Z reports.
    pub figures: usize,
    /// Days, items of a day, articles and summaries that were compared.
    pub days: usize,
    /// Items of a day.
    pub items: usize,
    /// Articles at the end.
    pub articles: usize,
    /// Summaries told.
    pub summaries: usize,
    /// Slips that were not read as they were printed.
    pub misread: Vec<String>,
    /// What ought to be told.
    pub wanted: Vec<String>,
    /// What was told.
    pub told: Vec<String>,
    /// What was counted otherwise than by hand.
    pub wrong: Vec<String>,
    /// Findings by kind.
    pub findings: BTreeMap<&'static str, usize>,
    /// Notices of events that do not wait for a digest.
    pub at_once: usize,
    /// Rows of the books, and the events that they were made from again.
    pub rows: usize,
    /// Events of the journal that count.
    pub events: usize,
    /// The messages that do not wait for a digest, as the robot is asked to post them, in order.
    pub said: Vec<String>,
}

impl Outcome {
    pub(super) fn new(wanted: &[String]) -> Self {
        Self { wanted: wanted.to_vec(), ..Self::default() }
    }

    /// Puts both lists into one order.
    pub(super) fn settle(&mut self) {
        self.wanted.sort();
        self.told.sort();
    }

    /// What ought to be told and was not.
    pub fn missed(&self) -> Vec<&String> {
        beyond(&self.wanted, &self.told)
    }

    /// What was told and ought not to be, or twice.
    pub fn false_alarms(&self) -> Vec<&String> {
        beyond(&self.told, &self.wanted)
    }

    /// Messages of a month of such days that cannot be put off or put together.
    pub fn a_month(&self, days: u32) -> usize {
        let all = self.at_once + self.findings.values().sum::<usize>();
        (all * DAYS_OF_MONTH).div_ceil(days as usize)
    }

    /// Everything that the week demands and that does not hold.
    pub fn broken(&self, days: u32) -> Vec<String> {
        let mut broken: Vec<String> =
            self.misread.iter().map(|slip| format!("misread: {slip}")).collect();
        broken.extend(self.missed().into_iter().map(|one| format!("not told: {one}")));
        broken.extend(self.false_alarms().into_iter().map(|one| format!("false alarm: {one}")));
        broken.extend(self.wrong.iter().cloned());
        if self.agreed != self.ends {
            broken.push(format!("{} of {} Z reports agree", self.agreed, self.ends));
        }
        let month = self.a_month(days);
        if month > MONTHLY_QUOTA {
            broken.push(format!("{month} messages a month of {MONTHLY_QUOTA}"));
        }
        broken
    }
}

/// What `one` has more often than `other`.
fn beyond<'a>(one: &'a [String], other: &[String]) -> Vec<&'a String> {
    let mut left: Vec<&String> = other.iter().collect();
    let mut more = Vec::new();
    for text in one {
        match left.iter().position(|known| *known == text) {
            Some(at) => drop(left.swap_remove(at)),
            None => more.push(text),
        }
    }
    more
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<52} | told", "put in, or run out")?;
        let mut told: Vec<&String> = self.told.iter().collect();
        for wanted in &self.wanted {
            let found = told.iter().position(|told| *told == wanted);
            let answer = found.map_or("-", |at| told.swap_remove(at));
            writeln!(f, "{wanted:<52} | {answer}")?;
        }
        for told in told {
            writeln!(f, "{:<52} | {told}", "-")?;
        }
        writeln!(f, "slips {}, of them sales and refunds {}", self.slips, self.receipts)?;
        writeln!(f, "misread {}", self.misread.len())?;
        writeln!(
            f,
            "compared: {} days, {} items of a day, {} articles, {} summaries; otherwise: {}",
            self.days,
            self.items,
            self.articles,
            self.summaries,
            self.wrong.len()
        )?;
        writeln!(f, "Z reports {}, agreed {}, {} figures", self.ends, self.agreed, self.figures)?;
        writeln!(f, "rows {}, made again from {} events", self.rows, self.events)?;
        writeln!(f, "notices at once {}, findings {:?}", self.at_once, self.findings)
    }
}
