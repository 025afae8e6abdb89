//! A trading day in short: half an hour of forty slips with a rush, a throttled robot, a network that
//! is away, a death in the middle of an attempt and a connection that breaks after delivery.
//!
//! The whole day, beside a naive sender, is `--bin trading_day`.

use pos_tests::day::{Scale, Senders, run};

#[test]
fn in_half_an_hour_of_trouble_nothing_is_lost_doubled_or_late_where_it_matters() {
    let outcome = run(Scale::Short, 1, Senders::Both);
    assert_eq!(outcome.broken, Vec::<String>::new(), "{}\n{}", outcome.table, outcome.log);
    let row = |name: &str| {
        let found = outcome.table.rows.iter().find(|(other, _)| *other == name);
        found.map(|(_, row)| row).expect("it took part")
    };
    // The script is worth its name only while it hurts a sender that takes no care.
    let naive = row("naive");
    assert!(naive.lost > 0 && naive.duplicated > 0, "{}", outcome.table);
    let bridge = row("bridge");
    assert!(bridge.throttled_scripted > 0, "the robot was throttled: {}", outcome.table);
}
