//! The receipt layouts by name.

use super::escpos::{Charset, Encoder};
use super::{chinese, english};
use crate::shop::{Language, Sale};

/// One way of printing a receipt.
#[derive(Debug, PartialEq, Eq)]
pub struct Style {
    /// What `--style` calls it.
    pub name: &'static str,
    /// Columns of the paper.
    pub columns: usize,
    /// Language.
    pub language: Language,
    /// Character set.
    pub charset: Charset,
}

impl Style {
    /// Every style, in the order `list` prints them.
    pub const ALL: &'static [Self] = &[
        Self { name: "english-42", columns: 42, language: Language::En, charset: Charset::Ascii },
        Self {
            name: "zh-hant-32-gb18030",
            columns: 32,
            language: Language::ZhHant,
            charset: Charset::Gb18030,
        },
        Self {
            name: "zh-hant-32-big5",
            columns: 32,
            language: Language::ZhHant,
            charset: Charset::Big5,
        },
    ];

    /// The style that `--style` calls `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|style| style.name == name)
    }

    /// The receipt of `sale`, from the first byte to the cut.
    pub fn print(&self, sale: &Sale) -> Vec<u8> {
        let mut out = Encoder::new(self.charset);
        match self.language {
            Language::En => english::print(sale, self.columns, &mut out),
            Language::ZhHant => chinese::print(sale, self.columns, &mut out),
        }
        out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Style;
    use crate::print::columns::width;
    use crate::print::paper::read;
    use crate::shop::{OPENING, Sale, Shop, Till};
    use crate::truth::receipt;

    fn sales() -> Vec<Sale> {
        let tills = Shop::ALL.iter().map(|shop| Till::open(shop, 11, "counter-1", 1001, OPENING));
        tills.flat_map(|mut till| (0..200).map(move |_| till.sell()).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn the_paper_holds_every_name_and_amount_of_the_truth() {
        for style in Style::ALL {
            for sale in sales() {
                let paper = read(&style.print(&sale), style.charset);
                let truth =
                    serde_json::to_value(receipt(&sale, style.language)).expect("plain data");
                for word in words(&truth) {
                    let shown = paper.text.contains(&word);
                    assert!(shown, "{}: {word:?} is not on\n{}", style.name, paper.text);
                }
            }
        }
    }

    /// Every string of the truth as the paper shows it; dates and codes are printed another way.
    fn words(truth: &serde_json::Value) -> Vec<String> {
        match truth {
            serde_json::Value::String(text) => vec![text.clone()],
            serde_json::Value::Array(list) => list.iter().flat_map(words).collect(),
            serde_json::Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| !["printed_at", "currency", "method"].contains(&name.as_str()))
                .flat_map(|(_, value)| words(value))
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn no_line_is_wider_than_the_paper() {
        for style in Style::ALL {
            for sale in sales() {
                let paper = read(&style.print(&sale), style.charset);
                for line in paper.text.lines() {
                    assert!(width(line) <= style.columns, "{}: {line:?}", style.name);
                }
            }
        }
    }

    #[test]
    fn every_character_is_in_the_character_set_and_takes_two_bytes_at_most() {
        for style in Style::ALL {
            for sale in sales() {
                let paper = read(&style.print(&sale), style.charset);
                assert!(!paper.text.contains(['?', '\u{FFFD}']), "{}\n{}", style.name, paper.text);
                assert_eq!(
                    paper.longest_character,
                    if style.charset == super::Charset::Ascii { 1 } else { 2 }
                );
            }
        }
    }

    #[test]
    fn cash_kicks_the_drawer_and_nothing_else_does() {
        for style in Style::ALL {
            for sale in sales() {
                let paper = read(&style.print(&sale), style.charset);
                assert_eq!(paper.kicks, usize::from(sale.payment.cash.is_some()));
                assert_eq!(paper.cuts, 1);
            }
        }
    }

    #[test]
    fn the_english_receipt_looks_like_this() {
        golden("english-42", "cha-chaan-teng");
    }

    #[test]
    fn the_chinese_receipt_looks_like_this() {
        golden("zh-hant-32-big5", "cha-chaan-teng");
        golden("zh-hant-32-gb18030", "bubble-tea");
    }

    /// Compares with `golden/STYLE.SHOP.txt`, which a person has looked at.
    fn golden(style: &str, shop: &str) {
        let path = format!("{}/golden/{style}.{shop}.txt", env!("CARGO_MANIFEST_DIR"));
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let style = Style::named(style).expect("a style");
        let mut till =
            Till::open(Shop::named(shop).expect("a shop"), 4, "counter-1", 1001, OPENING);
        let text: String =
            (0..3).map(|_| read(&style.print(&till.sell()), style.charset).text).collect();
        assert_eq!(text, expected, "{path} differs; what is printed now:\n{text}");
    }
}
