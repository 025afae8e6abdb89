//! What a receipt or a shift report says, field by field.

use jiff::civil;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::kind::Method;
use crate::money::Amount;

/// The fields of a receipt. A refund's items, total and payments are negative.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Shop name as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// Address as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Receipt number as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The till's own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_at: Option<PrintedAt>,
    /// Till or terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// Who served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<String>,
    /// Table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Guests at the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<u32>,
    /// ISO 4217 code: printed, else the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What was bought, in printed order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// Sum of the items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtotal: Option<Amount>,
    /// Reductions of the whole bill.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// Service charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_charge: Option<Amount>,
    /// Taxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// Rounding to what can be paid in coins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Amount>,
    /// Tip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Amount>,
    /// What the customer owes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    /// How it was paid; what was kept, not what was handed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// Cash handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tendered: Option<Amount>,
    /// Cash given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Amount>,
    /// The number of the receipt that a refund or reprint names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_number: Option<String>,
}

/// One line of goods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Name as printed.
    pub name: String,
    /// How many or how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// Price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Decimal>,
    /// Price of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Condiments and remarks printed under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<String>,
}

/// A reduction; the amount is negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Words as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Below zero on a sale.
    pub amount: Amount,
}

/// A tax, added to the total or included in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Words as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The tax itself, not the taxed amount.
    pub amount: Amount,
    /// Whether the total already holds it. Absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub included: Option<bool>,
}

/// One means of payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The means, in the schema's words.
    pub method: Method,
    /// The means, in the receipt's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What was kept of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// X (so far) or Z (and reset).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportType {
    /// A reading without reset.
    X,
    /// A reading that starts the next period.
    Z,
}

/// One tender's sum on a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// The means, in the schema's words.
    pub method: Method,
    /// The means, in the report's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Sum taken.
    pub amount: Amount,
    /// How many payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What an X or Z report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// X or Z.
    #[serde(rename = "type")]
    pub report_type: ReportType,
    /// Number of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Sales before reductions and refunds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<Amount>,
    /// Sales after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<Amount>,
    /// Sums by means of payment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<Tender>,
    /// Sums by tax.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// Sum of the refunds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunds: Option<Amount>,
    /// Sum of the voids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voids: Option<Amount>,
    /// Drawer openings without a sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_sales: Option<u32>,
    /// Receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts: Option<u32>,
}

/// Local time as printed, without zone: `2026-11-21T12:01:22`, or `2026-11-21` where only a date is
/// printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrintedAt {
    /// A date alone.
    Date(civil::Date),
    /// A date and a time of day.
    DateTime(civil::DateTime),
}

impl core::fmt::Display for PrintedAt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Date(date) => write!(f, "{date}"),
            Self::DateTime(at) => write!(f, "{at}"),
        }
    }
}

impl Serialize for PrintedAt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PrintedAt {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = if text.contains('T') {
            text.parse().ok().map(Self::DateTime)
        } else {
            text.parse().ok().map(Self::Date)
        };
        read.ok_or_else(|| {
            serde::de::Error::custom(format!(
                "expected a local time such as 2026-11-21T12:01:22 or a date, found {text:?}"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PrintedAt, Receipt};

    #[test]
    fn an_empty_receipt_has_no_fields_on_the_wire() {
        assert_eq!(serde_json::to_string(&Receipt::default()).expect("plain data"), "{}");
    }

    #[test]
    fn printed_times_read_back() {
        for text in ["\"2026-11-21\"", "\"2026-11-21T12:01:22\""] {
            let at: PrintedAt = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&at).expect("plain data"), text);
        }
    }
}
