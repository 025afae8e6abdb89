//! A document as a person reads it: lines of text, in the encoding that was settled on.
//!
//! Not here: how text gets onto the lines (`lines`), and blanks of alignment and margins, which
//! [`plain`](super::plain) adds for the eye.

use super::line::{Line, Placed};
use super::lines::Reader;
use super::{Align, Document};
use crate::diagnostic::Diagnostics;
use crate::profile::Encoding;
use crate::text::detect::{self, Evidence, Piece};
use crate::text::{Charset, Memo, Pages};

/// The readable side of a document: one text for all lines, and where each of them begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// The lines joined by `\n`.
    pub(super) text: String,
    /// In printed order; blank lines between them included, those at both ends not.
    rows: Vec<Row>,
    /// Of all lines.
    pub(super) stretches: Vec<Placed>,
    /// Where the document starts.
    pub(super) origin: u64,
    /// Which of the document's lines is the first of these.
    first: usize,
}

/// Where a line begins, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    /// Its first byte.
    text: u32,
    /// Its first stretch.
    stretches: u32,
    align: Align,
    /// Columns.
    margin: u16,
}

impl Paper {
    /// Settles the encoding of a document with what the printer sent before, and reads it.
    pub fn settle(
        &mut self,
        document: &Document,
        wanted: Encoding,
        pages: Pages,
        memo: &Memo,
        evidence: &mut Evidence,
        diagnostics: &mut Diagnostics,
    ) -> Charset {
        let charset = if document.content.all_text().is_ascii() {
            detect::seven_bits(pieces(document), wanted, evidence)
        } else {
            let pieces: Vec<Piece<'_>> = pieces(document).collect();
            detect::settle(&pieces, wanted, pages, evidence)
        };
        self.read(document, charset, pages, memo, diagnostics);
        charset
    }

    /// Reads a document's lines in `charset`; what was read before is forgotten. Undecodable bytes
    /// become U+FFFD and a diagnostic.
    pub fn read(
        &mut self,
        document: &Document,
        charset: Charset,
        pages: Pages,
        memo: &Memo,
        diagnostics: &mut Diagnostics,
    ) {
        self.text.clear();
        self.rows.clear();
        self.stretches.clear();
        (self.origin, self.first) = (document.span.start, 0);
        let content = &document.content;
        self.text.reserve(content.all_text().len() + content.lines().len());
        self.rows.reserve(content.lines().len());
        self.stretches.reserve(content.all_runs().len());
        let mut reader = Reader::new(content, charset, pages, self, memo, diagnostics);
        for row in content.lines() {
            reader.line(row);
        }
        self.trim_end();
    }

    /// Paper that says `text` and stands nowhere, for tests of what reads it.
    #[cfg(test)]
    pub(crate) fn plain(text: &str) -> Self {
        let mut paper = Self::default();
        for line in text.lines() {
            paper.begin_line(Align::Left, 0);
            paper.text.push_str(line);
            paper.stretches.push(Placed::default());
        }
        paper
    }

    /// In printed order; blank lines between them included, those at both ends not.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = Line<'_>> {
        let ends = self.rows.iter().skip(1).map(|next| (next.text - 1, next.stretches));
        let last = (self.text.len() as u32, self.stretches.len() as u32);
        let mut ends = ends.chain(core::iter::once(last));
        self.rows.iter().map(move |row| self.between(*row, ends.next().unwrap_or(last)))
    }

    /// Whether nothing stands on it.
    pub fn is_blank(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines joined by `\n`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of the document's line `index` ([`Part::Line`](super::Part::Line)); `None` where it
    /// is blank paper before or behind all text.
    pub fn line(&self, index: u32) -> Option<Line<'_>> {
        let at = (index as usize).checked_sub(self.first)?;
        let row = *self.rows.get(at)?;
        let next = self.rows.get(at + 1).map(|next| (next.text - 1, next.stretches));
        let end = next.unwrap_or((self.text.len() as u32, self.stretches.len() as u32));
        Some(self.between(row, end))
    }

    /// Which byte of [`Paper::text`] the document's line `index` begins with.
    pub(super) fn first_byte(&self, index: u32) -> usize {
        let at = (index as usize).checked_sub(self.first);
        at.and_then(|at| self.rows.get(at)).map_or(0, |row| row.text as usize)
    }

    /// The line that begins at `row` and ends before this byte of text and this stretch.
    fn between(&self, row: Row, (text, stretches): (u32, u32)) -> Line<'_> {
        let text = self.text.get(row.text as usize..text as usize);
        let stretches = self.stretches.get(row.stretches as usize..stretches as usize);
        Line {
            text: text.unwrap_or_default(),
            align: row.align,
            margin: row.margin.into(),
            origin: self.origin,
            stretches: stretches.unwrap_or_default(),
        }
    }

    pub(super) fn begin_line(&mut self, align: Align, margin: u16) {
        if !self.rows.is_empty() {
            self.text.push('\n');
        }
        let (text, stretches) = (self.text.len() as u32, self.stretches.len() as u32);
        self.rows.push(Row { text, stretches, align, margin });
    }

    /// Where the last line begins: its text and its stretches.
    pub(super) fn open(&self) -> (usize, usize) {
        self.rows.last().map_or((0, 0), |row| (row.text as usize, row.stretches as usize))
    }

    /// Takes blanks off the end of the last line. Paper does not begin with a blank one.
    pub(super) fn end_line(&mut self) {
        let (text, stretches) = self.open();
        // Most lines end with a letter or a digit.
        if self.text.as_bytes()[text..].last().is_some_and(u8::is_ascii_graphic) {
            return;
        }
        let kept = self.text[text..].trim_end().len();
        self.text.truncate(text + kept);
        while self.stretches.len() > stretches
            && self.stretches.last().is_some_and(|last| last.text as usize >= kept)
        {
            self.stretches.pop();
        }
        if self.text.is_empty() {
            self.rows.clear();
            self.first += 1;
        }
    }

    /// Takes blank lines off the end.
    fn trim_end(&mut self) {
        while self.rows.pop_if(|row| row.text as usize == self.text.len()).is_some() {
            // And what joined it to the one before.
            self.text.pop();
        }
    }
}

/// The document's raw text, piece by piece, for settling its encoding.
pub fn pieces(document: &Document) -> impl Iterator<Item = Piece<'_>> {
    let content = &document.content;
    content.all_runs().iter().map(|run| (content.text(run), run.state))
}
