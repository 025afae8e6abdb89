//! When it was sold: which of the dates on the paper, with which of its times.
//!
//! The sale's date goes before the print's, a labelled one before an unlabelled one; dates that
//! something expires on or holds from are none. The time may stand on a line of its own.
//!
//! Not here: reading a date (`date`), judging it against the bridge's clock.

use jiff::civil;

use super::clock;
use super::line::ReadLine;
use super::vocabulary::Label;
use crate::event::{PrintedAt, Receipt};
use crate::span::Span;

/// Words of dates that are not the sale's, folded.
const FOREIGN: &[&str] = &[
    "EXPIR",
    "EXP DATE",
    "EXP:",
    "VALID",
    "UNTIL",
    "SINCE",
    "EFFECTIVE",
    "W.E.F",
    "WEF ",
    "DUE DATE",
    "BIRTH",
    "BERLAKU",
    "HAN DUNG",
    "有效",
    "屆滿",
    "到期",
    "生效",
    "BEST BEFORE",
    "หมดอายุ",
    "SIGNED UP",
];
/// Lines between a date and its time.
const NEAR: usize = 2;
/// Two-digit years from which on a Thai date is of the Buddhist era, less 2000: tills of 2040 are
/// not our worry.
const BUDDHIST_SHORT: i16 = 2040;
/// What such a year is off by, read as 20yy: 2500 - 543 - 2000.
const BUDDHIST_OFFSET: i16 = 43;

struct Candidate {
    line: usize,
    at: PrintedAt,
    rank: u8,
}

pub(super) fn collect(
    lines: &[ReadLine<'_>],
    receipt: &mut Receipt,
    note: &mut impl FnMut(&str, Span, &str),
) {
    let thai = lines
        .iter()
        .any(|line| line.folded.chars.iter().any(|c| matches!(c, '\u{E01}'..='\u{E2E}')));
    let candidates: Vec<Candidate> = lines
        .iter()
        .enumerate()
        .filter_map(|(line, read)| {
            let found = read.date.as_ref()?;
            let rank = rank(read, found.chars.start)?;
            let at = if thai { of_buddha(found.at) } else { found.at };
            Some(Candidate { line, at, rank })
        })
        .collect();
    // The first of the best.
    let Some(best) = candidates.iter().rev().max_by_key(|one| one.rank) else { return };
    let (at, rule) = match best.at {
        PrintedAt::DateTime(_) => (best.at, "date and time"),
        PrintedAt::Date(day) => time_of(lines, best, day, &candidates)
            .map_or((best.at, "date"), |time| {
                (PrintedAt::DateTime(day.to_datetime(time)), "date, time beside it")
            }),
    };
    receipt.printed_at = Some(at);
    let line = &lines[best.line];
    if let Some(found) = &line.date {
        note("printed_at", line.line.span(line.folded.bytes(found.chars.clone())), rule);
    }
}

/// How likely the date at character `start` is the sale's; `None` where it is another's.
fn rank(line: &ReadLine<'_>, start: usize) -> Option<u8> {
    let text: String = line.folded.chars.iter().collect();
    if FOREIGN.iter().any(|word| text.contains(word)) {
        return None;
    }
    let label = line.words.iter().rfind(|found| found.chars.end <= start);
    Some(match label.and_then(|found| found.word.label) {
        Some(Label::PrintTime) => 1,
        Some(Label::Date) => 4,
        _ if matches!(line.date.as_ref().map(|found| found.at), Some(PrintedAt::DateTime(_))) => 3,
        _ => 2,
    })
}

/// The time of a date without one: beside the same day elsewhere, or alone on a line near it.
fn time_of(
    lines: &[ReadLine<'_>],
    best: &Candidate,
    day: civil::Date,
    candidates: &[Candidate],
) -> Option<civil::Time> {
    let near = (1..=NEAR).flat_map(|by| [best.line.checked_add(by), best.line.checked_sub(by)]);
    let alone = near.flatten().filter_map(|i| lines.get(i)).filter(|line| line.date.is_none());
    let alone =
        alone.filter(|line| line.numbers.is_empty()).find_map(|line| clock::alone(&line.folded));
    let twin = candidates.iter().find_map(|one| match one.at {
        PrintedAt::DateTime(at) if at.date() == day => Some(at.time()),
        _ => None,
    });
    alone.map(|(time, _)| time).or(twin)
}

/// A Thai till's `69` is 2569.
fn of_buddha(at: PrintedAt) -> PrintedAt {
    let turned = |day: civil::Date| {
        let year = day.year() - BUDDHIST_OFFSET;
        let late = day.year() >= BUDDHIST_SHORT;
        civil::Date::new(year, day.month(), day.day()).ok().filter(|_| late).unwrap_or(day)
    };
    match at {
        PrintedAt::Date(day) => PrintedAt::Date(turned(day)),
        PrintedAt::DateTime(at) => PrintedAt::DateTime(turned(at.date()).to_datetime(at.time())),
    }
}

#[cfg(test)]
mod tests {
    use super::collect;
    use crate::diagnostic::Diagnostics;
    use crate::document::paper::Paper;
    use crate::event::Receipt;
    use crate::reading::line::classify;

    fn at(text: &str) -> String {
        let paper = Paper::plain(text);
        let (lines, _) = classify(&paper, None, None, &mut Diagnostics::default());
        let mut receipt = Receipt::default();
        collect(&lines, &mut receipt, &mut |_, _, _| {});
        receipt.printed_at.map(|at| at.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_sale_goes_before_the_print_and_before_what_expires() {
        for (text, want) in [
            ("Printed: 22/11/2026 09:00\nDate: 21/11/2026 12:01", "2026-11-21T12:01:00"),
            ("印單時間：2026-11-21 12:01:22", "2026-11-21T12:01:22"),
            ("Valid until 31/12/2026\n21/11/2026 12:01", "2026-11-21T12:01:00"),
            ("Member since 01/01/2020\nDate: 21/11/2026", "2026-11-21"),
            ("Voucher expires 31/12/2026", ""),
        ] {
            assert_eq!(at(text), want, "{text}");
        }
    }

    #[test]
    fn the_time_may_stand_on_its_own_line() {
        assert_eq!(at("Date: 21/11/2026\nTime: 7:05 PM"), "2026-11-21T19:05:00");
        assert_eq!(at("日期: 2026-11-21\n時間: 12:01:22"), "2026-11-21T12:01:22");
        assert_eq!(at("日期: 2026-11-21\n打印时间: 2026-11-21 12:01:22"), "2026-11-21T12:01:22");
    }

    #[test]
    fn a_thai_till_counts_from_the_buddha() {
        assert_eq!(at("วันที่: 21/11/69 19:30"), "2026-11-21T19:30:00");
        assert_eq!(at("วันที่: 21/11/2569"), "2026-11-21");
        assert_eq!(at("วันที่: 21/11/26"), "2026-11-21");
    }
}
