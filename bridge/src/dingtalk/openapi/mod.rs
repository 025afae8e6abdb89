//! Talks to DingTalk's interface for applications (`api.dingtalk.com`, `api.dingtalk.io`): keeps an
//! access token, stays within what the organisation may call, makes one typed call at a time and
//! says what a refusal means.
//!
//! It does not decide what is worth a call, never repeats one whose outcome is not known, and keeps
//! no queue: that is its caller's. Field names and limits are those of DingTalk's documents, named
//! at each call.
//!
//! # What may be repeated
//! | call | key | the same key again |
//! |---|---|---|
//! | [`OpenApi::create_card`] | `outTrackId` | answered as [`Made::Already`] |
//! | [`OpenApi::update_card`] | the card itself | the same card |
//! | [`OpenApi::create_calendar_event`] | `x-client-token`, for a day | the same event |
//! | [`OpenApi::create_todo`] | `sourceId` | answered as [`Made::Already`] |
//! | all others | none | done twice: [`ApiError::is_unknown`] tells when to ask a person |

mod answer;
mod calendar;
mod card;
mod client;
mod error;
mod ledger;
mod limits;
mod robot;
#[cfg(test)]
mod tests;
mod todo;
mod token;
mod workflow;
mod yida;

pub(in crate::dingtalk) use answer::read;
pub use calendar::{CalendarEvent, When};
pub use card::{CardData, CardSpace, NewCard};
pub use client::OpenApi;
pub use error::{ApiError, Retry};
pub use ledger::{Counted, Counting, Ledger};
pub use robot::{BatchSent, RobotMessage};
pub use todo::{Priority, Todo};
pub use workflow::Approval;
pub use yida::{YidaProcess, YidaReader};

/// What became of something that is made once per key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was made now; its id.
    Now(String),
    /// Something with this key was there before; nothing was made.
    Already,
}
