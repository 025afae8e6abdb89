//! What a rule would change, in words: the receipt itself, and the last ones of the journal. Pure.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::{Event, Kind};
use serde::Serialize;

use super::render;
use super::site::Trouble;
use super::teach::MOST_SHOWN;
use super::teach_show::{cut, name};
use super::words::{Tongue, Words};
use crate::config::Shop;
use crate::notice::{Shown, kind_word};
use crate::operate::compare::{Change, changes};
use crate::teach::{Changed, Meaning, Trial};

/// Most differences that are shown of one receipt.
const MOST_CHANGES: usize = 12;

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
    let found: Vec<Change> = found.iter().flat_map(spread).collect();
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

/// A receipt that is there on one side alone, field by field: what has a name here.
fn spread(change: &Change) -> Vec<Change> {
    let whole = match (&change.was, &change.now) {
        (Some(one), None) | (None, Some(one)) if change.field == "receipt" => one.as_object(),
        _ => None,
    };
    let Some(whole) = whole else { return vec![change.clone()] };
    let named = whole.iter().filter(|(name, _)| {
        known(name).is_some() || ["items", "payments"].contains(&name.as_str())
    });
    let one = |(name, value): (&String, &serde_json::Value)| Change {
        field: format!("receipt.{name}"),
        was: change.was.is_some().then(|| value.clone()),
        now: change.now.is_some().then(|| value.clone()),
    };
    named.map(one).collect()
}

/// What can be said of a word that has this field's name.
fn known(path: &str) -> Option<Meaning> {
    Meaning::all().find(|meaning| {
        !matches!(meaning, Meaning::Ignore | Meaning::Kind(_))
            && meaning.method().is_none()
            && meaning.code() == path
    })
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
    match (known(path), path) {
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

#[cfg(test)]
mod tests {
    use crate::operate::compare::Change;
    use crate::web::words::Tongue;

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
    fn a_receipt_that_was_none_is_told_field_by_field_in_words() {
        let now = serde_json::json!({
            "total": "28.50", "number": "7", "currency": "HKD",
            "items": [{ "name": "Tea", "amount": "18.00" }],
        });
        let whole = Change { field: "receipt".to_owned(), was: None, now: Some(now) };
        let all = super::spread(&whole);
        let names: Vec<String> =
            all.iter().map(|one| super::field(&one.field, Tongue::En)).collect();
        assert_eq!(names, ["Item", "Number", "Total"]);
        assert!(all.iter().all(|one| one.was.is_none() && one.now.is_some()));
        let total = Change { field: "receipt.total".to_owned(), ..whole };
        assert_eq!(super::spread(&total), [total]);
    }
}
