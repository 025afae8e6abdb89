//! Z reports that differ from what we saw in one known way each, through real slips: what the till
//! counted and what was printed past us are two lists, and something is done to one of them.

use std::fmt;
use std::sync::Arc;

use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind, ReportType, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{Encoding, Profile};
use pos_protocol::session::{Lane, Session};
use pos_protocol::time::Timestamp;
use posbridge::config;
use posbridge::journal::{Memory, Understand};
use posbridge::shop::{Clerk, Finding};
use possim::shop::{NoSale, OPENING, Sale, ShiftReport, Slip, Till, epoch_ms};
use serde_json::Value;

use super::forge;
use super::roll::{count, empty, later};
use super::stand::{STANDS, Stand, config};

/// Sales of a shift.
const SALES: usize = 24;
/// Where in a shift its refund, its void and its opening come.
const REFUND: usize = 12;
const VOID: usize = 18;
const OPENING_BY_HAND: usize = 21;
/// Of these sales something happens.
const SALE: usize = 8;
const SECOND_SALE: usize = 15;
/// By how much a total is misprinted, in cents.
const MISPRINT: i64 = 1_000;

/// A difference that was planted into a shift, and what was said of it.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The reasons with the receipt that each is about.
    pub planted: Vec<(&'static str, String)>,
    /// What was said.
    pub told: Vec<Value>,
}

impl Planted {
    /// Whether each was named, by its reason and its receipt, and nothing else was said.
    pub fn is_named(&self) -> bool {
        let named = |(why, number): &(&'static str, String)| {
            self.told.iter().any(|told| told["why"] == *why && numbers(told).contains(number))
        };
        self.told.len() == self.planted.len() && self.planted.iter().all(named)
    }
}

/// The receipts that a difference names.
fn numbers(told: &Value) -> Vec<String> {
    let slip = &told["slip"];
    let lists = [&told["numbers"], &slip["or"]];
    let many = lists.into_iter().filter_map(Value::as_array).flatten();
    many.chain([&slip["number"]]).filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

impl fmt::Display for Planted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let planted: Vec<String> =
            self.planted.iter().map(|(why, number)| format!("{why} {number}")).collect();
        let told: Vec<String> = self
            .told
            .iter()
            .map(|told| {
                let why = told["why"].as_str().unwrap_or("?");
                format!("{why} {}", numbers(told).join(" or "))
            })
            .collect();
        let mark = if self.is_named() { "named" } else { "NOT NAMED" };
        write!(f, "{mark:<9} {:<50} | {}", planted.join(", "), told.join(", "))
    }
}

/// What is done to the slips of a shift.
type Plant = fn(&mut Shift);

const PLANTS: [Plant; 11] = [
    |shift| shift.hide("unseen", SALE),
    |shift| shift.hide("unseen", REFUND),
    |shift| shift.hide("unseen", VOID),
    |shift| shift.hide("unseen", OPENING_BY_HAND),
    |shift| {
        // Bytes that are the same to the last are known to be a copy; this one has another time.
        let mut again = shift.seen[SALE].clone();
        if let Slip::Ticket(_, sale) = &mut again {
            sale.at = later(sale.at, 100);
        }
        shift.seen.insert(SALE + 2, again);
        shift.plant("printed_twice", SALE);
    },
    |shift| shift.leave_out("not_in_report", SALE),
    |shift| shift.leave_out("not_in_report", REFUND),
    |shift| shift.pay_otherwise(SALE),
    |shift| {
        if let Slip::Ticket(kind, _) = &mut shift.counted[SALE] {
            *kind = Kind::Void;
        }
        shift.plant("counted_as_void", SALE);
    },
    |shift| {
        if let Slip::Ticket(_, sale) = &mut shift.seen[SALE] {
            let money = sale.shop.money;
            sale.total = money.amount(sale.total.minor() + MISPRINT);
            sale.payment.cash = None;
        }
        shift.plant("read_otherwise", SALE);
    },
    |shift| {
        shift.hide("unseen", SALE);
        shift.pay_otherwise(SECOND_SALE);
    },
];

/// What the till counted and what we saw.
struct Shift {
    counted: Vec<Slip>,
    seen: Vec<Slip>,
    planted: Vec<(&'static str, String)>,
}

impl Shift {
    fn plant(&mut self, why: &'static str, at: usize) {
        self.planted.push((why, number(&self.counted[at])));
    }

    /// Printed past us.
    fn hide(&mut self, why: &'static str, at: usize) {
        self.plant(why, at);
        self.seen.remove(at);
    }

    /// Printed, and not counted by the till.
    fn leave_out(&mut self, why: &'static str, at: usize) {
        self.plant(why, at);
        self.counted.remove(at);
    }

