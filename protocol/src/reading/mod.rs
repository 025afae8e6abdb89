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
mod considered;
mod date;
mod fields;
pub(crate) mod fold;
mod gloss;
mod gloss_items;
mod items;
mod kind;
mod line;
pub mod trace;
mod vocabulary;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Document;
use crate::document::paper::Paper;
use crate::event::{FieldEvidence, Kind, Receipt, Verdict};
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
    /// Whether its amounts add up.
    pub verdict: Option<Verdict>,
    /// Where each field was read.
    pub fields: BTreeMap<String, FieldEvidence>,
    /// The profile whose rules were applied, as `name@hash`.
    pub applied: Option<String>,
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
    let lines = line::classify(paper, currency, gloss.as_mut(), diagnostics);
    let mut found = fields::collect(&lines, currency);
    if let Some(gloss) = &gloss {
        gloss.fill(&mut found);
    }
    tracer.note(|trace| considered::amounts(&lines, &found.fields, trace));
    let balance = balance::check(&mut found.receipt);
    tracer.note(|trace| considered::sums(&found.receipt, trace));
    if let Some(off_by) = balance.off_by {
        let span = found.fields.get("total").map_or(document.span, |f| Span::new(f.start, f.end));
        diagnostics.push(Diagnostic::new(Code::DoesNotAddUp, span, format!("by {off_by}")));
    }
    fields::infer_payment(&mut found.receipt);
    let mut kind = kind::of(document, paper, &lines, &found.receipt, &balance);
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
        return Reading { kind, receipt: None, verdict: None, fields: BTreeMap::new(), applied };
    }
    if kind == Kind::Refund {
        fields::negate(&mut found.receipt);
    }
    let verdict = found.receipt.total.is_some().then_some(balance.verdict);
    let receipt = (found.receipt != Receipt::default()).then_some(found.receipt);
    Reading { kind, receipt, verdict, fields: found.fields, applied }
}
