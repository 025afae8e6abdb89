//! The caps that callers set or that several steps share, by name; a cap of one step stands beside
//! it, as a constant called `MAX_` or `MOST_`. Hitting one is always visible: a diagnostic, a
//! boundary or a shortened field, never silence.

use serde::{Deserialize, Serialize};

/// Longest payload that is held back and delivered with its command, in bytes. Longer ones are
/// passed on as they come.
pub const MAX_INLINE_PAYLOAD: usize = 64;
/// Longest list ended by a terminator (tab stops, Star NUL and RS lists), in bytes. Epson allows
/// 32 tab stops and Star 16.
pub const MAX_LIST_BYTES: usize = 64;
/// Longest NUL-terminated barcode of `GS k` function A, in bytes (the length field of function B
/// is one byte).
pub const MAX_BARCODE_BYTES: usize = 255;
/// Largest claimed payload that is believed (`GS 8 L` can claim 4 GiB), in bytes. A longer claim is
/// framed as a command without payload.
pub const MAX_CLAIM_BYTES: u64 = 4 * 1024 * 1024;
/// Most lanes of one session that may be open at once; the oldest is ended beyond that.
pub const MAX_LANES: usize = 256;
/// Most recent sales remembered to recognise an unmarked second print.
pub const MAX_RECENT_SALES: usize = 64;
/// Most diagnostics kept for one document; the last one then says how many were dropped.
pub const MAX_DIAGNOSTICS: usize = 64;
/// Most amounts of one document that the reader considers.
pub const MAX_CANDIDATES: usize = 4_096;
/// Most assignments of amounts to a receipt's sums that are tried. A receipt with every kind of sum
/// needs a few hundred.
pub const MAX_ASSIGNMENTS: usize = 65_536;
/// Most bytes of dots that a printer's memory for stored images (logos) is kept as; an image that
/// does not fit is not kept. TM-T88 printers have 256 KiB.
pub const MAX_STORED_IMAGE_BYTES: usize = 256 * 1024;
/// Most stored images.
pub const MAX_STORED_IMAGES: usize = 64;
/// Longest data of a two-dimensional code, in bytes: 7,089 digits in the largest QR code and the
/// three bytes before them (ESC/POS, `GS ( k`).
pub const MAX_SYMBOL_BYTES: usize = 7_092;
/// Most kicks of one document; the document ends there.
pub const MAX_KICKS: usize = 64;
/// Most kicks that wait for a sale to explain them; the oldest is told as a no-sale beyond that.
pub const MAX_PENDING_KICKS: usize = 64;
/// Most questions to a printer that wait for their answers, by connection; the oldest is given up
/// beyond that. A till asks a few at a time; on a tap that hears no answers they pile up.
pub const MAX_REQUESTS: usize = 32;
/// Longest text block that a printer answers, in bytes. Epson's are below 80.
pub const MAX_BLOCK_BYTES: usize = 128;
/// Longest code that opens a drawer on a port of its own, in bytes.
pub const MAX_OPEN_CODE: usize = 16;

/// The caps a caller may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most lines of one document; the document ends there.
    pub document_lines: usize,
    /// Most text bytes of one document, runs at 48 bytes each included; the document ends there.
    pub document_bytes: usize,
    /// Most bytes of one line; the line is broken there.
    pub line_bytes: usize,
    /// Most bytes of dots of one document; dots beyond that are dropped and counted.
    pub image_bytes: usize,
}

impl Limits {
    /// The same caps, none below what lets a session make progress.
    #[must_use]
    pub fn at_least(self) -> Self {
        Self {
            document_lines: self.document_lines.max(16),
            document_bytes: self.document_bytes.max(256),
            line_bytes: self.line_bytes.max(16),
            image_bytes: self.image_bytes.max(256),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_lines: 20_000,
            document_bytes: 512 * 1024,
            line_bytes: 4_096,
            image_bytes: 4 * 1024 * 1024,
        }
    }
}
