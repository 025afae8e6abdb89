//! What a scenario asks of a report, and whether it got it.
//!
//! A path that no report has is a mistake in the scenario and is found before anything is run. A
//! figure that a run did not measure misses its threshold: silence is no success.

use std::collections::BTreeMap;
use std::time::Duration;

use super::paths::{self, Unit};
use super::plot::{micros, number};
use super::shape::Asked;
use crate::scenario::{Limit, Threshold};

/// What must be nought in every report, unless the scenario asks for something else of it.
const CLOSED: [&str; 4] = ["lost", "duplicated", "wrong", "late"];

/// A threshold that asks for nothing a report could have.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ThresholdError {
    /// No such path.
    #[error(
        "line {line}: expected the path of a figure in report.json, found {what:?}; hint: the \
         nearest is {nearest:?}"
    )]
    Path {
        /// Line in the scenario.
        line: usize,
        /// What was asked for.
        what: String,
        /// The path most like it.
        nearest: String,
    },
    /// A time for what is none, or the other way round.
    #[error("line {line}: expected {expected} as the bound of {what}, found {found}")]
    Unit {
        /// Line in the scenario.
        line: usize,
        /// What was asked for.
        what: String,
        /// What its bound must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

/// Checks that a report has what is asked for. `figures` are those of a report in which everything
/// was measured.
pub(super) fn check(
    thresholds: &[Threshold],
    figures: &BTreeMap<String, (f64, Unit)>,
) -> Result<(), ThresholdError> {
    for Threshold { what, max, min, line } in thresholds {
        let Some((_, unit)) = figures.get(what) else {
            let nearest = paths::nearest(what, figures.keys()).unwrap_or_default().to_owned();
            return Err(ThresholdError::Path { line: *line, what: what.clone(), nearest });
        };
        for limit in [max, min].into_iter().flatten() {
            let (expected, found) = match (limit, unit) {
                (Limit::Time(time), Unit::Number) => ("a number", shown_time(*time)),
                (Limit::Number(value), Unit::Time) => ("a time such as \"100ms\"", number(*value)),
                _ => continue,
            };
            let what = what.clone();
            return Err(ThresholdError::Unit { line: *line, what, expected, found });
        }
    }
    Ok(())
}

/// Holds each threshold against what was found. Those of a closed ledger come first.
pub(super) fn judge(
    thresholds: &[Threshold],
    figures: &BTreeMap<String, (f64, Unit)>,
) -> Vec<Asked> {
    let stated = |what: &str| thresholds.iter().any(|threshold| threshold.what == what);
    let zero = |what: &&str| Threshold {
        what: (*what).to_owned(),
        max: Some(Limit::Number(0.0)),
        min: None,
        line: 0,
    };
    let closed: Vec<Threshold> = CLOSED.iter().filter(|what| !stated(what)).map(zero).collect();
    closed.iter().chain(thresholds).map(|threshold| hold(threshold, figures)).collect()
}

fn hold(threshold: &Threshold, figures: &BTreeMap<String, (f64, Unit)>) -> Asked {
    let figure = figures.get(&threshold.what);
    let found = match figure {
        None => "nothing measured".to_owned(),
        Some((value, Unit::Time)) => micros(*value as u64),
        Some((value, Unit::Number)) => number(*value),
    };
    let within = |value: f64| {
        threshold.max.is_none_or(|max| value <= bound(max))
            && threshold.min.is_none_or(|min| value >= bound(min))
    };
    let (asked, ok) = (asked(threshold), figure.is_some_and(|(value, _)| within(*value)));
    let found = match figure {
        // Nobody understands "at most 100 ms, found 100 ms, missed".
        Some((value, unit)) if !ok && asked.ends_with(&found) => match unit {
            Unit::Time => format!("{value} µs"),
            Unit::Number => format!("{value}"),
        },
        _ => found,
    };
    Asked { what: threshold.what.clone(), asked, found, ok }
}

/// A bound in the unit of the figures.
fn bound(limit: Limit) -> f64 {
    match limit {
        Limit::Time(time) => time.as_micros() as f64,
        Limit::Number(value) => value,
    }
}

fn asked(threshold: &Threshold) -> String {
    let shown = |limit| match limit {
        Limit::Time(time) => shown_time(time),
        Limit::Number(value) => number(value),
    };
    match (threshold.min.map(shown), threshold.max.map(shown)) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "measured".to_owned(),
    }
}

