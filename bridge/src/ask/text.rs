//! A message as it is compared: full-width signs as half-width ones, small letters, traditional
//! characters as simplified ones; and beside it, sign for sign, what was written.
//!
//! Only characters that the vocabulary needs are turned: names are compared as the catalogue has
//! them, and shown as they were written.

use std::ops::Range;

/// Traditional characters of the vocabulary, each before its simplified one.
const PAIRS: &str = "營营業业額额單单據据銷销暢畅賣卖庫库貨货設设為为誰谁當当靜静週周禮礼幾几個个點点\
    餘余還还與与時时間间關关開开號号碼码帳账賬账員员邊边緊紧復复覆复張张筆笔總总結结\
    進进數数請请問问聲声擾扰調调萬万後后將将從从說说幫帮麼么樣样賺赚熱热給给兩两氣气\
    這这們们來来對对過过會会電电話话學学見见長长車车東东錢钱買买門门頭头線线發发無无\
    書书寫写聽听讓让認认識识應应該该飯饭雞鸡魚鱼湯汤飲饮凍冻檸柠崗岗剛刚暫暂尋寻別别詢询";

/// A message, as it is compared and as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    plain: Vec<char>,
    shown: Vec<char>,
}

impl Said {
    /// `text` on one line, without mentions before it and signs behind it.
    pub(super) fn of(text: &str) -> Self {
        let half: String = text.chars().map(half).collect();
        let mut words: Vec<&str> = half.split_whitespace().collect();
        while words.len() > 1 && words[0].starts_with('@') {
            words.remove(0);
        }
        let line = words.join(" ");
        let line = line.trim_start_matches('@').trim_end_matches(is_end).trim();
        Self { plain: line.chars().map(folded).collect(), shown: line.chars().collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// Where `phrase` stands first: as a word of its own where it is written with Latin letters.
    pub(super) fn find(&self, phrase: &str) -> Option<Range<usize>> {
        let wanted: Vec<char> = phrase.chars().map(half).map(folded).collect();
        if wanted.is_empty() {
            return None;
        }
        let starts = self.plain.windows(wanted.len()).enumerate();
        let whole = |at: usize| {
            let end = at + wanted.len();
            let open = |inside: char, outside: Option<&char>| {
                !inside.is_ascii_alphanumeric()
                    || outside.is_none_or(|outside| !outside.is_ascii_alphanumeric())
            };
            let before = at.checked_sub(1).and_then(|before| self.plain.get(before));
            open(wanted[0], before) && open(wanted[wanted.len() - 1], self.plain.get(end))
        };
        let found = starts.filter(|(at, part)| **part == *wanted && whole(*at)).map(|(at, _)| at);
        found.map(|at| at..at + wanted.len()).next()
    }

    /// The first of `phrases` that stands in it, in their order.
    pub(super) fn find_any(&self, phrases: &[&str]) -> Option<Range<usize>> {
        phrases.iter().find_map(|phrase| self.find(phrase))
    }

    /// Whether it is one of `phrases` and nothing else.
    pub(super) fn is_one_of(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.find(phrase) == Some(0..self.plain.len()))
    }

    /// What is left without a part of it.
    pub(super) fn without(&self, part: Range<usize>) -> Self {
        let cut = |all: &[char]| -> Vec<char> {
            all[..part.start].iter().chain(&[' ']).chain(&all[part.end..]).copied().collect()
        };
        Self { plain: cut(&self.plain), shown: cut(&self.shown) }.trimmed()
    }

    /// A part of it.
    pub(super) fn part(&self, part: Range<usize>) -> Self {
        Self { plain: self.plain[part.clone()].to_vec(), shown: self.shown[part].to_vec() }
            .trimmed()
    }

    /// What stands before a place, signs and all.
    pub(super) fn before(&self, end: usize) -> Self {
        let blank = self.plain[..end].iter().rev().take_while(|c| c.is_whitespace()).count();
        let end = end - blank;
        Self { plain: self.plain[..end].to_vec(), shown: self.shown[..end].to_vec() }
    }

    /// As it was written.
    pub(super) fn shown(&self) -> String {
        self.shown.iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// As it is compared.
    pub(super) fn plain(&self) -> &[char] {
        &self.plain
    }

    /// Its words as they were written.
    pub(super) fn words(&self) -> Vec<String> {
        let text: String = self.shown.iter().collect();
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Without blanks and signs at its ends.
    fn trimmed(self) -> Self {
        let idle = |c: &char| c.is_whitespace() || is_end(*c) || matches!(c, ':' | '=');
        let from = self.plain.iter().take_while(|c| idle(c)).count();
        let to = self.plain.len() - self.plain[from..].iter().rev().take_while(|c| idle(c)).count();
        Self { plain: self.plain[from..to].to_vec(), shown: self.shown[from..to].to_vec() }
    }
}

/// Whether Chinese in `text` is traditional (`Some(true)`) or simplified; nothing where no character
/// of it tells them apart.
pub(super) fn is_traditional(text: &str) -> Option<bool> {
    let of = |offset: usize| {
        let side = move |c: &char| PAIRS.chars().skip(offset).step_by(2).any(|known| known == *c);
        text.chars().filter(side).count()
    };
    let (traditional, simplified) = (of(0), of(1));
    (traditional != simplified).then_some(traditional > simplified)
}

/// Whether `c` is a character of Chinese.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A sign that ends a sentence, or separates.
fn is_end(c: char) -> bool {
    matches!(
        c,
        '?' | '!' | '.' | ',' | ';' | '。' | '、' | '~' | '"' | '\'' | '「' | '」' | '“' | '”'
    )
}

fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFF01 + u32::from('!')).unwrap_or(c)
        }
        // What is not seen separates nothing, but a mention ends with one of these.
        '\u{3000}' | '\u{2000}'..='\u{200B}' | '\u{FEFF}' => ' ',
        other if other.is_control() => ' ',
        other => other,
    }
}

/// One character for one, so that places stay what they are.
fn folded(c: char) -> char {
    let small = c.to_lowercase().next().unwrap_or(c);
    let mut pairs = PAIRS.chars();
    while let (Some(traditional), Some(simplified)) = (pairs.next(), pairs.next()) {
        if traditional == small {
            return simplified;
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::{Said, is_traditional};

    #[test]
    fn width_case_script_and_mentions_make_no_difference_and_words_are_whole() {
        let said = Said::of("@收銀\u{2005}今日營業額？");
        assert_eq!(said.find("今日营业额"), Some(0..5));
        assert_eq!(said.shown(), "今日營業額");
        let said = Said::of("  ＦＩＮＤ　#１０４３ !");
        assert_eq!(said.words(), ["FIND", "#1043"]);
        assert!(said.find("find").is_some() && said.find("fin").is_none());
        assert_eq!(Said::of("@till today").shown(), "today");
        assert_eq!(Said::of("@today").shown(), "today", "a mention alone is read as words");
    }

    #[test]
    fn the_script_is_told_by_characters_that_differ() {
        assert_eq!(is_traditional("今日營業額"), Some(true));
        assert_eq!(is_traditional("今日营业额"), Some(false));
        assert_eq!(is_traditional("今日"), None);
    }
}
