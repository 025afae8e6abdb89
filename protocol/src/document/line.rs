//! One line of text in which every character knows its bytes, its column and its look.
//!
//! Positions are kept for stretches of characters of equal size, so a line costs little more than
//! its text.

use core::ops::Range;

use super::style::Style;
use crate::escpos::command::Align;
use crate::span::Span;
use crate::text;

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What stands there, without blanks at the end.
    pub text: String,
    /// Where it stands between the margins. `text` is not padded for it.
    pub align: Align,
    /// Columns left free by a left margin. They are not in `text`.
    pub margin: usize,
    /// Where the document starts.
    pub(super) origin: u64,
    pub(super) stretches: Stretches,
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

/// At least one where there is text. The first needs no memory of its own: most lines have one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretches {
    first: Placed,
    more: Vec<Placed>,
}

impl Stretches {
    /// The stretch that holds byte `at`, and which one it is.
    fn find(&self, at: usize) -> (usize, &Placed) {
        let index = self.more.partition_point(|placed| placed.text as usize <= at);
        (index, index.checked_sub(1).map_or(&self.first, |i| &self.more[i]))
    }

    /// Where stretch `index` ends in a text of `len` bytes.
    fn end(&self, index: usize, len: usize) -> usize {
        self.more.get(index).map_or(len, |next| next.text as usize)
    }

    fn iter(&self) -> impl Iterator<Item = &Placed> {
        core::iter::once(&self.first).chain(&self.more)
    }
}

impl Line {
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
        let (_, placed) = self.stretches.find(at);
        let nth = (at - placed.text as usize) / usize::from(placed.char_text.max(1));
        let size = u64::from(placed.char_bytes);
        let start = u64::from(placed.start) + nth as u64 * size;
        (start, start + size)
    }

    /// The print column at which byte `at` of the text stands: wide characters take two, enlarged
    /// ones as many times more, and the left margin counts.
    pub fn column_of(&self, at: usize) -> usize {
        let mut column = self.margin;
        for (index, placed) in self.stretches.iter().enumerate() {
            let from = placed.text as usize;
            if from >= at {
                break;
            }
            let to = self.stretches.end(index, self.text.len()).min(at);
            column += columns(self.text.get(from..to).unwrap_or_default(), placed);
        }
        column
    }

    /// Columns that the line takes, its left margin included.
    pub fn columns(&self) -> usize {
        self.column_of(self.text.len())
    }

    /// The text in pieces of one look each.
    pub fn styles(&self) -> impl Iterator<Item = (Range<usize>, Style)> + '_ {
        let mut index = 0;
        core::iter::from_fn(move || {
            let placed = self.stretches.iter().nth(index).filter(|_| !self.text.is_empty())?;
            let start = placed.text as usize;
            let same = |next: &&Placed| next.style == placed.style;
            let run = self.stretches.more.get(index..)?.iter().take_while(same).count();
            let end = self.stretches.end(index + run, self.text.len());
            index += run + 1;
            Some((start..end, placed.style))
        })
    }

    /// Appends a stretch whose text is already there.
    pub(super) fn place(&mut self, placed: Placed) {
        if placed.text == 0 {
            self.stretches.first = placed;
        } else {
            self.stretches.more.push(placed);
        }
    }

    /// Takes blanks off the end.
    pub(super) fn trim_end(&mut self) {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        while self.stretches.more.last().is_some_and(|last| last.text as usize >= kept) {
            self.stretches.more.pop();
        }
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

    /// "ab" at 10, a wide "計" of two bytes at 20, then "c" in double width at 30.
    fn line() -> Line {
        let mut line = Line { text: "ab計c".to_owned(), origin: 1_000, ..Line::default() };
        let large = Style { width: 2, ..Style::default() };
        let style = Style::default();
        line.place(Placed { text: 0, start: 10, char_text: 1, char_bytes: 1, style });
        line.place(Placed { text: 2, start: 20, char_text: 3, char_bytes: 2, style });
        line.place(Placed { text: 5, start: 30, char_text: 1, char_bytes: 1, style: large });
        line
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
