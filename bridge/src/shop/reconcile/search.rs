//! Finds the fewest happenings that turn our count into the report's.
//!
//! A search with a budget: means of payment are closed one after the other, each by what can close it
//! exactly (first the one with the least choice), then what is left of refunds, voids and openings.
//! Happenings that numbers give evidence of cost less. It is bounded, and finds nothing rather than
//! something that does not add up.

use std::collections::BTreeSet;

use pos_protocol::event::{Kind, Method};

use super::Slip;
use super::figures::{Figure, Gross, Habit, Sums, of_slip};
use super::happening::{Happening, exact, is_alike};

/// Largest cost of an explanation: a dozen happenings.
const MAX_COST: u32 = 26;
/// Cost of a slip that we did not see, where no number is missing.
const UNSEEN_UNPROVEN: u64 = 2;
/// Most slips looked at in a search, over all its steps: a second on a small machine, where nothing is
/// found.
const MAX_LOOKED_AT: usize = 500_000;

/// What is searched.
pub(super) struct Search<'a> {
    pub(super) slips: &'a [&'a Slip],
    /// Those whose number and total came before.
    pub(super) again: &'a BTreeSet<usize>,
    pub(super) habit: Habit,
    /// What each slip adds to each figure.
    own: Vec<Sums>,
    /// Receipt numbers that are missing.
    pub(super) missing: usize,
    /// For each slip the first one that is just like it.
    alike: Vec<usize>,
    /// Steps that are left.
    steps: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        slips: &'a [&'a Slip],
        again: &'a BTreeSet<usize>,
        habit: Habit,
        digits: u8,
        missing: usize,
    ) -> Self {
        let mut alike: Vec<usize> = Vec::with_capacity(slips.len());
        for (at, slip) in slips.iter().enumerate() {
            let same = |other: &usize| {
                is_alike(slips[*other], slip) && again.contains(other) == again.contains(&at)
            };
            let first = (0..at).filter(|other| alike[*other] == *other).find(same);
            alike.push(first.unwrap_or(at));
        }
        let steps = MAX_LOOKED_AT / slips.len().max(1);
        let own = slips.iter().map(|slip| of_slip(slip, digits, habit)).collect();
        Self { slips, again, habit, own, missing, alike, steps }
    }

    /// The cheapest happenings that bring every figure of `more` (what the report has more) to zero.
    pub(super) fn run(&mut self, more: &Sums) -> Option<Vec<Happening>> {
        for budget in 1..=MAX_COST {
            let mut found = Vec::new();
            if self.close(more, budget, &mut found) {
                return Some(found);
            }
            if self.steps == 0 {
                return None;
            }
        }
        None
    }

    /// Closes the means of payment that leaves the least choice, and then the rest.
    fn close(&mut self, more: &Sums, budget: u32, found: &mut Vec<Happening>) -> bool {
        if self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        let purses = open(more);
        if purses.is_empty() {
            return self.finish(more, budget, found);
        }
        let (mut least, mut fewest) = (flat_figures(more), None);
        for purse in purses {
            let options = self.options(more, purse, found);
            // A move closes two: half of it is laid to each.
            let half = |happening: &Happening| match happening {
                Happening::Moved { .. } => price(happening) / 2,
                other => price(other),
            };
            let cost = |option: &Vec<Happening>| option.iter().map(half).sum::<u32>();
            let Some(cheapest) = options.iter().map(cost).min() else { return false };
            least += cheapest;
            if fewest.as_ref().is_none_or(|known: &Vec<_>| options.len() < known.len()) {
                fewest = Some(options);
            }
            if least > budget {
                return false;
            }
        }
        self.first_of(fewest.unwrap_or_default(), more, budget, found, Self::close)
    }

    /// Refunds, voids and openings, which no means of payment shows; then all must be zero.
    fn finish(&mut self, more: &Sums, budget: u32, found: &mut Vec<Happening>) -> bool {
        let flat = [
            (Figure::Refunds, Kind::Refund),
            (Figure::Voids, Kind::Void),
            (Figure::NoSales, Kind::NoSale),
        ];
        let Some((figure, kind)) = flat.into_iter().find(|(figure, _)| sum_of(more, *figure) != 0)
        else {
            return self.is_closed(more, budget, found);
        };
        let by = sum_of(more, figure);
        let known: Vec<(Happening, (i64, i64))> = self
            .unused(found)
            .filter(|at| self.slips[*at].kind == kind)
            .map(|slip| (self.lacks(slip), (sum_of(self.of(slip), figure), 0)))
            .collect();
        let mut options = exact(&known, (-by, 0));
        if by > 0 {
            let count = if figure.is_count() { by } else { 1 };
            let amount = if figure.is_count() { 0 } else { by };
            options.push(vec![Happening::Unseen { kind, count, amount, method: None }]);
        }
        self.first_of(options, more, budget, found, Self::finish)
    }

    /// The first of `options` within `budget` after which `rest` brings everything to zero.
    fn first_of(
        &mut self,
        options: Vec<Vec<Happening>>,
        more: &Sums,
        budget: u32,
        found: &mut Vec<Happening>,
        rest: impl Fn(&mut Self, &Sums, u32, &mut Vec<Happening>) -> bool,
    ) -> bool {
        for option in options {
            let cost = option.iter().map(price).sum::<u32>();
            let Some(left) = budget.checked_sub(cost) else { continue };
            let mut after = more.clone();
            for happening in &option {
                self.apply(happening, &mut after);
            }
            let before = found.len();
            found.extend(option);
            if rest(self, &after, left, found) {
                return true;
            }
            found.truncate(before);
        }
        false
    }

    /// Whether nothing is left, and the evidence is heeded: what was not seen costs less where a
    /// number is missing, and a missing number that explains nothing costs too.
    fn is_closed(&self, more: &Sums, budget: u32, found: &[Happening]) -> bool {
        let unseen: i64 = found
            .iter()
            .map(|happening| match happening {
                Happening::Unseen { count, .. } => *count,
                _ => 0,
            })
            .sum();
        let sale =
            |happening: &Happening| matches!(happening, Happening::Unseen { kind: Kind::Sale, .. });
        let missing = i64::try_from(self.missing).unwrap_or(i64::MAX);
        let evidence = if unseen > missing {
            unseen.abs_diff(missing).saturating_mul(UNSEEN_UNPROVEN)
        } else {
            missing.abs_diff(unseen)
        };
        // A sale that we did not see may have had a reduction: that is in the gross alone.
        let reduced = self.habit.gross != Gross::AfterAll && found.iter().any(sale);
        let all = more
            .iter()
            .all(|(figure, by)| *by == 0 || (*figure == Figure::Gross && *by > 0 && reduced));
        all && evidence <= u64::from(budget)
    }

    pub(super) fn lacks(&self, slip: usize) -> Happening {
        Happening::Lacks { slip, again: self.again.contains(&slip) }
    }

    pub(super) fn of(&self, slip: usize) -> &Sums {
        &self.own[slip]
    }

    /// Slips that nothing happened to yet. Of those alike the first: which of them cannot be told.
    pub(super) fn unused(&self, found: &[Happening]) -> impl Iterator<Item = usize> + '_ {
        let mut offered = BTreeSet::new();
        let used: BTreeSet<usize> = found.iter().filter_map(Happening::slip).collect();
        (0..self.slips.len())
            .filter(move |at| !used.contains(at) && offered.insert(self.alike[*at]))
    }
}

