//! The paper of a card terminal or an Octopus reader: what was charged or loaded, and on what.
//!
//! Not here: which receipt it belongs to, which only the session can know.

use super::line::ReadLine;
use super::vocabulary::Role;
use crate::event::{Kind, Payment, Receipt};
use crate::money::{Amount, Currency, currency_digits};
use crate::span::Span;

/// Labels of what was taken off a card, folded, letters only.
#[rustfmt::skip]
const CHARGED: &[&str] = &[
    "AMOUNTDEDUCTED", "AMOUNT", "AMOUNTPAID", "SALE", "SALEAMOUNT", "TRANSACTIONAMOUNT", "DITOLAK", "DIPOTONG", "DATRU", "扣除金額",
    "扣除淨額", "扣款", "交易金額", "交易金额", "消费金额", "金額", "金额", "支払額", "หักเงิน",
];
/// The same of what was loaded onto it.
#[rustfmt::skip]
const LOADED: &[&str] = &[
    "AMOUNTADDED", "ADDVALUE", "ADDVALUEAMOUNT", "TOPUPAMOUNT", "RELOADAMOUNT", "AMOUNT", "DITAMBAH", "DANAP", "增值金額", "增值", "充值金额",
    "入金額", "เติม", "เติมเงิน",
];

/// The receipt of a slip of `kind`: its head as read, and the slip's own amount and means.
pub(super) fn read(
    kind: Kind,
    lines: &[ReadLine<'_>],
    read: Receipt,
    note: &mut impl FnMut(&str, Span, &str),
) -> Receipt {
    let words = if kind == Kind::TopUp { LOADED } else { CHARGED };
    let digits =
        Currency::from_code(read.currency.as_deref().unwrap_or_default()).map(currency_digits);
    let scaled = |value: Amount| digits.and_then(|digits| value.rescale(digits)).unwrap_or(value);
    let found = lines.iter().find_map(|line| {
        let number = line.numbers.last()?;
        let label = &line.folded.chars[..line.numbers.first()?.chars.start];
        let letters = || label.iter().copied().filter(|c| c.is_alphanumeric());
        let word = words.iter().find(|word| letters().eq(word.chars()))?;
        note("total", line.line.span(line.folded.bytes(number.chars.clone())), word);
        Some(scaled(number.value))
    });
    let total = found.or(read.total);
    let payment = lines.iter().find_map(|line| means(kind, line, total, &scaled));
    Receipt {
        items: Vec::new(),
        subtotal: None,
        discounts: Vec::new(),
        service_charge: None,
        taxes: Vec::new(),
        rounding: None,
        tip: None,
        total,
        payments: payment.into_iter().collect(),
        tendered: None,
        change: None,
        ..read
    }
}

/// The card that a line names, or what a loading was paid with.
fn means(
    kind: Kind,
    line: &ReadLine<'_>,
    total: Option<Amount>,
    scaled: &impl Fn(Amount) -> Amount,
) -> Option<Payment> {
    let first = line.words.first()?;
    let Some(Role::Payment(method)) = first.word.role else { return None };
    let begins = line.folded.chars[..first.chars.start].iter().all(|c| !c.is_alphanumeric());
    let title = super::kind::title(line).is_some();
    let printed = line.numbers.last().map(|number| scaled(number.value));
    let end = line.numbers.first().map_or(line.folded.chars.len(), |number| number.chars.start);
    let label = Some(line.text(0..end).trim_end_matches([':', '：', ' ']).to_owned());
    let amount = match kind {
        Kind::TopUp => Some(printed?),
        _ => printed.filter(|printed| Some(*printed) == total).or(total),
    };
    (begins && !title).then_some(Payment { method, label, amount })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::diagnostic::Diagnostics;
    use crate::document::paper::Paper;
    use crate::event::{Kind, Method, Receipt};
    use crate::reading::line::classify;

    fn slip(kind: Kind, text: &str) -> Receipt {
        let paper = Paper::plain(text);
        let (lines, _) = classify(&paper, None, None, &mut Diagnostics::default());
        read(kind, &lines, Receipt::default(), &mut |_, _, _| {})
    }

    #[test]
    fn the_balance_of_a_card_is_no_amount_of_its_slip() {
        let paid = slip(
            Kind::CardSlip,
            "八達通付款\n八達通\n八達通號碼: 12345678\n扣除金額  $44.0\n餘額  $156.0",
        );
        assert_eq!(paid.total.map(|t| t.to_string()).as_deref(), Some("44.0"));
        assert_eq!(paid.payments[0].method, Method::Octopus);
        assert_eq!(paid.payments[0].amount, paid.total);
    }

    #[test]
    fn a_loading_was_paid_with_something_else() {
        let loaded = slip(
            Kind::TopUp,
            "ADD VALUE\nOCTOPUS\nAmount Added  100.00\nCASH  100.00\nRemaining Value  120.00",
        );
        assert_eq!(loaded.total.map(|t| t.to_string()).as_deref(), Some("100.00"));
        assert_eq!(loaded.payments.len(), 1);
        assert_eq!(loaded.payments[0].method, Method::Cash);
    }
}
