//! How lines stand on the paper: line ends, feeds, moves, pages and macros of a [`Builder`].
//!
//! Not here: what stands on them ([`runs`](super::runs)), which command means what, and where the
//! paper ends.

use super::builder::Builder;
use super::content::{LineRow, Move};
use super::page::Page;
use super::printer::Printer;
use super::recall::{MAX_RUNS, Mark, Stored};
use super::runs::RUN_WEIGHT;
use crate::diagnostic::Code;
use crate::escpos::command::{self, Command};
use crate::limits::Limits;
use crate::span::Span;

/// Most blank lines kept in a row; the rest is a feed.
const MAX_BLANK_LINES: usize = 3;
/// Dots from which on a feed looks like a blank line: half a character.
const BLANK_LINE_DOTS: u16 = 12;
/// Columns between default tab stops (TM-T88III, `ESC D`).
pub(super) const TAB_COLUMNS: usize = 8;

impl Builder {
    pub(super) fn is_open_empty(&self) -> bool {
        self.content.runs.len() == self.open.runs.0 as usize
    }

    /// Prints the line, and moves on `lines` lines of `dots`.
    #[inline]
    pub(super) fn line_end(&mut self, lines: u8, dots: u16) {
        self.returned = false;
        if let Some(page) = &mut self.page {
            page.y = page.y.saturating_add(u32::from(lines) * u32::from(dots));
            return self.page_x(0);
        }
        let printed = !self.is_open_empty() || self.drawn;
        if self.is_open_empty() && self.drawn && lines > 0 {
            self.content.feed(u32::from(dots));
        }
        self.end_line(dots);
        let blank = usize::from(if printed { lines.saturating_sub(1) } else { lines });
        if blank > 0 {
            self.blank_lines(blank, dots);
        }
    }

    /// Prints the line, and moves on `dots`.
    pub(super) fn feed(&mut self, dots: u16) {
        if self.page.is_none() && self.is_open_empty() && (self.drawn || dots < BLANK_LINE_DOTS) {
            self.drawn = false;
            (self.returned, self.moved) = (false, Move::None);
            return self.content.feed(u32::from(dots));
        }
        self.line_end(1, dots);
    }

    fn blank_lines(&mut self, wanted: usize, dots: u16) {
        let before = self.content.lines.iter().rev().take_while(|l| l.is_blank()).count();
        let kept = wanted.min(MAX_BLANK_LINES.saturating_sub(before));
        let runs = (self.open.runs.0, self.open.runs.0);
        for _ in 0..kept {
            self.content.push_line(LineRow { runs, feed: dots, ..LineRow::default() });
        }
        self.content.feed((wanted - kept) as u32 * u32::from(dots));
    }

    /// Puts the open line down, if there is anything on it.
    #[inline]
    pub(super) fn end_line(&mut self, feed: u16) {
        (self.returned, self.drawn, self.moved) = (false, false, Move::None);
        if self.page.is_none() && !self.is_open_empty() {
            self.open.runs.1 = self.content.runs.len() as u32;
            self.content.push_line(LineRow { feed, ..self.open });
            self.open_next_line();
        }
    }

    pub(super) fn open_next_line(&mut self) {
        let first = self.content.runs.len() as u32;
        self.open = LineRow { runs: (first, first), ..LineRow::default() };
        self.open_bytes = 0;
    }

    /// Commands that move the print position, or take back what stands there.
    pub(super) fn position(&mut self, command: Command<'_>, printer: &Printer) {
        let layout = &printer.layout;
        match command {
            Command::CarriageReturn => self.returned = self.page.is_none(),
            Command::Tab => self.tab(u32::from(printer.style.column_dots())),
            Command::MoveTo(units) if self.page.is_some() => {
                self.page_x(u32::from(layout.across(units)));
            }
            Command::MoveTo(units) => self.moved = Move::To(layout.across(units)),
            Command::MoveBy(units) => self.move_by(layout.across_by(units)),
            Command::Page(step) => self.page_step(step, printer),
            Command::Cancel => {
                if let Some(mut page) = self.page.take() {
                    self.forget_page(&mut page);
                    self.page = Some(page);
                }
            }
            Command::CancelLine if self.page.is_none() => self.forget_line(),
            _ => {}
        }
    }

    fn tab(&mut self, column_dots: u32) {
        if let Some(page) = &self.page {
            let stop = column_dots * TAB_COLUMNS as u32;
            return self.page_x((page.x / stop).saturating_add(1).saturating_mul(stop));
        }
        self.moved = match self.moved {
            Move::Tab(n) => Move::Tab(n.saturating_add(1)),
            _ => Move::Tab(1),
        };
    }

