//! Dots on paper: one image as rows of packed bits.
//!
//! Commands send rows or columns, whole images or strips of them; here they are all rows, most
//! significant bit left, 1 is black. Nothing here knows a command.

use serde::{Deserialize, Serialize};

use crate::hex;

/// Widest that images standing in one line become together, in dots: more than any receipt printer
/// prints.
const MAX_LINE_DOTS: u32 = 2_048;

/// One image.
///
/// An image without rows was printed from the printer's memory and stored before anybody listened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Dots of a row.
    width: u32,
    #[serde(with = "hex")]
    rows: Vec<u8>,
    /// Paper dots for each dot, across and down.
    scale: (u8, u8),
    /// Stands in a line of text like a character (`ESC *`), rather than on rows of its own.
    in_line: bool,
}

impl Image {
    /// An image of rows, each filled up to a whole byte. A row that is not complete is left out.
    pub fn from_rows(width: u32, mut rows: Vec<u8>) -> Self {
        let complete = rows.len().checked_div(stride(width)).unwrap_or(0);
        rows.truncate(complete * stride(width));
        let mut image = Self { width, rows, scale: (1, 1), in_line: false };
        image.blank_padding();
        image
    }

    /// An image of columns of `column` bytes each, topmost dot first; at most `cap` bytes of rows.
    /// A column that is not complete is left out.
    pub fn from_columns(columns: &[u8], column: usize, cap: usize) -> Self {
        let column = column.max(1);
        let width = columns.len() / column;
        let stride = width.div_ceil(8);
        let height = (column * 8).min(cap.checked_div(stride).unwrap_or(0));
        let mut rows = vec![0; stride * height];
        for (x, dots) in columns.chunks_exact(column).enumerate() {
            for (y, row) in rows.chunks_exact_mut(stride.max(1)).enumerate() {
                let dot = dots.get(y / 8).map_or(0, |byte| byte >> (7 - y % 8) & 1);
                row[x / 8] |= dot << (7 - x % 8);
            }
        }
        Self { width: width as u32, rows, scale: (1, 1), in_line: false }
    }

    /// An image printed from memory that was filled before anybody listened.
    pub fn unseen() -> Self {
        Self { scale: (1, 1), ..Self::default() }
    }

    /// The same image, this many paper dots for each of its dots.
    #[must_use]
    pub fn scaled(self, x: u8, y: u8) -> Self {
        Self { scale: (x.max(1), y.max(1)), ..self }
    }

    /// The same image, standing in a line of text.
    #[must_use]
    pub fn within_line(self) -> Self {
        Self { in_line: true, ..self }
    }

    /// The same image, its topmost `height` rows only.
    #[must_use]
    pub fn cropped(mut self, height: usize) -> Self {
        self.rows.truncate(height.saturating_mul(self.stride()));
        self
    }

    /// Dots of a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.rows.len().checked_div(self.stride()).unwrap_or(0) as u32
    }

    /// Bytes of a row.
    pub fn stride(&self) -> usize {
        stride(self.width)
    }

    /// The rows, packed.
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Width and height on paper, in dots.
    pub fn printed(&self) -> (u32, u32) {
        let (x, y) = self.scale;
        (self.width.saturating_mul(x.into()), self.height().saturating_mul(y.into()))
    }

    /// Whether it stands in a line of text.
    pub fn is_in_line(&self) -> bool {
        self.in_line
    }

    /// Whether its dots are unknown: stored before anybody listened.
    pub fn is_unseen(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the dot is black. Outside the image all is white.
    #[cfg(test)]
    pub(super) fn dot(&self, x: u32, y: u32) -> bool {
        if x >= self.width {
            return false;
        }
        let at = (y as usize).saturating_mul(self.stride()).saturating_add(x as usize / 8);
        self.rows.get(at).is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1)
    }

    /// Bytes of white rows between this image and `next` below it, where the two are strips of one
    /// image: of the same kind and width, after the paper moved by `feed` dots with nothing printed.
    ///
    /// Programs that draw whole receipts send them as strips, feed by a strip between them, and
    /// leave out a strip that is white.
    pub fn white_between(&self, next: &Self, feed: u32) -> Option<usize> {
        let alike = !self.is_unseen()
            && !next.is_unseen()
            && (self.width, self.scale, self.in_line) == (next.width, next.scale, next.in_line);
        let strip = next.printed().1;
        let white = feed.saturating_sub(strip);
        let rows = white / u32::from(self.scale.1.max(1));
        let left_out = white == 0 || (white <= strip && !self.in_line);
        (alike && left_out).then(|| rows as usize * self.stride())
    }

    /// Puts `next` below, after `white` bytes of white rows.
    pub fn append(&mut self, next: &Self, white: usize) {
        self.rows.resize(self.rows.len() + white, 0);
        self.rows.extend_from_slice(&next.rows);
    }

    /// Puts `next` to the right; `false` where the two do not fit together.
    pub fn append_right(&mut self, next: &Self) -> bool {
        let width = self.width + next.width;
        let alike = (self.height(), self.scale) == (next.height(), next.scale);
        if !alike || self.is_unseen() || width > MAX_LINE_DOTS {
            return false;
        }
        let (stride, at, shift) = (stride(width), self.width as usize / 8, self.width % 8);
        let mut rows = Vec::with_capacity(stride * self.height() as usize);
        let lines = self.rows.chunks_exact(self.stride());
        for (left, right) in lines.zip(next.rows.chunks_exact(next.stride())) {
            let start = rows.len();
            rows.extend_from_slice(left);
            rows.resize(start + stride, 0);
            for (i, byte) in right.iter().enumerate() {
                let pair = (u16::from(*byte) << 8 >> shift).to_be_bytes();
                for (dots, place) in pair.into_iter().zip(&mut rows[start + at + i..]) {
                    *place |= dots;
                }
            }
        }
        (self.width, self.rows) = (width, rows);
        true
    }

    /// Bits right of the last dot are nobody's; white, so that equal pictures are equal.
    fn blank_padding(&mut self) {
        let spare = (8 - self.width % 8) % 8;
        let (stride, mask) = (self.stride(), 0xFF << spare);
        if spare > 0 {
            for row in self.rows.chunks_exact_mut(stride) {
                row[stride - 1] &= mask;
            }
        }
    }
}

