//! Hits on a stream, and where its bytes lie afterwards.

use std::ops::Range;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What happens to a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// It becomes another.
    Flip(u8),
    /// It is gone.
    Drop,
    /// This one comes before it.
    Insert(u8),
}

/// A damaged stream.
#[derive(Clone, Debug)]
pub struct Damaged {
    /// What arrives.
    pub bytes: Vec<u8>,
    /// The hits by the offset in the sound stream, in order.
    pub hits: Vec<(usize, Hit)>,
}

impl Damaged {
    /// `sound` with `errors` hits in each of `receipts`.
    pub fn new(
        sound: &[u8],
        receipts: &[Range<usize>],
        errors: usize,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let mut hits = Vec::new();
        for receipt in receipts {
            for _ in 0..errors {
                let hit = match rng.random_range(0..3) {
                    0 => Hit::Flip(rng.random_range(1..=u8::MAX)),
                    1 => Hit::Drop,
                    _ => Hit::Insert(rng.random_range(0..=u8::MAX)),
                };
                hits.push((rng.random_range(receipt.clone()), hit));
            }
        }
        hits.sort_by_key(|(at, _)| *at);
        // A byte is hit once: two flips may undo each other.
        hits.dedup_by_key(|(at, _)| *at);
        Self { bytes: apply(sound, &hits), hits }
    }

    /// Whether any byte of `span` changed or went, or one came in between.
    pub fn touches(&self, span: &Range<usize>) -> bool {
        self.hits.iter().any(|(at, hit)| match hit {
            Hit::Flip(_) | Hit::Drop => span.contains(at),
            Hit::Insert(_) => span.start < *at && *at < span.end,
        })
    }

    /// Where the byte that stood at `at` stands now, if it is not gone.
    pub fn moved(&self, at: usize) -> usize {
        let before = self.hits.iter().filter(|(hit, _)| *hit <= at);
        before.fold(at, |now, (hit_at, hit)| match hit {
            Hit::Insert(_) => now + 1,
            Hit::Drop if *hit_at < at => now - 1,
            Hit::Drop | Hit::Flip(_) => now,
        })
    }
}

fn apply(sound: &[u8], hits: &[(usize, Hit)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sound.len() + hits.len());
    let mut from = 0;
    for (at, hit) in hits {
        bytes.extend_from_slice(&sound[from..*at]);
        match hit {
            Hit::Flip(mask) => bytes.push(sound[*at] ^ mask),
            Hit::Drop => {}
            Hit::Insert(byte) => bytes.extend_from_slice(&[*byte, sound[*at]]),
        }
        from = at + 1;
    }
    bytes.extend_from_slice(&sound[from..]);
    bytes
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::{Damaged, Hit, apply};

    #[test]
    fn an_untouched_byte_is_found_where_it_moved_to() {
        let sound: Vec<u8> = (0..=255).collect();
        for seed in 0..200 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let damaged = Damaged::new(&sound, &[0..100, 100..256], 10, &mut rng);
            for (at, byte) in sound.iter().enumerate() {
                if !damaged.touches(&(at..at + 1)) {
                    assert_eq!(damaged.bytes[damaged.moved(at)], *byte, "{at} {damaged:?}");
                }
            }
        }
    }

    #[test]
    fn a_byte_put_between_two_lines_touches_neither() {
        let hits = vec![(2, Hit::Insert(b'x'))];
        let damaged = Damaged { bytes: apply(b"a\nb\n", &hits), hits };
        assert_eq!(damaged.bytes, b"a\nxb\n");
        assert!(!damaged.touches(&(0..2)) && !damaged.touches(&(2..4)));
        assert!(damaged.touches(&(1..4)));
    }
}
