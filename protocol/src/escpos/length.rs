//! How many bytes follow a command's prefix, by the rules of the manuals.
//!
//! A rule is asked again as parameters arrive. It never allocates what a length field claims; it
//! only says how much would follow.

use crate::limits::{MAX_BARCODE_BYTES, MAX_CLAIM_BYTES, MAX_INLINE_PAYLOAD, MAX_LIST_BYTES};

/// Most tab stops that `ESC D` takes.
const MAX_TAB_STOPS: usize = 32;

/// One manual's rule. Positions count parameters from 0, right after the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant explains its fields")]
pub enum Length {
    /// Always this many.
    Fixed(u8),
    /// A little-endian count of `width` bytes at `at`; the payload starts at `base`.
    Counted { at: u8, width: u8, base: u8 },
    /// The product of two little-endian numbers of `width` bytes at `x` and `y`, times `unit`;
    /// the payload starts at `base`.
    Area { x: u8, y: u8, width: u8, base: u8, unit: u8 },
    /// A little-endian 16-bit number at `at` times `unit`; the payload starts at `base`.
    Times { at: u8, base: u8, unit: u8 },
    /// Bytes up to and including `end`.
    List { end: u8 },
    /// `ESC D`: ascending column numbers up to and including NUL.
    Tabs,
    /// `DLE EOT n [a]`: a second parameter for n = 0, 7, 8, 18.
    DleEot,
    /// `ESC & y c1 c2 [x d...]...`: user-defined characters, each as wide as it says.
    Characters,
    /// `ESC * m nL nH d...`: one byte a column at 8 dots, three at 24.
    BitImage,
    /// `FS q n [xL xH yL yH d...]...`: stored images.
    NvImages,
    /// `GS V m [n]`: a distance for the feeding and reserving forms.
    GsV,
    /// `GS k m ...`: function A ends with NUL, function B has a count.
    GsK,
    /// `GS D ...` with a Windows bitmap, whose header holds its size.
    Bitmap,
    /// `GS ( k pL pH cn fn ...`: only function 80, which stores data, is long.
    Symbol,
    /// `GS C ;`: five numbers, each followed by a semicolon.
    FiveSemicolons,
    /// No parameter in some firmwares, one switch (00, 01, 30, 31) in others.
    Optional,
    /// Star `ESC C`: two parameters where the first is zero.
    StarPageLength,
    /// Star `ESC GS P n ...`: as many as the function needs.
    StarPageMode,
    /// Star `ESC &`: three parameters and 48 bytes of dots.
    StarCharacter,
}

/// The shape of one item of a repeating payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A width byte, then `height` times as many.
    Character {
        /// Bytes a column.
        height: u8,
    },
    /// Width and height in units of eight dots, then the dots.
    NvImage,
}

impl Item {
    /// Bytes that tell the item's size.
    pub fn head(self) -> usize {
        match self {
            Self::Character { .. } => 1,
            Self::NvImage => 4,
        }
    }

    /// Bytes that follow the head.
    pub fn body(self, head: &[u8]) -> u64 {
        match self {
            Self::Character { height } => u64::from(height) * little_endian(head, 0, 1),
            Self::NvImage => little_endian(head, 0, 2) * little_endian(head, 2, 2) * 8,
        }
    }
}

/// What a rule says, given the parameters seen so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant explains its fields")]
pub enum Measure {
    /// At least this many parameters are needed to tell.
    Need(usize),
    /// The command ends after this many. Fewer than were given: the others are not its own.
    Args(usize),
    /// After this many parameters `rest` bytes of payload follow.
    Payload { args: usize, rest: u64 },
    /// After this many parameters `count` items follow.
    Items { args: usize, count: u32, item: Item },
    /// What is claimed to follow this many parameters is not believable.
    TooLong { args: usize, claimed: u64 },
    /// The list has no end where it must have one: only this many parameters are the command's.
    Unterminated { args: usize },
}

