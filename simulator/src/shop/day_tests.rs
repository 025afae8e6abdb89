//! What must hold on every trading day of the street.

use std::collections::BTreeSet;

use jiff::civil::datetime;
use pos_protocol::event::{Kind, Method, ReportType};

use super::{Day, OPENING, Shop, Slip};

fn slips(shop: &'static Shop, seed: u64, many: usize) -> Vec<Slip> {
    Day::open(shop, seed, "counter-1", 1001, OPENING).take(many).collect()
}

#[test]
fn the_same_seed_trades_the_same_and_another_does_not() {
    for shop in Shop::ALL {
        assert_eq!(slips(shop, 7, 300), slips(shop, 7, 300), "{}", shop.id);
        assert_ne!(slips(shop, 7, 300), slips(shop, 8, 300), "{}", shop.id);
    }
}

#[test]
fn the_figures_of_every_report_are_the_sums_of_the_slips_before_it() {
    for shop in Shop::ALL {
        let (mut gross, mut refunds, mut voids, mut receipts, mut no_sales) = (0, 0, 0, 0, 0);
        let mut cash = 0;
        let mut seen = 0;
        for slip in slips(shop, 3, 2_000) {
            match &slip {
                Slip::Ticket(Kind::Sale, sale) => {
                    let reduced = sale.discount.map_or(0, |d| d.amount.minor());
                    gross += sale.total.minor() - reduced;
                    refunds += reduced;
                    receipts += 1;
                }
                Slip::Ticket(Kind::Refund, sale) => refunds += sale.total.minor(),
                Slip::Ticket(Kind::Void, sale) => voids += sale.total.minor(),
                Slip::NoSale(_) => no_sales += 1,
                _ => {}
            }
            if let Slip::Ticket(Kind::Sale | Kind::Refund, sale) = &slip
                && sale.payment.tender.method == Method::Cash
            {
                cash += sale.total.minor();
            }
            let Slip::Report(report) = slip else { continue };
            let tally = &report.tally;
            assert_eq!(tally.gross, gross, "{} {}", shop.id, report.at);
            assert_eq!(tally.net, gross + refunds, "{} {}", shop.id, report.at);
            assert_eq!((tally.voids, tally.receipts, tally.no_sales), (voids, receipts, no_sales));
            assert_eq!(tally.tenders.iter().map(|(sum, _)| sum).sum::<i64>(), tally.net);
            assert_eq!(tally.tenders.iter().map(|(_, n)| n).sum::<u32>(), receipts);
            let at = shop.tenders.iter().position(|tender| tender.method == Method::Cash);
            assert_eq!(tally.tenders[at.expect("everybody takes cash")].0, cash);
            if report.report_type == ReportType::Z {
                (gross, refunds, voids, receipts, no_sales, cash) = (0, 0, 0, 0, 0, 0);
                seen += 1;
            }
        }
        assert!(seen >= 2, "{}: {seen} Z reports", shop.id);
    }
}

#[test]
fn everything_that_a_street_prints_is_printed_somewhere() {
    let kinds: BTreeSet<Kind> =
        Shop::ALL.iter().flat_map(|shop| slips(shop, 5, 1_500)).map(|slip| slip.kind()).collect();
    let expected = [
        Kind::Sale,
        Kind::Refund,
        Kind::Void,
        Kind::Reprint,
        Kind::Bill,
        Kind::KitchenOrder,
        Kind::ShiftReport,
        Kind::TopUp,
        Kind::CardSlip,
        Kind::Training,
        Kind::NoSale,
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

#[test]
fn a_table_is_ordered_for_then_billed_then_paid() {
    let shop = Shop::named("dim-sum").expect("a shop of the catalogue");
    let slips = slips(shop, 9, 800);
    let position = |kind: Kind, lines: &super::Sale| {
        slips.iter().position(
            |slip| matches!(slip, Slip::Ticket(k, s) if *k == kind && (&s.lines, s.table) == (&lines.lines, lines.table)),
        )
    };
    let mut billed = 0;
    for slip in &slips[..600] {
        let Slip::Ticket(Kind::Bill, bill) = slip else { continue };
        let order = position(Kind::KitchenOrder, bill).expect("an order before the bill");
        let bill_at = position(Kind::Bill, bill).expect("itself");
        let sale = position(Kind::Sale, bill).expect("a payment after the bill");
        assert!(order < bill_at && bill_at < sale, "{} {}", shop.id, bill.number);
        billed += 1;
    }
    assert!(billed > 50, "{billed} bills");
}

#[test]
fn a_refund_names_a_receipt_that_was_printed_and_gives_back_no_more() {
    let shop = Shop::named("fashion").expect("a shop of the catalogue");
    let slips = slips(shop, 4, 2_000);
    let mut refunds = 0;
    for slip in &slips {
        let Slip::Ticket(Kind::Refund, refund) = slip else { continue };
        let number = refund.original.as_deref().expect("an original");
        let original = slips.iter().find_map(|slip| match slip {
            Slip::Ticket(Kind::Sale, sale) if sale.number == number => Some(sale),
            _ => None,
        });
        let original = original.expect("the receipt that is taken back");
        assert!(-refund.total.minor() <= original.total.minor(), "#{number}");
        assert!(refund.total.is_negative(), "#{number}");
        refunds += 1;
    }
    assert!(refunds > 10, "{refunds} refunds");
}

#[test]
fn closing_early_pays_the_tables_and_ends_with_x_and_z() {
    let shop = Shop::named("dim-sum").expect("a shop of the catalogue");
    let mut day = Day::open(shop, 2, "counter-1", 1001, datetime(2026, 11, 21, 12, 0, 0, 0));
    let mut slips: Vec<Slip> = day.by_ref().take(40).collect();
    slips.extend(day.close());
    let orders = slips.iter().filter(|slip| slip.kind() == Kind::KitchenOrder).count();
    let sales = slips.iter().filter(|slip| slip.kind() == Kind::Sale).count();
    assert_eq!(orders, sales, "every order of the day is paid");
    let ends: Vec<_> = slips.iter().rev().take(2).map(Slip::kind).collect();
    assert_eq!(ends, [Kind::ShiftReport; 2]);
    assert!(
        slips.iter().rev().take(1).all(
            |slip| matches!(slip, Slip::Report(report) if report.report_type == ReportType::Z)
        )
    );
}
