//! Everything that comes out of a till, sale or not.

use jiff::civil::DateTime;
use pos_protocol::event::{Kind, Method, ReportType};
use pos_protocol::money::Amount;

use super::catalogue::{Shop, Tender};
use super::sale::Sale;
use super::words::Words;

/// One piece of paper, or a drawer that opens without one.
#[expect(clippy::large_enum_variant, reason = "nine slips of ten are tickets")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A sale, refund, void, reprint, pre-bill, kitchen order or practice receipt.
    Ticket(Kind, Sale),
    /// A top-up or the slip of a card reader.
    Card(Kind, CardSlip),
    /// An X or Z report.
    Report(ShiftReport),
    /// The drawer was opened by hand.
    NoSale(NoSale),
}

impl Slip {
    /// What a perfect reader calls it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ticket(kind, _) | Self::Card(kind, _) => *kind,
            Self::Report(_) => Kind::ShiftReport,
            Self::NoSale(_) => Kind::NoSale,
        }
    }

    /// The till's local time.
    pub fn at(&self) -> DateTime {
        match self {
            Self::Ticket(_, sale) => sale.at,
            Self::Card(_, card) => card.at,
            Self::Report(report) => report.at,
            Self::NoSale(opening) => opening.at,
        }
    }

    /// Where.
    pub fn shop(&self) -> &'static Shop {
        match self {
            Self::Ticket(_, sale) => sale.shop,
            Self::Card(_, card) => card.shop,
            Self::Report(report) => report.shop,
            Self::NoSale(opening) => opening.shop,
        }
    }

    /// Whether the drawer opens: for cash in or out, and when somebody opens it by hand.
    pub fn opens_drawer(&self) -> bool {
        match self {
            Self::Ticket(Kind::Sale | Kind::Refund, sale) => {
                sale.payment.tender.method == Method::Cash
            }
            Self::Card(Kind::TopUp, _) | Self::NoSale(_) => true,
            Self::Ticket(..) | Self::Card(..) | Self::Report(_) => false,
        }
    }
}

/// A top-up of a stored-value card, or what a card reader prints beside a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSlip {
    /// Where.
    pub shop: &'static Shop,
    /// Number: the sale's, or one of its own on a top-up.
    pub number: String,
    /// The till's local time.
    pub at: DateTime,
    /// Name of the till.
    pub terminal: String,
    /// What was paid with.
    pub tender: &'static Tender,
    /// Name of the card as printed.
    pub card: Words,
    /// The card's number, masked as readers print it.
    pub card_number: String,
    /// What was charged or loaded.
    pub amount: Amount,
    /// What is left on a stored-value card.
    pub balance: Option<Amount>,
}

/// An X or Z report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftReport {
    /// Where.
    pub shop: &'static Shop,
    /// X or Z.
    pub report_type: ReportType,
    /// Counts the reports of its type.
    pub number: String,
    /// The till's local time.
    pub at: DateTime,
    /// Name of the till.
    pub terminal: String,
    /// Who asked for it.
    pub cashier: Words,
    /// The figures.
    pub tally: Tally,
}

/// A drawer opened by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSale {
    /// Where.
    pub shop: &'static Shop,
    /// Number of the slip.
    pub number: String,
    /// The till's local time.
    pub at: DateTime,
    /// Name of the till.
    pub terminal: String,
    /// Who did it.
    pub cashier: Words,
}

/// Sums since the last Z report, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Sales before reductions of the bill.
    pub gross: i64,
    /// Reductions of the bill, below zero.
    pub discounts: i64,
    /// Sales after reductions and refunds.
    pub net: i64,
    /// Refunds, above zero.
    pub refunds: i64,
    /// Voids, above zero.
    pub voids: i64,
    /// Tax on the net, where there is a tax.
    pub tax: i64,
    /// Drawer openings without a sale.
    pub no_sales: u32,
    /// Sales.
    pub receipts: u32,
    /// Net sum and number of sales by means of payment, in the order of the shop's list.
    pub tenders: Vec<(i64, u32)>,
}

impl Tally {
    /// Nothing yet.
    pub(super) fn new(shop: &Shop) -> Self {
        let tenders = vec![(0, 0); shop.tenders.len()];
        Self {
            gross: 0,
            discounts: 0,
            net: 0,
            refunds: 0,
            voids: 0,
            tax: 0,
            no_sales: 0,
            receipts: 0,
            tenders,
        }
    }

    /// Counts `slip`, if it is one that counts.
    pub(super) fn count(&mut self, slip: &Slip) {
        match slip {
            Slip::Ticket(Kind::Sale, sale) => {
                let reduced = sale.discount.map_or(0, |discount| discount.amount.minor());
                self.gross += sale.total.minor() - reduced;
                self.discounts += reduced;
                self.receipts += 1;
                self.book(sale, 1);
            }
            Slip::Ticket(Kind::Refund, sale) => {
                self.refunds -= sale.total.minor();
                self.book(sale, 0);
            }
            Slip::Ticket(Kind::Void, sale) => self.voids += sale.total.minor(),
            Slip::NoSale(_) => self.no_sales += 1,
            Slip::Ticket(..) | Slip::Card(..) | Slip::Report(_) => {}
        }
    }

    fn book(&mut self, sale: &Sale, payments: u32) {
        self.net += sale.total.minor();
        self.tax += sale.tax.map_or(0, |tax| tax.amount.minor());
        let at = sale.shop.tenders.iter().position(|tender| tender == sale.payment.tender);
        let sum = &mut self.tenders[at.unwrap_or(0)];
        sum.0 += sale.total.minor();
        sum.1 += payments;
    }
}
