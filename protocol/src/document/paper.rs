//! A document as a person reads it: lines of text, in the encoding that was settled on.
//!
//! Not here: blanks of alignment and margins, which [`plain`](super::plain) adds for the eye.

use super::content::{Content, LineRow, Move, Run};
use super::line::{Line, Placed, columns};
use super::style::FONT_A;
use super::typeset::TAB_COLUMNS;
use super::{Document, Style};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::profile::Encoding;
use crate::span::Span;
use crate::text::decode::{self, Stretch};
use crate::text::detect::{self, Evidence, Piece};
use crate::text::{Charset, Pages};

/// Most blank columns a move may leave; a wider one is a typing error in somebody's program.
const MAX_MOVE_COLUMNS: usize = 128;

/// The readable side of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// In printed order; blank lines between them included, those at both ends not.
    pub lines: Vec<Line>,
    /// Which of the document's lines is the first of these.
    first: usize,
}

impl Paper {
    /// Settles the encoding of a document with what the printer sent before, and reads it.
    pub fn settled(
        document: &Document,
        wanted: Encoding,
        pages: Pages,
        evidence: &mut Evidence,
        diagnostics: &mut Diagnostics,
    ) -> (Charset, Self) {
        let charset = detect::settle(&pieces(document), wanted, pages, evidence);
        (charset, Self::read(document, charset, pages, diagnostics))
    }

    /// Reads a document's lines in `charset`. Undecodable bytes become U+FFFD and a diagnostic.
    pub fn read(
        document: &Document,
        charset: Charset,
        pages: Pages,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let rows = document.content.lines();
        let first = rows.iter().take_while(|row| row.is_blank()).count();
        let mut reader = Reader {
            content: &document.content,
            origin: document.span.start,
            charset,
            pages,
            diagnostics,
            stretches: Vec::new(),
        };
        let mut lines = Vec::with_capacity(rows.len() - first);
        lines.extend(rows[first..].iter().map(|row| reader.line(row)));
        while lines.last().is_some_and(|line| line.text.is_empty()) {
            lines.pop();
        }
        let blank = lines.iter().take_while(|line| line.text.is_empty()).count();
        lines.drain(..blank);
        Self { lines, first: first + blank }
    }

    /// Plain paper that says `text`, for tests of what reads it.
    #[cfg(test)]
    pub(crate) fn plain(text: &str) -> Self {
        let line = |text: &str| Line { text: text.to_owned(), ..Line::default() };
        Self { lines: text.lines().map(line).collect(), first: 0 }
    }

    /// The lines joined by `\n`.
    pub fn text(&self) -> String {
        let bytes = self.lines.iter().map(|line| line.text.len() + 1).sum();
        let mut out = String::with_capacity(bytes);
        for (i, line) in self.lines.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            out.push_str(&line.text);
        }
        out
    }

    /// The text of the document's line `index` ([`Part::Line`](super::Part::Line)); `None` where it
    /// is blank paper before or behind all text.
    pub fn line(&self, index: u32) -> Option<&Line> {
        self.lines.get((index as usize).checked_sub(self.first)?)
    }
}

/// The document's raw text, piece by piece, for settling its encoding.
pub fn pieces(document: &Document) -> Vec<Piece<'_>> {
    let content = &document.content;
    content.all_runs().iter().map(|run| (content.text(run), run.state)).collect()
}

struct Reader<'a> {
    content: &'a Content,
    origin: u64,
    charset: Charset,
    pages: Pages,
    diagnostics: &'a mut Diagnostics,
    /// Of the run being read, kept to spare an allocation a run.
    stretches: Vec<Stretch>,
}

