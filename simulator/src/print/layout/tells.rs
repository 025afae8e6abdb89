//! What a layout puts on paper, so that the truth asks no reader for more.

use pos_protocol::event::Kind;

use super::Layout;

/// Which fields of a ticket are printed.
#[expect(clippy::struct_excessive_bools, reason = "each is a field that is printed or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tells {
    /// Address.
    pub address: bool,
    /// Name of the till.
    pub terminal: bool,
    /// Who served.
    pub cashier: bool,
    /// Table.
    pub table: bool,
    /// Guests at it.
    pub guests: bool,
    /// Quantity and unit price of a single piece.
    pub single_price: bool,
    /// Unit price of more than one.
    pub unit_price: bool,
    /// Wishes.
    pub modifiers: bool,
    /// A subtotal that equals the total.
    pub equal_subtotal: bool,
    /// Cash handed over.
    pub tendered: bool,
    /// Whether names are in capitals.
    pub capitals: bool,
}

const EVERYTHING: Tells = Tells {
    address: true,
    terminal: true,
    cashier: true,
    table: true,
    guests: true,
    single_price: true,
    unit_price: true,
    modifiers: true,
    equal_subtotal: true,
    tendered: true,
    capitals: false,
};

/// What a restaurant's program prints.
const RESTAURANT: &[Kind] = &[
    Kind::Sale,
    Kind::Refund,
    Kind::Void,
    Kind::Reprint,
    Kind::Bill,
    Kind::KitchenOrder,
    Kind::ShiftReport,
    Kind::TopUp,
    Kind::CardSlip,
    Kind::Training,
    Kind::NoSale,
];
/// What a shop's program prints: it has no kitchen and no tables.
const RETAIL: &[Kind] = &[
    Kind::Sale,
    Kind::Refund,
    Kind::Void,
    Kind::Reprint,
    Kind::ShiftReport,
    Kind::TopUp,
    Kind::CardSlip,
    Kind::Training,
    Kind::NoSale,
];
/// What a till without a computer prints: it has no memory of receipts and no card reader.
const HARDWARE: &[Kind] =
    &[Kind::Sale, Kind::Refund, Kind::Void, Kind::ShiftReport, Kind::Training, Kind::NoSale];
/// What Odoo draws; its kitchen has another printer.
const DRAWN: &[Kind] =
    &[Kind::Sale, Kind::Refund, Kind::Reprint, Kind::Bill, Kind::ShiftReport, Kind::NoSale];

impl Layout {
    /// The kinds of slip it can print.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::ErpNext | Self::Ospos => RETAIL,
            Self::Hardware => HARDWARE,
            Self::Odoo => DRAWN,
            _ => RESTAURANT,
        }
    }

    /// What it prints of a ticket.
    pub fn tells(self) -> Tells {
        match self {
            Self::Cafe | Self::Restaurant | Self::Floreant | Self::TwoLines | Self::OneLine => {
                EVERYTHING
            }
            Self::Vivipos => Tells { terminal: false, ..EVERYTHING },
            Self::UniCenta => Tells { guests: false, ..EVERYTHING },
            Self::ErpNext | Self::Ospos => {
                Tells { terminal: false, table: false, guests: false, ..EVERYTHING }
            }
            Self::SambaPos => Tells {
                terminal: false,
                cashier: false,
                guests: false,
                single_price: false,
                unit_price: false,
                equal_subtotal: false,
                tendered: false,
                ..EVERYTHING
            },
            Self::Hardware => Tells {
                address: false,
                terminal: false,
                table: false,
                guests: false,
                single_price: false,
                modifiers: false,
                equal_subtotal: false,
                capitals: true,
                ..EVERYTHING
            },
            Self::Odoo => {
                Tells { address: false, terminal: false, table: false, guests: false, ..EVERYTHING }
            }
        }
    }
}
