//! The shops: what they are called, what they sell, who works there, how people pay.
//!
//! Names are short enough for the narrowest paper that prints them, so that no style has to cut a
//! word the truth holds (a test keeps it so). Nothing here is drawn by chance.

mod abroad;
mod hong_kong;
mod retail;
#[cfg(test)]
mod tests;

use pos_protocol::event::Method;
use pos_protocol::money::Amount;

use super::words::{Language, Words, same, words};

/// What one unit of a dish takes from the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingredient {
    /// What.
    pub name: &'static str,
    /// How much.
    pub amount: u32,
    /// Of what unit.
    pub unit: &'static str,
}

/// How a dish is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// By the piece.
    Piece,
    /// By the kilogram, weighed at the till.
    Kilogram,
}

/// Something on the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dish {
    /// Name.
    pub name: Words,
    /// Price of a piece or a kilogram, in minor units.
    pub price: i64,
    /// How it is counted.
    pub measure: Measure,
    /// What a customer may ask for; printed below it, without a price.
    pub modifiers: &'static [Words],
    /// What it is made of.
    pub recipe: &'static [Ingredient],
}

impl Dish {
    const fn taking(self, modifiers: &'static [Words]) -> Self {
        Self { modifiers, ..self }
    }

    const fn made_of(self, recipe: &'static [Ingredient]) -> Self {
        Self { recipe, ..self }
    }

    const fn weighed(self) -> Self {
        Self { measure: Measure::Kilogram, ..self }
    }
}

const fn dish(name: Words, price: i64) -> Dish {
    Dish { name, price, measure: Measure::Piece, modifiers: &[], recipe: &[] }
}

const fn uses(name: &'static str, amount: u32, unit: &'static str) -> Ingredient {
    Ingredient { name, amount, unit }
}

/// A page of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Heading.
    pub name: Words,
    /// What is on it.
    pub dishes: &'static [Dish],
}

const fn category(name: Words, dishes: &'static [Dish]) -> Category {
    Category { name, dishes }
}

/// A means of payment and how often it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tender {
    /// The means, in the schema's words.
    pub method: Method,
    /// The means, in the receipt's words.
    pub label: Words,
    /// Share of sales paid so, in percent; a shop's shares sum to 100.
    pub share: u32,
}

const fn tender(method: Method, label: Words, share: u32) -> Tender {
    Tender { method, label, share }
}

/// Money of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217 code.
    pub code: &'static str,
    /// Digits after the point, by ISO 4217.
    pub digits: u8,
    /// Digits that receipts print: nobody prints hundredths of a rupiah.
    pub printed_digits: u8,
    /// Sign before an amount.
    pub sign: &'static str,
    /// The smallest coin: cash totals are rounded to it, in minor units.
    pub coin: i64,
    /// Notes and what people round up to, from what is in every pocket to the rare note.
    pub notes: [i64; 4],
}

impl Money {
    /// `minor` units of this money.
    pub fn amount(&self, minor: i64) -> Amount {
        Amount::new(minor, self.digits)
    }
}

/// A tax on everything the shop sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxRule {
    /// Words on the receipt.
    pub label: Words,
    /// In percent.
    pub percent: u32,
    /// Whether prices hold it already.
    pub included: bool,
}

/// When the shop is open and how many customers an hour come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First hour.
    pub opens: i8,
    /// Hour at which the day's Z report is taken.
    pub closes: i8,
    /// Customers per hour, by hour of the day; what lies between two hours is interpolated.
    pub customers: [u32; 24],
}

/// What the till prints besides receipts.
#[expect(clippy::struct_excessive_bools, reason = "each is a slip that is printed or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// A slip for the kitchen, before the sale.
    pub kitchen: bool,
    /// A pre-bill that the customer checks before paying.
    pub bills: bool,
    /// Slips of the Octopus reader or the card terminal, after the sale.
    pub card_slips: bool,
    /// Octopus top-ups.
    pub top_ups: bool,
}

