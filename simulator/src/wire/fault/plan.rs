//! From specification and seed to the pieces of one receipt.
//!
//! Each kind of fault draws from a `ChaCha` stream of its own for each receipt: adding a kind to
//! the specification moves none of the others.

use std::fmt;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::damage::Patient;
use super::record::{Damage, Fault};
use super::spec::{self, BadFaults, Entry, Mishap, WHOLE};
use crate::hex::hex;
use crate::wire::Piece;

/// Pause between the pieces of a split receipt: without it the kernel joins them again before the
/// reader looks.
const SPLIT_PAUSE: Duration = Duration::from_millis(2);

/// What will go wrong on one cable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultPlan {
    entries: Vec<Entry>,
    seed: u64,
}

/// A receipt as it will be carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// What happens on the cable, in order.
    pub pieces: Vec<Piece>,
    /// What that does to the receipt.
    pub faults: Vec<Fault>,
}

impl FaultPlan {
    /// A cable without faults.
    pub fn none() -> Self {
        Self { entries: Vec::new(), seed: 0 }
    }

    /// Reads `KIND=CHANCE%[/AMOUNT]`, separated by commas. Kinds are `flip` (amount: bits), `burst`,
    /// `drop`, `split` (amount: bytes at most), `stall` and `unplug` (amount: a time); the chance is
    /// per receipt.
    pub fn parse(text: &str, seed: u64) -> Result<Self, BadFaults> {
        Ok(Self { entries: spec::read(text)?, seed })
    }

    /// The same faults in other places.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The specification with every chance and amount, as it can be typed again.
    pub fn specification(&self) -> String {
        let entries: Vec<String> = self.entries.iter().map(ToString::to_string).collect();
        entries.join(",")
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What becomes of `bytes`, the `receipt`th on this cable, from 1.
    pub fn damage(&self, receipt: u64, bytes: &[u8]) -> Damaged {
        let mut patient = Patient::new(bytes);
        let mut faults = Vec::new();
        // In one byte there is no middle to break.
        let entries = if bytes.len() < 2 { &[][..] } else { &self.entries };
        for entry in entries {
            let mut random = self.random(receipt, entry.mishap);
            if random.random_range(0..WHOLE) < entry.chance {
                let damages = strike(entry, &mut patient, bytes.len(), &mut random);
                faults.extend(damages.into_iter().map(|damage| Fault { receipt, damage }));
            }
        }
        Damaged { pieces: patient.into_pieces(), faults }
    }

    fn random(&self, receipt: u64, mishap: Mishap) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(receipt * Mishap::ALL.len() as u64 + mishap as u64);
        random
    }
}

impl fmt::Display for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with seed {}", self.specification(), self.seed)
    }
}

/// Lets one kind of fault happen to a receipt of `len` bytes.
fn strike(
    entry: &Entry,
    patient: &mut Patient,
    len: usize,
    random: &mut ChaCha8Rng,
) -> Vec<Damage> {
    let pause = Duration::from_millis(u64::from(entry.amount));
    match entry.mishap {
        Mishap::Flip => (0..entry.amount).map(|_| flip(patient, len, random)).collect(),
        Mishap::Burst => vec![burst(patient, len, entry.amount, random)],
        Mishap::Drop => {
            let (at, end) = run(len, entry.amount, random);
            let bytes = hex(&patient.peek(at..end));
            patient.remove(at..end);
            vec![Damage::Drop { at, bytes }]
        }
        Mishap::Split => vec![split(patient, len, entry.amount, random)],
        Mishap::Stall => {
            let at = middle(len, random);
            patient.cut(at, Piece::Silence(pause));
            vec![Damage::Stall { at, ms: u64::from(entry.amount) }]
        }
        Mishap::Unplug => {
            let at = middle(len, random);
            patient.cut(at, Piece::Unplug(pause));
            vec![Damage::Unplug { at, left: len - at, ms: u64::from(entry.amount) }]
        }
    }
}

fn flip(patient: &mut Patient, len: usize, random: &mut ChaCha8Rng) -> Damage {
    let at = random.random_range(0..len as u32) as usize;
    let bit = random.random_range(0..u8::BITS);
    patient.flip(at, 1 << bit);
    Damage::Flip { at, bit }
}

fn burst(patient: &mut Patient, len: usize, most: u32, random: &mut ChaCha8Rng) -> Damage {
    let (at, end) = run(len, most, random);
    let was = hex(&patient.peek(at..end));
    for byte in at..end {
        patient.flip(byte, random.random_range(1..=u8::MAX));
    }
    Damage::Burst { at, was, became: hex(&patient.peek(at..end)) }
}

fn split(patient: &mut Patient, len: usize, most: u32, random: &mut ChaCha8Rng) -> Damage {
    let (mut at, mut pieces) = (0, 1);
    loop {
        at += random.random_range(1..=most) as usize;
        if at >= len {
            return Damage::Split { pieces };
        }
        patient.cut(at, Piece::Silence(SPLIT_PAUSE));
        pieces += 1;
    }
}

/// A run of at most `most` bytes: where it begins and ends.
fn run(len: usize, most: u32, random: &mut ChaCha8Rng) -> (usize, usize) {
    let at = random.random_range(0..len as u32) as usize;
    let bytes = random.random_range(1..=most) as usize;
    (at, len.min(at + bytes))
}

