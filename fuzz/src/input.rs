//! An input's head.

use pos_protocol::limits::Limits;
use pos_protocol::profile::{Dialect, Encoding, Profile, Timing};

/// Two bytes of choices, four that seed the schedule.
pub const HEAD_BYTES: usize = 6;

/// Caps that a short stream reaches.
pub const SMALL_CAPS: Limits =
    Limits { document_lines: 16, document_bytes: 256, line_bytes: 16, image_bytes: 512 };

/// A stream, and how it is to be read.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// What is known of the printer.
    pub profile: Profile,
    /// The caps.
    pub limits: Limits,
    /// Everything else is derived from it.
    pub seed: u32,
    /// What the till sends.
    pub bytes: &'a [u8],
}

impl<'a> Input<'a> {
    /// Reads the head. An input without one is of no use.
    pub fn parse(data: &'a [u8]) -> Option<Self> {
        let (head, bytes) = data.split_first_chunk::<HEAD_BYTES>()?;
        let [choice, encoding, a, b, c, d] = *head;
        let dialects = [Dialect::Auto, Dialect::Escpos, Dialect::StarLine, Dialect::StarPrnt];
        let encodings =
            [Encoding::Auto, Encoding::Gb18030, Encoding::Big5, Encoding::Utf8, Encoding::CodePage];
        let profile = Profile {
            dialect: dialects[usize::from(choice & 3)],
            // Most inputs leave the encoding to be found out.
            encoding: encodings.get(usize::from(encoding & 15)).copied().unwrap_or_default(),
            timing: if choice & 4 == 0 { Timing::Live } else { Timing::File },
            ..Profile::default()
        };
        let limits = if choice & 8 == 0 { Limits::default() } else { SMALL_CAPS };
        Some(Self { profile, limits, seed: u32::from_le_bytes([a, b, c, d]), bytes })
    }
}
