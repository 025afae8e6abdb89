//! What every judgement of a scenario needs: the text, the problems found so far, and how words
//! become values.
//!
//! A judgement that fails adds a problem and answers nothing, so that one run finds them all.

use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::time::Duration;

use toml::Spanned;

use super::error::{Problem, line_of};
use super::raw::{Number, Real, Text};

/// The state of one reading.
pub(super) struct Scope<'a> {
    file: &'a Path,
    text: &'a str,
    problems: Vec<(usize, Problem)>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// All problems, in the order of the file.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|(at, _)| *at);
        self.problems.into_iter().map(|(_, problem)| problem).collect()
    }

    pub(super) fn wrong(
        &mut self,
        at: &Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let problem = Problem::new((self.file, self.text), at, expected, found, hint);
        self.problems.push((at.start, problem));
    }

    /// The line of the byte `at`.
    pub(super) fn line(&self, at: usize) -> usize {
        line_of(self.text, at)
    }

    /// A value that must be there; `table` is where it is missing.
    pub(super) fn needed<'t, T>(
        &mut self,
        typed: Option<&'t Spanned<T>>,
        key: &str,
        example: &str,
        table: &Range<usize>,
    ) -> Option<&'t Spanned<T>> {
        if typed.is_none() {
            let hint = format!("write {key} = {example}");
            self.wrong(table, format!("the key `{key}`"), "none", hint);
        }
        typed
    }

    /// One of `words`, or `default`.
    pub(super) fn word<T: Copy>(
        &mut self,
        typed: &Text,
        words: &[(&str, T)],
        default: T,
    ) -> Option<T> {
        let Some(typed) = typed else { return Some(default) };
        let found = words.iter().find(|(word, _)| word == typed.get_ref());
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = hint_for(typed.get_ref(), &names);
            self.wrong(&typed.span(), one_of(&names), quoted(typed.get_ref()), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// A whole number in `range`, or `default`.
    pub(super) fn number(
        &mut self,
        typed: &Number,
        range: RangeInclusive<i64>,
        default: i64,
    ) -> Option<i64> {
        let Some(typed) = typed else { return Some(default) };
        let value = *typed.get_ref();
        if range.contains(&value) {
            return Some(value);
        }
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.wrong(&typed.span(), expected, value.to_string(), "choose one in that range");
        None
    }

    /// A number, whole or not, in `range`, or `default`.
    pub(super) fn real(
        &mut self,
        typed: &Real,
        range: RangeInclusive<f64>,
        default: f64,
    ) -> Option<f64> {
        let Some(typed) = typed else { return Some(default) };
        let value = as_real(typed.get_ref()).filter(|value| range.contains(value));
        if value.is_none() {
            let expected = format!("a number from {} to {}", range.start(), range.end());
            let found = shown(typed.get_ref());
            self.wrong(&typed.span(), expected, found, "choose one in that range");
        }
        value
    }

    /// A time such as `"90s"`, at least `least`, or `default`.
    pub(super) fn time(
        &mut self,
        typed: &Text,
        least: Duration,
        default: Duration,
    ) -> Option<Duration> {
        typed.as_ref().map_or(Some(default), |typed| self.time_of(typed, least))
    }

    /// A time such as `"90s"`, at least `least`.
    pub(super) fn time_of(&mut self, typed: &Spanned<String>, least: Duration) -> Option<Duration> {
        let value = time(typed.get_ref()).filter(|time| *time >= least);
        if value.is_none() {
            let expected = format!("a time of at least {least:?}");
            let hint = "write it like \"100ms\", \"90s\", \"5m\", \"12h\" or \"7d\"";
            self.wrong(&typed.span(), expected, quoted(typed.get_ref()), hint);
        }
        value
    }

    /// A rate such as `"100/s"`, or nothing where nothing was typed.
    pub(super) fn rate(&mut self, typed: &Spanned<String>) -> Option<f64> {
        let value = rate(typed.get_ref());
        if value.is_none() {
            let hint = "write it like \"100/s\", \"30/min\", \"40/h\" or \"500/day\"";
            self.wrong(&typed.span(), "a rate of at most 100000/s", quoted(typed.get_ref()), hint);
        }
        value
    }
}

/// Highest rate that can be asked for, a second.
const MAX_RATE: f64 = 100_000.0;

/// `"100/s"`, `"30/min"`, `"40/h"`, `"500/day"` as arrivals a second.
fn rate(text: &str) -> Option<f64> {
    let (count, unit) = text.split_once('/')?;
    let count: f64 = count.trim().parse().ok()?;
    let seconds = match unit.trim() {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3_600.0,
        "day" => 86_400.0,
        _ => return None,
    };
    Some(count / seconds).filter(|rate| (0.0..=MAX_RATE).contains(rate))
}

/// `"100ms"`, `"90s"`, `"5m"`, `"12h"`, `"7d"`.
pub(super) fn time(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (count, unit) = text.split_at(unit_at);
    let count: u64 = count.parse().ok()?;
    let ms: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    // Microseconds of a run must fit with room to spare.
    count.checked_mul(ms).filter(|ms| *ms < u64::MAX / 1_000_000).map(Duration::from_millis)
}

/// A value as it was typed, as far as a person needs to see it.
pub(super) fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => quoted(text),
        toml::Value::Integer(value) => value.to_string(),
        toml::Value::Float(value) => value.to_string(),
        other => format!("a value of type {}", other.type_str()),
    }
}

