//! Whatever a shop's tills print: the same findings and the same rows, however often the bridge
//! starts again, however often the clock strikes, and whatever the thresholds are.

use proptest::prelude::*;

use super::script::{Step, clerk, steps};
use super::series::{Heard, Series};
use crate::journal::{Memory, Rows, Understand};
use crate::shop::{Clerk, Moment};

/// A line of a day, as `tests` reads it; the time is added.
fn line() -> impl Strategy<Value = String> {
    let till = prop_oneof![Just("c1"), Just("c2")];
    let kind = prop_oneof![
        8 => Just("sale"), 1 => Just("refund"), 1 => Just("void"), 1 => Just("reprint"),
        1 => Just("bill"), 1 => Just("kitchen_order"), 1 => Just("no_sale"), 1 => Just("unread"),
        1 => Just("training"), 1 => Just("shift_report"), 1 => Just("printer_status"),
    ];
    let further = prop_oneof![
        Just(""),
        Just("by=Ming"),
        Just("table=7"),
        Just("of=1003"),
        Just("off=-900.00"),
        Just("items=飯,茶"),
        Just("paper=low"),
        Just("paper=ok"),
        Just("z=42"),
        Just("z=44"),
    ];
    (till, kind, 1001..1020_u32, -5..50_i32, further).prop_map(|(till, kind, n, total, further)| {
        format!("{till} {kind} #{n} {total}.00 {further}")
    })
}

fn day() -> impl Strategy<Value = String> {
    proptest::collection::vec((line(), 0..40_u32), 1..60).prop_map(|lines| {
        let mut minute = 0;
        let mut out = String::new();
        for (line, pause) in lines {
            minute += pause;
            let (days, hour, minute) = (minute / 1440, minute / 60 % 24, minute % 60);
            out.push_str(&[format!("+{days} {hour:02}:{minute:02} "), line, "\n".into()].concat());
        }
        out
    })
}

/// Numbers that follow each other closely, loosely, and not at all.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![0..40_i64, 0..400_i64, any::<u32>().prop_map(i64::from)]
}

/// Findings in order, and rows; `ticks` strikes the clock after each event.
fn run(clerk: &Clerk, day: &[Step], again: bool, ticks: usize) -> (Vec<String>, String) {
    let mut rows = Memory::default();
    let mut keys = Vec::new();
    for step in day {
        let Step::Slip(event) = step else { continue };
        rows.remember(event).expect("plain data");
        let mut new = if again {
            // A transaction that was lost leaves nothing; the event comes once more.
            let mut lost = rows.clone();
            let first = clerk.event(event, &mut lost).expect("memory");
            let second = clerk.event(event, &mut rows).expect("memory");
            assert_eq!((first, lost), (second.clone(), rows.clone()));
            second.findings
        } else {
            clerk.event(event, &mut rows).expect("memory").findings
        };
        new.retain(|new| !rows.told(&new.key).expect("memory"));
        rows.tell(&new);
        keys.extend(new.into_iter().map(|new| new.key));
        let heard: jiff::Timestamp = event.observed_at.parse().expect("a time");
        for _ in 0..ticks {
            let now = clerk.moment_of(heard.as_millisecond() + 90_000).expect("a time");
            rows.tell(&clerk.tick(now, &rows).expect("memory"));
        }
    }
    (keys, rows.dump())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_is_found_however_the_bridge_starts_again(day in day()) {
        let day = steps(&day);
        let clerk = clerk("refund_over = 5\nno_sales = 1\nrefunds = 1\nreprints = 1");
        let once = run(&clerk, &day, false, 0);
        prop_assert_eq!(&run(&clerk, &day, true, 0), &once);
        prop_assert_eq!(&run(&clerk, &day, false, 2), &once, "the clock changes no row");
    }

    #[test]
    fn thresholds_decide_what_is_found_and_never_what_is_kept(day in day()) {
        let day = steps(&day);
        let strict = clerk(
            "refund_over = 0\nno_sales = 0\nrefunds = 0\nreprints = 0\nnumber_missing = 1\n\
             kitchen_unbilled = \"1s\"",
        );
        let keys = ["no_sales", "refunds", "reprints", "number_missing", "number_repeated",
            "zero_total", "printer", "bill_unpaid"];
        let off = keys.map(|key| format!("{key} = false\n")).concat();
        prop_assert_eq!(run(&strict, &day, false, 0).1, run(&clerk(&off), &day, false, 0).1);
    }

    #[test]
    fn what_the_time_brings_is_told_once_whenever_the_clock_strikes(day in day(), hours in 0..60_i64) {
        let clerk = clerk("kitchen_unbilled = \"1m\"\nbill_unpaid = \"1m\"\nprinter = \"1s\"");
        let day = steps(&day);
        let mut rows = Memory::default();
        for step in &day {
            let Step::Slip(event) = step else { continue };
            clerk.event(event, &mut rows).expect("memory");
        }
        let ends = jiff::civil::time(4, 0, 0, 0);
        let now = Moment::at("2026-11-23T12:00:00".parse().expect("a time"), ends);
        let first = clerk.tick(now, &rows).expect("memory");
        rows.tell(&first);
        prop_assert_eq!(clerk.tick(now, &rows).expect("memory"), []);
        let later = now.local.checked_add(jiff::SignedDuration::from_hours(hours)).expect("a time");
        let later = clerk.tick(Moment::at(later, ends), &rows).expect("memory");
        prop_assert!(later.iter().all(|new| first.iter().all(|old| old.key != new.key)));
    }

    /// Any numbers, any tills: the state of a shape has a cap.
    #[test]
    fn a_series_stays_small_whatever_is_printed(
        numbers in proptest::collection::vec((0..4_usize, number()), 0..400)
    ) {
        let mut series = Series::default();
        for (at, (till, count)) in numbers.into_iter().enumerate() {
            let day = jiff::civil::date(2026, 11, 21 + (at / 150) as i8);
            let (source, event) = (format!("c{till}"), at.to_string());
            let heard = Heard {
                count,
                source: &source,
                day,
                event: &event,
                excused: at % 7 == 0,
                spare: i64::from(at % 3 == 0),
                claims: at % 5 != 0,
            };
            series.hear(&heard, 5);
            if at % 3 == 0 {
                series.mention(count);
            }
        }
        let kept = serde_json::to_string(&series).expect("plain data");
        prop_assert!(kept.len() < 120_000, "{} bytes", kept.len());
        prop_assert_eq!(serde_json::from_str::<Series>(&kept).expect("as kept"), series);
    }
}
