//! An exception as it is kept until it is told: the plain facts.
//!
//! It accuses nobody: it says what was printed and why that is worth a look.

use pos_protocol::event::Kind;
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

/// One exception at one till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// What is worth a look.
    #[serde(flatten)]
    pub what: Oddity,
    /// Two exceptions of one kind with the same words here are the same one.
    pub once: String,
    /// The event that showed it, where one did.
    pub event: Option<String>,
    /// The till.
    pub source: String,
    /// The shop, where the bridge has several.
    pub shop: String,
    /// Local time.
    pub at: String,
    /// Receipt number.
    pub number: Option<String>,
    /// Amount concerned.
    pub amount: Option<Amount>,
    /// Its currency, where that is not the shop's.
    pub currency: Option<String>,
    /// Table.
    pub table: Option<String>,
    /// Who served.
    pub cashier: Option<String>,
}

impl Exception {
    /// What is told once.
    pub(crate) fn key(&self) -> String {
        format!("{}@{}", self.what.word(), self.once)
    }

    /// The kind of event whose notice says the same: who is told that needs no second word.
    pub(crate) fn said_by(&self) -> Option<Kind> {
        matches!(self.what, Oddity::Printer { .. }).then_some(Kind::PrinterStatus)
    }
}

/// What is worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Oddity {
    /// The drawer was opened without a sale often in one shift.
    NoSales {
        /// More often than this.
        limit: u32,
    },
    /// A large refund.
    RefundOver {
        /// Larger than this.
        limit: Amount,
    },
    /// A refund that names no sale that is known.
    RefundWithoutOriginal,
    /// A refund soon after the sale, by who sold.
    RefundSoon {
        /// The sale's number.
        original: String,
        /// Whole minutes between the two.
        minutes: i64,
    },
    /// Many refunds on one day.
    Refunds {
        /// More than this.
        limit: u32,
    },
    /// A paid sale was taken back.
    VoidAfterTender,
    /// A large reduction.
    DiscountOver {
        /// Whole per cent off.
        percent: u32,
        /// More than this.
        limit: u32,
    },
    /// A sale of nothing or less.
    ZeroTotal,
    /// Many copies of one receipt.
    Reprints {
        /// More than this.
        limit: u32,
    },
    /// Many copies on one day.
    ReprintsOfDay {
        /// More than this.
        limit: u32,
    },
    /// Receipt numbers that nobody heard.
    NumberMissing {
        /// The first of them.
        from: String,
        /// The last of them.
        to: String,
    },
    /// A receipt number that another receipt has.
    NumberRepeated,
    /// A receipt while the shop is closed.
    OutsideHours {
        /// When it is open on that day; empty: not at all.
        hours: String,
    },
    /// A kitchen order that nobody billed.
    KitchenUnbilled {
        /// Whole minutes since.
        minutes: i64,
    },
    /// A bill that nobody paid.
    BillUnpaid {
        /// Whole minutes since.
        minutes: i64,
    },
    /// No Z report of a day with sales.
    ZMissing {
        /// The business day.
        day: String,
    },
    /// A Z report whose number does not follow.
    ZSequence {
        /// What should have come.
        expected: String,
        /// What came.
        found: String,
    },
    /// A printer that needs a hand.
    Printer {
        /// Which.
        trouble: Trouble,
    },
}

impl Oddity {
    /// Its name in keys.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::NoSales { .. } => "no_sales",
            Self::RefundOver { .. } => "refund_over",
            Self::RefundWithoutOriginal => "refund_without_original",
            Self::RefundSoon { .. } => "refund_soon",
            Self::Refunds { .. } => "refunds",
            Self::VoidAfterTender => "void_after_tender",
            Self::DiscountOver { .. } => "discount_over",
            Self::ZeroTotal => "zero_total",
            Self::Reprints { .. } => "reprints",
            Self::ReprintsOfDay { .. } => "reprints_of_day",
            Self::NumberMissing { .. } => "number_missing",
            Self::NumberRepeated => "number_repeated",
            Self::OutsideHours { .. } => "outside_hours",
            Self::KitchenUnbilled { .. } => "kitchen_unbilled",
            Self::BillUnpaid { .. } => "bill_unpaid",
            Self::ZMissing { .. } => "z_missing",
            Self::ZSequence { .. } => "z_sequence",
            Self::Printer { .. } => "printer",
        }
    }
}

/// What a printer can suffer from, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Something is broken.
    Fault,
    /// It has no paper.
    PaperOut,
    /// Its cover is open.
    CoverOpen,
    /// It is off line for a reason it does not tell.
    Offline,
    /// Its roll is nearly at an end.
    PaperLow,
}

impl Trouble {
    /// Its name in keys.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Offline => "offline",
            Self::PaperLow => "paper_low",
        }
    }
}