/// A number of TOML, whole or not.
pub(super) fn as_real(value: &toml::Value) -> Option<f64> {
    match value {
        toml::Value::Integer(value) => Some(*value as f64),
        toml::Value::Float(value) => Some(*value),
        _ => None,
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

pub(super) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("one of {}", quoted.join(", "))
}

/// What to do about a word that is none of `names`.
pub(super) fn hint_for(typed: &str, names: &[&str]) -> String {
    match nearest(typed, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", names.join(", ")),
    }
}

/// The name that shares most with `typed`, where most of it is shared.
fn nearest<'n>(typed: &str, names: &[&'n str]) -> Option<&'n str> {
    let shared = |name: &str| {
        let front = name.chars().zip(typed.chars()).take_while(|(a, b)| a == b).count();
        let (rest, typed_rest) = (name.chars().skip(front), typed.chars().skip(front));
        let back: Vec<char> = rest.collect();
        let typed_back: Vec<char> = typed_rest.collect();
        front + back.iter().rev().zip(typed_back.iter().rev()).take_while(|(a, b)| a == b).count()
    };
    let best = names.iter().max_by_key(|name| shared(name))?;
    let longest = best.chars().count().max(typed.chars().count());
    (shared(best) * 3 >= longest * 2).then_some(*best)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{nearest, rate, time};

    #[test]
    fn times_and_rates_read_as_people_write_them() {
        assert_eq!(time("100ms"), Some(Duration::from_millis(100)));
        assert_eq!(time("7d"), Some(Duration::from_hours(168)));
        for bad in ["", "5", "m", "-5m", "5 m", "5w", "99999999999999d"] {
            assert_eq!(time(bad), None, "{bad}");
        }
        assert_eq!(rate("100/s"), Some(100.0));
        assert_eq!(rate("30/min"), Some(0.5));
        assert_eq!(rate("43200/day"), Some(0.5));
        for bad in ["100", "100/week", "-1/s", "x/s", "200000/s", "nan/s"] {
            assert_eq!(rate(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_answered_with_the_word_that_was_meant() {
        assert_eq!(nearest("duratoin", &["duration", "seed"]), Some("duration"));
        assert_eq!(nearest("tils", &["tills", "style"]), Some("tills"));
        assert_eq!(nearest("colour", &["tills", "style"]), None);
    }
}