/// The means of payment that are open; where the report has none, the gross.
fn open(more: &Sums) -> Vec<Option<Method>> {
    let methods: BTreeSet<Option<Method>> = more
        .iter()
        .filter_map(|(figure, by)| match figure {
            Figure::Tender(method) | Figure::TenderCount(method) if *by != 0 => Some(Some(*method)),
            _ => None,
        })
        .collect();
    let tenders = more.keys().any(|figure| matches!(figure, Figure::Tender(_)));
    if !tenders && sum_of(more, Figure::Gross) != 0 {
        return vec![None];
    }
    methods.into_iter().collect()
}

/// What a happening costs: the more, the less likely.
pub(super) fn price(happening: &Happening) -> u32 {
    match happening {
        Happening::Lacks { again: true, .. } => 1,
        // What is missing in the numbers is paid for at the end.
        Happening::Unseen { count, .. } => u32::try_from(*count).unwrap_or(u32::MAX),
        _ => 2,
    }
}

/// One figure; 0 where it is not there.
pub(super) fn sum_of(sums: &Sums, figure: Figure) -> i64 {
    sums.get(&figure).copied().unwrap_or_default()
}

/// Sums that no means of payment shows and that are open, as far as nothing else closes them.
fn flat_figures(more: &Sums) -> u32 {
    let open = |figure: &Figure, by: i64| match figure {
        Figure::NoSales => by != 0,
        // Only a void of ours that the report lacks closes it then.
        Figure::Voids => by < 0,
        _ => false,
    };
    more.iter().map(|(figure, by)| u32::from(open(figure, *by))).sum()
}
