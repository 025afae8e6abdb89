//! A shift report's rows.

use pos_protocol::event::{Method, Report, ReportType};

use super::card::Card;
use super::fields::{free_text, number};
use super::money::Money;
use super::words;
use crate::config::Language;

/// Most means of payment listed.
const MAX_TENDERS: usize = 16;

/// Adds what the report says to `card`.
pub(super) fn add(card: &mut Card, report: &Report, money: &Money, language: Language) {
    let letter = match report.report_type {
        ReportType::X => "X",
        ReportType::Z => "Z",
    };
    let name = match report.number.as_deref().and_then(number) {
        Some(number) => format!("{letter} {number}"),
        None => letter.to_owned(),
    };
    card.row(words::REPORT_NUMBER.of(language), Some(name));
    for (label, amount) in [(words::GROSS, report.gross), (words::NET, report.net)] {
        card.row(label.of(language), amount.map(|amount| money.show(amount)));
    }
    for (label, count) in [(words::RECEIPTS, report.receipts), (words::NO_SALES, report.no_sales)] {
        card.row(label.of(language), count.map(|count| count.to_string()));
    }
    for (label, amount) in [(words::REFUNDS, report.refunds), (words::VOIDS, report.voids)] {
        card.row(label.of(language), amount.map(|amount| money.show(amount)));
    }
    for tender in report.tenders.iter().take(MAX_TENDERS) {
        let other = tender.method == Method::Other;
        let label = tender.label.as_deref().filter(|_| other).and_then(free_text);
        let label = label.unwrap_or_else(|| words::method(tender.method).of(language).to_owned());
        let count = tender.count.map(|count| format!(" ×{count}")).unwrap_or_default();
        card.lines.push(format!("{label}{count} {}", money.show(tender.amount)));
    }
    if report.tenders.len() > MAX_TENDERS {
        card.lines.push("…".to_owned());
    }
}
