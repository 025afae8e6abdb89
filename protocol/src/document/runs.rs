//! Text into runs of a [`Builder`], up to its caps.
//!
//! Not here: where lines end and how they stand, and what bytes mean.

use super::builder::Builder;
use super::content::{Move, Run};
use super::printer::Printer;
use crate::diagnostic::Code;
use crate::limits::Limits;
use crate::span::Span;
use crate::time::Timestamp;

/// What a run costs beside its bytes, so that a stream of one-letter runs hits the cap in time.
pub(super) const RUN_WEIGHT: usize = 48;
const _: () = assert!(size_of::<Run>() <= RUN_WEIGHT, "a run weighs what it takes");

impl Builder {
    /// Takes text bytes and returns how many it took; fewer than given means that a cap was
    /// reached and the document must end there. Counting is by the byte, so that the cut does not
    /// depend on how the stream was chunked.
    pub fn text(
        &mut self,
        bytes: &[u8],
        start: u64,
        now: Timestamp,
        printer: &Printer,
        limits: &Limits,
    ) -> usize {
        self.began.get_or_insert((start, now));
        if self.display {
            self.unprinted_bytes += bytes.len() as u64;
            return bytes.len();
        }
        self.job_end = false;
        if self.returned {
            self.line_end(1, printer.layout.line_dots());
        }
        let continues = self.continues(start, printer);
        if !bytes.is_empty() && self.has_room(bytes.len(), continues, limits) {
            self.append(bytes, start, printer, continues);
            return bytes.len();
        }
        self.text_in_parts(bytes, start, printer, limits)
    }

    /// Whether text fits on the line and on the paper with room to spare.
    #[inline]
    fn has_room(&self, len: usize, continues: bool, limits: &Limits) -> bool {
        let cost = if continues { 0 } else { RUN_WEIGHT };
        self.open_bytes + len < limits.line_bytes
            && self.weight + cost + len <= limits.document_bytes
            && self.content.lines.len() < limits.document_lines
    }

    /// As much text as there is room for, broken where the line is full.
    #[cold]
    fn text_in_parts(
        &mut self,
        bytes: &[u8],
        start: u64,
        printer: &Printer,
        limits: &Limits,
    ) -> usize {
        let mut taken = 0;
        while taken < bytes.len() {
            let line_room = limits.line_bytes.max(1).saturating_sub(self.open_bytes).max(1);
            let at = start + taken as u64;
            let continues = self.continues(at, printer);
            let cost = if continues { 0 } else { RUN_WEIGHT };
            let room = line_room.min(limits.document_bytes.saturating_sub(self.weight + cost));
            if room == 0 || self.content.lines.len() >= limits.document_lines {
                break;
            }
            let part = &bytes[taken..][..room.min(bytes.len() - taken)];
            self.append(part, at, printer, continues);
            taken += part.len();
            if part.len() == line_room {
                self.note(Code::LineTooLong, Span::empty(start + taken as u64), String::new());
                self.line_end(1, printer.layout.line_dots());
            }
        }
        taken
    }

    /// Whether bytes at `start` belong to the run before.
    #[inline]
    fn continues(&self, start: u64, printer: &Printer) -> bool {
        self.moved == Move::None
            && self.open_bytes > 0
            && self.content.runs.last().is_some_and(|run| {
                run.end() == start
                    && run.state == printer.character
                    && run.style == printer.style
                    && run.wide == printer.wide
            })
    }

    /// Appends to the run before, or to a new one.
    #[inline]
    fn append(&mut self, bytes: &[u8], start: u64, printer: &Printer, continues: bool) {
        if !continues {
            self.begin_run(start, printer);
        }
        if let Some(run) = self.content.runs.last_mut() {
            run.len += bytes.len() as u32;
        }
        self.content.bytes.extend_from_slice(bytes);
        self.weight += bytes.len();
        self.open_bytes += bytes.len();
        if let Some(page) = &mut self.page {
            let style = printer.style;
            page.advance(bytes.len(), u32::from(style.column_dots()) * u32::from(style.width));
        }
    }

    #[inline]
    fn begin_run(&mut self, start: u64, printer: &Printer) {
        let moved = core::mem::take(&mut self.moved);
        if self.is_open_empty() {
            (self.open.align, self.open.margin) = (printer.layout.align, printer.layout.margin);
        }
        if matches!(moved, Move::Tab(_)) {
            self.open.tabs = self.content.refer_to_tabs(&printer.layout.tabs);
        }
        if let Some(page) = &mut self.page {
            page.place_run();
        }
        self.weight += RUN_WEIGHT;
        self.content.runs.push(Run {
            at: self.content.bytes.len() as u32,
            len: 0,
            start,
            moved,
            recalled: false,
            state: printer.character,
            style: printer.style,
            wide: printer.wide,
        });
    }
}
