//! What is known of single receipts: the newest, one by its number, and who served.

use jiff::ToSpan;
use jiff::civil::Date;

use super::answer::{Answer, Line, OnShift};
use super::scope::Scope;
use crate::journal::{JournalError, Rows};
use crate::shop::Filed;

/// Days back that receipts are listed and near numbers are looked for.
const LOOK_BACK_DAYS: i64 = 7;
/// Most people who are named.
const MOST_PEOPLE: usize = 20;
/// Most receipts of one number told: tills count alike.
const MOST_FOUND: usize = 3;

/// Who asks about which receipts, and when.
pub(super) struct Asking<'a> {
    pub(super) scope: &'a Scope<'a>,
    /// The shop that is named, where one is.
    pub(super) named: Option<&'a str>,
    pub(super) rows: &'a dyn Rows,
    pub(super) today: Date,
}

/// The receipts of the tills that are heard, of one day.
fn filed(asking: &Asking<'_>, day: Date) -> Result<Vec<Filed>, JournalError> {
    let Asking { scope, named, rows, .. } = *asking;
    let mut all = Vec::new();
    for shop in scope.places(named) {
        let tills = scope.tills_of(shop);
        let of_shop = Filed::of_day(rows, shop, day)?;
        all.extend(of_shop.into_iter().filter(|filed| tills.contains(&filed.source.as_str())));
    }
    all.sort_by(|one, other| other.known.at.cmp(&one.known.at));
    Ok(all)
}

/// The last days, the newest first.
fn lately(today: Date) -> impl Iterator<Item = Date> {
    (0..LOOK_BACK_DAYS).map(move |back| today.saturating_sub(back.days()))
}

pub(super) fn last(number: usize, asking: &Asking<'_>) -> Result<Answer, JournalError> {
    let mut lines = Vec::new();
    for day in lately(asking.today) {
        let of_day = filed(asking, day)?;
        lines.extend(of_day.into_iter().map(|filed| Line {
            till: filed.source,
            number: filed.number,
            known: filed.known,
        }));
        if lines.len() >= number {
            break;
        }
    }
    lines.truncate(number);
    Ok(Answer::Receipts(lines))
}

pub(super) fn find(number: &str, asking: &Asking<'_>) -> Result<Answer, JournalError> {
    let Asking { scope, named, rows, .. } = *asking;
    let mut found = Vec::new();
    // Typed as printed, or in small letters.
    let mut forms = vec![number.to_owned(), number.to_uppercase()];
    forms.dedup();
    for shop in scope.places(named) {
        for till in scope.tills_of(shop) {
            for form in &forms {
                found.extend(Filed::find(rows, shop, till, form)?.map(|filed| filed.known));
            }
        }
    }
    if found.is_empty() {
        let near = near_numbers(number, asking)?;
        return Ok(Answer::NotFound { number: number.to_owned(), near });
    }
    found.sort_by(|one, other| other.at.cmp(&one.at));
    found.truncate(MOST_FOUND);
    let whole = found.into_iter().map(|known| {
        let event = rows.event(&known.event)?;
        Ok((known, event.map(Box::new)))
    });
    Ok(Answer::Found(whole.collect::<Result<_, JournalError>>()?))
}

/// Numbers of the last days that end alike, whatever stands before and however many noughts.
fn near_numbers(number: &str, asking: &Asking<'_>) -> Result<Vec<String>, JournalError> {
    let bare = |number: &str| {
        let figures: String = number.chars().filter(char::is_ascii_digit).collect();
        figures.trim_start_matches('0').to_owned()
    };
    let wanted = bare(number);
    let mut near = Vec::new();
    if wanted.is_empty() {
        return Ok(near);
    }
    for day in lately(asking.today) {
        for filed in filed(asking, day)? {
            if bare(&filed.number).ends_with(&wanted) && !near.contains(&filed.number) {
                near.push(filed.number);
            }
            if near.len() == MOST_FOUND {
                return Ok(near);
            }
        }
    }
    Ok(near)
}

pub(super) fn on_shift(asking: &Asking<'_>) -> Result<Answer, JournalError> {
    let mut on: Vec<OnShift> = Vec::new();
    for Filed { source, number, known } in filed(asking, asking.today)? {
        let there = |one: &OnShift| one.till == source && one.cashier == known.cashier;
        if on.len() < MOST_PEOPLE && !on.iter().any(there) {
            on.push(OnShift { till: source, cashier: known.cashier, at: known.at, number });
        }
    }
    Ok(Answer::OnShift(on))
}
