//! Takings counted by hand from the slips of the simulator: by day, and what the bridge's own days
//! are held against.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use pos_protocol::event::Kind;
use pos_protocol::money::Amount;
use posbridge::shop::{Day, Sum};
use possim::shop::{Sale, Slip};

use super::stand::Stand;

/// Before this hour it is still the day before.
const DAY_ENDS: i8 = 4;

/// How many, and for how many cents.
pub(super) type Pair = (i64, i64);

/// What a day, or several, brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Takings {
    sales: Pair,
    refunds: Pair,
    taken_back: Pair,
    voids: Pair,
    discounts: Pair,
    top_ups: Pair,
    tenders: BTreeMap<String, Pair>,
    hours: BTreeMap<u8, Pair>,
    cashiers: BTreeMap<String, Pair>,
    sources: BTreeMap<String, Pair>,
    foreign: BTreeMap<String, Pair>,
    others: BTreeMap<String, i64>,
    off: i64,
}

/// Everything that was counted: days by shop, items by shop, day and name.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    days: BTreeMap<(&'static str, Date), Takings>,
    items: BTreeMap<(&'static str, Date), BTreeMap<String, Pair>>,
    /// By till and number, what can be taken back.
    sold: BTreeMap<(&'static str, String), Sale>,
}

fn add(pair: &mut Pair, count: i64, cents: i64) {
    pair.0 += count;
    pair.1 += cents;
}

/// The business day of a time that a slip shows.
fn day_of(at: DateTime) -> Date {
    let date = at.date();
    if at.hour() < DAY_ENDS { date.yesterday().expect("this year") } else { date }
}

impl Counted {
    /// Counts a slip; the sale that it takes back, where it is a void of one that was paid.
    pub(super) fn count(
        &mut self,
        stand: &'static Stand,
        slip: &Slip,
        heard: DateTime,
    ) -> Option<Sale> {
        let shop = stand.shop;
        let at = if matches!(slip, Slip::Report(_)) { heard } else { slip.at() };
        let date = day_of(at);
        let day = self.days.entry((shop, date)).or_default();
        match slip {
            Slip::Ticket(kind @ (Kind::Sale | Kind::Refund), sale) => {
                let is_sale = *kind == Kind::Sale;
                let main = if is_sale { &mut day.sales } else { &mut day.refunds };
                add(main, 1, sale.total.minor());
                day.take(stand, sale, at, 1, i64::from(is_sale));
                if is_sale {
                    self.sold.insert((stand.till, sale.number.clone()), sale.clone());
                }
                self.goods(stand, date, sale, 1);
                None
            }
            Slip::Ticket(Kind::Void, void) => {
                add(&mut day.voids, 1, void.total.minor());
                let number = void.original.clone()?;
                let sale = self.sold.get(&(stand.till, number)).cloned()?;
                add(&mut day.taken_back, 1, -sale.total.minor());
                day.take(stand, &sale, at, -1, -1);
                self.goods(stand, date, &sale, -1);
                Some(sale)
            }
            Slip::Card(Kind::TopUp, card) => {
                add(&mut day.top_ups, 1, card.amount.minor());
                None
            }
            Slip::Card(..) => None,
            other => {
                *day.others.entry(other.kind().as_str().to_owned()).or_default() += 1;
                None
            }
        }
    }

    fn goods(&mut self, stand: &'static Stand, date: Date, sale: &Sale, sign: i64) {
        let items = self.items.entry((stand.shop, date)).or_default();
        for line in &sale.lines {
            let item = items.entry(stand.name(line.dish).to_owned()).or_default();
            add(item, sign * line.count, sign * line.amount.minor());
        }
    }

    /// What these shops took from a day to another.
    pub(super) fn takings(&self, shops: &[&str], from: Date, to: Date) -> Takings {
        let mut all = Takings::default();
        for ((shop, date), day) in &self.days {
            if shops.contains(shop) && (from..=to).contains(date) {
                all.merge(day);
            }
        }
        all
    }

    /// What was sold there and then, by name.
    pub(super) fn items(&self, shops: &[&str], from: Date, to: Date) -> BTreeMap<String, Pair> {
        let mut all: BTreeMap<String, Pair> = BTreeMap::new();
        for ((shop, date), items) in &self.items {
            if shops.contains(shop) && (from..=to).contains(date) {
                for (name, (count, cents)) in items {
                    add(all.entry(name.clone()).or_default(), *count, *cents);
                }
            }
        }
        all
    }

    /// Every day of trade from the first of a shop to its last.
    pub(super) fn days(&self, shop: &str) -> impl Iterator<Item = Date> {
        let mut dates = self.days.keys().filter(|(of, _)| *of == shop).map(|(_, date)| *date);
        let first = dates.next();
        let last = dates.next_back().or(first);
        let end = last.map(|last| last.checked_add(1.day()).expect("this year"));
        first
            .into_iter()
            .flat_map(move |first| first.series(1.day()).take_while(move |date| Some(*date) < end))
    }
}

impl Takings {
    fn take(&mut self, stand: &Stand, sale: &Sale, at: DateTime, sign: i64, sales: i64) {
        let language = stand.style().language;
        let cents = sign * sale.total.minor();
        let method = sale.payment.tender.method.as_str();
        add(self.tenders.entry(method.to_owned()).or_default(), sales, cents);
        let offers = sale.lines.iter().filter_map(|line| line.offer);
        for discount in offers.chain(sale.discount) {
            add(&mut self.discounts, sign, sign * discount.amount.minor());
        }
        add(self.hours.entry(at.hour().unsigned_abs()).or_default(), sales, cents);
        add(self.sources.entry(stand.till.to_owned()).or_default(), sales, cents);
        let cashier = sale.cashier.of(language).to_owned();
        add(self.cashiers.entry(cashier).or_default(), sales, cents);
    }

    fn merge(&mut self, other: &Self) {
        for (sum, (count, cents)) in [
            (&mut self.sales, other.sales),
            (&mut self.refunds, other.refunds),
            (&mut self.taken_back, other.taken_back),
            (&mut self.voids, other.voids),
            (&mut self.discounts, other.discounts),
            (&mut self.top_ups, other.top_ups),
        ] {
            add(sum, count, cents);
        }
        for (sums, more) in [
            (&mut self.tenders, &other.tenders),
            (&mut self.cashiers, &other.cashiers),
            (&mut self.sources, &other.sources),
        ] {
            for (name, (count, cents)) in more {
                add(sums.entry(name.clone()).or_default(), *count, *cents);
            }
        }
        for (hour, (count, cents)) in &other.hours {
            add(self.hours.entry(*hour).or_default(), *count, *cents);
        }
        for (kind, count) in &other.others {
            *self.others.entry(kind.clone()).or_default() += count;
        }
    }

    /// What the bridge counted, in the same form.
    pub(super) fn of(day: &Day) -> Self {
        let by_name = |sums: &BTreeMap<String, Sum>| {
            sums.iter().map(|(name, sum)| (name.clone(), pair(sum))).collect()
        };
        Self {
            sales: pair(&day.sales),
            refunds: pair(&day.refunds),
            taken_back: pair(&day.taken_back),
            voids: pair(&day.voids),
            discounts: pair(&day.discounts),
            top_ups: pair(&day.top_ups),
            tenders: by_name(&day.tenders),
            hours: day.hours.iter().map(|(hour, sum)| (*hour, pair(sum))).collect(),
            cashiers: by_name(&day.cashiers),
            sources: by_name(&day.sources),
            foreign: by_name(&day.foreign),
            others: day.others.clone(),
            off: day.off,
        }
    }

    /// Sales less what was paid and taken back.
    pub(super) fn net(&self) -> i64 {
        self.sales.1 + self.refunds.1 + self.taken_back.1
    }

    /// What a sale was on average, to the nearest cent.
    pub(super) fn average(&self) -> i64 {
        (self.sales.1 + self.sales.0 / 2) / self.sales.0
    }
}

fn pair(sum: &Sum) -> Pair {
    (sum.count, cents(sum.amount))
}

/// An amount in cents.
pub(super) fn cents(amount: Amount) -> i64 {
    amount.rescale(2).expect("whole cents").minor()
}
