//! Collects one lane's commands until the piece of paper ends.
//!
//! Not here: what bytes stand for, which is settled when the paper is complete.

use serde::{Deserialize, Serialize};

use super::content::{Content, Drawing, LineRow, Move, Part, Put};
use super::graphics::{Drawn, Graphics};
use super::page::Page;
use super::printer::{DEFAULT_LINE_DOTS, Printer};
use super::recall::{Mark, Stored};
use super::runs::RUN_WEIGHT;
use super::{Document, Ended, KickSeen};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::escpos::command::Command;
use crate::limits::{Limits, MAX_KICKS};
use crate::profile::Rules;
use crate::span::Span;
use crate::time::Timestamp;

/// Collects a document.
///
/// [`Builder::ends_before`] and [`Builder::apply`] say where the boundary is; the owner then calls
/// [`Builder::finish`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mode of the printer of its own")]
pub struct Builder {
    /// First byte and time, from the first frame on.
    pub(super) began: Option<(u64, Timestamp)>,
    pub(super) content: Content,
    /// The line being printed: its first run and where it stands.
    pub(super) open: LineRow,
    /// Its text bytes.
    pub(super) open_bytes: usize,
    pub(super) moved: Move,
    /// A carriage return came and nothing after it yet.
    pub(super) returned: bool,
    /// Something without text stands on the line: its end leaves no blank line.
    pub(super) drawn: bool,
    /// The till asked whether its job is done.
    pub(super) job_end: bool,
    /// Bytes may be missing from this paper, its cut among them.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(super) torn: bool,
    /// The paper is cut before whatever is printed next.
    pub(super) reserved: bool,
    /// What follows is for the customer display.
    pub(super) display: bool,
    pub(super) page: Option<Page>,
    /// A macro is being defined.
    pub(super) defining: Option<Mark>,
    pub(super) stored: Option<Stored>,
    /// Graphics commands whose data is coming.
    pub(super) graphics: Graphics,
    /// Text bytes, and what the runs that hold them cost.
    pub(super) weight: usize,
    pub(super) kicks: Vec<KickSeen>,
    pub(super) images: u32,
    pub(super) barcodes: u32,
    pub(super) unknown_bytes: u64,
    pub(super) unprinted_bytes: u64,
    pub(super) diagnostics: Diagnostics,
    /// A gap since the last paper, before anything of the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) missed: Option<Missed>,
}

/// Bytes may be missing between two papers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Missed {
    at: u64,
    detail: String,
    /// The printer was reset, or empty paper cut, after the gap and before anything was printed:
    /// the next paper begins where it seems to.
    begun: bool,
}

impl Builder {
    /// Whether there is anything that would show: paper or a kick.
    pub fn has_content(&self) -> bool {
        self.has_paper() || !self.kicks.is_empty()
    }

    fn has_paper(&self) -> bool {
        self.weight > 0 || self.images > 0 || self.barcodes > 0
    }

    /// Why the document must end before `command` is applied, if it must.
    #[inline]
    pub fn ends_before(&self, command: &Command<'_>) -> Option<Ended> {
        // All are rare, and every command is asked about.
        if !self.reserved && !self.job_end && !self.torn {
            return None;
        }
        let new_job = matches!(command, Command::Init | Command::Kick(_));
        let prints = match command {
            Command::Text(_) => !self.display,
            Command::Init | Command::Graphics { .. } => true,
            _ => false,
        };
        if self.reserved && prints && self.has_content() {
            Some(Ended::Cut)
        } else if self.job_end && new_job && self.has_content() {
            Some(Ended::JobEnd)
        } else if self.torn && matches!(command, Command::Init) && self.has_content() {
            // Two receipts read as one would cost a sale; a receipt whose till resets the printer
            // in its middle is told in two pieces instead, the first with its gap.
            Some(Ended::JobEnd)
        } else {
            None
        }
    }

    /// Takes `LF`, as [`Self::apply`] takes a command: most lines end so.
    #[inline]
    pub fn line_feed(
        &mut self,
        start: u64,
        now: Timestamp,
        printer: &Printer,
        limits: &Limits,
    ) -> Option<Ended> {
        self.began.get_or_insert((start, now));
        self.line_end(1, printer.layout.line_dots());
        self.is_full(limits).then_some(Ended::Limit)
    }

    /// Takes one command, which must not [end the document before it](Self::ends_before), and says
    /// why the document ends with it, if it does. `printer` is shared by all lanes.
    pub fn apply(
        &mut self,
        command: Command<'_>,
        span: Span,
        now: Timestamp,
        printer: &mut Printer,
        limits: &Limits,
    ) -> Option<Ended> {
        debug_assert!(self.ends_before(&command).is_none(), "the owner asks first");
        self.began.get_or_insert((span.start, now));
        match command {
            Command::LineEnd(lines) => self.line_end(lines, printer.layout.line_dots()),
            Command::Style(change) => printer.change(change),
            Command::Align(align) => printer.layout.align = align,
            command => return self.apply_rare(command, span, now, printer, limits),
        }
        self.is_full(limits).then_some(Ended::Limit)
    }

