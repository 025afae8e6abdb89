//! Asks people and DingTalk what the shop wants asked, hears what they answer, and keeps both.
//!
//! What is asked, and what an answer means, is decided in `approve`, `cards` and `agenda`. Whatever
//! is about to be asked is in the journal before the call, so a crash leaves nothing in doubt that
//! could be known; a call without a key is never made twice.
//!
//! It is the [`Desk`](crate::app::Desk) of the application. Where there is none, [`unasked`] closes
//! what nobody can be asked about, and the group is told so.

mod advance;
mod ask;
mod dates;
mod day;
mod desk;
mod form;
mod happened;
mod pressed;
mod spoken;
#[cfg(test)]
mod tests;
mod unasked;
mod work;

pub(crate) use desk::Matters;
pub(crate) use unasked::unasked;
