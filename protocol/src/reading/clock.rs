//! Times of day on a line: `12:01`, `12:01:22`, `8:13:39 PM`, `下午 6:05`, `18時05分`, `19h30`.

use core::ops::Range;

use jiff::civil;

use super::date::{Group, between, groups};
use super::fold::Folded;

/// Words before or behind a time that say which half of the day it is of.
const HALVES: [(&str, bool); 8] = [
    ("AM", false),
    ("PM", true),
    ("上午", false),
    ("下午", true),
    ("午前", false),
    ("午後", true),
    ("SA", false),
    ("CH", true),
];

/// A time of day on a line without a date.
pub(super) fn alone(line: &Folded) -> Option<(civil::Time, Range<usize>)> {
    let groups = groups(line);
    beside(line, &groups, &(0..0))
}

/// A time of day anywhere on the line but in the groups `date`.
pub(super) fn beside(
    line: &Folded,
    groups: &[Group],
    date: &Range<usize>,
) -> Option<(civil::Time, Range<usize>)> {
    let with_marks = (0..groups.len())
        .filter(|i| !date.contains(i) && !date.contains(&(i + 1)))
        .find_map(|i| time_at(line, groups, i));
    with_marks.or_else(|| {
        let digits = groups.iter().enumerate().filter(|(i, _)| !date.contains(i));
        digits.map(|(_, group)| group).find_map(|group| compact(line, group, !date.is_empty()))
    })
}

fn time_at(line: &Folded, groups: &[Group], i: usize) -> Option<(civil::Time, Range<usize>)> {
    let [hour, minute] = groups.get(i..i + 2)? else { return None };
    let (minute, mut next) = match (&hour.digits, &minute.digits) {
        // `19h30`
        (1 | 2, 0) if line.chars[minute.chars.clone()] == ['H'] => (groups.get(i + 2)?, i + 3),
        _ => (minute, i + 2),
    };
    let apart = between(line, hour, minute);
    let marked = matches!(apart.as_str(), ":" | "時" | "时" | "点" | "點" | "H");
    if !marked || minute.digits != 2 || !(1..=2).contains(&hour.digits) {
        return None;
    }
    let mut end = minute.chars.end;
    let mut second = 0;
    if let Some(group) = groups.get(next)
        && matches!(between(line, minute, group).as_str(), ":" | "分")
        && group.digits == 2
    {
        second = group.value?;
        end = group.chars.end;
        next += 1;
    }
    let after: Vec<char> =
        line.chars[end..].iter().copied().filter(|c| !matches!(c, ' ' | '.')).take(2).collect();
    let before = line.chars[..hour.chars.start].iter().rev().filter(|c| **c != ' ').take(2);
    let mut before: Vec<char> = before.copied().collect();
    before.reverse();
    let half = HALVES.iter().find(|(word, _)| {
        word.chars().eq(after.iter().copied()) || word.chars().eq(before.iter().copied())
    });
    if let (Some(group), Some((word, _))) = (groups.get(next), half)
        && line.chars[group.chars.clone()].iter().copied().eq(word.chars())
    {
        end = group.chars.end;
    }
    let hour_value = match (hour.value?, half.map(|(_, late)| *late)) {
        (12, Some(false)) => 0,
        (h @ 1..=11, Some(true)) => h + 12,
        (h, _) => h,
    };
    Some((of_day(hour_value, minute.value?, second)?, hour.chars.start..end))
}

/// `191204` right behind a date and a mark, or `1648` behind the word that says so.
fn compact(line: &Folded, group: &Group, dated: bool) -> Option<(civil::Time, Range<usize>)> {
    let start = group.chars.start;
    let value = group.value?;
    let named = || {
        let before = line.chars[..start].iter().rev().filter(|c| !matches!(c, ' ' | ':' | '.'));
        before.take(4).copied().eq("EMIT".chars())
    };
    let time = match group.digits {
        6 if dated && matches!(line.before(start), '/' | ' ' | '-') => {
            of_day(value / 10_000, value / 100 % 100, value % 100)
        }
        4 if named() => of_day(value / 100, value % 100, 0),
        _ => None,
    };
    Some((time?, group.chars.clone()))
}

fn of_day(hour: u32, minute: u32, second: u32) -> Option<civil::Time> {
    let [h, m, s] = [hour, minute, second].map(|n| i8::try_from(n).ok());
    civil::Time::new(h?, m?, s?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::alone;
    use crate::reading::fold::Folded;

    #[test]
    fn a_time_may_stand_alone() {
        for (line, want) in [
            ("Time: 12:01", Some("12:01:00")),
            ("TIME : 1648", Some("16:48:00")),
            ("12:30 AM", Some("00:30:00")),
            ("8:13:39 p.m.", Some("20:13:39")),
            ("18時05分", Some("18:05:00")),
            ("19h30", Some("19:30:00")),
            ("TABLE : 12", None),
            ("10 : 1", None),
            ("191204", None),
        ] {
            let found = alone(&Folded::new(line)).map(|(time, _)| time.to_string());
            assert_eq!(found.as_deref(), want, "{line}");
        }
    }
}
