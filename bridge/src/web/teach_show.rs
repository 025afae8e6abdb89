//! What teaching shows: words to point at, what they can be, why not, and what a rule would change.
//! Pure.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::{Event, Kind};
use serde::Serialize;

use super::render;
use super::site::Trouble;
use super::teach::MOST_SHOWN;
use super::words::{Tongue, Words};
use crate::config::Shop;
use crate::notice::{Shown, kind_word, method_word};
use crate::operate::compare::{Change, changes};
use crate::privacy::{hidden, redact};
use crate::teach::{Changed, Meaning, Refused, Trial, lines as split};

/// Most words that can be pointed at: a page has at most 100 KB.
pub(super) const MOST_WORDS: usize = 500;
/// Most differences that are shown of one receipt.
const MOST_CHANGES: usize = 12;
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

/// How the paper itself would be read.
pub(super) fn this(was: Option<&Event>, now: &Event, tongue: Tongue) -> Result<Value, Trouble> {
    let found = was.map(|was| changes(was, now)).unwrap_or_default();
    table(&found, tongue)
}

/// What a trial found.
pub(super) fn trial(tried: &Trial, shop: &Shop, tongue: Tongue) -> Result<Value, Trouble> {
    let shown = tried.changed.iter().take(MOST_SHOWN);
    let receipts: Result<Vec<Value>, Trouble> = shown
        .map(|one| {
            let table = table(&one.changes, tongue)?;
            Ok(context! { id => one.now.id.to_string(), head => head(one, shop, tongue), table => table })
        })
        .collect();
    let count = |count: usize| count.to_string();
    let tally = |key: &'static str, was: usize, now: usize| {
        context! { name => tongue.say(key), was => was, now => now }
    };
    let (was, now) = (tried.before, tried.after);
    let many = tried.changed.len();
    let changed = match many {
        0 => tongue.say("teach_same").to_owned(),
        many => tongue.fill("teach_changed", &[("count", &count(many))]),
    };
    let more =
        (many > MOST_SHOWN).then(|| tongue.fill("teach_shown", &[("count", &count(MOST_SHOWN))]));
    Ok(context! {
        last => tongue.fill("teach_last", &[("count", &count(tried.looked))]),
        cut => tried.cut_short,
        tallies => vec![
            tally("teach_balanced", was.balanced, now.balanced),
            tally("teach_off", was.off, now.off),
            tally("teach_unread", was.unread, now.unread),
        ],
        changed => changed,
        receipts => receipts?,
        more => more,
    })
}

fn head(changed: &Changed, shop: &Shop, tongue: Tongue) -> String {
    let event = &changed.now;
    let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_ref());
    let number = number.map(|number| format!(" #{number}")).unwrap_or_default();
    let time = Shown::of(event, shop).time(event).unwrap_or_default();
    format!("{}{number} {time}", kind_word(event.kind, tongue.language()).1)
}

/// Old and new side by side.
fn table(found: &[Change], tongue: Tongue) -> Result<Value, Trouble> {
    #[derive(Serialize)]
    struct Row {
        field: String,
        was: String,
        now: String,
    }
    // What is the same in words is no difference to look at.
    let mut seen = BTreeSet::new();
    let rows = found.iter().take(MOST_CHANGES).map(|change| Row {
        field: field(&change.field, tongue),
        was: said(&change.field, change.was.as_ref(), tongue),
        now: said(&change.field, change.now.as_ref(), tongue),
    });
    let rows: Vec<Row> = rows
        .filter(|row| seen.insert((row.field.clone(), row.was.clone(), row.now.clone())))
        .collect();
    render::part("changes.html", Words(tongue), &context! { changes => Value::from(Serde(rows)) })
}

/// A field of the event in words where there are some, else as it is called; entries of a list are
/// counted from 1.
fn field(path: &str, tongue: Tongue) -> String {
    let path = path.strip_prefix("receipt.").unwrap_or(path);
    if let Some((list, rest)) = path.split_once('[')
        && let Some((index, rest)) = rest.split_once(']')
        && let Ok(index) = index.parse::<usize>()
    {
        let list = match list {
            "items" => tongue.say("teach_item").to_owned(),
            "payments" => tongue.say("teach_payment").to_owned(),
            "discounts" => tongue.say("f_discount").to_owned(),
            "taxes" => tongue.say("f_tax").to_owned(),
            other => other.to_owned(),
        };
        return format!("{list} {}{}", index + 1, rest.replace('.', " "));
    }
    let known = Meaning::all().find(|meaning| {
        !matches!(meaning, Meaning::Ignore | Meaning::Kind(_))
            && meaning.method().is_none()
            && meaning.code() == path
    });
    match (known, path) {
        (Some(meaning), _) => name(meaning, tongue).to_owned(),
        (None, "kind") => tongue.say("col_kind").to_owned(),
        (None, "verdict") => tongue.say("teach_verdict").to_owned(),
        (None, "items") => tongue.say("teach_item").to_owned(),
        (None, "payments") => tongue.say("teach_payment").to_owned(),
        (None, other) => other.to_owned(),
    }
}

/// A value as people say it.
fn said(path: &str, found: Option<&serde_json::Value>, tongue: Tongue) -> String {
    let word = found.and_then(serde_json::Value::as_str);
    match (path, word) {
        ("verdict", Some("balanced")) => tongue.say("v_balanced").to_owned(),
        ("verdict", Some("off")) => tongue.say("v_off").to_owned(),
        ("verdict", Some(_)) => tongue.say("v_unchecked").to_owned(),
        ("kind", Some(code)) => {
            let known = Kind::parse(code);
            known.map_or(code, |kind| kind_word(kind, tongue.language()).1).to_owned()
        }
        _ => value(found),
    }
}

fn value(value: Option<&serde_json::Value>) -> String {
    use serde_json::Value::{Array, Object, String as Text};
    let text = match value {
        None => "–".to_owned(),
        Some(Text(text)) => text.clone(),
        Some(Array(all)) => {
            let all: Vec<String> = all.iter().map(|one| self::value(Some(one))).collect();
            all.join(", ")
        }
        Some(Object(all)) => {
            let all: Vec<String> = all.values().map(|one| self::value(Some(one))).collect();
            all.join(" ")
        }
        Some(other) => other.to_string(),
    };
    cut(&text)
}

fn cut(text: &str) -> String {
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
    fn what_differs_is_told_in_words() {
        let text = |text: &str| Some(serde_json::Value::from(text));
        let shown = |path: &str, value: &str| {
            let value = text(value);
            (super::field(path, Tongue::En), super::said(path, value.as_ref(), Tongue::En))
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(shown("receipt.total", "36.00"), pair("Total", "36.00"));
        assert_eq!(shown("receipt.items[1].amount", "8.20"), pair("Item 2 amount", "8.20"));
        assert_eq!(shown("verdict", "off"), pair("Sums", "does not add up"));
        assert_eq!(shown("kind", "sale"), pair("Kind", "Sale"));
        assert_eq!(super::said("receipt.tip", None, Tongue::En), "–");
        let item = serde_json::json!({ "name": "Tea", "amount": "8.20" });
        assert_eq!(super::said("receipt.items[0]", Some(&item), Tongue::En), "8.20 Tea");
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
