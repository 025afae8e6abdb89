//! One connection's framing and the paper it is printing.

use serde::{Deserialize, Serialize};

use super::noticed::{Noticed, Out};
use crate::document::Ended;
use crate::document::builder::{Boundary, Builder};
use crate::escpos::command::Command;
use crate::escpos::lexer::{Frame, Lexer};
use crate::limits::Limits;
use crate::profile::Dialect;
use crate::text::CharacterState;
use crate::time::Timestamp;

/// Bytes of one connection on their way to documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ToPrinter {
    lexer: Lexer,
    builder: Builder,
    received: u64,
    /// When its last byte was seen.
    pub(super) last: Timestamp,
    /// Monotonic time at which silence ends the paper.
    pub(super) deadline: Option<u64>,
}

impl ToPrinter {
    pub(super) fn new(dialect: Dialect, now: Timestamp) -> Self {
        Self {
            lexer: Lexer::new(dialect),
            builder: Builder::default(),
            received: 0,
            last: now,
            deadline: None,
        }
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Takes bytes; the documents that they complete go to `out`.
    pub(super) fn receive(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        idle_ns: u64,
        printer: &mut CharacterState,
        limits: &Limits,
        out: &mut Out,
    ) {
        self.last = now;
        self.received += bytes.len() as u64;
        let builder = &mut self.builder;
        self.lexer.push(bytes, &mut |frame| {
            apply(builder, frame, now, printer, limits, out);
        });
        let open = self.builder.has_content() || self.lexer.is_within();
        self.deadline = open.then(|| now.mono.saturating_add(idle_ns));
    }

    /// Ends the paper here, whatever it was in the middle of.
    pub(super) fn end(
        &mut self,
        ended: Ended,
        printer: &mut CharacterState,
        limits: &Limits,
        out: &mut Out,
    ) {
        self.flush(printer, limits, out);
        self.deadline = None;
        out.extend(self.builder.finish(ended, self.lexer.offset(), self.last));
    }

    /// Notes that bytes may be missing here. What was being framed is given up, since its rest may
    /// never come; the paper goes on.
    pub(super) fn gap(
        &mut self,
        detail: &str,
        printer: &mut CharacterState,
        limits: &Limits,
        out: &mut Out,
    ) {
        self.flush(printer, limits, out);
        let at = crate::span::Span::empty(self.lexer.offset());
        self.builder.note(crate::diagnostic::Code::Gap, at, detail);
    }

    fn flush(&mut self, printer: &mut CharacterState, limits: &Limits, out: &mut Out) {
        let (builder, last) = (&mut self.builder, self.last);
        self.lexer.flush(&mut |frame| apply(builder, frame, last, printer, limits, out));
    }
}

fn apply(
    builder: &mut Builder,
    frame: Frame<'_>,
    now: Timestamp,
    printer: &mut CharacterState,
    limits: &Limits,
    out: &mut Out,
) {
    let Some(command) = Command::of(frame.kind) else { return };
    if let Command::Text(mut bytes) = command {
        let mut start = frame.span.start;
        loop {
            let taken = builder.text(bytes, start, now, *printer, limits);
            (bytes, start) = (&bytes[taken..], start + taken as u64);
            if bytes.is_empty() {
                return;
            }
            out.extend(builder.finish(Ended::Limit, start, now));
        }
    }
    if builder.ends_before(&command) {
        out.extend(builder.finish(Ended::JobEnd, frame.span.start, now));
    }
    out.notice(Noticed::of(frame, &command));
    if let Boundary::After(ended) = builder.apply(command, frame.span, now, printer, limits) {
        out.extend(builder.finish(ended, frame.span.end, now));
    }
}
