//! What a message tells, as a person reads it: a slip by its number, its amount and its till.
//!
//! It knows no format of ours. A message about one slip may spread the three over its lines; in a
//! message about several, each has a line with all three. A number that two tills print names
//! neither without its till.

use std::collections::{BTreeSet, HashMap};

use pos_protocol::event::Event;

use super::names::{Names, is_currency, is_whole_number, is_whole_till};
use super::words::{plain, words};

/// What a reader knows of a slip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    source: &'a str,
    number: Option<&'a str>,
    total: Option<pos_protocol::money::Amount>,
    original: Option<&'a str>,
}

impl<'a> Known<'a> {
    /// What `event` says.
    pub(super) fn of(event: &'a Event) -> Self {
        let receipt = event.receipt.as_ref();
        Self {
            source: &event.source,
            number: number(event),
            total: receipt.and_then(|receipt| receipt.total),
            original: receipt.and_then(|receipt| receipt.original_number.as_deref()),
        }
    }
}

/// Finds slips in messages.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    known: Vec<Known<'a>>,
    /// Slips that have a number, by number.
    numbers: Names<'a, Vec<usize>>,
    /// By name, the first slip of each.
    tills: Names<'a, usize>,
    by_both: HashMap<(&'a str, &'a str), Vec<usize>>,
}

/// What one message tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Slips that it tells, in the order in which they are known.
    pub right: Vec<usize>,
    /// Slips that it names without their amount or till.
    pub wrong: Vec<usize>,
}

/// One telling within a message: a digest has one for each of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mention {
    /// Slips of that number at that till whose amount stands there.
    pub(super) right: Vec<usize>,
    /// Slips of that number at that till whose amount does not.
    pub(super) wrong: Vec<usize>,
    /// What tells it: a line, or the message.
    pub(super) text: String,
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
        Self::knowing(known.iter().map(Known::of).collect())
    }

    pub(super) fn knowing(known: Vec<Known<'a>>) -> Self {
        let mut by_number: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_both: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        let mut tills = HashMap::new();
        for (index, slip) in known.iter().enumerate() {
            tills.entry(slip.source).or_insert(index);
            if let Some(number) = slip.number {
                by_number.entry(number).or_default().push(index);
                by_both.entry((slip.source, number)).or_default().push(index);
            }
        }
        Self { known, numbers: Names::new(by_number), tills: Names::new(tills), by_both }
    }

    /// Reads a message.
    pub fn read(&self, text: &str) -> Told {
        let mut right = BTreeSet::new();
        let mut wrong = BTreeSet::new();
        for mention in self.mentions(text) {
            right.extend(mention.right);
            wrong.extend(mention.wrong);
        }
        let wrong = wrong.difference(&right).copied().collect();
        Told { right: right.into_iter().collect(), wrong }
    }

    /// Every telling in a message: by lines where some line gives till and number, else as a whole.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention> {
        let lines: Vec<String> = text.lines().map(plain).collect();
        let by_line: Vec<Mention> = lines.iter().flat_map(|line| self.told_by(line)).collect();
        if !by_line.is_empty() {
            return by_line;
        }
        let whole = lines.join("\n");
        let as_whole = self.told_by(&whole);
        if !as_whole.is_empty() {
            return as_whole;
        }
        // A number that only one slip has names it even beside another till.
        let found = self.numbers.find(&whole, is_whole_number);
        let alone = found.iter().filter_map(|found| match found.means[..] {
            [only] => Some(only),
            _ => None,
        });
        let alone: BTreeSet<usize> = alone.collect();
        let mention =
            |index| Mention { right: Vec::new(), wrong: vec![index], text: whole.clone() };
        alone.into_iter().map(mention).collect()
    }

    /// The tellings of a piece of text that give till and number. Where one gives the amount as well,
    /// other numbers that stand beside it are something else.
    fn told_by(&self, text: &str) -> Vec<Mention> {
        let tills = self.tills.find(text, is_whole_till);
        if tills.is_empty() {
            return Vec::new();
        }
        let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
        for number in self.numbers.find(text, is_whole_number) {
            let within = |from: usize, to: usize| from < number.end && number.start < to;
            if tills.iter().any(|till| within(till.start, till.end)) {
                continue;
            }
            let keys = tills.iter().map(|till| (till.name, number.name));
            named.extend(keys.filter(|key| self.by_both.contains_key(key)));
        }
        if named.is_empty() {
            return Vec::new();
        }
        let standing = words(text);
        let mut mentions: Vec<Mention> = Vec::new();
        for key in &named {
            if self.is_taken_back(*key, &named) {
                continue;
            }
            let slips = self.by_both[key].iter().copied();
            let (right, wrong) = slips.partition(|index| self.has_amount_of(*index, &standing));
            mentions.push(Mention { right, wrong, text: text.to_owned() });
        }
        if mentions.iter().any(|mention| !mention.right.is_empty()) {
            mentions.retain(|mention| !mention.right.is_empty());
        }
        mentions
    }

    fn has_amount_of(&self, index: usize, words: &BTreeSet<&str>) -> bool {
        // The sign stands before the currency or behind it, or a word says it.
        let amount = self.known[index].total;
        let amount = amount.map(|total| total.to_string().trim_start_matches('-').to_owned());
        amount.is_none_or(|amount| has_amount(words, &amount))
    }

    /// A refund names the sale that it takes back, and tells nothing of it.
    fn is_taken_back(&self, key: (&str, &str), named: &BTreeSet<(&str, &str)>) -> bool {
        let others = named.iter().filter(|other| other.0 == key.0 && **other != key);
        others
            .flat_map(|other| &self.by_both[other])
            .any(|index| self.known[*index].original == Some(key.1))
    }

    /// A line that tells what no slip is: a number with its mark, `#`, that its till never printed,
    /// in a message with an amount.
    pub(super) fn strange_line(&self, text: &str) -> Option<String> {
        let plain_text = plain(text);
        let tills = self.tills.find(&plain_text, is_whole_till);
        let amount = |line: &str| {
            line.contains(is_currency) || words(line).iter().any(|word| is_decimal(word))
        };
        if !amount(&plain_text) {
            return None;
        }
        let line = text.lines().find(|line| {
            let line = plain(line);
            let own = self.tills.find(&line, is_whole_till);
            let tills = if own.is_empty() { &tills } else { &own };
            marked(&line).into_iter().any(|number| {
                let padded = format!("{number:0>4}");
                !tills.iter().any(|till| {
                    self.by_both.contains_key(&(till.name, number))
                        || self.by_both.contains_key(&(till.name, padded.as_str()))
                }) && (!tills.is_empty() || self.numbers.means(number).is_none())
            })
        });
        line.map(|line| line.trim().to_owned())
    }
}

