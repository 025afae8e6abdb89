//! What somebody can say of printed words, and whether a reading says the same.

use std::ops::Range;

use pos_protocol::event::{Event, Kind, Method};
use pos_protocol::profile::PAPER_KINDS;

/// What words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// An amount, or the words before one: a role of a profile's `[words]`.
    Amount(&'static str),
    /// A text, or the words before one: a role too.
    Text(&'static str),
    /// The shop's name.
    Merchant,
    /// When it was printed.
    PrintedAt,
    /// They say what kind of paper it is.
    Kind(Kind),
    /// They say nothing.
    Ignore,
}

/// Sums and means of payment.
const AMOUNTS: [&str; 24] = [
    "total",
    "subtotal",
    "discount",
    "service_charge",
    "tax",
    "rounding",
    "tip",
    "tendered",
    "change",
    "cash",
    "octopus",
    "visa",
    "mastercard",
    "unionpay",
    "amex",
    "jcb",
    "eps",
    "fps",
    "payme",
    "alipay",
    "wechat_pay",
    "card",
    "voucher",
    "member",
];

/// Texts behind a label.
const TEXTS: [&str; 6] = ["number", "original_number", "cashier", "terminal", "table", "guests"];

impl Meaning {
    /// All that can be said.
    pub fn all() -> impl Iterator<Item = Self> {
        let texts = TEXTS.into_iter().map(Self::Text);
        let kinds = PAPER_KINDS.iter().copied().map(Self::Kind);
        let amounts = AMOUNTS.into_iter().map(Self::Amount);
        let others = [Self::PrintedAt, Self::Merchant, Self::Ignore];
        amounts.chain(texts).chain(others).chain(kinds)
    }

    /// Its name in a form: a key of profiles, a kind with `kind.` before it.
    pub fn code(self) -> String {
        match self {
            Self::Amount(role) | Self::Text(role) => role.to_owned(),
            Self::Merchant => "merchant".to_owned(),
            Self::PrintedAt => "printed_at".to_owned(),
            Self::Kind(kind) => format!("kind.{kind}"),
            Self::Ignore => "ignore".to_owned(),
        }
    }

    /// By its name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|meaning| meaning.code() == code)
    }

    /// The means of payment that it is.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Amount(role) => Method::parse(role),
            _ => None,
        }
    }

    /// Whether the field `name` of an event is what was meant.
    pub(super) fn is_field(self, name: &str, event: &Event) -> bool {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        match self {
            Self::Amount("discount") => first == "discounts",
            Self::Amount("tax") => first == "taxes",
            Self::Amount(role) => match self.method() {
                None => name == role,
                Some(method) => {
                    let index = rest.split('.').next().and_then(|index| index.parse().ok());
                    let payment = |index: usize| event.receipt.as_ref()?.payments.get(index);
                    first == "payments"
                        && index.and_then(payment).is_some_and(|paid| paid.method == method)
                }
            },
            Self::Text(role) => name == role,
            Self::Merchant => name == "merchant",
            Self::PrintedAt => name == "printed_at",
            Self::Kind(_) | Self::Ignore => false,
        }
    }

    /// Whether `event` says what was meant of the bytes `value`, which stand on the line `line`.
    pub(super) fn is_said(self, event: &Event, value: &Range<u64>, line: &Range<u64>) -> bool {
        let Some(evidence) = &event.evidence else { return false };
        let shares = |range: &Range<u64>, start, end| start < range.end && range.start < end;
        match self {
            Self::Kind(kind) => event.kind == kind,
            Self::Ignore => evidence.fields.values().all(|f| !shares(line, f.start, f.end)),
            _ => evidence
                .fields
                .iter()
                .any(|(name, f)| self.is_field(name, event) && shares(value, f.start, f.end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Meaning;

    #[test]
    fn every_meaning_has_a_name_of_its_own_and_is_found_by_it() {
        let codes: BTreeSet<String> = Meaning::all().map(Meaning::code).collect();
        assert_eq!(codes.len(), Meaning::all().count());
        for meaning in Meaning::all() {
            assert_eq!(Meaning::parse(&meaning.code()), Some(meaning));
        }
        assert_eq!(Meaning::parse("kind"), None);
    }
}
