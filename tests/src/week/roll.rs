//! The paper of one till over some days: a quiet version of what the simulator's till prints, into
//! which things can be put.
//!
//! Numbers are keys while it is made (the till's own number times a thousand, so that there is room
//! between two); `numbered` makes receipt numbers of them, and adds the reports up again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan};
use pos_protocol::event::{Kind, ReportType};
use possim::shop::{Day, Sale, ShiftReport, Slip, Tally, Words};

use super::stand::{MONDAY, Stand};

/// Room between two of the till's own numbers.
const ROOM: u64 = 1_000;
/// A refund sooner than this after its sale is left out where the same cashier made it.
const CALM_REFUND: SignedDuration = SignedDuration::from_mins(6);
/// Refunds of a cashier on a day, copies of a receipt and on a day, openings in a shift: what a quiet
/// till has at most.
const REFUNDS: u32 = 1;
const COPIES: u32 = 2;
const COPIES_OF_DAY: u32 = 7;
const OPENINGS: u32 = 3;

/// What comes out of a till, and when.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: DateTime,
    pub(super) act: Act,
}

/// What a till or its printer does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// It prints.
    Prints(Box<Slip>),
    /// Its printer is asked and says whether there is paper.
    Paper(bool),
}

/// The paper of a till.
#[derive(Debug)]
pub(super) struct Roll {
    pub(super) stand: &'static Stand,
    pub(super) steps: Vec<Step>,
    /// Keys of numbers that the till skips.
    pub(super) skipped: BTreeSet<u64>,
    /// Days whose Z report has a number too many.
    pub(super) leaps: BTreeSet<Date>,
    /// Numbers that something was made of already.
    pub(super) used: BTreeSet<String>,
}

impl Roll {
    /// What `stand` prints by itself on so many days, without what would be worth a look.
    pub(super) fn quiet(stand: &'static Stand, seed: u64, days: u32) -> Self {
        let shop = stand.shop();
        let opening = MONDAY.at(shop.hours.opens, 0, 0, 0);
        let mut steps: Vec<Step> = Vec::new();
        let mut ends = 0;
        for slip in Day::open(shop, seed, stand.till, stand.first_number, opening) {
            if !stand.style().kinds().contains(&slip.kind()) {
                continue;
            }
            ends += u32::from(is_z(&slip));
            let next = steps.last().map_or(opening, |step| later(step.at, 1));
            // A copy carries the time of its original.
            let at = if slip.kind() == Kind::Reprint { next } else { slip.at().max(next) };
            steps.push(Step { at, act: Act::Prints(Box::new(keyed(slip))) });
            if ends == days {
                break;
            }
        }
        let mut roll = Self {
            stand,
            steps,
            skipped: BTreeSet::new(),
            leaps: BTreeSet::new(),
            used: BTreeSet::new(),
        };
        roll.calm();
        roll
    }

    /// Leaves out what a quiet till does not print.
    fn calm(&mut self) {
        let mut sold: BTreeMap<String, (DateTime, Words)> = BTreeMap::new();
        let mut refunds: BTreeMap<(Date, &str), u32> = BTreeMap::new();
        let mut copies: BTreeMap<(Date, String), u32> = BTreeMap::new();
        let mut of_day: BTreeMap<Date, u32> = BTreeMap::new();
        let mut openings = 0;
        let limit = self.stand.refund_over * 100;
        self.steps.retain(|step| {
            let Act::Prints(slip) = &step.act else { return true };
            match &**slip {
                Slip::Ticket(Kind::Sale, sale) => {
                    sold.insert(sale.number.clone(), (step.at, sale.cashier));
                    true
                }
                Slip::Ticket(Kind::Refund, sale) => {
                    let original = sale.original.as_ref().and_then(|number| sold.get(number));
                    let Some((at, cashier)) = original else { return false };
                    let soon = at.duration_until(step.at) < CALM_REFUND && *cashier == sale.cashier;
                    let count = refunds.entry((step.at.date(), sale.cashier.en)).or_default();
                    let kept = !soon && -sale.total.minor() <= limit && *count < REFUNDS;
                    *count += u32::from(kept);
                    kept
                }
                Slip::Ticket(Kind::Reprint, sale) => {
                    let day = step.at.date();
                    let copy = copies.entry((day, sale.number.clone())).or_default();
                    let all = of_day.entry(day).or_default();
                    let kept = *copy < COPIES && *all < COPIES_OF_DAY;
                    *copy += u32::from(kept);
                    *all += u32::from(kept);
                    kept
                }
                Slip::NoSale(_) => {
                    openings += 1;
                    openings <= OPENINGS
                }
                Slip::Report(_) => {
                    openings = 0;
                    true
                }
                _ => true,
            }
        });
    }