/// Numbers behind a `#`. A colour, which stands in quotes, is none.
fn marked(line: &str) -> Vec<&str> {
    let mut numbers = Vec::new();
    for (at, _) in line.match_indices('#') {
        let behind = &line[at + 1..];
        let end =
            behind.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '/'));
        let number = &behind[..end.unwrap_or(behind.len())];
        let quoted = line[..at].ends_with('"');
        if !quoted && number.contains(|c: char| c.is_ascii_digit()) {
            numbers.push(number);
        }
    }
    numbers
}

fn is_decimal(word: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    word.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// Whether the amount stands there, written out or as the shop writes whole sums.
fn has_amount(words: &BTreeSet<&str>, amount: &str) -> bool {
    let whole =
        amount.split_once('.').filter(|(_, cents)| cents.bytes().all(|digit| digit == b'0'));
    words.contains(amount) || whole.is_some_and(|(whole, _)| words.contains(whole))
}

/// The number that a slip bears: a receipt's, or a shift report's.
pub(super) fn number(event: &Event) -> Option<&str> {
    let receipt = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
    receipt.or_else(|| event.report.as_ref().and_then(|report| report.number.as_deref()))
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

    #[test]
    fn a_number_that_many_tills_print_belongs_to_the_till_beside_it() {
        let mut known = known();
        known[2].receipt.as_mut().expect("a receipt").number = Some("1001".to_owned());
        let reader = Reader::new(&known);
        let line = |till: &str, of: usize| format!("12:01 {till} #1001 HK${}", amount(&known[of]));
        assert_eq!(reader.read(&line("counter-2", 2)), told(&[2], &[]));
        assert_eq!(reader.read(&line("counter-1", 0)), told(&[0], &[]));
        assert_eq!(reader.read(&line("counter-2", 1)), told(&[], &[2]), "another amount");
        assert!(reader.read(&line("counter-3", 2)).is_something_else());
    }

    #[test]
    fn a_line_that_stands_twice_in_a_digest_is_two_tellings() {
        let known = known();
        let line = format!("12:01 counter-1 #1001 HK${}\n", amount(&known[0]));
        let mentions = Reader::new(&known).mentions(&line.repeat(2));
        let told: Vec<_> = mentions.into_iter().map(|mention| mention.right).collect();
        assert_eq!(told, [[0], [0]]);
    }

    #[test]
    fn a_year_is_no_receipt_number() {
        let mut known = known();
        known[1].receipt.as_mut().expect("a receipt").number = Some("2026".to_owned());
        let text =
            format!("Sale #1001 HK${}\nTime: 2026-11-21\nTill: counter-1", amount(&known[0]));
        assert_eq!(Reader::new(&known).read(&text), told(&[0], &[]));
    }

    #[test]
    fn only_a_marked_number_with_an_amount_is_a_sale_that_nobody_made() {
        let known = known();
        let reader = Reader::new(&known);
        let strange = |text| reader.strange_line(text);
        assert_eq!(strange("Hi\n#9999 HK$1.00"), Some("#9999 HK$1.00".to_owned()));
        assert_eq!(strange("#9999\nTill: counter-1\nHK$1"), Some("#9999".to_owned()));
        assert!(strange("12:01 counter-2 #1001 HK$9.00").is_some(), "not at that till");
        for text in [
            "counter-1: the printer has no paper",
            "counter-1 #1001 HK$9.00",
            "<font color=\"#D46B08\">Sales: 5, HK$12.00</font>",
            "#### Sales: 5, HK$12.00",
            "The queue of robot #7 is parked",
        ] {
            assert_eq!(strange(text), None, "{text}");
        }
    }
}
