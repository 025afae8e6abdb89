//! What each provider says of a sale, in its own words.
//!
//! Field names are the providers'; of their many fields only those are there that say what was sold.

mod lightspeed;
mod shopify;
mod square;
mod standard;

use pos_protocol::event::Kind;

use super::notice::{Names, Notice};
use super::scheme::Scheme;
use crate::shop::{Sale, epoch_ms_at};

/// A sale or a refund that is to be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) kind: Kind,
    pub(super) sale: &'a Sale,
    pub(super) names: &'a Names,
}

impl Told<'_> {
    /// When it happened, in milliseconds since the Unix epoch.
    fn at_ms(&self) -> i64 {
        epoch_ms_at(self.sale.at, self.sale.shop.utc_offset)
    }

    fn is_refund(&self) -> bool {
        self.kind == Kind::Refund
    }
}

/// Everything that `scheme` tells of it, in order.
pub(super) fn notices(scheme: Scheme, told: Told<'_>) -> Vec<Notice> {
    match scheme {
        Scheme::Square => square::notices(told),
        Scheme::LightspeedX => lightspeed::x(told),
        Scheme::LightspeedK => lightspeed::k(told),
        Scheme::Shopify => shopify::notices(told),
        Scheme::Standard => standard::notices(told),
    }
}
