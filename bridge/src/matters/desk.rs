//! The desk of the application: presses, results, and the transfer that is typed in the chat.

use std::sync::Arc;

use super::{happened, pressed, spoken, work};
use crate::app::{Desk, Doing, Hall, Reply};
use crate::dingtalk::stream::{BotMessage, CardAction, CardAnswer, Event, EventAck};

/// Sits at the desk of one application.
#[derive(Debug)]
pub(crate) struct Matters {
    hall: Hall,
}

impl Matters {
    /// As [`OpenDesk`](crate::app::OpenDesk).
    pub(crate) fn open(hall: &Hall) -> Arc<dyn Desk> {
        Arc::new(Self { hall: hall.clone() })
    }
}

impl Desk for Matters {
    fn asked<'a>(&'a self, message: &'a BotMessage) -> Doing<'a, Option<Reply>> {
        Box::pin(spoken::asked(&self.hall, message))
    }

    fn pressed(&self, press: CardAction, answer: CardAnswer) -> Doing<'_> {
        Box::pin(async move {
            let (reply, settled) = pressed::answer(&self.hall, &press).await;
            let sent = answer.send(reply).await;
            // Unsent, the card is changed by a call when its grace is over.
            if let Some(id) = settled.filter(|_| sent) {
                pressed::shown(&self.hall, id).await;
            }
        })
    }

    fn happened(&self, event: Event, ack: EventAck) -> Doing<'_> {
        Box::pin(async move {
            match happened::heard(&self.hall, &event).await {
                Ok(true) => ack.done().await,
                // It comes again.
                Ok(false) => drop(ack),
                Err(error) => {
                    tracing::warn!("a result could not be kept, it comes again: {error}");
                    drop(ack);
                }
            }
        })
    }

    fn work(&self) -> Doing<'_> {
        Box::pin(work::run(&self.hall))
    }
}
