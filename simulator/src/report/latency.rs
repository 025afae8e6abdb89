//! From slips and their tellings to latencies.
//!
//! It does not excuse: time in which the network was away is in every figure here. Whether a slip
//! was late for its bound is the ledger's question, which does excuse.

use std::collections::{BTreeMap, HashSet};

use super::distribution::Tally;
use super::shape::{Latency, Stage};
use crate::ledger::{Account, Books, Bounds, Slip, Telling};

/// The latencies of a run: of all slips, and by shop.
pub(super) fn latencies(
    books: &Books,
    account: &Account,
    bounds: &Bounds,
    shop_of: impl Fn(&Slip) -> String,
) -> (Latency, BTreeMap<String, Latency>) {
    let unheard: HashSet<u64> =
        account.unheard.iter().filter_map(|trouble| Some(trouble.slip.as_ref()?.n)).collect();
    let tellings: BTreeMap<u64, &Telling> =
        account.tellings.iter().map(|telling| (telling.n, telling)).collect();
    let mut all = Tallies::default();
    let mut shops: BTreeMap<String, Vec<Passage<'_>>> = BTreeMap::new();
    for slip in books.slips.iter().filter(|slip| !unheard.contains(&slip.n)) {
        let passage = Passage {
            urgent: bounds.urgent_kinds.contains(&slip.event.kind),
            read: books.journal.is_some(),
            told: bounds.told_kinds.contains(&slip.event.kind),
            slip,
            telling: tellings.get(&slip.n).map(|telling| **telling).unwrap_or_default(),
        };
        all.add(&passage);
        shops.entry(shop_of(slip)).or_default().push(passage);
    }
    // One shop after the other: a hundred shops' histograms at once are a gigabyte.
    let of_shop = |passages: Vec<Passage<'_>>| {
        let mut tallies = Tallies::default();
        for passage in &passages {
            tallies.add(passage);
        }
        tallies.latency(false)
    };
    let shops = shops.into_iter().map(|(shop, passages)| (shop, of_shop(passages))).collect();
    (all.latency(true), shops)
}

/// A slip on its way, and which stages it has to reach.
struct Passage<'a> {
    slip: &'a Slip,
    telling: Telling,
    urgent: bool,
    read: bool,
    told: bool,
}

#[derive(Default)]
struct Tallies {
    print_to_journal: StageTally,
    print_to_sent: StageTally,
    print_to_shown: StageTally,
    intended_to_print: StageTally,
    intended_to_journal: StageTally,
    intended_to_sent: StageTally,
    intended_to_shown: StageTally,
}

impl Tallies {
    fn add(&mut self, passage: &Passage<'_>) {
        let Passage { slip, telling, urgent, read, told } = passage;
        let (intended, printed) = (slip.intended_us, slip.printed_us);
        self.intended_to_print.add(*urgent, true, intended, Some(printed));
        let stages = [
            (&mut self.print_to_journal, printed, *read, telling.journalled_us),
            (&mut self.print_to_sent, printed, *told, telling.sent_us),
            (&mut self.print_to_shown, printed, *told, telling.shown_us),
            (&mut self.intended_to_journal, intended, *read, telling.journalled_us),
            (&mut self.intended_to_sent, intended, *told, telling.sent_us),
            (&mut self.intended_to_shown, intended, *told, telling.shown_us),
        ];
        for (tally, from, owed, until) in stages {
            tally.add(*urgent, owed, from, until);
        }
    }

    fn latency(&self, curves: bool) -> Latency {
        Latency {
            print_to_journal: self.print_to_journal.stage(curves),
            print_to_sent: self.print_to_sent.stage(curves),
            print_to_shown: self.print_to_shown.stage(curves),
            intended_to_print: self.intended_to_print.stage(curves),
            intended_to_journal: self.intended_to_journal.stage(curves),
            intended_to_sent: self.intended_to_sent.stage(curves),
            intended_to_shown: self.intended_to_shown.stage(curves),
        }
    }
}

#[derive(Default)]
struct StageTally {
    all: Tally,
    ordinary: Tally,
    urgent: Tally,
}

impl StageTally {
    fn add(&mut self, urgent: bool, owed: bool, from: u64, until: Option<u64>) {
        let priority = if urgent { &mut self.urgent } else { &mut self.ordinary };
        match until {
            // A receipt can be read before its printer has answered for the last byte.
            Some(until) => {
                let took = until.saturating_sub(from);
                self.all.add(took);
                priority.add(took);
            }
            None if owed => {
                self.all.miss();
                priority.miss();
            }
            None => {}
        }
    }

    fn stage(&self, curve: bool) -> Stage {
        Stage {
            all: self.all.distribution(),
            ordinary: self.ordinary.distribution(),
            urgent: self.urgent.distribution(),
            curve: if curve { self.all.curve() } else { Vec::new() },
        }
    }
}
