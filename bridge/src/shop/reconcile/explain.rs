//! From what the search found to what a person reads: receipts by number, and those that would do as
//! well.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::Kind;
use pos_protocol::money::Amount;

use super::figures::{self, Habit, Line, Sums};
use super::happening::{Happening, is_alike};
use super::search::Search;
use super::{Difference, Named, Slip, gaps};

/// Most other receipts named beside one that would do as well.
const MAX_OTHERS: usize = 5;

/// Why `lines` differ.
pub(super) fn differences(
    lines: &[Line],
    slips: &[Slip],
    habit: Habit,
    before: Option<&str>,
) -> Vec<Difference> {
    let more: Sums = lines.iter().map(|line| (line.figure, line.more())).collect();
    let money = lines.iter().filter(|line| !line.figure.is_count());
    let digits = money.map(|line| line.own.digits()).max().unwrap_or(0);
    let counted = figures::counted(slips, habit);
    let again = again(&counted);
    let missing = gaps::missing(slips, before);
    let mut search = Search::new(&counted, &again, habit, digits, missing.len());
    let Some(found) = search.run(&more) else {
        let open = lines.iter().filter(|line| line.more() != 0);
        let mut differences = vec![Difference::Unexplained {
            figures: open.map(|line| line.figure.word()).collect(),
        }];
        // What the numbers say is said all the same.
        differences.extend(
            again
                .iter()
                .map(|at| Difference::PrintedTwice { slip: named(counted[*at], Vec::new()) }),
        );
        return differences;
    };
    let tell = Tell { counted: &counted, found: &found, missing: &missing, digits };
    found.iter().map(|happening| tell.difference(happening)).collect()
}

/// Slips whose number, kind and total came before, and that say nothing of being copies.
fn again(slips: &[&Slip]) -> BTreeSet<usize> {
    let mut first = BTreeMap::new();
    let mut again = BTreeSet::new();
    for (at, slip) in slips.iter().enumerate() {
        let Some(number) = &slip.number else { continue };
        let total = slip.total.map(|total| (total.minor(), total.digits()));
        if matches!(slip.kind, Kind::Sale | Kind::Refund | Kind::Void)
            && first.insert((slip.kind.as_str(), number, total), at).is_some()
        {
            again.insert(at);
        }
    }
    again
}

fn named(slip: &Slip, or: Vec<String>) -> Named {
    Named {
        kind: slip.kind,
        number: slip.number.clone(),
        at: slip.at.clone(),
        amount: slip.total,
        or,
    }
}

struct Tell<'a> {
    counted: &'a [&'a Slip],
    found: &'a [Happening],
    missing: &'a [String],
    digits: u8,
}

impl Tell<'_> {
    fn difference(&self, happening: &Happening) -> Difference {
        match happening {
            Happening::Lacks { slip, again: true } => {
                Difference::PrintedTwice { slip: named(self.counted[*slip], Vec::new()) }
            }
            Happening::Lacks { slip, .. } => Difference::NotInReport { slip: self.named(*slip) },
            Happening::AsVoid(slip) => Difference::CountedAsVoid { slip: self.named(*slip) },
            Happening::Moved { slip, to } => Difference::OtherTender {
                slip: self.named(*slip),
                ours: self.counted[*slip].paid.first().map_or(*to, |(method, _)| *method),
                theirs: *to,
            },
            Happening::Otherwise { slip, by } => Difference::ReadOtherwise {
                slip: named(self.counted[*slip], Vec::new()),
                more: Amount::new(*by, self.digits),
            },
            Happening::Unseen { kind, amount, method, .. } => Difference::Unseen {
                kind: *kind,
                numbers: self.missing.to_vec(),
                amount: (*amount != 0).then(|| Amount::new(*amount, self.digits)),
                method: *method,
            },
        }
    }

    /// With those that are alike, and to which nothing else happened.
    fn named(&self, slip: usize) -> Named {
        let own = self.counted[slip];
        let free = |at: &usize| self.found.iter().all(|happening| happening.slip() != Some(*at));
        let others = (0..self.counted.len()).filter(free).map(|at| self.counted[at]);
        let or = others
            .filter(|other| is_alike(other, own))
            .map(|other| other.number.clone().unwrap_or_else(|| other.at.clone()));
        named(own, or.take(MAX_OTHERS).collect())
    }
}
