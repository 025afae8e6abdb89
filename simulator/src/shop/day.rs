//! A trading day after the other: customers by the clock, and all that happens between them.
//!
//! Every slip follows from shop, seed, first number and opening. Orders wait for their bills, bills
//! for their payments; a report's figures are the sums of the slips that came before it.

use std::collections::{BTreeMap, VecDeque};

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use pos_protocol::event::{Kind, Method, ReportType};

use super::arrivals;
use super::catalogue::Shop;
use super::sale::Sale;
use super::slip::{CardSlip, NoSale, ShiftReport, Slip, Tally};
use super::till::Till;
use super::words::words;

/// What happens instead of a sale, per thousand arrivals.
const REFUNDS: u32 = 20;
const VOIDS: u32 = 12;
const REPRINTS: u32 = 16;
const NO_SALES: u32 = 14;
const TRAININGS: u32 = 6;
const TOP_UPS: u32 = 45;
/// Chance that a table asks for its bill first, and that a card reader prints its own slip, in
/// percent.
const BILL_CHANCE: u32 = 50;
const CARD_SLIP_CHANCE: u32 = 25;
/// How many sales can still be taken back or printed again.
const REMEMBERED: usize = 12;
/// Order numbers start far below receipt numbers: they are another count.
const FIRST_ORDER: u32 = 1;
/// A day that is opened after hours lasts this long.
const LATE_DAY: SignedDuration = SignedDuration::from_hours(8);

/// What is due at a time.
#[derive(Clone, Debug)]
enum Due {
    Bill(Box<Sale>),
    Payment(Box<Sale>),
}

/// A till's days, slip by slip, without end.
#[derive(Clone, Debug)]
pub struct Day {
    shop: &'static Shop,
    till: Till,
    terminal: String,
    at: DateTime,
    closing: DateTime,
    next_customer: Option<DateTime>,
    handed_over: bool,
    agenda: BTreeMap<(DateTime, u32), Due>,
    ready: VecDeque<Slip>,
    recent: VecDeque<Sale>,
    tally: Tally,
    orders: u32,
    x_reports: u32,
    z_reports: u32,
}

impl Day {
    /// The till `terminal` of `shop`, from `opening` on.
    pub fn open(
        shop: &'static Shop,
        seed: u64,
        terminal: &str,
        first_number: u32,
        opening: DateTime,
    ) -> Self {
        let mut day = Self {
            shop,
            till: Till::open(shop, seed, terminal, first_number, opening),
            terminal: terminal.to_owned(),
            at: opening,
            closing: closing(shop, opening),
            next_customer: None,
            handed_over: false,
            agenda: BTreeMap::new(),
            ready: VecDeque::new(),
            recent: VecDeque::new(),
            tally: Tally::new(shop),
            orders: FIRST_ORDER,
            x_reports: 0,
            z_reports: 0,
        };
        day.expect_customer(opening);
        day
    }

    /// Ends the day at once: what is on the tables is paid, then come an X and a Z report.
    pub fn close(&mut self) -> Vec<Slip> {
        self.next_customer = None;
        let mut slips: Vec<Slip> = self.ready.drain(..).collect();
        while let Some(((at, _), due)) = self.agenda.pop_first() {
            self.settle(at, due);
            slips.extend(self.ready.drain(..));
        }
        let at = later(self.at, 60);
        slips.push(self.report(ReportType::X, at));
        slips.push(self.report(ReportType::Z, later(at, 60)));
        slips
    }

    fn expect_customer(&mut self, after: DateTime) {
        let till = &mut self.till;
        self.next_customer = arrivals::next(&self.shop.hours, after, self.closing, || till.bits());
    }

