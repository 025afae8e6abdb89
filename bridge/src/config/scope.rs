//! What every judgement needs: the text, the problems found so far, and the ways to add one.
//!
//! A judgement that fails adds a problem and answers nothing, so that one run finds them all.

use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;

use super::error::Problem;
use super::profile::ProfileError;
use super::raw::{Number, Text};

/// The state of one resolve step.
pub(super) struct Scope<'a> {
    pub(super) file: &'a Path,
    text: &'a str,
    /// Directory that relative paths start from.
    pub(super) base: PathBuf,
    pub(super) env: &'a dyn Fn(&str) -> Option<OsString>,
    /// Permission bits of the file, where the text was read from one.
    pub(super) mode: Option<u32>,
    problems: Vec<(usize, Problem)>,
    /// Accepted, and without effect in this version.
    pub(super) notes: Vec<String>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        file: &'a Path,
        text: &'a str,
        base: PathBuf,
        env: &'a dyn Fn(&str) -> Option<OsString>,
        mode: Option<u32>,
    ) -> Self {
        Self { file, text, base, env, mode, problems: Vec::new(), notes: Vec::new() }
    }

    /// All problems, in the order of the file.
    pub(super) fn into_problems(mut self) -> (Vec<Problem>, Vec<String>) {
        self.problems.sort_by_key(|(at, _)| *at);
        (self.problems.into_iter().map(|(_, problem)| problem).collect(), self.notes)
    }

    pub(super) fn wrong(
        &mut self,
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let start = at.start;
        let problem = Problem::new((self.file, self.text), at, expected, found, hint);
        self.problems.push((start, problem));
    }

    /// Where the bytes `part` of a typed text stand; the whole value where escapes moved them.
    pub(super) fn within(&self, typed: &Spanned<String>, part: Range<usize>) -> Range<usize> {
        let span = typed.span();
        let start = self.text.get(span.clone()).and_then(|source| source.find(typed.get_ref()));
        start.map_or(span.clone(), |start| {
            span.start + start + part.start..span.start + start + part.end
        })
    }

    /// A problem in a file beside the configuration.
    pub(super) fn wrong_in(
        &mut self,
        (file, text): (&Path, &str),
        typed: Range<usize>,
        at: Range<usize>,
        [expected, found, hint]: [String; 3],
    ) {
        let problem = Problem::new((file, text), at, expected, found, hint);
        self.problems.push((typed.start, problem));
    }

    /// A profile that cannot be used: told at its key, or in its own file.
    pub(super) fn profile_is_wrong(&mut self, at: Range<usize>, error: ProfileError) {
        let start = at.start;
        match error {
            ProfileError::Invalid(problems) => {
                self.problems.extend(problems.into_iter().map(|problem| (start, problem)));
            }
            ProfileError::Unknown { name, hint } => {
                let expected = "\"auto\", a built-in profile or a file";
                self.wrong(at, expected, quoted(&name), hint);
            }
            ProfileError::Read { path, source } => {
                let found = format!("{}: {source}", path.display());
                self.wrong(
                    at,
                    "a profile's file",
                    found,
                    "docs/PROFILES.md shows how to write one",
                );
            }
        }
    }

    /// One of `words`, or `default` where nothing was typed.
    pub(super) fn word<T: Copy>(
        &mut self,
        typed: &Text,
        words: &[(&str, T)],
        default: T,
        hint: &str,
    ) -> Option<T> {
        let Some(typed) = typed else { return Some(default) };
        let found = words.iter().find(|(word, _)| word == typed.get_ref());
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            // A hint that speaks of this very word knows better than a guess.
            let told = hint.contains(&format!("\"{}\"", typed.get_ref()));
            let near = nearest(typed.get_ref(), names.iter().copied()).filter(|_| !told);
            let hint =
                near.map_or_else(|| hint.to_owned(), |near| format!("did you mean \"{near}\"?"));
            self.wrong(typed.span(), alternatives(&names), quoted(typed.get_ref()), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// A number in `range`, or `default`.
    pub(super) fn number(
        &mut self,
        typed: &Number,
        range: std::ops::RangeInclusive<i64>,
        default: i64,
        hint: &str,
    ) -> Option<i64> {
        let Some(typed) = typed else { return Some(default) };
        let value = *typed.get_ref();
        if range.contains(&value) {
            return Some(value);
        }
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.wrong(typed.span(), expected, value.to_string(), hint);
        None
    }

    /// A duration in `range`, or `default`.
    pub(super) fn duration(
        &mut self,
        typed: &Text,
        range: std::ops::RangeInclusive<Duration>,
        default: Duration,
    ) -> Option<Duration> {
        let Some(typed) = typed else { return Some(default) };
        let value = parse_duration(typed.get_ref()).filter(|value| range.contains(value));
        if value.is_none() {
            let ms = |d: &Duration| d.as_millis();
            let expected =
                format!("a duration from {} to {} ms", ms(range.start()), ms(range.end()));
            let hint = "write a whole number and a unit: \"500ms\", \"3s\", \"2m\"";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        }
        value
    }

    /// An address to listen on.
    pub(super) fn address(&mut self, typed: &Spanned<String>) -> Option<std::net::SocketAddr> {
        let value = typed.get_ref().parse().ok();
        if value.is_none() {
            let hint = "write \"0.0.0.0:9100\" to listen on every interface";
            let found = quoted(typed.get_ref());
            self.wrong(
                typed.span(),
                "an address and a port such as \"127.0.0.1:9100\"",
                found,
                hint,
            );
        }
        value
    }

    /// A path, relative to the configuration file.
    pub(super) fn path(&mut self, typed: &Spanned<String>) -> Option<PathBuf> {
        if typed.get_ref().is_empty() {
            self.wrong(typed.span(), "a path", "\"\"", "leave the key out for its default");
            return None;
        }
        Some(self.base.join(typed.get_ref()))
    }

    /// A name: 1 to 64 bytes of letters, digits, `-`, `_` and `.`, not taken yet.
    pub(super) fn name(
        &mut self,
        what: &str,
        typed: &Text,
        place: Range<usize>,
        taken: &mut Vec<String>,
    ) -> Option<String> {
        let Some(typed) = typed else {
            self.wrong(place, "a `name`", "none", format!("name the {what}: name = \"counter-1\""));
            return None;
        };
        let name = typed.get_ref();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.bytes().all(plain) {
            let expected = format!("1 to {MAX_NAME_BYTES} letters, digits, '-', '_' or '.'");
            let hint = "names stand in logs and messages; [shop] name may be in any language";
            self.wrong(typed.span(), expected, quoted(name), hint);
            return None;
        }
        if taken.contains(name) {
            let expected = format!("a name that no other {what} has");
            self.wrong(
                typed.span(),
                expected,
                quoted(name),
                format!("give each {what} its own name"),
            );
            return None;
        }
        taken.push(name.clone());
        Some(name.clone())
    }
}

/// A problem was added: what may be left out altogether answers `Result<Option<_>, Wrong>`.
pub(super) struct Wrong;

/// Longest name, in bytes: what a ring record holds.
const MAX_NAME_BYTES: usize = 64;

/// Longest text that is repeated in an error, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// `text` in quotes, shortened.
pub(super) fn quoted(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN_CHARS {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    format!("{start:?}...")
}

/// `"a", "b" or "c"`.
pub(super) fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    if let Some((shown, more @ [_, ..])) = quoted.split_at_checked(MOST_SHOWN) {
        return format!("{} or one of {} more", shown.join(", "), more.len());
    }
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Most alternatives that one message lists.
const MOST_SHOWN: usize = 10;

/// The word that was probably meant: at most two slips away, and fewer than half of it.
pub(crate) fn nearest<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let near = words.map(|word| (distance(typed, word), word)).min_by_key(|(slips, _)| *slips)?;
    (near.0 <= 2 && near.0 * 2 < near.1.chars().count()).then_some(near.1)
}

/// Edit distance with swapped neighbours as one slip.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut slips = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                slips = slips.min(rows[i - 2][j - 2] + 1);
            }
            row.push(slips);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// `500ms`, `3s`, `2m`, `1h`.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let ms = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(ms).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{nearest, parse_duration};

    #[test]
    fn durations_are_a_whole_number_and_a_unit() {
        for (text, ms) in [("500ms", 500), ("3s", 3_000), ("2m", 120_000), ("1 h", 3_600_000)] {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(ms)), "{text}");
        }
        for text in
            ["", "3", "s", "-3s", "1.5s", "3 sec", "99999999999999999999s", "18446744073709551615h"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let words = ["port", "printer", "parity", "path"];
        assert_eq!(nearest("prot", words.into_iter()), Some("port"));
        assert_eq!(nearest("pritner", words.into_iter()), Some("printer"));
        assert_eq!(nearest("device", words.into_iter()), None);
    }
}
