//! What kind of paper it is: by titles that stand alone on a line, then by what it holds.
//!
//! A word inside a sentence decides nothing: "No refunds" and "Customer's copy" are on every
//! other sale.

use super::fold::folded;
use super::line::ReadLine;
use crate::diagnostic::Code;
use crate::document::paper::Paper;
use crate::document::{Document, Ended};
use crate::event::{Kind, Receipt};
use crate::money::Amount;

/// Titles in folded form, without blanks.
const TITLES: &[(&str, Kind)] = &[
    ("TRAINING", Kind::Training),
    ("TRAININGMODE", Kind::Training),
    ("訓練", Kind::Training),
    ("練習", Kind::Training),
    ("VOID", Kind::Void),
    ("VOIDED", Kind::Void),
    ("作廢", Kind::Void),
    ("作废", Kind::Void),
    ("取消單", Kind::Void),
    ("KITCHENORDER", Kind::KitchenOrder),
    ("廚房單", Kind::KitchenOrder),
    ("厨房单", Kind::KitchenOrder),
    ("ZREPORT", Kind::ShiftReport),
    ("XREPORT", Kind::ShiftReport),
    ("日結報表", Kind::ShiftReport),
    ("班結報表", Kind::ShiftReport),
    ("日结单", Kind::ShiftReport),
    ("NOSALE", Kind::NoSale),
    ("OPENDRAWER", Kind::NoSale),
    ("開錢櫃", Kind::NoSale),
    ("無銷售", Kind::NoSale),
    ("REFUND", Kind::Refund),
    ("REFUNDRECEIPT", Kind::Refund),
    ("CREDITNOTE", Kind::Refund),
    ("退款", Kind::Refund),
    ("退款單", Kind::Refund),
    ("退貨", Kind::Refund),
    ("退貨單", Kind::Refund),
    ("退货单", Kind::Refund),
    ("REPRINT", Kind::Reprint),
    ("DUPLICATE", Kind::Reprint),
    ("DUPLICATERECEIPT", Kind::Reprint),
    ("COPY", Kind::Reprint),
    ("重印", Kind::Reprint),
    ("重印收據", Kind::Reprint),
    ("顧客重印單據", Kind::Reprint),
    ("補印", Kind::Reprint),
    ("副本", Kind::Reprint),
    ("补打", Kind::Reprint),
    ("重打", Kind::Reprint),
    ("PRE-BILL", Kind::Bill),
    ("此為預印帳單", Kind::Bill),
    ("未結帳", Kind::Bill),
    ("预结单", Kind::Bill),
    ("八達通增值服務", Kind::TopUp),
    ("RECEIPT", Kind::Sale),
    ("TAXINVOICE", Kind::Sale),
    ("INVOICE", Kind::Sale),
    ("收據", Kind::Sale),
    ("顧客單據", Kind::Sale),
];

/// In this order, where a paper has several titles: a void refund is void.
const PRECEDENCE: &[Kind] = &[
    Kind::Training,
    Kind::Void,
    Kind::KitchenOrder,
    Kind::ShiftReport,
    Kind::NoSale,
    Kind::TopUp,
    Kind::Reprint,
    Kind::Refund,
    Kind::Bill,
];

/// Undecodable characters among all, from which on a text is not text: one in this many.
const GARBLED: usize = 4;
/// Bytes that nothing explains, from which on they are worth reporting without any text.
const MIN_UNKNOWN_BYTES: u64 = 16;

/// The kind that a line says by itself, as a title.
pub(super) fn title(line: &str) -> Option<Kind> {
    let words: String = folded(line).chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = |title: &str| title.chars().filter(|c| c.is_alphanumeric()).eq(words.chars());
    TITLES.iter().find(|(word, _)| plain(word)).map(|(_, kind)| *kind)
}

pub(super) fn of(
    document: &Document,
    paper: &Paper,
    lines: &[ReadLine<'_>],
    receipt: &Receipt,
    paid: bool,
) -> Kind {
    if paper.lines.is_empty() {
        return match (document.images > 0, document.unknown_bytes >= MIN_UNKNOWN_BYTES) {
            (true, _) => Kind::RasterReceipt,
            (false, true) => Kind::Unread,
            (false, false) => Kind::Document,
        };
    }
    if is_garbled(document, paper) {
        return Kind::Unread;
    }
    let titles: Vec<Kind> = lines.iter().filter_map(|line| title(&line.line.text)).collect();
    if let Some(kind) = PRECEDENCE.iter().find(|kind| titles.contains(kind)) {
        return *kind;
    }
    match receipt.total {
        // What a torn piece says is half the truth, and the till prints it again in full; unless
        // all of it was there and only the connection's end was rough.
        Some(_) if document.ended == Ended::Broken && !paid => Kind::Unread,
        Some(total) if Amount::is_negative(total) => Kind::Refund,
        Some(_) => Kind::Sale,
        None => Kind::Document,
    }
}

/// Whether what was decoded is not words: wrong baud rate, wrong encoding.
fn is_garbled(document: &Document, paper: &Paper) -> bool {
    let chars = || paper.lines.iter().flat_map(|line| line.text.chars());
    let bad = chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let all = chars().filter(|c| !c.is_whitespace()).count();
    let unexplained = document.diagnostics.has(Code::UnknownCommand)
        && document.unknown_bytes >= MIN_UNKNOWN_BYTES
        && document.unknown_bytes as usize > all;
    bad * GARBLED > all || unexplained
}

#[cfg(test)]
mod tests {
    use super::title;
    use crate::event::Kind;

    #[test]
    fn titles_stand_alone() {
        for (line, kind) in [
            ("*** RE-PRINT ***", Kind::Reprint),
            ("<重印>", Kind::Reprint),
            ("廚　房　單", Kind::KitchenOrder),
            ("    REFUND RECEIPT", Kind::Refund),
            ("** Void **", Kind::Void),
        ] {
            assert_eq!(title(line), Some(kind), "{line}");
        }
    }

    #[test]
    fn footers_are_not_titles() {
        for line in [
            "No refunds or exchanges",
            "GOODS SOLD ARE NOT RETURNABLE",
            "CUSTOMER'S COPY",
            "退款需於七日內",
            "Void where prohibited",
        ] {
            assert_eq!(title(line), None, "{line}");
        }
    }
}