    fn move_by(&mut self, dots: i16) {
        if let Some(page) = &self.page {
            return self.page_x(page.x.saturating_add_signed(i32::from(dots)));
        }
        self.moved = match self.moved {
            Move::To(at) => Move::To(at.saturating_add_signed(dots)),
            Move::By(before) => Move::By(before.saturating_add(dots)),
            Move::None | Move::Tab(_) => Move::By(dots),
        };
    }

    /// The next run of the page stands at `x`.
    fn page_x(&mut self, x: u32) {
        if let Some(page) = &mut self.page {
            page.x = x;
            self.moved = Move::To(u16::try_from(x).unwrap_or(u16::MAX));
            self.open_bytes = 0;
        }
    }

    fn page_step(&mut self, step: command::Page, printer: &Printer) {
        use command::Page::{Area, Begin, Direction, End, MoveBy, MoveTo, Print};
        let layout = &printer.layout;
        match (step, &mut self.page) {
            (Begin, None) => {
                self.end_line(layout.line_dots());
                self.page = Some(Page::begin(&self.content));
            }
            (End, page @ Some(_)) => {
                if let Some(mut page) = page.take() {
                    self.forget_page(&mut page);
                }
            }
            (Print, Some(_)) => self.print_page(printer),
            (Area([left, top, width, height]), Some(page)) => page.set_area([
                layout.across(left),
                layout.along(top),
                layout.across(width),
                layout.along(height),
            ]),
            (Direction(way), Some(page)) => page.set_direction(way),
            (MoveTo(units), Some(page)) => page.y = u32::from(layout.along(units)),
            (MoveBy(units), Some(page)) => {
                page.y = page.y.saturating_add_signed(i32::from(layout.along_by(units)));
            }
            _ => {}
        }
        // Whatever comes next stands apart from what came before.
        if let Some(x) = self.page.as_ref().map(|page| page.x) {
            self.page_x(x);
        }
    }

    /// The page is printed and page mode ends.
    pub(super) fn end_page(&mut self, printer: &Printer) {
        self.print_page(printer);
        (self.page, self.moved) = (None, Move::None);
    }

    fn print_page(&mut self, printer: &Printer) {
        if let Some(mut page) = self.page.take() {
            page.print(&mut self.content, printer.layout.line_dots());
            self.page = Some(page.again(&self.content));
            self.open_next_line();
        }
    }

    pub(super) fn forget_page(&mut self, page: &mut Page) {
        let (bytes, runs) = page.cancel(&mut self.content);
        self.forget(bytes, runs);
    }

    fn forget_line(&mut self) {
        let first = self.open.runs.0 as usize;
        let runs = self.content.runs.len().saturating_sub(first);
        if let Some(run) = self.content.runs.get(first) {
            let at = run.at as usize;
            let bytes = self.content.bytes.len().saturating_sub(at);
            self.content.bytes.truncate(at);
            self.content.runs.truncate(first);
            self.forget(bytes, runs);
        }
    }

    fn forget(&mut self, bytes: usize, runs: usize) {
        self.unprinted_bytes += bytes as u64;
        self.weight = self.weight.saturating_sub(bytes + runs * RUN_WEIGHT);
        self.moved = Move::None;
        // A cut is kept back for what stands before it; now nothing does.
        self.reserved &= self.has_content();
        self.open_next_line();
    }

    /// `GS :` begins a macro, and ends it.
    pub(super) fn define(&mut self, line_dots: u16) {
        if self.page.is_some() {
            return;
        }
        self.end_line(line_dots);
        let Some(mark) = self.defining.take() else {
            self.defining = Some(Mark::end_of(&self.content));
            return;
        };
        if let Some(stored) = Stored::take(&mut self.content, mark) {
            let (bytes, runs) = stored.size();
            self.forget(bytes, runs);
            self.stored = Some(stored);
        }
    }

    /// `GS ^` prints the macro.
    pub(super) fn run_macro(&mut self, times: u8, span: Span, limits: &Limits) {
        if self.page.is_some() || self.defining.is_some() {
            return;
        }
        let Some(stored) = self.stored.take() else { return };
        let (bytes, runs) = stored.size();
        let weight = bytes + runs * RUN_WEIGHT;
        for printed in 0..times {
            let fits = self.weight + weight <= limits.document_bytes
                && self.content.lines.len() + stored.lines() <= limits.document_lines;
            if printed >= MAX_RUNS || !fits {
                self.note(Code::MacroShortened, span, format!("{printed} of {times}"));
                break;
            }
            self.end_line(super::printer::DEFAULT_LINE_DOTS);
            stored.print(&mut self.content, span.start);
            self.weight += weight;
            self.open_next_line();
        }
        self.stored = Some(stored);
    }
}
