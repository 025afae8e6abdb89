//! What things are counted in, and how much of one unit another is.
//!
//! Weights and volumes of the metric system are turned into each other. A catty is 604.8 g in Hong
//! Kong and 500 g across the border, so it is turned into nothing.

use rust_decimal::Decimal;

use crate::shop::stock::folded;

/// Most digits after the point of a quantity: a milligram of a kilogram.
pub const MAX_DECIMALS: u32 = 6;

/// A unit that the catalogue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pieces.
    Each,
    /// Portions.
    Portion,
    /// Cups.
    Cup,
    /// Bowls.
    Bowl,
    /// Bottles.
    Bottle,
    /// Cans.
    Can,
    /// Boxes.
    Box,
    /// Packs.
    Pack,
    /// Bags.
    Bag,
    /// Grams.
    Gram,
    /// Kilograms.
    Kilogram,
    /// Catties.
    Catty,
    /// Taels.
    Tael,
    /// Millilitres.
    Millilitre,
    /// Litres.
    Litre,
}

/// Each unit with the words that mean it, its own word first.
const WORDS: [(Unit, &[&str]); 15] = [
    (Unit::Each, &["each", "piece", "pieces", "pc", "pcs", "件", "個", "个", "隻", "只", "buah"]),
    (Unit::Portion, &["portion", "portions", "份", "位", "porsi"]),
    (Unit::Cup, &["cup", "cups", "杯", "gelas"]),
    (Unit::Bowl, &["bowl", "bowls", "碗", "mangkuk"]),
    (Unit::Bottle, &["bottle", "bottles", "支", "樽", "瓶", "botol"]),
    (Unit::Can, &["can", "cans", "罐", "kaleng"]),
    (Unit::Box, &["box", "boxes", "盒", "箱", "kotak"]),
    (Unit::Pack, &["pack", "packs", "packet", "包", "bungkus"]),
    (Unit::Bag, &["bag", "bags", "袋", "kantong"]),
    (Unit::Gram, &["g", "gram", "grams", "克"]),
    (Unit::Kilogram, &["kg", "kilo", "kilogram", "公斤", "千克"]),
    (Unit::Catty, &["catty", "catties", "斤"]),
    (Unit::Tael, &["tael", "taels", "兩", "两"]),
    (Unit::Millilitre, &["ml", "millilitre", "milliliter", "毫升"]),
    (Unit::Litre, &["l", "litre", "liter", "公升", "升"]),
];

impl Unit {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(unit, _)| *unit)
    }

    /// The unit that `word` means, in any of the languages of shops.
    pub fn parse(word: &str) -> Option<Self> {
        let word = folded(word);
        WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(unit, _)| *unit)
    }

    /// Its word in events.
    pub fn as_str(self) -> &'static str {
        WORDS.iter().find(|(unit, _)| *unit == self).map_or("each", |(_, words)| words[0])
    }

    /// `quantity` of this unit in `other`; nothing where the two have nothing to do with each other.
    pub fn convert(self, quantity: Decimal, other: Self) -> Option<Decimal> {
        if self == other {
            return Some(quantity);
        }
        let (own, theirs) = (self.metric()?, other.metric()?);
        (own.0 == theirs.0).then(|| quantity.checked_mul(own.1)?.checked_div(theirs.1)).flatten()
    }

    /// What it measures, and how many of the smallest unit of that it is.
    fn metric(self) -> Option<(char, Decimal)> {
        match self {
            Self::Gram => Some(('g', Decimal::ONE)),
            Self::Kilogram => Some(('g', Decimal::ONE_THOUSAND)),
            Self::Millilitre => Some(('l', Decimal::ONE)),
            Self::Litre => Some(('l', Decimal::ONE_THOUSAND)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Unit, WORDS};

    #[test]
    fn every_word_means_one_unit() {
        for (unit, words) in WORDS {
            assert_eq!(Unit::parse(unit.as_str()), Some(unit));
            for word in words {
                assert_eq!(Unit::parse(word), Some(unit), "{word}");
            }
        }
        assert_eq!(Unit::parse("ＫＧ"), Some(Unit::Kilogram));
        assert_eq!(Unit::parse("spoon"), None);
    }

    #[test]
    fn weights_turn_into_weights_and_into_nothing_else() {
        let sixty = Decimal::from(60);
        assert_eq!(Unit::Gram.convert(sixty, Unit::Kilogram), Some(Decimal::new(60, 3)));
        assert_eq!(Unit::Litre.convert(sixty, Unit::Millilitre), Some(Decimal::from(60_000)));
        assert_eq!(Unit::Gram.convert(sixty, Unit::Millilitre), None);
        assert_eq!(Unit::Catty.convert(sixty, Unit::Gram), None);
        assert_eq!(Unit::Catty.convert(sixty, Unit::Catty), Some(sixty));
    }
}
