//! A profile's words: folded as the reader folds a paper, or written as a till sends them.
//!
//! Not here: what the words stand for ([`roles`]).

use encoding_rs::{BIG5, EUC_KR, GB18030, SHIFT_JIS};
use toml::Spanned;

use super::Encoding;
use super::load::kind;
use super::loader::{Loader, quoted};
use super::raw::{Lists, Text};
use super::roles::{IGNORE, PAPER_KINDS, ROLES};
use super::rules::{KindRule, Sees, letters};
use crate::reading::fold::folded;

/// Most words of one profile; each is looked for on every line.
const MAX_WORDS: usize = 256;
/// Longest word, in characters: wider than any paper.
const MAX_WORD_CHARS: usize = 64;
/// Edits that make a typing error rather than another word.
const MAX_TYPOS: usize = 2;

/// Words and what they are read as; words of lines that say nothing.
type Words = (Vec<(Vec<char>, &'static str)>, Vec<Vec<char>>);

impl Loader<'_> {
    /// A word as the reader sees it.
    pub(super) fn folded(&mut self, typed: &Spanned<String>) -> Option<String> {
        let word = typed.get_ref().trim();
        let chars = word.chars().count();
        if (1..=MAX_WORD_CHARS).contains(&chars) && !word.contains(char::is_control) {
            return Some(folded(word));
        }
        let expected = format!("a word of 1 to {MAX_WORD_CHARS} characters");
        let hint = "write it as it is printed, without the amount behind it";
        self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        None
    }

    /// `[words]`.
    pub(super) fn words(&mut self, lists: &Lists) -> Words {
        let (mut out, mut ignored) = (Vec::new(), Vec::new());
        let mut count = 0;
        for (key, list) in lists {
            let role = ROLES.iter().find(|(role, _)| role == key.get_ref());
            if role.is_none() && key.get_ref() != IGNORE {
                let known: Vec<&str> = ROLES.iter().map(|(key, _)| *key).chain([IGNORE]).collect();
                let found = format!("`{}`", key.get_ref());
                self.wrong(key.span(), "a role", found, hint(key.get_ref(), &known));
            }
            for typed in list {
                count += 1;
                if count > MAX_WORDS {
                    let expected = format!("at most {MAX_WORDS} words");
                    self.wrong(typed.span(), expected, "one more", "leave rare words out");
                    return (out, ignored);
                }
                let Some(word) = self.folded(typed) else { continue };
                let word: Vec<char> = word.chars().collect();
                match role {
                    Some((_, standard)) => out.push((word, *standard)),
                    None => ignored.push(word),
                }
            }
        }
        // The longest word at a place is meant.
        out.sort_by_key(|(word, _)| core::cmp::Reverse(word.len()));
        (out, ignored)
    }

    /// `[titles]`: each word is a line of its own, in whatever marks.
    pub(super) fn titles(&mut self, lists: &Lists) -> Vec<KindRule> {
        let mut out = Vec::new();
        for (key, list) in lists {
            let Some(kind) = kind(key.get_ref()) else {
                let known: Vec<&str> = PAPER_KINDS.iter().map(|kind| kind.as_str()).collect();
                let found = format!("`{}`", key.get_ref());
                self.wrong(key.span(), "a kind of paper", found, hint(key.get_ref(), &known));
                continue;
            };
            let titles = list.iter().filter_map(|typed| self.folded(typed));
            out.extend(titles.map(|title| KindRule { kind, sees: Sees::Title(letters(&title)) }));
        }
        out
    }
}

/// `word` as a till may send it: in its encoding, or in each that has all its characters where
/// that is not known. `None` where it cannot be written.
pub(super) fn encoded(word: &str, encoding: Encoding) -> Option<Vec<Vec<u8>>> {
    if word.is_ascii() {
        return Some(vec![word.as_bytes().to_vec()]);
    }
    let write = |encoder: &'static encoding_rs::Encoding| {
        let (bytes, _, lossy) = encoder.encode(word);
        (!lossy).then(|| bytes.into_owned())
    };
    let all: Vec<Vec<u8>> = match encoding {
        Encoding::Gb18030 => write(GB18030).into_iter().collect(),
        Encoding::Big5 => write(BIG5).into_iter().collect(),
        Encoding::ShiftJis => write(SHIFT_JIS).into_iter().collect(),
        Encoding::EucKr => write(EUC_KR).into_iter().collect(),
        Encoding::Utf8 => vec![word.as_bytes().to_vec()],
        Encoding::Auto => [GB18030, BIG5, SHIFT_JIS, EUC_KR]
            .into_iter()
            .filter_map(write)
            .chain([word.as_bytes().to_vec()])
            .collect(),
        Encoding::CodePage | Encoding::Page(_) => Vec::new(),
    };
    (!all.is_empty()).then_some(all)
}

/// `500ms`, `3s`, `2m`, `1h`.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// The known word that was probably meant, or all of them.
pub(super) fn hint(typed: &str, known: &[&str]) -> String {
    let near = known.iter().map(|word| (typos(typed, word), *word)).min();
    match near {
        Some((typos, word)) if typos <= MAX_TYPOS => format!("did you mean `{word}`?"),
        _ => format!("known here: {}", known.join(", ")),
    }
}

/// Letters to add, drop or change to make `b` of `a`; long words are not compared.
fn typos(a: &str, b: &str) -> usize {
    if a.len() > MAX_WORD_CHARS {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// Bytes in hex, blanks between them as one likes.
pub(super) fn hex(typed: &Text) -> Option<Result<Vec<u8>, ()>> {
    let text: String = typed.as_ref()?.get_ref().split_whitespace().collect();
    let pair = |pair: &[u8]| {
        let pair = core::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
    Some(bytes.ok_or(()))
}