/// A place with bytes on both sides.
fn middle(len: usize, random: &mut ChaCha8Rng) -> usize {
    random.random_range(1..len as u32) as usize
}

#[cfg(test)]
mod tests {
    use super::{Damage, FaultPlan};
    use crate::wire::Piece;

    const RECEIPT: &[u8] = b"\x1B@SHOP\nRICE 36.00\nTEA 18.00\nTOTAL 54.00\n\x1DV\x42\x00";

    fn plan(spec: &str) -> FaultPlan {
        FaultPlan::parse(spec, 7).expect("good")
    }

    fn carried(pieces: &[Piece]) -> Vec<u8> {
        let bytes = pieces.iter().filter_map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.as_slice()),
            _ => None,
        });
        bytes.collect::<Vec<_>>().concat()
    }

    #[test]
    fn without_faults_a_receipt_is_one_piece() {
        let sound = FaultPlan::none().damage(1, RECEIPT);
        assert_eq!(sound.pieces, [Piece::Bytes(RECEIPT.to_vec())]);
        assert!(sound.faults.is_empty());
    }

    #[test]
    fn the_same_seed_damages_alike_and_another_does_not() {
        let all = "flip=50%/2,burst=50%,drop=50%,split=50%,stall=50%,unplug=50%";
        let row = |seed| {
            let plan = FaultPlan::parse(all, seed).expect("good");
            (1..50).map(|n| plan.damage(n, RECEIPT)).collect::<Vec<_>>()
        };
        assert_eq!(row(1), row(1));
        assert_ne!(row(1), row(2));
    }

    #[test]
    fn another_kind_of_fault_moves_none_of_the_others() {
        for n in 1..200 {
            let alone = plan("drop=40%").damage(n, RECEIPT).faults;
            let both = plan("drop=40%,stall=50%,split=50%").damage(n, RECEIPT).faults;
            let drops = both.into_iter().filter(|f| matches!(f.damage, Damage::Drop { .. }));
            assert_eq!(drops.collect::<Vec<_>>(), alone);
        }
    }

    #[test]
    fn a_chance_is_kept_to() {
        let plan = plan("flip=10%");
        let hit = (1..=5_000).filter(|n| !plan.damage(*n, RECEIPT).faults.is_empty()).count();
        assert!((400..600).contains(&hit), "{hit} of 5000");
    }

    #[test]
    fn the_record_is_the_whole_truth_of_the_damage() {
        for n in 1..300 {
            let damaged = plan("flip=60%/3,drop=60%").damage(n, RECEIPT);
            let mut bytes: Vec<Option<u8>> = RECEIPT.iter().copied().map(Some).collect();
            for fault in &damaged.faults {
                match &fault.damage {
                    Damage::Flip { at, bit } => {
                        bytes[*at] = bytes[*at].map(|byte| byte ^ (1 << bit));
                    }
                    Damage::Drop { at, bytes: gone } => {
                        bytes[*at..*at + gone.len() / 2].fill(None);
                    }
                    other => panic!("expected a flip or a drop, found {other:?}"),
                }
            }
            let expected: Vec<u8> = bytes.into_iter().flatten().collect();
            assert_eq!(carried(&damaged.pieces), expected, "receipt {n}");
        }
    }

    #[test]
    fn splits_and_stalls_damage_no_byte() {
        let damaged = plan("split=100%/5,stall=100%").damage(3, RECEIPT);
        assert_eq!(carried(&damaged.pieces), RECEIPT);
        assert!(damaged.pieces.len() > RECEIPT.len() / 5);
        assert!(damaged.faults.iter().all(|fault| !fault.damage.spoils()));
    }

    #[test]
    fn nothing_is_carried_after_the_plug_is_pulled() {
        let damaged = plan("unplug=100%").damage(1, RECEIPT);
        let [fault] = damaged.faults.as_slice() else { panic!("one fault") };
        let Damage::Unplug { at, left, ms: 2_000 } = fault.damage else { panic!("{fault:?}") };
        assert_eq!(at + left, RECEIPT.len());
        assert_eq!(carried(&damaged.pieces), RECEIPT[..at]);
        assert!(matches!(damaged.pieces.last(), Some(Piece::Unplug(_))));
    }

    #[test]
    fn every_byte_of_a_burst_is_another() {
        for n in 1..200 {
            for fault in plan("burst=100%/9").damage(n, RECEIPT).faults {
                let Damage::Burst { was, became, .. } = fault.damage else { panic!("a burst") };
                let pair = |text: &str, at: usize| text[at..at + 2].to_owned();
                for at in (0..was.len()).step_by(2) {
                    assert_ne!(pair(&was, at), pair(&became, at));
                }
            }
        }
    }

    #[test]
    fn a_line_of_the_log_reads_like_this() {
        let fault = &plan("drop=100%/3").damage(1, RECEIPT).faults[0];
        let line = serde_json::to_string(fault).expect("plain data");
        assert!(line.starts_with(r#"{"receipt":1,"fault":"drop","at":"#), "{line}");
    }
}
