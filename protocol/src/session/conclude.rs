//! A finished document becomes events.

use super::facade::Session;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::paper::{Paper, pieces};
use crate::document::read_text::Pages;
use crate::document::{Document, KickSeen};
use crate::drawer::{Finding, Unexplained, explains_kick};
use crate::event::{Drawer, DrawerState, Event, Evidence, Kind, SCHEMA};
use crate::profile::Dialect;
use crate::reading::{self, Reading};
use crate::span::Span;
use crate::text::{Charset, detect};
use crate::time::Timestamp;

impl Session {
    /// Reads a document of connection `conn` and tells what it says.
    pub(super) fn conclude(&mut self, conn: u64, mut document: Document) {
        let gone = self.state.drawer.boundary(self.profile.timing);
        self.tell_kicks(gone);
        let wanted = self.profile.encoding;
        let charset = detect::settle(&pieces(&document), wanted, &mut self.state.encoding);
        let mut found = core::mem::take(&mut document.diagnostics);
        let paper = Paper::read(&document, charset, Pages::of(&self.profile), &mut found);
        if let Some(papers) = &mut self.papers {
            papers.push_back((document.clone(), paper.clone()));
        }
        let reading = reading::read(&document, &paper, self.profile.currency, &mut found);
        // Paper without a mark on it says nothing; a kick without paper speaks for itself.
        let blank = paper.lines.is_empty() && reading.kind == Kind::Document;
        if blank {
            if let Some(kick) = first_kick(&document) {
                let id = self.id.event(conn, document.span.start, 0);
                self.kick(Unexplained::new(id, conn, kick, None));
            }
            return;
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
        let mut related = None;
        let receipt = reading.receipt.as_ref().filter(|_| kind == Kind::Sale);
        if let Some(receipt) = receipt {
            related = self.state.copies.original(id, document.seen.1.mono, receipt);
            if related.is_some() {
                kind = Kind::Reprint;
                found.push(Diagnostic::new(Code::UnmarkedCopy, document.span, ""));
            }
        }
        let mut kick = first_kick(document);
        let explained = explains_kick(kind);
        if explained {
            let waited = self.state.drawer.sale(id, document.seen.1);
            kick = kick.or(waited.map(|waited| waited.kick));
        }
        let text = paper.text();
        let mut evidence = self.evidence(conn, document.span, charset.as_str());
        evidence.fields = reading.fields;
        evidence.diagnostics = found.into_list();
        self.events.push_back(Event {
            schema: SCHEMA,
            id,
            source: self.id.source.clone(),
            observed_at: document.seen.1.rfc3339(),
            kind,
            related,
            corrects: None,
            receipt: reading.receipt,
            report: None,
            drawer: kick.map(commanded),
            text: (!text.is_empty()).then_some(text),
            verdict: reading.verdict,
            evidence: Some(evidence),
        });
        if let Some(kick) = kick.filter(|_| !explained) {
            let own = self.id.event(conn, document.span.start, 1);
            self.kick(Unexplained::new(own, conn, kick, Some(id)));
        }
    }

    fn kick(&mut self, kick: Unexplained) {
        if let Some(finding) = self.state.drawer.kick(kick, self.profile.timing) {
            self.tell_kick(finding);
        }
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
        let seen: Timestamp = kick.kick.at;
        self.events.push_back(Event {
            schema: SCHEMA,
            id: kick.id,
            source: self.id.source.clone(),
            observed_at: seen.rfc3339(),
            kind,
            related,
            corrects: None,
            receipt: None,
            report: None,
            drawer: Some(commanded(kick.kick)),
            text: None,
            verdict: None,
            evidence: Some(self.evidence(kick.conn, kick.kick.span, Charset::Ascii.as_str())),
        });
    }

    fn evidence(&self, conn: u64, span: Span, encoding: &str) -> Evidence {
        let dialect = match self.profile.dialect {
            Dialect::Auto => Dialect::Escpos,
            configured => configured,
        };
        Evidence {
            session: self.id.label(conn),
            start: span.start,
            end: span.end,
            profile: self.profile.name.clone(),
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

fn commanded(kick: KickSeen) -> Drawer {
    Drawer { kick: kick.pin, state: DrawerState::Commanded }
}
