//! The words of receipts in nine languages, found on a line in one pass.
//!
//! [`matches`] gives every word of the tables that stands on a line: where, and what it may mean.
//! Words are written in the tables as [`Folded`] has them (upper case, half width, no diacritics);
//! a blank in a word may be any mark or none on paper, so `SUB TOTAL` is also `SUB-TOTAL` and
//! `SUBTOTAL`. Letter-spaced words (`T O T A L`, `合　計`) and one wrong letter in a long common
//! word are seen through. The longest word wins, so `TOTAL QTY` is known not to be a total.
//!
//! Not here: what a word means in its place on the paper.

mod amounts;
mod index;
mod labels;
mod scan;
mod spelling;
mod titles;

use core::ops::Range;

use super::fold::Folded;
use crate::event::{Kind, Method};

/// What a labelled amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Total,
    Subtotal,
    Discount,
    Service,
    Tax,
    Rounding,
    Tip,
    Tendered,
    Change,
    Payment(Method),
    /// What is owed before tax is added (`TOTAL EXCL. GST`).
    Net,
    /// A count of goods or pieces, no money (`TOTAL QTY`).
    Count,
    /// An amount that looks like one of the others and is not.
    Trap,
}

/// What a labelled word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Number,
    /// A number that names the order or the queue; the receipt's where no better one is printed.
    Order,
    /// The number of the receipt that this one undoes or repeats.
    Original,
    Cashier,
    Terminal,
    Table,
    Guests,
    /// How it was paid, in a word.
    Method,
    /// When it was sold, or the label of a date alone.
    Date,
    /// When it was printed, which a second print has of its own.
    PrintTime,
    /// A member's name, number or points: private.
    Member,
    /// A phone, in its owner's address.
    Phone,
    /// A label whose value is of no use here (a tax number).
    Other,
}

/// A word of the tables, with all it may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As the tables have it.
    pub(super) text: &'static str,
    /// What an amount behind it is.
    pub(super) role: Option<Role>,
    /// What a value behind it is.
    pub(super) label: Option<Label>,
    /// What paper it is the title of, where it stands alone.
    pub(super) title: Option<Kind>,
}

/// A word on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Characters of the folded line.
    pub(super) chars: Range<usize>,
    /// Which word.
    pub(super) word: Word,
}

/// Every word of `line`, left to right; none overlaps another.
pub(super) fn matches(line: &Folded) -> Vec<Match> {
    scan::matches(&line.chars)
}

/// The role of an amount labelled `label` (folded, trimmed), with the word that gave it.
pub(super) fn role(label: &str) -> Option<(Role, &'static str)> {
    let chars: Vec<char> = label.chars().collect();
    let first = scan::matches(&chars).into_iter().next().filter(|found| found.chars.start == 0)?;
    Some((first.word.role?, first.word.text))
}

#[cfg(test)]
mod tests {
    use super::index::words;
    use super::{Label, Role, matches, role};
    use crate::event::Method;
    use crate::reading::fold::{Folded, folded};

    fn found(line: &str) -> Vec<&'static str> {
        matches(&Folded::new(line)).into_iter().map(|found| found.word.text).collect()
    }

    #[test]
    fn words_are_folded_and_mean_one_thing_of_a_kind() {
        let all: Vec<_> = words().collect();
        for (i, (word, sense)) in all.iter().enumerate() {
            assert_eq!(folded(word), **word, "{word} is folded");
            assert_eq!(word.trim(), *word);
            let again = all[..i].iter().find(|(other, meant)| {
                other.replace(' ', "") == word.replace(' ', "")
                    && core::mem::discriminant(meant) == core::mem::discriminant(sense)
            });
            assert!(again.is_none(), "{word} stands twice");
        }
    }

    #[test]
    fn every_word_is_found_where_it_stands() {
        for (word, _) in words() {
            let plain = |word: &str| word.replace(' ', "");
            let alone: Vec<String> = found(word).into_iter().map(plain).collect();
            assert_eq!(alone, [plain(word)]);
            let labels: Vec<String> =
                found(&format!("  {word}: 1")).into_iter().map(plain).collect();
            assert_eq!(labels, [plain(word)]);
        }
    }

    #[test]
    fn the_longest_word_decides() {
        assert_eq!(role("TOTAL").map(|r| r.0), Some(Role::Total));
        assert_eq!(role("TOTAL QTY").map(|r| r.0), Some(Role::Count));
        assert_eq!(role("TOTAL (EXCLUDING GST)").map(|r| r.0), Some(Role::Net));
        assert_eq!(role("TOTAL INCLUDES 6% GST").map(|r| r.0), Some(Role::Trap));
        assert_eq!(role("TOTAL 6% : 25.00").map(|r| r.0), Some(Role::Trap));
        for due in ["TOTAL 60.00", "TOTAL 6.00", "TOTAL 0.50", "TOTAL 6", "TOTAL 10.00"] {
            assert_eq!(role(due).map(|r| r.0), Some(Role::Total), "{due}");
        }
        assert_eq!(role("TX15.00"), None);
        assert_eq!(role("八達通").map(|r| r.0), Some(Role::Payment(Method::Octopus)));
        assert_eq!(role("八達通餘額").map(|r| r.0), Some(Role::Trap));
    }

    #[test]
    fn a_word_inside_another_does_not_count() {
        for line in ["CASHEW CHICKEN", "TAXI", "TELEVISION", "STABLE", "DISCO"] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn spacing_does_not_hide_a_word() {
        for (line, want) in [
            ("T O T A L   36.00", "TOTAL"),
            ("SUB-TOTAL", "SUB TOTAL"),
            ("SUBTOTAL", "SUB TOTAL"),
            ("合　計：36.00", "合計"),
            ("小 計", "小計"),
            ("Sub   Total", "SUB TOTAL"),
            ("TOTALQTY", "TOTAL QTY"),
            ("Tổng cộng", "TONG CONG"),
            ("TONG CONG", "TONG CONG"),
        ] {
            assert_eq!(found(line), [want], "{line}");
        }
        assert_eq!(found("TO TAL"), [""; 0]);
    }

    #[test]
    fn one_wrong_letter_is_seen_through_unless_it_makes_another_word() {
        assert_eq!(found("ROUNDING ADJUSMENT"), ["ROUNDING ADJUSTMENT"]);
        assert_eq!(found("Cash Recieved"), ["CASH RECEIVED"]);
        assert_eq!(found("DISCOUNR 5.00"), ["DISCOUNT"]);
        assert_eq!(found("Terima Kasih"), [""; 0]);
        assert_eq!(found("CHARGE"), [""; 0]);
    }

    #[test]
    fn several_words_share_a_line() {
        let words = matches(&Folded::new("單號：1001  經手人：Amy"));
        let labels: Vec<_> = words.iter().map(|found| found.word.label).collect();
        assert_eq!(labels, [Some(Label::Number), Some(Label::Cashier)]);
        assert_eq!(words[1].chars, 9..12);
    }
}
