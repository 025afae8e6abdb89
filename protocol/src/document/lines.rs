//! Puts the text of a document onto the lines of a [`Paper`]: in the order of their columns, blanks
//! where the print position moved, every character with its place in the stream.
//!
//! Not here: which encoding it is, and how characters are decoded.

use super::Style;
use super::content::{Content, LineRow, Move, Run};
use super::line::{Placed, columns};
use super::paper::Paper;
use super::style::FONT_A;
use super::typeset::TAB_COLUMNS;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;
use crate::text::decode::{self, Stretch};
use crate::text::{Charset, Memo, Pages};

/// Most blank columns a move may leave; a wider one is a typing error in somebody's program.
const MAX_MOVE_COLUMNS: usize = 128;

/// ASCII as it is printed, unless a till has asked for another set of characters.
fn printable(bytes: &[u8]) -> Option<&str> {
    if !bytes.is_ascii() || decode::has_delete(bytes) {
        return None;
    }
    core::str::from_utf8(bytes).ok()
}

/// Reads one document.
pub(super) struct Reader<'a> {
    content: &'a Content,
    charset: Charset,
    pages: Pages,
    /// All text of the document, where it is printed as it stands.
    plain: Option<&'a str>,
    diagnostics: &'a mut Diagnostics,
    paper: &'a mut Paper,
    memo: &'a Memo,
}

impl<'a> Reader<'a> {
    /// A reader of `content` in `charset`, onto `paper`.
    pub(super) fn new(
        content: &'a Content,
        charset: Charset,
        pages: Pages,
        paper: &'a mut Paper,
        memo: &'a Memo,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let plain = if charset == Charset::Ascii { printable(content.all_text()) } else { None };
        Self { content, charset, pages, plain, diagnostics, paper, memo }
    }

    /// Reads the next line.
    pub(super) fn line(&mut self, row: &LineRow) {
        self.paper.begin_line(row.align, row.margin / FONT_A.0);
        let runs = self.content.runs(row);
        if runs.iter().all(|run| run.moved == Move::None) {
            for run in runs {
                self.run(run);
            }
        } else {
            self.moved(runs, self.content.tabs(row));
        }
        self.paper.end_line();
    }

    /// Runs of which some stand apart: the columns of print are counted.
    fn moved(&mut self, runs: &[Run], tabs: &[u8]) {
        let mut column = 0;
        let mut print = |run: &Run| {
            self.pad(run, tabs, &mut column);
            let first = self.paper.stretches.len();
            self.run(run);
            column += self.columns_from(first);
        };
        if is_in_order(runs) {
            runs.iter().for_each(print);
        } else {
            in_order(runs).into_iter().flatten().for_each(&mut print);
        }
    }

    /// Columns of the last line's stretches from number `first` on.
    fn columns_from(&self, first: usize) -> usize {
        let (begin, _) = self.paper.open();
        let line = &self.paper.text[begin..];
        let mut end = line.len();
        let taken = self.paper.stretches[first..].iter().rev().map(|placed| {
            let from = placed.text as usize;
            columns(&line[from..core::mem::replace(&mut end, from)], placed)
        });
        taken.sum()
    }

    /// Leaves blanks for a move of the print position.
    fn pad(&mut self, run: &Run, tabs: &[u8], column: &mut usize) {
        let Some(target) = target(run, tabs, *column) else { return };
        let (begin, _) = self.paper.open();
        let line = &self.paper.text[begin..];
        // A move that does not go right still sets words apart.
        let apart = usize::from(!line.is_empty() && !line.ends_with(' '));
        let blanks = target.saturating_sub(*column).max(apart).min(MAX_MOVE_COLUMNS);
        if blanks > 0 {
            let (text, start) = (line.len() as u32, self.start(run));
            self.paper.text.extend(core::iter::repeat_n(' ', blanks));
            let style = Style::PLAIN;
            let placed = Placed { text, start, char_text: 1, char_bytes: 0, style };
            self.paper.stretches.push(placed);
            *column += blanks;
        }
    }

    /// Where a run stands in the stream, from the document's first byte.
    fn start(&self, run: &Run) -> u32 {
        let start = run.start.saturating_sub(self.paper.origin);
        u32::try_from(start).unwrap_or(u32::MAX)
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

    /// A run's text where each byte is printed as it stands.
    fn printable(&self, run: &Run) -> Option<&'a str> {
        match self.plain {
            _ if run.state.international != 0 => None,
            Some(all) => all.get(run.range()),
            // ASCII may be Kanji of seven bits.
            None if self.charset == Charset::ShiftJis => None,
            None => printable(self.content.text(run)),
        }
    }

    fn run(&mut self, run: &Run) {
        let start = self.start(run);
        let text = (self.paper.text.len() - self.paper.open().0) as u32;
        if let Some(own) = self.printable(run) {
            let char_bytes = u8::from(!run.recalled);
            self.paper.text.push_str(own);
            let placed = Placed { text, start, char_text: 1, char_bytes, style: run.style };
            return self.paper.stretches.push(placed);
        }
        self.decode(run, text, start);
    }

    /// Reads a run to where `text` bytes of its line stand before it.
    fn decode(&mut self, run: &Run, mut text: u32, mut start: u32) {
        self.note_unknown_page(run);
        let (charset, origin) = (self.charset, self.paper.origin);
        let (stretches, diagnostics) = (&mut self.paper.stretches, &mut self.diagnostics);
        let bytes = self.content.text(run);
        let mut place = |stretch: Stretch| {
            let own = if run.recalled { 0 } else { stretch.bytes };
            let len = own * stretch.chars;
            if !stretch.valid {
                let at = origin + u64::from(start);
                let span = Span::new(at, at + len as u64);
                let found = Diagnostic::new(Code::UndecodableText, span, charset.as_str());
                diagnostics.push(found);
            }
            let style = if stretch.bytes > 1 { run.wide.over(run.style) } else { run.style };
            let (char_text, char_bytes) = (stretch.text as u8, own as u8);
            stretches.push(Placed { text, start, char_text, char_bytes, style });
            text += (stretch.text * stretch.chars) as u32;
            start = start.saturating_add(len as u32);
        };
        let text = &mut self.paper.text;
        decode::read(bytes, charset, self.pages, run.state, self.memo, text, &mut place);
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

/// The column that a run is moved to, from `now`; `None` where it is not moved.
fn target(run: &Run, tabs: &[u8], now: usize) -> Option<usize> {
    let dots = usize::from(run.style.column_dots());
    let columns = |moved: u16| (usize::from(moved) + dots / 2) / dots;
    Some(match run.moved {
        Move::None => return None,
        Move::To(at) => columns(at),
        Move::By(by) if by < 0 => now.saturating_sub(columns(by.unsigned_abs())),
        Move::By(by) => now + columns(by.unsigned_abs()),
        Move::Tab(stops) => tab_stop(now, tabs, usize::from(stops)),
    })
}

/// The column of the `nth` tab stop right of `column`; a tab without a stop does not move.
fn tab_stop(column: usize, tabs: &[u8], nth: usize) -> usize {
    if tabs.is_empty() {
        return (column / TAB_COLUMNS + nth) * TAB_COLUMNS;
    }
    let right = tabs.iter().map(|stop| usize::from(*stop)).filter(|stop| *stop > column);
    right.take(nth).last().unwrap_or(column)
}