    /// Every slip with its time.
    pub(super) fn slips(&self) -> impl Iterator<Item = (DateTime, &Slip)> {
        self.steps.iter().filter_map(|step| match &step.act {
            Act::Prints(slip) => Some((step.at, &**slip)),
            Act::Paper(_) => None,
        })
    }

    /// The first sale from `hour` of a day on that fits and that no other slip is about.
    pub(super) fn sale(&mut self, day: i64, hour: i8, fits: impl Fn(&Sale) -> bool) -> Sale {
        let from = date_of(day).at(hour, 0, 0, 0);
        let about: BTreeSet<&String> = self
            .slips()
            .filter_map(|(_, slip)| match slip {
                Slip::Ticket(Kind::Refund | Kind::Void, sale) => sale.original.as_ref(),
                Slip::Ticket(Kind::Reprint, sale) => Some(&sale.number),
                _ => None,
            })
            .collect();
        let found = self.slips().find_map(|(at, slip)| match slip {
            Slip::Ticket(Kind::Sale, sale)
                if at >= from
                    && !about.contains(&sale.number)
                    && !self.used.contains(&sale.number)
                    && fits(sale) =>
            {
                Some(sale.clone())
            }
            _ => None,
        });
        let found = found.expect("a day has such a sale");
        self.used.insert(found.number.clone());
        found
    }

    /// Who is at the till at `at`.
    pub(super) fn cashier(&self, at: DateTime) -> Words {
        let sales = self.slips().take_while(|(sold, _)| *sold <= at);
        let last = sales.filter_map(|(_, slip)| match slip {
            Slip::Ticket(Kind::Sale, sale) => Some(sale.cashier),
            _ => None,
        });
        last.last().unwrap_or(self.stand.shop().staff[0])
    }

    /// A key for a slip at `at`, behind all that the till gave by then.
    pub(super) fn fresh(&self, at: DateTime) -> String {
        let given = self.slips().filter(|(printed, _)| *printed <= at);
        let last = given.filter_map(|(_, slip)| key(slip)).max().unwrap_or(0);
        let known: BTreeSet<u64> =
            self.slips().filter_map(|(_, slip)| key(slip)).chain(self.skipped.clone()).collect();
        let mut free = last + 1;
        while known.contains(&free) {
            free += 1;
        }
        free.to_string()
    }

    /// Puts a slip into its place.
    pub(super) fn put(&mut self, at: DateTime, slip: Slip) {
        self.act(at, Act::Prints(Box::new(slip)));
    }

    pub(super) fn act(&mut self, at: DateTime, act: Act) {
        let place = self.steps.partition_point(|step| step.at <= at);
        self.steps.insert(place, Step { at, act });
    }

    /// Gives receipt numbers in the order of the keys and adds the reports up; the numbers by key.
    pub(super) fn numbered(&mut self) -> BTreeMap<String, String> {
        let keys: BTreeSet<u64> =
            self.slips().filter_map(|(_, slip)| key(slip)).chain(self.skipped.clone()).collect();
        let numbers = (u64::from(self.stand.first_number)..).map(|number| number.to_string());
        let numbers: BTreeMap<String, String> =
            keys.into_iter().map(|key| key.to_string()).zip(numbers).collect();
        let mut tally = empty(self.stand);
        let mut ends = BTreeMap::new();
        for step in &mut self.steps {
            let Act::Prints(slip) = &mut step.act else { continue };
            for text in numbers_of(slip) {
                if let Some(number) = numbers.get(text) {
                    text.clone_from(number);
                }
            }
            count(slip, &mut tally);
            if let Slip::Report(report) = &mut **slip {
                let leap = u32::from(self.leaps.contains(&step.at.date()) && is_z_type(report));
                let end: &mut u32 = ends.entry(is_z_type(report)).or_default();
                *end += 1 + leap;
                report.number = end.to_string();
                report.tally = tally.clone();
                if is_z_type(report) {
                    tally = empty(self.stand);
                }
            }
        }
        numbers
    }
}

