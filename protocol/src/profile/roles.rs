//! The names a profile may use, and the standard word that each stands for.
//!
//! A profile's words are read as these standard words, so that the reader needs to know only one
//! language of tills.

use crate::event::Kind;

/// What `[words]` can name: the key, and the word of the reader's vocabulary it is read as.
pub(super) const ROLES: &[(&str, &str)] = &[
    ("total", "TOTAL"),
    ("subtotal", "SUBTOTAL"),
    ("discount", "DISCOUNT"),
    ("service_charge", "SERVICE CHARGE"),
    ("tax", "TAX"),
    ("rounding", "ROUNDING"),
    ("tip", "TIP"),
    ("tendered", "TENDERED"),
    ("change", "CHANGE"),
    ("cash", "CASH"),
    ("octopus", "OCTOPUS"),
    ("visa", "VISA"),
    ("mastercard", "MASTERCARD"),
    ("unionpay", "UNIONPAY"),
    ("amex", "AMEX"),
    ("jcb", "JCB"),
    ("eps", "EPS"),
    ("fps", "FPS"),
    ("payme", "PAYME"),
    ("alipay", "ALIPAY"),
    ("wechat_pay", "WECHAT PAY"),
    ("card", "CREDIT CARD"),
    ("voucher", "VOUCHER"),
    ("member", "會員卡"),
    ("paid_by", "PAYMENT METHOD"),
    ("number", "RECEIPT NO"),
    ("original_number", "ORIGINAL NO"),
    ("cashier", "CASHIER"),
    ("terminal", "TERMINAL"),
    ("table", "TABLE"),
    ("guests", "GUESTS"),
];

/// What `[words]` calls lines that say nothing of the sale.
pub(super) const IGNORE: &str = "ignore";

/// Amounts that a `[[field]]` can find.
const AMOUNTS: usize = 24;

/// The standard word of an amount's name.
pub(super) fn amount(name: &str) -> Option<&'static str> {
    ROLES[..AMOUNTS].iter().find(|(key, _)| *key == name).map(|(_, word)| *word)
}

/// Fields of text that a `[[field]]` can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextField {
    Merchant,
    Address,
    Number,
    OriginalNumber,
    PrintedAt,
    Terminal,
    Cashier,
    Table,
    Guests,
}

impl TextField {
    pub(super) const ALL: [Self; 9] = [
        Self::Merchant,
        Self::Address,
        Self::Number,
        Self::OriginalNumber,
        Self::PrintedAt,
        Self::Terminal,
        Self::Cashier,
        Self::Table,
        Self::Guests,
    ];

    /// Its name in the event.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Merchant => "merchant",
            Self::Address => "address",
            Self::Number => "number",
            Self::OriginalNumber => "original_number",
            Self::PrintedAt => "printed_at",
            Self::Terminal => "terminal",
            Self::Cashier => "cashier",
            Self::Table => "table",
            Self::Guests => "guests",
        }
    }
}

/// Kinds that paper can have: what a profile's words and rules may call it.
pub const PAPER_KINDS: &[Kind] = &[
    Kind::Sale,
    Kind::Refund,
    Kind::Void,
    Kind::Reprint,
    Kind::Bill,
    Kind::KitchenOrder,
    Kind::ShiftReport,
    Kind::TopUp,
    Kind::CardSlip,
    Kind::TableMove,
    Kind::Training,
    Kind::Membership,
    Kind::NoSale,
    Kind::Document,
];

#[cfg(test)]
mod tests {
    use super::{AMOUNTS, ROLES};

    #[test]
    fn amounts_stand_before_labels() {
        assert_eq!(ROLES[AMOUNTS - 1].0, "member");
        assert_eq!(ROLES[AMOUNTS].0, "paid_by");
    }
}