    /// All commands but those that stand on every line.
    fn apply_rare(
        &mut self,
        command: Command<'_>,
        span: Span,
        now: Timestamp,
        printer: &mut Printer,
        limits: &Limits,
    ) -> Option<Ended> {
        match command {
            // Text is taken by `text`, which can stop in its middle.
            Command::Text(_) | Command::Other(_) | Command::Buzzer => {}
            Command::LineEnd(_) | Command::Style(_) | Command::Align(_) => {}
            Command::Feed(dots) => self.feed(printer.layout.along(dots)),
            Command::Init => self.init(printer),
            Command::CarriageReturn
            | Command::Tab
            | Command::MoveTo(_)
            | Command::MoveBy(_)
            | Command::Page(_)
            | Command::Cancel
            | Command::CancelLine => self.position(command, printer),
            Command::Characters(change) => printer.characters(change),
            Command::TabStops(_)
            | Command::LeftMargin(_)
            | Command::PrintArea(_)
            | Command::MotionUnits(..)
            | Command::LineSpacing(_) => lay_out(command, printer),
            Command::FormFeed if self.page.is_none() => return Some(Ended::FormFeed),
            Command::FormFeed => self.end_page(printer),
            Command::Display(on) => self.display = on,
            Command::Macro => self.define(printer.layout.line_dots()),
            Command::RunMacro(times) => self.run_macro(times, span, limits),
            Command::Cut => return Some(Ended::Cut),
            Command::ReserveCut => self.reserved = self.has_content(),
            Command::Kick(pin) => self.kicks.push(KickSeen { pin, span, at: now }),
            Command::MaybeKick(_) => self.note(Code::PossibleKickInData, span, String::new()),
            Command::JobEnd => self.job_end = true,
            Command::DocumentMark if self.has_content() => {
                return Some(Ended::JobEnd);
            }
            Command::DocumentMark => {}
            Command::Graphics { row, args } => {
                let drawn = self.graphics.command(row, args, &mut printer.memory, limits);
                self.draw(drawn, printer, limits);
            }
            Command::Payload(bytes) => {
                let drawn = self.graphics.payload(bytes, &mut printer.memory, limits);
                self.draw(drawn, printer, limits);
            }
            Command::Unknown(bytes) => {
                self.unknown_bytes += bytes.len() as u64;
                self.note(Code::UnknownCommand, span, hex_head(bytes));
            }
            Command::CutShort => self.note(Code::IncompleteCommand, span, String::new()),
            Command::Truncated => {
                let drawn = self.graphics.end(&mut printer.memory, limits);
                self.draw(drawn, printer, limits);
                self.note(Code::IncompleteCommand, span, String::new());
            }
            Command::Refused(claimed) => {
                self.note(Code::ClaimTooLong, span, format!("{claimed} bytes claimed"));
            }
        }
        self.is_full(limits).then_some(Ended::Limit)
    }

    /// Whether the last line is one that `rules` end a paper with.
    pub fn ends_with(&self, rules: &Rules) -> bool {
        self.content.lines.last().is_some_and(|row| {
            let runs = self.content.runs(row).iter();
            let line: Vec<u8> = runs.flat_map(|run| self.content.text(run)).copied().collect();
            rules.ends_with(&line)
        })
    }

    fn is_full(&self, limits: &Limits) -> bool {
        self.content.lines.len() >= limits.document_lines
            || self.weight >= limits.document_bytes
            || self.kicks.len() >= MAX_KICKS
    }

    /// Bytes may be missing at `at`. A paper that is open has a hole. Otherwise the next one may be
    /// missing its beginning, unless it starts with the printer's reset or after a cut.
    pub fn gap(&mut self, at: u64, detail: &str) {
        if self.has_content() {
            self.note(Code::Gap, Span::empty(at), detail);
            self.torn = true;
        } else {
            self.missed = Some(Missed { at, detail: detail.to_owned(), begun: false });
        }
    }

    /// First byte of the paper, from its first frame on.
    pub fn began(&self) -> Option<u64> {
        self.began.map(|(start, _)| start)
    }

    /// The kicks so far, of a paper that is given up.
    pub fn into_kicks(self) -> Vec<KickSeen> {
        self.kicks
    }

