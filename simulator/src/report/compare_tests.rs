//! Two reports side by side.

use super::compare::{Change, Comparison, compare};
use super::sample::{self, FULL, SMALL};
use super::{Report, compare_html};

/// The sample again, with every time from print to journal this much longer.
fn slower(factor: f64, extent: sample::Extent) -> Report {
    let (recorded, mut account) = sample::run(extent);
    for (slip, telling) in recorded.books.slips.iter().zip(&mut account.tellings) {
        let took = telling.journalled_us.map(|us| us - slip.printed_us);
        telling.journalled_us = took.map(|us| slip.printed_us + (us as f64 * factor) as u64);
    }
    Report::of(&sample::scenario(), &recorded, &account, "")
}

fn change(comparison: &Comparison, what: &str) -> Change {
    comparison.figures.iter().find(|figure| figure.what == what).expect("a figure").change
}

#[test]
fn a_report_beside_itself_is_the_same() {
    let report = slower(1.0, SMALL);
    let comparison = compare(&report, &report, false).expect("one scenario");
    let changed =
        |figure: &&super::Compared| matches!(figure.change, Change::Better | Change::Worse);
    assert_eq!(comparison.figures.iter().find(changed), None);
    assert_eq!(comparison.notes, Vec::<String>::new());
    assert_eq!(
        comparison.sentence(),
        "B beside A: nothing is worse beyond noise; nothing is better beyond noise."
    );
}

#[test]
fn a_latency_is_worse_only_beyond_chance_and_the_usual_difference_of_runs() {
    let what = "latency.print_to_journal.p50";
    let of = |factor, extent| {
        let (a, b) = (slower(1.0, extent), slower(factor, extent));
        let there = compare(&a, &b, false).expect("one scenario");
        let back = compare(&b, &a, false).expect("one scenario");
        (change(&there, what), change(&back, what))
    };
    assert_eq!(of(1.05, FULL), (Change::Noise, Change::Noise), "runs differ by so much");
    assert_eq!(of(1.25, FULL), (Change::Worse, Change::Better));
    let p999 = |factor| {
        let comparison = compare(&slower(1.0, SMALL), &slower(factor, SMALL), false);
        change(&comparison.expect("one scenario"), "latency.print_to_journal.p999")
    };
    assert_eq!(p999(1.25), Change::Noise, "200 slips say little of one in a thousand");
}

#[test]
fn one_loss_more_is_worse_however_many_were_sold() {
    let before = sample::report_of(SMALL);
    let mut after = before.clone();
    after.lost += 1;
    let comparison = compare(&before, &after, false).expect("one scenario");
    assert_eq!(change(&comparison, "lost"), Change::Worse);
    assert_eq!(change(&comparison, "duplicated"), Change::Noise);
    assert!(comparison.text().contains("B beside A: 1 worse: lost;"), "{}", comparison.text());
}

#[test]
fn reports_of_different_scenarios_are_compared_only_anyway() {
    let first = sample::report_of(SMALL);
    let mut second = first.clone();
    second.scenario = "street".to_owned();
    let refused = compare(&first, &second, false).expect_err("two scenarios").to_string();
    assert!(
        refused.contains("\"mall\" and \"street\"") && refused.contains("--anyway"),
        "{refused}"
    );
    let taken = compare(&first, &second, true).expect("anyway");
    assert_eq!(taken.notes, ["not the same scenario: \"mall\" and \"street\""]);
    second.scenario = "mall".to_owned();
    second.scenario_text.push_str("[chaos]\n");
    assert!(compare(&first, &second, false).is_err(), "another text is another scenario");
}

#[test]
fn a_void_run_proves_nothing_either_way() {
    let first = sample::report_of(SMALL);
    let mut second = first.clone();
    second.lost = 99;
    second.verdict = super::Verdict::Void;
    second.reproaches = vec!["void: the bridge died".to_owned()];
    let comparison = compare(&first, &second, false).expect("one scenario");
    assert!(comparison.figures.iter().all(|figure| figure.change == Change::NotJudged));
    assert_eq!(comparison.notes, ["B is void: the bridge died; nothing is judged"]);
}

#[test]
fn the_page_of_a_comparison_draws_both_and_escapes_everything() {
    let first = sample::report_of(SMALL);
    let mut second = slower(1.5, SMALL);
    second.scenario = "<script>".to_owned();
    let comparison = compare(&first, &second, true).expect("anyway");
    let page = compare_html(&first, &second, &comparison);
    assert_eq!(page.matches("<svg").count(), 2, "{page}");
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
    assert!(page.contains("<td>×1.50</td><td class=\"worse\">✗ WORSE</td>"), "{page}");
}
