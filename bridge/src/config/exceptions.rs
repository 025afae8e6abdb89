//! `[exceptions]`, checked: what is worth a look at a till, and from where on.

use std::collections::BTreeMap;
use std::time::Duration;

use pos_protocol::money::Amount;

/// The thresholds of all tills. Every "more than" is strict; what is `None` or `false` is not
/// watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions {
    /// Of tills that say nothing else.
    pub common: Thresholds,
    /// Of those that do, by source.
    pub own: BTreeMap<String, Thresholds>,
}

impl Exceptions {
    /// What holds for a source.
    pub fn of(&self, source: &str) -> &Thresholds {
        self.own.get(source).unwrap_or(&self.common)
    }
}

/// What is worth a look at one till.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one key of the configuration")]
pub struct Thresholds {
    /// More drawer openings without a sale in a shift.
    pub no_sales: Option<u32>,
    /// A refund of more, in the shop's currency.
    pub refund_over: Option<Amount>,
    /// A refund that names no sale that is known.
    pub refund_without_original: bool,
    /// A refund so soon after its sale, by the cashier who sold.
    pub refund_soon: Option<Duration>,
    /// More refunds a day by one cashier, or at one till that names none.
    pub refunds: Option<u32>,
    /// A sale taken back after it was paid.
    pub void_after_tender: bool,
    /// More per cent off a receipt.
    pub discount_over: Option<u32>,
    /// A sale of nothing or less.
    pub zero_total: bool,
    /// More copies of one receipt.
    pub reprints: Option<u32>,
    /// More copies a day at one till.
    pub reprints_of_day: Option<u32>,
    /// A receipt number that is missing after so many later ones.
    pub number_missing: Option<u32>,
    /// A receipt number that was used before.
    pub number_repeated: bool,
    /// A receipt printed longer than this before the shop opens or after it closes.
    pub outside_hours: Option<Duration>,
    /// A kitchen order without a bill for so long.
    pub kitchen_unbilled: Option<Duration>,
    /// A bill not paid for so long.
    pub bill_unpaid: Option<Duration>,
    /// No Z report so long after the end of the business day.
    pub z_missing: Option<Duration>,
    /// A Z report whose number does not follow.
    pub z_sequence: bool,
    /// A printer in trouble for so long.
    pub printer: Option<Duration>,
}

impl Default for Thresholds {
    /// On where it harms nobody: what an honest day has few of.
    fn default() -> Self {
        let minutes = |minutes| Some(Duration::from_mins(minutes));
        let hours = |hours| Some(Duration::from_hours(hours));
        Self {
            no_sales: Some(5),
            // No amount is large in every currency and every trade.
            refund_over: None,
            refund_without_original: true,
            refund_soon: minutes(5),
            refunds: Some(3),
            void_after_tender: true,
            discount_over: Some(50),
            zero_total: true,
            reprints: Some(2),
            reprints_of_day: Some(10),
            number_missing: Some(5),
            number_repeated: true,
            outside_hours: minutes(30),
            kitchen_unbilled: hours(4),
            bill_unpaid: hours(3),
            z_missing: hours(6),
            z_sequence: true,
            printer: minutes(1),
        }
    }
}
