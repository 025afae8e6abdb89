//! Windows bitmaps of two colours, as `GS D` stores them.
//!
//! Bitmaps of more colours are not drawn: printers dither them in ways of their own.

use super::image::{Image, stride};

/// Where the second header begins.
const HEADER: usize = 14;

/// The darker of the two colours is black. `None` where it is not an uncompressed bitmap of one
/// bit a dot.
pub(super) fn bitmap(file: &[u8]) -> Option<Image> {
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(*file.get(at..)?.first_chunk::<4>()?))
    };
    let (width, height) = (number(18)?, number(22)?.cast_signed());
    let (depth, compression) = (number(26)? >> 16, number(30)?);
    if depth != 1 || compression != 0 || width == 0 || width > u32::from(u16::MAX) {
        return None;
    }
    let palette = HEADER + number(HEADER)? as usize;
    let light = |at: usize| -> Option<u32> {
        let colour = file.get(at..)?.first_chunk::<3>()?;
        Some(colour.iter().map(|part| u32::from(*part)).sum())
    };
    // Without a palette that tells them apart, 0 is black, as in most bitmaps.
    let zero_is_black = light(palette)? <= light(palette + 4)?;
    let row = stride(width).next_multiple_of(4);
    let mut lines: Vec<&[u8]> = file
        .get(number(10)? as usize..)?
        .chunks_exact(row)
        .take(height.unsigned_abs() as usize)
        .collect();
    if height > 0 {
        lines.reverse();
    }
    let invert = if zero_is_black { 0xFF } else { 0 };
    let rows = lines.iter().flat_map(|line| &line[..stride(width)]).map(|byte| byte ^ invert);
    Some(Image::from_rows(width, rows.collect()))
}
