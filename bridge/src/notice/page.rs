//! Words of messages, for the page: what is said in the group and what stands on the page must not be
//! two things.

use pos_protocol::event::{Event, Kind, Method};
use pos_protocol::money::Amount;

use super::fields;
use super::money::Money;
use super::words;
use crate::config::{Language, Shop};

/// A kind of event: its sign and its name.
pub(crate) fn kind_word(kind: Kind, language: Language) -> (&'static str, &'static str) {
    let sign = words::kind(kind);
    (sign.emoji, sign.word.of(language))
}

/// A means of payment.
pub(crate) fn method_word(method: Method, language: Language) -> &'static str {
    words::method(method).of(language)
}

/// How amounts and times of one event are written.
pub(crate) struct Shown<'a> {
    money: Money,
    shop: &'a Shop,
}

impl<'a> Shown<'a> {
    /// As `event` has them.
    pub(crate) fn of(event: &Event, shop: &'a Shop) -> Self {
        let code = event.receipt.as_ref().and_then(|receipt| receipt.currency.as_deref());
        Self { money: Money::new(code, shop.currency), shop }
    }

    /// As the shop has them.
    pub(crate) fn of_shop(shop: &'a Shop) -> Self {
        Self { money: Money::new(None, shop.currency), shop }
    }

    /// `HK$36.00`.
    pub(crate) fn amount(&self, amount: Amount) -> String {
        self.money.show(amount)
    }

    /// When it happened: as printed, else as seen.
    pub(crate) fn time(&self, event: &Event) -> Option<String> {
        fields::time(event, self.shop)
    }

    /// A moment of the wall clock, to the minute.
    pub(crate) fn wall(&self, at_ms: i64) -> Option<String> {
        fields::wall(at_ms, self.shop)
    }
}
