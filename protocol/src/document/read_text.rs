//! Stand-in for `text::decode::read`, with its signature, one character at a time: replaced by it
//! when it is there.

use crate::profile::Profile;
use crate::text::{CharacterState, Charset, decode};

/// Which code pages a printer has.
#[derive(Clone, Copy, Debug)]
pub struct Pages;

impl Pages {
    /// Those of a profile.
    pub fn of(_: &Profile) -> Self {
        Self
    }
}

/// A stretch of characters of equal size.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// UTF-8 bytes of the whole stretch.
    pub text: usize,
    /// Stream bytes.
    pub bytes: usize,
    /// Characters.
    pub chars: usize,
    /// Whether the bytes mean something in the encoding.
    pub valid: bool,
}

/// Appends the characters of `bytes` to `out`, calling `stretch` for each run of equal ones.
pub fn read(
    bytes: &[u8],
    charset: Charset,
    _: Pages,
    state: CharacterState,
    out: &mut String,
    stretch: &mut impl FnMut(Stretch),
) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let plain = rest.iter().position(|b| !matches!(b, 0x20..=0x7E)).unwrap_or(rest.len());
        if plain > 0 {
            out.push_str(core::str::from_utf8(&rest[..plain]).unwrap_or_default());
            stretch(Stretch { text: plain, bytes: plain, chars: plain, valid: true });
            rest = &rest[plain..];
            continue;
        }
        let decoded = decode::first(rest, charset, state);
        let before = out.len();
        out.push(decoded.first);
        out.extend(decoded.second);
        let text = out.len() - before;
        stretch(Stretch { text, bytes: decoded.len, chars: 1, valid: decoded.valid });
        rest = &rest[decoded.len..];
    }
}
