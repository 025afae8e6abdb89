//! Receipts of the simulator's styles as bytes: what benches, seeds and measurements feed the
//! decoder.
//!
//! Not here: damage to them, and what they ought to say.

use pos_protocol::profile;
use possim::print::{Dialect, Layout, Style};
use possim::shop::{Day, OPENING, Shop};

/// The first receipt number of a till.
const FIRST_NUMBER: u32 = 1001;

/// The first `count` slips of a day that `style` puts on paper in `shop`, each with all its bytes.
pub fn slips(style: &Style, shop: &'static Shop, seed: u64, count: usize) -> Vec<Vec<u8>> {
    Day::open(shop, seed, "counter-1", FIRST_NUMBER, OPENING)
        .filter(|slip| style.kinds().contains(&slip.kind()) && style.leaves_paper(slip))
        .take(count)
        .map(|slip| style.print_slip(&slip))
        .collect()
}

/// The shops that `style` suits.
pub fn shops(style: &Style) -> Vec<&'static Shop> {
    Shop::ALL.iter().filter(|shop| style.suits(shop)).collect()
}

/// Whether `style` sends characters; the other kind sends pictures of them.
pub fn sends_text(style: &Style) -> bool {
    style.layout != Layout::Odoo
}

/// The decoder's word for the style's command language.
pub fn dialect(style: &Style) -> profile::Dialect {
    match style.dialect {
        Dialect::Epson | Dialect::Clone => profile::Dialect::Escpos,
        Dialect::StarLine => profile::Dialect::StarLine,
        Dialect::StarPrnt => profile::Dialect::StarPrnt,
    }
}
