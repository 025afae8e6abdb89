//! Slips as the bytes that a till sends to its receipt printer.
//!
//! The encoder is the simulator's own: it shares nothing with the decoder it is there to test. It
//! imitates how tills print, not how they should.

mod canvas;
mod charset;
mod columns;
mod encoder;
mod font;
mod layout;
mod lexicon;
mod logo;
mod numbers;
#[cfg(test)]
mod paper;
mod sheet;
mod style;
#[cfg(test)]
mod style_tests;

pub use charset::Charset;
pub use encoder::{Align, Dialect, Encoder};
pub use layout::{Layout, Tells};
pub use logo::{Bitmap, tea_cup};
pub use numbers::Numbers;
pub(crate) use sheet::is_paid;
pub use style::{Drawer, Style};
