//! What a slip says against what was read of it, and whether a reading admits that something was
//! wrong with the paper.
//!
//! Kind, number, total, items and payments must be there: they are what a reader is for. Everything
//! else must be right where the reader says it; a reader may leave out what it does not know.

use std::fmt::Display;

use pos_protocol::diagnostic::Code;
use pos_protocol::event::{Event, Item, Kind, PrintedAt, Receipt, Report, Verdict};

use super::account::What;
use rust_decimal::Decimal;

/// What stands where bytes could not be read as text.
pub(super) const NO_TEXT: char = '\u{FFFD}';

/// All differences between the truth and a reading of it.
pub(super) fn differences(truth: &Event, read: &Event) -> Vec<What> {
    let mut found = Found::default();
    if truth.kind != read.kind {
        found.all.push(What::WrongKind { found: read.kind });
    }
    if truth.source != read.source {
        found.field("source", Some(&truth.source), Some(&read.source));
    }
    if let (Some(truth), read) = (&truth.receipt, &read.receipt) {
        receipt(truth, read.as_ref().unwrap_or(&Receipt::default()), &mut found);
    }
    if let (Some(truth), Some(read)) = (&truth.report, &read.report) {
        report(truth, read, &mut found);
    }
    if let Some(line) = read.text.as_deref().and_then(unreadable_line) {
        found.text("text", "text without U+FFFD", line);
    }
    found.all
}

/// The first line of `text` that holds what is no text.
pub(super) fn unreadable_line(text: &str) -> Option<&str> {
    text.lines().find(|line| line.contains(NO_TEXT)).map(str::trim)
}

#[derive(Default)]
struct Found {
    all: Vec<What>,
}

impl Found {
    /// A field that must be there.
    fn field<T: PartialEq + Display>(&mut self, field: &str, truth: Option<T>, read: Option<T>) {
        if truth != read {
            let (field, expected, found) = (field.to_owned(), shown(truth), shown(read));
            self.all.push(What::WrongField { field, expected, found });
        }
    }

    /// A field that must be right where it is there, on paper and in the reading.
    fn where_said<T: PartialEq + Display>(
        &mut self,
        field: &str,
        truth: Option<T>,
        read: Option<T>,
    ) {
        if truth.is_some() && read.is_some() {
            self.field(field, truth, read);
        }
    }

    fn text(&mut self, field: &str, expected: &str, found: &str) {
        if expected != found {
            let (expected, found) = (expected.to_owned(), found.to_owned());
            self.all.push(What::WrongText { field: field.to_owned(), expected, found });
        }
    }
}

fn receipt(truth: &Receipt, read: &Receipt, found: &mut Found) {
    if truth.total != read.total {
        let (expected, read) = (shown(truth.total), shown(read.total));
        found.all.push(What::WrongAmount { expected, found: read });
    }
    found.field("number", truth.number.as_ref(), read.number.as_ref());
    items(truth, read, found);
    found.field("payments", Some(payments(truth)), Some(payments(read)));
    found.where_said("printed_at", at_most(truth.printed_at, read.printed_at), read.printed_at);
    found.where_said("currency", truth.currency.as_ref(), read.currency.as_ref());
    found.where_said("subtotal", truth.subtotal, read.subtotal);
    found.where_said("tendered", truth.tendered, read.tendered);
    found.where_said("change", truth.change, read.change);
    if let (Some(truth), Some(read)) = (&truth.merchant, &read.merchant) {
        found.text("merchant", truth, read);
    }
}

/// A reader who says only the day has not said a wrong time.
fn at_most(truth: Option<PrintedAt>, read: Option<PrintedAt>) -> Option<PrintedAt> {
    match (truth, read) {
        (Some(PrintedAt::DateTime(at)), Some(PrintedAt::Date(_))) => {
            Some(PrintedAt::Date(at.date()))
        }
        _ => truth,
    }
}