    /// Lets time move to whatever comes first.
    fn advance(&mut self) {
        let due = self.agenda.first_key_value().map(|((at, _), _)| *at);
        match (due, self.next_customer) {
            (Some(due), customer) if customer.is_none_or(|customer| due <= customer) => {
                if let Some(((at, _), due)) = self.agenda.pop_first() {
                    self.settle(at, due);
                }
            }
            (_, Some(customer)) => {
                self.expect_customer(customer);
                self.handover(customer);
                self.arrive(customer);
            }
            (_, None) => self.start_anew(),
        }
    }

    /// The second shift reads an X report of the first.
    fn handover(&mut self, at: DateTime) {
        let half = i16::from(self.shop.hours.opens) + i16::from(self.shop.hours.closes);
        if !self.handed_over && i16::from(at.hour()) >= half / 2 {
            self.handed_over = true;
            let report = self.report(ReportType::X, at);
            self.ready.push_back(report);
        }
    }

    /// The last slips of a day, and the first customer of the next.
    fn start_anew(&mut self) {
        let slips = self.close();
        self.ready.extend(slips);
        let tomorrow = self.closing.date().tomorrow().unwrap_or(Date::MAX);
        let opening = tomorrow.at(self.shop.hours.opens, 0, 0, 0);
        self.closing = closing(self.shop, opening);
        self.handed_over = false;
        self.expect_customer(opening);
    }

    fn arrive(&mut self, at: DateTime) {
        let draw = self.till.draw(1_000);
        let rare = [REFUNDS, VOIDS, REPRINTS, NO_SALES, TRAININGS, TOP_UPS];
        let mut below = 0;
        let happening = rare.iter().position(|chance| {
            below += chance;
            draw < below
        });
        match happening {
            Some(0) => self.take_back(at),
            Some(1) => {
                let sale = self.till.sell_at(at);
                self.out(Slip::Ticket(Kind::Void, sale));
            }
            Some(2) => self.print_again(at),
            Some(3) => self.open_drawer(at),
            Some(4) => {
                let sale = self.till.sell_at(at);
                self.out(Slip::Ticket(Kind::Training, sale));
            }
            Some(5) if self.shop.habits.top_ups => self.top_up(at),
            _ => self.order(at),
        }
    }

    fn order(&mut self, at: DateTime) {
        let sale = self.till.sell_at(at);
        if self.shop.habits.kitchen {
            let number = self.order_number();
            self.out(Slip::Ticket(Kind::KitchenOrder, Sale { number, ..sale.clone() }));
        }
        let seated = self.shop.habits.bills;
        let pause = if seated { 600 + self.till.draw(1_800) } else { 5 + self.till.draw(20) };
        let due = if seated && self.till.draw(100) < BILL_CHANCE {
            Due::Bill(Box::new(sale))
        } else {
            Due::Payment(Box::new(sale))
        };
        self.schedule(later(at, pause), due);
    }

    fn schedule(&mut self, at: DateTime, due: Due) {
        let tie = self.agenda.range((at, 0)..=(at, u32::MAX)).count() as u32;
        self.agenda.insert((at, tie), due);
    }

    fn settle(&mut self, at: DateTime, due: Due) {
        match due {
            Due::Bill(sale) => {
                let number = self.order_number();
                self.out(Slip::Ticket(Kind::Bill, Sale { number, at, ..(*sale).clone() }));
                let pause = 60 + self.till.draw(240);
                self.schedule(later(at, pause), Due::Payment(sale));
            }
            Due::Payment(sale) => self.pay(Sale { at, cashier: self.till.cashier(at), ..*sale }),
        }
    }

    fn pay(&mut self, sale: Sale) {
        self.out(Slip::Ticket(Kind::Sale, sale.clone()));
        let method = sale.payment.tender.method;
        let reader = matches!(method, Method::Octopus | Method::Visa | Method::Mastercard);
        if self.shop.habits.card_slips && reader && self.till.draw(100) < CARD_SLIP_CHANCE {
            let slip = self.card_slip(&sale);
            self.out(Slip::Card(Kind::CardSlip, slip));
        }
        self.recent.push_back(sale);
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
    }

