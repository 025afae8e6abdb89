//! Lines of text as SVG: every word at the position that its columns give it, so that columns
//! stand under one another whatever font the viewer has.

use core::fmt::Write as _;
use core::ops::Range;
use std::borrow::Cow;

use super::line::Line;
use super::style::{FONT_A, FONT_B, Style};
use super::svg::{edge, share};
use crate::text;

/// Dots that a line of this text takes.
pub(super) fn height(line: &Line<'_>) -> u32 {
    line.styles().map(|(_, style)| cell(style).1).max().unwrap_or(FONT_A.1.into())
}

/// Dots from the edge of the print area to the end of the text.
pub(super) fn reach(line: &Line<'_>) -> u32 {
    let text = line.styles().map(|(range, style)| span(line.text, range, style)).sum::<u32>();
    (line.margin as u32).saturating_mul(FONT_A.0.into()).saturating_add(text)
}

/// As [`reach`], as if nothing were enlarged.
pub(super) fn plain_reach(line: &Line<'_>) -> u32 {
    let plain = |style| Style { width: 1, ..style };
    let text = line.styles().map(|(range, style)| span(line.text, range, plain(style)));
    (line.margin as u32).saturating_mul(FONT_A.0.into()).saturating_add(text.sum::<u32>())
}

/// Draws one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen<'a> {
    pub(super) line: Line<'a>,
    /// Where the line begins in its paper's text.
    pub(super) first: usize,
    /// Every word by itself, with its bytes.
    pub(super) words: bool,
    /// Bytes of the paper's text that are not shown.
    pub(super) hidden: &'a [Range<usize>],
}

