//! What was odd about the bytes: stable codes, never errors.

use serde::{Deserialize, Serialize};

use crate::limits::MAX_DIAGNOSTICS;
use crate::span::Span;

/// A stable code for one kind of oddity. The wire form is the kebab-case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// Bytes that no row of the command table explains.
    UnknownCommand,
    /// A command was cut off by the end of the stream or of the document.
    IncompleteCommand,
    /// A claimed payload length was too large to believe.
    ClaimTooLong,
    /// `ESC t` selected a code page that the printer's family is not known to have; read as 437.
    UnknownCodePage,
    /// The printer's dialect was found out from here on.
    DialectInferred,
    /// Bytes that the text encoding does not define; shown as U+FFFD.
    UndecodableText,
    /// Bytes may be missing here (a cable pulled, a buffer overrun, a restart).
    Gap,
    /// Bytes may be missing before this document, which itself starts with the printer's reset
    /// (`ESC @`) or after a cut, and is taken to be whole.
    GapBefore,
    /// The document ended because nothing came for a while.
    EndedByIdle,
    /// The document ended because a cap was reached.
    EndedByLimit,
    /// The connection closed, or the capture ended, before a cut.
    EndedWithoutCut,
    /// Bytes of a drawer pulse inside the data of another command: a printer may have acted on
    /// them. Not counted as a kick.
    PossibleKickInData,
    /// A line was longer than the cap and was broken.
    LineTooLong,
    /// A macro was printed less often than the till asked, since a cap was reached.
    MacroShortened,
    /// More amounts than the reader considers.
    TooManyCandidates,
    /// Several readings of the amounts were equally good.
    Ambiguous,
    /// The printed amounts do not add up.
    DoesNotAddUp,
    /// Dots or data of codes beyond the cap of a document were left out.
    ImageCut,
    /// An image without text: the words of this receipt, if any, are pixels.
    ImageOnly,
    /// The same receipt was printed again without being marked as a copy.
    UnmarkedCopy,
    /// The receipt's time is in the future or more than a day old: the till's clock is wrong.
    PrintedAtImplausible,
    /// The decoder itself failed on these bytes, or on those right before; they were left unread.
    DecoderFault,
    /// More diagnostics than are kept.
    TooManyDiagnostics,
}

/// One oddity, where it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of oddity.
    pub code: Code,
    /// First byte concerned, absolute in the lane.
    pub start: u64,
    /// Just past the last byte concerned.
    pub end: u64,
    /// A few words for people: numbers, command bytes in hex. Never text of the receipt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Diagnostic {
    /// A diagnostic of kind `code` at `span`.
    pub fn new(code: Code, span: Span, detail: impl Into<String>) -> Self {
        Self { code, start: span.start, end: span.end, detail: detail.into() }
    }
}

/// The diagnostics of one document, capped at [`MAX_DIAGNOSTICS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    dropped: u64,
}

impl Diagnostics {
    /// Adds one. A neighbour of the same kind and detail grows instead; past the cap only the
    /// count grows.
    pub fn push(&mut self, found: Diagnostic) {
        if let Some(last) = self.list.last_mut()
            && last.code == found.code
            && last.end == found.start
            && last.detail == found.detail
        {
            last.end = found.end;
        } else if self.list.len() < MAX_DIAGNOSTICS {
            self.list.push(found);
        } else {
            self.dropped += 1;
        }
    }

    /// Adds all of `later`, which were seen after these.
    pub fn append(&mut self, later: Self) {
        later.list.into_iter().for_each(|found| self.push(found));
        self.dropped += later.dropped;
    }

    /// Whether nothing odd was seen.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of kind `code` was seen.
    pub fn has(&self, code: Code) -> bool {
        self.list.iter().any(|d| d.code == code)
    }

    /// The list as it goes into an event.
    pub fn into_list(mut self) -> Vec<Diagnostic> {
        if self.dropped > 0 {
            let end = self.list.last().map_or(0, |d| d.end);
            let detail = format!("{} more", self.dropped);
            self.list.push(Diagnostic::new(Code::TooManyDiagnostics, Span::empty(end), detail));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic, Diagnostics};
    use crate::limits::MAX_DIAGNOSTICS;
    use crate::span::Span;

    #[test]
    fn neighbours_of_one_kind_become_one() {
        let mut all = Diagnostics::default();
        for at in 0..1_000 {
            all.push(Diagnostic::new(Code::UnknownCommand, Span::new(at, at + 1), ""));
        }
        let list = all.into_list();
        assert_eq!((list.len(), list[0].end), (1, 1_000));
    }

    #[test]
    fn the_cap_is_visible() {
        let mut all = Diagnostics::default();
        for at in 0..200 {
            all.push(Diagnostic::new(Code::Gap, Span::empty(at * 3), at.to_string()));
        }
        let list = all.into_list();
        assert_eq!(list.len(), MAX_DIAGNOSTICS + 1);
        assert_eq!(list.last().map(|d| d.detail.as_str()), Some("136 more"));
    }

    #[test]
    fn codes_are_kebab_case_on_the_wire() {
        let text = serde_json::to_string(&Code::EndedWithoutCut).expect("a unit variant");
        assert_eq!(text, "\"ended-without-cut\"");
    }
}
