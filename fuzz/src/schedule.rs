//! Timed records made of a stream: how it is cut, which lane each piece comes on, what happens in
//! between.

use pos_protocol::session::{Boundary, GapReason, Lane};

use crate::Input;

/// A step and its monotonic time in milliseconds.
pub type Record<'a> = (u64, Step<'a>);

/// What a capture process hands over.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// Bytes on a lane.
    Bytes(Lane, &'a [u8]),
    /// A lane ended.
    Close(Lane, Boundary),
    /// Bytes may be missing.
    Gap(GapReason),
    /// A look at the clock.
    Timeout,
}

/// SplitMix64: any seed will do, and nothing but the seed matters.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers that follow from `seed`.
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed))
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Connections open side by side.
const LANES: u64 = 3;
/// Pauses in milliseconds: none, short, about the idle time, about the kick window, long.
const PAUSES: [u64; 8] = [0, 0, 0, 7, 2_999, 3_000, 5_001, 600_001];

/// The records of `input`. A seed of 0 sends everything at once; `replies` lets some pieces come
/// from the printer.
pub fn steps<'a>(input: &Input<'a>, replies: bool) -> Vec<Record<'a>> {
    if input.seed == 0 {
        return vec![(0, Step::Bytes(Lane::ToPrinter(0), input.bytes))];
    }
    let mut random = Random::new(input.seed);
    let longest = [8, 64, 512, 4_096][random.below(4)];
    let calm = random.below(2) == 0;
    let (mut now, mut closed, mut rest, mut records) = (0, 0, input.bytes, Vec::new());
    while !rest.is_empty() {
        let (piece, later) = rest.split_at((1 + random.below(longest)).min(rest.len()));
        rest = later;
        // A connection's number is not used again once it has ended.
        let conn = closed * LANES + if calm { 0 } else { random.below(LANES as usize) as u64 };
        let lane = if replies && random.below(3) == 0 {
            Lane::FromPrinter(conn)
        } else {
            Lane::ToPrinter(conn)
        };
        records.push((now, Step::Bytes(lane, piece)));
        if !calm {
            now += PAUSES[random.below(PAUSES.len())];
        }
        match random.below(if calm { 64 } else { 12 }) {
            0 => records.push((now, Step::Timeout)),
            1 => records.push((now, Step::Gap(GapReason::Overrun))),
            2 => {
                let why = [Boundary::Closed, Boundary::Broken][random.below(2)];
                closed += 1;
                records.push((now, Step::Close(Lane::ToPrinter(conn), why)));
            }
            _ => {}
        }
    }
    records
}
