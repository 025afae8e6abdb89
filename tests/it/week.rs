//! Two days of three shops, counted by hand beside the bridge, and Z reports that differ on purpose.
//!
//! The whole week is `--bin week`.

use pos_tests::week::{planted, play};

#[test]
fn two_days_of_three_shops_are_counted_as_by_hand_and_nothing_is_told_but_what_was_put_in() {
    let dir = tempfile::tempdir().expect("a directory");
    let outcome = play(1, 2, dir.path());
    assert_eq!(outcome.broken(2), Vec::<String>::new(), "{outcome}");
    // The days are worth their name only with enough of everything.
    assert!(outcome.receipts > 1_000 && outcome.wanted.len() > 15, "{outcome}");
    assert!(outcome.summaries > 10 && outcome.agreed == 6, "{outcome}");
}

#[test]
fn what_makes_a_z_report_differ_is_named_to_the_receipt() {
    for one in planted(1) {
        assert!(one.is_named(), "{one}");
    }
}
