//! The exceptions that are put into the week on purpose, each at a place of its own.

use jiff::civil::DateTime;
use pos_protocol::event::{Kind, Method};
use possim::shop::{Line, NoSale, Sale, Slip, Tender};

use super::forge;
use super::roll::{Act, Roll, date_of, is_z, later};

/// Tables that the restaurant does not have: nobody else sits there.
const FAR_TABLE: u32 = 97;
const FARTHER_TABLE: u32 = 98;
/// An order number that the till does not reach.
const FAR_ORDER: &str = "A900";
/// A basket has fewer different drinks: no other sale is taken for this order's.
const LARGE_ORDER: usize = 5;
/// More openings than a shift may have.
const OPENINGS: i64 = 6;
const MINUTE: i64 = 60;

/// Something that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Injected {
    /// Its name in the configuration.
    pub(super) what: &'static str,
    pub(super) till: &'static str,
    /// A key until the numbers are given, or a word.
    pub(super) about: String,
}

/// Puts into a till's paper what belongs there on `days` days.
pub(super) fn inject(roll: &mut Roll, days: i64) -> Vec<Injected> {
    let mut put = Put { roll, days, injected: Vec::new() };
    match put.roll.stand.shop {
        "tea" => put.tea(),
        "dimsum" => put.dim_sum(),
        _ => put.fashion(),
    }
    put.injected
}

struct Put<'a> {
    roll: &'a mut Roll,
    days: i64,
    injected: Vec<Injected>,
}

