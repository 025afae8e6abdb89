//! Sales as the bytes that a till sends to its receipt printer.
//!
//! The encoder is the simulator's own: it shares nothing with the decoder it is there to test. It
//! imitates how tills print, not how they should.

mod chinese;
mod columns;
mod english;
mod escpos;
mod logo;
#[cfg(test)]
mod paper;
mod style;

pub use escpos::{Align, Charset, Encoder};
pub use logo::{Bitmap, tea_cup};
pub use style::Style;