impl Pen<'_> {
    /// Draws the line with its top at `top`. A line that a printer would go on with below is set
    /// narrower instead: it is easier to read in one piece.
    pub(super) fn draw(&self, paper: u32, top: u32, out: &mut String) {
        const WHOLE: u32 = 1_000;
        let reach = reach(&self.line);
        if reach <= paper {
            return self.draw_in_place(paper, top, out);
        }
        let parts = (u64::from(paper) * u64::from(WHOLE) / u64::from(reach)).max(1);
        let edge = edge();
        let _ = write!(
            out,
            r#"<g transform="translate({edge} 0) scale({}.{:03} 1) translate(-{edge} 0)">"#,
            parts / u64::from(WHOLE),
            parts % u64::from(WHOLE)
        );
        self.draw_in_place(reach, top, out);
        out.push_str("</g>");
    }

    fn draw_in_place(&self, paper: u32, top: u32, out: &mut String) {
        let line = &self.line;
        let (height, reach) = (height(line), reach(line));
        let margin = line.margin as u32 * u32::from(FONT_A.0);
        let turned = line.styles().any(|(_, style)| style.upside_down);
        if turned {
            let (x, y) = (edge() + paper / 2, top + height / 2);
            let _ = write!(out, r#"<g transform="rotate(180 {x} {y})">"#);
        }
        let mut x = edge() + margin + share(line.align, paper.saturating_sub(reach));
        for (range, style) in line.styles() {
            let width = span(line.text, range.clone(), style);
            let (_, own) = cell(style);
            // Characters of one line stand on one baseline.
            let y = top + height - own;
            if style.inverse {
                let _ =
                    write!(out, r##"<path d="M{x} {y}h{width}v{own}h-{width}z" fill="#111"/>"##);
            }
            self.all_words(range, style, (x, y), out);
            if style.underline {
                let _ = write!(out, r#"<path d="M{x} {}h{width}v2h-{width}z"/>"#, y + own - 2);
            }
            x += width;
        }
        if turned {
            out.push_str("</g>");
        }
    }

    /// Draws the words of one look. A word is what stands between two blanks or more, where each is
    /// drawn by itself between single ones, and is narrow or wide throughout.
    fn all_words(
        &self,
        range: Range<usize>,
        style: Style,
        (mut x, y): (u32, u32),
        out: &mut String,
    ) {
        let between = if self.words { " " } else { "  " };
        let mut at = range.start;
        let mut rest = self.line.text.get(range).unwrap_or_default();
        while !rest.is_empty() {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            x += blanks as u32 * cell(style).0;
            (rest, at) = (&rest[blanks..], at + blanks);
            let wide = rest.chars().next().is_some_and(|c| text::columns(c) == 2);
            let end = rest.find(|c| (text::columns(c) == 2) != wide).unwrap_or(rest.len());
            let end = rest[..end].find(between).unwrap_or(end);
            let (word, after) = rest.split_at(end);
            let shown = word.trim_end_matches(' ');
            if !shown.is_empty() {
                self.one_word(at..at + shown.len(), wide, style, (x, y), out);
            }
            x += span(word, 0..word.len(), style);
            (rest, at) = (after, at + end);
        }
    }

    fn one_word(
        &self,
        range: Range<usize>,
        wide: bool,
        style: Style,
        (x, top): (u32, u32),
        out: &mut String,
    ) {
        let word = self.line.text.get(range.clone()).unwrap_or_default();
        let (_, height) = cell(style);
        let width = span(word, 0..word.len(), style);
        // A wide character is as high as its line, a narrow one is set in five sixths of it.
        let size = if wide { height } else { height * 5 / 6 };
        let baseline = top + height * 4 / 5 + u32::from(wide) * height / 16;
        let mut class = String::new();
        let looks =
            [(style.bold || style.double_strike, "b"), (style.italic, "i"), (style.inverse, "v")];
        for (_, name) in looks.into_iter().filter(|(on, _)| *on) {
            class.push_str(if class.is_empty() { "" } else { " " });
            class.push_str(name);
        }
        if !class.is_empty() {
            class = format!(r#" class="{class}""#);
        }
        let _ = write!(
            out,
            r#"<text{class} x="{x}" y="{baseline}" font-size="{size}" textLength="{width}" lengthAdjust="spacingAndGlyphs""#
        );
        if self.words {
            let place = self.line.span(range.clone());
            let _ = write!(out, r#" data-s="{}" data-e="{}""#, place.start, place.end);
        }
        out.push('>');
        escape(&self.told(word, range.start), out);
        out.push_str("</text>");
    }

    /// The word, which begins at byte `at` of the line, without what is hidden.
    fn told<'w>(&self, word: &'w str, at: usize) -> Cow<'w, str> {
        let first = self.first + at;
        let is_hidden = |byte: usize| self.hidden.iter().any(|range| range.contains(&byte));
        if !word.char_indices().any(|(index, _)| is_hidden(first + index)) {
            return Cow::Borrowed(word);
        }
        let star = |(index, c): (usize, char)| match text::columns(c) {
            _ if !is_hidden(first + index) => c,
            2 => '\u{FF0A}',
            _ => '*',
        };
        Cow::Owned(word.char_indices().map(star).collect())
    }
}

/// Text in the middle of `x`, its baseline at `y`.
pub(super) fn centred(text: &str, x: u32, y: u32, out: &mut String) {
    if !text.is_empty() {
        let _ = write!(out, r#"<text class="m" x="{x}" y="{y}">"#);
        escape(text, out);
        out.push_str("</text>");
    }
}

/// Width and height of one column, in dots.
fn cell(style: Style) -> (u32, u32) {
    let height = if style.font_b { FONT_B.1 } else { FONT_A.1 };
    let width = u32::from(style.column_dots()) * u32::from(style.width);
    (width, u32::from(height) * u32::from(style.height))
}

fn span(text: &str, range: Range<usize>, style: Style) -> u32 {
    let text = text.get(range).unwrap_or_default();
    text.chars().map(|c| text::columns(c) as u32).sum::<u32>() * cell(style).0
}

/// Text as XML allows it; what XML cannot hold becomes U+FFFD.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}
