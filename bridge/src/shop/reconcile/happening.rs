//! What can make a report differ from our count, and what each does to the figures.
//!
//! It does not look for any: `search` does.

use std::collections::BTreeMap;

use pos_protocol::event::{Kind, Method};

use super::Slip;
use super::figures::{Figure, Receipts, Sums};
use super::search::{Search, sum_of};

/// Most pairs that come to one sum: of so many, which it was is not to be found out.
const MAX_PAIRS: usize = 50;

/// Something that makes a report differ from our count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Happening {
    /// The report lacks a slip of ours; the cheaper where its number was there before.
    Lacks { slip: usize, again: bool },
    /// The report counts a sale of ours as taken back.
    AsVoid(usize),
    /// The report has it under another means.
    Moved { slip: usize, to: Method },
    /// The report has another amount for a slip that does not add up.
    Otherwise { slip: usize, by: i64 },
    /// The report has more: slips that we did not see.
    Unseen { kind: Kind, count: i64, amount: i64, method: Option<Method> },
}

impl Happening {
    /// The slip of ours that it is about.
    pub(super) fn slip(&self) -> Option<usize> {
        match self {
            Self::Lacks { slip, .. }
            | Self::Moved { slip, .. }
            | Self::Otherwise { slip, .. }
            | Self::AsVoid(slip) => Some(*slip),
            Self::Unseen { .. } => None,
        }
    }
}

impl Search<'_> {
    /// Takes from `more` what `happening` explains. Figures that the report does not have are not
    /// looked at.
    pub(super) fn apply(&self, happening: &Happening, more: &mut Sums) {
        let mut take = |figure: Figure, by: i64| {
            if let Some(sum) = more.get_mut(&figure) {
                *sum -= by;
            }
        };
        match happening {
            Happening::Lacks { slip, .. } => {
                for (figure, by) in self.of(*slip) {
                    take(*figure, -by);
                }
            }
            Happening::AsVoid(slip) => {
                let own = self.of(*slip);
                take(Figure::Voids, sum_of(own, Figure::Net));
                for (figure, by) in own {
                    take(*figure, -by);
                }
            }
            Happening::Moved { slip, to } => {
                for (&figure, &by) in self.of(*slip) {
                    match figure {
                        Figure::Tender(_) => (take(figure, -by), take(Figure::Tender(*to), by)),
                        Figure::TenderCount(_) => {
                            (take(figure, -by), take(Figure::TenderCount(*to), by))
                        }
                        _ => continue,
                    };
                }
            }
            Happening::Otherwise { slip, by } => {
                let refund = self.slips[*slip].kind == Kind::Refund;
                for &figure in self.of(*slip).keys() {
                    match figure {
                        Figure::Gross | Figure::Net | Figure::Tender(_) => take(figure, *by),
                        Figure::Refunds if refund => take(figure, -by),
                        _ => {}
                    }
                }
            }
            Happening::Unseen { kind, count, amount, method } => {
                self.apply_unseen(*kind, *count, *amount, *method, &mut take);
            }
        }
    }

    fn apply_unseen(
        &self,
        kind: Kind,
        count: i64,
        amount: i64,
        method: Option<Method>,
        take: &mut impl FnMut(Figure, i64),
    ) {
        match kind {
            Kind::Sale => {
                take(Figure::Gross, amount);
                take(Figure::Net, amount);
                take(Figure::Receipts, count);
                if let Some(method) = method {
                    take(Figure::Tender(method), amount);
                    take(Figure::TenderCount(method), count);
                }
            }
            Kind::Refund => {
                take(Figure::Refunds, amount);
                take(Figure::Net, -amount);
                let counts = self.habit.receipts != Receipts::Sales;
                take(Figure::Receipts, if counts { count } else { 0 });
                if let Some(method) = method {
                    take(Figure::Tender(method), -amount);
                }
            }
            Kind::Void => {
                take(Figure::Voids, amount);
                take(
                    Figure::Receipts,
                    if self.habit.receipts == Receipts::All { count } else { 0 },
                );
            }
            _ => take(Figure::NoSales, count),
        }
    }
}

/// Whether a report cannot tell one from the other.
pub(super) fn is_alike(one: &Slip, other: &Slip) -> bool {
    let facts = |slip: &Slip| (slip.kind, slip.total, slip.reduced, slip.reduced_lines, slip.off);
    facts(one) == facts(other) && one.paid == other.paid
}

/// One or two of `known` that come to `wanted` (an amount and a number). No slip is in one twice.
pub(super) fn exact(known: &[(Happening, (i64, i64))], wanted: (i64, i64)) -> Vec<Vec<Happening>> {
    let mut by_sum: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    let mut found: Vec<Vec<Happening>> = Vec::new();
    let mut pairs = 0;
    for (at, (one, sum)) in known.iter().enumerate() {
        if *sum == wanted {
            found.push(vec![one.clone()]);
        }
        let rest = (wanted.0 - sum.0, wanted.1 - sum.1);
        for other in by_sum.get(&rest).into_iter().flatten().map(|other| &known[*other].0) {
            if one.slip() != other.slip() && pairs < MAX_PAIRS {
                pairs += 1;
                found.push(vec![other.clone(), one.clone()]);
            }
        }
        by_sum.entry(*sum).or_default().push(at);
    }
    found
}
