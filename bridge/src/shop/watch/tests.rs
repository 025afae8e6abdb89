//! Each exception with the case that must be told and those that must not, read as a till's day.

use super::script::{clerk, steps, told};

/// `under` is `[exceptions]`, `day` what happens, `expected` what is told.
#[track_caller]
fn check(name: &str, under: &str, day: &str, expected: &[&str]) {
    assert_eq!(told(&clerk(under), &steps(day)), expected, "{name}");
}

#[test]
fn refunds() {
    let sale = "12:00 c1 sale #1001 600.00 by=Ming\n";
    let refund = |rest: &str| format!("{sale}{rest}");
    for (name, under, day, expected) in [
        ("of a sale an hour ago", "", "13:00 c1 refund #1002 -600.00 of=1001 by=Ming", &[][..]),
        (
            "naming no sale",
            "",
            "13:00 c1 refund #1002 -10.00 by=Ming",
            &["refund_without_original 1002"],
        ),
        (
            "naming one nobody knows",
            "",
            "13:00 c1 refund #1002 -10.00 of=7",
            &["refund_without_original 1002"],
        ),
        ("switched off", "refund_without_original = false", "13:00 c1 refund #1002 -10.00", &[]),
        ("of another till's sale", "", "13:00 c2 refund #2002 -600.00 of=1001", &[]),
        (
            "larger than the limit",
            "refund_over = \"599.99\"",
            "13:00 c1 refund #1002 -600.00 of=1001",
            &["refund_over 1002"],
        ),
        (
            "as large as the limit",
            "refund_over = 600",
            "13:00 c1 refund #1002 -600.00 of=1001",
            &[],
        ),
        (
            "of another currency",
            "refund_over = 600",
            "13:00 c1 refund #1002 -9000.00 of=1001 currency=JPY",
            &[],
        ),
        (
            "after four minutes by who sold",
            "",
            "12:04 c1 refund #1002 -1.00 of=1001 by=Ming",
            &["refund_soon 1002"],
        ),
        ("after four minutes by another", "", "12:04 c1 refund #1002 -1.00 of=1001 by=Ling", &[]),
        ("after six minutes by who sold", "", "12:06 c1 refund #1002 -1.00 of=1001 by=Ming", &[]),
        (
            "at a till with limits of its own",
            "exceptions = { refund_over = 500 }\n---",
            "13:00 c1 refund #1002 -600.00 of=1001",
            &["refund_over 1002"],
        ),
        (
            "at the other till",
            "exceptions = { refund_over = 500 }\n---",
            "13:00 c2 refund #1002 -600.00 of=1001",
            &[],
        ),
    ] {
        check(name, under, &refund(day), expected);
    }
}

#[test]
fn refunds_of_a_day_are_counted_by_cashier_or_by_till() {
    let under = "refund_without_original = false\nrefunds = 2";
    let many = |who: [&str; 4]| -> String {
        let line = |(n, who): (usize, &str)| format!("13:0{n} c1 refund #R{n} -1.00 {who}\n");
        who.into_iter().enumerate().map(line).collect()
    };
    check("by one", under, &many(["by=Ming"; 4]), &["refunds R2"]);
    check("by two", under, &many(["by=Ming", "by=Ling", "by=Ming", "by=Ling"]), &[]);
    check("by nobody named", under, &many([""; 4]), &["refunds R2"]);
    let next = many(["by=Ming", "by=Ming", "", ""]) + "+1 13:00 c1 refund #R9 -1.00 by=Ming";
    check("on two days", under, &next, &[]);
}