    fn card_slip(&mut self, sale: &Sale) -> CardSlip {
        let tender = sale.payment.tender;
        let octopus = tender.method == Method::Octopus;
        let left = i64::from(self.till.draw(5_000)) * 10;
        CardSlip {
            shop: self.shop,
            number: sale.number.clone(),
            at: later(sale.at, 2),
            terminal: self.terminal.clone(),
            tender,
            card: tender.label,
            card_number: self.card_number(),
            amount: sale.total,
            balance: octopus.then(|| self.shop.money.amount(left)),
        }
    }

    /// Cash onto an Octopus card: money in the drawer and no sale.
    fn top_up(&mut self, at: DateTime) {
        let cash = self.shop.tenders.iter().find(|tender| tender.method == Method::Cash);
        let amount = i64::from(1 + self.till.draw(5)) * 10_000;
        let before = i64::from(self.till.draw(1_000)) * 10;
        let slip = CardSlip {
            shop: self.shop,
            number: self.till.next_number(),
            at,
            terminal: self.terminal.clone(),
            tender: cash.unwrap_or(&self.shop.tenders[0]),
            card: words("OCTOPUS", "八達通"),
            card_number: self.card_number(),
            amount: self.shop.money.amount(amount),
            balance: Some(self.shop.money.amount(before + amount)),
        };
        self.out(Slip::Card(Kind::TopUp, slip));
    }

    fn card_number(&mut self) -> String {
        format!("****{:04}", self.till.draw(10_000))
    }

    fn take_back(&mut self, at: DateTime) {
        let Some(sale) = self.recent.pop_front() else { return self.order(at) };
        let refund = self.till.refund(&sale, at);
        self.out(Slip::Ticket(Kind::Refund, refund));
    }

    fn print_again(&mut self, at: DateTime) {
        // A reprint carries the time of its original, as tills print it.
        match self.recent.back().cloned() {
            Some(sale) => {
                self.at = at;
                self.ready.push_back(Slip::Ticket(Kind::Reprint, sale));
            }
            None => self.order(at),
        }
    }

    fn open_drawer(&mut self, at: DateTime) {
        let opening = NoSale {
            shop: self.shop,
            number: self.till.next_number(),
            at,
            terminal: self.terminal.clone(),
            cashier: self.till.cashier(at),
        };
        self.out(Slip::NoSale(opening));
    }

    fn report(&mut self, report_type: ReportType, at: DateTime) -> Slip {
        let count = match report_type {
            ReportType::X => &mut self.x_reports,
            ReportType::Z => &mut self.z_reports,
        };
        *count += 1;
        let number = count.to_string();
        let tally = match report_type {
            ReportType::X => self.tally.clone(),
            ReportType::Z => std::mem::replace(&mut self.tally, Tally::new(self.shop)),
        };
        self.at = at;
        Slip::Report(ShiftReport {
            shop: self.shop,
            report_type,
            number,
            at,
            terminal: self.terminal.clone(),
            cashier: self.till.cashier(at),
            tally,
        })
    }

    fn order_number(&mut self) -> String {
        let number = format!("A{:03}", self.orders);
        self.orders += 1;
        number
    }

    fn out(&mut self, slip: Slip) {
        self.at = slip.at();
        self.tally.count(&slip);
        self.ready.push_back(slip);
    }
}

impl Iterator for Day {
    type Item = Slip;

    fn next(&mut self) -> Option<Slip> {
        while self.ready.is_empty() {
            self.advance();
        }
        self.ready.pop_front()
    }
}

fn later(at: DateTime, seconds: u32) -> DateTime {
    at.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(at)
}

/// When the day that begins at `opening` ends.
fn closing(shop: &Shop, opening: DateTime) -> DateTime {
    let usual = opening.date().at(shop.hours.closes, 0, 0, 0);
    if usual > opening { usual } else { opening.checked_add(LATE_DAY).unwrap_or(usual) }
}