impl Length {
    /// Applies the rule to the parameters seen so far.
    pub fn measure(self, args: &[u8]) -> Measure {
        match self {
            Self::Fixed(n) => fixed(args, usize::from(n)),
            Self::Counted { at, width, base } => counted(args, at, width, base),
            Self::Area { x, y, width, base, unit } => after(args, base, |args| {
                little_endian(args, x, width) * little_endian(args, y, width) * u64::from(unit)
            }),
            Self::Times { at, base, unit } => {
                after(args, base, |args| little_endian(args, at, 2) * u64::from(unit))
            }
            Self::BitImage => after(args, 3, |args| {
                little_endian(args, 1, 2) * if matches!(args[0], 32 | 33) { 3 } else { 1 }
            }),
            Self::List { end } => list(args, 0, MAX_LIST_BYTES, |byte| byte == end, |_| true),
            Self::Tabs => tabs(args),
            Self::Characters => characters(args),
            Self::NvImages => match args.first() {
                None => Measure::Need(1),
                Some(&n) => Measure::Items { args: 1, count: u32::from(n), item: Item::NvImage },
            },
            Self::GsK => barcode(args),
            Self::Symbol => symbol(args),
            Self::Bitmap => bitmap(args),
            Self::FiveSemicolons => five_semicolons(args),
            Self::StarCharacter => fixed(args, 3 + 48),
            Self::DleEot
            | Self::GsV
            | Self::Optional
            | Self::StarPageLength
            | Self::StarPageMode => by_first(self, args),
        }
    }
}

/// Rules whose length follows from the first parameter alone.
fn by_first(rule: Length, args: &[u8]) -> Measure {
    let Some(&first) = args.first() else { return Measure::Need(1) };
    let total = match (rule, first) {
        (Length::Optional, 0x00 | 0x01 | 0x30 | 0x31) => 1,
        (Length::Optional, _) => 0,
        (Length::DleEot, 0 | 7 | 8 | 18) | (Length::GsV, 65 | 66 | 97 | 98 | 103 | 104) => 2,
        (Length::StarPageLength, 0) | (Length::StarPageMode, 2 | b'2') => 2,
        (Length::StarPageMode, 3 | b'3') => 9,
        (Length::StarPageMode, 4 | 5 | b'4' | b'5') => 3,
        _ => 1,
    };
    fixed(args, total)
}

fn fixed(args: &[u8], total: usize) -> Measure {
    if args.len() < total { Measure::Need(total) } else { Measure::Args(total) }
}

/// A payload of `claim(args)` bytes after `base` parameters: inline where short, refused where
/// not believable.
fn after(args: &[u8], base: u8, claim: impl Fn(&[u8]) -> u64) -> Measure {
    let base = usize::from(base);
    if args.len() < base {
        return Measure::Need(base);
    }
    let rest = claim(args);
    match usize::try_from(rest) {
        Ok(rest) if rest <= MAX_INLINE_PAYLOAD => fixed(args, base + rest),
        _ if rest > MAX_CLAIM_BYTES => Measure::TooLong { args: base, claimed: rest },
        _ => Measure::Payload { args: base, rest },
    }
}

fn counted(args: &[u8], at: u8, width: u8, base: u8) -> Measure {
    after(args, base, |args| little_endian(args, at, width))
}

/// `width` bytes at `at`, least significant first.
fn little_endian(args: &[u8], at: u8, width: u8) -> u64 {
    let at = usize::from(at);
    args[at..at + usize::from(width)].iter().rev().fold(0, |value, &b| value << 8 | u64::from(b))
}

/// Bytes from parameter `from` on, up to and including the one that is an `end`.
fn list(
    args: &[u8],
    from: usize,
    cap: usize,
    end: impl Fn(u8) -> bool,
    allowed: impl Fn(u8) -> bool,
) -> Measure {
    for (at, &byte) in args.iter().enumerate().skip(from) {
        if end(byte) {
            return Measure::Args(at + 1);
        }
        if at - from >= cap || !allowed(byte) {
            return Measure::Unterminated { args: from };
        }
    }
    Measure::Need(args.len() + 1)
}

/// A printer stops reading tab stops at the first that does not ascend (TM-T88III, `ESC D`).
fn tabs(args: &[u8]) -> Measure {
    let mut last = 0;
    for (at, &stop) in args.iter().enumerate() {
        if stop == 0 {
            return Measure::Args(at + 1);
        }
        if stop <= last || at >= MAX_TAB_STOPS {
            return Measure::Args(at);
        }
        last = stop;
    }
    Measure::Need(args.len() + 1)
}

fn characters(args: &[u8]) -> Measure {
    let &[height, first, last, ..] = args else { return Measure::Need(3) };
    let count = if last < first { 0 } else { u32::from(last - first) + 1 };
    Measure::Items { args: 3, count, item: Item::Character { height } }
}

/// `GS k`: symbologies 0 to 6 end with NUL and hold nothing below 20; 65 to 79 have a count.
fn barcode(args: &[u8]) -> Measure {
    match args.first() {
        None => Measure::Need(1),
        Some(0..=6) => list(args, 1, MAX_BARCODE_BYTES, |b| b == 0, |b| b >= 0x20),
        Some(65..=79) => counted(args, 1, 1, 2),
        Some(_) => Measure::Args(1),
    }
}

