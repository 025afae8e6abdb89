//! What kind of paper it is: by titles that stand alone on a line, then by what it holds.
//!
//! A word inside a sentence decides nothing: "No refunds" and "Customer's copy" are on every
//! other sale.

use super::amount::Number;
use super::fold::Folded;
use super::line::ReadLine;
use super::vocabulary::{Label, Match, Role};
use crate::diagnostic::Code;
use crate::document::paper::Paper;
use crate::document::{Document, Ended};
use crate::event::{Kind, Receipt};
use crate::money::Amount;

/// In this order, where a paper has several titles: a void refund is void.
const PRECEDENCE: &[Kind] = &[
    Kind::Training,
    Kind::ShiftReport,
    Kind::TableMove,
    Kind::Void,
    Kind::KitchenOrder,
    Kind::NoSale,
    Kind::TopUp,
    Kind::CardSlip,
    Kind::Reprint,
    Kind::Refund,
    Kind::Bill,
    Kind::Membership,
];

/// Undecodable characters among all, from which on a text is not text: one in this many.
const GARBLED: usize = 4;
/// Bytes that nothing explains, from which on they are worth reporting without any text.
const MIN_UNKNOWN_BYTES: u64 = 16;
/// Largest count of a dish on a kitchen's slip.
const MOST_OF_A_DISH: u32 = 99;
/// Bills that may be paid or not.
const BILLS: &[&str] =
    &["GUEST CHECK", "GUEST BILL", "TABLE BILL", "BIL", "TAGIHAN", "帳單", "賬單"];
/// Taxes whose number a seller prints on a tax invoice.
const TAXES: &[&str] = &["GST", "SST", "VAT", "TAX"];
const INVOICES: &[&str] = &["INV NO", "INVOICE NO", "TAX INVOICE NO", "TAX INVOICE"];
/// Words that may stand behind a title and leave it one.
const WITH_TITLE: &[&str] =
    &["NO", "COPY", "RECEIPT", "ONLY", "MODE", "X", "Z", "1ST", "2ND", "BILL", "SLIP"];

/// The kind that a line says by itself, as a title: nothing stands before it, and nothing but a
/// number, a date or a mark behind it.
pub(super) fn title(line: &ReadLine<'_>) -> Option<Kind> {
    title_of(&line.folded, &line.words, &line.numbers)
}

fn title_of(folded: &Folded, words: &[Match], numbers: &[Number]) -> Option<Kind> {
    let (first, rest) = words.split_first()?;
    let kind = first.word.title?;
    let chars = &folded.chars;
    let begins = chars[..first.chars.start].iter().all(|c| !c.is_alphanumeric());
    // An amount makes it a sum: so many refunds, that much void.
    let sum = numbers.iter().any(Number::is_money) && !matches!(kind, Kind::Sale);
    if !begins || sum {
        return None;
    }
    let again: Vec<&Match> = rest.iter().filter(|found| found.word.title.is_some()).collect();
    let after: String = chars[first.chars.end..]
        .iter()
        .enumerate()
        .filter(|(i, _)| !again.iter().any(|found| found.chars.contains(&(first.chars.end + i))))
        .map(|(_, c)| *c)
        .collect();
    let fits =
        |word: &str| word.contains(|c: char| c.is_ascii_digit()) || WITH_TITLE.contains(&word);
    let mut words = after.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if !words.all(fits) {
        return None;
    }
    // "TAX INVOICE / CREDIT NOTE" says what it is in the second word.
    let said = core::iter::once(first).chain(again).filter_map(|found| found.word.title);
    said.min_by_key(|kind| PRECEDENCE.iter().position(|other| other == kind).unwrap_or(usize::MAX))
}

