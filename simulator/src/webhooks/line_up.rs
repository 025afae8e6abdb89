//! The sales of a till and the calls that tell of them, in order; or not quite, where that is asked
//! for.
//!
//! Both follow from shop, seed and till, so that the truth can be written before anything is sent.
//! Only a window of calls is held at a time.

use std::collections::VecDeque;

use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::body::{Told, notices};
use super::notice::{Names, Notice};
use super::scheme::Scheme;
use crate::shop::{Day, Language, Sale, Shop, Slip};
use crate::truth;

/// Number of the first receipt.
const FIRST_NUMBER: u32 = 1_001;
/// Calls among which the order can change.
const WINDOW: usize = 32;

/// What is to be sold and told.
#[derive(Clone, Debug)]
pub struct LineUp {
    /// Who sells.
    pub shop: &'static Shop,
    /// Name of the till, and `source` of the truth.
    pub till: String,
    /// The same seed sells and tells the same on every machine.
    pub seed: u64,
    /// Local time at which the day begins.
    pub opening: DateTime,
    /// How many sales and refunds.
    pub sales: u32,
    /// Who tells.
    pub scheme: Scheme,
    /// How many calls of a hundred come twice.
    pub duplicates: u8,
    /// Whether calls overtake each other.
    pub reorder: bool,
}

/// A sale or a refund.
#[derive(Clone, Debug)]
pub struct Sold {
    /// Which of the two.
    pub kind: Kind,
    /// What was sold or taken back.
    pub sale: Sale,
}

impl LineUp {
    /// What was sold and taken back.
    pub fn sold(&self) -> impl Iterator<Item = Sold> + use<> {
        let day = Day::open(self.shop, self.seed, &self.till, FIRST_NUMBER, self.opening);
        let tickets = day.filter_map(|slip| match slip {
            Slip::Ticket(kind @ (Kind::Sale | Kind::Refund), sale) => Some(Sold { kind, sale }),
            _ => None,
        });
        tickets.take(self.sales as usize)
    }

    /// The same as events of schema 1.
    pub fn truth(&self) -> impl Iterator<Item = Event> + use<> {
        let till = self.till.clone();
        self.sold().map(move |sold| truth::sold(sold.kind, &sold.sale, Language::En, &till))
    }

    /// The calls that tell of it.
    pub fn calls(&self) -> impl Iterator<Item = Notice> + use<> {
        let mut line_up = self.clone();
        let names = Names::new(self.shop.id, self.seed, &self.till);
        let mut sold = self.sold();
        // The sales draw from the seed itself; what happens to the calls is another matter.
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(u64::MAX);
        let mut window = VecDeque::new();
        std::iter::from_fn(move || {
            if window.is_empty() {
                window = line_up.fill(&mut sold, &names, &mut random);
            }
            window.pop_front()
        })
    }

    fn fill(
        &mut self,
        sold: &mut impl Iterator<Item = Sold>,
        names: &Names,
        random: &mut ChaCha8Rng,
    ) -> VecDeque<Notice> {
        let mut window = Vec::with_capacity(2 * WINDOW);
        while window.len() < WINDOW
            && let Some(Sold { kind, sale }) = sold.next()
        {
            let told = Told { kind, sale: &sale, names };
            for notice in notices(self.scheme, told) {
                let twice = random.random_range(0..100) < self.duplicates;
                let again = twice.then(|| notice.clone());
                window.push(notice);
                window.extend(again);
            }
        }
        if self.reorder {
            for at in (1..window.len()).rev() {
                window.swap(at, random.random_range(0..=at as u32) as usize);
            }
        }
        window.into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{LineUp, Notice, Scheme};
    use crate::shop::{OPENING, Shop};

    fn line_up(scheme: Scheme, duplicates: u8, reorder: bool) -> LineUp {
        let shop = Shop::named("bubble-tea").expect("a shop of the catalogue");
        let till = "cloud".to_owned();
        LineUp { shop, till, seed: 7, opening: OPENING, sales: 400, scheme, duplicates, reorder }
    }

    fn ids(calls: &[Notice]) -> HashSet<&str> {
        calls.iter().map(|notice| notice.id.as_str()).collect()
    }

    #[test]
    fn duplicates_and_another_order_tell_the_same_as_the_plain_calls() {
        for scheme in [
            Scheme::Square,
            Scheme::LightspeedX,
            Scheme::LightspeedK,
            Scheme::Shopify,
            Scheme::Standard,
        ] {
            let plain: Vec<Notice> = line_up(scheme, 0, false).calls().collect();
            let mixed: Vec<Notice> = line_up(scheme, 20, true).calls().collect();
            assert_eq!(ids(&plain).len(), plain.len(), "{scheme:?}: an id is of one call");
            assert_eq!(ids(&mixed), ids(&plain), "{scheme:?}");
            let extra = (mixed.len() - plain.len()) as f64 / plain.len() as f64;
            assert!((0.1..0.3).contains(&extra), "{scheme:?}: a fifth comes twice, found {extra}");
            let again: Vec<Notice> = line_up(scheme, 20, true).calls().collect();
            assert_eq!(mixed, again, "{scheme:?}: the same seed");
            let first: Vec<&String> = plain.iter().take(10).map(|notice| &notice.id).collect();
            let moved: Vec<&String> = mixed.iter().take(10).map(|notice| &notice.id).collect();
            assert_ne!(first, moved, "{scheme:?}");
        }
    }

    #[test]
    fn what_is_told_is_what_is_true() {
        let line_up = line_up(Scheme::Square, 0, false);
        let truth: Vec<_> = line_up.truth().collect();
        assert_eq!(truth.len(), 400);
        let told: HashSet<String> = line_up
            .calls()
            .filter(|notice| notice.topic == "payment.updated")
            .map(|notice| {
                let body: serde_json::Value = serde_json::from_slice(&notice.body).expect("JSON");
                let payment = &body["data"]["object"]["payment"];
                format!("{} {}", payment["receipt_number"], payment["total_money"]["amount"])
            })
            .collect();
        let sold: HashSet<String> = truth
            .iter()
            .filter(|event| event.kind == pos_protocol::event::Kind::Sale)
            .filter_map(|event| event.receipt.as_ref())
            .map(|receipt| {
                let total = receipt.total.expect("a total").minor();
                format!("\"{}\" {total}", receipt.number.as_deref().expect("a number"))
            })
            .collect();
        assert_eq!(told, sold);
        assert!(sold.len() < 400, "some were refunds");
    }
}