    /// Counted under another means of payment.
    fn pay_otherwise(&mut self, at: usize) {
        if let Slip::Ticket(_, sale) = &mut self.counted[at] {
            let tenders = sale.shop.tenders;
            let other = tenders.iter().find(|tender| *tender != sale.payment.tender);
            sale.payment.tender = other.expect("two means");
        }
        self.plant("other_tender", at);
    }
}

fn number(slip: &Slip) -> String {
    match slip {
        Slip::Ticket(_, sale) => sale.number.clone(),
        Slip::NoSale(opening) => opening.number.clone(),
        Slip::Card(..) | Slip::Report(_) => String::new(),
    }
}

/// Plants each of them into a shift of its own, after one that agrees.
///
/// # Panics
/// Where the first shift does not agree, or a shift is not told of at all.
pub fn planted(seed: u64) -> Vec<Planted> {
    let stand = &STANDS[0];
    let mut tills = Tills::open(stand, seed);
    let clean = tills.shift();
    assert_eq!(tills.end(&clean), Vec::<Value>::new(), "the first shift agrees");
    PLANTS
        .iter()
        .map(|plant| {
            let mut shift = tills.shift();
            plant(&mut shift);
            let told = tills.end(&shift);
            Planted { planted: shift.planted, told }
        })
        .collect()
}

/// A till, its session and its books.
struct Tills {
    stand: &'static Stand,
    till: Till,
    at: DateTime,
    number: u32,
    ends: u32,
    session: Session,
    clerk: Clerk,
    rows: Memory,
}

impl Tills {
    fn open(stand: &'static Stand, seed: u64) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("posbridge.toml");
        std::fs::write(&file, config()).expect("a directory with room");
        let encoding = Encoding::parse(stand.encoding).expect("an encoding");
        let currency = Currency::from_code("HKD");
        let profile = Profile { encoding, currency, ..Profile::default() };
        let id = SessionId { journal: "planted".into(), source: stand.till.into(), epoch: 0 };
        Self {
            stand,
            till: Till::open(stand.shop(), seed, stand.till, stand.first_number, OPENING),
            at: OPENING,
            number: stand.first_number,
            ends: 0,
            session: Session::new(id, Arc::new(profile), Limits::default()),
            clerk: Clerk::new(Arc::new(config::load(&file).expect("good"))),
            rows: Memory::default(),
        }
    }

    fn next(&mut self) -> String {
        self.number += 1;
        (self.number - 1).to_string()
    }

    /// A shift as both sides see it.
    fn shift(&mut self) -> Shift {
        let mut slips: Vec<Slip> = Vec::new();
        while slips.len() < SALES {
            self.at = later(self.at, 70);
            let drawn = self.till.sell_at(self.at);
            let sale = Sale { number: self.next(), ..drawn };
            slips.push(match slips.len() {
                REFUND => {
                    let Slip::Ticket(_, first) = &slips[1] else { unreachable!("a sale") };
                    let refund =
                        forge::refund_of(first, sale.number.clone(), self.at, sale.cashier);
                    Slip::Ticket(Kind::Refund, refund)
                }
                VOID => Slip::Ticket(Kind::Void, sale),
                OPENING_BY_HAND => Slip::NoSale(NoSale {
                    shop: sale.shop,
                    number: sale.number,
                    at: self.at,
                    terminal: sale.terminal,
                    cashier: sale.cashier,
                }),
                _ => Slip::Ticket(Kind::Sale, sale),
            });
        }
        Shift { counted: slips.clone(), seen: slips, planted: Vec::new() }
    }

    /// Prints what we see of a shift, and its Z report; what is said of that.
    fn end(&mut self, shift: &Shift) -> Vec<Value> {
        let mut tally = empty(self.stand);
        for slip in &shift.counted {
            count(slip, &mut tally);
        }
        self.at = later(self.at, 300);
        self.ends += 1;
        let report = Slip::Report(ShiftReport {
            shop: self.stand.shop(),
            report_type: ReportType::Z,
            number: self.ends.to_string(),
            at: self.at,
            terminal: self.stand.till.to_owned(),
            cashier: self.stand.shop().staff[0],
            tally,
        });
        let mut told = Vec::new();
        for slip in shift.seen.iter().chain([&report]) {
            for event in self.read(slip) {
                told.extend(self.keep(&event));
            }
        }
        told
    }

    fn read(&mut self, slip: &Slip) -> Vec<Event> {
        let at = if matches!(slip, Slip::Report(_)) { self.at } else { slip.at() };
        let ms = epoch_ms(at);
        // A second print comes later than its neighbours say.
        let mono = self.session.last_seen().map_or(0, |seen| seen.mono);
        let now = Timestamp::new(mono.max(ms.unsigned_abs() * 1_000_000), ms);
        self.session.receive(Lane::ToPrinter(0), now, &self.stand.style().print_slip(slip));
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    fn keep(&mut self, event: &Event) -> Vec<Value> {
        self.rows.remember(event).expect("plain data");
        let found = self.clerk.event(event, &mut self.rows).expect("memory").findings;
        let differences = found.iter().filter_map(|new| match serde_json::from_str(&new.body) {
            Ok(Finding::Reconciliation(reckoning)) => {
                serde_json::to_value(&reckoning.found.differences).ok()
            }
            _ => None,
        });
        differences.flat_map(|list| list.as_array().cloned().unwrap_or_default()).collect()
    }
}
