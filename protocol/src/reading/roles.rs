//! Which word tells what a number is: the one its label begins with.
//!
//! Not here: whether the word is right (`solve`).

use core::ops::Range;

use super::amount::Number;
use super::fold::Folded;
use super::vocabulary::{Match, Role};

/// A role, the word that gave it, and which number has it.
pub(super) type Told = (Role, &'static str, usize);

/// Blanks that set one labelled amount apart from the next.
const WIDE: usize = 2;
/// Most letters behind a label that waits for its amount: a currency.
const LONGEST_REST: usize = 4;

/// Numbers with a role. A line may hold several labelled amounts, set apart by wide blanks; in each
/// part the last number is the labelled one.
pub(super) fn of(folded: &Folded, words: &[Match], numbers: &[Number]) -> Vec<Told> {
    let mut out = Vec::new();
    if !words.iter().any(|found| found.word.role.is_some()) {
        return out;
    }
    let mut start = 0;
    for (i, number) in numbers.iter().enumerate().skip(1) {
        let before = numbers[i - 1].chars.end;
        if let Some(from) = own_label(folded, words, before, number) {
            out.extend(role_of(folded, words, start..numbers[i - 1].chars.start, i - 1));
            start = from;
        }
    }
    if let Some(last) = numbers.last() {
        out.extend(role_of(folded, words, start..last.chars.start, numbers.len() - 1));
    }
    out
}

/// The role of a label whose amount is not on its line.
pub(super) fn waiting(folded: &Folded, words: &[Match]) -> Option<(Role, &'static str)> {
    let first = words.first().filter(|found| is_first(folded, 0, found))?;
    let rest = folded.chars[first.chars.end..].iter();
    let letters = rest.filter(|c| c.is_alphabetic()).count();
    let role = first.word.role?;
    (letters <= LONGEST_REST || words.len() > 1).then_some((role, first.word.text))
}

fn role_of(folded: &Folded, words: &[Match], label: Range<usize>, number: usize) -> Option<Told> {
    let inside = |found: &&Match| found.chars.start >= label.start && found.chars.end <= label.end;
    let mut told = words.iter().filter(inside);
    let first = told.clone().next()?;
    if is_first(folded, label.start, first)
        && (first.word.role.is_some() || first.word.label.is_none())
    {
        return Some((first.word.role?, first.word.text, number));
    }
    // `TAKE AWAY TOTAL`, `A local tax`: only words of sums count at the end of a label.
    let sum = |found: &&Match| {
        let role = found.word.role;
        matches!(
            role,
            Some(
                Role::Total
                    | Role::Subtotal
                    | Role::Net
                    | Role::Discount
                    | Role::Service
                    | Role::Tax
                    | Role::Rounding
                    | Role::Change
            )
        )
    };
    let found = told.rfind(sum)?;
    let rest = &folded.chars[found.chars.end..label.end];
    let words_before = folded.chars[label.start..found.chars.start].iter();
    let plain = words_before.clone().all(|c| !c.is_numeric());
    let last = !rest.iter().any(|c| c.is_alphabetic());
    (last && plain).then(|| found.word.role.map(|role| (role, found.word.text, number)))?
}

/// Whether `found` begins the label that starts at `from`: only marks stand before it.
fn is_first(folded: &Folded, from: usize, found: &Match) -> bool {
    folded.chars[from..found.chars.start].iter().all(|c| !c.is_alphanumeric())
}

/// Where a label of its own begins between the number that ends at `from` and `number`: behind a
/// wide blank, with a word that has a role.
fn own_label(folded: &Folded, words: &[Match], from: usize, number: &Number) -> Option<usize> {
    let between = &folded.chars[from..number.chars.start];
    let blanks = between.iter().take_while(|c| **c == ' ').count();
    let start = from + blanks;
    let told = words.iter().find(|found| found.chars.start >= from)?;
    let here = told.chars.end <= number.chars.start && is_first(folded, start, told);
    (blanks >= WIDE && here && told.word.role.is_some()).then_some(start)
}
