//! One line of text in which every character knows its bytes, its column and its look.
//!
//! Positions are kept for stretches of characters of equal size, so a line costs little more than
//! its text. It looks into its [paper](super::paper), which holds the text and the stretches of all
//! lines together.

use core::ops::Range;

use super::style::Style;
use crate::escpos::command::Align;
use crate::span::Span;
use crate::text;

/// One line of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<'p> {
    /// What stands there, without blanks at the end.
    pub text: &'p str,
    /// Where it stands between the margins. `text` is not padded for it.
    pub align: Align,
    /// Columns left free by a left margin. They are not in `text`.
    pub margin: usize,
    /// Where the document starts.
    pub(super) origin: u64,
    /// At least one where there is text.
    pub(super) stretches: &'p [Placed],
}

/// Characters of equal size and look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// First byte in the line's text.
    pub(super) text: u32,
    /// Stream offset of the first character, relative to the document.
    pub(super) start: u32,
    /// Text bytes of one character.
    pub(super) char_text: u8,
    /// Stream bytes of one character.
    pub(super) char_bytes: u8,
    pub(super) style: Style,
}

impl<'p> Line<'p> {
    /// Where in the stream the characters of `text[range]` stand. An empty range gives an empty
    /// span; text without bytes of its own (a macro's) gives the first byte of what put it there.
    pub fn span(&self, range: Range<usize>) -> Span {
        let range = range.start.min(self.text.len())..range.end.min(self.text.len());
        if range.is_empty() {
            return Span::empty(self.origin);
        }
        let (start, _) = self.bytes_at(range.start);
        let (_, end) = self.bytes_at(range.end - 1);
        Span::new(self.origin + start, self.origin + end.max(start + 1))
    }

    /// Where the character that byte `at` belongs to begins and ends, relative to the document.
    fn bytes_at(&self, at: usize) -> (u64, u64) {
        let after = self.stretches.partition_point(|placed| placed.text as usize <= at);
        let index = after.saturating_sub(1);
        let placed = self.stretches.get(index).copied().unwrap_or_default();
        let nth = (at - placed.text as usize) / usize::from(placed.char_text.max(1));
        let size = u64::from(placed.char_bytes);
        let start = u64::from(placed.start) + nth as u64 * size;
        (start, start + size)
    }

    /// The print column at which byte `at` of the text stands: wide characters take two, enlarged
    /// ones as many times more, and the left margin counts.
    pub fn column_of(&self, at: usize) -> usize {
        let before = self.stretches.iter().take_while(|placed| (placed.text as usize) < at);
        let ends = self.stretches.iter().skip(1).map(|next| next.text as usize);
        let ends = ends.chain(core::iter::once(self.text.len()));
        let taken = before.zip(ends).map(|(placed, end)| {
            let text = self.text.get(placed.text as usize..end.min(at));
            columns(text.unwrap_or_default(), placed)
        });
        self.margin + taken.sum::<usize>()
    }

    /// Columns that the line takes, its left margin included.
    pub fn columns(&self) -> usize {
        self.column_of(self.text.len())
    }

    /// The text in pieces of one look each.
    pub fn styles(&self) -> impl Iterator<Item = (Range<usize>, Style)> + use<'p> {
        let len = self.text.len();
        let mut pieces = self.stretches.chunk_by(|a, b| a.style == b.style).peekable();
        core::iter::from_fn(move || {
            let first = pieces.next()?.first()?;
            let next = pieces.peek().and_then(|next| next.first());
            let end = next.map_or(len, |next| next.text as usize);
            Some((first.text as usize..end, first.style))
        })
    }
}

/// Columns that `text`, one stretch or a part of it, takes.
pub(super) fn columns(text: &str, placed: &Placed) -> usize {
    let single: usize =
        if placed.char_text == 1 { text.len() } else { text.chars().map(text::columns).sum() };
    single * usize::from(placed.style.width)
}

#[cfg(test)]
mod tests {
    use super::{Line, Placed, Style};

    const LARGE: Style = Style { width: 2, ..Style::PLAIN };
    const STRETCHES: [Placed; 3] = [
        Placed { text: 0, start: 10, char_text: 1, char_bytes: 1, style: Style::PLAIN },
        Placed { text: 2, start: 20, char_text: 3, char_bytes: 2, style: Style::PLAIN },
        Placed { text: 5, start: 30, char_text: 1, char_bytes: 1, style: LARGE },
    ];

    /// "ab" at 10, a wide "計" of two bytes at 20, then "c" in double width at 30.
    fn line() -> Line<'static> {
        Line { text: "ab計c", origin: 1_000, stretches: &STRETCHES, ..Line::default() }
    }

    #[test]
    fn every_character_knows_its_bytes() {
        let line = line();
        let span = |range| {
            let span = line.span(range);
            (span.start, span.end)
        };
        assert_eq!(span(0..1), (1_010, 1_011));
        assert_eq!(span(1..5), (1_011, 1_022));
        assert_eq!(span(2..5), (1_020, 1_022));
        assert_eq!(span(5..6), (1_030, 1_031));
        assert_eq!(span(6..9), (1_000, 1_000), "past the end");
    }

    #[test]
    fn columns_count_wide_and_enlarged_characters() {
        let line = Line { margin: 4, ..line() };
        assert_eq!([0, 1, 2, 5, 6].map(|at| line.column_of(at)), [4, 5, 6, 8, 10]);
        assert_eq!(line.columns(), 10);
    }

    #[test]
    fn styles_cover_the_text_once() {
        let found: Vec<_> = line().styles().map(|(range, style)| (range, style.width)).collect();
        assert_eq!(found, [(0..5, 1), (5..6, 2)]);
        assert_eq!(Line::default().styles().count(), 0);
    }
}
