//! A till that sells by seed.
//!
//! It draws customers, baskets and payments from one `ChaCha` stream; tills that share a seed and
//! differ in their first receipt number draw from different streams of it. It never asks the time,
//! and it prints nothing but sales: the rest of the day is [`Day`](super::Day)'s.

use jiff::civil;
use pos_protocol::event::Method;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::catalogue::{Measure, Shop, Tender};
use super::sale::{Discount, Levy, Line, Payment, Sale, round};
use super::words::Words;

/// When a simulated day begins where nothing else is said: fixed, because the same seed must print
/// the same bytes next year.
pub const OPENING: civil::DateTime = civil::datetime(2026, 11, 21, 11, 0, 0, 0);

/// Longest pause between two customers, in seconds.
const LONGEST_PAUSE_S: u32 = 240;
/// Most different things in one basket.
const MOST_LINES: u32 = 4;
/// Hour at which the second shift takes over.
const HANDOVER_HOUR: i8 = 16;
/// Chance that somebody asks for something special, in percent.
const MODIFIER_CHANCE: u32 = 30;

const DISCOUNT: Words = Words { en: "Discount 10%", zh: "優惠折扣", local: "Promo 10%" };
const OFFER: Words = Words { en: "Item offer", zh: "特價", local: "Promo" };

/// One till of a shop.
#[derive(Clone, Debug)]
pub struct Till {
    shop: &'static Shop,
    terminal: String,
    random: ChaCha8Rng,
    number: u32,
    at: civil::DateTime,
}

impl Till {
    /// The till `terminal`, whose first receipt is `first_number`, on the day that begins at
    /// `opening`.
    pub fn open(
        shop: &'static Shop,
        seed: u64,
        terminal: &str,
        first_number: u32,
        opening: civil::DateTime,
    ) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(u64::from(first_number));
        Self { shop, terminal: terminal.to_owned(), random, number: first_number, at: opening }
    }

    /// The next customer, some time after the one before.
    pub fn sell(&mut self) -> Sale {
        let pause = self.random.random_range(5..=LONGEST_PAUSE_S);
        let pause = jiff::SignedDuration::from_secs(i64::from(pause));
        let at = self.at.checked_add(pause).unwrap_or(self.at);
        self.sell_at(at)
    }

    /// The next customer, at `at`.
    pub fn sell_at(&mut self, at: civil::DateTime) -> Sale {
        self.at = at;
        let number = self.next_number();
        let table = self
            .shop
            .tables
            .map(|tables| (self.random.random_range(1..=tables), self.random.random_range(1..=4)));
        let lines = self.basket();
        let discounted = self.random.random_range(0..100) < self.shop.discount_chance;
        let tender = self.tender();
        let cashier = self.cashier(at);
        let terminal = self.terminal.clone();
        let mut sale =
            charge(self.shop, lines, discounted, tender, Context { number, at, terminal, cashier });
        sale.table = table;
        if tender.method == Method::Cash {
            let note = *self.one_of(&self.shop.money.notes);
            let owed = sale.total.minor();
            let tendered = (owed + note - 1) / note * note;
            let money = self.shop.money;
            sale.payment.cash = Some((money.amount(tendered), money.amount(tendered - owed)));
        }
        sale
    }

    /// What is paid back when `lines` of `sale` are returned at `at`.
    pub(super) fn refund(&mut self, sale: &Sale, at: civil::DateTime) -> Sale {
        let wanted = self.random.random_range(1..=sale.lines.len() as u32) as usize;
        let back = |line: &Line| {
            let mut line = Line {
                modifiers: Vec::new(),
                offer: line.offer,
                ..Line::new(sale.shop, line.dish, -line.count)
            };
            line.offer = line.offer.map(|offer| Discount {
                amount: sale.shop.money.amount(-offer.amount.minor()),
                ..offer
            });
            line
        };
        let lines = sale.lines[..wanted].iter().map(back).collect();
        let context = Context {
            number: self.next_number(),
            at,
            terminal: self.terminal.clone(),
            cashier: self.cashier(at),
        };
        let discounted = sale.discount.is_some();
        let refund = charge(sale.shop, lines, discounted, sale.payment.tender, context);
        Sale { original: Some(sale.number.clone()), table: None, ..refund }
    }

    /// The number of the next receipt, used up.
    pub(super) fn next_number(&mut self) -> String {
        let number = self.number.to_string();
        self.number += 1;
        number
    }

    /// Who is at the till at `at`: shifts rotate from day to day.
    pub(super) fn cashier(&self, at: civil::DateTime) -> Words {
        let shift = i64::from(at.hour() >= HANDOVER_HOUR) + i64::from(at.date().day());
        self.shop.staff[shift as usize % self.shop.staff.len()]
    }

    /// A number below `limit`.
    pub(super) fn draw(&mut self, limit: u32) -> u32 {
        self.random.random_range(0..limit)
    }

    /// 32 random bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.random.random()
    }

    /// Different dishes, each once on the receipt: a till adds up what is ordered twice.
    fn basket(&mut self) -> Vec<Line> {
        let menu: Vec<_> = self.shop.dishes().collect();
        let wanted = self.random.random_range(1..=MOST_LINES) as usize;
        let mut lines: Vec<Line> = Vec::with_capacity(wanted);
        while lines.len() < wanted {
            let dish = *self.one_of(&menu);
            if lines.iter().any(|line| line.dish == dish) {
                continue;
            }
            let count = match dish.measure {
                Measure::Piece => *self.one_of(&[1, 1, 1, 2, 2, 3]),
                Measure::Kilogram => i64::from(self.random.random_range(120..2_500_u32)),
            };
            let mut line = Line::new(self.shop, dish, count);
            if !dish.modifiers.is_empty() && self.draw(100) < MODIFIER_CHANCE {
                line.modifiers.push(*self.one_of(dish.modifiers));
            }
            if self.draw(100) < self.shop.offer_chance {
                let amount = self.shop.money.amount(-round(line.amount.minor(), 5));
                line.offer = Some(Discount { label: OFFER, amount });
            }
            lines.push(line);
        }
        lines
    }

    fn tender(&mut self) -> &'static Tender {
        let mut draw = self.draw(100);
        for tender in self.shop.tenders {
            if draw < tender.share {
                return tender;
            }
            draw -= tender.share;
        }
        &self.shop.tenders[0]
    }

    fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = self.random.random_range(0..list.len() as u32);
        &list[at as usize]
    }
}