impl Reader<'_> {
    fn line(&mut self, row: &LineRow) -> Line {
        let margin = usize::from(row.margin / FONT_A.0);
        let mut line = Line { align: row.align, margin, origin: self.origin, ..Line::default() };
        let runs = self.content.runs(row);
        let tabs = self.content.tabs(row);
        let bytes = runs.iter().map(|run| run.len as usize).sum();
        line.text.reserve(bytes);
        // Where print began; the paper column is only counted where a run asks for it.
        let mut column = 0;
        if is_in_order(runs) {
            for run in runs {
                self.run(&mut line, run, tabs, &mut column);
            }
        } else {
            for run in in_order(runs).into_iter().flatten() {
                self.run(&mut line, run, tabs, &mut column);
            }
        }
        line.trim_end();
        line
    }

    /// Says so where a page's number means nothing here.
    fn note_unknown_page(&mut self, run: &Run) {
        if self.charset == Charset::CodePage && self.pages.known(run.state).is_none() {
            let bytes = self.content.text(run);
            if !bytes.is_ascii() {
                let span = Span::new(run.start, run.end());
                let detail = format!("page {}", run.state.code_page);
                self.diagnostics.push(Diagnostic::new(Code::UnknownCodePage, span, detail));
            }
        }
    }

    fn run(&mut self, line: &mut Line, run: &Run, tabs: &[u8], column: &mut usize) {
        let start = run.start.saturating_sub(self.origin);
        let mut start = u32::try_from(start).unwrap_or(u32::MAX);
        pad(line, run, tabs, column, start);
        let mut text = line.text.len();
        let (charset, origin) = (self.charset, self.origin);
        self.note_unknown_page(run);
        self.stretches.clear();
        let stretches = &mut self.stretches;
        decode::read(
            self.content.text(run),
            charset,
            self.pages,
            run.state,
            &mut line.text,
            &mut |stretch| stretches.push(stretch),
        );
        for stretch in self.stretches.drain(..) {
            let Stretch { text: len, bytes, chars, valid } = stretch;
            let bytes = if run.recalled { 0 } else { bytes };
            if !valid {
                let at = origin + u64::from(start);
                let span = Span::new(at, at + bytes as u64);
                let found = Diagnostic::new(Code::UndecodableText, span, charset.as_str());
                self.diagnostics.push(found);
            }
            let char_bytes = (bytes / chars.max(1)) as u8;
            let wide = stretch.bytes > chars;
            let style = if wide { run.wide.over(run.style) } else { run.style };
            let char_text = (len / chars.max(1)) as u8;
            let one = Placed { text: text as u32, start, char_text, char_bytes, style };
            line.place(one);
            *column += columns(&line.text[text..text + len], &one);
            text += len;
            start = start.saturating_add(bytes as u32);
        }
    }
}

/// Whether absolute moves only go right.
fn is_in_order(runs: &[Run]) -> bool {
    let mut least = 0;
    runs.iter().all(|run| match run.moved {
        Move::To(at) => at >= core::mem::replace(&mut least, at),
        _ => true,
    })
}

/// The runs in the order of their columns: each absolute move begins a piece that keeps together.
fn in_order(runs: &[Run]) -> Vec<&[Run]> {
    let mut pieces: Vec<&[Run]> =
        runs.chunk_by(|_, next| !matches!(next.moved, Move::To(_))).collect();
    pieces.sort_by_key(|piece| match piece.first().map(|run| run.moved) {
        Some(Move::To(at)) => at,
        _ => 0,
    });
    pieces
}

/// Leaves blanks for a move of the print position.
fn pad(line: &mut Line, run: &Run, tabs: &[u8], column: &mut usize, start: u32) {
    let now = *column;
    let dots = run.style.column_dots();
    let target = match run.moved {
        Move::None => return,
        Move::To(at) => (usize::from(at) + usize::from(dots / 2)) / usize::from(dots),
        Move::By(by) => {
            let columns =
                (usize::from(by.unsigned_abs()) + usize::from(dots / 2)) / usize::from(dots);
            if by < 0 { now.saturating_sub(columns) } else { now + columns }
        }
        Move::Tab(stops) => tab_stop(now, tabs, usize::from(stops)),
    };
    // A move that does not go right still sets words apart.
    let apart = usize::from(!line.text.is_empty() && !line.text.ends_with(' '));
    let blanks = target.saturating_sub(now).max(apart).min(MAX_MOVE_COLUMNS);
    if blanks > 0 {
        let text = line.text.len() as u32;
        line.text.extend(core::iter::repeat_n(' ', blanks));
        let style = Style::default();
        line.place(Placed { text, start, char_text: 1, char_bytes: 0, style });
        *column += blanks;
    }
}

/// The column of the `nth` tab stop right of `column`; a tab without a stop does not move.
fn tab_stop(column: usize, tabs: &[u8], nth: usize) -> usize {
    if tabs.is_empty() {
        return (column / TAB_COLUMNS + nth) * TAB_COLUMNS;
    }
    let right = tabs.iter().map(|stop| usize::from(*stop)).filter(|stop| *stop > column);
    right.take(nth).last().unwrap_or(column)
}