/// The date of a day of the week, from 0.
pub(super) fn date_of(day: i64) -> Date {
    MONDAY.checked_add(day.days()).expect("this year")
}

/// So many seconds later.
pub(super) fn later(at: DateTime, seconds: i64) -> DateTime {
    at.checked_add(SignedDuration::from_secs(seconds)).expect("this year")
}

pub(super) fn is_z(slip: &Slip) -> bool {
    matches!(slip, Slip::Report(report) if is_z_type(report))
}

fn is_z_type(report: &ShiftReport) -> bool {
    report.report_type == ReportType::Z
}

/// The texts of a slip that are receipt numbers. Orders and bills have a count of their own.
fn numbers_of(slip: &mut Slip) -> Vec<&mut String> {
    match slip {
        Slip::Ticket(Kind::KitchenOrder | Kind::Bill, _) | Slip::Report(_) => Vec::new(),
        Slip::Ticket(_, sale) => {
            std::iter::once(&mut sale.number).chain(&mut sale.original).collect()
        }
        Slip::Card(_, card) => vec![&mut card.number],
        Slip::NoSale(opening) => vec![&mut opening.number],
    }
}

fn keyed(mut slip: Slip) -> Slip {
    for text in numbers_of(&mut slip) {
        let number: u64 = text.parse().expect("the simulator's numbers are digits");
        *text = (number * ROOM).to_string();
    }
    slip
}

fn key(slip: &Slip) -> Option<u64> {
    let text = match slip {
        Slip::Ticket(Kind::KitchenOrder | Kind::Bill, _) | Slip::Report(_) => return None,
        Slip::Ticket(_, sale) => &sale.number,
        Slip::Card(_, card) => &card.number,
        Slip::NoSale(opening) => &opening.number,
    };
    text.parse().ok()
}

/// A report of nothing.
pub(super) fn empty(stand: &Stand) -> Tally {
    Tally {
        gross: 0,
        discounts: 0,
        net: 0,
        refunds: 0,
        voids: 0,
        tax: 0,
        no_sales: 0,
        receipts: 0,
        tenders: vec![(0, 0); stand.shop().tenders.len()],
    }
}

/// Counts a slip the way the simulator's till does: gross before reductions of the bill, refunds off
/// the means of payment, voided sales in all figures.
pub(super) fn count(slip: &Slip, tally: &mut Tally) {
    match slip {
        Slip::Ticket(Kind::Sale, sale) => {
            let reduced = sale.discount.map_or(0, |discount| discount.amount.minor());
            tally.gross += sale.total.minor() - reduced;
            tally.discounts += reduced;
            tally.receipts += 1;
            pay(sale, tally, 1);
        }
        Slip::Ticket(Kind::Refund, sale) => {
            tally.refunds -= sale.total.minor();
            pay(sale, tally, 0);
        }
        Slip::Ticket(Kind::Void, sale) => tally.voids += sale.total.minor(),
        Slip::NoSale(_) => tally.no_sales += 1,
        Slip::Ticket(..) | Slip::Card(..) | Slip::Report(_) => {}
    }
}

fn pay(sale: &Sale, tally: &mut Tally, sales: u32) {
    let tender = sale.payment.tender;
    let at = sale.shop.tenders.iter().position(|known| known == tender).expect("of this shop");
    tally.net += sale.total.minor();
    tally.tenders[at].0 += sale.total.minor();
    tally.tenders[at].1 += sales;
}
