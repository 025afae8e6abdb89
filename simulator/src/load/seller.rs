//! What each till prints: slip after slip from (seed, till), made when it is wanted.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind};

use super::arrivals::Customer;
use crate::print::Style;
use crate::scenario::{LineKind, Scenario, ShopSetup, SlipChoice};
use crate::shop::{Day, Slip, Till};
use crate::truth;
use crate::wire::{FaultPlan, Piece};

/// Number of every till's first receipt.
const FIRST_NUMBER: u32 = 1_001;
/// Tills draw from seeds of their own; an odd factor keeps them apart.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A slip that is due.
#[derive(Debug)]
pub(super) struct Due {
    /// Counts the slips of the run, from 1.
    pub(super) n: u64,
    /// Which till.
    pub(super) till: u32,
    /// When the customer paid.
    pub(super) at_us: u64,
    /// Its bytes as the till means them.
    pub(super) bytes: Vec<u8>,
    /// What becomes of them on the wire; nothing where nothing does.
    pub(super) pieces: Option<Vec<Piece>>,
    /// Whether they are damaged there.
    pub(super) damaged: bool,
    /// What a perfect reader makes of it.
    pub(super) event: Event,
}

/// All tills' slips.
#[derive(Debug)]
pub(super) struct Sellers {
    places: Vec<Option<Seller>>,
    seed: u64,
    opening: DateTime,
    sold: u64,
}

/// One till's.
#[derive(Debug)]
struct Seller {
    goods: Goods,
    printed: u64,
    faults: FaultPlan,
}

/// Where its slips come from.
#[derive(Debug)]
enum Goods {
    Sales(Box<Till>),
    Day(Box<Day>),
}

impl Sellers {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let mut places = Vec::new();
        places.resize_with(scenario.tills() as usize, || None);
        Self { places, seed: scenario.seed, opening: scenario.opening, sold: 0 }
    }

    /// The slip for `customer` at the till `source` of `shop`.
    pub(super) fn sell(&mut self, customer: Customer, shop: &ShopSetup, source: &str) -> Due {
        let Customer { at_us, till } = customer;
        let (seed, opening) = (self.seed ^ u64::from(till + 1).wrapping_mul(SPREAD), self.opening);
        let place = &mut self.places[till as usize];
        let seller = place.get_or_insert_with(|| Seller::open(shop, seed, source, opening));
        let since = SignedDuration::try_from(Duration::from_micros(at_us / 1_000_000 * 1_000_000));
        let now = since.ok().and_then(|since| opening.checked_add(since).ok()).unwrap_or(opening);
        let slip = seller.goods.next(now, shop.style);
        seller.printed += 1;
        let bytes = shop.style.print_slip(&slip);
        let damage = seller.faults.damage(seller.printed, &bytes);
        // A network till notices a pulled plug and prints the slip again, sound.
        let tcp = shop.line == LineKind::Tcp;
        let damaged = damage.faults.iter().any(|fault| {
            let noticed = tcp && matches!(fault.damage, crate::wire::Damage::Unplug { .. });
            fault.damage.spoils() && !noticed
        });
        let pieces = (!damage.faults.is_empty()).then_some(damage.pieces);
        self.sold += 1;
        let event = truth::slip(&slip, shop.style, source);
        Due { n: self.sold, till, at_us, bytes, pieces, damaged, event }
    }
}

impl Seller {
    fn open(shop: &ShopSetup, seed: u64, source: &str, opening: DateTime) -> Self {
        let (sold, first) = (shop.shop, FIRST_NUMBER);
        let goods = match shop.slips {
            SlipChoice::Sales => {
                Goods::Sales(Box::new(Till::open(sold, seed, source, first, opening)))
            }
            SlipChoice::All => Goods::Day(Box::new(Day::open(sold, seed, source, first, opening))),
        };
        Self { goods, printed: 0, faults: shop.faults.clone().with_seed(seed) }
    }
}

impl Goods {
    /// The next slip that the style has words for.
    fn next(&mut self, now: DateTime, style: &Style) -> Slip {
        match self {
            Self::Sales(till) => Slip::Ticket(Kind::Sale, till.sell_at(now)),
            Self::Day(day) => loop {
                if let Some(slip) = day.next().filter(|slip| style.kinds().contains(&slip.kind())) {
                    return slip;
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::{Customer, Sellers};
    use crate::scenario::Scenario;

    fn scenario(slips: &str) -> Scenario {
        let text = format!(
            "name = \"x\"\nduration = \"100s\"\n[[shop]]\nname = \"a\"\nshop = \"bubble-tea\"\n\
             tills = 3\nrate = \"1/s\"\nslips = \"{slips}\"\nfaults = \"flip=20%\"\n"
        );
        Scenario::parse(&text, Path::new("s.toml")).unwrap_or_else(|bad| panic!("{bad}"))
    }

    /// Bytes and numbers of so many slips at `till`, while others sell in between or not.
    fn slips(slips: &str, till: u32, others: bool) -> Vec<(Vec<u8>, String, bool)> {
        let scenario = scenario(slips);
        let mut sellers = Sellers::of(&scenario);
        let mut sold = Vec::new();
        for n in 0..100 {
            if others {
                let customer = Customer { at_us: n, till: (till + 1) % 3 };
                sellers.sell(customer, &scenario.shops[0], "a-9");
            }
            let customer = Customer { at_us: n * 1_000_000, till };
            let due = sellers.sell(customer, &scenario.shops[0], "a-1");
            let number = due.event.receipt.and_then(|receipt| receipt.number);
            sold.push((due.bytes, number.unwrap_or_default(), due.damaged));
        }
        sold
    }

    #[test]
    fn what_a_till_prints_follows_from_seed_and_till_whatever_others_sell() {
        assert_eq!(slips("sales", 1, false), slips("sales", 1, true));
        assert_eq!(slips("all", 1, false), slips("all", 1, true));
        assert_ne!(slips("sales", 0, false), slips("sales", 1, false));
    }

    #[test]
    fn numbers_of_a_tills_sales_are_unique_and_some_slips_are_damaged() {
        let sold = slips("sales", 2, false);
        let numbers: HashSet<&String> = sold.iter().map(|(_, number, _)| number).collect();
        assert_eq!(numbers.len(), sold.len());
        let damaged = sold.iter().filter(|(_, _, damaged)| *damaged).count();
        assert!((8..35).contains(&damaged), "{damaged} of 100 at 20 percent");
    }
}
