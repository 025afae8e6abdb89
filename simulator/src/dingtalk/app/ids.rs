//! Names for what the platform makes: tokens, tickets, messages, cards.
//!
//! No two mocks make the same ones, so that a client that outlives a mock takes nothing for a
//! repetition; they are no secrets.

use std::hash::{BuildHasher, RandomState};

use sha2::{Digest, Sha256};

use crate::hex::hex;

/// Makes names.
#[derive(Clone, Debug)]
pub(in crate::dingtalk) struct Ids {
    seed: u64,
    made: u64,
}

impl Default for Ids {
    /// A maker whose names no other maker has.
    fn default() -> Self {
        Self { seed: RandomState::new().hash_one("possim"), made: 0 }
    }
}

impl Ids {
    fn bytes(&mut self) -> [u8; 32] {
        self.made += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(self.made.to_le_bytes());
        hash.finalize().into()
    }

    /// 32 digits of hex.
    pub(in crate::dingtalk) fn hex(&mut self) -> String {
        hex(&self.bytes()[..16])
    }

    /// The form of a UUID.
    pub(in crate::dingtalk) fn uuid(&mut self) -> String {
        let hex = self.hex();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// A number below `end`.
    pub(in crate::dingtalk) fn below(&mut self, end: usize) -> usize {
        let number = self.bytes()[..8].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        (number % end.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn names_differ_within_a_mock_and_between_mocks() {
        let (mut one, mut other) = (Ids::default(), Ids::default());
        let first = one.uuid();
        assert_eq!((first.len(), first.matches('-').count()), (36, 4));
        assert_ne!(first, one.uuid());
        assert_ne!(first, other.uuid());
        assert!((0..100).all(|_| one.below(3) < 3));
    }
}
