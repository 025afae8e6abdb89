//! What a queue does next, case by case.

use std::collections::BTreeMap;

use super::budget::ORDINARY_SENDS;
use super::plan::{Step, View, Why, plan};
use super::quota::Purse;
use crate::config::Sales;
use crate::journal::{Look, Stage, Topic, Traffic, Waiting};

const NOW: i64 = 1_795_233_682_000;
const MINUTE_MS: i64 = 60_000;
const PLENTY: Purse = Purse { credit: 30, next_ms: NOW, spacing_ms: 8 * MINUTE_MS, spent: false };
const EMPTY: Purse =
    Purse { credit: 0, next_ms: NOW + 7 * MINUTE_MS, spacing_ms: 8 * MINUTE_MS, spent: false };

fn sale(id: i64) -> Waiting {
    Waiting {
        id,
        topic: Topic::Sale,
        urgent: false,
        created_ms: NOW,
        not_before_ms: NOW,
        attempts: 0,
        stage: Stage::Fresh,
        merge_max: None,
    }
}

fn urgent(id: i64) -> Waiting {
    Waiting { topic: Topic::Event, urgent: true, ..sale(id) }
}

/// One that failed `attempts` times and waits for a minute.
fn failed(id: i64, attempts: u32) -> Waiting {
    let stage = Stage::Bound { carrier: "owner".into() };
    Waiting { attempts, not_before_ms: NOW + MINUTE_MS, stage, ..sale(id) }
}

fn traffic(carrier: &str, recent: usize, pause_until_ms: Option<i64>) -> BTreeMap<String, Traffic> {
    let recent_ms = vec![NOW - 1_000; recent];
    BTreeMap::from([(carrier.to_owned(), Traffic { recent_ms, pause_until_ms })])
}

struct Case {
    look: Look,
    carriers: Vec<String>,
    sales: Sales,
    purse: Purse,
}

fn case(queue: Vec<Waiting>) -> Case {
    let look = Look { queue, ..Look::default() };
    Case { look, carriers: vec!["owner".into()], sales: Sales::Auto, purse: PLENTY }
}

impl Case {
    fn pooled(mut self) -> Self {
        self.carriers.push("more".into());
        self
    }

    fn step_at(&self, now_ms: i64) -> Step {
        let Self { look, carriers, sales, purse } = self;
        plan(&View { now_ms, look, carriers, sales: *sales, purse: *purse })
    }

    fn step(&self) -> Step {
        self.step_at(NOW)
    }
}

fn send(id: i64, carrier: &str) -> Step {
    Step::Send { id, carrier: carrier.into() }
}

fn wait(minutes: i64) -> Step {
    Step::Wait { until_ms: Some(NOW + minutes * MINUTE_MS), sales_hold: false }
}

/// What is put behind it waits as well.
fn all_wait(minutes: i64) -> Step {
    Step::Wait { until_ms: Some(NOW + minutes * MINUTE_MS), sales_hold: true }
}

fn merged(step: &Step) -> Option<(usize, Why)> {
    match step {
        Step::Merge { members, why, .. } => Some((members.len(), *why)),
        _ => None,
    }
}

#[test]
fn nothing_to_do_waits_for_a_change() {
    assert_eq!(case(Vec::new()).step(), Step::Wait { until_ms: None, sales_hold: false });
}

#[test]
fn urgent_ones_owe_nothing_to_the_month_and_have_a_reserve_of_the_minute() {
    let mut case = case(vec![urgent(9), sale(1)]);
    case.purse = EMPTY;
    case.look.traffic = traffic("owner", ORDINARY_SENDS, None);
    assert_eq!(case.step(), send(9, "owner"));
    case.look.queue.remove(0);
    assert_eq!(case.step(), Step::Wait { until_ms: Some(NOW + 59_000), sales_hold: true });
}

#[test]
fn a_carrier_in_penalty_is_gone_around_by_what_is_free_and_waited_for_by_what_is_bound() {
    let bound = Waiting { not_before_ms: NOW, urgent: true, ..failed(1, 1) };
    let mut case = case(vec![bound, urgent(2)]).pooled();
    case.look.traffic = traffic("owner", 0, Some(NOW + 10 * MINUTE_MS));
    assert_eq!(case.step(), send(2, "more"));
    case.look.queue.pop();
    assert_eq!(case.step(), wait(10));
    assert_eq!(case.step_at(NOW + 10 * MINUTE_MS), send(1, "owner"));
}

#[test]
fn a_banned_address_is_banned_for_every_carrier() {
    let mut case = case(vec![urgent(1)]).pooled();
    case.look.ban_until_ms = Some(NOW + 5 * MINUTE_MS);
    assert_eq!(case.step(), wait(5));
}

#[test]
fn one_that_failed_is_waited_for_until_the_trouble_seems_its_own() {
    let with = |waiting: Vec<Waiting>| case(waiting).step();
    assert_eq!(with(vec![failed(1, 3), sale(2)]), all_wait(1));
    assert_eq!(with(vec![failed(1, 4), sale(2)]), send(2, "owner"));
    let four = (1..=4).map(|id| failed(id, 9)).chain([sale(5)]).collect();
    assert_eq!(with(four), all_wait(1), "an outage is not asked by the whole queue");
    let soon_ms = NOW + MINUTE_MS / 2;
    let other = Waiting { urgent: true, not_before_ms: soon_ms, ..failed(1, 1) };
    assert_eq!(
        with(vec![other, sale(2)]),
        send(2, "owner"),
        "priorities do not wait for each other"
    );
}

