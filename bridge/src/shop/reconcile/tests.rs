//! Planted differences: each must be named, to the receipt.

use pos_protocol::event::{Kind, Method, Report, ReportType, Tender};
use pos_protocol::money::Amount;
use proptest::prelude::*;

use super::{Difference, Gross, Habit, Slip, Ways, reconcile};

const METHODS: [Method; 8] = [
    Method::Cash,
    Method::Octopus,
    Method::Visa,
    Method::Fps,
    Method::Payme,
    Method::Alipay,
    Method::WechatPay,
    Method::Mastercard,
];

fn hkd(minor: i64) -> Amount {
    Amount::new(minor, 2)
}

fn slip(n: u32, kind: Kind, minor: i64, method: Method) -> Slip {
    let paid = if matches!(kind, Kind::Sale | Kind::Refund) {
        vec![(method, hkd(minor))]
    } else {
        Vec::new()
    };
    Slip {
        event: format!("e{n}"),
        kind,
        at: format!("2026-11-21T12:{:02}:00", n % 60),
        number: Some(n.to_string()),
        total: Some(hkd(minor)),
        reduced: None,
        reduced_lines: None,
        paid,
        off: false,
        of: None,
    }
}

/// Eighty sales over eight means, three refunds, three voids, numbers 1001 to 1086. No two amounts
/// are alike.
fn shift() -> Vec<Slip> {
    let amount = |n: u32| i64::from(1_000 + (n * 7_919) % 9_973);
    let method = |n: u32| METHODS[(n % 8) as usize];
    let sale = |n| slip(n, Kind::Sale, amount(n), method(n));
    let mut slips: Vec<Slip> = (1001..1081).map(sale).collect();
    slips.extend((1081..1084).map(|n| slip(n, Kind::Refund, -amount(n), method(n))));
    slips.extend((1084..1087).map(|n| slip(n, Kind::Void, amount(n), method(n))));
    slips
}

/// What a till prints that counts these slips as the simulator's does.
fn report(slips: &[Slip]) -> Report {
    let mut report = Report {
        report_type: ReportType::Z,
        number: Some("0007".into()),
        gross: None,
        net: None,
        tenders: Vec::new(),
        taxes: Vec::new(),
        refunds: None,
        voids: None,
        no_sales: None,
        receipts: None,
    };
    let of = |kind: Kind| slips.iter().filter(move |slip| slip.kind == kind);
    let sum = |kind| of(kind).map(|slip| slip.total.expect("a total").minor()).sum::<i64>();
    report.gross = Some(hkd(sum(Kind::Sale)));
    report.net = Some(hkd(sum(Kind::Sale) + sum(Kind::Refund)));
    report.refunds = Some(hkd(-sum(Kind::Refund)));
    report.voids = Some(hkd(sum(Kind::Void)));
    report.receipts = u32::try_from(of(Kind::Sale).count()).ok();
    report.no_sales = u32::try_from(of(Kind::NoSale).count()).ok();
    for method in METHODS {
        let paid = |slip: &&Slip| slip.paid.first().is_some_and(|(by, _)| *by == method);
        let amount = slips.iter().filter(paid).map(|slip| slip.paid[0].1.minor()).sum();
        let count = u32::try_from(of(Kind::Sale).filter(paid).count()).ok();
        report.tenders.push(Tender { method, label: None, amount: hkd(amount), count });
    }
    report
}

/// Ten ways to differ, each at receipts of its own and told apart by the figures.
const PLANTED: usize = 10;

