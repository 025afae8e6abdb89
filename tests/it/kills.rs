//! kill -9 while three tills print: on a tap, through the proxy, and in line.
//!
//! The gate sees a few deaths; `--bin kills` sees hundreds and says how soon printing goes on.

use pos_tests::front::Front;

/// A death of each kind, and each at a moment of its own: the low digits are when, the high bits who.
const MOMENTS: [u64; 6] =
    [2_000, (1 << 40) + 700, (2 << 40) + 4_100, (1 << 40) + 5_900, (2 << 40) + 1_300, 9_000];

#[test]
fn what_three_printers_got_is_in_the_journal_whoever_is_killed() {
    let mut shop = Front::open(41);
    for moment in MOMENTS {
        shop.round(moment);
    }
    let verdict = shop.settle();
    assert!(verdict.wrong.is_empty(), "{verdict}: {:?}", verdict.wrong);
    assert_eq!(verdict.told + verdict.excused, verdict.sold, "{verdict}");
    assert!(verdict.excused <= 2, "a tap that was deaf for an instant misses little: {verdict}");
}
