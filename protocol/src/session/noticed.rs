//! What a till says that cannot wait for the end of its paper: questions, whose answers come at
//! once, and kicks, which the drawer's sensor confirms.

use crate::document::Document;
use crate::escpos::command::Command;
use crate::escpos::lexer::{Frame, FrameKind};
use crate::reply::Request;
use crate::span::Span;
use crate::time::Timestamp;

/// Something of the sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noticed {
    /// The printer is asked something.
    Asked(Request),
    /// The drawer is told to open, by these bytes.
    Kicked(Span),
}

impl Noticed {
    /// What a frame says, whose meaning is `command`.
    #[inline]
    pub(super) fn of(frame: Frame<'_>, command: &Command<'_>) -> Option<Self> {
        match (frame.kind, command) {
            (_, Command::Kick(_)) => Some(Self::Kicked(frame.span)),
            (FrameKind::Command { row, args, .. } | FrameKind::Noticed { row, args }, _) => {
                Request::of(row, args).map(Self::Asked)
            }
            _ => None,
        }
    }
}

/// What a lane gives, in order.
#[derive(Debug, Default)]
pub(super) struct Out {
    /// Papers that ended.
    pub(super) documents: Vec<Document>,
    /// What was noticed and when, each with the number of papers that had ended before it.
    pub(super) noticed: Vec<(usize, Timestamp, Noticed)>,
}

impl Out {
    pub(super) fn notice(&mut self, now: Timestamp, noticed: Option<Noticed>) {
        let before = self.documents.len();
        self.noticed.extend(noticed.map(|noticed| (before, now, noticed)));
    }
}
