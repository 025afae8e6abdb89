//! Dates and times of day on a line.
//!
//! Year first where the first group has four digits; else day first, as Hong Kong, Malaysia and
//! Britain print it, unless the middle group can only be a day.

use core::ops::Range;

use jiff::civil;

use super::fold::Folded;
use crate::event::PrintedAt;

/// A date, with the time of day where one stands on the same line.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Characters of the folded line from the first to the last that was used.
    pub(super) chars: Range<usize>,
    pub(super) at: PrintedAt,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// The first date of the line.
pub(super) fn find(line: &Folded) -> Option<Found> {
    let groups = groups(line);
    let (day, used) = (0..groups.len()).find_map(|i| date_at(line, &groups, i))?;
    let chars = groups[used.start].chars.start..groups[used.end - 1].chars.end;
    match time(line, &groups, &used) {
        Some((time, group)) => {
            let chars = chars.start.min(group.start)..chars.end.max(group.end);
            Some(Found { chars, at: PrintedAt::DateTime(day.to_datetime(time)) })
        }
        None => Some(Found { chars, at: PrintedAt::Date(day) }),
    }
}

/// A run of digits or of letters.
struct Group {
    chars: Range<usize>,
    /// The number, or the month that the letters name; `None` for other words.
    value: Option<u32>,
    digits: usize,
}

fn groups(line: &Folded) -> Vec<Group> {
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
        let text: String = line.chars[chars.clone()].iter().collect();
        match kind {
            1 => out.push(Group { chars, value: text.parse().ok(), digits: len }),
            2 => out.push(Group { chars, value: month(&text), digits: 0 }),
            _ => {}
        }
        i += len;
    }
    out
}

fn month(word: &str) -> Option<u32> {
    let short = word.get(..3)?;
    let at = MONTHS.iter().position(|month| *month == short)?;
    u32::try_from(at + 1).ok()
}

/// The characters between two neighbouring groups.
fn between(line: &Folded, a: &Group, b: &Group) -> String {
    line.chars[a.chars.end..b.chars.start].iter().collect()
}

fn date_at(line: &Folded, groups: &[Group], i: usize) -> Option<(civil::Date, Range<usize>)> {
    let [first, middle, last] = groups.get(i..i + 3)? else { return None };
    let marks = (between(line, first, middle), between(line, middle, last));
    let named = middle.digits == 0 && middle.value.is_some();
    let joined = |mark: &str| matches!(mark, "-" | "/" | "." | "年" | "月");
    let close = |mark: &str| mark.trim().len() <= 1;
    let fits = if named {
        close(&marks.0) && close(&marks.1)
    } else {
        joined(&marks.0) && joined(&marks.1)
    };
    if !fits {
        return None;
    }
    let values = (first.value?, middle.value?, last.value?);
    let month_first = !named && values.1 > 12 && values.0 <= 12;
    let (year, month, day) = match (first.digits, last.digits) {
        (4, 1 | 2) => values,
        (1 | 2, 4) if month_first => (values.2, values.0, values.1),
        (1 | 2, 4) => (values.2, values.1, values.0),
        (1 | 2, 2) if month_first => (values.2 + 2000, values.0, values.1),
        (1 | 2, 2) => (values.2 + 2000, values.1, values.0),
        _ => return None,
    };
    let date = civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    );
    // A longer chain of numbers is a version, an address or an amount, not a date.
    let end = last.chars.end;
    let chained = matches!(line.char(end), '.' | '-' | '/') && line.char(end + 1).is_ascii_digit();
    let plausible = (1990..=2099).contains(&year) && !chained;
    date.ok().filter(|_| plausible).map(|date| (date, i..i + 3))
}

/// `12:01`, `12:01:22`, `8:13:39 PM`, anywhere on the line but in the date.
fn time(
    line: &Folded,
    groups: &[Group],
    date: &Range<usize>,
) -> Option<(civil::Time, Range<usize>)> {
    (0..groups.len()).filter(|i| !date.contains(i)).find_map(|i| {
        let (hour, minute) = (groups.get(i)?, groups.get(i + 1)?);
        if between(line, hour, minute) != ":" || minute.digits != 2 || hour.digits > 2 {
            return None;
        }
        let mut end = minute.chars.end;
        let mut next = i + 2;
        let mut second = 0;
        if let Some(group) = groups.get(next)
            && between(line, minute, group) == ":"
            && group.digits == 2
        {
            second = group.value?;
            end = group.chars.end;
            next += 1;
        }
        let half: String = groups
            .get(next)
            .map(|group| line.chars[group.chars.clone()].iter().collect())
            .unwrap_or_default();
        let hour_value = match (hour.value?, half.as_str()) {
            (12, "AM") => 0,
            (h @ 1..=11, "PM") => h + 12,
            (h, _) => h,
        };
        if matches!(half.as_str(), "AM" | "PM") {
            end = groups[next].chars.end;
        }
        let time = civil::Time::new(
            i8::try_from(hour_value).ok()?,
            i8::try_from(minute.value?).ok()?,
            i8::try_from(second).ok()?,
            0,
        );
        time.ok().map(|time| (time, hour.chars.start..end))
    })
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
            ("03/29/12 14:33:30", "2012-03-29T14:33:30"),
            ("12:01 21-11-26", "2026-11-21T12:01:00"),
        ] {
            let found = find(&Folded::new(line)).expect(line);
            assert_eq!(found.at.to_string(), want, "{line}");
        }
    }

    #[test]
    fn numbers_that_are_no_date_are_left_alone() {
        for line in ["Tel 2345-6789", "1.5.0", "32/13/2026", "TOTAL 12.05.36.00", "A-1-2"] {
            assert!(find(&Folded::new(line)).is_none(), "{line}");
        }
    }
}
