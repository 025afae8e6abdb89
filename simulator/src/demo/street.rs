//! Who sells what on the street: three shops, each with a style and an encoding of its own.
//!
//! A pure function of the seed.

use super::plan::Counter;
use crate::print::{Charset, Style};
use crate::shop::Shop;

/// Name of the street, which is what the bridge takes for the shop.
pub(super) const STREET: &str = "花園街";

/// One till on the street.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// The till: its source, and on its paper.
    pub(super) name: &'static str,
    /// The shop.
    pub(super) shop: &'static Shop,
    /// What its receipts look like.
    pub(super) style: &'static Style,
    /// Its first receipt number, far enough from the others to tell them apart.
    pub(super) first_number: u32,
    /// How it is connected, for people.
    pub(super) cable: &'static str,
}

/// The till at `counter`. An even seed swaps the encodings of the two Chinese ones.
pub(super) fn stand(counter: Counter, seed: u64) -> Stand {
    let (one, other) = if seed.is_multiple_of(2) {
        ("zh-hant-32-gb18030", "vivipos-42-big5")
    } else {
        ("zh-hant-32-big5", "vivipos-48-gbk-clone")
    };
    let (name, shop, style, first_number, cable) = match counter {
        Counter::Serial => ("counter-1", "bubble-tea", one, 1_001, "serial cable, tapped"),
        Counter::Network => {
            ("counter-2", "cha-chaan-teng", "english-42", 2_001, "network, proxied")
        }
        Counter::Annexe => ("counter-3", "noodle-stall", other, 3_001, "network, proxied"),
    };
    Stand {
        name,
        shop: Shop::named(shop).unwrap_or(&Shop::ALL[0]),
        style: Style::named(style).unwrap_or(&Style::ALL[0]),
        first_number,
        cable,
    }
}

impl Stand {
    /// The encoding of its bytes as the bridge's configuration calls it.
    pub(super) fn encoding(&self) -> &'static str {
        match self.style.charset {
            charset @ (Charset::Big5 | Charset::Gb18030) => charset.name(),
            // ASCII is the same in every code page; the bridge has no word for it.
            _ => "auto",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Counter, Stand, stand};

    #[test]
    fn the_three_tills_differ_in_shop_style_and_encoding() {
        for seed in [1, 2, 77] {
            let street: Vec<Stand> = Counter::ALL.map(|counter| stand(counter, seed)).into();
            for (at, a) in street.iter().enumerate() {
                for b in &street[at + 1..] {
                    assert_ne!(a.name, b.name);
                    assert_ne!(a.shop.id, b.shop.id);
                    assert_ne!(a.style.name, b.style.name);
                    assert_ne!(a.encoding(), b.encoding());
                }
            }
        }
    }
}
