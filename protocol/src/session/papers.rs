//! One stream as pieces of paper, without reading them: for showing what a printer was sent.

use super::lane::{Printing, ToPrinter};
use super::noticed::Out;
use crate::diagnostic::Diagnostics;
use crate::document::paper::Paper;
use crate::document::{Document, Ended, Printer};
use crate::limits::Limits;
use crate::profile::{Dialect, Encoding, Profile};
use crate::text::detect::Evidence;
use crate::text::{Memo, Pages};
use crate::time::Timestamp;

/// Bytes of one connection in, papers out.
#[derive(Clone, Debug)]
pub struct Papers {
    encoding: Encoding,
    pages: Pages,
    limits: Limits,
    lane: ToPrinter,
    printer: Printer,
    evidence: Evidence,
    memo: Memo,
    /// Of the latest document: the next one is read into the same memory.
    paper: Paper,
}

impl Papers {
    /// Papers of a printer that nothing is known of but its profile.
    pub fn new(profile: &Profile, limits: Limits) -> Self {
        let dialect = Some(profile.dialect).filter(|dialect| *dialect != Dialect::Auto);
        Self {
            encoding: profile.encoding,
            pages: Pages::of(profile),
            limits: limits.at_least(),
            lane: ToPrinter::new(dialect, Timestamp::new(0, 0)),
            printer: Printer::default(),
            evidence: Evidence::default(),
            memo: Memo::default(),
            paper: Paper::default(),
        }
    }

    /// Takes bytes and calls `sink` for each paper that they complete.
    pub fn push(&mut self, bytes: &[u8], now: Timestamp, sink: &mut impl FnMut(&Document, &Paper)) {
        let mut rest = bytes;
        if self.lane.is_holding() {
            let Some(decision) = self.lane.hold(bytes, now, 0) else { return };
            rest = &bytes[decision.taken..];
            self.print(sink, |lane, paper| lane.settle(decision.dialect, paper));
        }
        self.print(sink, |lane, paper| lane.receive(rest, now, paper));
    }

    /// Nothing more comes.
    pub fn finish(&mut self, sink: &mut impl FnMut(&Document, &Paper)) {
        self.print(sink, |lane, paper| lane.end(Ended::End, paper));
    }

    fn print(
        &mut self,
        sink: &mut impl FnMut(&Document, &Paper),
        work: impl FnOnce(&mut ToPrinter, &mut Printing<'_>),
    ) {
        let (printer, limits) = (&mut self.printer, &self.limits);
        let (wanted, pages) = (self.encoding, self.pages);
        let (evidence, memo, paper) = (&mut self.evidence, &self.memo, &mut self.paper);
        let mut reader = |document: &Document| {
            let mut found = Diagnostics::default();
            paper.settle(document, wanted, pages, memo, evidence, &mut found);
            sink(document, paper);
        };
        let (reader, out) = (Some(&mut reader as &mut _), Out::default());
        let mut print = Printing { printer, limits, idle_ns: 0, rules: None, reader, out };
        work(&mut self.lane, &mut print);
    }
}