impl Put<'_> {
    fn tea(&mut self) {
        self.zero_total(0, 14);
        self.number_missing(0, 16);
        self.no_paper(0, 17);
        self.refund_over(0, 18);
        self.kitchen_unbilled_large(1, 13);
        self.number_repeated(1, 15);
        self.after_hours(1);
        self.many_refunds(2, 12);
        self.void_after_tender(4, 19);
        self.number_missing(5, 12);
    }

    fn dim_sum(&mut self) {
        self.kitchen_unbilled_table(0, 12);
        self.void_after_tender(0, 13);
        self.bill_unpaid(1, 12);
        self.number_missing(1, 15);
        self.z_missing(2);
        self.refund_over(4, 18);
    }

    fn fashion(&mut self) {
        self.refund_soon(0, 13);
        self.discount_over(0, 15);
        self.refund_without_original(1, 13);
        self.many_openings(1, 18);
        self.many_copies(1, 15);
        self.z_out_of_sequence(3);
        self.refund_over(5, 14);
        self.zero_total(6, 17);
    }

    /// Whether the day is played, and so many after it.
    fn is_played(&self, day: i64, after: i64) -> bool {
        day + after < self.days
    }

    fn found(&mut self, what: &'static str, about: impl Into<String>) {
        let till = self.roll.stand.till;
        self.injected.push(Injected { what, till, about: about.into() });
    }

    /// Means of payment for which nothing is rounded.
    fn tender(&self) -> &'static Tender {
        let mut tenders = self.roll.stand.shop().tenders.iter();
        tenders.find(|tender| tender.method == Method::Visa).expect("all three take it")
    }

    fn refund(&mut self, sale: &Sale, at: DateTime) -> String {
        let (number, cashier) = (self.roll.fresh(at), self.roll.cashier(at));
        let refund = forge::refund_of(sale, number.clone(), at, cashier);
        self.roll.put(at, Slip::Ticket(Kind::Refund, refund));
        number
    }

    fn sell(&mut self, sale: Sale) {
        self.roll.used.insert(sale.number.clone());
        self.roll.put(sale.at, Slip::Ticket(Kind::Sale, sale));
    }

    fn refund_over(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let limit = self.roll.stand.refund_over * 100;
            let sale = self.roll.sale(day, hour, |sale| sale.total.minor() > limit);
            let number = self.refund(&sale, later(sale.at, 25 * MINUTE));
            self.found("refund_over", number);
        }
    }

    fn refund_soon(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let limit = self.roll.stand.refund_over * 100;
            let sale = self.roll.sale(day, hour, |sale| sale.total.minor() <= limit);
            let number = self.refund(&sale, later(sale.at, 3 * MINUTE));
            self.found("refund_soon", number);
        }
    }

    fn refund_without_original(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let limit = self.roll.stand.refund_over * 100;
            let sale = self.roll.sale(day, hour, |sale| sale.total.minor() <= limit);
            let at = later(sale.at, 40 * MINUTE);
            let (number, cashier) = (self.roll.fresh(at), self.roll.cashier(at));
            let refund = forge::refund_of(&sale, number.clone(), at, cashier);
            let refund = Sale { original: None, ..refund };
            self.roll.put(at, Slip::Ticket(Kind::Refund, refund));
            self.found("refund_without_original", number);
        }
    }

    /// Four refunds by one cashier, who made none before.
    fn many_refunds(&mut self, day: i64, hour: i8) {
        if !self.is_played(day, 0) {
            return;
        }
        let date = date_of(day);
        self.roll.steps.retain(|step| {
            let refund = matches!(&step.act, Act::Prints(slip) if slip.kind() == Kind::Refund);
            step.at.date() != date || !refund
        });
        let limit = self.roll.stand.refund_over * 100;
        let by = self.roll.cashier(at_hour(day, hour));
        let mut last = String::new();
        for _ in 0..4 {
            let fits = |sale: &Sale| sale.cashier == by && sale.total.minor() <= limit;
            let sale = self.roll.sale(day, hour, fits);
            let at = later(sale.at, 12 * MINUTE);
            last = self.roll.fresh(at);
            let refund = forge::refund_of(&sale, last.clone(), at, by);
            self.roll.put(at, Slip::Ticket(Kind::Refund, refund));
        }
        self.found("refunds", last);
    }

    fn void_after_tender(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let sale = self.roll.sale(day, hour, |_| true);
            let at = later(sale.at, 9 * MINUTE);
            let number = self.roll.fresh(at);
            let void = forge::void_of(&sale, number.clone(), at);
            self.roll.put(at, Slip::Ticket(Kind::Void, void));
            self.found("void_after_tender", number);
        }
    }

    fn discount_over(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let sale = self.copy_of_sale(day, hour);
            let sale = forge::reduced(&sale, 60, self.tender());
            self.found("discount_over", sale.number.clone());
            self.sell(sale);
        }
    }

    fn zero_total(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let sale = self.copy_of_sale(day, hour);
            let sale = forge::given_away(&sale, self.tender());
            self.found("zero_total", sale.number.clone());
            self.sell(sale);
        }
    }

    /// The same basket once more, with a number of its own.
    fn copy_of_sale(&mut self, day: i64, hour: i8) -> Sale {
        let sale = self.roll.sale(day, hour, |sale| sale.lines.len() > 1);
        let at = later(sale.at, 90);
        Sale { number: self.roll.fresh(at), at, cashier: self.roll.cashier(at), ..sale }
    }

    fn after_hours(&mut self, day: i64) {
        if self.is_played(day, 0) {
            let at = date_of(day + 1).at(0, 40, 5, 0);
            let sale = self.roll.sale(day, 19, |_| true);
            let sale = Sale { at, number: self.roll.fresh(at), ..sale };
            let sale = forge::reduced(&sale, 0, self.tender());
            let sale = Sale { discount: None, ..sale };
            self.found("outside_hours", sale.number.clone());
            self.sell(sale);
        }
    }

    /// One number more than there are receipts. In a shop that gives numbers out of order it is told
    /// when the day is over.
    fn number_missing(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 1) {
            let key = self.roll.fresh(at_hour(day, hour));
            self.roll.skipped.insert(key.parse().expect("a key"));
            self.found("number_missing", key);
        }
    }

    fn number_repeated(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let known = self.roll.sale(day, hour - 2, |_| true);
            let sale = self.roll.sale(day, hour, |sale| sale.total != known.total);
            let at = later(sale.at, 90);
            self.found("number_repeated", known.number.clone());
            let cashier = self.roll.cashier(at);
            self.sell(Sale { number: known.number, at, cashier, ..sale });
        }
    }

    fn many_openings(&mut self, day: i64, hour: i8) {
        if !self.is_played(day, 0) {
            return;
        }
        let date = date_of(day);
        self.roll.steps.retain(|step| {
            let opening = matches!(&step.act, Act::Prints(slip) if slip.kind() == Kind::NoSale);
            step.at.date() != date || !opening
        });
        let mut last = String::new();
        for n in 0..OPENINGS {
            let at = later(at_hour(day, hour), n * 4 * MINUTE);
            last = self.roll.fresh(at);
            let opening = NoSale {
                shop: self.roll.stand.shop(),
                number: last.clone(),
                at,
                terminal: self.roll.stand.till.to_owned(),
                cashier: self.roll.cashier(at),
            };
            self.roll.put(at, Slip::NoSale(opening));
        }
        self.found("no_sales", last);
    }

    fn many_copies(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let sale = self.roll.sale(day, hour, |_| true);
            for n in 1..=3 {
                let copy = Slip::Ticket(Kind::Reprint, sale.clone());
                self.roll.put(later(sale.at, n * 5 * MINUTE), copy);
            }
            self.found("reprints", sale.number);
        }
    }

    fn kitchen_unbilled_large(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let at = at_hour(day, hour);
            let sale = self.roll.sale(day, hour, |_| true);
            let shop = self.roll.stand.shop();
            let line = |dish| Line { dish, modifiers: Vec::new(), ..sale.lines[0].clone() };
            let lines = shop.dishes().take(LARGE_ORDER).map(line).collect();
            let order = Sale { at, number: FAR_ORDER.to_owned(), lines, ..sale.clone() };
            self.roll.put(at, Slip::Ticket(Kind::KitchenOrder, order));
            self.found("kitchen_unbilled", FAR_ORDER);
        }
    }

    fn kitchen_unbilled_table(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let order = self.at_table(day, hour, FAR_TABLE);
            self.roll.put(order.at, Slip::Ticket(Kind::KitchenOrder, order));
            self.found("kitchen_unbilled", format!("table {FAR_TABLE}"));
        }
    }

    fn bill_unpaid(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let order = self.at_table(day, hour, FARTHER_TABLE);
            let bill = Sale { at: later(order.at, 30 * MINUTE), ..order.clone() };
            self.roll.put(order.at, Slip::Ticket(Kind::KitchenOrder, order));
            self.roll.put(bill.at, Slip::Ticket(Kind::Bill, bill));
            self.found("bill_unpaid", format!("table {FARTHER_TABLE}"));
        }
    }

    fn at_table(&mut self, day: i64, hour: i8, table: u32) -> Sale {
        let at = at_hour(day, hour);
        let sale = self.roll.sale(day, hour, |_| true);
        Sale { at, number: format!("A9{table}"), table: Some((table, 2)), ..sale }
    }

    /// The till's Z report of a day is not printed; what it would have counted is in the next.
    fn z_missing(&mut self, day: i64) {
        if self.is_played(day, 1) {
            let date = date_of(day);
            self.roll.steps.retain(|step| {
                let z = matches!(&step.act, Act::Prints(slip) if is_z(slip));
                step.at.date() != date || !z
            });
            self.found("z_missing", date.to_string());
        }
    }

    fn z_out_of_sequence(&mut self, day: i64) {
        if self.is_played(day, 0) {
            let date = date_of(day);
            self.roll.leaps.insert(date);
            self.found("z_sequence", format!("{:04}", day + 2));
        }
    }

    fn no_paper(&mut self, day: i64, hour: i8) {
        if self.is_played(day, 0) {
            let at = at_hour(day, hour);
            for (after, paper) in [(-60, true), (0, false), (8, true)] {
                self.roll.act(later(at, after * MINUTE), Act::Paper(paper));
            }
            self.found("printer", "paper_out");
        }
    }
}

/// Some minutes after an hour of a day of the week.
fn at_hour(day: i64, hour: i8) -> DateTime {
    date_of(day).at(hour, 7, 21, 0)
}
