//! Why a paper was read as it was: what was considered for each field, why it lost, and the sums
//! that were tried.
//!
//! Filled only where somebody asked ([`Tracer::on`]); with [`Tracer::off`] a note costs one test.
//! It decides nothing: the reading is the same with and without it.

use crate::money::Amount;
use crate::span::Span;

/// Most candidates of one paper that are kept: more than a paper has lines.
const MAX_CANDIDATES: usize = 2_048;
/// Most sums of one paper that are kept: the search tries more than a person reads.
const MAX_EQUATIONS: usize = 64;

/// What was considered on one paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    candidates: Vec<Candidate>,
    equations: Vec<Equation>,
}

/// Something that could have been a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The field, named as in `evidence.fields`; `kind` for the kind.
    pub field: String,
    /// The value, as printed or as read.
    pub value: String,
    /// Its bytes, absolute in the lane.
    pub span: Span,
    /// What made it a candidate: a word of the vocabulary or a rule's name.
    pub rule: String,
    /// Why it was not taken, in a person's words; `None` where it was.
    pub lost: Option<String>,
}

/// One sum that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// What it says: `items = subtotal`.
    pub name: String,
    /// What is added up, with its sign.
    pub terms: Vec<Term>,
    /// What it should come to.
    pub result: Term,
    /// The sum less the result: zero where it closed.
    pub off_by: Amount,
}

/// One amount of a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The field it is read as.
    pub field: String,
    /// What it adds.
    pub amount: Amount,
}

impl Trace {
    /// What was considered, in the order it was seen.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The sums that were tried.
    pub fn equations(&self) -> &[Equation] {
        &self.equations
    }

    /// Notes a candidate.
    pub fn consider(&mut self, candidate: Candidate) {
        if self.candidates.len() < MAX_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    /// Notes a sum; one with an overflow says nothing and is left out.
    pub fn add_up(&mut self, name: &str, terms: Vec<Term>, result: Term) {
        let sum = terms.iter().try_fold(Amount::zero(0), |sum, term| sum.checked_add(term.amount));
        let off_by = sum.and_then(|sum| sum.checked_sub(result.amount));
        if let Some(off_by) = off_by.filter(|_| self.equations.len() < MAX_EQUATIONS) {
            self.equations.push(Equation { name: name.to_owned(), terms, result, off_by });
        }
    }
}

/// A trace that may not be wanted.
#[derive(Debug)]
pub struct Tracer<'a>(Option<&'a mut Trace>);

impl<'a> Tracer<'a> {
    /// Nobody asked.
    pub fn off() -> Self {
        Self(None)
    }

    /// Notes go to `trace`.
    pub fn on(trace: &'a mut Trace) -> Self {
        Self(Some(trace))
    }

    /// Lets `write` note something; not called where nobody asked.
    pub fn note(&mut self, write: impl FnOnce(&mut Trace)) {
        if let Some(trace) = &mut self.0 {
            write(trace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Term, Trace, Tracer};
    use crate::money::Amount;

    fn term(field: &str, minor: i64) -> Term {
        Term { field: field.to_owned(), amount: Amount::new(minor, 2) }
    }

    #[test]
    fn a_sum_says_by_how_much_it_is_off() {
        let mut trace = Trace::default();
        let terms = vec![term("items.0.amount", 1_800), term("items.1.amount", 1_700)];
        Tracer::on(&mut trace).note(|t| t.add_up("items = total", terms, term("total", 3_600)));
        assert_eq!(trace.equations()[0].off_by, Amount::new(-100, 2));
    }

    #[test]
    fn a_sum_that_overflows_is_left_out() {
        let mut trace = Trace::default();
        let terms = vec![term("items.0.amount", i64::MAX), term("items.1.amount", i64::MAX)];
        trace.add_up("items = total", terms, term("total", 1));
        assert_eq!(trace.equations(), []);
    }

    #[test]
    fn nothing_is_written_where_nobody_asked() {
        Tracer::off().note(|_| unreachable!("nobody asked"));
    }
}
