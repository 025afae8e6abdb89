//! One connection's framing and the paper it is printing.

use serde::{Deserialize, Serialize};

use super::abandon::Abandoned;
use super::dialect::{Decision, Held};
use super::noticed::{Noticed, Out};
use crate::diagnostic::Code;
use crate::document::builder::Builder;
use crate::document::{Content, Document, Ended, Printer};
use crate::escpos::Row;
use crate::escpos::command::Command;
use crate::escpos::lexer::{Frame, FrameKind, Lexer};
use crate::limits::Limits;
use crate::profile::{Dialect, Rules};
use crate::span::Span;
use crate::time::Timestamp;

/// Commands of the other dialect that make the one settled on doubtful.
const MAX_FOREIGN: u32 = 3;

/// Prints the line (`LF`), in both dialects.
const LINE_FEED: u8 = 0x0A;

/// Bytes of one connection on their way to documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ToPrinter {
    lexer: Lexer,
    /// While the printer's dialect is not known: what waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    /// Commands of the other dialect since the line was last silent.
    #[serde(default)]
    foreign: u32,
    builder: Builder,
    received: u64,
    /// When its last byte was seen.
    pub(super) last: Timestamp,
    /// Monotonic time at which silence ends the paper.
    pub(super) deadline: Option<u64>,
    /// End of the last stretch that was left unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skipped: Option<u64>,
}

impl ToPrinter {
    /// A lane of a printer that speaks `dialect`, or that is not known yet.
    pub(super) fn new(dialect: Option<Dialect>, now: Timestamp) -> Self {
        Self {
            lexer: Lexer::new(dialect.unwrap_or_default()),
            held: dialect.is_none().then(Held::default),
            foreign: 0,
            builder: Builder::default(),
            received: 0,
            last: now,
            deadline: None,
            skipped: None,
        }
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Holds bytes while the dialect is not known. Returns what they decide.
    pub(super) fn hold(&mut self, bytes: &[u8], now: Timestamp, idle_ns: u64) -> Option<Decision> {
        let decision = self.held.as_mut()?.hold(bytes, now);
        self.received += decision.map_or(bytes.len(), |decision| decision.taken) as u64;
        self.last = now;
        self.deadline = Some(now.mono.saturating_add(idle_ns));
        decision
    }

    pub(super) fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// The dialect is known: what was held is framed.
    pub(super) fn settle(&mut self, dialect: Dialect, paper: &mut Printing<'_>) {
        if let Some(mut held) = self.held.take() {
            self.speak(dialect, paper);
            if dialect != Dialect::Escpos {
                let at = Span::empty(self.lexer.offset());
                self.builder.note(Code::DialectInferred, at, dialect.as_str());
            }
            self.replay(&mut held, paper);
        }
    }

    /// Frames what is held by the likelier dialect, which stays open.
    fn assume(&mut self, paper: &mut Printing<'_>) {
        if let Some(mut held) = self.held.take() {
            self.speak(held.lean(), paper);
            self.replay(&mut held, paper);
            self.held = Some(held);
        }
    }

    /// What follows is framed by `dialect`. A picture of the other one, which a gap has left open, is
    /// given up: its command means nothing here.
    fn speak(&mut self, dialect: Dialect, paper: &mut Printing<'_>) {
        if Lexer::new(dialect).dialect() != self.lexer.dialect() {
            self.flush(paper);
        }
        self.lexer.set_dialect(dialect);
    }

    fn replay(&mut self, held: &mut Held, paper: &mut Printing<'_>) {
        for (at, bytes) in held.release() {
            self.frame(&bytes, at, paper);
        }
    }

    /// Takes bytes; the documents that they complete go to `paper.out`.
    pub(super) fn receive(&mut self, bytes: &[u8], now: Timestamp, paper: &mut Printing<'_>) {
        self.received += bytes.len() as u64;
        self.last = now;
        self.frame(bytes, now, paper);
    }

    fn frame(&mut self, bytes: &[u8], now: Timestamp, paper: &mut Printing<'_>) {
        let (builder, foreign) = (&mut self.builder, &mut self.foreign);
        self.lexer.push(bytes, &mut |frame| {
            *foreign += u32::from(is_foreign(frame.kind));
            take(builder, frame, now, paper);
        });
        let open = self.builder.has_content() || self.lexer.is_within();
        self.deadline = open.then(|| now.mono.saturating_add(paper.idle_ns));
    }

    /// Whether the other dialect was spoken lately, after which the question is open again.
    pub(super) fn doubted(&mut self) -> bool {
        core::mem::take(&mut self.foreign) >= MAX_FOREIGN
    }

    /// The dialect is not known after all.
    pub(super) fn unsettle(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Ends the paper here, whatever it was in the middle of.
    pub(super) fn end(&mut self, ended: Ended, paper: &mut Printing<'_>) {
        self.assume(paper);
        self.flush(paper);
        self.deadline = None;
        paper.ends(&mut self.builder, ended, self.lexer.offset(), self.last);
    }

    /// What its bytes are framed by.
    pub(super) fn dialect(&self) -> Dialect {
        self.lexer.dialect()
    }

    /// Notes that bytes may be missing here. A command that has begun is given up, since its rest
    /// may never come; a paper that is open goes on.
    pub(super) fn gap(&mut self, detail: &str, paper: &mut Printing<'_>) {
        self.assume(paper);
        let (builder, last) = (&mut self.builder, self.last);
        self.lexer.gap(&mut |frame| apply(builder, frame, last, paper));
        self.builder.gap(self.lexer.offset(), detail);
    }

    /// Leaves the next `count` bytes unread, and gives up what was being framed and printed.
    pub(super) fn abandon(&mut self, now: Timestamp, count: u64) -> Abandoned {
        let framed = self.lexer.offset();
        let start = self.builder.began().map_or(framed, |began| began.min(framed));
        let again = self.skipped == Some(start);
        let kicks = core::mem::take(&mut self.builder).into_kicks();
        self.received += count;
        let end = self.received;
        self.lexer.skip_to(end);
        if let Some(held) = &mut self.held {
            *held = Held::default();
        }
        (self.last, self.deadline, self.skipped) = (now, None, Some(end));
        // What follows may be the rest of the same paper.
        self.builder.note(Code::DecoderFault, Span::empty(end), "");
        Abandoned { span: Span::new(start, end), again, kicks }
    }

    /// The lane begins at `offset`.
    pub(super) fn seek(&mut self, offset: u64) {
        self.received = offset;
        self.lexer.skip_to(offset);
    }

    fn flush(&mut self, paper: &mut Printing<'_>) {
        let (builder, last) = (&mut self.builder, self.last);
        self.lexer.flush(&mut |frame| take(builder, frame, last, paper));
    }
}

/// What a lane prints with: the printer's settings, the caps, and where documents go.
pub(super) struct Printing<'a> {
    pub(super) printer: &'a mut Printer,
    pub(super) limits: &'a Limits,
    pub(super) idle_ns: u64,
    /// Where the till's profile says that a paper ends.
    pub(super) rules: Option<&'a Rules>,
    /// Reads papers as they end; without it they are kept in `out`.
    pub(super) reader: Option<&'a mut dyn FnMut(&Document)>,
    pub(super) out: Out,
}

impl Printing<'_> {
    /// The paper being built ends before byte `end` of the stream.
    fn ends(&mut self, builder: &mut Builder, ended: Ended, end: u64, now: Timestamp) {
        let Some(document) = builder.finish(ended, end, now) else { return };
        if let Some(reader) = &mut self.reader {
            reader(&document);
            builder.build_in(document.content.emptied());
        } else {
            builder.build_in(Content::like(&document.content));
            self.out.documents.push(document);
        }
    }
}

