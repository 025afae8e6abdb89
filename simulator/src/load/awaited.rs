//! Which slips the group has yet to hear of, told from their numbers alone.
//!
//! It is what the live view shows and what the end of a run waits for. It proves nothing: the ledger
//! reads amounts, tills and lines, and counts doubles.

use std::collections::{HashMap, HashSet};

/// Slips that are awaited.
#[derive(Debug, Default)]
pub(super) struct Awaited {
    tills: HashMap<String, u32>,
    numbers: HashSet<(u32, String)>,
}

impl Awaited {
    /// Nothing is awaited of `sources`.
    pub(super) fn of(sources: &[String]) -> Self {
        let tills = sources.iter().enumerate().map(|(till, name)| (name.clone(), till as u32));
        Self { tills: tills.collect(), numbers: HashSet::new() }
    }

    /// The group must hear of `number` of `till`.
    pub(super) fn expect(&mut self, till: u32, number: &str) {
        self.numbers.insert((till, number.to_owned()));
    }

    /// Nobody can ask any more that the group hears of it.
    pub(super) fn forget(&mut self, till: u32, number: &str) {
        self.numbers.remove(&(till, number.to_owned()));
    }

    /// How many are awaited.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// How many slips that were awaited `text` tells of. A line that names no till is about those that
    /// stand elsewhere in the message.
    pub(super) fn hear(&mut self, text: &str) -> u64 {
        let text = text.replace('\\', "");
        let everywhere = self.tills_in(&text);
        let mut told = 0;
        for line in text.lines() {
            let own = self.tills_in(line);
            let tills = if own.is_empty() { &everywhere } else { &own };
            for word in words(line) {
                for till in tills {
                    told += u64::from(self.numbers.remove(&(*till, word.to_owned())));
                }
            }
        }
        told
    }

    fn tills_in(&self, text: &str) -> Vec<u32> {
        let mut tills: Vec<u32> =
            words(text).filter_map(|word| self.tills.get(word).copied()).collect();
        tills.sort_unstable();
        tills.dedup();
        tills
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let outside = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
    text.split(outside).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Awaited;

    fn awaited() -> Awaited {
        let mut awaited = Awaited::of(&["tea-1".to_owned(), "tea-2".to_owned()]);
        for till in [0, 1] {
            awaited.expect(till, "1001");
            awaited.expect(till, "1002");
        }
        awaited
    }

    #[test]
    fn a_message_about_one_slip_may_name_its_till_on_another_line() {
        let mut awaited = awaited();
        assert_eq!(awaited.hear("### 收銀 #1001  \n**HK$1002.00**  \n11:02 tea\\-1"), 1);
        assert_eq!(awaited.hear("### 收銀 #1001  \n11:02 tea-1"), 0, "told already");
        assert_eq!(awaited.len(), 3);
    }

    #[test]
    fn each_line_of_a_digest_tells_of_its_own_till() {
        let mut awaited = awaited();
        assert_eq!(
            awaited.hear("收銀\n- 11:02 tea-1 #1001 HK$36.00\n- 11:03 tea-2 #1002 HK$9.00"),
            2
        );
        awaited.forget(0, "1002");
        awaited.forget(1, "1001");
        assert_eq!(awaited.len(), 0);
    }
}
