//! Lays the Z report that a till printed beside our own count of the same shift, and says which
//! receipts make them differ.
//!
//! Pure: a report and the slips since the last one in, figures and differences out. It names what
//! the figures and the receipt numbers prove, offers what they leave open, and says so where they
//! prove nothing; it never picks one of two receipts that would do as well. It keeps nothing:
//! `shift` does.

mod explain;
mod figures;
mod gaps;
mod happening;
mod options;
mod search;
#[cfg(test)]
mod tests;

use pos_protocol::event::{Kind, Method, Report};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

pub use figures::{Figure, Gross, Habit, Line, Receipts, Ways};

/// A slip of a shift, as far as a report can count it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The event.
    pub event: String,
    /// What it is.
    pub kind: Kind,
    /// Local time.
    pub at: String,
    /// Receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its total as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    /// Reductions, below zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduced: Option<Amount>,
    /// Those of them that single lines have, and the subtotal with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduced_lines: Option<Amount>,
    /// Means of payment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paid: Vec<(Method, Amount)>,
    /// Its figures do not add up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// A void: the number of the sale that it takes back, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// A slip, as a difference names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// What it is.
    pub kind: Kind,
    /// Receipt number.
    pub number: Option<String>,
    /// Local time.
    pub at: String,
    /// Its total.
    pub amount: Option<Amount>,
    /// Numbers, or times, of others that would explain it as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<String>,
}

/// One reason why the report and our count differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Difference {
    /// We saw it, and the report does not count it.
    NotInReport {
        /// Which.
        slip: Named,
    },
    /// It was printed twice without saying so, and the report counts it once.
    PrintedTwice {
        /// The second print.
        slip: Named,
    },
    /// The report has it under another means of payment.
    OtherTender {
        /// Which.
        slip: Named,
        /// As we read it.
        ours: Method,
        /// As the report has it.
        theirs: Method,
    },
    /// The report counts it as taken back, and we saw no void.
    CountedAsVoid {
        /// The sale.
        slip: Named,
    },
    /// The report counts something that we did not see.
    Unseen {
        /// What it must be.
        kind: Kind,
        /// Receipt numbers that are missing: one, or several of which it is one; none where no
        /// number is missing.
        numbers: Vec<String>,
        /// What it comes to.
        amount: Option<Amount>,
        /// How it was paid.
        method: Option<Method>,
    },
    /// The report has another amount for it: its own figures do not add up as we read them.
    ReadOtherwise {
        /// Which.
        slip: Named,
        /// By how much the report has more.
        more: Amount,
    },
    /// Nothing that we know explains what is left.
    Unexplained {
        /// The figures that still differ.
        figures: Vec<String>,
    },
}

/// A report beside our count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Every figure that the report has, and ours.
    pub lines: Vec<Line>,
    /// What makes them differ; empty where they agree.
    pub differences: Vec<Difference>,
    /// What the till's figures mean.
    pub habit: Habit,
}

impl Reconciliation {
    /// Whether every figure of the report is ours too.
    pub fn agrees(&self) -> bool {
        self.lines.iter().all(|line| line.report == line.own)
    }
}

/// Lays `report` beside `slips`, which came since the report before it. `ways` are those in which that
/// till may count; `before` is the last receipt number of the shift before.
pub fn reconcile(
    report: &Report,
    slips: &[Slip],
    ways: Ways,
    before: Option<&str>,
) -> Reconciliation {
    let habit = ways.likeliest(report, slips);
    let lines = figures::lines(report, slips, habit);
    let agrees = lines.iter().all(|line| line.report == line.own);
    let differences =
        if agrees { Vec::new() } else { explain::differences(&lines, slips, habit, before) };
    Reconciliation { lines, differences, habit }
}