/// Settings and print functions have 3 to 5 parameters (ESC/POS reference, `GS ( k`); a longer one
/// has lost a byte.
fn symbol(args: &[u8]) -> Measure {
    const MOST: u8 = 9;
    const STORE: u8 = 80;
    match args {
        [_, 1..=0xFF, ..] | [MOST..=0xFF, ..] if args.len() < 4 => Measure::Need(4),
        [_, 1..=0xFF, _, function, ..] | [MOST..=0xFF, _, _, function, ..]
            if *function != STORE =>
        {
            Measure::Unterminated { args: 4 }
        }
        _ => counted(args, 0, 2, 2),
    }
}

/// The bitmap's size stands at byte 2 of its header, which starts with "BM".
fn bitmap(args: &[u8]) -> Measure {
    const SETTINGS: usize = 7;
    const HEADER: usize = 6;
    if args.len() < SETTINGS + HEADER {
        return Measure::Need(SETTINGS + HEADER);
    }
    if &args[SETTINGS..SETTINGS + 2] != b"BM" {
        return Measure::Unterminated { args: SETTINGS };
    }
    let rest = little_endian(args, 9, 4).saturating_sub(HEADER as u64);
    if rest > MAX_CLAIM_BYTES {
        return Measure::TooLong { args: SETTINGS + HEADER, claimed: rest };
    }
    Measure::Payload { args: SETTINGS + HEADER, rest }
}

fn five_semicolons(args: &[u8]) -> Measure {
    let ends = args.iter().take(MAX_LIST_BYTES).enumerate().filter(|(_, byte)| **byte == b';');
    match ends.map(|(at, _)| at).nth(4) {
        Some(at) => Measure::Args(at + 1),
        None if args.len() >= MAX_LIST_BYTES => Measure::Unterminated { args: 0 },
        None => Measure::Need(args.len() + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Length, Measure};

    #[test]
    fn a_rule_never_measures_more_than_it_was_given_as_arguments() {
        let rules = crate::escpos::table::ROWS.iter().chain(crate::star::table::ROWS);
        for row in rules {
            for fill in [0x00, 0x01, 0x20, 0x31, 0x41, 0x7F, 0xFF] {
                let mut args = Vec::new();
                while let Measure::Need(n) = row.length.measure(&args) {
                    assert!(n > args.len() && n < 400, "{} asks for progress", row.name);
                    args.resize(n, fill);
                }
                let own = match row.length.measure(&args) {
                    Measure::Args(n)
                    | Measure::Payload { args: n, .. }
                    | Measure::Items { args: n, .. }
                    | Measure::TooLong { args: n, .. }
                    | Measure::Unterminated { args: n } => n,
                    Measure::Need(_) => unreachable!("the loop ended"),
                };
                assert!(own <= args.len(), "{}", row.name);
            }
        }
    }

    #[test]
    fn a_raster_image_is_bytes_times_dots() {
        let rule = Length::Area { x: 1, y: 3, width: 2, base: 5, unit: 1 };
        let measured = rule.measure(&[0, 48, 0, 24, 0]);
        assert_eq!(measured, Measure::Payload { args: 5, rest: 48 * 24 });
        let flipped = rule.measure(&[0, 48, 0xFF, 24, 0xFF]);
        assert!(matches!(flipped, Measure::TooLong { claimed, .. } if claimed > 4_000_000_000));
    }

    #[test]
    fn a_barcode_without_its_nul_gives_the_rest_back() {
        assert_eq!(Length::GsK.measure(b"\x04ABC\0"), Measure::Args(5));
        assert_eq!(Length::GsK.measure(b"\x04ABC\n"), Measure::Unterminated { args: 1 });
        assert_eq!(Length::GsK.measure(b"\x49\x02ab"), Measure::Args(4));
    }

    #[test]
    fn tab_stops_end_at_the_first_that_does_not_ascend() {
        assert_eq!(Length::Tabs.measure(&[8, 16, 0]), Measure::Args(3));
        assert_eq!(Length::Tabs.measure(&[8, 16, 9]), Measure::Args(2));
    }

    #[test]
    fn a_switch_takes_only_what_looks_like_one() {
        assert_eq!(Length::Optional.measure(b"1"), Measure::Args(1));
        assert_eq!(Length::Optional.measure(b"T"), Measure::Args(0));
    }

    #[test]
    fn items_measure_themselves() {
        assert_eq!(Item::Character { height: 3 }.body(&[12]), 36);
        assert_eq!(Item::NvImage.body(&[2, 0, 3, 0]), 48);
    }
}
