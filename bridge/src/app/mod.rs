//! The application that people can talk to: keeps its Stream up, holds its interface, and hands what
//! comes in to those who do something about it.
//!
//! It understands nothing itself: a question is [`ask`](crate::ask)'s, a press and an event are a
//! [`Desk`]'s. Where no application is configured there is nothing to do until one is.

mod desk;
mod dispatch;
mod recall;
mod stage;
#[cfg(test)]
mod tests;
mod voice;

use std::pin::Pin;
use std::sync::Arc;

#[cfg(test)]
pub(crate) use desk::Nobody;
pub(crate) use desk::{Desk, OpenDesk};
pub(crate) use stage::{Stages, run};
pub(crate) use voice::Voice;

use crate::clock::Clock;
use crate::deliver::News;
use crate::dingtalk::openapi::OpenApi;
use crate::journal::Journal;
use crate::live::Live;

/// What is being done.
pub(crate) type Doing<'a, T = ()> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What everybody has who does something for an application. Clones share it all; another
/// application in the configuration is another hall.
#[derive(Clone, Debug)]
pub(crate) struct Hall {
    /// The journal.
    pub(crate) journal: Journal,
    /// The configuration as it is.
    pub(crate) live: Live,
    /// The clock.
    pub(crate) clock: Clock,
    /// Delivery hears by it that something was queued.
    pub(crate) told: Arc<News>,
    /// The application's interface. Its calls are counted in the journal.
    pub(crate) api: OpenApi,
    /// The ways back to whoever asked.
    pub(crate) voice: Voice,
}

#[cfg(test)]
impl Hall {
    /// The hall of the application that `live` names.
    pub(crate) fn for_tests(journal: Journal, live: Live, clock: Clock) -> Self {
        let app = live.config().dingtalk.app.clone().expect("an application");
        let recall = Arc::new(recall::Recall::new(journal.clone(), clock));
        let api = OpenApi::new(&app, clock, recall).expect("set up");
        let voice = Voice::new(&app, clock).expect("set up");
        Self { journal, live, clock, told: Arc::default(), api, voice }
    }
}

/// What is said to whoever asked, as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The line in the conversation list.
    pub(crate) title: String,
    /// The message.
    pub(crate) text: String,
}
