//! Receipt numbers: what is told, and the many ways to number that must not be.

use super::script::{Step, clerk, sales, steps, told};
use crate::journal::{Memory, Understand};
use crate::shop::Finding;

#[track_caller]
fn check(name: &str, day: &str, expected: &[&str]) {
    assert_eq!(told(&clerk("outside_hours = false"), &steps(day)), expected, "{name}");
}

/// A series without any of `but`.
fn without(
    source: &str,
    prefix: &str,
    numbers: std::ops::RangeInclusive<u32>,
    but: &[u32],
) -> String {
    let kept = |line: &&str| !but.iter().any(|n| line.contains(&format!("#{prefix}{n} ")));
    sales(source, prefix, numbers)
        .lines()
        .filter(kept)
        .map(|line| format!("{line}\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// Two tills' lines taken in turn.
fn in_turn(a: &str, b: &str) -> String {
    let (mut a, mut b) = (a.lines(), b.lines());
    let mut out = Vec::new();
    loop {
        let (one, other) = (a.next(), b.next());
        if one.is_none() && other.is_none() {
            return out.join("\n");
        }
        out.extend(one.into_iter().chain(other));
    }
}

#[test]
fn a_number_is_missing_once_five_later_receipts_came() {
    let gap = without("c1", "", 1001..=1030, &[1015]);
    check("one", &gap, &["number_missing 1015 1015"]);
    check(
        "three in a row",
        &without("c1", "", 1001..=1030, &[1015, 1016, 1017]),
        &["number_missing 1015 1017"],
    );
    check(
        "two apart",
        &without("c1", "", 1001..=1040, &[1012, 1030]),
        &["number_missing 1012 1012", "number_missing 1030 1030"],
    );
    check("too early to be sure", &without("c1", "", 1001..=1020, &[1015]), &[]);
    check(
        "with letters and zeros",
        &without("c1", "A-0", 1001..=1030, &[1015]),
        &["number_missing A-01015 A-01015"],
    );
    check("before anything is known of the till", &without("c1", "", 1001..=1030, &[1005]), &[]);
}

#[test]
fn a_missing_number_of_the_evening_is_told_in_the_morning() {
    let evening = without("c1", "", 1..=30, &[29]);
    let morning: String =
        (1..=8).map(|n| format!("+1 11:0{n} c1 sale #{n} 1.00\n")).collect::<Vec<_>>().concat();
    check("a daily reset", &format!("{evening}{morning}"), &["number_missing 29 29"]);
}

#[test]
fn a_missing_number_is_told_with_the_time_at_which_it_was_left_out() {
    let clerk = clerk("outside_hours = false");
    let mut rows = Memory::default();
    let mut times = Vec::new();
    for step in steps(&without("c1", "", 1001..=1030, &[1015])) {
        let Step::Slip(event) = step else { panic!("slips alone") };
        rows.remember(&event).expect("plain data");
        for new in clerk.event(&event, &mut rows).expect("memory").findings {
            let Ok(Finding::Exception(found)) = serde_json::from_str(&new.body) else {
                panic!("expected an exception, found {}", new.body);
            };
            times.push(found.at);
        }
    }
    assert_eq!(times, ["2026-11-21T12:15:00"], "and not when it was sure, at 12:20");
}

#[test]
fn a_number_that_is_explained_is_not_missing() {
    let before = sales("c1", "", 1001..=1014);
    let after = without("c1", "", 1016..=1030, &[]);
    for (name, between) in [
        ("a void has it", "12:15 c1 void #1015 1.00"),
        ("a bill has it", "12:15 c1 bill #1015 1.00"),
        ("practice used it up", "12:15 c1 training #1015 1.00"),
        ("a drawer slip has it", "12:15 c1 no_sale #1015"),
        ("an opening that prints nothing used it up", "12:15 c1 no_sale"),
        ("a report used it up", "12:15 c1 shift_report x=1"),
        ("a refund has it", "12:15 c1 refund #1015 -1.00 of=1002"),
        ("the other till has it", "12:15 c2 sale #1015 1.00"),
        ("a paper could not be read", "12:15 c1 unread"),
        ("bytes were lost", "12:15 c1 document gap"),
    ] {
        check(name, &format!("{before}{between}\n{after}"), &[]);
    }
    let two = format!("{before}12:15 c1 no_sale\n{}", without("c1", "", 1017..=1030, &[]));
    check("one opening explains one number", &two, &["number_missing 1015 1016"]);
    check(
        "it was only late",
        &format!("{before}{}12:40 c1 sale #1015 1.00", sales("c1", "", 1016..=1019)),
        &[],
    );
}

#[test]
fn ways_to_number_that_are_no_gap() {
    let day = |n: u32| -> String {
        (1..=20)
            .map(|i| format!("+{n} 12:{i:02} c1 sale #{i:03} 1.00\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    check("each day anew", &(0..4).map(day).collect::<String>(), &[]);
    let dated = |n: u32| -> String {
        (1..=15)
            .map(|i| format!("+{n} 12:{i:02} c1 sale #202611{}00{i:02} 1.00\n", 21 + n))
            .collect::<Vec<_>>()
            .concat()
    };
    check("with the date", &(0..4).map(dated).collect::<String>(), &[]);
    let anew = format!("{}{}", sales("c1", "", 1001..=1030), sales("c1", "", 1001..=1030));
    check("anew after a Z at noon", &anew, &[]);
    let two = in_turn(&sales("c1", "", 101..=140), &sales("c2", "", 104..=130));
    check("two tills, each its own", &two, &[]);
    let same = in_turn(&sales("c1", "", 1..=40), &sales("c2", "", 1..=30));
    check("two tills with the same numbers", &same, &[]);
    let one = in_turn(&sales("c1", "A", 101..=140), &sales("c1", "B", 501..=530));
    check("two series on one printer", &one, &[]);
    let alike = in_turn(&sales("c1", "", 101..=140), &sales("c1", "", 501..=530));
    check("two series of one shape on one printer", &alike, &[]);
    let every_second: String = sales("c1", "", 1001..=1060)
        .lines()
        .filter(|line| line.ends_with("10.00") && !line.contains("1 10.00"))
        .enumerate()
        .filter(|(at, _)| at % 3 != 0)
        .map(|(_, line)| format!("{line}\n"))
        .collect::<Vec<_>>()
        .concat();
    check("receipts that are not always printed", &every_second, &[]);
    let chance: String = (1u32..60)
        .map(|n| format!("12:{n:02} c1 sale #{} 1.00\n", n * 7919 % 9973))
        .collect::<Vec<_>>()
        .concat();
    check("numbers of chance", &chance, &[]);
    check("always the same", &"12:00 c1 sale #1 1.00\n".repeat(40), &[]);
}

#[test]
fn two_tills_that_share_numbers_have_one_line() {
    let shared = |but: &[u32]| -> String {
        (1001..=1060u32)
            .filter(|n| !but.contains(n))
            .map(|n| format!("12:{:02} c{} sale #{n} 1.00\n", n % 60, 1 + n * 7 % 5 % 2))
            .collect::<Vec<_>>()
            .concat()
    };
    check("nothing is missing", &shared(&[]), &[]);
    check("one is", &shared(&[1040]), &["number_missing 1040 1040"]);
    let mut swapped: Vec<String> = shared(&[]).lines().map(str::to_owned).collect();
    swapped.swap(30, 31);
    swapped.swap(40, 41);
    check("two overtake each other", &swapped.join("\n"), &[]);
}

#[test]
fn numbers_given_at_the_table_are_not_missed_while_it_sits() {
    // Each table pays some receipts later than its number says.
    let mut order: Vec<(u32, u32)> = (1001..=1090u32).map(|n| (n + n * 31 % 17, n)).collect();
    order.sort_unstable();
    let day: String = order
        .iter()
        .map(|(_, n)| format!("12:00 c1 sale #{n} 1.00\n"))
        .collect::<Vec<_>>()
        .concat();
    check("in any order", &day, &[]);
}

/// Days of a restaurant where a table gets its number when it sits down, one table in two minutes
/// from eleven to seven, and pays within `stay` minutes; all but the tables `lost`. Each day begins
/// at the number that `first` says.
fn restaurant(seed: u32, stay: u32, days: u32, first: &dyn Fn(u32) -> u32, lost: &[u32]) -> String {
    let mut random = seed.wrapping_mul(2_654_435_761) | 1;
    let mut draw = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % below
    };
    let mut out = String::new();
    for day in 0..days {
        let mut paid: Vec<(u32, u32)> =
            (0..240).map(|table| (table * 2 + 5 + draw(stay), day * 240 + table)).collect();
        paid.sort_unstable();
        for (minute, table) in paid.into_iter().filter(|(_, table)| !lost.contains(table)) {
            let (hour, minute) = (11 + minute / 60, minute % 60);
            let number = first(day) + table % 240;
            out.push_str(&[format!("+{day} {hour}:{minute:02} c1 sale #{number} 9.00\n")].concat());
        }
    }
    out
}

#[test]
fn a_number_missing_among_the_tables_that_sit_is_told_once_and_no_other() {
    let goes_on = |day: u32| 20_001 + day * 240;
    let begins_anew = |_: u32| 1;
    // On the second day, two close together, and the third; nothing on the first, of which nothing is
    // known yet, on the last, which is not over, and among the first tables where each day begins
    // anew: with which number it began is not known.
    let lost = [285, 380, 400, 402, 475, 600];
    for seed in 0..4 {
        for stay in [10, 25, 50, 90] {
            for first in [&goes_on as &dyn Fn(u32) -> u32, &begins_anew] {
                let mut numbers: Vec<u32> =
                    lost.iter().map(|table| first(table / 240) + table % 240).collect();
                numbers.sort_unstable();
                let mut expected: Vec<String> =
                    numbers.iter().map(|n| format!("number_missing {n} {n}")).collect();
                let day = restaurant(seed, stay, 4, first, &lost);
                let mut found = told(&clerk("outside_hours = false"), &steps(&day));
                found.sort();
                expected.sort();
                assert_eq!(found, expected, "seed {seed}, {stay} minutes, {}", first(1));
            }
        }
    }
}

#[test]
fn tables_that_often_do_not_pay_are_a_habit() {
    let lost: Vec<u32> = (0..960).filter(|table| table % 6 == 0).collect();
    for seed in 0..4 {
        let day = restaurant(seed, 50, 4, &|day| 20_001 + day * 240, &lost);
        check("one in six", &day, &[]);
    }
}

#[test]
fn what_nobody_could_read_may_be_any_table() {
    let day = restaurant(1, 50, 3, &|day| 20_001 + day * 240, &[380]);
    let unread = |line: &str| {
        let beside = line.contains("#20395 ");
        [line, if beside { "\n+1 16:30 c1 unread\n" } else { "\n" }].concat()
    };
    check("it was read", &day, &["number_missing 20381 20381"]);
    check("it was not", &day.lines().map(unread).collect::<String>(), &[]);
}

#[test]
fn a_number_that_comes_twice_is_told_once_the_till_counts_on() {
    let again = |n: u32| {
        format!(
            "{}12:45 c1 sale #{n} 77.00\n{}",
            sales("c1", "", 1001..=1020),
            sales("c1", "", 1021..=1028)
        )
    };
    check("an old one", &again(1011), &["number_repeated 1011"]);
    check("the newest", &again(1020), &["number_repeated 1020"]);
    let refund = format!(
        "{}12:45 c1 refund #1011 -1.00 of=1011\n{}",
        sales("c1", "", 1001..=1020),
        sales("c1", "", 1021..=1028)
    );
    check("a refund with its sale's number", &refund, &[]);
    let bill = format!(
        "{}12:45 c1 bill #1021 1.00\n{}",
        sales("c1", "", 1001..=1020),
        sales("c1", "", 1021..=1028)
    );
    check("a bill before its receipt", &bill, &[]);
}
