//! Says in one message what happened at the till, in the shop's language.
//!
//! Pure: an event and the settings in, a [`Message`](crate::dingtalk::Message) out. It does not
//! decide who is told or when, nor what may leave the shop (`privacy` does), and it says nothing it
//! does not know: a field that is absent in the event is absent in the message.
//!
//! An event is let through by `privacy`, composed into a card (`compose`, `report`, `printer`), laid
//! out by a template (`templates`), and finished with mentions and buttons (`layout`). Digests and
//! alarms of the bridge itself become cards too (`digest`, `alarm`), and so does what the shop found (`finding`, `summary`,
//! `reconciliation`, `reminder`).

mod alarm;
#[cfg(test)]
mod alarm_docs;
mod approval;
mod asked;
mod card;
mod compose;
mod context;
mod digest;
mod exception;
#[cfg(test)]
mod exception_tests;
mod fields;
mod finding;
#[cfg(test)]
mod gallery;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_approvals;
#[cfg(test)]
mod golden_books;
#[cfg(test)]
mod golden_stock;
mod layout;
mod link;
mod markdown;
mod mentions;
mod money;
mod page;
mod printer;
#[cfg(test)]
mod properties;
mod reconciliation;
mod reminder;
mod report;
mod rule;
pub mod samples;
pub(crate) mod spoken;
mod stock;
mod summary;
mod template_error;
#[cfg(test)]
mod template_tests;
mod templates;
mod today;
mod told;
mod words;

pub use alarm::alarm;
pub(crate) use alarm::alarm_words;
pub use approval::{
    PressWord, drawer_text, goods, matter_reference, matter_state, matter_time, matter_title,
    press, receipt_text, seen_by,
};
pub(crate) use asked::answer;
pub use compose::{hello, render};
pub use context::Context;
pub use digest::{DigestReason, digest};
pub use finding::finding;
pub use link::ReceiptLink;
pub(crate) use page::{Shown, kind_word, method_word};
pub use template_error::TemplateError;
pub use templates::Templates;
pub use today::{listed, promotion, restock, today_text, today_time, today_title};
pub use told::{causes, summary_text};