/// Plants one, in what we saw or in what the till counts; what must be said of it.
fn plant(which: usize, ours: &mut Vec<Slip>, tills: &mut Vec<Slip>) -> (&'static str, String) {
    let at = |slips: &[Slip], number: &str| {
        slips.iter().position(|slip| slip.number.as_deref() == Some(number)).expect("planted once")
    };
    let lose = |slips: &mut Vec<Slip>, number: &str| {
        let at = at(slips, number);
        slips.remove(at);
    };
    let named = |number: &str| number.to_owned();
    match which {
        // Cash, Octopus: sales that we did not see.
        0 => {
            lose(ours, "1040");
            ("unseen", named("1040"))
        }
        1 => {
            lose(ours, "1049");
            ("unseen", named("1049"))
        }
        // A refund that the report does not have.
        2 => {
            lose(tills, "1081");
            ("lacks", named("1081"))
        }
        // A void that the report does not have.
        3 => {
            lose(tills, "1085");
            ("lacks", named("1085"))
        }
        // Printed twice: Visa.
        4 => {
            let again = ours[at(ours, "1010")].clone();
            ours.push(Slip { event: "again".into(), ..again });
            ("twice", named("1010"))
        }
        // A sale that the report does not count: FPS.
        5 => {
            lose(tills, "1019");
            ("lacks", named("1019"))
        }
        // Under PayMe, where we read Alipay.
        6 => {
            let at = at(tills, "1029");
            tills[at].paid[0].0 = Method::Payme;
            ("moved", named("1029"))
        }
        // Taken back at the till, without a paper that we saw: WeChat.
        7 => {
            let at = at(tills, "1030");
            tills[at].kind = Kind::Void;
            tills[at].paid.clear();
            ("void", named("1030"))
        }
        // Misread, and known not to add up: Mastercard.
        8 => {
            let at = at(ours, "1031");
            let read = hkd(ours[at].total.expect("a total").minor() - 300);
            (ours[at].total, ours[at].paid[0].1, ours[at].off) = (Some(read), read, true);
            ("otherwise", named("1031"))
        }
        // The drawer was opened, and we did not see the slip.
        _ => {
            tills.push(Slip { paid: Vec::new(), ..slip(1087, Kind::NoSale, 0, Method::Cash) });
            ours.push(Slip { total: None, ..slip(1088, Kind::Training, 0, Method::Cash) });
            ("unseen", named("1087"))
        }
    }
}

fn said(differences: &[Difference]) -> Vec<(&'static str, Vec<String>)> {
    let said = differences.iter().map(|difference| {
        let of =
            |slip: &super::Named| slip.number.iter().chain(&slip.or).cloned().collect::<Vec<_>>();
        match difference {
            Difference::NotInReport { slip } => ("lacks", of(slip)),
            Difference::PrintedTwice { slip } => ("twice", of(slip)),
            Difference::OtherTender { slip, .. } => ("moved", of(slip)),
            Difference::CountedAsVoid { slip } => ("void", of(slip)),
            Difference::Unseen { numbers, .. } => ("unseen", numbers.clone()),
            Difference::ReadOtherwise { slip, .. } => ("otherwise", of(slip)),
            Difference::Unexplained { .. } => ("unexplained", Vec::new()),
        }
    });
    said.collect()
}

