//! Who does something about a press, an event, and a message that asks for more than words.
//!
//! A plain contract: it says nothing about approvals, cards or transfers.

use std::sync::Arc;

use super::{Doing, Hall, Reply};
use crate::dingtalk::stream::{BotMessage, CardAction, CardAnswer, Event, EventAck};

/// Makes the desk of an application, each time one is set up.
pub(crate) type OpenDesk = fn(&Hall) -> Arc<dyn Desk>;

/// Takes what people press and what DingTalk tells. Every call comes in a task of its own, several
/// at the same time, each callback at most once (events: until [`EventAck::done`]). A call that ends
/// without an answer has said that nothing changes, or that the event is to come again.
pub(crate) trait Desk: Send + Sync {
    /// Somebody wrote to the robot. The answer where this desk is meant ("transfer 5 X from A to
    /// B"); nothing where it is somebody else's question. It is asked before anybody else, so it
    /// says quickly that it is not meant. Who may change anything is for the desk to judge:
    /// [`App::may_change`](crate::config::App::may_change).
    fn asked<'a>(&'a self, message: &'a BotMessage) -> Doing<'a, Option<Reply>>;

    /// Somebody pressed a button: to be answered within 1.5 s.
    fn pressed(&self, press: CardAction, answer: CardAnswer) -> Doing<'_>;

    /// Something happened in the organisation.
    fn happened(&self, event: Event, ack: EventAck) -> Doing<'_>;

    /// What it does of its own accord while the application is set up. It is dropped at the stop and
    /// when the application changes; one that ends has nothing more to do.
    fn work(&self) -> Doing<'_>;
}

#[cfg(test)]
/// A desk that nobody sits at: a press changes nothing, an event is acknowledged.
pub(crate) struct Nobody;

#[cfg(test)]
impl Nobody {
    /// As [`OpenDesk`].
    pub(crate) fn open(_: &Hall) -> Arc<dyn Desk> {
        Arc::new(Self)
    }
}

#[cfg(test)]
impl Desk for Nobody {
    fn asked<'a>(&'a self, _: &'a BotMessage) -> Doing<'a, Option<Reply>> {
        Box::pin(std::future::ready(None))
    }

    fn pressed(&self, _: CardAction, answer: CardAnswer) -> Doing<'_> {
        // Let go, it answers that nothing changes.
        drop(answer);
        Box::pin(std::future::ready(()))
    }

    fn happened(&self, event: Event, ack: EventAck) -> Doing<'_> {
        tracing::debug!(name = %event.name, "an event that nothing waits for");
        Box::pin(ack.done())
    }

    fn work(&self) -> Doing<'_> {
        Box::pin(std::future::pending())
    }
}
