//! The closed vocabularies of schema 1.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A closed set of words: the enum, its wire names, and reading and printing them.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the schema.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value whose wire word is `word`.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What kind of statement an event is.
    Kind {
        /// Goods sold and paid.
        Sale = "sale",
        /// Money given back.
        Refund = "refund",
        /// A transaction taken back before it counted.
        Void = "void",
        /// The same receipt printed once more.
        Reprint = "reprint",
        /// A pre-bill that is not paid yet.
        Bill = "bill",
        /// A slip for the kitchen.
        KitchenOrder = "kitchen_order",
        /// An X or Z report.
        ShiftReport = "shift_report",
        /// Money loaded onto a stored-value card.
        TopUp = "top_up",
        /// A card terminal's or Octopus reader's own slip.
        CardSlip = "card_slip",
        /// A party moved to another table.
        TableMove = "table_move",
        /// A practice receipt; never counted.
        Training = "training",
        /// A membership sold or renewed.
        Membership = "membership",
        /// The drawer was opened, beside a sale that is already known.
        DrawerOpened = "drawer_opened",
        /// The drawer was opened without a sale.
        NoSale = "no_sale",
        /// The drawer has stood open too long.
        DrawerLeftOpen = "drawer_left_open",
        /// The drawer was closed.
        DrawerClosed = "drawer_closed",
        /// The printer's paper, cover or line state changed.
        PrinterStatus = "printer_status",
        /// A receipt that is one picture; its words need other means.
        RasterReceipt = "raster_receipt",
        /// A stock level, from a source that knows it.
        Inventory = "inventory",
        /// A person's decision.
        Approval = "approval",
        /// A better reading of an earlier event.
        Correction = "correction",
        /// Printed, but no transaction.
        Document = "document",
        /// Printed, and not understood.
        Unread = "unread",
    }
}

words! {
    /// How somebody paid.
    Method {
        /// Notes and coins.
        Cash = "cash",
        /// Octopus.
        Octopus = "octopus",
        /// Visa.
        Visa = "visa",
        /// Mastercard.
        Mastercard = "mastercard",
        /// UnionPay.
        Unionpay = "unionpay",
        /// American Express.
        Amex = "amex",
        /// JCB.
        Jcb = "jcb",
        /// Easy Pay System.
        Eps = "eps",
        /// Faster Payment System.
        Fps = "fps",
        /// PayMe.
        Payme = "payme",
        /// Alipay and AlipayHK.
        Alipay = "alipay",
        /// WeChat Pay.
        WechatPay = "wechat_pay",
        /// A card that is not named.
        Card = "card",
        /// A voucher or gift card.
        Voucher = "voucher",
        /// A member's stored value.
        Member = "member",
        /// Something else that is named on the receipt.
        Other = "other",
    }
}

words! {
    /// Whether the printed amounts add up.
    Verdict {
        /// An equation that does not depend on the total's own label confirms it.
        Balanced = "balanced",
        /// Too little is printed to check.
        Unchecked = "unchecked",
        /// The printed amounts contradict each other.
        Off = "off",
    }
}

words! {
    /// The drawer connector's pin that was pulsed.
    Kick {
        /// Connector pin 2 (`m` = 0 or 48).
        Pin2 = "pin2",
        /// Connector pin 5 (`m` = 1 or 49).
        Pin5 = "pin5",
    }
}

words! {
    /// How far a drawer movement is known.
    DrawerState {
        /// The till told the printer to open it.
        Commanded = "commanded",
        /// The sensor confirmed it.
        Opened = "opened",
        /// A sensor is there and did not confirm it.
        Unconfirmed = "unconfirmed",
        /// The sensor says it is closed.
        Closed = "closed",
    }
}

words! {
    /// How much paper a printer has.
    Paper {
        /// Enough.
        Ok = "ok",
        /// The near-end sensor sees the core of the roll.
        Low = "low",
        /// None: the printer has stopped.
        Out = "out",
    }
}

words! {
    /// A printer's cover.
    Cover {
        /// Closed.
        Closed = "closed",
        /// Open: the printer has stopped.
        Open = "open",
    }
}

words! {
    /// What is broken in a printer.
    Fault {
        /// Nothing.
        None = "none",
        /// Something that goes away by itself or with a command: a hot head, a jam.
        Recoverable = "recoverable",
        /// The cutter is jammed.
        Cutter = "cutter",
        /// It must be switched off, and perhaps repaired.
        Unrecoverable = "unrecoverable",
        /// Something; the printer was not asked what.
        Unspecified = "unspecified",
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Method};

    #[test]
    fn wire_words_read_back_and_agree_with_serde() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            let json = serde_json::to_string(&kind).expect("a unit variant");
            assert_eq!(json, format!("{:?}", kind.as_str()));
        }
        assert_eq!(Method::parse("wechat_pay"), Some(Method::WechatPay));
        assert_eq!(Method::parse("WECHAT"), None);
    }
}
