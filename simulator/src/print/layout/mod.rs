//! The receipt layouts, each after a program or a till that shops really use.
//!
//! A layout decides what stands where. Words, numbers, commands and character sets are the style's.

mod floreant;
mod hardware;
mod hong_kong;
mod local;
mod odoo;
mod retail;
mod slips;
mod tells;
mod unicenta;
mod vivipos;

use pos_protocol::event::Kind;

pub use tells::Tells;

use super::sheet::Sheet;
use crate::shop::{Sale, Slip};

/// Whose receipts a style looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Small cafes of Hong Kong, English.
    Cafe,
    /// Small restaurants of Hong Kong, Chinese.
    Restaurant,
    /// VIVIPOS.
    Vivipos,
    /// uniCenta and Chromis.
    UniCenta,
    /// `ERPNext`.
    ErpNext,
    /// Open Source Point of Sale.
    Ospos,
    /// `SambaPOS`.
    SambaPos,
    /// Floreant.
    Floreant,
    /// Casio and Sharp tills without a computer.
    Hardware,
    /// Odoo, which sends a picture.
    Odoo,
    /// Local programs: name above, quantity and price below.
    TwoLines,
    /// Local programs: everything in one row.
    OneLine,
}

impl Layout {
    /// Writes everything that `slip` says, without drawer and cut.
    pub(super) fn write(self, sheet: &mut Sheet<'_>, slip: &Slip) {
        match slip {
            Slip::Ticket(Kind::KitchenOrder, sale) => slips::kitchen(sheet, sale),
            Slip::Ticket(kind, sale) => self.ticket(sheet, *kind, sale),
            Slip::Card(kind, card) => slips::card(sheet, *kind, card),
            Slip::Report(report) => slips::report(sheet, report),
            Slip::NoSale(opening) => slips::no_sale(sheet, opening),
        }
    }

    fn ticket(self, sheet: &mut Sheet<'_>, kind: Kind, sale: &Sale) {
        match self {
            Self::Cafe => hong_kong::cafe(sheet, kind, sale),
            Self::Restaurant => hong_kong::restaurant(sheet, kind, sale),
            Self::Vivipos => vivipos::ticket(sheet, kind, sale),
            Self::UniCenta => unicenta::ticket(sheet, kind, sale),
            Self::ErpNext => retail::erpnext(sheet, kind, sale),
            Self::Ospos => retail::ospos(sheet, kind, sale),
            Self::SambaPos => floreant::sambapos(sheet, kind, sale),
            Self::Floreant => floreant::floreant(sheet, kind, sale),
            Self::Hardware => hardware::ticket(sheet, kind, sale),
            Self::Odoo => odoo::ticket(sheet, kind, sale),
            Self::TwoLines => local::two_lines(sheet, kind, sale),
            Self::OneLine => local::one_line(sheet, kind, sale),
        }
    }
}