fn items(truth: &Receipt, read: &Receipt, found: &mut Found) {
    if truth.items.len() != read.items.len() {
        let list =
            |receipt: &Receipt| receipt.items.iter().map(item).collect::<Vec<_>>().join(", ");
        return found.field("items", Some(list(truth)), Some(list(read)));
    }
    for (at, (sold, read)) in truth.items.iter().zip(&read.items).enumerate() {
        found.text(&format!("items[{at}].name"), &sold.name, &read.name);
        let quantity = |item: &Item| item.quantity.map(|quantity| quantity.normalize());
        // One piece without a printed quantity is one piece.
        let one = quantity(sold).is_none() && quantity(read) == Some(Decimal::ONE);
        if !one {
            found.field(&format!("items[{at}].quantity"), quantity(sold), quantity(read));
        }
        found.field(&format!("items[{at}].amount"), sold.amount, read.amount);
    }
}

fn item(item: &Item) -> String {
    let quantity = item.quantity.map(|quantity| quantity.normalize());
    format!("{} {} {}", shown(quantity), item.name, shown(item.amount)).trim().to_owned()
}

fn payments(receipt: &Receipt) -> String {
    let one = receipt
        .payments
        .iter()
        .map(|payment| format!("{} {}", payment.method, shown(payment.amount)).trim().to_owned());
    let mut all: Vec<String> = one.collect();
    all.sort_unstable();
    all.join(", ")
}

fn report(truth: &Report, read: &Report, found: &mut Found) {
    found.field("report.gross", truth.gross, read.gross);
    found.field("report.net", truth.net, read.net);
    found.where_said("report.refunds", truth.refunds, read.refunds);
    found.where_said("report.voids", truth.voids, read.voids);
    found.where_said("report.receipts", truth.receipts, read.receipts);
}

fn shown<T: Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Diagnostics that say that something is wrong with the paper, and not only worth knowing.
const DAMAGE: [Code; 12] = [
    Code::UnknownCommand,
    Code::IncompleteCommand,
    Code::ClaimTooLong,
    Code::UndecodableText,
    Code::Gap,
    Code::GapBefore,
    Code::EndedByIdle,
    Code::EndedByLimit,
    Code::EndedWithoutCut,
    Code::Ambiguous,
    Code::DoesNotAddUp,
    Code::DecoderFault,
];

/// Whether a reading says that something is wrong with the paper.
pub(super) fn admits_damage(read: &Event) -> bool {
    matches!(read.kind, Kind::Unread | Kind::Document | Kind::RasterReceipt)
        || read.verdict == Some(Verdict::Off)
        || has(read, &DAMAGE)
}

/// Whether a reading says that it may be a piece of a paper.
pub(super) fn is_torn(read: &Event) -> bool {
    has(read, &[Code::Gap, Code::EndedWithoutCut, Code::EndedByIdle, Code::IncompleteCommand])
}

/// Whether a reading says that bytes may be missing in it or before it.
pub(super) fn has_gap(read: &Event) -> bool {
    has(read, &[Code::Gap, Code::GapBefore])
}

/// What a torn print may leave: a piece that could not be read as more or that says what it is, or
/// the second print of what was whole.
pub(super) fn is_remnant(read: &Event) -> bool {
    matches!(read.kind, Kind::Unread | Kind::Document | Kind::Reprint) || is_torn(read)
}

/// Whether an event is about paper, or about the drawer when nobody paid. The others tell of no slip.
pub(super) fn is_about_a_slip(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::DrawerOpened
            | Kind::DrawerClosed
            | Kind::DrawerLeftOpen
            | Kind::PrinterStatus
            | Kind::Inventory
            | Kind::Approval
            | Kind::Correction
    )
}

fn has(read: &Event, codes: &[Code]) -> bool {
    let found = read.evidence.iter().flat_map(|evidence| &evidence.diagnostics);
    found.map(|diagnostic| diagnostic.code).any(|code| codes.contains(&code))
}

pub(super) fn total(event: &Event) -> Option<pos_protocol::money::Amount> {
    event.receipt.as_ref().and_then(|receipt| receipt.total)
}
