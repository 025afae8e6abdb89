//! The tables laid out for looking up, once, by the compiler.
//!
//! Not here: what stands on a line (`scan`).

use super::amounts::AMOUNTS;
use super::labels::LABELS;
use super::titles::TITLES;
use super::{Label, Role};
use crate::event::Kind;

/// What a row of a table says of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Role(Role),
    Label(Label),
    Title(Kind),
}

const ROWS: usize = count(AMOUNTS) + count(LABELS) + count(TITLES);
/// Buckets by the first two letters: about one word each, but for the commonest beginnings.
const BUCKETS: usize = 1024;
/// No (further) word.
const NONE: u16 = u16::MAX;

type Table<T> = [(T, &'static [&'static str])];

static INDEX: Index = Index::build();

struct Index {
    rows: [(&'static str, Sense); ROWS],
    first: [u16; BUCKETS],
    next: [u16; ROWS],
}

const fn count<T>(table: &Table<T>) -> usize {
    let (mut i, mut count) = (0, 0);
    while i < table.len() {
        count += table[i].1.len();
        i += 1;
    }
    count
}

impl Index {
    #[expect(clippy::large_stack_arrays, reason = "built by the compiler, into a static")]
    const fn build() -> Self {
        let mut rows = [("", Sense::Role(Role::Trap)); ROWS];
        let mut at = 0;
        let (mut i, mut j) = (0, 0);
        while i < AMOUNTS.len() {
            while j < AMOUNTS[i].1.len() {
                rows[at] = (AMOUNTS[i].1[j], Sense::Role(AMOUNTS[i].0));
                at += 1;
                j += 1;
            }
            (i, j) = (i + 1, 0);
        }
        (i, j) = (0, 0);
        while i < LABELS.len() {
            while j < LABELS[i].1.len() {
                rows[at] = (LABELS[i].1[j], Sense::Label(LABELS[i].0));
                at += 1;
                j += 1;
            }
            (i, j) = (i + 1, 0);
        }
        (i, j) = (0, 0);
        while i < TITLES.len() {
            while j < TITLES[i].1.len() {
                rows[at] = (TITLES[i].1[j], Sense::Title(TITLES[i].0));
                at += 1;
                j += 1;
            }
            (i, j) = (i + 1, 0);
        }
        let (mut first, mut next) = ([NONE; BUCKETS], [NONE; ROWS]);
        at = 0;
        while at < ROWS {
            let bucket = bucket_of_word(rows[at].0.as_bytes());
            next[at] = first[bucket];
            first[bucket] = at as u16;
            at += 1;
        }
        Self { rows, first, next }
    }
}

/// The bucket of a word: its first two letters, blanks left out.
const fn bucket_of_word(word: &[u8]) -> usize {
    let (a, mut at) = char_at(word, 0);
    while at < word.len() && word[at] == b' ' {
        at += 1;
    }
    let b = if at < word.len() { char_at(word, at).0 } else { 0 };
    bucket(a, b)
}

const fn bucket(a: u32, b: u32) -> usize {
    (a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA77)) as usize >> 7 & (BUCKETS - 1)
}

/// The UTF-8 character at `at` and where the next one begins.
const fn char_at(text: &[u8], at: usize) -> (u32, usize) {
    let lead = text[at] as u32;
    let (mut value, len) = match lead {
        0..0x80 => (lead, 1),
        0x80..0xE0 => (lead & 0x1F, 2),
        0xE0..0xF0 => (lead & 0x0F, 3),
        _ => (lead & 0x07, 4),
    };
    let mut i = 1;
    while i < len {
        value = value << 6 | (text[at + i] & 0x3F) as u32;
        i += 1;
    }
    (value, at + len)
}

/// The words that may begin with the letters `a` and `b`.
pub(super) fn candidates(a: char, b: char) -> impl Iterator<Item = (&'static str, Sense)> {
    let mut at = INDEX.first[bucket(u32::from(a), u32::from(b))];
    core::iter::from_fn(move || {
        let row = INDEX.rows.get(usize::from(at))?;
        at = INDEX.next[usize::from(at)];
        Some(*row)
    })
}

/// Every word with what it means.
#[cfg(test)]
pub(super) fn words() -> impl Iterator<Item = (&'static str, Sense)> {
    INDEX.rows.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, INDEX, NONE, ROWS};

    #[test]
    fn no_bucket_is_long() {
        let length = |mut at: u16| {
            let mut length = 0;
            while at != NONE {
                length += 1;
                at = INDEX.next[usize::from(at)];
            }
            length
        };
        let lengths: Vec<usize> = INDEX.first.iter().map(|at| length(*at)).collect();
        assert_eq!(lengths.iter().sum::<usize>(), ROWS);
        let longest = lengths.iter().max().copied().unwrap_or(0);
        assert!(longest <= ROWS / 10, "{longest} of {ROWS} words in one of {BUCKETS} buckets");
    }
}
