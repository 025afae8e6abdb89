//! What is answered: plain data, which `look` and `change` make and `notice` puts into words.

use jiff::civil::Date;
use pos_protocol::event::Event;
use rust_decimal::Decimal;

use crate::approve::Matter;
use crate::shop::stock::Shelf;
use crate::shop::{Known, Sold, Sum, Summary};

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// What some shops took.
    Takings(Box<Summary>),
    /// What some tills took, where not all of their shops is heard.
    Tills { from: Date, to: Date, sums: Vec<(String, Sum)> },
    /// Nothing was sold.
    NoTrade { from: Date, to: Date },
    /// The newest receipts.
    Receipts(Vec<Line>),
    /// Receipts of one number, the newest first.
    Found(Vec<(Known, Option<Box<Event>>)>),
    /// There is none.
    NotFound { number: String, near: Vec<String> },
    /// What sold best.
    Top { from: Date, to: Date, sold: Vec<Sold> },
    /// What is left.
    Stock(Vec<Stocked>),
    /// Nobody has entered a catalogue.
    NoCatalogue,
    /// No article of that name.
    UnknownArticle { name: String, near: Vec<String> },
    /// Who served today, the newest first.
    OnShift(Vec<OnShift>),
    /// A shop that this group hears nothing of.
    OtherShop(String),
    /// It is known of whole shops alone, and this group hears of some tills.
    WholeShopOnly,
    /// It must be said which one.
    WhichShop(Vec<String>),
    /// It was done: so much there is now, so much there was.
    StockSet { article: String, unit: String, before: Option<Decimal>, now: Decimal },
    /// What is made to order has no stock of its own.
    MadeToOrder { article: String, takes: String },
    /// So much there cannot be.
    NoAmount { article: String },
    /// It is counted in something else.
    OtherUnit { article: String, unit: String },
    /// Goods may go to another shop once somebody says so.
    TransferAsked(Box<Matter>),
    /// They would stay where they are.
    SameShop(String),
    /// The two shops count it in different units.
    TwoUnits { article: String, from: String, to: String },
    /// Ordinary notices wait until then, wall time in milliseconds.
    Muted { until_ms: i64 },
    /// They do not wait.
    Unmuted,
    /// Whoever asked may not change anything; their user id.
    NotAllowed { user: Option<String> },
    /// The group is no robot's; its conversation's id.
    NoRobot { conversation: String },
    /// Somebody who is not listed asked alone.
    Alone,
    /// What can be asked.
    Help,
    /// What was written is not understood.
    Unknown,
    /// DingTalk kept the text back.
    OverQuota,
    /// The answer comes later.
    Late,
    /// The books cannot be read.
    Trouble,
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) till: String,
    pub(crate) number: String,
    pub(crate) known: Known,
}

/// How much there is of something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stocked {
    /// The shop, where there are several.
    pub(crate) shop: String,
    pub(crate) shelf: Shelf,
}

/// Who served last at a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnShift {
    pub(crate) till: String,
    pub(crate) cashier: Option<String>,
    /// Local time of their newest receipt, and its number.
    pub(crate) at: String,
    pub(crate) number: String,
}
