//! Dates and times of day on a line.
//!
//! Year first where the first group has four digits; else day first, as Hong Kong, Malaysia and
//! Britain print it, unless the middle group can only be a day. Years of the Buddhist era, of the
//! Republic of China and of Japan's eras become common ones.
//!
//! Not here: which of several dates is the receipt's.

use core::ops::Range;

use jiff::civil;

use super::clock;
use super::fold::Folded;
use crate::event::PrintedAt;

/// A date, with the time of day where one stands on the same line.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Characters of the folded line from the first to the last that was used.
    pub(super) chars: Range<usize>,
    pub(super) at: PrintedAt,
}

/// Months by the beginnings that English, Indonesian and Malay have for them.
const MONTHS: [(&str, u32); 20] = [
    ("JANUARY", 1),
    ("FEBRUARY", 2),
    ("MARCH", 3),
    ("APRIL", 4),
    ("MAY", 5),
    ("JUNE", 6),
    ("JULY", 7),
    ("AUGUST", 8),
    ("SEPTEMBER", 9),
    ("OCTOBER", 10),
    ("NOVEMBER", 11),
    ("DECEMBER", 12),
    ("MEI", 5),
    ("AGUSTUS", 8),
    ("AGT", 8),
    ("OKTOBER", 10),
    ("DESEMBER", 12),
    ("MAC", 3),
    ("OGOS", 8),
    ("DISEMBER", 12),
];
/// Years that are counted from another year: the word, and the year before its first.
const ERAS: [(&str, u32); 4] = [("令和", 2018), ("平成", 1988), ("民國", 1911), ("民国", 1911)];
/// Years between the Buddhist era and the common one.
const BUDDHIST: u32 = 543;
/// Years between the Republic of China's era and the common one.
const REPUBLIC: u32 = 1911;
/// Years that a receipt can be of.
const PLAUSIBLE: Range<u32> = 1990..2100;

/// The first date of the line.
pub(super) fn find(line: &Folded) -> Option<Found> {
    let groups = groups(line);
    let (day, used) = (0..groups.len()).find_map(|i| date_at(line, &groups, i))?;
    let chars = groups[used.start].chars.start..groups[used.end - 1].chars.end;
    match clock::beside(line, &groups, &used) {
        Some((time, group)) => {
            let chars = chars.start.min(group.start)..chars.end.max(group.end);
            Some(Found { chars, at: PrintedAt::DateTime(day.to_datetime(time)) })
        }
        None => Some(Found { chars, at: PrintedAt::Date(day) }),
    }
}

/// A run of digits or of letters.
pub(super) struct Group {
    pub(super) chars: Range<usize>,
    /// The number, or the month that the letters name; `None` for other words.
    pub(super) value: Option<u32>,
    /// How many digits; none for letters.
    pub(super) digits: usize,
}

/// The line in runs of digits and of letters.
pub(super) fn groups(line: &Folded) -> Vec<Group> {
    let class = |c: char| match c {
        c if c.is_ascii_digit() => 1,
        c if c.is_ascii_alphabetic() => 2,
        _ => 0,
    };
    let mut out = Vec::new();
    let mut i = 0;
    while i < line.chars.len() {
        let kind = class(line.chars[i]);
        let len = line.chars[i..].iter().take_while(|c| class(**c) == kind).count();
        let chars = i..i + len;
        let text = || line.chars[chars.clone()].iter().collect::<String>();
        match kind {
            1 => out.push(Group { value: text().parse().ok(), chars, digits: len }),
            2 if !joins(&text()) => {
                out.push(Group { value: month(&text()), chars, digits: 0 });
            }
            _ => {}
        }
        i += len;
    }
    out
}

/// Words between day, month and year: Vietnamese, and `6th of April`.
fn joins(word: &str) -> bool {
    matches!(word, "THANG" | "NAM" | "ST" | "ND" | "RD" | "TH" | "OF")
}

