//! Text drawn as dots, for programs that send their receipts as pictures.
//!
//! One font, twelve dots a column, twenty-four rows a line: what Odoo sends is larger and
//! smoother, and cut into strips of the same height.

use super::encoder::{Align, Size};
use super::font::{GLYPH_COLUMNS, GLYPH_ROWS, glyph};
use super::logo::Bitmap;

/// Dots of one column of text, blank included.
pub(super) const COLUMN_DOTS: usize = 12;
/// Rows of one strip.
pub(super) const STRIP_ROWS: usize = 24;
/// Dots of paper per dot of the font.
const SCALE: usize = 2;
/// Rows above the letters.
const TOP_ROWS: usize = 4;

/// Paper to draw on.
#[derive(Debug)]
pub(super) struct Canvas {
    columns: usize,
    align: Align,
    size: Size,
}

impl Canvas {
    /// Paper of `columns`.
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, align: Align::Left, size: Size::Normal }
    }

    /// Where the next line stands.
    pub(super) fn align(&mut self, align: Align) {
        self.align = align;
    }

    /// How large the next line is.
    pub(super) fn size(&mut self, size: Size) {
        self.size = size;
    }

    /// The strips of one line; a tall line has two.
    pub(super) fn line(&self, text: &str) -> Vec<Bitmap> {
        let (wide, tall) = match self.size {
            Size::Normal => (1, 1),
            Size::Tall => (1, 2),
            Size::Double => (2, 2),
        };
        let letters: Vec<_> = text.chars().take(self.columns / wide).map(glyph).collect();
        let room = self.columns - letters.len() * wide;
        let first = if self.align == Align::Centre { room / 2 } else { 0 };
        let ink = |x: usize, y: usize| {
            let Some(x) = x.checked_sub(first * COLUMN_DOTS) else { return false };
            let Some(&letter) = letters.get(x / (COLUMN_DOTS * wide)) else { return false };
            let column = x % (COLUMN_DOTS * wide) / (SCALE * wide);
            let Some(row) = (y / tall).checked_sub(TOP_ROWS) else { return false };
            let row = row / SCALE;
            let drawn = column < GLYPH_COLUMNS && row < GLYPH_ROWS;
            drawn && letter[row] >> (GLYPH_COLUMNS - 1 - column) & 1 == 1
        };
        let strip = |number: usize| {
            let ink = |x: i32, y: i32| ink(x as usize, y as usize + number * STRIP_ROWS);
            Bitmap::draw(self.columns * COLUMN_DOTS, STRIP_ROWS, ink)
        };
        (0..tall).map(strip).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Canvas, STRIP_ROWS};
    use crate::print::encoder::{Align, Size};

    #[test]
    fn a_line_is_a_strip_and_a_double_line_is_two() {
        let mut canvas = Canvas::new(48);
        let strips = canvas.line("TOTAL");
        assert_eq!((strips.len(), strips[0].row_bytes(), strips[0].height()), (1, 72, STRIP_ROWS));
        canvas.size(Size::Double);
        assert_eq!(canvas.line("TOTAL").len(), 2);
    }

    #[test]
    fn a_centred_line_has_its_ink_in_the_middle() {
        let mut canvas = Canvas::new(4);
        canvas.align(Align::Centre);
        let strip = &canvas.line("II")[0];
        let first = strip.bytes().chunks(strip.row_bytes()).all(|row| row[0] == 0);
        assert!(first && strip.bytes().iter().any(|&byte| byte != 0));
    }
}
