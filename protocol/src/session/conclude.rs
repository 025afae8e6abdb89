//! A finished document becomes events.

use super::facade::{Explanation, Session};
use super::till_clock;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::paper::Paper;
use crate::document::{Document, KickSeen};
use crate::drawer::{Finding, Place, Unexplained, explains_kick};
use crate::event::{Event, EventId, Evidence, Kind, SCHEMA};
use crate::profile::{Dialect, Timing};
use crate::reading::trace::{Trace, Tracer};
use crate::reading::{self, Reading};
use crate::span::Span;
use crate::text::{Charset, Pages};
use crate::time::Timestamp;

impl Session {
    /// Reads a document of connection `conn` and tells what it says.
    pub(super) fn conclude(&mut self, conn: u64, mut document: Document) {
        let gone = self.state.drawer.boundary(self.profile.timing);
        self.tell_kicks(gone);
        let wanted = self.profile.encoding;
        let pages = Pages::of(&self.profile);
        let mut found = core::mem::take(&mut document.diagnostics);
        let evidence = &mut self.state.encoding;
        let mut paper = Paper::default();
        let memo = &self.memo;
        let charset = paper.settle(&document, wanted, pages, memo, evidence, &mut found);
        if let Some(papers) = &mut self.papers {
            papers.push_back((document.clone(), paper.clone()));
        }
        let mut trace = self.explanations.is_some().then(Trace::default);
        let tracer = trace.as_mut().map_or_else(Tracer::off, Tracer::on);
        let reading = reading::read(&document, &paper, &self.profile, &mut found, tracer);
        // Paper without a mark on it says nothing; a kick without paper speaks for itself.
        let blank = paper.is_blank() && reading.kind == Kind::Document;
        if blank {
            if let Some(kick) = first_kick(&document) {
                let id = self.id.event(conn, document.span.start, 0);
                self.kick(Unexplained::new(id, conn, kick, None), document.seen.1);
            }
            return;
        }
        if let (Some(explanations), Some(trace)) = (&mut self.explanations, trace) {
            let event = self.id.event(conn, document.span.start, 0);
            explanations.push_back(Explanation { event, paper: paper.clone(), trace });
        }
        self.tell_paper(conn, &document, &paper, reading, charset, found);
    }

    fn tell_paper(
        &mut self,
        conn: u64,
        document: &Document,
        paper: &Paper,
        reading: Reading,
        charset: Charset,
        mut found: Diagnostics,
    ) {
        let id = self.id.event(conn, document.span.start, 0);
        let mut kind = reading.kind;
        let related = self.related(id, document, &mut kind, &reading, &mut found);
        let printed = reading.receipt.as_ref().and_then(|receipt| receipt.printed_at);
        let live = self.profile.timing == Timing::Live;
        let wrong = printed
            .filter(|_| live)
            .and_then(|printed| till_clock::implausible(printed, document.seen.1.wall));
        if let Some(why) = wrong {
            let place = reading.fields.get("printed_at");
            let span = place.map_or(document.span, |place| Span::new(place.start, place.end));
            found.push(Diagnostic::new(Code::PrintedAtImplausible, span, why));
        }
        let own = self.id.event(conn, document.span.start, 1);
        let kick = first_kick(document);
        let kick = kick.map(|kick| Unexplained::new(own, conn, kick, Some(id)));
        let explained = explains_kick(kind);
        let waited = if explained { self.state.drawer.sale(id, document.seen.1) } else { None };
        let drawer = kick.as_ref().or(waited.as_ref()).map(|kick| self.drawer_of(kick));
        for kick in &document.kicks {
            let place = Place { answer: false, conn, span: kick.span };
            self.state.sensor.told(place, id, kind == Kind::NoSale);
        }
        if let Some(waited) = &waited {
            self.state.sensor.told(waited.place(), id, kind == Kind::NoSale);
        }
        let text = paper.text().to_owned();
        let mut evidence = self.evidence(conn, document.span, charset.as_str());
        evidence.fields = reading.fields;
        evidence.profile = reading.applied.unwrap_or(evidence.profile);
        evidence.diagnostics = found.into_list();
        self.events.push_back(Event {
            schema: SCHEMA,
            id,
            source: self.id.source.clone(),
            observed_at: document.seen.1.rfc3339(),
            kind,
            test: false,
            related,
            corrects: None,
            receipt: reading.receipt,
            report: reading.report,
            drawer,
            printer: None,
            inventory: None,
            approval: None,
            text: (!text.is_empty()).then_some(text),
            verdict: reading.verdict,
            evidence: Some(evidence),
        });
        if let Some(kick) = kick.filter(|_| !explained) {
            self.kick(kick, document.seen.1);
        }
    }

    /// The earlier event that a paper belongs to: what it copies, or what it was paid by.
    fn related(
        &mut self,
        id: EventId,
        document: &Document,
        kind: &mut Kind,
        reading: &Reading,
        found: &mut Diagnostics,
    ) -> Option<EventId> {
        let receipt = reading.receipt.as_ref()?;
        let mono = document.seen.1.mono;
        if *kind == Kind::Reprint {
            return self.state.copies.printed_before(receipt);
        }
        let original = match *kind {
            Kind::Sale => self.state.copies.original(id, mono, receipt),
            _ => None,
        };
        if original.is_some() {
            *kind = Kind::Reprint;
            found.push(Diagnostic::new(Code::UnmarkedCopy, document.span, ""));
            return original;
        }
        self.state.slips.counterpart(id, mono, *kind, receipt)
    }

    /// Takes a kick that its paper, which ended at `seen`, does not explain.
    pub(super) fn kick(&mut self, kick: Unexplained, seen: Timestamp) {
        if let Some(finding) = self.state.drawer.kick(kick, self.profile.timing) {
            self.tell_kick(finding);
        }
        // A paper may end long after its kick: what follows it cannot be the kick's sale.
        let gone = self.state.drawer.expire(seen.mono);
        self.tell_kicks(gone);
    }

    /// Tells of kicks that no sale explains.
    pub(super) fn tell_kicks(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            self.tell_kick(finding);
        }
    }

    /// Tells of a kick that is not part of a paper's own event.
    fn tell_kick(&mut self, finding: Finding) {
        let (kind, kick, related) = match finding {
            Finding::Opened { kick, sale } => (Kind::DrawerOpened, kick, Some(sale)),
            Finding::NoSale(kick) => {
                let paper = kick.paper;
                (Kind::NoSale, kick, paper)
            }
        };
        let mut event = self.bare(kick.id, kind, kick.place(), kick.kick.at);
        event.related = related;
        event.drawer = Some(self.drawer_of(&kick));
        self.state.sensor.told(kick.place(), kick.id, kind == Kind::NoSale);
        self.events.push_back(event);
    }

    pub(super) fn evidence(&self, conn: u64, span: Span, encoding: &str) -> Evidence {
        let dialect = self.dialect().or(self.state.spoken).unwrap_or(Dialect::Escpos);
        Evidence {
            session: self.id.label(conn),
            start: span.start,
            end: span.end,
            // Rules that were not applied are not what it was read by.
            profile: if self.profile.rules.is_some() { "auto" } else { &self.profile.name }.into(),
            dialect: dialect.as_str().to_owned(),
            encoding: encoding.to_owned(),
            ..Evidence::default()
        }
    }
}

/// A till that kicks both connectors opens one drawer.
fn first_kick(document: &Document) -> Option<KickSeen> {
    document.kicks.first().copied()
}
