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
mod columns;
mod convention;
mod date;
mod fields;
mod fold;
mod items;
mod kind;
mod layout;
mod line;
mod payments;
mod roles;
mod row;
mod solve;
mod sums;
mod vocabulary;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Document;
use crate::document::paper::Paper;
use crate::event::{FieldEvidence, Kind, Receipt, Verdict};
use crate::money::Currency;
use crate::span::Span;

/// What a document turned out to be.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its kind.
    pub kind: Kind,
    /// Its fields, where it has any.
    pub receipt: Option<Receipt>,
    /// Whether its amounts add up.
    pub verdict: Option<Verdict>,
    /// Where each field was read.
    pub fields: BTreeMap<String, FieldEvidence>,
}

/// Reads a document. `currency` is the shop's, for amounts that name none.
pub fn read(
    document: &Document,
    paper: &Paper,
    currency: Option<Currency>,
    diagnostics: &mut Diagnostics,
) -> Reading {
    let (lines, convention) = line::classify(paper, currency, diagnostics);
    let layout = layout::Layout::of(&lines);
    let goods = items::collect(&lines, &layout, convention);
    let sums = candidate::gather(&lines, &layout, &goods);
    let solution = solve::solve(&sums);
    let mut found = fields::collect(&lines, goods, &sums, &solution, currency);
    tell(&solution, &found, document, diagnostics);
    payments::infer(&mut found.receipt);
    let kind = kind::of(document, paper, &lines, &found.receipt, solution.paid);
    if kind == Kind::RasterReceipt {
        diagnostics.push(Diagnostic::new(Code::ImageOnly, document.span, ""));
    }
    if matches!(kind, Kind::Document | Kind::Unread | Kind::RasterReceipt) {
        return Reading { kind, receipt: None, verdict: None, fields: BTreeMap::new() };
    }
    if kind == Kind::Refund {
        fields::negate(&mut found.receipt);
    }
    if kind == Kind::KitchenOrder && found.receipt.items.is_empty() {
        found.receipt.items = items::ordered(&lines);
    }
    let verdict = solution.verdict;
    let receipt = (found.receipt != Receipt::default()).then_some(found.receipt);
    Reading { kind, receipt, verdict, fields: found.fields }
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
    if solution.ambiguous {
        diagnostics.push(Diagnostic::new(Code::Ambiguous, span, "total"));
    }
}
