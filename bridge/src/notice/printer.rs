//! A printer's state, in rows: what is wrong first comes in the headline, the rest below.

use pos_protocol::event::{Cover, Fault, Paper, Printer};

use super::card::Card;
use super::words::{self, Sign};
use crate::config::Language;

/// Whether a person has to do something.
pub(super) fn is_trouble(printer: Printer) -> bool {
    matches!(printer.paper, Some(Paper::Low | Paper::Out))
        || printer.cover == Some(Cover::Open)
        || printer.offline == Some(true)
        || printer.error.is_some_and(|fault| fault != Fault::None)
}

/// Whether a person has to do something, in one line.
pub(super) fn sign(printer: Printer) -> Sign {
    if is_trouble(printer) { words::PRINTER_TROUBLE } else { words::PRINTER_WELL }
}

/// Adds what is known to `card`.
pub(super) fn add(card: &mut Card, printer: Printer, language: Language) {
    let row = |word: words::Word| Some(word.of(language).to_owned());
    card.row(words::PAPER.of(language), printer.paper.map(words::paper).and_then(row));
    card.row(words::COVER.of(language), printer.cover.map(words::cover).and_then(row));
    card.row(words::FAULT.of(language), printer.error.and_then(words::fault).and_then(row));
    if printer.offline == Some(true) {
        card.row(words::ONLINE.of(language), row(words::OFFLINE));
    }
}