fn shown_time(time: Duration) -> String {
    micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::paths::figures;
    use super::{Limit, Threshold, ThresholdError, check, judge};

    fn at_most(what: &str, max: Limit) -> Threshold {
        Threshold { what: what.to_owned(), max: Some(max), min: None, line: 7 }
    }

    #[test]
    fn a_path_that_no_report_has_is_answered_with_its_line_and_the_nearest() {
        let known = figures(&json!({"lost": 0, "journal": {"count": 1, "p99": 5, "p90": 4}}));
        let asked = [at_most("journal.p98", Limit::Number(1.0))];
        let error = check(&asked, &known).expect_err("no such path").to_string();
        assert!(error.starts_with("line 7: ") && error.contains("\"journal.p9"), "{error}");
    }

    #[test]
    fn a_time_must_be_bounded_by_a_time_and_a_number_by_a_number() {
        let known = figures(&json!({"lost": 0, "journal": {"count": 1, "p99": 5}}));
        let number = [at_most("journal.p99", Limit::Number(100.0))];
        let time = [at_most("lost", Limit::Time(Duration::from_secs(1)))];
        for asked in [number, time] {
            let error = check(&asked, &known).expect_err("another unit");
            assert!(matches!(error, ThresholdError::Unit { line: 7, .. }), "{error}");
        }
        let right = [
            at_most("journal.p99", Limit::Time(Duration::from_secs(1))),
            at_most("journal.count", Limit::Number(1.0)),
        ];
        assert_eq!(check(&right, &known), Ok(()));
    }

    #[test]
    fn a_threshold_holds_up_to_its_bound_and_not_beyond() {
        let hundred = Limit::Time(Duration::from_millis(100));
        for (found, ok) in [(99_990, true), (100_000, true), (100_001, false)] {
            let known = figures(&json!({"journal": {"count": 1, "p99": found}}));
            let asked = judge(&[at_most("journal.p99", hundred)], &known).pop().expect("one");
            assert_eq!((asked.ok, asked.asked.as_str()), (ok, "at most 100 ms"));
            assert_eq!(asked.found, if ok { "100 ms" } else { "100001 µs" });
        }
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        let asked = judge(&[at_most("p99", Limit::Number(1.0))], &figures(&json!({})));
        let last = asked.last().expect("one");
        assert_eq!((last.ok, last.found.as_str()), (false, "nothing measured"));
    }

    #[test]
    fn a_ledger_must_close_unless_the_scenario_allows_it_not_to() {
        let figures = figures(&json!({"lost": 1, "duplicated": 0, "wrong": 0, "late": 3}));
        let judged = |asked: &[Threshold]| -> Vec<(String, bool)> {
            judge(asked, &figures).into_iter().map(|asked| (asked.what, asked.ok)).collect()
        };
        let names = |rows: &[(&str, bool)]| -> Vec<(String, bool)> {
            rows.iter().map(|(what, ok)| ((*what).to_owned(), *ok)).collect()
        };
        assert_eq!(
            judged(&[]),
            names(&[("lost", false), ("duplicated", true), ("wrong", true), ("late", false)])
        );
        let allowed = at_most("late", Limit::Number(5.0));
        assert_eq!(
            judged(&[allowed]),
            names(&[("lost", false), ("duplicated", true), ("wrong", true), ("late", true)])
        );
    }

    #[test]
    fn a_floor_and_a_ceiling_are_both_held() {
        let both =
            Threshold { min: Some(Limit::Number(2.0)), ..at_most("lost", Limit::Number(4.0)) };
        for (found, ok) in [(1, false), (2, true), (4, true), (5, false)] {
            let asked = judge(std::slice::from_ref(&both), &figures(&json!({"lost": found})));
            let last = asked.last().expect("one");
            assert_eq!((last.ok, last.asked.as_str()), (ok, "2 to 4"));
        }
    }
}
