//! What a report says and what our slips come to, figure by figure.
//!
//! Tills count differently: reductions in the gross or not, refunds among the receipts or not. Which
//! way one counts is a [`Habit`]; the likeliest is the one under which most figures agree. One report
//! seldom shows all of a habit (a day without a refund says nothing of refunds): [`Ways`] are those
//! that are left.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::{Kind, Method, Report};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

use super::Slip;

/// How a till counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habit {
    /// What the gross is.
    #[serde(default)]
    pub gross: Gross,
    /// Refunds are not taken off the means of payment.
    pub tenders_before_refunds: bool,
    /// Sales that a void took back are in no figure.
    pub without_voided: bool,
    /// Which slips the number of receipts counts.
    pub receipts: Receipts,
}

/// Which reductions a gross is before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gross {
    /// All of them.
    #[default]
    BeforeAll,
    /// Those of the bill: it is what the subtotals come to.
    AfterLines,
    /// None.
    AfterAll,
}

/// Which slips a number of receipts counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipts {
    /// Sales.
    #[default]
    Sales,
    /// Sales and refunds.
    SalesAndRefunds,
    /// Sales, refunds and voids.
    All,
}

impl Habit {
    /// All of them, the commonest first.
    fn all() -> impl Iterator<Item = Self> {
        let either = [false, true];
        let receipts = [Receipts::Sales, Receipts::SalesAndRefunds, Receipts::All];
        let gross = [Gross::BeforeAll, Gross::AfterLines, Gross::AfterAll];
        either.into_iter().flat_map(move |without_voided| {
            receipts.into_iter().flat_map(move |receipts| {
                gross.into_iter().flat_map(move |gross| {
                    either.into_iter().map(move |tenders_before_refunds| Self {
                        gross,
                        tenders_before_refunds,
                        without_voided,
                        receipts,
                    })
                })
            })
        })
    }
}

/// The habits that a till may have, going by its reports so far: a bit for each, the commonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ways(u64);

impl Default for Ways {
    /// Any: no report has shown anything yet.
    fn default() -> Self {
        Self(u64::MAX)
    }
}

impl Ways {
    /// Whether no report has shown anything yet.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls is handed a reference")]
    pub(in crate::shop) fn is_any(&self) -> bool {
        *self == Self::default()
    }

    fn each(self) -> impl Iterator<Item = (u64, Habit)> {
        let all = Habit::all().enumerate().map(|(at, habit)| (1 << at, habit));
        all.filter(move |(bit, _)| self.0 & bit != 0)
    }

    /// The habit under which most figures agree; of equals the commonest.
    pub(super) fn likeliest(self, report: &Report, slips: &[Slip]) -> Habit {
        let habits = self.each().map(|(_, habit)| habit);
        habits.min_by_key(|habit| wrong(report, slips, *habit)).unwrap_or_default()
    }

    /// Those of them under which every figure of `report` agrees.
    pub(in crate::shop) fn narrowed(self, report: &Report, slips: &[Slip]) -> Self {
        let agree = self.each().filter(|(_, habit)| wrong(report, slips, *habit) == 0);
        Self(agree.map(|(bit, _)| bit).sum())
    }

    #[cfg(test)]
    pub(super) fn only(habit: Habit) -> Self {
        let found = Self::default().each().find(|(_, known)| *known == habit);
        Self(found.map_or(0, |(bit, _)| bit))
    }
}

/// How many figures differ under a habit.
fn wrong(report: &Report, slips: &[Slip], habit: Habit) -> usize {
    lines(report, slips, habit).iter().filter(|line| line.more() != 0).count()
}

/// A figure of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Sales.
    Gross,
    /// Sales less refunds.
    Net,
    /// Refunds, above zero.
    Refunds,
    /// Voids, above zero.
    Voids,
    /// Number of receipts.
    Receipts,
    /// Number of openings without a sale.
    NoSales,
    /// Sum of a means of payment.
    Tender(Method),
    /// Number of sales by a means of payment.
    TenderCount(Method),
}

impl Figure {
    /// Whether it is a number of things, and not money.
    pub fn is_count(self) -> bool {
        matches!(self, Self::Receipts | Self::NoSales | Self::TenderCount(_))
    }

    /// Its word in lists: `gross`, `tender octopus`.
    pub fn word(self) -> String {
        match self {
            Self::Gross => "gross".to_owned(),
            Self::Net => "net".to_owned(),
            Self::Refunds => "refunds".to_owned(),
            Self::Voids => "voids".to_owned(),
            Self::Receipts => "receipts".to_owned(),
            Self::NoSales => "no_sales".to_owned(),
            Self::Tender(method) => format!("tender {}", method.as_str()),
            Self::TenderCount(method) => format!("count {}", method.as_str()),
        }
    }
}

/// One figure on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which.
    pub figure: Figure,
    /// The report's; a count is an amount without decimals.
    pub report: Amount,
    /// Ours.
    pub own: Amount,
}

impl Line {
    /// By how much the report has more, in minor units.
    pub(super) fn more(&self) -> i64 {
        self.report.checked_sub(self.own).map_or(0, Amount::minor)
    }
}

/// What some slips come to, in minor units.
pub(super) type Sums = BTreeMap<Figure, i64>;

