//! What a message tells, as a person reads it: a slip by its number, its amount and its till.
//!
//! It knows no format of ours. A message about one slip may spread the three over its lines; in a
//! message about several, each has a line with all three.

use std::collections::{BTreeSet, HashMap};

use pos_protocol::event::{Event, Receipt};

use super::words::{plain, words};

/// Finds slips in messages.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    known: &'a [Event],
    by_number: HashMap<&'a str, Vec<usize>>,
}

/// What one message tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Slips that it tells, in the order in which they are known.
    pub right: Vec<usize>,
    /// Slips that it names without their amount or till.
    pub wrong: Vec<usize>,
}

impl Told {
    /// Whether it names this slip.
    pub fn names(&self, index: usize) -> bool {
        self.right.contains(&index) || self.wrong.contains(&index)
    }

    /// Whether it names no slip at all.
    pub fn is_something_else(&self) -> bool {
        self.right.is_empty() && self.wrong.is_empty()
    }
}

impl<'a> Reader<'a> {
    /// A reader who knows what was printed. A slip without a number cannot be found.
    pub fn new(known: &'a [Event]) -> Self {
        let mut by_number: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, event) in known.iter().enumerate() {
            if let Some(number) = number(event) {
                by_number.entry(number).or_default().push(index);
            }
        }
        Self { known, by_number }
    }

    /// Reads a message.
    pub fn read(&self, text: &str) -> Told {
        let lines: Vec<String> = text.lines().map(plain).collect();
        let mut named = BTreeSet::new();
        let mut right = BTreeSet::new();
        for line in &lines {
            let own = words(line);
            let found = own.iter().filter_map(|word| self.by_number.get(word)).flatten();
            for index in found {
                named.insert(*index);
                if self.is_told_by(*index, line, &own) {
                    right.insert(*index);
                }
            }
        }
        // A refund names the sale that it takes back, and tells nothing of it.
        let taken_back: Vec<usize> =
            named.iter().copied().filter(|index| self.is_taken_back(*index, &named)).collect();
        named.retain(|index| !taken_back.contains(index));
        right.retain(|index| !taken_back.contains(index));
        if let [only] = named.iter().copied().collect::<Vec<_>>()[..] {
            let whole = lines.join("\n");
            if self.is_told_by(only, &whole, &words(&whole)) {
                right.insert(only);
            }
        }
        let wrong = named.difference(&right).copied().collect();
        Told { right: right.into_iter().collect(), wrong }
    }

    /// Whether these words, the number among them, give amount and till as well.
    fn is_told_by(&self, index: usize, text: &str, words: &BTreeSet<&str>) -> bool {
        let event = &self.known[index];
        let total = receipt(event).and_then(|receipt| receipt.total);
        // The sign stands before the currency or behind it, or a word says it.
        let amount = total.map(|total| total.to_string().trim_start_matches('-').to_owned());
        amount.is_none_or(|amount| has_amount(words, &amount)) && text.contains(&event.source)
    }

    fn is_taken_back(&self, index: usize, named: &BTreeSet<usize>) -> bool {
        let own = &self.known[index];
        named.iter().map(|other| &self.known[*other]).any(|other| {
            let original = receipt(other).and_then(|receipt| receipt.original_number.as_deref());
            other.source == own.source && original.is_some() && original == number(own)
        })
    }
}

/// Whether the amount stands there, written out or as the shop writes whole sums.
fn has_amount(words: &BTreeSet<&str>, amount: &str) -> bool {
    let whole =
        amount.split_once('.').filter(|(_, cents)| cents.bytes().all(|digit| digit == b'0'));
    words.contains(amount) || whole.is_some_and(|(whole, _)| words.contains(whole))
}

fn receipt(event: &Event) -> Option<&Receipt> {
    event.receipt.as_ref()
}

fn number(event: &Event) -> Option<&str> {
    receipt(event).and_then(|receipt| receipt.number.as_deref())
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, Kind};

    use super::{Reader, Told};
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    /// Two sales at one till, one at another, and a refund of the first.
    fn known() -> Vec<Event> {
        let sell = |source, first| {
            let mut till = Till::open(&Shop::ALL[0], 1, source, first, OPENING);
            move || truth::event(&till.sell(), Language::En, source)
        };
        let (mut one, mut other) = (sell("counter-1", 1_001), sell("counter-2", 3_001));
        let mut known = vec![one(), one(), other()];
        let mut refund = known[0].clone();
        refund.kind = Kind::Refund;
        let receipt = refund.receipt.as_mut().expect("a receipt");
        receipt.original_number = receipt.number.replace("1003".to_owned());
        receipt.total = receipt.total.and_then(pos_protocol::money::Amount::checked_neg);
        known.push(refund);
        known
    }

    fn amount(event: &Event) -> String {
        event.receipt.as_ref().and_then(|receipt| receipt.total).expect("a total").to_string()
    }

    fn told(right: &[usize], wrong: &[usize]) -> Told {
        Told { right: right.to_vec(), wrong: wrong.to_vec() }
    }

    #[test]
    fn one_slip_may_be_spread_over_the_lines_of_its_message() {
        let known = known();
        let reader = Reader::new(&known);
        let text = format!("#### Sale #1001 HK${}  \nTill: counter\\-1", amount(&known[0]));
        assert_eq!(reader.read(&text), told(&[0], &[]));
        assert_eq!(reader.read("Sale #1001 HK$0.10\nTill: counter-1"), told(&[], &[0]));
        let elsewhere = text.replace("counter\\-1", "counter-2");
        assert_eq!(reader.read(&elsewhere), told(&[], &[0]), "another till");
        assert!(reader.read("Hello POS!").is_something_else());
    }

    #[test]
    fn every_line_of_a_digest_tells_one_slip_with_its_own_amount() {
        let known = known();
        let line = |index: usize, amount: &str| {
            let event = &known[index];
            let number = event.receipt.as_ref().and_then(|r| r.number.clone()).expect("one");
            format!("- 12:01 {} #{number} HK${amount}", event.source)
        };
        let own: Vec<String> = (0..3).map(|index| line(index, &amount(&known[index]))).collect();
        let reader = Reader::new(&known);
        assert_eq!(reader.read(&format!("3 sales\n{}", own.join("  \n"))), told(&[0, 1, 2], &[]));
        let swapped = [line(0, &amount(&known[1])), own[2].clone()].join("\n");
        assert_eq!(reader.read(&swapped), told(&[2], &[0]), "another line's amount");
    }

    #[test]
    fn a_refund_tells_itself_and_not_the_sale_that_it_takes_back() {
        let known = known();
        let paid_back = amount(&known[3]);
        let paid_back = paid_back.trim_start_matches('-');
        let text = format!("REFUND #1003 -HK${paid_back}\nTill: counter-1\nOriginal: #1001");
        assert_eq!(Reader::new(&known).read(&text), told(&[3], &[]));
    }
}