#[test]
fn voids_discounts_and_totals() {
    let sale = "12:00 c1 sale #1001 100.00\n";
    for (name, under, day, expected) in [
        ("void of a paid sale", "", "12:10 c1 void #1001 100.00", &["void_after_tender 1001"][..]),
        ("void of an order", "", "12:10 c1 void #1002 100.00", &[]),
        (
            "void that shows how it was paid",
            "",
            "12:10 c1 void #9 10.00 paid=cash",
            &["void_after_tender 9"],
        ),
        (
            "second void of the same sale",
            "",
            "12:10 c1 void #1001 1.00\n12:11 c1 void #1001 1.00",
            &["void_after_tender 1001"],
        ),
        ("half off", "", "12:10 c1 sale #1002 50.00 off=-50.00", &[]),
        (
            "more than half off",
            "",
            "12:10 c1 sale #1002 49.00 off=-51.00",
            &["discount_over 1002 51"],
        ),
        (
            "all off is told once",
            "",
            "12:10 c1 sale #1002 0.00 off=-36.00",
            &["discount_over 1002 100"],
        ),
        ("nothing", "", "12:10 c1 sale #1002 0.00", &["zero_total 1002"]),
        ("less than nothing", "", "12:10 c1 sale #1002 -5.00", &["zero_total 1002"]),
        ("no total read", "", "12:10 c1 sale #1002", &[]),
        ("practice", "", "12:10 c1 training #1002 0.00 off=-99.00", &[]),
    ] {
        check(name, under, &format!("{sale}{day}"), expected);
    }
}

#[test]
fn openings_and_copies_are_counted() {
    let opened = |count: usize| "12:00 c1 no_sale\n".repeat(count);
    let limit = "no_sales = 2";
    check("one more than the limit, once", limit, &opened(5), &["no_sales"]);
    check("as many as the limit", limit, &opened(2), &[]);
    let report = format!("{}13:00 c1 shift_report x=1\n{}", opened(2), opened(2));
    check("in two shifts", limit, &report, &[]);
    let tills = format!("{}13:00 c2 no_sale\n", opened(2));
    check("at two tills", limit, &tills, &[]);
    let copies = |count| "12:00 c1 reprint #1001 1.00\n".repeat(count);
    check("of one receipt", "", &copies(4), &["reprints 1001"]);
    check("twice", "", &copies(2), &[]);
    let many: String =
        (1..=12).map(|n| format!("12:00 c1 reprint #{n} 1.00\n")).collect::<Vec<_>>().concat();
    check("of many receipts", "", &many, &["reprints_of_day 11"]);
}

#[test]
fn receipts_outside_hours_are_told_once_a_night() {
    let day = "11:00 c1 sale #1 1.00\n22:50 c1 sale #2 1.00\n23:10 c1 sale #3 1.00\n\
               23:20 c1 sale #4 1.00\n23:30 c2 refund #5 -1.00 of=1\n";
    let expected = ["outside_hours 3", "outside_hours 5"];
    check("after closing", "", day, &expected);
    check("switched off", "outside_hours = false", day, &[]);
    check("a status is no receipt", "", "23:30 c1 printer_status paper=ok", &[]);
}

