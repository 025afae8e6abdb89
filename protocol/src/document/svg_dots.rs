//! Dots, bars and modules as SVG: images as PNG with one bit a dot, codes as one path each.
//!
//! The PNG is not compressed (deflate's stored blocks): it is looked at once, and its size is
//! bounded by the cap of images.

use core::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::image::Image;
use super::qr::Modules;
use super::symbol::linear::Bars;

/// Longest stored block of deflate (RFC 1951, 3.2.4).
const MAX_BLOCK: usize = 0xFFFF;
/// Adler-32's modulus (RFC 1950).
const ADLER: u32 = 65_521;
/// Bytes after which sums of Adler-32 must be reduced to stay within 32 bits.
const ADLER_RUN: usize = 5_552;

/// Draws an image at its place.
pub(super) fn image(image: &Image, (x, y): (u32, u32), out: &mut String) {
    let (width, height) = image.printed();
    let _ = write!(
        out,
        r#"<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" href="data:image/png;base64,"#
    );
    STANDARD.encode_string(png(image), out);
    out.push_str("\"/>");
}

/// Draws bars, from left to right.
pub(super) fn bars(
    bars: &Bars,
    module: u32,
    height: u32,
    (mut x, y): (u32, u32),
    out: &mut String,
) {
    let _ = write!(out, r#"<path class="code" d=""#);
    for (i, width) in bars.widths.iter().enumerate() {
        let width = u32::from(*width) * module;
        if i % 2 == 0 {
            let _ = write!(out, "M{x} {y}h{width}v{height}h-{width}z");
        }
        x += width;
    }
    out.push_str("\"/>");
}

/// Draws modules, each run of dark ones of a row as one piece.
pub(super) fn modules(modules: &Modules, module: u32, (x, y): (u32, u32), out: &mut String) {
    let _ = write!(out, r#"<path class="code" d=""#);
    let rows = modules.dark.chunks_exact(modules.side.max(1) as usize);
    for (row, top) in rows.zip((0..).map(|i| y + i * module)) {
        let mut left = x;
        for run in row.chunk_by(|a, b| a == b) {
            let width = run.len() as u32 * module;
            if run[0] {
                let _ = write!(out, "M{left} {top}h{width}v{module}h-{width}z");
            }
            left += width;
        }
    }
    out.push_str("\"/>");
}

/// The image as PNG (ISO/IEC 15948): greyscale, one bit a dot.
fn png(image: &Image) -> Vec<u8> {
    let mut lines = Vec::with_capacity(image.rows().len() + image.height() as usize);
    for row in image.rows().chunks_exact(image.stride().max(1)) {
        lines.push(0);
        // In PNG 1 is white.
        lines.extend(row.iter().map(|byte| !byte));
    }
    let mut header = [image.width().to_be_bytes(), image.height().to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(*b"IHDR", &header, &mut out);
    chunk(*b"IDAT", &stored(&lines), &mut out);
    chunk(*b"IEND", &[], &mut out);
    out
}

fn chunk(kind: [u8; 4], data: &[u8], out: &mut Vec<u8>) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(kind);
    out.extend_from_slice(data);
    let sum = crc32fast::hash(&out[start..]);
    out.extend(sum.to_be_bytes());
}

/// A zlib stream without compression (RFC 1950).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.len().div_ceil(MAX_BLOCK);
    for (i, block) in data.chunks(MAX_BLOCK).enumerate() {
        let len = block.len() as u16;
        out.push(u8::from(i + 1 == blocks));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn adler32(data: &[u8]) -> u32 {
    let (mut a, mut b) = (1, 0);
    for run in data.chunks(ADLER_RUN) {
        for byte in run {
            a += u32::from(*byte);
            b += a;
        }
        (a, b) = (a % ADLER, b % ADLER);
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::{adler32, png};
    use crate::document::image::Image;

    #[test]
    fn adler_32_is_that_of_the_standard() {
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert_eq!(adler32(&vec![0xFF; 100_000]), 0x149A_302C);
    }

    #[test]
    fn a_png_holds_the_rows_inverted_in_stored_blocks() {
        let png = png(&Image::from_rows(9, vec![0xC0, 0x00, 0x80, 0x80]));
        assert!(
            png.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x09\0\0\0\x02\x01\0\0\0\0")
        );
        let data = png.windows(4).position(|w| w == b"IDAT").expect("IDAT") + 4;
        assert_eq!(png[data..][..7], [0x78, 0x01, 0x01, 6, 0, 0xF9, 0xFF]);
        assert_eq!(png[data + 7..][..6], [0, 0x3F, 0xFF, 0, 0x7F, 0x7F]);
    }
}
