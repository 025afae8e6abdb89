//! Collects one lane's commands until the piece of paper ends.

use serde::{Deserialize, Serialize};

use super::{Document, Ended, KickSeen, Move, RawLine, Run};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::escpos::command::Command;
use crate::limits::{Limits, MAX_KICKS};
use crate::span::Span;
use crate::text::CharacterState;
use crate::time::Timestamp;

/// Collects a document.
///
/// [`Builder::apply`] says where the boundary is; the owner then calls [`Builder::finish`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mode of the printer of its own")]
pub struct Builder {
    /// First byte and time, from the first frame on.
    began: Option<(u64, Timestamp)>,
    lines: Vec<RawLine>,
    line: RawLine,
    moved: Move,
    /// A carriage return came and nothing after it yet.
    returned: bool,
    /// The till asked whether its job is done.
    job_end: bool,
    page_mode: bool,
    display: bool,
    /// Text bytes, and what the runs that hold them cost.
    weight: usize,
    kicks: Vec<KickSeen>,
    images: u32,
    barcodes: u32,
    unknown_bytes: u64,
    diagnostics: Diagnostics,
}

/// Where a boundary lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// None here.
    None,
    /// The document ends with this command.
    After(Ended),
    /// The document ended before this command, which belongs to the next.
    Before(Ended),
}

impl Builder {
    /// Whether there is anything that would show: paper or a kick.
    pub fn has_content(&self) -> bool {
        self.has_paper() || !self.kicks.is_empty()
    }

    fn has_paper(&self) -> bool {
        self.weight > 0 || self.images > 0 || self.barcodes > 0
    }

    /// Whether the document must end before `command` is applied.
    pub fn ends_before(&self, command: &Command<'_>) -> bool {
        self.job_end && self.has_content() && matches!(command, Command::Init | Command::Kick(_))
    }

    /// Takes one command. `state` is the printer's, shared by all lanes.
    pub fn apply(
        &mut self,
        command: Command<'_>,
        span: Span,
        now: Timestamp,
        state: &mut CharacterState,
        limits: &Limits,
    ) -> Boundary {
        if self.ends_before(&command) {
            return Boundary::Before(Ended::JobEnd);
        }
        self.began.get_or_insert((span.start, now));
        match command {
            // Text is taken by `text`, which can stop in its middle.
            Command::Text(_) => {}
            Command::LineEnd(lines) => self.line_end(lines),
            Command::CarriageReturn => self.returned = true,
            Command::Tab => {
                self.moved = match self.moved {
                    Move::Tab(n) => Move::Tab(n.saturating_add(1)),
                    _ => Move::Tab(1),
                }
            }
            Command::MoveTo(column) => self.moved = Move::To(column),
            Command::MoveBy(columns) => self.moved = Move::By(columns),
            Command::Init => {
                *state = CharacterState::default();
                (self.page_mode, self.display) = (false, false);
            }
            Command::CodePage(page) => state.code_page = page,
            Command::DoubleByte(on) => state.double_byte = on,
            Command::Utf8(on) => state.utf8 = on,
            Command::PageMode(on) => self.page_mode = on,
            Command::FormFeed if !self.page_mode => return Boundary::After(Ended::FormFeed),
            Command::FormFeed => {
                self.page_mode = false;
                self.line_end(1);
            }
            Command::Display(on) => self.display = on,
            Command::Cut => return Boundary::After(Ended::Cut),
            Command::Kick(pin) => {
                self.kicks.push(KickSeen { pin, span, at: now });
                if self.kicks.len() >= MAX_KICKS {
                    return Boundary::After(Ended::Limit);
                }
            }
            Command::JobEnd => self.job_end = true,
            Command::Image => self.images = self.images.saturating_add(1),
            Command::Barcode => self.barcodes = self.barcodes.saturating_add(1),
            Command::Unknown(bytes) => {
                self.unknown_bytes += bytes.len() as u64;
                self.note(Code::UnknownCommand, span, hex_head(bytes));
            }
            Command::CutShort => self.note(Code::IncompleteCommand, span, String::new()),
            Command::Refused(claimed) => {
                self.note(Code::ClaimTooLong, span, format!("{claimed} bytes claimed"));
            }
            Command::Other(_) => {}
        }
        if self.lines.len() >= limits.document_lines {
            return Boundary::After(Ended::Limit);
        }
        Boundary::None
    }