#[test]
fn orders_and_bills_that_nobody_closes() {
    let usual: String = (1..=8)
        .map(|t| {
            format!(
                "12:00 c1 kitchen_order table={t} items=飯\n12:30 c2 bill #B{t} 9.00 table={t}\n\
                 12:40 c2 sale #B{t} 9.00 table={t}\n"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let after = "\n15:59 tick\n16:01 tick\n17:01 tick\n17:02 tick\n17:31 tick";
    for (name, day, expected) in [
        ("order left open", "13:00 c1 kitchen_order table=9 items=飯", &["kitchen_unbilled"][..]),
        ("bill left open", "13:00 c2 bill #B9 9.00 table=9", &["bill_unpaid B9"]),
        ("order by number", "13:00 c1 kitchen_order #A9 items=飯\n13:30 c2 sale #A9 9.00", &[]),
        (
            "order by its dishes",
            "13:00 c1 kitchen_order items=茶\n13:30 c2 sale #B9 9.00 items=飯,茶",
            &[],
        ),
        (
            "order voided",
            "13:00 c1 kitchen_order table=9 items=飯\n13:30 c2 void #V1 1.00 table=9",
            &[],
        ),
        ("bill by its total", "13:00 c2 bill 9.50\n13:30 c2 sale #B9 9.50", &[]),
        (
            "bill of a table that moved",
            "13:00 c2 bill #B9 9.00 table=9\n13:05 c2 table_move text=9>12 table=12",
            &[],
        ),
        (
            "bill printed again",
            "13:00 c2 bill #B9 9.00 table=9\n14:30 c2 bill #B9 9.00 table=9",
            &["bill_unpaid B9"],
        ),
    ] {
        check(name, "", &format!("{usual}{day}{after}"), expected);
    }
    let never: String = (1..=9)
        .map(|t| format!("13:00 c1 kitchen_order #K{t} items=飯\n"))
        .collect::<Vec<_>>()
        .concat();
    check("a till whose orders never match", "", &format!("{never}{after}"), &[]);
    check("practice", "", &format!("{usual}13:00 c1 training table=9{after}"), &[]);
}

#[test]
fn z_reports() {
    let days = |numbers: &[u32]| -> String {
        let z = |(day, n): (usize, &u32)| {
            format!("+{day} 12:00 c1 sale #{day}1 1.00\n+{day} 22:00 c1 shift_report z={n}\n")
        };
        numbers.iter().enumerate().map(z).collect()
    };
    check("in order", "", &days(&[41, 42, 43, 44]), &[]);
    check("one left out", "", &days(&[41, 42, 44, 45]), &["z_sequence 44"]);
    check("a copy", "", &days(&[41, 42, 42, 43]), &[]);
    check("numbers of another kind", "", &days(&[20_261_121, 20_261_122, 20_261_201]), &[]);
    check("not known yet", "", &days(&[41, 43]), &[]);
    let sold =
        "+2 12:00 c1 sale #31 1.00\n+3 09:59 tick\n+3 10:00 tick\n+3 11:00 tick\n+4 11:00 tick";
    let missing = format!("{}{sold}", days(&[41, 42]));
    check("missing", "", &missing, &["z_missing 2026-11-23"]);
    check("no habit", "", &format!("{}{sold}", days(&[41])), &[]);
    let late = format!(
        "{}+2 12:00 c1 sale #31 1.00\n+3 09:00 c1 shift_report z=43\n+3 10:01 tick",
        days(&[41, 42])
    );
    check("printed the next morning", "", &late, &[]);
    check("a day without sales", "", &format!("{}+3 11:00 tick", days(&[41, 42])), &[]);
}

#[test]
fn printers() {
    for (name, day, expected) in [
        (
            "low on paper",
            "12:00 c1 printer_status paper=low\n12:01 tick\n12:05 tick",
            &["printer paper_low"][..],
        ),
        (
            "a flicker",
            "12:00:00 c1 printer_status paper=low\n12:00:01 c1 printer_status paper=ok\n12:01 tick",
            &[],
        ),
        ("not yet", "12:00:30 c1 printer_status paper=low\n12:01 tick", &[]),
        (
            "one cause",
            "12:00 c1 printer_status cover=open offline=true\n12:02 tick",
            &["printer cover_open"],
        ),
        ("off line", "12:00 c1 printer_status offline=true\n12:02 tick", &["printer offline"]),
        (
            "back within minutes",
            "12:00 c1 printer_status paper=low\n12:02 tick\n12:03 c1 printer_status paper=ok\n12:05 c1 printer_status paper=low\n12:09 tick",
            &["printer paper_low"],
        ),
        (
            "again in the evening",
            "12:00 c1 printer_status paper=out\n12:02 tick\n12:03 c1 printer_status paper=ok\n19:00 c1 printer_status paper=out\n19:02 tick",
            &["printer paper_out", "printer paper_out"],
        ),
    ] {
        check(name, "", day, expected);
    }
}
