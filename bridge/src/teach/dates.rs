//! How a date was printed: the format that reads it as a day near the one on which it was seen.

use jiff::civil::Date;

/// Days that a till's clock may be off and its date still be told from another order of day and month.
const MAX_DAYS_OFF: i32 = 2;

/// A run of digits, or what stands between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Digits(&'a str),
    Between(&'a str),
}

/// Orders of year, month and day, the usual ones first.
const ORDERS: [[char; 3]; 3] = [['d', 'm', 'y'], ['y', 'm', 'd'], ['m', 'd', 'y']];

/// The format of `text`, and a regex for texts like it. `None` where it is no date near `seen`.
pub(super) fn format(text: &str, seen: Date) -> Option<(String, String)> {
    let parts = parts(text);
    let line = pattern(&parts);
    let fits = |format: &String| {
        let read =
            jiff::fmt::strtime::parse(format, text).ok().and_then(|read| read.to_date().ok());
        read.is_some_and(|day| days_off(day, seen) <= MAX_DAYS_OFF)
    };
    ORDERS.iter().filter_map(|order| written(&parts, *order)).find(fits).map(|found| (found, line))
}

fn days_off(a: Date, b: Date) -> i32 {
    a.until(b).map_or(i32::MAX, |span| span.get_days().abs())
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        out.push(if digit { Part::Digits(part) } else { Part::Between(part) });
        rest = after;
    }
    out
}

/// The format where day, month and year stand in this order; a time may follow.
fn written(parts: &[Part<'_>], order: [char; 3]) -> Option<String> {
    let mut wanted: Vec<&str> = Vec::new();
    for part in order {
        wanted.push(match part {
            'd' => "%d",
            'm' => "%m",
            _ => "%Y",
        });
    }
    wanted.extend(["%H", "%M", "%S"]);
    let mut wanted = wanted.into_iter();
    let (mut out, mut given) = (String::new(), 0);
    for part in parts {
        match part {
            Part::Between(text) => out.push_str(&text.replace('%', "%%")),
            // 20261121, 261121
            Part::Digits(run) if given == 0 && matches!(run.len(), 6 | 8) => {
                for _ in 0..3 {
                    let field = wanted.next()?;
                    out.push_str(if field == "%Y" && run.len() == 6 { "%y" } else { field });
                }
                given = 3;
            }
            Part::Digits(run) => {
                let field = wanted.next()?;
                out.push_str(match (field, run.len()) {
                    ("%Y", 4) => "%Y",
                    ("%Y", 2) => "%y",
                    (_, 1 | 2) if field != "%Y" => field,
                    _ => return None,
                });
                given += 1;
            }
        }
    }
    // A day, and no time or one with minutes.
    matches!(given, 3 | 5 | 6).then_some(out)
}

fn pattern(parts: &[Part<'_>]) -> String {
    let part = |part: &Part<'_>| match part {
        Part::Digits(run) if run.len() <= 2 => r"\d{1,2}".to_owned(),
        Part::Digits(run) => format!(r"\d{{{}}}", run.len()),
        Part::Between(text) => super::candidates::escaped(text),
    };
    parts.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::format;

    #[test]
    fn the_order_of_day_and_month_is_told_by_the_day_it_was_seen() {
        let seen = date(2026, 11, 9);
        for (text, expected) in [
            ("09.11.26 12.01", "%d.%m.%y %H.%M"),
            ("11/09/2026 12:01:22", "%m/%d/%Y %H:%M:%S"),
            ("2026年11月9日", "%Y年%m月%d日"),
            ("20261108", "%Y%m%d"),
            ("261109 1:05", "%y%m%d %H:%M"),
        ] {
            assert_eq!(
                format(text, seen).map(|(found, _)| found).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in ["09.10.26", "12.01", "1001", "", "09.11.26 12", "%d"] {
            assert_eq!(format(text, seen), None, "{text}");
        }
    }
}
