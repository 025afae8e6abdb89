//! The bytes in which a printer says how it is.
//!
//! Pure functions of its condition. Bits that the manual fixes are in the constants.

use super::condition::{Condition, Paper, Polarity};

/// Fixed bits of every `DLE EOT` answer.
const REAL_TIME: u8 = 0x12;
/// Fixed bit of the first byte of an automatic status.
const ASB: u8 = 0x10;
/// Fourth byte of an automatic status, as the TM-T88V sends it.
const ASB_RESERVED: u8 = 0x0F;
/// Heads of answers that are blocks; they end with NUL.
const BLOCK_A: u8 = 0x3D;
const BLOCK_B: u8 = 0x5F;
const PROCESS_ID: [u8; 2] = [0x37, 0x22];

/// What a host may want to be told when it changes, as the bits of `GS a`.
pub(super) mod watch {
    pub(crate) const DRAWER: u8 = 0x01;
    pub(crate) const ONLINE: u8 = 0x02;
    pub(crate) const PAPER: u8 = 0x08;
}

fn bit(on: bool, bit: u8) -> u8 {
    u8::from(on) << bit
}

/// The answer to `DLE EOT n`; nothing to an `n` that it does not know.
pub(super) fn real_time(n: u8, is: Condition, polarity: Polarity) -> Option<u8> {
    let (low, out) = (is.paper != Paper::Full, is.paper == Paper::Out);
    let bits = match n {
        1 => bit(is.pin3_high(polarity), 2) | bit(!is.online(), 3),
        2 => bit(is.cover_open, 2) | bit(out, 5),
        3 => 0,
        4 => (u8::from(low) * 0x0C) | (u8::from(out) * 0x60),
        _ => return None,
    };
    Some(REAL_TIME | bits)
}

/// The answer to `GS r n`.
pub(super) fn in_order(n: u8, is: Condition, polarity: Polarity) -> Option<u8> {
    match n {
        1 | 49 => Some(paper(is)),
        2 | 50 => Some(bit(is.pin3_high(polarity), 0)),
        _ => None,
    }
}

/// The answer to `GS I n`.
pub(super) fn identity(n: u8) -> Vec<u8> {
    let block = |head: u8, text: &str| [&[head], text.as_bytes(), &[0]].concat();
    match n {
        // Model, type (two-byte characters and a cutter) and version.
        1 | 49 => vec![0x20],
        2 | 50 => vec![0x03],
        3 | 51 => vec![0x01],
        33 => block(BLOCK_A, "possim"),
        65 => block(BLOCK_B, env!("CARGO_PKG_VERSION")),
        66 => block(BLOCK_B, "POSSIM"),
        67 => block(BLOCK_B, "SIM-80"),
        68 => block(BLOCK_B, "000001"),
        69 => block(BLOCK_B, "BIG5 GB18030"),
        _ => Vec::new(),
    }
}

/// The answer to `GS ( H`, function 48.
pub(super) fn process_id(id: [u8; 4]) -> Vec<u8> {
    [&PROCESS_ID[..], &id, &[0]].concat()
}

/// The automatic status.
pub(super) fn automatic(is: Condition, polarity: Polarity) -> [u8; 4] {
    let first = bit(is.pin3_high(polarity), 2) | bit(!is.online(), 3) | bit(is.cover_open, 5);
    [ASB | first, 0, paper(is), ASB_RESERVED]
}

/// Which of the watched things differ between two conditions.
pub(super) fn changes(old: Condition, new: Condition) -> u8 {
    let mask = |differs: bool, what: u8| if differs { what } else { 0 };
    let cover = old.cover_open != new.cover_open;
    mask(old.drawer_open != new.drawer_open, watch::DRAWER)
        | mask(old.online() != new.online() || cover, watch::ONLINE)
        | mask(old.paper != new.paper, watch::PAPER)
}

fn paper(is: Condition) -> u8 {
    match is.paper {
        Paper::Full => 0,
        Paper::Low => 0x03,
        Paper::Out => 0x0F,
    }
}

#[cfg(test)]
mod tests {
    use super::{automatic, changes, identity, in_order, process_id, real_time, watch};
    use crate::printer::{Condition, Paper, Polarity};

    const HIGH: Polarity = Polarity::OpenIsHigh;

    fn conditions() -> Vec<Condition> {
        let mut all = Vec::new();
        for paper in [Paper::Full, Paper::Low, Paper::Out] {
            for bits in 0..8 {
                all.push(Condition {
                    paper,
                    cover_open: bits & 1 != 0,
                    off_line: bits & 2 != 0,
                    drawer_open: bits & 4 != 0,
                });
            }
        }
        all
    }

    #[test]
    fn fixed_bits_are_right_in_every_condition() {
        for is in conditions() {
            for polarity in [Polarity::OpenIsLow, HIGH] {
                for n in 1..=4 {
                    let byte = real_time(n, is, polarity).expect("an answer");
                    assert_eq!(byte & 0x93, 0x12, "DLE EOT {n} of {is:?}");
                }
                for n in 1..=2 {
                    assert_eq!(in_order(n, is, polarity).expect("an answer") & 0x90, 0);
                }
                let asb = automatic(is, polarity);
                assert_eq!(asb[0] & 0x93, 0x10, "{is:?}");
                assert!(asb[1..].iter().all(|byte| byte & 0x90 == 0), "{is:?}");
            }
        }
    }

    #[test]
    fn each_trouble_shows_in_its_bit() {
        let well = Condition::default();
        let open = Condition { drawer_open: true, ..well };
        assert_eq!(real_time(1, well, HIGH), Some(0x12));
        assert_eq!(real_time(1, open, HIGH), Some(0x16));
        assert_eq!(real_time(1, open, Polarity::OpenIsLow), Some(0x12));
        assert_eq!((in_order(2, well, HIGH), in_order(2, open, HIGH)), (Some(0), Some(1)));
        let cover = Condition { cover_open: true, ..well };
        assert_eq!(real_time(1, cover, HIGH), Some(0x1A));
        assert_eq!(real_time(2, cover, HIGH), Some(0x16));
        assert_eq!(automatic(cover, HIGH), [0x38, 0, 0, 0x0F]);
        let low = Condition { paper: Paper::Low, ..well };
        assert_eq!((real_time(4, low, HIGH), in_order(1, low, HIGH)), (Some(0x1E), Some(3)));
        let out = Condition { paper: Paper::Out, ..well };
        assert_eq!(real_time(4, out, HIGH), Some(0x7E));
        assert_eq!(real_time(2, out, HIGH), Some(0x32));
        assert_eq!(automatic(out, HIGH), [0x18, 0, 0x0F, 0x0F]);
    }

    #[test]
    fn what_changed_is_told_apart() {
        let well = Condition::default();
        assert_eq!(changes(well, well), 0);
        let open = Condition { drawer_open: true, ..well };
        assert_eq!(changes(well, open), watch::DRAWER);
        let out = Condition { paper: Paper::Out, ..well };
        assert_eq!(changes(well, out), watch::PAPER | watch::ONLINE);
    }

    #[test]
    fn blocks_begin_with_their_head_and_end_with_nul() {
        assert_eq!(process_id(*b"0042"), *b"\x37\x220042\0");
        for (n, head) in [(33, 0x3D), (65, 0x5F), (66, 0x5F), (69, 0x5F)] {
            let block = identity(n);
            assert_eq!((block[0], block.last()), (head, Some(&0)));
        }
        assert!(identity(200).is_empty());
    }
}
