//! When which till has a customer: a Poisson process for each shop, by seed, drawn without looking at
//! what became of the customers before.
//!
//! Candidates come at a shop's highest rate and are kept with the chance that the rate of their
//! moment bears to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use jiff::civil::DateTime;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::scenario::{Scenario, ShopSetup};
use crate::shop::exponential;

/// Streams of the seed that belong to arrivals; what is sold draws from others.
const STREAM: u64 = 0xA881_0000;

/// A customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Customer {
    /// When, since the run began.
    pub(super) at_us: u64,
    /// At which till.
    pub(super) till: u32,
}

/// All customers of a run in the order in which they come.
#[derive(Debug)]
pub(super) struct Arrivals {
    streams: Vec<Stream>,
    next: BinaryHeap<Reverse<(Customer, usize)>>,
}

/// The customers of one shop.
#[derive(Debug)]
struct Stream {
    shop: ShopSetup,
    first_till: u32,
    random: ChaCha8Rng,
    at_us: u64,
    until_us: u64,
    peak: f64,
    opening: DateTime,
}

impl Arrivals {
    /// The customers of `scenario`.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let mut first_till = 0;
        let mut streams = Vec::new();
        for (n, shop) in scenario.shops.iter().enumerate() {
            let mut random = ChaCha8Rng::seed_from_u64(scenario.seed);
            random.set_stream(STREAM + n as u64);
            let until_us = scenario.duration.as_micros() as u64;
            let (peak, opening) = (shop.peak(), scenario.opening);
            let shop = shop.clone();
            let tills = shop.tills;
            streams.push(Stream { shop, first_till, random, at_us: 0, until_us, peak, opening });
            first_till += tills;
        }
        let mut arrivals = Self { streams, next: BinaryHeap::new() };
        for n in 0..arrivals.streams.len() {
            arrivals.draw(n);
        }
        arrivals
    }

    fn draw(&mut self, n: usize) {
        if let Some(customer) = self.streams[n].next() {
            self.next.push(Reverse((customer, n)));
        }
    }
}

impl Iterator for Arrivals {
    type Item = Customer;

    fn next(&mut self) -> Option<Customer> {
        let Reverse((customer, n)) = self.next.pop()?;
        self.draw(n);
        Some(customer)
    }
}

impl Stream {
    fn next(&mut self) -> Option<Customer> {
        if self.peak <= 0.0 {
            return None;
        }
        let mean_us = ((1e6 / self.peak) as u64).max(1);
        loop {
            self.at_us += exponential(self.random.random(), mean_us).max(1);
            if self.at_us >= self.until_us {
                return None;
            }
            let rate = self.shop.rate(Duration::from_micros(self.at_us), self.opening);
            let kept = f64::from(self.random.random::<u32>()) * self.peak / 4_294_967_296.0;
            let till = self.first_till + self.random.random_range(0..self.shop.tills);
            if kept < rate {
                return Some(Customer { at_us: self.at_us, till });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Arrivals, Customer};
    use crate::scenario::Scenario;

    fn scenario(phases: &str, seed: u64) -> Scenario {
        let text = format!(
            "name = \"x\"\nseed = {seed}\nduration = \"100s\"\n{phases}\n\
             [[shop]]\nname = \"a\"\nshop = \"bubble-tea\"\ntills = 3\n\
             [[shop]]\nname = \"b\"\nshop = \"dim-sum\"\ntills = 1\n"
        );
        Scenario::parse(&text, Path::new("s.toml")).unwrap_or_else(|bad| panic!("{bad}"))
    }

    const STEADY: &str = "[[phase]]\nrate = \"40/s\"";

    #[test]
    fn the_same_seed_brings_the_same_customers_and_another_does_not() {
        let row = |seed| Arrivals::of(&scenario(STEADY, seed)).take(500).collect::<Vec<_>>();
        assert_eq!(row(1), row(1));
        assert_ne!(row(1), row(2));
    }

    #[test]
    fn customers_come_in_order_at_the_rate_asked_for_and_to_every_till_alike() {
        let row: Vec<Customer> = Arrivals::of(&scenario(STEADY, 7)).collect();
        assert!(row.is_sorted_by_key(|customer| customer.at_us));
        assert!((3_800..4_200).contains(&row.len()), "{} of 4000", row.len());
        for till in 0..4 {
            let of = row.iter().filter(|customer| customer.till == till).count();
            assert!((900..1_100).contains(&of), "{of} of 1000 at till {till}");
        }
        let late = row.iter().filter(|c| c.at_us >= 50_000_000).count();
        assert!((1_850..2_150).contains(&late), "{late} of 2000 in the second half");
    }

    #[test]
    fn more_come_in_a_spike_by_as_much_as_it_says() {
        let spike =
            "[[phase]]\nshape = \"spike\"\nrate = \"10/s\"\npeak = \"100/s\"\nwidth = \"10s\"";
        let row: Vec<Customer> = Arrivals::of(&scenario(spike, 7)).collect();
        let within = |from: u64, to: u64| {
            row.iter().filter(|c| (from * 1_000_000..to * 1_000_000).contains(&c.at_us)).count()
        };
        let (peak, before) = (within(45, 55), within(0, 45));
        assert!((900..1_100).contains(&peak), "{peak} of 1000");
        assert!((390..510).contains(&before), "{before} of 450");
    }
}
