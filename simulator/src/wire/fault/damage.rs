//! A receipt on its way to being damaged: bytes that change or go missing, and cuts between them.
//!
//! Everything is kept at the offsets of the sound receipt until the end.

use std::ops::Range;

use crate::wire::Piece;

/// A receipt under damage.
#[derive(Debug)]
pub(super) struct Patient {
    bytes: Vec<Option<u8>>,
    cuts: Vec<(usize, Piece)>,
}

impl Patient {
    pub(super) fn new(receipt: &[u8]) -> Self {
        Self { bytes: receipt.iter().copied().map(Some).collect(), cuts: Vec::new() }
    }

    /// Changes the byte at `at` by `mask`; one that is gone stays gone.
    pub(super) fn flip(&mut self, at: usize, mask: u8) {
        if let Some(byte) = &mut self.bytes[at] {
            *byte ^= mask;
        }
    }

    /// Takes `range` out.
    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.bytes[range].fill(None);
    }

    /// What lies in `range` now.
    pub(super) fn peek(&self, range: Range<usize>) -> Vec<u8> {
        self.bytes[range].iter().copied().flatten().collect()
    }

    /// Lets `piece` happen before the byte at `at`.
    pub(super) fn cut(&mut self, at: usize, piece: Piece) {
        self.cuts.push((at, piece));
    }

    /// The pieces in order; nothing follows a pulled plug.
    pub(super) fn into_pieces(mut self) -> Vec<Piece> {
        // Stable: what was cut first at a place happens first.
        self.cuts.sort_by_key(|(at, _)| *at);
        let mut pieces = Vec::new();
        let mut from = 0;
        for (at, piece) in std::mem::take(&mut self.cuts) {
            self.put(&mut pieces, from..at);
            from = at;
            let last = matches!(piece, Piece::Unplug(_));
            pieces.push(piece);
            if last {
                return pieces;
            }
        }
        self.put(&mut pieces, from..self.bytes.len());
        pieces
    }

    fn put(&self, pieces: &mut Vec<Piece>, range: Range<usize>) {
        let bytes = self.peek(range);
        if !bytes.is_empty() {
            pieces.push(Piece::Bytes(bytes));
        }
    }
}
