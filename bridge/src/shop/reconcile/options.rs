//! What can have happened that brings one means of payment to zero.
//!
//! Every option closes it exactly. Which of them fits the other figures too, and is the cheapest, is
//! `search`'s.

use pos_protocol::event::{Kind, Method};

use super::figures::{Figure, Sums};
use super::happening::{Happening, exact};
use super::search::{Search, price, sum_of};

impl Search<'_> {
    /// What may have happened to each slip of a purse, and what that slip brought it: an amount and a
    /// number. `by` is what the purse lacks.
    fn known(
        &self,
        more: &Sums,
        purse: Option<Method>,
        by: i64,
        found: &[Happening],
    ) -> Vec<(Happening, (i64, i64))> {
        let (sum, number) = figures_of(purse);
        let counted = more.contains_key(&number);
        let mut known = Vec::new();
        for slip in self.unused(found) {
            let own = self.of(slip);
            let amount = sum_of(own, sum);
            if amount == 0 {
                continue;
            }
            let n = if counted { sum_of(own, number) } else { 0 };
            known.push((self.lacks(slip), (amount, n)));
            let one = self.slips[slip];
            if one.kind == Kind::Sale
                && !self.again.contains(&slip)
                && self.may_be_void(more, sum_of(own, Figure::Net), found)
            {
                known.push((Happening::AsVoid(slip), (amount, n)));
            }
            if let (Kind::Sale, [(_, _)], Some(_)) = (one.kind, &*one.paid, purse) {
                // Only to where the report has as much more, and one more.
                known.extend(more.iter().filter_map(|(figure, by)| match figure {
                    Figure::Tender(to) if *by >= amount && Some(*to) != purse => {
                        let one_more = more.get(&Figure::TenderCount(*to)).is_none_or(|n| *n > 0);
                        one_more.then_some((Happening::Moved { slip, to: *to }, (amount, n)))
                    }
                    _ => None,
                }));
            }
            if one.off {
                // As much as is missing: checked with the other figures.
                known.push((Happening::Otherwise { slip, by }, (-by, 0)));
            }
        }
        known
    }

    /// What brings a means of payment to zero; without one, the gross.
    pub(super) fn options(
        &self,
        more: &Sums,
        purse: Option<Method>,
        found: &[Happening],
    ) -> Vec<Vec<Happening>> {
        let (sum, number) = figures_of(purse);
        let counted = more.contains_key(&number);
        let (by, count) = (sum_of(more, sum), sum_of(more, number));
        let known = self.known(more, purse, by, found);
        let count = if counted { count } else { 0 };
        let mut options = exact(&known, (-by, -count));
        let unseen = |by: i64, count: i64| {
            let kind = match () {
                () if by > 0 && (count > 0 || !counted) => Kind::Sale,
                () if by < 0 && count == 0 && !self.habit.tenders_before_refunds => Kind::Refund,
                () => return None,
            };
            let count = if kind == Kind::Sale { count.max(1) } else { 1 };
            Some(Happening::Unseen { kind, count, amount: by.abs(), method: purse })
        };
        options.extend(unseen(by, count).map(|one| vec![one]));
        // Beside a slip that is known to be out, there may be one that was not seen.
        let refunds = sum_of(more, Figure::Refunds) != 0;
        let voids = sum_of(more, Figure::Voids) != 0;
        let beside = |happening: &Happening| match happening {
            Happening::Lacks { slip, again } => {
                *again || (refunds && self.slips[*slip].kind == Kind::Refund)
            }
            Happening::AsVoid(_) => voids,
            _ => false,
        };
        for (happening, (amount, n)) in known.iter().filter(|(one, _)| beside(one)) {
            let rest = unseen(by + amount, count + n);
            options.extend(rest.map(|rest| vec![happening.clone(), rest]));
        }
        for (moved, amount) in self.moves_in(more, purse, by, found) {
            let rest = unseen(by - amount, count - i64::from(counted));
            options.extend(if amount == by {
                Some(vec![moved])
            } else {
                rest.map(|rest| vec![moved, rest])
            });
        }
        options.sort_by_key(|option| option.iter().map(price).sum::<u32>());
        options
    }

    /// Whether a sale of this amount may be among the report's voids: what they have more leaves room
    /// for it, as it is or with one or two voids of ours that the report lacks.
    fn may_be_void(&self, more: &Sums, amount: i64, found: &[Happening]) -> bool {
        let Some(by) = more.get(&Figure::Voids) else { return true };
        if *by >= amount {
            return true;
        }
        let voids: Vec<(Happening, (i64, i64))> = self
            .unused(found)
            .filter(|at| self.slips[*at].kind == Kind::Void)
            .map(|slip| (self.lacks(slip), (sum_of(self.of(slip), Figure::Voids), 0)))
            .collect();
        !exact(&voids, (amount - by, 0)).is_empty()
    }

    /// Sales of other means that may be counted here, with their amounts: no more than is too much
    /// here, and than is too little there where it is not just that.
    fn moves_in<'b>(
        &'b self,
        more: &'b Sums,
        purse: Option<Method>,
        by: i64,
        found: &'b [Happening],
    ) -> impl Iterator<Item = (Happening, i64)> + 'b {
        self.unused(found).filter_map(move |slip| {
            let one = self.slips[slip];
            let ([(from, _)], Kind::Sale, Some(to)) = (&*one.paid, one.kind, purse) else {
                return None;
            };
            let amount = sum_of(self.of(slip), Figure::Tender(*from));
            let less = -sum_of(more, Figure::Tender(*from));
            let fits = amount == by && less > 0 || amount > 0 && amount < by && less >= amount;
            (fits && *from != to).then_some((Happening::Moved { slip, to }, amount))
        })
    }
}

/// The sum and the number of a means of payment; without one, those of all sales.
fn figures_of(purse: Option<Method>) -> (Figure, Figure) {
    match purse {
        Some(method) => (Figure::Tender(method), Figure::TenderCount(method)),
        None => (Figure::Gross, Figure::Receipts),
    }
}