/// Differences that were said, each with the receipts it names.
type Said = Vec<(&'static str, Vec<String>)>;

/// What is said where these are planted, and what must be.
fn planted(which: &[usize]) -> (Said, Vec<(&'static str, String)>) {
    let (mut ours, mut tills) = (shift(), shift());
    let wanted = which.iter().map(|which| plant(*which, &mut ours, &mut tills)).collect();
    let found = reconcile(&report(&tills), &ours, Ways::only(Habit::default()), None);
    (said(&found.differences), wanted)
}

fn check(which: &[usize]) {
    let (said, wanted) = planted(which);
    assert_eq!(said.len(), wanted.len(), "{which:?}: {said:?} for {wanted:?}");
    for (what, number) in &wanted {
        let named = said.iter().any(|(said, numbers)| said == what && numbers.contains(number));
        assert!(named, "{which:?}: {what} {number} in {said:?}");
    }
    // Where nothing was lost, exactly one receipt is named.
    for (what, numbers) in said.iter().filter(|(what, _)| *what != "unseen") {
        assert_eq!(numbers.len(), 1, "{what} {numbers:?}");
    }
}

#[test]
fn a_report_that_counts_what_we_saw_agrees_and_nothing_is_said() {
    let slips = shift();
    let found = reconcile(&report(&slips), &slips, Ways::default(), None);
    assert!(found.agrees(), "{:?}", found.lines);
    assert_eq!((found.differences, found.habit), (Vec::new(), Habit::default()));
}

#[test]
fn each_of_ten_planted_differences_is_named_to_the_receipt() {
    (0..PLANTED).for_each(|which| check(&[which]));
}

#[test]
fn all_ten_at_once_are_named_to_the_receipt() {
    check(&(0..PLANTED).collect::<Vec<_>>());
}

#[test]
fn a_missing_number_has_the_amount_and_the_means_that_the_report_has_more() {
    let mut ours = shift();
    let lost = ours.remove(39);
    let found = reconcile(&report(&shift()), &ours, Ways::default(), None);
    let [Difference::Unseen { kind: Kind::Sale, numbers, amount, method }] = &*found.differences
    else {
        panic!("{:?}", found.differences)
    };
    assert_eq!((&**numbers, *amount), (&[lost.number.expect("a number")][..], lost.total));
    assert_eq!(*method, Some(lost.paid[0].0));
}

#[test]
fn a_sale_that_was_not_seen_and_one_that_was_moved_may_meet_in_one_means() {
    for moved in 0..16 {
        let (mut ours, mut tills) = (shift(), shift());
        let unseen = ours.remove(39);
        let to = unseen.paid[0].0;
        if ours[moved].paid[0].0 == to {
            continue;
        }
        tills[moved].paid[0].0 = to;
        let found = reconcile(&report(&tills), &ours, Ways::only(Habit::default()), None);
        let mut said = said(&found.differences);
        said.sort_unstable();
        let number = |slip: &Slip| vec![slip.number.clone().expect("a number")];
        assert_eq!(said, [("moved", number(&ours[moved])), ("unseen", number(&unseen))]);
    }
}

#[test]
fn of_two_receipts_that_would_do_as_well_none_is_picked() {
    let mut ours = shift();
    let twin = Slip { number: Some("1087".into()), event: "twin".into(), ..ours[7].clone() };
    ours.push(twin);
    let mut tills = ours.clone();
    tills.remove(7);
    let found = reconcile(&report(&tills), &ours, Ways::only(Habit::default()), None);
    assert_eq!(said(&found.differences), [("lacks", vec!["1008".to_owned(), "1087".to_owned()])]);
}

#[test]
fn a_till_that_counts_otherwise_is_understood() {
    let mut slips = shift();
    slips[4].reduced = Some(hkd(-500));
    let mut counted = report(&slips);
    counted.receipts = counted.receipts.map(|sales| sales + 3);
    counted.tenders.iter_mut().for_each(|tender| {
        let back = slips.iter().filter(|slip| slip.kind == Kind::Refund);
        let back = back.filter(|slip| slip.paid[0].0 == tender.method);
        let back: i64 = back.map(|slip| slip.paid[0].1.minor()).sum();
        tender.amount = hkd(tender.amount.minor() - back);
    });
    let found = reconcile(&counted, &slips, Ways::default(), None);
    assert!(found.agrees(), "{:?}", found.lines);
    assert!(found.habit.gross == Gross::AfterAll && found.habit.tenders_before_refunds);
}

#[test]
fn a_gross_before_reductions_of_the_bill_and_after_those_of_lines_is_understood() {
    let mut slips = shift();
    slips[4].reduced = Some(hkd(-500));
    slips[4].reduced_lines = Some(hkd(-300));
    let plain = report(&slips);
    let ways = [(500, Gross::BeforeAll), (200, Gross::AfterLines), (0, Gross::AfterAll)];
    for (more, expected) in ways {
        let gross = plain.gross.map(|gross| hkd(gross.minor() + more));
        let counted = Report { gross, ..plain.clone() };
        let found = reconcile(&counted, &slips, Ways::default(), None);
        assert!(found.agrees(), "{:?}", found.lines);
        assert_eq!(found.habit.gross, expected);
    }
}

#[test]
fn what_nothing_explains_is_said_to_be_unexplained() {
    let slips = shift();
    let mut odd = report(&slips);
    odd.gross = Some(hkd(1));
    let found = reconcile(&odd, &slips, Ways::only(Habit::default()), None);
    assert_eq!(found.differences, [Difference::Unexplained { figures: vec!["gross".into()] }]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_of_the_planted_differences_are_named_and_no_other(
        which in prop::sample::subsequence((0..PLANTED).collect::<Vec<_>>(), 1..=PLANTED)
    ) {
        check(&which);
    }

    #[test]
    fn any_report_beside_any_slips_is_answered(
        figures in prop::collection::vec(-20_000_i64..20_000, 4),
        tenders in prop::collection::vec((0_usize..8, -20_000_i64..20_000, 0_u32..40), 0..8),
        lost in 0_usize..86,
    ) {
        let mut slips = shift();
        slips.truncate(lost);
        let mut odd = report(&shift());
        odd.gross = Some(hkd(figures[0]));
        odd.net = Some(hkd(figures[1]));
        odd.refunds = Some(hkd(figures[2]));
        odd.voids = Some(hkd(figures[3]));
        odd.tenders = tenders
            .into_iter()
            .map(|(at, amount, count)| Tender {
                method: METHODS[at], label: None, amount: hkd(amount), count: Some(count),
            })
            .collect();
        let found = reconcile(&odd, &slips, Ways::default(), None);
        prop_assert_eq!(found.agrees(), found.differences.is_empty());
    }
}