    /// Adds a diagnostic.
    pub fn note(&mut self, code: Code, span: Span, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, detail));
    }

    /// The document so far, or `None` where there is nothing to tell of. The builder starts anew;
    /// modes that outlive a document stay.
    pub fn finish(&mut self, ended: Ended, end: u64, now: Timestamp) -> Option<Document> {
        self.end_line();
        let kept = Self { page_mode: self.page_mode, display: self.display, ..Self::default() };
        let built = core::mem::replace(self, kept);
        let (start, first) = built.began?;
        if !built.has_content() && built.diagnostics.is_empty() {
            return None;
        }
        let mut diagnostics = built.diagnostics;
        let at = Span::empty(end);
        match ended {
            Ended::Idle => diagnostics.push(Diagnostic::new(Code::EndedByIdle, at, "")),
            Ended::Limit => diagnostics.push(Diagnostic::new(Code::EndedByLimit, at, "")),
            Ended::Closed | Ended::Broken | Ended::End => {
                diagnostics.push(Diagnostic::new(Code::EndedWithoutCut, at, ""));
            }
            Ended::Cut | Ended::FormFeed | Ended::JobEnd => {}
        }
        Some(Document {
            span: Span::new(start, end),
            seen: (first, now),
            lines: built.lines,
            kicks: built.kicks,
            images: built.images,
            barcodes: built.barcodes,
            unknown_bytes: built.unknown_bytes,
            ended,
            diagnostics,
        })
    }

    /// Takes text bytes and returns how many it took; fewer than given means that a cap was
    /// reached and the document must end there. Counting is by the byte, so that the cut does not
    /// depend on how the stream was chunked.
    pub fn text(
        &mut self,
        bytes: &[u8],
        start: u64,
        now: Timestamp,
        state: CharacterState,
        limits: &Limits,
    ) -> usize {
        self.began.get_or_insert((start, now));
        if self.display {
            return bytes.len();
        }
        self.job_end = false;
        if self.returned {
            self.line_end(1);
        }
        let mut taken = 0;
        while taken < bytes.len() {
            let line_room = limits.line_bytes.max(1) - self.line.bytes();
            let at = start + taken as u64;
            let cost = if self.continues(at, state) { 0 } else { RUN_WEIGHT };
            let room = line_room.min(limits.document_bytes.saturating_sub(self.weight + cost));
            if room == 0 || self.lines.len() >= limits.document_lines {
                break;
            }
            let part = &bytes[taken..][..room.min(bytes.len() - taken)];
            self.append(part, at, state);
            taken += part.len();
            if part.len() == line_room {
                self.note(Code::LineTooLong, Span::empty(start + taken as u64), String::new());
                self.end_line();
            }
        }
        taken
    }

    /// Whether bytes at `start` belong to the run before.
    fn continues(&self, start: u64, state: CharacterState) -> bool {
        self.moved == Move::None
            && self.line.runs.last().is_some_and(|run| {
                run.state == state && run.start + run.bytes.len() as u64 == start
            })
    }

    fn append(&mut self, bytes: &[u8], start: u64, state: CharacterState) {
        self.weight += bytes.len();
        if self.continues(start, state)
            && let Some(run) = self.line.runs.last_mut()
        {
            run.bytes.extend_from_slice(bytes);
        } else {
            self.weight += RUN_WEIGHT;
            let moved = core::mem::take(&mut self.moved);
            self.line.runs.push(Run { moved, start, bytes: bytes.to_vec(), state });
        }
    }

    fn line_end(&mut self, lines: u8) {
        self.end_line();
        // Blank lines shape the paper; a long feed before the cut does not.
        let blank = usize::from(lines.saturating_sub(1)).min(MAX_BLANK_LINES);
        self.lines.extend((0..blank).map(|_| RawLine::default()));
    }

    fn end_line(&mut self) {
        self.returned = false;
        self.moved = Move::None;
        let line = core::mem::take(&mut self.line);
        let blank_run = self.lines.iter().rev().take_while(|l| l.runs.is_empty()).count();
        if !line.runs.is_empty() || blank_run < MAX_BLANK_LINES {
            self.lines.push(line);
        }
    }
}

/// What a run costs beside its bytes, so that a stream of one-letter runs hits the cap in time.
const RUN_WEIGHT: usize = 32;

/// Most blank lines kept in a row.
const MAX_BLANK_LINES: usize = 3;

/// The first bytes, as a manual prints them.
fn hex_head(bytes: &[u8]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = bytes.iter().take(SHOWN).map(|b| format!("{b:02X}")).collect();
    shown.join(" ")
}
