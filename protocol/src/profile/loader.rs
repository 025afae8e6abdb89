//! What every judgement of a profile needs: the text, the mistakes found so far, and values of one
//! type each.
//!
//! A judgement that fails adds a mistake and answers nothing, so that one run finds them all.

use core::ops::{Range, RangeInclusive};

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::mistake::Mistake;
use super::raw::Text;
use super::words;

/// Most regexes of one profile; each is tried on every line.
const MAX_REGEXES: usize = 32;
/// Largest compiled regex, in bytes: a handful of `\w`, which is 20 KiB by itself.
const MAX_REGEX_BYTES: usize = 512 * 1024;

/// The state of one load.
pub(super) struct Loader<'a> {
    pub(super) text: &'a str,
    regexes: usize,
    mistakes: Vec<Mistake>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, regexes: 0, mistakes: Vec::new() }
    }

    /// All mistakes, in the order of the text.
    pub(super) fn into_mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort_by_key(|mistake| mistake.at.start);
        self.mistakes
    }

    pub(super) fn wrong(
        &mut self,
        at: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.mistakes.push(Mistake::new(self.text, at, expected, found, hint));
    }

    /// A regex with these named groups, blind to case.
    pub(super) fn regex(&mut self, typed: &Spanned<String>, groups: &[&str]) -> Option<Regex> {
        self.regexes += 1;
        if self.regexes > MAX_REGEXES {
            let expected = format!("at most {MAX_REGEXES} regexes");
            let hint = "join some with |; a word needs none";
            self.wrong(typed.span(), expected, "one more", hint);
            return None;
        }
        let mut builder = RegexBuilder::new(typed.get_ref());
        let built = builder.case_insensitive(true).size_limit(MAX_REGEX_BYTES).build();
        let regex = match built {
            Ok(regex) => regex,
            Err(regex::Error::CompiledTooBig(_)) => {
                let expected = format!("a regex of at most {MAX_REGEX_BYTES} bytes compiled");
                self.wrong(typed.span(), expected, "a larger one", "shorten its repetitions");
                return None;
            }
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default();
                let why = why.strip_prefix("error: ").unwrap_or(why);
                let hint = "escape . ( ) * + ? $ by a \\, and write it in 'single quotes'";
                self.wrong(typed.span(), "a regular expression", why, hint);
                return None;
            }
        };
        for group in groups {
            if !regex.capture_names().flatten().any(|name| name == *group) {
                let hint = format!("put (?<{group}>...) around what is wanted");
                let expected = format!("a group named `{group}`");
                self.wrong(typed.span(), expected, "none", hint);
                return None;
            }
        }
        Some(regex)
    }

    /// A key that must be there.
    pub(super) fn needed<'t>(
        &mut self,
        typed: &'t Text,
        key: &str,
        place: Range<usize>,
    ) -> Option<&'t Spanned<String>> {
        if typed.is_none() {
            self.wrong(place, format!("a `{key}`"), "none", format!("add {key} = ..."));
        }
        typed.as_ref()
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        typed: &Text,
        what: &str,
        default: T,
        all: &[(&str, T)],
    ) -> Option<T> {
        typed.as_ref().map_or(Some(default), |typed| self.one_of(typed, what, all))
    }

    pub(super) fn one_of<T: Copy>(
        &mut self,
        typed: &Spanned<String>,
        what: &str,
        all: &[(&str, T)],
    ) -> Option<T> {
        let found = all.iter().find(|(word, _)| word == typed.get_ref());
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|(word, _)| *word).collect();
            let hint = words::hint(typed.get_ref(), &known);
            self.wrong(typed.span(), what, quoted(typed.get_ref()), hint);
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn duration(
        &mut self,
        typed: &Text,
        range: RangeInclusive<u64>,
        default: u64,
    ) -> Option<u64> {
        let Some(typed) = typed else { return Some(default) };
        let value = words::milliseconds(typed.get_ref()).filter(|ms| range.contains(ms));
        if value.is_none() {
            let expected = format!("a duration from {} to {} ms", range.start(), range.end());
            let hint = "write a whole number and a unit: \"500ms\", \"3s\", \"2m\"";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        }
        value
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
