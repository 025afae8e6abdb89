//! Single-byte code pages: their characters, and the numbers that makers give them.
//!
//! Not here: double-byte encodings, and the seven-bit substitutions of `ESC R`.

mod asian;
mod family;
mod half;
mod latin;
mod page;
mod windows;

pub use family::PageFamily;
pub use page::Page;
