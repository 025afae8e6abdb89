//! Paper to facts: what kind of receipt it is, and its fields, checked by arithmetic.
//!
//! Lines are scanned for words, numbers and dates (`line`), and the paper's habit of writing numbers
//! is settled (`convention`). Goods stand between the head and the first sum (`layout`, `row`,
//! `items`); every other amount with a word is a candidate (`roles`, `candidate`), and arithmetic
//! chooses among them (`solve`). What was chosen fills the receipt (`fields`, `payments`). Numbers
//! are never repaired: what does not add up is reported as it stands.
//!
//! Not here: anything that is not on the paper.

pub mod amount;
mod candidate;
mod clock;
mod columns;
mod considered;
mod convention;
mod date;
mod fields;
mod figures;
pub(crate) mod fold;
mod gloss;
mod gloss_items;
mod head;
mod items;
mod judge;
mod kind;
mod labelled;
mod layout;
mod line;
mod merchant;
mod payments;
mod place;
mod report;
mod roles;
mod row;
mod slips;
mod solve;
#[cfg(test)]
mod solve_tests;
mod sums;
pub mod trace;
mod trade_name;
mod vocabulary;
mod when;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Document;
use crate::document::paper::Paper;
use crate::event::{FieldEvidence, Kind, Receipt, Report, Verdict};
use crate::limits::MAX_ASSIGNMENTS;
use crate::money::Currency;
use crate::profile::Profile;
use crate::span::Span;

use gloss::Gloss;
use trace::Tracer;

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
    /// The profile whose rules were applied, as `name@hash`.
    pub applied: Option<String>,
}

impl Reading {
    fn bare(kind: Kind) -> Self {
        let (receipt, report, verdict, applied) = (None, None, None, None);
        Self { kind, receipt, report, verdict, fields: BTreeMap::new(), applied }
    }
}

/// Reads a document with what is known of its till. Why it was read so goes to `tracer`.
pub fn read(
    document: &Document,
    paper: &Paper,
    profile: &Profile,
    diagnostics: &mut Diagnostics,
    mut tracer: Tracer<'_>,
) -> Reading {
    let currency = profile.currency;
    let mut gloss = Gloss::of(profile, paper);
    let (lines, convention) = line::classify(paper, currency, gloss.as_mut(), diagnostics);
    let layout = layout::Layout::of(&lines);
    let goods = items::collect(&lines, &layout, convention);
    let sums = candidate::gather(&lines, &layout, &goods);
    let solution = solve::solve(&sums);
    let mut found = fields::collect(&lines, goods, &sums, &solution, currency);
    if let Some(gloss) = &gloss {
        gloss.fill(&mut found);
    }
    tracer.note(|trace| considered::amounts(&lines, &found.fields, trace));
    tracer.note(|trace| considered::sums(&found.receipt, trace));
    tell(&solution, &found, document, diagnostics);
    payments::infer(&mut found.receipt);
    let mut kind = kind::of(document, paper, &lines, &found.receipt, solution.paid);
    // What a profile calls it counts where there is anything to call.
    if let Some(told) = gloss.as_ref().and_then(Gloss::kind)
        && !matches!(kind, Kind::Unread | Kind::RasterReceipt)
    {
        kind = told;
    }
    let applied = gloss.map(|gloss| gloss.label().to_owned());
    if kind == Kind::RasterReceipt {
        diagnostics.push(Diagnostic::new(Code::ImageOnly, document.span, ""));
    }
    if matches!(kind, Kind::Document | Kind::Unread | Kind::RasterReceipt) {
        return Reading { applied, ..Reading::bare(kind) };
    }
    if kind == Kind::ShiftReport {
        return Reading { applied, ..report_of(&lines, currency) };
    }
    if matches!(kind, Kind::CardSlip | Kind::TopUp) {
        return Reading { applied, ..slip_of(kind, &lines, found) };
    }
    if !matches!(kind, Kind::Sale) && !fields::has_amounts(&found.receipt) {
        found.receipt.currency = None;
    }
    if kind == Kind::Refund {
        fields::negate(&mut found.receipt);
    }
    if kind == Kind::KitchenOrder && found.receipt.items.is_empty() {
        found.receipt.items = items::ordered(&lines);
    }
    let verdict = solution.verdict;
    let receipt = (found.receipt != Receipt::default()).then_some(found.receipt);
    Reading { kind, receipt, report: None, verdict, fields: found.fields, applied }
}

fn slip_of(kind: Kind, lines: &[line::ReadLine<'_>], found: fields::Collected) -> Reading {
    let fields::Collected { receipt, mut fields } = found;
    let head = ["merchant", "address", "number", "printed_at", "terminal", "cashier"];
    fields.retain(|name, _| head.contains(&name.as_str()));
    let mut note = |field: &str, span: Span, rule: &str| {
        fields.insert(field.to_owned(), FieldEvidence::new(span, rule));
    };
    let receipt = slips::read(kind, lines, receipt, &mut note);
    Reading { receipt: Some(receipt), fields, ..Reading::bare(kind) }
}

fn report_of(lines: &[line::ReadLine<'_>], home: Option<Currency>) -> Reading {
    let mut fields = BTreeMap::new();
    let currency = line::currency(lines, home);
    let mut note = |field: String, span: Span, rule: &str| {
        fields.insert(field, FieldEvidence::new(span, rule));
    };
    let report = report::read(lines, currency, &mut note);
    let mut receipt = Receipt::default();
    let mut note = |field: &str, span: Span, rule: &str| note(field.to_owned(), span, rule);
    merchant::collect(lines, &mut receipt, &mut note);
    head::collect(lines, &mut receipt, &mut note);
    // Its number is the report's, and no receipt's.
    (receipt.number, receipt.table, receipt.guests) = (None, None, None);
    receipt.currency = currency.map(|currency| currency.code().to_owned());
    let receipt = (receipt != Receipt::default()).then_some(receipt);
    Reading { receipt, report: Some(report), fields, ..Reading::bare(Kind::ShiftReport) }
}

/// Says what does not add up, and what could have been read otherwise.
fn tell(
    solution: &solve::Solution,
    found: &fields::Collected,
    document: &Document,
    diagnostics: &mut Diagnostics,
) {
    let span = found.fields.get("total").map_or(document.span, |f| Span::new(f.start, f.end));
    if let Some(off_by) = solution.off_by {
        diagnostics.push(Diagnostic::new(Code::DoesNotAddUp, span, format!("by {off_by}")));
    }
    if solution.work >= MAX_ASSIGNMENTS {
        diagnostics.push(Diagnostic::new(Code::TooManyCandidates, span, "sums"));
    }
    if solution.ambiguous {
        diagnostics.push(Diagnostic::new(Code::Ambiguous, span, "total"));
    }
}