/// What one slip adds to each figure. A refund's total is below zero, a void's above.
pub(super) fn of_slip(slip: &Slip, digits: u8, habit: Habit) -> Sums {
    let minor = |amount: Option<Amount>| {
        amount.and_then(|amount| amount.rescale(digits)).map_or(0, Amount::minor)
    };
    let total = minor(slip.total);
    let mut sums = Sums::new();
    let mut add = |figure, by: i64| *sums.entry(figure).or_default() += by;
    match slip.kind {
        Kind::Sale => {
            let reduced = match habit.gross {
                Gross::BeforeAll => minor(slip.reduced),
                Gross::AfterLines => minor(slip.reduced) - minor(slip.reduced_lines),
                Gross::AfterAll => 0,
            };
            add(Figure::Gross, total - reduced);
            add(Figure::Net, total);
            add(Figure::Receipts, 1);
            for (method, amount) in &slip.paid {
                add(Figure::Tender(*method), minor(Some(*amount)));
                add(Figure::TenderCount(*method), 1);
            }
        }
        Kind::Refund => {
            add(Figure::Refunds, -total);
            add(Figure::Net, total);
            if !habit.tenders_before_refunds {
                for (method, amount) in &slip.paid {
                    add(Figure::Tender(*method), minor(Some(*amount)));
                }
            }
            add(Figure::Receipts, i64::from(habit.receipts != Receipts::Sales));
        }
        Kind::Void => {
            add(Figure::Voids, total.abs());
            add(Figure::Receipts, i64::from(habit.receipts == Receipts::All));
        }
        Kind::NoSale => add(Figure::NoSales, 1),
        _ => {}
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// The slips that a till of this habit counts: without those that were taken back, where it drops
/// them.
pub(super) fn counted(slips: &[Slip], habit: Habit) -> Vec<&Slip> {
    let voided: BTreeSet<&str> = if habit.without_voided {
        slips.iter().filter_map(|slip| slip.of.as_deref()).collect()
    } else {
        BTreeSet::new()
    };
    let gone = |slip: &&Slip| {
        slip.kind == Kind::Sale && slip.number.as_deref().is_some_and(|own| voided.contains(own))
    };
    slips.iter().filter(|slip| !gone(slip)).collect()
}

/// Decimals that all amounts are compared with.
pub(super) fn digits(slips: &[Slip]) -> u8 {
    let amounts = slips
        .iter()
        .flat_map(|slip| slip.total.into_iter().chain(slip.paid.iter().map(|(_, amount)| *amount)));
    amounts.map(Amount::digits).max().unwrap_or(0)
}

/// Every figure that `report` has, beside ours. A means of payment that only we saw has a line too.
pub(super) fn lines(report: &Report, slips: &[Slip], habit: Habit) -> Vec<Line> {
    let mut said = said(report);
    let digits = said
        .iter()
        .filter(|(figure, _)| !figure.is_count())
        .map(|(_, amount)| amount.digits())
        .chain([digits(slips)])
        .max()
        .unwrap_or(0);
    let mut own = Sums::new();
    for slip in counted(slips, habit) {
        for (figure, by) in of_slip(slip, digits, habit) {
            *own.entry(figure).or_default() += by;
        }
    }
    if !report.tenders.is_empty() {
        let of_ours = own.iter().filter(|(figure, sum)| {
            matches!(figure, Figure::Tender(_)) && **sum != 0 && !said.contains_key(figure)
        });
        let missing: Vec<Figure> = of_ours.map(|(figure, _)| *figure).collect();
        said.extend(missing.into_iter().map(|figure| (figure, Amount::zero(digits))));
    }
    let line = |(figure, amount): (Figure, Amount)| {
        let digits = if figure.is_count() { 0 } else { digits };
        let sum = own.get(&figure).copied().unwrap_or_default();
        let report = amount.rescale(digits).unwrap_or(amount);
        Line { figure, report, own: Amount::new(sum, digits) }
    };
    said.into_iter().map(line).collect()
}

/// The report's figures; refunds and voids above zero, whichever way they are printed.
fn said(report: &Report) -> BTreeMap<Figure, Amount> {
    let positive = |amount: Amount| {
        if amount.is_negative() { amount.checked_neg().unwrap_or(amount) } else { amount }
    };
    let count = |count: u32| Amount::new(i64::from(count), 0);
    let mut said: BTreeMap<Figure, Amount> = [
        (Figure::Gross, report.gross),
        (Figure::Net, report.net),
        (Figure::Refunds, report.refunds.map(positive)),
        (Figure::Voids, report.voids.map(positive)),
        (Figure::Receipts, report.receipts.map(count)),
        (Figure::NoSales, report.no_sales.map(count)),
    ]
    .into_iter()
    .filter_map(|(figure, amount)| Some((figure, amount?)))
    .collect();
    // Two lines of one means (two kinds of voucher) are one here, as our own count has it.
    for tender in &report.tenders {
        let both = [
            (Figure::Tender(tender.method), Some(tender.amount)),
            (Figure::TenderCount(tender.method), tender.count.map(count)),
        ];
        for (figure, amount) in both {
            let Some(amount) = amount else { continue };
            let before = said.get(&figure).copied().unwrap_or(Amount::zero(0));
            said.insert(figure, before.checked_add(amount).unwrap_or(amount));
        }
    }
    said
}
