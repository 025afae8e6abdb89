//! What is put into a calendar and on people's lists: promotions that are near, and what runs out.
//!
//! Pure: what is wanted, by a key that it is asked once by, and the request that it becomes. The
//! calls, and what is done when no answer comes, are `matters`'.

mod entry;
mod request;
#[cfg(test)]
mod tests;
mod want;

pub(crate) use entry::Entry;
pub(crate) use request::{date, task};
pub(crate) use want::{promotions, restock};
