//! A paper as plain text that looks like it: alignment and margins become blanks.
//!
//! Not here: sizes and inks, which text cannot show.

use super::Align;
use super::line::Line;
use super::paper::Paper;
use crate::text;

/// Columns of the common papers: 58 mm, 76 mm, 80 mm in font A at 180 and at 203 dots an inch, and
/// 80 mm in font B.
const WIDTHS: [usize; 6] = [32, 40, 42, 48, 56, 64];

/// Draws the paper. How wide it is nobody says: the longest line tells.
pub fn render(paper: &Paper) -> String {
    let longest = paper.lines().map(|line| line.columns()).max().unwrap_or(0);
    let width = WIDTHS.into_iter().find(|width| *width >= longest).unwrap_or(longest);
    let mut out = String::new();
    for line in paper.lines() {
        let free = width.saturating_sub(line.margin + shown(&line));
        let blanks = match line.align {
            Align::Left => 0,
            Align::Centre => free / 2,
            Align::Right => free,
        };
        if !line.text.is_empty() {
            out.extend(core::iter::repeat_n(' ', line.margin + blanks));
            out.push_str(line.text);
        }
        out.push('\n');
    }
    out
}

/// Columns that the text takes on a screen, where nothing is enlarged.
fn shown(line: &Line<'_>) -> usize {
    line.text.chars().map(text::columns).sum()
}
