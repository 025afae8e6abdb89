//! What a search for the highest rate tries, and how a step is judged.

use super::limit::{Broke, Search, Step, Took, broke};
use super::record::{Recorded, Reproach, Sample};
use crate::ledger::{Account, Totals};

fn search(limit: f64) -> (Search, Vec<f64>) {
    let mut search = Search { from: 25.0, most: 3_200.0, precision: 0.1, steps: Vec::new() };
    let mut tried = Vec::new();
    while let Some(rate) = search.next() {
        tried.push(rate);
        let broke = (rate > limit).then_some(Broke::Open);
        let (totals, took) = (Totals::default(), Took::default());
        search.steps.push(Step { rate, totals, broke, took });
    }
    (search, tried)
}

#[test]
fn the_limit_is_found_by_doubling_and_halving_to_the_precision_asked_for() {
    let (found, tried) = search(330.0);
    assert_eq!(tried, [25.0, 50.0, 100.0, 200.0, 400.0, 300.0, 350.0, 325.0]);
    let found = found.found();
    assert_eq!((found.highest, found.lowest_broken), (Some(325.0), Some(350.0)));
}

#[test]
fn a_limit_below_the_first_rate_is_found_and_one_beyond_the_last_is_not_looked_for() {
    let (found, _) = search(3.0);
    let found = found.found();
    let (had, broken) = (found.highest.expect("one"), found.lowest_broken.expect("one"));
    assert!(had <= 3.0 && broken > 3.0 && broken - had <= had * 0.1, "{had} {broken}");
    assert_eq!(search(1e9).0.found().highest, Some(3_200.0));
    assert_eq!(search(0.0).0.found().highest, None);
}

#[test]
fn the_simulators_own_weakness_is_never_called_the_bridges() {
    let open = Account { totals: Totals { lost: 5, ..Totals::default() }, ..Account::default() };
    let behind = Reproach::GeneratorBehind { worst_us: 1, slips: 9 };
    let run = Recorded { reproaches: vec![behind], ..Recorded::default() };
    assert!(matches!(broke(10.0, &run, &open), Some(Broke::Simulator { .. })));
    assert_eq!(broke(10.0, &Recorded::default(), &open), Some(Broke::Open));
}

#[test]
fn a_backlog_is_told_by_where_it_waits() {
    let at = |printed, journalled| Recorded {
        samples: vec![Sample { offered: 100, printed, journalled, ..Sample::default() }],
        ..Recorded::default()
    };
    let closed = Account::default();
    assert_eq!(broke(10.0, &at(79, 79), &closed), Some(Broke::Printing { waiting: 21 }));
    assert_eq!(broke(10.0, &at(100, 79), &closed), Some(Broke::Journal { waiting: 21 }));
    assert_eq!(broke(10.0, &at(100, 80), &closed), None);
}

#[test]
fn what_saturates_is_named() {
    let took = |brain_cpu, own_cpu| Took { brain_cpu, own_cpu, cores: 2, ..Took::default() };
    assert_eq!(took(1.0, 0.9).saturates(), "all 2 cores of the machine");
    assert_eq!(took(0.9, 0.1).saturates(), "one core of the brain");
    assert!(took(0.1, 0.1).saturates().starts_with("no processor"));
}
