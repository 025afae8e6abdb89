//! Whether two texts of a field say the same: amounts as decimals, dates as days, names by their
//! words. The same rules as `score_sroie.py`.

use std::collections::BTreeSet;

use jiff::civil::Date;

/// Share of words that two names must have in common.
const SAME_NAME: f64 = 0.90;
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

pub(super) fn same(field: &str, truth: &str, read: &str) -> bool {
    match field {
        "total" => cents(truth).is_some() && cents(truth) == cents(read),
        "date" => day(truth).is_some() && day(truth) == day(read),
        _ => letters(truth) == letters(read) || overlap(truth, read) >= SAME_NAME,
    }
}

/// The amount in hundredths.
fn cents(text: &str) -> Option<i64> {
    let negative = text.contains('-') || (text.starts_with('(') && text.ends_with(')'));
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
    let digits: String = digits.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let fraction = format!("{fraction:0<2}");
    let cents = format!("{whole}{}", fraction.get(..2)?).parse::<i64>().ok()?;
    Some(if negative { -cents } else { cents })
}

/// The day, day first where both orders are possible and no year leads.
fn day(text: &str) -> Option<Date> {
    let upper = text.to_uppercase();
    let mut groups: Vec<(Option<u32>, usize)> = Vec::new();
    for word in upper.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut rest = word;
        while !rest.is_empty() {
            let digit = rest.starts_with(|c: char| c.is_ascii_digit());
            let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
            let (group, after) = rest.split_at(end);
            let month = MONTHS.iter().position(|month| group.starts_with(month));
            match (digit, month) {
                (true, _) => groups.push((group.parse().ok(), group.len())),
                (false, Some(month)) => groups.push((Some(month as u32 + 1), 0)),
                _ => {}
            }
            rest = after;
        }
    }
    (0..groups.len()).find_map(|i| date_of(&groups[i..]))
}

/// The date that the groups (value and digits, no digits for a month's name) begin with.
fn date_of(groups: &[(Option<u32>, usize)]) -> Option<Date> {
    if let Some((Some(value), 8)) = groups.first() {
        return date(value / 10_000, value / 100 % 100, value % 100)
            .or_else(|| date(value % 10_000, value / 10_000 % 100, value / 1_000_000));
    }
    let [(Some(a), a_len), (Some(b), b_len), (Some(c), c_len), ..] = *groups else { return None };
    match (a_len, b_len, c_len) {
        (4, 1 | 2, 1 | 2) => date(a, b, c),
        (1 | 2, 0, 2 | 4) => date(c, b, a),
        (0, 1 | 2, 2 | 4) => date(c, a, b),
        (1 | 2, 1 | 2, 2 | 4) => {
            let by_year = if c_len == 2 { date(a, b, c) } else { None };
            date(c, b, a).or_else(|| date(c, a, b)).or(by_year)
        }
        _ => None,
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn letters(text: &str) -> String {
    text.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The F1 of the words that both have.
fn overlap(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        let upper = text.to_uppercase();
        let words = upper.split(|c: char| !c.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    let common = a.intersection(&b).count();
    if common == 0 { 0.0 } else { 2.0 * common as f64 / (a.len() + b.len()) as f64 }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn values_are_compared_and_not_their_writing() {
        for (field, truth, read) in [
            ("total", "RM 1,234.50", "1234.5"),
            ("total", "(1.73)", "-1.73"),
            ("date", "25/12/2018", "2018-12-25T20:13:39"),
            ("date", "12/28/2017", "2017-12-28"),
            ("date", "05 MAR 18", "2018-03-05"),
            ("date", "OCT 3, 2016", "2016-10-03"),
            ("date", "20180304", "2018-03-04"),
            ("company", "ABC SDN. BHD.", "abc sdn bhd"),
        ] {
            assert!(same(field, truth, read), "{truth} is {read}");
        }
        assert!(!same("date", "03/04/2018", "2018-03-04"));
        assert!(!same("total", "1.73", "-1.73"));
        assert!(!same("company", "ABC TRADING", "ABC"));
    }
}