/// A prefix that is common in the other dialect and unknown in this one: `ESC GS` and `ESC RS` to
/// an ESC/POS printer, `GS x` to a Star.
fn is_foreign(kind: FrameKind<'_>) -> bool {
    matches!(kind, FrameKind::Unknown([0x1B] | [0x1D, ..]))
}

/// Most frames are text or end a line of it: those are no commands to look up.
#[inline]
fn take(builder: &mut Builder, frame: Frame<'_>, now: Timestamp, paper: &mut Printing<'_>) {
    match frame.kind {
        FrameKind::Text(bytes) => print(builder, bytes, frame.span.start, now, paper),
        FrameKind::Command { row: Row { prefix: [LINE_FEED], .. }, .. } => {
            let ended = builder.line_feed(frame.span.start, now, paper.printer, paper.limits);
            line_ended(builder, ended, frame.span.end, now, paper);
        }
        _ => apply(builder, frame, now, paper),
    }
}

fn print(
    builder: &mut Builder,
    mut bytes: &[u8],
    mut start: u64,
    now: Timestamp,
    paper: &mut Printing<'_>,
) {
    if let Some(ended) = builder.ends_before(&Command::Text(bytes)) {
        paper.ends(builder, ended, start, now);
    }
    loop {
        let taken = builder.text(bytes, start, now, paper.printer, paper.limits);
        (bytes, start) = (&bytes[taken..], start + taken as u64);
        if bytes.is_empty() {
            return;
        }
        paper.ends(builder, Ended::Limit, start, now);
    }
}

fn apply(builder: &mut Builder, frame: Frame<'_>, now: Timestamp, paper: &mut Printing<'_>) {
    let limits = paper.limits;
    let command = Command::of(frame.kind);
    if let Some(ended) = builder.ends_before(&command) {
        paper.ends(builder, ended, frame.span.start, now);
    }
    paper.out.notice(now, Noticed::of(frame, &command));
    let ends_line = matches!(command, Command::LineEnd(_) | Command::Feed(_));
    let ended = builder.apply(command, frame.span, now, paper.printer, limits);
    if ends_line {
        line_ended(builder, ended, frame.span.end, now, paper);
    } else if let Some(ended) = ended {
        paper.ends(builder, ended, frame.span.end, now);
    }
}

/// A line was ended, and the paper with it where a cap says so or a mark stands on the line.
#[inline]
fn line_ended(
    builder: &mut Builder,
    ended: Option<Ended>,
    end: u64,
    now: Timestamp,
    paper: &mut Printing<'_>,
) {
    let marked = || paper.rules.is_some_and(|rules| builder.ends_with(rules));
    if let Some(ended) = ended.or_else(|| marked().then_some(Ended::Mark)) {
        paper.ends(builder, ended, end, now);
    }
}