fn month(word: &str) -> Option<u32> {
    let named = |(name, _): &&(&str, u32)| word.len() >= 3 && name.starts_with(word);
    MONTHS.iter().find(named).map(|(_, month)| *month)
}

/// The characters between two neighbouring groups, without blanks.
pub(super) fn between(line: &Folded, a: &Group, b: &Group) -> String {
    line.chars[a.chars.end..b.chars.start].iter().filter(|c| **c != ' ').collect()
}

fn date_at(line: &Folded, groups: &[Group], i: usize) -> Option<(civil::Date, Range<usize>)> {
    let first = &groups[i];
    // Letters right before a number make it a part of a code.
    if line.before(first.chars.start).is_ascii_alphabetic() && first.digits > 0 {
        return None;
    }
    if let Some(date) = compact(line, first) {
        return Some((date, i..i + 1));
    }
    let [first, middle, last] = groups.get(i..i + 3)? else { return None };
    let marks = (between(line, first, middle), between(line, middle, last));
    let [a, b, c] = [first.value?, middle.value?, last.value?];
    let (year, month, day) = match (first.digits, middle.digits, last.digits) {
        (1 | 2, 0, 2 | 4) if is_named(&marks.0, &marks.1) => (c, b, a),
        (4, 0, 1 | 2) if is_named(&marks.0, &marks.1) => (a, b, c),
        (0, 1 | 2, 4) if is_named(&marks.0, &marks.1) => (c, a, b),
        (0, ..) | (_, 0, _) => return None,
        _ if !is_joined(&marks.0, &marks.1) => return None,
        (3 | 4, _, 1 | 2) => (a, b, c),
        _ if marks.0 == "年" => (a, b, c),
        (1 | 2, _, 2 | 4) if b > 12 && a <= 12 => (c, a, b),
        (1 | 2, _, 2 | 4) => (c, b, a),
        _ => return None,
    };
    let year = common_year(line, first, year);
    // A longer chain of numbers is a version, an address or an amount, not a date.
    let end = last.chars.end;
    let timed = groups.get(i + 3).is_some_and(|next| line.char(next.chars.end) == ':');
    let chained = matches!(line.char(end), '.' | '-' | '/')
        && line.char(end + 1).is_ascii_digit()
        && !timed
        && last.digits != 4;
    let date = calendar(year, month, day).filter(|_| !chained)?;
    Some((date, i..i + 3))
}

/// Marks around a month's name: one at most on either side.
fn is_named(before: &str, after: &str) -> bool {
    let close = |mark: &str| {
        let ordinal = ["ST", "ND", "RD", "TH"].iter().find_map(|end| mark.strip_prefix(end));
        let rest = ordinal.unwrap_or(mark);
        rest.strip_prefix("OF").unwrap_or(rest).chars().count() <= 1
    };
    close(before) && close(after)
}

/// Marks between numbers: the same one twice, or those of its own for year and month.
fn is_joined(before: &str, after: &str) -> bool {
    matches!((before, after), ("年", "月") | ("THANG", "NAM"))
        || (before == after && matches!(before, "-" | "/" | "."))
}

/// The common year that `year` is: an era stands before it, or it is too large or too short.
fn common_year(line: &Folded, first: &Group, year: u32) -> u32 {
    let before: Vec<char> = line.chars[..first.chars.start]
        .iter()
        .rev()
        .copied()
        .filter(|c| *c != ' ')
        .take(2)
        .collect();
    let era = ERAS.iter().find(|(word, _)| word.chars().rev().eq(before.iter().copied()));
    match (era, year) {
        (Some((_, start)), _) => start.saturating_add(year),
        (None, 0..100) => year + 2000,
        (None, 100..200) => year + REPUBLIC,
        (None, 2400..2700) => year - BUDDHIST,
        (None, _) => year,
    }
}

