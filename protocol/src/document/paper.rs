//! A document as a person reads it: lines of text in which every character knows its bytes.

use core::ops::Range;

use super::{Document, Move, RawLine};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;
use crate::text::detect::Piece;
use crate::text::{Charset, Pages, columns, decode};

/// Columns between default tab stops (TM-T88III, `ESC D`).
const TAB_COLUMNS: usize = 8;
/// Most blank columns a move may leave; a wider one is a typing error in somebody's program.
const MAX_MOVE_COLUMNS: usize = 128;

/// The readable side of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// In printed order; blank lines included.
    pub lines: Vec<Line>,
}

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What stands there, without blanks at the end.
    pub text: String,
    /// For each byte of `text`: where in the stream its character starts, relative to the
    /// document.
    starts: Vec<u32>,
    /// For each byte of `text`: how many stream bytes its character took.
    lens: Vec<u8>,
    /// Where the document starts.
    origin: u64,
}

impl Line {
    /// Where in the stream the characters of `text[range]` stand. An empty range gives an empty
    /// span.
    pub fn span(&self, range: Range<usize>) -> Span {
        let range = range.start.min(self.starts.len())..range.end.min(self.starts.len());
        let (Some(&first), Some(&last)) =
            (self.starts.get(range.start), self.starts[range.clone()].last())
        else {
            return Span::empty(self.origin);
        };
        let end = last + u32::from(self.lens[range.end - 1]);
        Span::new(self.origin + u64::from(first), self.origin + u64::from(end))
    }

    fn push(&mut self, c: char, start: u32, len: u8) {
        let before = self.text.len();
        self.text.push(c);
        let bytes = self.text.len() - before;
        self.starts.extend(core::iter::repeat_n(start, bytes));
        self.lens.extend(core::iter::repeat_n(len, bytes));
    }

    fn columns(&self) -> usize {
        self.text.chars().map(columns).sum()
    }

    fn pad(&mut self, moved: Move, start: u32) {
        let now = self.columns();
        let target = match moved {
            Move::None => return,
            Move::To(column) => usize::from(column),
            Move::By(columns) => now.saturating_add_signed(isize::from(columns)),
            Move::Tab(stops) => (now / TAB_COLUMNS + usize::from(stops)) * TAB_COLUMNS,
        };
        // A move that does not go right still sets words apart.
        let apart = usize::from(!self.text.is_empty() && !self.text.ends_with(' '));
        let blanks = target.saturating_sub(now).max(apart).min(MAX_MOVE_COLUMNS);
        for _ in 0..blanks {
            self.push(' ', start, 0);
        }
    }

    fn trim_end(&mut self) {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        self.starts.truncate(kept);
        self.lens.truncate(kept);
    }
}

impl Paper {
    /// Reads a document's raw lines in `charset`. Undecodable bytes become U+FFFD and a diagnostic.
    pub fn read(
        document: &Document,
        charset: Charset,
        pages: Pages,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let origin = document.span.start;
        let mut lines: Vec<Line> = document
            .lines
            .iter()
            .map(|raw| read_line(raw, origin, (charset, pages), diagnostics))
            .collect();
        while lines.last().is_some_and(|line| line.text.is_empty()) {
            lines.pop();
        }
        let blank = lines.iter().take_while(|line| line.text.is_empty()).count();
        lines.drain(..blank);
        Self { lines }
    }

    /// The lines joined by `\n`.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// The document's raw text, piece by piece, for settling its encoding.
pub fn pieces(document: &Document) -> Vec<Piece<'_>> {
    let runs = document.lines.iter().flat_map(|line| &line.runs);
    runs.map(|run| (run.bytes.as_slice(), run.state)).collect()
}

fn read_line(
    raw: &RawLine,
    origin: u64,
    (charset, pages): (Charset, Pages),
    found: &mut Diagnostics,
) -> Line {
    let mut line = Line { origin, ..Line::default() };
    for run in &raw.runs {
        let mut start = u32::try_from(run.start - origin).unwrap_or(u32::MAX);
        line.pad(run.moved, start);
        let mut text = String::new();
        let mut stretches = Vec::new();
        let mut keep = |stretch| stretches.push(stretch);
        decode::read(&run.bytes, charset, pages, run.state, &mut text, &mut keep);
        let mut rest = text.as_str();
        for stretch in stretches {
            let (of_stretch, after) = rest.split_at(stretch.text);
            rest = after;
            let len = stretch.bytes / stretch.chars;
            if !stretch.valid {
                let at = origin + u64::from(start);
                let detail = charset.as_str();
                found.push(Diagnostic::new(Code::UndecodableText, Span::new(at, at + 1), detail));
            }
            // A letter and its accent share the bytes of their code.
            let chars_each = of_stretch.chars().count() / stretch.chars;
            for (index, c) in of_stretch.chars().enumerate() {
                let nth = (index / chars_each * len) as u32;
                line.push(c, start.saturating_add(nth), len as u8);
            }
            start = start.saturating_add(stretch.bytes as u32);
        }
    }
    line.trim_end();
    line
}
