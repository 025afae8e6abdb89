//! The figures of a report by their paths: `latency.print_to_journal.p99`.
//!
//! It knows no figure by name: what is a number in the JSON is a figure, and what stands in a
//! distribution or ends in `_us` is a time. Lists have no paths.

use std::collections::BTreeMap;

use serde_json::Value;

/// Keys of a distribution that are times.
const TIMES: [&str; 5] = ["p50", "p90", "p99", "p999", "max"];

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Microseconds.
    Time,
    /// Anything else.
    Number,
}

/// Every figure by its path.
pub(super) fn figures(value: &Value) -> BTreeMap<String, (f64, Unit)> {
    let mut figures = BTreeMap::new();
    collect(value, "", &mut figures);
    figures
}

fn collect(value: &Value, path: &str, figures: &mut BTreeMap<String, (f64, Unit)>) {
    let Value::Object(fields) = value else { return };
    let distribution = fields.contains_key("count");
    for (key, value) in fields {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value.as_f64() {
            Some(number) => {
                let time = key.ends_with("_us") || distribution && TIMES.contains(&key.as_str());
                let unit = if time { Unit::Time } else { Unit::Number };
                figures.insert(path, (number, unit));
            }
            None => collect(value, &path, figures),
        }
    }
}

/// The path that looks most like one that is not there: with the fewest letters changed, or the same
/// last part.
pub(super) fn nearest<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a String>,
) -> Option<&'a str> {
    known.into_iter().min_by_key(|known| changes(wrong, known)).map(String::as_str)
}

/// Letters to change, to add or to take away to make one text the other.
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Unit, changes, figures, nearest};

    #[test]
    fn numbers_have_paths_and_times_are_known_as_times() {
        let value = json!({"lost": 0, "name": "x", "list": [1], "stage": {"count": 2, "p99": 5},
            "rss": {"max": 1.5}, "behind_us": 7});
        let figures = figures(&value);
        let expected = [
            ("behind_us", (7.0, Unit::Time)),
            ("lost", (0.0, Unit::Number)),
            ("rss.max", (1.5, Unit::Number)),
            ("stage.count", (2.0, Unit::Number)),
            ("stage.p99", (5.0, Unit::Time)),
        ];
        assert_eq!(figures.len(), expected.len());
        for (path, figure) in expected {
            assert_eq!(figures.get(path), Some(&figure), "{path}");
        }
    }

    #[test]
    fn the_nearest_path_is_the_one_with_the_fewest_changes() {
        assert_eq!(changes("kitten", "sitting"), 3);
        assert_eq!(changes("", "abc"), 3);
        let known = ["lost", "late", "wrong"].map(str::to_owned);
        assert_eq!(nearest("lats", &known), Some("late"));
    }
}