/// Which receipt, when and by whom.
struct Context {
    number: String,
    at: civil::DateTime,
    terminal: String,
    cashier: Words,
}

/// Adds up `lines` the way every till of the street does: lines, discount, service, tax, coins.
fn charge(
    shop: &'static Shop,
    lines: Vec<Line>,
    discounted: bool,
    tender: &'static Tender,
    context: Context,
) -> Sale {
    let subtotal: i64 = lines.iter().map(Line::net).sum();
    // Ten percent in whole big coins, so that the discount itself never needs rounding.
    let step = shop.money.notes[0] / 10;
    let discount = if discounted { subtotal / (step * 10) * step } else { 0 };
    let reduced = subtotal - discount;
    let service = shop.service_percent.map(|percent| round(reduced * i64::from(percent), 100));
    let taxed = reduced + service.unwrap_or(0);
    let tax = shop.tax.map(|rule| {
        let percent = i64::from(rule.percent);
        let minor = if rule.included {
            round(taxed * percent, 100 + percent)
        } else {
            round(taxed * percent, 100)
        };
        Levy { label: rule.label, amount: shop.money.amount(minor), included: rule.included }
    });
    let added = tax.filter(|tax| !tax.included).map_or(0, |tax| tax.amount.minor());
    let owed = taxed + added;
    let coin = if rounds(tender.method) { shop.money.coin } else { 1 };
    let total = round(owed, coin) * coin;
    let amount = |minor| shop.money.amount(minor);
    Sale {
        shop,
        number: context.number,
        at: context.at,
        terminal: context.terminal,
        cashier: context.cashier,
        table: None,
        lines,
        subtotal: amount(subtotal),
        discount: (discount != 0).then(|| Discount { label: DISCOUNT, amount: amount(-discount) }),
        service_charge: service.map(amount),
        tax,
        rounding: (total != owed).then(|| amount(total - owed)),
        total: amount(total),
        payment: Payment { tender, cash: None },
        original: None,
    }
}