/// A shop.
#[derive(Debug, PartialEq, Eq)]
pub struct Shop {
    /// What `--shop` calls it.
    pub id: &'static str,
    /// Name over the door.
    pub name: Words,
    /// Address.
    pub address: Words,
    /// Telephone.
    pub phone: &'static str,
    /// Languages its receipts come in.
    pub languages: &'static [Language],
    /// Money.
    pub money: &'static Money,
    /// Hours that local time is ahead of UTC; no shop has summer time in the simulated season.
    pub utc_offset: i8,
    /// Menu.
    pub menu: &'static [Category],
    /// People at the till.
    pub staff: &'static [Words],
    /// How customers pay.
    pub tenders: &'static [Tender],
    /// Tables, where customers sit down.
    pub tables: Option<u32>,
    /// Service charge in percent, where there is one.
    pub service_percent: Option<u32>,
    /// Tax.
    pub tax: Option<TaxRule>,
    /// Chance of a reduction of the whole bill, in percent.
    pub discount_chance: u32,
    /// Chance that one line is reduced, in percent.
    pub offer_chance: u32,
    /// Hours and peaks.
    pub hours: Hours,
    /// What else it prints.
    pub habits: Habits,
}

impl Shop {
    /// Every shop, in the order `list` prints them.
    pub const ALL: &'static [Self] = &[
        hong_kong::BUBBLE_TEA,
        hong_kong::CHA_CHAAN_TENG,
        hong_kong::DIM_SUM,
        hong_kong::NOODLE_STALL,
        retail::FASHION,
        retail::GROCERY,
        retail::PHARMACY,
        abroad::MAINLAND_CANTEEN,
        abroad::JAKARTA_WARUNG,
        abroad::KUALA_LUMPUR_KOPITIAM,
        abroad::SAIGON_PHO,
        abroad::BANGKOK_FOOD,
        abroad::LONDON_CAFE,
        abroad::TOKYO_RAMEN,
    ];

    /// The shop that `--shop` calls `id`.
    pub fn named(id: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|shop| shop.id == id)
    }

    /// Everything on the menu, page after page.
    pub fn dishes(&self) -> impl Iterator<Item = &'static Dish> + use<> {
        self.menu.iter().flat_map(|page| page.dishes)
    }
}

/// Money of Hong Kong; nobody has seen a coin below ten cents for decades.
const HKD: Money = Money {
    code: "HKD",
    digits: 2,
    printed_digits: 2,
    sign: "HK$",
    coin: 10,
    notes: [1_000, 5_000, 10_000, 50_000],
};

/// How Hong Kong pays at a counter.
const COUNTER: &[Tender] = &[
    tender(Method::Octopus, words("OCTOPUS", "八達通"), 40),
    tender(Method::Cash, words("CASH", "現金"), 25),
    tender(Method::Payme, words("PAYME", "PayMe"), 12),
    tender(Method::Alipay, words("ALIPAYHK", "支付寶"), 10),
    tender(Method::Fps, words("FPS", "轉數快"), 8),
    tender(Method::Visa, same("VISA"), 5),
];

/// How Hong Kong pays at a table.
const TABLE: &[Tender] = &[
    tender(Method::Cash, words("CASH", "現金"), 45),
    tender(Method::Octopus, words("OCTOPUS", "八達通"), 30),
    tender(Method::Alipay, words("ALIPAYHK", "支付寶"), 9),
    tender(Method::Payme, words("PAYME", "PayMe"), 6),
    tender(Method::Fps, words("FPS", "轉數快"), 5),
    tender(Method::Visa, same("VISA"), 5),
];

/// How Hong Kong pays where things cost more.
const CARDS: &[Tender] = &[
    tender(Method::Visa, same("VISA"), 30),
    tender(Method::Mastercard, words("MASTERCARD", "萬事達"), 15),
    tender(Method::Octopus, words("OCTOPUS", "八達通"), 15),
    tender(Method::Unionpay, words("UNIONPAY", "銀聯"), 10),
    tender(Method::Alipay, words("ALIPAYHK", "支付寶"), 10),
    tender(Method::Eps, words("EPS", "易辦事"), 5),
    tender(Method::Cash, words("CASH", "現金"), 15),
];

/// Breakfast, lunch and dinner.
const MEALS: [u32; 24] =
    [0, 0, 0, 0, 0, 0, 4, 14, 20, 12, 8, 16, 36, 40, 20, 14, 18, 14, 22, 30, 24, 14, 8, 4];

/// After school, after work, weekends.
const STROLLERS: [u32; 24] =
    [0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 8, 12, 20, 24, 22, 26, 32, 34, 38, 36, 30, 24, 14, 6];
