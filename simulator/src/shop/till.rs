//! A till that sells by seed.
//!
//! It draws customers, baskets and payments from one `ChaCha` stream; tills that share a seed and
//! differ in their first receipt number draw from different streams of it. It never asks the time.

use jiff::civil;
use pos_protocol::event::Method;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::catalogue::{Shop, Tender, Words};
use super::sale::{Discount, Line, Payment, Sale, hkd};

/// When a simulated day begins where nothing else is said: fixed, because the same seed must print
/// the same bytes next year.
pub const OPENING: civil::DateTime = civil::datetime(2026, 11, 21, 11, 0, 0, 0);

/// Longest pause between two customers, in seconds.
const LONGEST_PAUSE_S: u32 = 240;
/// Most different things in one basket.
const MOST_LINES: u32 = 4;
/// Notes and what people round up to, in cents, from what is in every pocket to the rare note.
const ROUND_UPS: [i64; 4] = [1_000, 5_000, 10_000, 50_000];

const DISCOUNT: Words = Words { en: "Discount 10%", zh: "優惠折扣" };

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
        let number = self.number.to_string();
        self.number += 1;
        let cashier = *self.one_of(self.shop.staff);
        let table = self
            .shop
            .tables
            .map(|tables| (self.random.random_range(1..=tables), self.random.random_range(1..=4)));
        let lines = self.basket();
        let subtotal: i64 = lines.iter().map(|line| line.amount().minor()).sum();
        let discount = self.discount(subtotal);
        let reduced = subtotal - discount;
        let service = self.shop.service_percent.map(|percent| reduced * i64::from(percent) / 100);
        let total = reduced + service.unwrap_or(0);
        Sale {
            shop: self.shop,
            number,
            at,
            terminal: self.terminal.clone(),
            cashier,
            table,
            lines,
            subtotal: hkd(subtotal),
            discount: (discount > 0).then(|| Discount { label: DISCOUNT, amount: hkd(-discount) }),
            service_charge: service.map(hkd),
            total: hkd(total),
            payment: self.payment(total),
        }
    }

    /// Different dishes, each once on the receipt: a till adds up what is ordered twice.
    fn basket(&mut self) -> Vec<Line> {
        let wanted = self.random.random_range(1..=MOST_LINES) as usize;
        let mut lines: Vec<Line> = Vec::with_capacity(wanted);
        while lines.len() < wanted {
            let dish = self.one_of(self.shop.menu);
            let quantity = *self.one_of(&[1, 1, 1, 2, 2, 3]);
            if lines.iter().all(|line| line.dish != dish) {
                lines.push(Line { dish, quantity });
            }
        }
        lines
    }

    /// Ten percent in whole dollars, or nothing.
    fn discount(&mut self, subtotal: i64) -> i64 {
        let lucky = self.random.random_range(0..100) < self.shop.discount_chance;
        if lucky { subtotal / 1_000 * 100 } else { 0 }
    }

    fn payment(&mut self, total: i64) -> Payment {
        let tender = self.tender();
        let cash = (tender.method == Method::Cash).then(|| {
            let note = *self.one_of(&ROUND_UPS);
            let tendered = (total + note - 1) / note * note;
            (hkd(tendered), hkd(tendered - total))
        });
        Payment { tender, cash }
    }

    fn tender(&mut self) -> &'static Tender {
        let mut draw = self.random.random_range(0..100);
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
        let basket: Vec<_> = sale.lines.iter().map(|l| (l.dish.name.en, l.quantity)).collect();
        let seen =
            format!("{} {} {basket:?} {}", sale.at, sale.payment.tender.label.en, sale.total);
        assert_eq!(
            seen,
            "2026-11-21T11:01:12 OCTOPUS [(\"Iced Lemon Tea\", 3), (\"Satay Beef Noodles\", 1), \
             (\"French Toast\", 2)] 188.10"
        );
    }

    #[test]
    fn every_sale_adds_up() {
        for sale in day("cha-chaan-teng", 3, 500).into_iter().chain(day("bubble-tea", 3, 500)) {
            let lines: i64 = sale.lines.iter().map(|line| line.amount().minor()).sum();
            assert_eq!(lines, sale.subtotal.minor());
            let discount = sale.discount.map_or(0, |d| d.amount.minor());
            let service = sale.service_charge.map_or(0, Amount::minor);
            assert_eq!(lines + discount + service, sale.total.minor(), "#{}", sale.number);
            if let Some((tendered, change)) = sale.payment.cash {
                assert_eq!(tendered.checked_sub(change), Some(sale.total), "#{}", sale.number);
                assert!(!change.is_negative(), "#{}", sale.number);
            }
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