/// Coins do not exist below a size, and Octopus knows tenths of a dollar only.
fn rounds(method: Method) -> bool {
    matches!(method, Method::Cash | Method::Octopus)
}

#[cfg(test)]
mod tests {
    use super::{OPENING, Sale, Shop, Till};
    use pos_protocol::event::Method;
    use pos_protocol::money::Amount;

    fn day(shop: &str, seed: u64, sales: usize) -> Vec<Sale> {
        let shop = Shop::named(shop).expect("a shop of the catalogue");
        let mut till = Till::open(shop, seed, "counter-1", 1001, OPENING);
        (0..sales).map(|_| till.sell()).collect()
    }

    #[test]
    fn the_same_seed_sells_the_same_and_another_does_not() {
        assert_eq!(day("bubble-tea", 7, 50), day("bubble-tea", 7, 50));
        assert_ne!(day("bubble-tea", 7, 50), day("bubble-tea", 8, 50));
    }

    #[test]
    fn the_first_sale_of_a_seed_is_the_same_on_every_machine() {
        let sale = &day("cha-chaan-teng", 1, 1)[0];
        let basket: Vec<_> = sale.lines.iter().map(|l| (l.dish.name.en, l.count)).collect();
        let seen =
            format!("{} {} {basket:?} {}", sale.at, sale.payment.tender.label.en, sale.total);
        assert_eq!(
            seen,
            "2026-11-21T11:01:12 CASH [(\"Satay Beef Noodles\", 1), (\"French Toast\", 1), \
             (\"Iced Lemon Tea\", 1), (\"Char Siu Rice\", 1)] 161.70"
        );
    }

    #[test]
    fn every_sale_and_every_refund_of_the_street_adds_up() {
        for shop in Shop::ALL {
            let mut till = Till::open(shop, 3, "counter-1", 1001, OPENING);
            for _ in 0..300 {
                let sale = till.sell();
                let refund = till.refund(&sale, sale.at);
                assert!(refund.total.minor() <= 0, "{}", shop.id);
                for sale in [&sale, &refund] {
                    adds_up(sale);
                }
            }
        }
    }

    fn adds_up(sale: &Sale) {
        let offers = sale.lines.iter().filter_map(|line| line.offer);
        let lines: i64 = sale.lines.iter().map(|line| line.amount.minor()).sum();
        let offers: i64 = offers.map(|offer| offer.amount.minor()).sum();
        assert_eq!(lines + offers, sale.subtotal.minor());
        let discount = sale.discount.map_or(0, |d| d.amount.minor());
        let service = sale.service_charge.map_or(0, Amount::minor);
        let tax = sale.tax.filter(|tax| !tax.included).map_or(0, |tax| tax.amount.minor());
        let rounding = sale.rounding.map_or(0, Amount::minor);
        let sum = sale.subtotal.minor() + discount + service + tax + rounding;
        assert_eq!(sum, sale.total.minor(), "{} #{}", sale.shop.id, sale.number);
        if let Some((tendered, change)) = sale.payment.cash {
            assert_eq!(tendered.checked_sub(change), Some(sale.total), "#{}", sale.number);
            assert!(!change.is_negative(), "#{}", sale.number);
            assert_eq!(sale.total.minor() % sale.shop.money.coin, 0, "{}", sale.shop.id);
        }
    }

    #[test]
    fn a_long_day_has_every_means_of_payment_and_some_discounts() {
        let sales = day("bubble-tea", 5, 500);
        let methods = [
            Method::Cash,
            Method::Octopus,
            Method::Fps,
            Method::Payme,
            Method::Alipay,
            Method::Visa,
        ];
        for method in methods {
            assert!(sales.iter().any(|sale| sale.payment.tender.method == method), "{method}");
        }
        let reduced = sales.iter().filter(|sale| sale.discount.is_some()).count();
        assert!((25..150).contains(&reduced), "{reduced} of 500");
    }

    #[test]
    fn receipt_numbers_have_no_gap_and_time_moves_forward() {
        let sales = day("bubble-tea", 2, 100);
        for (at, pair) in sales.windows(2).enumerate() {
            assert_eq!(pair[1].number, (1002 + at).to_string());
            assert!(pair[0].at < pair[1].at);
        }
    }
}