/// Eight digits that stand alone: `20180304`, `25032018`.
fn compact(line: &Folded, group: &Group) -> Option<civil::Date> {
    let alone = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '#' | '.');
    let (before, after) = (line.before(group.chars.start), line.char(group.chars.end));
    if group.digits != 8 || !alone(before) || !alone(after) {
        return None;
    }
    let value = group.value?;
    let recent = |year: u32| (2000..2050).contains(&year);
    let (year, rest) = (value / 10_000, value % 10_000);
    let first = calendar(year, rest / 100, rest % 100).filter(|_| recent(year));
    let (year, rest) = (value % 10_000, value / 10_000);
    first.or_else(|| calendar(year, rest % 100, rest / 100).filter(|_| recent(year)))
}

fn calendar(year: u32, month: u32, day: u32) -> Option<civil::Date> {
    let (y, m, d) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    civil::Date::new(y, m, d).ok().filter(|_| PLAUSIBLE.contains(&year))
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::reading::fold::Folded;

    #[test]
    fn dates_are_read_as_printed() {
        for (line, want) in [
            ("日期：2026-11-21 12:01:22", "2026-11-21T12:01:22"),
            ("21/11/2026 19:32", "2026-11-21T19:32:00"),
            ("25/12/2018 8:13:39 PM", "2018-12-25T20:13:39"),
            ("05 MAR 2018", "2018-03-05"),
            ("09/Jan/2018", "2018-01-09"),
            ("2026年11月21日 18:05", "2026-11-21T18:05:00"),
            ("2026年11月21日(土)19:30", "2026-11-21T19:30:00"),
            ("03/29/12 14:33:30", "2012-03-29T14:33:30"),
            ("12:01 21-11-26", "2026-11-21T12:01:00"),
            ("OCT 3, 2016 12:16:25 PM", "2016-10-03T12:16:25"),
            ("DATE/TIME : 20180428/191204", "2018-04-28T19:12:04"),
            ("0003 25032018 13:11:54", "2018-03-25T13:11:54"),
            ("18-03-2018 11 : 23", "2018-03-18T11:23:00"),
            ("DATE 13-09-2017  TIME : 1648", "2017-09-13T16:48:00"),
            ("09/08/2020-09:26", "2020-08-09T09:26:00"),
            ("21.11.26-13:05", "2026-11-21T13:05:00"),
            ("Ngày 21 tháng 11 năm 2026", "2026-11-21"),
            ("2026/11/21 下午 6:05", "2026-11-21T18:05:00"),
            ("Monday 6th of April 2015 02:56:25 PM", "2015-04-06T14:56:25"),
            ("30DEC17 12.16 p.m.", "2017-12-30"),
        ] {
            let found = find(&Folded::new(line)).expect(line);
            assert_eq!(found.at.to_string(), want, "{line}");
        }
    }

    #[test]
    fn other_calendars_become_the_common_one() {
        for (line, want) in [
            ("115/11/21", "2026-11-21"),
            ("民國115年11月21日", "2026-11-21"),
            ("令和8年11月21日", "2026-11-21"),
            ("21/11/2569 19:30", "2026-11-21T19:30:00"),
            ("๒๑/๑๑/๒๕๖๙", "2026-11-21"),
            ("٢١/١١/٢٠٢٦", "2026-11-21"),
            ("21 Agu 2026", "2026-08-21"),
        ] {
            let found = find(&Folded::new(line)).expect(line);
            assert_eq!(found.at.to_string(), want, "{line}");
        }
    }

    #[test]
    fn numbers_that_are_no_date_are_left_alone() {
        for line in [
            "Tel 2345-6789",
            "1.5.0",
            "32/13/2026",
            "TOTAL 12.05.36.00",
            "A-1-2",
            "MI11/3-21 - 12/480",
            "WA17/10/20",
            "1-300-22-2828",
            "INV20180304",
            "12 MARKET 2018",
        ] {
            assert!(find(&Folded::new(line)).is_none(), "{line}");
        }
    }
}
