//! What teaching shows: words to point at, what they can be, and why not. Pure. What a rule would
//! change is `teach_changes`'s.

use std::fmt::Write as _;

use minijinja::{Value, context};
use serde::Serialize;

use super::words::Tongue;
use crate::notice::{kind_word, method_word};
use crate::privacy::{hidden, redact};
use crate::teach::{Meaning, Refused, lines as split};

/// Most words that can be pointed at: a page has at most 100 KB.
pub(super) const MOST_WORDS: usize = 500;
/// Longest value that is shown, in characters.
const MAX_VALUE_CHARS: usize = 60;
/// What stands in the place of what nobody may see.
const STARS: &str = "***";

/// A word that can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Word {
    /// `LINE.WORD`.
    at: String,
    /// Blanks before it.
    before: String,
    text: String,
    chosen: bool,
}

/// The words of every line of `text`, people's data under stars.
pub(super) fn lines(text: &str, chosen: &[(usize, usize)]) -> Vec<Vec<Word>> {
    let hidden = hidden(text);
    let mut left = MOST_WORDS;
    let mut out = Vec::new();
    for (index, line) in split(text).into_iter().enumerate() {
        let mut end = line.bytes.start;
        let words = line.words.iter().take(left).enumerate().map(|(nth, word)| {
            let gap = text[end..word.start].chars().count();
            end = word.end;
            let shows = hidden.iter().all(|h| h.end <= word.start || word.end <= h.start);
            Word {
                at: format!("{index}.{nth}"),
                before: " ".repeat(gap),
                text: if shows { text[word.clone()].to_owned() } else { STARS.to_owned() },
                chosen: chosen.contains(&(index, nth)),
            }
        });
        let words: Vec<Word> = words.collect();
        left -= words.len();
        out.push(words);
        if left == 0 {
            break;
        }
    }
    out
}

/// The words that were pointed at, as one may see them.
pub(super) fn pointed(text: &str, chosen: &[(usize, usize)]) -> String {
    let mut out = String::new();
    for word in lines(text, chosen).into_iter().flatten().filter(|word| word.chosen) {
        let blank = if out.is_empty() { "" } else { " " };
        let _ = write!(out, "{blank}{}", word.text);
    }
    out
}

/// What words can be, in groups.
pub(super) fn meanings(tongue: Tongue) -> Value {
    let one = |meaning: Meaning| context! { code => meaning.code(), name => name(meaning, tongue) };
    let group = |key: &'static str, of: fn(Meaning) -> bool| {
        let all = Meaning::all().filter(|meaning| of(*meaning)).map(one).collect::<Vec<_>>();
        context! { name => tongue.say(key), all => all }
    };
    let is_text = |meaning| {
        matches!(
            meaning,
            Meaning::Text(_) | Meaning::PrintedAt | Meaning::Merchant | Meaning::Ignore
        )
    };
    let is_sum =
        |meaning: Meaning| matches!(meaning, Meaning::Amount(_)) && meaning.method().is_none();
    Value::from(vec![
        group("teach_sums", is_sum),
        group("teach_texts", is_text),
        group("teach_paid", |meaning| meaning.method().is_some()),
        group("teach_kinds", |meaning| matches!(meaning, Meaning::Kind(_))),
    ])
}

/// A meaning in words, the same as everywhere on the page.
pub(super) fn name(meaning: Meaning, tongue: Tongue) -> &'static str {
    if let Some(method) = meaning.method() {
        return method_word(method, tongue.language());
    }
    tongue.say(match meaning {
        Meaning::Kind(kind) => return kind_word(kind, tongue.language()).1,
        Meaning::Merchant => "f_merchant",
        Meaning::PrintedAt => "f_printed_at",
        Meaning::Ignore => "teach_ignore",
        Meaning::Amount(role) | Meaning::Text(role) => match role {
            "subtotal" => "f_subtotal",
            "discount" => "f_discount",
            "service_charge" => "f_service",
            "tax" => "f_tax",
            "rounding" => "f_rounding",
            "tip" => "f_tip",
            "tendered" => "f_tendered",
            "change" => "f_change",
            "number" => "f_number",
            "original_number" => "f_original",
            "cashier" => "f_cashier",
            "terminal" => "f_terminal",
            "table" => "f_table",
            "guests" => "f_guests",
            _ => "f_total",
        },
    })
}

/// The look of a verdict.
pub(super) fn grade(verdict: &str) -> &'static str {
    match verdict {
        "balanced" => "well",
        "off" => "act",
        _ => "look",
    }
}

/// Why there is no rule.
pub(super) fn refused(why: &Refused, text: &str, tongue: Tongue) -> String {
    let key = match why {
        Refused::Nothing => "r_nothing",
        Refused::ManyLines => "r_lines",
        Refused::NoValue => "r_value",
        Refused::NoWords => "r_words",
        Refused::NoDate => "r_date",
        Refused::Hidden => "r_hidden",
        Refused::Unread => "r_unread",
        Refused::TotalFirst => "r_total",
        Refused::OtherTill => "r_other",
        Refused::Broken => "r_broken",
        Refused::Sample(what) => return tongue.fill("r_sample", &[("what", &redact(what))]),
        Refused::Same(line) => {
            let redacted = redact(text);
            let printed = redacted.split('\n').nth(*line).unwrap_or_default().trim();
            let number = (line + 1).to_string();
            return tongue.fill("r_same", &[("line", &number), ("text", &cut(printed))]);
        }
    };
    tongue.say(key).to_owned()
}

/// What is long, up to where it would be too much.
pub(super) fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_VALUE_CHARS {
        return text.to_owned();
    }
    text.chars().take(MAX_VALUE_CHARS).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{lines, meanings, name, pointed};
    use crate::teach::Meaning;
    use crate::web::words::Tongue;

    #[test]
    fn words_keep_their_places_and_peoples_data_is_under_stars() {
        let text = "Tel 9123 4567\n  TOTAL   36.00";
        let found = lines(text, &[(1, 0)]);
        let line = |index: usize| -> Vec<(&str, &str, bool)> {
            let words = found[index].iter();
            words.map(|word| (word.before.as_str(), word.text.as_str(), word.chosen)).collect()
        };
        assert_eq!(line(0), [("", "Tel", false), (" ", "***", false), (" ", "***", false)]);
        assert_eq!(line(1), [("  ", "TOTAL", true), ("   ", "36.00", false)]);
        assert_eq!(pointed(text, &[(1, 0), (0, 1)]), "*** TOTAL");
        assert_eq!(lines(&"a ".repeat(9_999), &[])[0].len(), super::MOST_WORDS);
    }

    #[test]
    fn every_meaning_has_a_name_and_a_place_in_one_group() {
        for tongue in [Tongue::En, Tongue::ZhHk] {
            let groups = meanings(tongue);
            let groups: Vec<_> = groups.try_iter().expect("a list").collect();
            let count = |group: &minijinja::Value| group.get_attr("all").expect("a list").len();
            let all: usize = groups.iter().filter_map(count).sum();
            assert_eq!(all, Meaning::all().count());
            for meaning in Meaning::all() {
                assert!(!name(meaning, tongue).is_empty());
                let total = meaning == Meaning::Amount("total");
                assert!(total || name(meaning, tongue) != tongue.say("f_total"), "{meaning:?}");
            }
        }
    }
}
