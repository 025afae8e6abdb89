//! Bytes as people write them down: two digits each.

use std::fmt::Write as _;

/// `bytes` in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Memory takes every byte.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