    /// Adds a diagnostic.
    pub fn note(&mut self, code: Code, span: Span, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, detail));
    }

    /// The document so far, or `None` where there is nothing to tell of. The builder starts anew;
    /// modes that outlive a document stay.
    pub fn finish(&mut self, ended: Ended, end: u64, now: Timestamp) -> Option<Document> {
        if let Some(page) = &mut self.page {
            // What was put on a page is read even where the page was never printed.
            page.print(&mut self.content, DEFAULT_LINE_DOTS);
            self.open_next_line();
        }
        self.end_line(DEFAULT_LINE_DOTS);
        let page = self.page.as_ref().map(|page| page.again(&Content::default()));
        let stored = self.stored.take();
        let dropped = self.graphics.dropped();
        let graphics = core::mem::take(&mut self.graphics).new_paper();
        let kept = Self { display: self.display, page, stored, graphics, ..Self::default() };
        let mut built = core::mem::replace(self, kept);
        let Some((start, first)) = built.began else {
            self.missed = built.missed;
            return None;
        };
        if !built.has_content() && built.diagnostics.is_empty() {
            // The next paper tells of them.
            self.unprinted_bytes = built.unprinted_bytes;
            self.content = built.content.emptied();
            let cut = matches!(ended, Ended::Cut | Ended::FormFeed);
            self.missed = built.missed.map(|it| Missed { begun: it.begun || cut, ..it });
            return None;
        }
        let mut diagnostics = Diagnostics::default();
        if let Some(missed) = built.missed {
            let code = if missed.begun { Code::GapBefore } else { Code::Gap };
            diagnostics.push(Diagnostic::new(code, Span::empty(missed.at), missed.detail));
        }
        diagnostics.append(built.diagnostics);
        if ended == Ended::Cut {
            built.content.parts.push(Part::Cut);
        }
        let at = Span::empty(end);
        if dropped > 0 {
            let detail = format!("{dropped} bytes");
            diagnostics.push(Diagnostic::new(Code::ImageCut, at, detail));
        }
        match ended {
            Ended::Idle => diagnostics.push(Diagnostic::new(Code::EndedByIdle, at, "")),
            Ended::Limit => diagnostics.push(Diagnostic::new(Code::EndedByLimit, at, "")),
            Ended::Closed | Ended::Broken | Ended::End => {
                diagnostics.push(Diagnostic::new(Code::EndedWithoutCut, at, ""));
            }
            Ended::Cut | Ended::FormFeed | Ended::JobEnd | Ended::Mark => {}
        }
        Some(Document {
            span: Span::new(start, end),
            seen: (first, now),
            content: built.content,
            kicks: built.kicks,
            images: built.images,
            barcodes: built.barcodes,
            unknown_bytes: built.unknown_bytes,
            unprinted_bytes: built.unprinted_bytes,
            ended,
            diagnostics,
        })
    }

    /// Uses the room of `content` for the next paper. Only between papers.
    pub fn build_in(&mut self, content: Content) {
        debug_assert!(!self.has_paper(), "the owner has just finished one");
        self.content = content;
    }

    fn init(&mut self, printer: &mut Printer) {
        if let Some(mut page) = self.page.take() {
            self.forget_page(&mut page);
        }
        self.display = false;
        if !self.has_content()
            && let Some(missed) = &mut self.missed
        {
            missed.begun = true;
        }
        self.end_line(printer.layout.line_dots());
        printer.init();
    }

    fn draw(&mut self, drawn: Option<Drawn>, printer: &Printer, limits: &Limits) {
        let (align, margin) = (printer.layout.align, printer.layout.margin);
        match drawn {
            None => return,
            Some(Drawn::Symbol(symbol)) => {
                self.weight += RUN_WEIGHT + symbol.data.len();
                self.barcodes = self.barcodes.saturating_add(1);
                self.content.push_symbol(Drawing { align, margin, what: symbol });
            }
            Some(Drawn::Image(image)) => {
                let drawing = Drawing { align, margin, what: image };
                // Strips of a macro stay apart: it is taken off the paper when it is complete.
                let room = self.defining.is_none().then(|| self.graphics.room(limits));
                match self.content.push_image(drawing, self.drawn, room) {
                    Put::Joined { white } => self.graphics.charge(white),
                    Put::Apart => {
                        // An image costs a place in the order of parts, however small it is.
                        self.weight += RUN_WEIGHT;
                        self.images = self.images.saturating_add(1);
                    }
                }
            }
        }
        self.drawn = true;
    }
}

/// Settings of where lines stand.
fn lay_out(command: Command<'_>, printer: &mut Printer) {
    let layout = &mut printer.layout;
    match command {
        Command::TabStops(stops) => layout.tab_stops(stops),
        Command::LeftMargin(units) => layout.margin = layout.across(units),
        Command::PrintArea(units) => layout.area = layout.across(units),
        Command::MotionUnits(x, y) => layout.units = (x, y),
        Command::LineSpacing(dots) => layout.spacing = dots,
        _ => {}
    }
}

/// The first bytes, as a manual prints them.
fn hex_head(bytes: &[u8]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = bytes.iter().take(SHOWN).map(|b| format!("{b:02X}")).collect();
    shown.join(" ")
}