pub(super) fn of(
    document: &Document,
    paper: &Paper,
    lines: &[ReadLine<'_>],
    receipt: &Receipt,
    paid: bool,
) -> Kind {
    if paper.is_blank() {
        return match (document.images > 0, document.unknown_bytes >= MIN_UNKNOWN_BYTES) {
            (true, _) => Kind::RasterReceipt,
            (false, true) => Kind::Unread,
            (false, false) => Kind::Document,
        };
    }
    if is_garbled(document, paper) {
        return Kind::Unread;
    }
    let titles: Vec<Kind> = lines.iter().filter_map(title).collect();
    let told = |kind: &&Kind| titles.contains(kind) && is_borne_out(**kind, lines, receipt);
    if let Some(kind) = PRECEDENCE.iter().find(told) {
        return *kind;
    }
    match receipt.total {
        // What a torn piece says is half the truth, and the till prints it again in full; unless
        // all of it was there and only the connection's end was rough.
        Some(_) if document.ended == Ended::Broken && !paid => Kind::Unread,
        Some(total) if Amount::is_negative(total) => Kind::Refund,
        Some(_) => Kind::Sale,
        None if document.ended != Ended::Broken && is_paid(receipt) => Kind::Sale,
        // Its total was not understood, but what it says of itself or of paying is plain. Where the
        // connection closed before a cut and before a word of paying, the foot is missing: a cable
        // that was pulled, a till that was switched off.
        None if document.ended != Ended::Broken && is_priced(lines) && is_trade(&titles, lines) => {
            let torn = document.ended == Ended::Closed && !takes_money(lines);
            if torn { Kind::Unread } else { Kind::Sale }
        }
        None if is_order(lines) => Kind::KitchenOrder,
        None => Kind::Document,
    }
}

/// Whether the paper is what its title says, where the same words stand on others as well.
fn is_borne_out(kind: Kind, lines: &[ReadLine<'_>], receipt: &Receipt) -> bool {
    match kind {
        // Some tills head the receipt with the guest's check, paid or not.
        Kind::Bill => {
            let unpaid = !is_paid(receipt) && !takes_money(lines);
            unpaid && (says_unpaid(lines) || !is_tax_invoice(lines))
        }
        // The block of a card reader stands at the foot of the receipt that it paid.
        Kind::TopUp | Kind::CardSlip => receipt.items.is_empty(),
        Kind::NoSale => receipt.total.is_none(),
        Kind::KitchenOrder => {
            !is_paid(receipt) && (receipt.total.is_none() || is_first(kind, lines))
        }
        _ => true,
    }
}

/// Whether a title says more than that it is a bill.
fn says_unpaid(lines: &[ReadLine<'_>]) -> bool {
    let titled = lines.iter().filter(|line| title(line) == Some(Kind::Bill));
    titled
        .flat_map(|line| &line.words)
        .any(|found| found.word.title == Some(Kind::Bill) && !BILLS.contains(&found.word.text))
}

/// Whether the seller's tax number or an invoice's stands on it, which only the final paper has.
fn is_tax_invoice(lines: &[ReadLine<'_>]) -> bool {
    let numbers =
        lines.iter().flat_map(|line| &line.words).filter(|found| found.word.label.is_some());
    numbers.map(|found| found.word.text).any(|text| {
        TAXES.iter().any(|tax| text.starts_with(tax)) && text.contains("NO")
            || text.contains(" ID")
            || INVOICES.contains(&text)
    })
}

/// Whether the first title of the paper says `kind`.
fn is_first(kind: Kind, lines: &[ReadLine<'_>]) -> bool {
    lines.iter().find_map(title) == Some(kind)
}

/// Whether money is told to have been taken.
fn is_paid(receipt: &Receipt) -> bool {
    receipt.tendered.is_some()
        || receipt.change.is_some()
        || receipt.payments.iter().any(|payment| payment.amount.is_some())
}

/// Whether an amount is printed beside a means of payment, whatever it was taken for.
fn takes_money(lines: &[ReadLine<'_>]) -> bool {
    let paying = |role: &Role| matches!(role, Role::Payment(_) | Role::Tendered);
    lines.iter().any(|line| line.roles.iter().any(|(role, ..)| paying(role)))
}

/// Whether the paper is titled as a receipt, is a tax invoice, or names a means of payment at the
/// start of a line.
fn is_trade(titles: &[Kind], lines: &[ReadLine<'_>]) -> bool {
    let pays = |line: &ReadLine<'_>| {
        let first = line.words.first().filter(|found| found.chars.start == indent(line));
        first.is_some_and(|found| {
            matches!(found.word.role, Some(Role::Payment(_) | Role::Tendered))
                && found.word.label.is_none()
        })
    };
    titles.contains(&Kind::Sale) || is_tax_invoice(lines) || lines.iter().any(pays)
}

/// Where the text of a line begins.
fn indent(line: &ReadLine<'_>) -> usize {
    line.folded.chars.iter().take_while(|c| !c.is_alphanumeric()).count()
}

/// Whether any amount of money stands on it.
fn is_priced(lines: &[ReadLine<'_>]) -> bool {
    lines.iter().flat_map(|line| &line.numbers).any(Number::is_money)
}

/// A slip for the kitchen: so many of each dish, a table or a number, and no money at all.
fn is_order(lines: &[ReadLine<'_>]) -> bool {
    let money = lines
        .iter()
        .any(|line| !line.roles.is_empty() || line.numbers.iter().any(Number::is_money));
    let named = lines
        .iter()
        .flat_map(|line| &line.words)
        .any(|found| matches!(found.word.label, Some(Label::Table | Label::Order | Label::Number)));
    !money && named && lines.iter().any(counts_a_dish)
}

/// `2 x Noodles`, `- 2 Noodles`, `Noodles x2`.
fn counts_a_dish(line: &ReadLine<'_>) -> bool {
    if line.date.is_some() || line.words.iter().any(|found| found.word.label.is_some()) {
        return false;
    }
    let text: String = line.folded.chars.iter().collect();
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let count = |digits: &str| digits.parse().is_ok_and(|n: u32| (1..=MOST_OF_A_DISH).contains(&n));
    let rest = &text[digits..];
    let leads = count(&text[..digits])
        && rest.starts_with([' ', 'X'])
        && rest.contains(|c: char| c.is_alphabetic());
    let behind = text.rsplit_once(" X").is_some_and(|(_, last)| count(last));
    leads || behind
}

/// Whether what was decoded is not words: wrong baud rate, wrong encoding.
fn is_garbled(document: &Document, paper: &Paper) -> bool {
    let chars = || paper.lines().flat_map(|line| line.text.chars());
    let bad = chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let all = chars().filter(|c| !c.is_whitespace()).count();
    let unexplained = document.diagnostics.has(Code::UnknownCommand)
        && document.unknown_bytes >= MIN_UNKNOWN_BYTES
        && document.unknown_bytes as usize > all;
    bad * GARBLED > all || unexplained
}

#[cfg(test)]
mod tests {
    use super::title_of;
    use crate::event::Kind;
    use crate::reading::amount;
    use crate::reading::fold::Folded;
    use crate::reading::vocabulary;

    fn title(line: &str) -> Option<Kind> {
        let folded = Folded::new(line);
        title_of(&folded, &vocabulary::matches(&folded), &amount::scan(&folded, None))
    }

    #[test]
    fn titles_stand_alone() {
        for (line, kind) in [
            ("*** RE-PRINT ***", Kind::Reprint),
            ("<重印>", Kind::Reprint),
            ("* DUPLICATE COPY *", Kind::Reprint),
            ("(DUPLICATED)", Kind::Reprint),
            ("廚　房　單", Kind::KitchenOrder),
            ("重印廚房單  2/5", Kind::KitchenOrder),
            ("    REFUND RECEIPT", Kind::Refund),
            ("Refund:      1001", Kind::Refund),
            ("TAX INVOICE / CREDIT NOTE", Kind::Refund),
            ("** Void **", Kind::Void),
            ("R E F U N D", Kind::Refund),
            ("班结X 0004", Kind::ShiftReport),
            ("Z REPORT 0012", Kind::ShiftReport),
            ("CUSTOMER'S COPY", Kind::Sale),
            ("HỦY", Kind::Void),
            ("สำเนา", Kind::Reprint),
            ("換　桌　單", Kind::TableMove),
        ] {
            assert_eq!(title(line), Some(kind), "{line}");
        }
    }

    #[test]
    fn footers_and_sums_are_not_titles() {
        for line in [
            "No refunds or exchanges",
            "GOODS SOLD ARE NOT RETURNABLE",
            "退款需於七日內",
            "Void where prohibited",
            "Refund  -36.00",
            "RETURN WITHIN 7 DAYS",
            "Barang yang sudah dibeli tidak dapat dikembalikan",
            "PLEASE KEEP THIS COPY",
            "Returns within 14 days with this receipt",
            "作廢總額 36.00",
        ] {
            assert_eq!(title(line), None, "{line}");
        }
    }
}