/// Bytes of a row of `width` dots.
pub(super) fn stride(width: u32) -> usize {
    width.div_ceil(8) as usize
}

#[cfg(test)]
pub(super) mod tests {
    use super::Image;

    /// The image as text: `#` is black.
    pub(in super::super) fn drawing(image: &Image) -> Vec<String> {
        let row = |y| (0..image.width()).map(|x| if image.dot(x, y) { '#' } else { '.' }).collect();
        (0..image.height()).map(row).collect()
    }

    #[test]
    fn rows_and_columns_of_one_picture_are_the_same_image() {
        let rows = Image::from_rows(3, vec![0b1000_0000, 0b0100_0000, 0b0010_0000, 0, 0, 0, 0, 0]);
        let columns = Image::from_columns(&[0x80, 0x40, 0x20], 1, 64);
        assert_eq!(rows, columns);
        assert_eq!(drawing(&rows)[..3], ["#..", ".#.", "..#"]);
    }

    #[test]
    fn bits_beyond_the_width_are_not_part_of_the_picture() {
        let image = Image::from_rows(3, vec![0xFF]);
        assert_eq!(image.rows(), [0xE0]);
        assert!(!image.dot(3, 0));
    }

    #[test]
    fn a_row_or_column_that_was_cut_short_is_left_out() {
        assert_eq!(drawing(&Image::from_rows(16, vec![0xFF; 3])), ["################"]);
        assert_eq!(Image::from_columns(&[0xFF; 3], 2, 64).width(), 1);
    }

    #[test]
    fn columns_become_no_more_rows_than_the_cap_allows() {
        let image = Image::from_columns(&[0xFF; 300], 300, 10);
        assert_eq!((image.width(), image.height()), (1, 10));
    }

    #[test]
    fn images_of_one_line_stand_side_by_side_dot_for_dot() {
        let mut left = Image::from_columns(&[0x80, 0x40, 0x20], 1, 64);
        let right = Image::from_columns(&[0x10, 0x20, 0x40, 0x80, 0x80, 0x40, 0x20, 0x10], 1, 64);
        assert!(left.append_right(&right));
        let expected = ["#.....##...", ".#...#..#..", "..#.#....#.", "...#......#"];
        assert_eq!(drawing(&left)[..4], expected);
        assert!(!left.append_right(&Image::from_columns(&[0; 6], 3, 64)), "another height");
    }

    #[test]
    fn a_strip_joins_only_its_like_and_only_when_close() {
        let mut first = Image::from_rows(8, vec![1, 2, 3]);
        let next = Image::from_rows(8, vec![4, 5, 6]);
        let between = [0, 3, 5, 6, 7].map(|feed| first.white_between(&next, feed));
        assert_eq!(between, [Some(0), Some(0), Some(2), Some(3), None]);
        assert_eq!(first.white_between(&Image::from_rows(16, vec![0; 6]), 0), None);
        assert_eq!(first.white_between(&next.clone().scaled(2, 1), 0), None);
        first.append(&next, 2);
        assert_eq!(first.rows(), [1, 2, 3, 0, 0, 4, 5, 6]);
    }

    #[test]
    fn images_in_lines_join_only_where_the_lines_touch() {
        let line = Image::from_columns(&[0xFF; 24], 3, 96).within_line();
        assert_eq!(line.white_between(&line, 24), Some(0));
        assert_eq!(line.white_between(&line, 30), None);
    }
}