#[test]
fn a_wait_set_by_a_clock_that_jumped_back_is_not_waited_for() {
    let case = case(vec![failed(1, 1)]);
    assert_eq!(case.step_at(NOW), all_wait(1));
    assert_eq!(case.step_at(NOW - 365 * 24 * 60 * MINUTE_MS), send(1, "owner"));
    assert_eq!(case.step_at(NOW - 10 * MINUTE_MS), send(1, "owner"), "nobody is put off so long");
}

#[test]
fn what_was_queued_by_a_clock_that_was_set_back_since_goes_at_once() {
    for minutes in [1, 5, 30, 119] {
        let then = NOW - minutes * MINUTE_MS;
        assert_eq!(case(vec![sale(1)]).step_at(then), send(1, "owner"), "{minutes}");
        assert_eq!(case(vec![urgent(1)]).step_at(then), send(1, "owner"), "{minutes}");
    }
}

#[test]
fn sales_go_one_by_one_while_the_budget_allows_it_and_together_when_not() {
    let few = case((1..=3).map(sale).collect());
    assert_eq!(few.step(), send(1, "owner"));
    let mut spent = case((1..=3).map(sale).collect());
    spent.purse = EMPTY;
    assert_eq!(spent.step(), all_wait(7));
    spent.purse = Purse { credit: 2, ..PLENTY };
    assert_eq!(merged(&spent.step()), Some((3, Why::Budget)));
    let many = case((1..=6).map(sale).collect());
    assert_eq!(merged(&many.step()), Some((6, Why::Budget)));
    let mut minute = case((1..=3).map(sale).collect());
    minute.look.traffic = traffic("owner", ORDINARY_SENDS - 2, None);
    assert_eq!(merged(&minute.step()), Some((3, Why::Budget)));
}

#[test]
fn late_sales_go_together_even_where_each_is_told() {
    let late_by = |count, minutes| {
        let mut case = case((1..=count).map(sale).collect());
        case.sales = Sales::Each;
        case.purse = EMPTY;
        case.step_at(NOW + minutes * MINUTE_MS)
    };
    assert_eq!(late_by(3, 4), send(1, "owner"), "the month is not asked");
    assert_eq!(merged(&late_by(3, 5)), Some((3, Why::Late { since_ms: NOW })));
    assert_eq!(late_by(1, 5), send(1, "owner"), "one is no digest");
    assert_eq!(merged(&late_by(9, 0)), Some((9, Why::Budget)));
}

#[test]
fn each_gives_way_only_when_the_rest_of_the_month_is_for_urgent_ones() {
    let mut case = case(vec![sale(1)]);
    (case.sales, case.purse) = (Sales::Each, Purse { spent: true, ..EMPTY });
    assert_eq!(case.step(), all_wait(7));
}

#[test]
fn a_digest_gathers_for_a_quarter_of_an_hour_and_says_so_when_it_is_late() {
    let mut case = case(vec![sale(1), sale(2), urgent(3)]);
    case.look.queue.rotate_right(1);
    case.sales = Sales::Digest;
    assert_eq!(case.step(), send(3, "owner"), "nothing urgent is ever gathered");
    case.look.queue.remove(0);
    assert_eq!(case.step(), all_wait(15));
    assert_eq!(merged(&case.step_at(NOW + 15 * MINUTE_MS)), Some((2, Why::Budget)));
    let late = Some((2, Why::Late { since_ms: NOW }));
    assert_eq!(merged(&case.step_at(NOW + 20 * MINUTE_MS)), late);
}

#[test]
fn only_fresh_sales_merge_and_only_as_many_as_each_of_them_allows() {
    let other = Waiting { topic: Topic::Event, ..sale(4) };
    let halved = |id| Waiting { merge_max: Some(2), ..sale(id) };
    let mut case = case(vec![failed(1, 9), sale(2), sale(3), other, halved(5), sale(6)]);
    case.purse = Purse { credit: 1, ..PLENTY };
    let Step::Merge { members, .. } = case.step() else { panic!("{:?}", case.step()) };
    assert_eq!(members, [2, 3]);
    case.look.queue.drain(1..4);
    let Step::Merge { members, .. } = case.step() else { panic!("{:?}", case.step()) };
    assert_eq!(members, [5, 6]);
    case.look.queue[1].merge_max = Some(1);
    assert_eq!(case.step(), send(5, "owner"));
}

#[test]
fn a_digest_that_is_frozen_goes_out_whatever_the_purse_says() {
    let bound = Stage::Bound { carrier: "owner".into() };
    let digest = Waiting { topic: Topic::Digest, stage: bound, ..sale(7) };
    let mut case = case(vec![sale(3), digest]);
    case.purse = EMPTY;
    assert_eq!(case.step(), send(7, "owner"));
}

#[test]
fn a_muted_queue_sends_what_is_urgent_and_holds_the_rest_until_its_time() {
    let until_ms = NOW + 30 * MINUTE_MS;
    let quiet = |queue: Vec<Waiting>| {
        let mut case = case(queue);
        case.look.muted_until_ms = Some(until_ms);
        case
    };
    assert_eq!(quiet(vec![urgent(2), sale(1)]).step(), send(2, "owner"));
    let held = all_wait(30);
    assert_eq!(quiet(vec![sale(1)]).step(), held);
    assert_eq!(quiet(vec![failed(1, 2)]).step(), held, "what failed may be repeated later too");
    let nothing = Step::Wait { until_ms: None, sales_hold: false };
    assert_eq!(quiet(Vec::new()).step(), nothing);
}
