//! Paper to facts: what kind of receipt it is, and its fields, checked by arithmetic.
//!
//! Words give every line with an amount a role (`vocabulary`, `line`); what has no role and
//! stands where goods stand is an item (`items`); the roles fill the receipt (`fields`) and the
//! printed amounts are added up (`balance`). Numbers are never repaired: what does not add up is
//! reported as it stands.
//!
//! Not here: anything that is not on the paper.

pub mod amount;
mod balance;
mod clock;
mod date;
mod fields;
mod figures;
mod fold;
mod head;
mod items;
mod kind;
mod labelled;
mod line;
mod merchant;
mod place;
mod report;
mod slips;
mod trade_name;
mod vocabulary;
mod when;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Document;
use crate::document::paper::Paper;
use crate::event::{FieldEvidence, Kind, Receipt, Report, Verdict};
use crate::money::Currency;
use crate::span::Span;

/// What a document turned out to be.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its kind.
    pub kind: Kind,
    /// Its fields, where it has any.
    pub receipt: Option<Receipt>,
    /// The figures of an X or Z report.
    pub report: Option<Report>,
    /// Whether its amounts add up.
    pub verdict: Option<Verdict>,
    /// Where each field was read.
    pub fields: BTreeMap<String, FieldEvidence>,
}

impl Reading {
    fn bare(kind: Kind) -> Self {
        Self { kind, receipt: None, report: None, verdict: None, fields: BTreeMap::new() }
    }
}

/// Reads a document. `currency` is the shop's, for amounts that name none.
pub fn read(
    document: &Document,
    paper: &Paper,
    currency: Option<Currency>,
    diagnostics: &mut Diagnostics,
) -> Reading {
    let lines = line::classify(paper, currency, diagnostics);
    let mut found = fields::collect(&lines, currency);
    let balance = balance::check(&mut found.receipt);
    if let Some(off_by) = balance.off_by {
        let span = found.fields.get("total").map_or(document.span, |f| Span::new(f.start, f.end));
        diagnostics.push(Diagnostic::new(Code::DoesNotAddUp, span, format!("by {off_by}")));
    }
    fields::infer_payment(&mut found.receipt);
    let kind = kind::of(document, paper, &lines, &found.receipt, &balance);
    if kind == Kind::RasterReceipt {
        diagnostics.push(Diagnostic::new(Code::ImageOnly, document.span, ""));
    }
    if matches!(kind, Kind::Document | Kind::Unread | Kind::RasterReceipt) {
        return Reading::bare(kind);
    }
    if kind == Kind::ShiftReport {
        return report_of(&lines, currency);
    }
    if matches!(kind, Kind::CardSlip | Kind::TopUp) {
        return slip_of(kind, &lines, found);
    }
    if !matches!(kind, Kind::Sale) && !fields::has_amounts(&found.receipt) {
        found.receipt.currency = None;
    }
    if kind == Kind::Refund {
        fields::negate(&mut found.receipt);
    }
    let verdict = found.receipt.total.is_some().then_some(balance.verdict);
    let receipt = (found.receipt != Receipt::default()).then_some(found.receipt);
    Reading { kind, receipt, report: None, verdict, fields: found.fields }
}

fn slip_of(kind: Kind, lines: &[line::ReadLine<'_>], found: fields::Collected) -> Reading {
    let fields::Collected { receipt, mut fields } = found;
    let head = ["merchant", "address", "number", "printed_at", "terminal", "cashier"];
    fields.retain(|name, _| head.contains(&name.as_str()));
    let mut note = |field: &str, span: Span, rule: &str| {
        let rule = rule.to_owned();
        fields.insert(field.to_owned(), FieldEvidence { start: span.start, end: span.end, rule });
    };
    let receipt = slips::read(kind, lines, receipt, &mut note);
    Reading { receipt: Some(receipt), fields, ..Reading::bare(kind) }
}

fn report_of(lines: &[line::ReadLine<'_>], home: Option<Currency>) -> Reading {
    let mut fields = BTreeMap::new();
    let printed = lines.iter().flat_map(|line| &line.numbers).find_map(|number| number.currency);
    let mut note = |field: String, span: Span, rule: &str| {
        let rule = rule.to_owned();
        fields.insert(field, FieldEvidence { start: span.start, end: span.end, rule });
    };
    let report = report::read(lines, printed.or(home), &mut note);
    let mut receipt = Receipt::default();
    let mut note = |field: &str, span: Span, rule: &str| note(field.to_owned(), span, rule);
    merchant::collect(lines, &mut receipt, &mut note);
    head::collect(lines, &mut receipt, &mut note);
    // Its number is the report's, and no receipt's.
    (receipt.number, receipt.table, receipt.guests) = (None, None, None);
    receipt.currency = printed.or(home).map(|currency| currency.code().to_owned());
    let receipt = (receipt != Receipt::default()).then_some(receipt);
    Reading { receipt, report: Some(report), fields, ..Reading::bare(Kind::ShiftReport) }
}
