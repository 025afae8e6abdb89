//! Shops, their menus and staff, and a seeded till that sells.
//!
//! Nothing here knows about paper, bytes or networks. Every sale follows from a shop, a seed and a
//! time; the same three give the same sale on every machine.

mod catalogue;
mod sale;
mod till;
mod zone;

pub use catalogue::{Dish, Language, Shop, Tender, Words};
pub use sale::{Discount, Line, Payment, Sale};
pub use till::{OPENING, Till};
pub use zone::{epoch_ms, local_time};
