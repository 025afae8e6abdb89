//! Finding known names (tills, receipt numbers) in what people read, in time that does not grow with
//! how many are known.
//!
//! It knows no message format: a name counts wherever it stands as a whole.

use std::collections::{BTreeSet, HashMap};

/// Names, and what each stands for.
#[derive(Clone, Debug)]
pub(super) struct Names<'a, T> {
    known: HashMap<&'a str, T>,
    /// Lengths of the names in bytes, the longest first.
    lengths: Vec<usize>,
}

/// A name that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a, 't, T> {
    /// The name as it is known.
    pub(super) name: &'a str,
    /// What it stands for.
    pub(super) means: &'t T,
    /// Its first byte in the text.
    pub(super) start: usize,
    /// Just past its last byte.
    pub(super) end: usize,
}

impl<'a, T> Names<'a, T> {
    pub(super) fn new(known: HashMap<&'a str, T>) -> Self {
        let lengths: BTreeSet<usize> =
            known.keys().map(|name| name.len()).filter(|length| *length > 0).collect();
        Self { known, lengths: lengths.into_iter().rev().collect() }
    }

    /// What `name` stands for.
    pub(super) fn means(&self, name: &str) -> Option<&T> {
        self.known.get(name)
    }

    /// The names in `text` for which `whole(text, start, end)` holds, the longest at each place, none
    /// overlapping another.
    pub(super) fn find(
        &self,
        text: &str,
        whole: fn(&str, usize, usize) -> bool,
    ) -> Vec<Found<'a, '_, T>> {
        let mut found = Vec::new();
        let mut past = 0;
        for (start, _) in text.char_indices() {
            if start < past || !begins(text, start) {
                continue;
            }
            let here = self.lengths.iter().find_map(|length| {
                let end = start + length;
                let (name, means) = self.known.get_key_value(text.get(start..end)?)?;
                whole(text, start, end).then_some(Found { name, means, start, end })
            });
            if let Some(here) = here {
                past = here.end;
                found.push(here);
            }
        }
        found
    }
}

/// Whether no word or number runs over `start`.
fn begins(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    start == 0 || !(word(start - 1) && word(start))
}

/// Whether the name of a till at `start..end` is no part of a longer one.
pub(super) fn is_whole_till(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let joins = |at: usize| matches!(bytes.get(at), Some(b'-' | b'_'));
    let longer_before = start >= 2 && joins(start - 1) && word(start - 2);
    let longer_behind = word(end) || joins(end) && word(end + 1);
    begins(text, start) && !longer_before && !longer_behind
}

/// Whether the number at `start..end` is no part of a longer one, of a date, a time or an amount.
pub(super) fn is_whole_number(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let joins = |at: usize| matches!(bytes.get(at), Some(b'-' | b'/' | b':' | b'.' | b','));
    let runs_on_before = start >= 2 && joins(start - 1) && digit(start - 2);
    let word = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    let runs_on_behind = word || joins(end) && digit(end + 1);
    let is_amount = text[..start].chars().next_back().is_some_and(is_currency);
    begins(text, start) && !runs_on_before && !runs_on_behind && !is_amount
}

/// Signs of a currency.
pub(super) fn is_currency(sign: char) -> bool {
    matches!(sign, '$' | '¥' | '￥' | '£' | '€' | '₫' | '฿' | '₩' | '₱' | '₹')
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Names, is_whole_number, is_whole_till};

    fn found<'a>(
        names: &[&'a str],
        text: &str,
        whole: fn(&str, usize, usize) -> bool,
    ) -> Vec<&'a str> {
        let known = Names::new(names.iter().map(|name| (*name, 0)).collect::<HashMap<_, _>>());
        known.find(text, whole).into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn a_till_is_not_found_in_the_name_of_another() {
        let tills = ["counter-1", "counter-10", "bar", "收銀1"];
        let found = |text| found(&tills, text, is_whole_till);
        assert_eq!(found("12:01 counter-10 #1"), ["counter-10"]);
        assert_eq!(found("Till: counter-1"), ["counter-1"]);
        assert_eq!(found("counter-1-b, counter-100, rebar, bar-2, the_bar"), [""; 0]);
        assert_eq!(found("收銀機：收銀1"), ["收銀1"]);
    }

    #[test]
    fn a_date_a_time_and_an_amount_are_no_receipt_numbers() {
        let found = |text| found(&["2026", "1201", "36", "A-17/2"], text, is_whole_number);
        for text in ["2026-11-21", "21/11/2026", "12:36", "36.00", "0.36", "HK$36", "1,2026", "A36"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for text in ["#2026", "No. 2026.", "單號2026元", "12:01, 2026, 1.50", "counter-2026"] {
            assert_eq!(found(text), ["2026"], "{text}");
        }
        assert_eq!(found("#A-17/2 HK$1.00"), ["A-17/2"]);
    }
}
