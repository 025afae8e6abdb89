//! What closes, what proves nothing, and how much is tried.

use proptest::prelude::*;

use super::solve::{Solution, solve};
use crate::event::{Method, Verdict};
use crate::limits::MAX_ASSIGNMENTS;
use crate::money::Amount;
use crate::reading::candidate::{Sum, Sums};
use crate::reading::vocabulary::Role;

const CASH: Role = Role::Payment(Method::Cash);

fn sums(items: Option<i64>, list: &[(Role, i64)]) -> Sums {
    let sum = |(line, (role, units)): (usize, &(Role, i64))| Sum {
        role: *role,
        word: "word",
        line,
        number: 0,
        amount: Amount::new(*units, 2),
        units: *units,
        weight: if *role == Role::Total { 30 } else { 0 },
        included: false,
        charged: false,
    };
    let list = list.iter().enumerate().map(sum).collect();
    Sums { list, items, reductions: 0, items_proven: items.is_some(), digits: 2 }
}

fn solved(items: Option<i64>, list: &[(Role, i64)]) -> (Option<i64>, Option<Verdict>) {
    let sums = sums(items, list);
    let Solution { total, verdict, .. } = solve(&sums);
    (total.map(|total| sums.list[total].units), verdict)
}

#[test]
fn the_total_is_what_was_paid_and_not_the_last_word() {
    let list = [(Role::Total, 4538), (Role::Rounding, 2), (Role::Total, 4540), (CASH, 5000)];
    let list = [list.as_slice(), &[(Role::Change, 460), (Role::Trap, 900)]].concat();
    assert_eq!(solved(None, &list), (Some(4540), Some(Verdict::Balanced)));
}

#[test]
fn tax_is_added_or_included_as_the_sums_say() {
    let added = [(Role::Subtotal, 10000), (Role::Tax, 600), (Role::Total, 10600)];
    assert_eq!(solved(Some(10000), &added), (Some(10600), Some(Verdict::Balanced)));
    let held = [(Role::Subtotal, 10600), (Role::Tax, 600), (Role::Total, 10600), (CASH, 10600)];
    let sums = sums(Some(10600), &held);
    let solution = solve(&sums);
    assert_eq!((solution.verdict, solution.added[1]), (Some(Verdict::Balanced), Some(false)));
}

#[test]
fn a_step_against_print_order_proves_nothing_alone() {
    let held = [(Role::Subtotal, 10600), (Role::Tax, 600), (Role::Total, 10600)];
    assert_eq!(solved(Some(10600), &held), (Some(10600), Some(Verdict::Unchecked)));
}

#[test]
fn without_a_word_for_the_total_only_arithmetic_names_one() {
    let list = [(Role::Subtotal, 9620), (CASH, 10000), (Role::Change, 380)];
    assert_eq!(solved(None, &list), (Some(9620), Some(Verdict::Balanced)));
    assert_eq!(solved(None, &[(Role::Subtotal, 9620), (CASH, 10000)]).0, None);
}

#[test]
fn an_earlier_total_is_no_way_out_of_a_contradiction() {
    let list = [(Role::Total, 17993), (Role::Rounding, -3), (Role::Total, 17990)];
    let list = [list.as_slice(), &[(CASH, 50003), (Role::Change, 32010)]].concat();
    assert_ne!(solved(Some(17993), &list).1, Some(Verdict::Balanced));
}

#[test]
fn more_paid_than_owed_without_change_proves_nothing() {
    let list = [(Role::Total, 20000), (Role::Payment(Method::Visa), 22000)];
    assert_eq!(solved(Some(20000), &list).1, Some(Verdict::Unchecked));
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![
        Role::Total,
        Role::Subtotal,
        Role::Net,
        Role::Discount,
        Role::Service,
        Role::Tax,
        Role::Rounding,
        Role::Tip,
        Role::Tendered,
        Role::Change,
        CASH,
        Role::Trap,
    ])
}

proptest! {
    #[test]
    fn the_search_is_bounded_for_any_sums(
        items in prop::option::of(any::<i64>()),
        list in prop::collection::vec((any_role(), any::<i64>()), 0..256),
    ) {
        let sums = sums(items, &list);
        let solution = solve(&sums);
        prop_assert!(solution.work <= MAX_ASSIGNMENTS);
    }
}
