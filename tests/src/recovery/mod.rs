//! How much of a receipt survives damage on the way: bytes are flipped, dropped or inserted, and
//! the lines and kicks that the damage did not touch are looked for in what the decoder makes of
//! the rest.
//!
//! [`truth`] is what the sound stream says and where; [`damage`] hits it; [`align`] finds lines
//! again; [`measure`] counts and names what swallowed the lost ones.
//!
//! Not here: whether the sound stream is read well. Other tests see to that.

pub mod align;
pub mod damage;
pub mod measure;
pub mod truth;

pub use measure::{Loss, Score, score};
pub use truth::{Sound, captures, simulated};
