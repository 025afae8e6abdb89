//! Where callbacks are taken: each once, with the handle that answers it.
//!
//! It is the consumer's end; whoever holds it longest decides nothing about the connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{mpsc, oneshot};

use super::action::{Delivery, Said, Ticket};
use super::callback::{BotMessage, CardAction, CardReply, Event};
use super::memory::Memory;

/// What came in.
#[derive(Debug)]
pub enum Callback {
    /// A question. It is acknowledged already, and answered by its `reply` or by the robot.
    BotMessage(BotMessage),
    /// A press.
    CardAction(CardAction, CardAnswer),
    /// An event.
    Event(Event, EventAck),
}

/// An answer on its way to the connection.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) ticket: Ticket,
    pub(super) said: Said,
    /// Whether it was sent in time.
    pub(super) sent: Option<oneshot::Sender<bool>>,
}

/// A delivery that waits to be taken.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) delivery: Delivery,
    /// Bytes of its frame.
    pub(super) bytes: usize,
}

/// The consumer's end of the Stream.
pub struct Inbox {
    pub(super) parcels: mpsc::Receiver<Parcel>,
    /// Bytes of the frames that wait.
    pub(super) waiting: Arc<AtomicUsize>,
    /// There is a place in it for every open delivery.
    pub(super) answers: mpsc::Sender<Answer>,
    pub(super) memory: Arc<dyn Memory>,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

impl Inbox {
    /// The next callback; nothing once the Stream has ended. Not to be cancelled but at a stop: what
    /// was taken out and not handed over is lost, unless it comes again.
    pub async fn next(&mut self) -> Option<Callback> {
        loop {
            let Parcel { delivery, bytes } = self.parcels.recv().await?;
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            match delivery {
                Delivery::Bot(message) => {
                    if self.memory.first(&message.key()).await {
                        return Some(Callback::BotMessage(message));
                    }
                }
                Delivery::Card(action, ticket) => {
                    let handle = Handle::new(ticket, &self.answers);
                    if self.memory.first(handle.key()).await {
                        return Some(Callback::CardAction(action, CardAnswer(handle)));
                    }
                    handle.say(Said::Card(CardReply::default()), None);
                }
                Delivery::Event(event, ticket) => {
                    let handle = Handle::new(ticket, &self.answers);
                    if !self.memory.knows(handle.key()).await {
                        let memory = Arc::clone(&self.memory);
                        return Some(Callback::Event(event, EventAck { handle, memory }));
                    }
                    // It was done before the last restart; only its acknowledgement was lost.
                    handle.say(Said::Done, None);
                }
            }
        }
    }
}

/// Answers once; dropped without an answer, it says that nothing was done.
struct Handle {
    ticket: Option<Ticket>,
    answers: mpsc::Sender<Answer>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").field("ticket", &self.ticket).finish_non_exhaustive()
    }
}

impl Handle {
    fn new(ticket: Ticket, answers: &mpsc::Sender<Answer>) -> Self {
        Self { ticket: Some(ticket), answers: answers.clone() }
    }

    fn key(&self) -> &str {
        self.ticket.as_ref().map_or("", |ticket| &ticket.key)
    }

    fn say(mut self, said: Said, sent: Option<oneshot::Sender<bool>>) {
        self.answer(said, sent);
    }

    fn answer(&mut self, said: Said, sent: Option<oneshot::Sender<bool>>) {
        if let Some(ticket) = self.ticket.take() {
            // There is room for all that can be open; a Stream that has ended needs no answer.
            let _ended = self.answers.try_send(Answer { ticket, said, sent });
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.answer(Said::Later, None);
    }
}

/// Answers a press.
#[derive(Debug)]
pub struct CardAnswer(Handle);

impl CardAnswer {
    /// Changes the card as `reply` says. Whether that was in time: DingTalk waits two seconds; later
    /// than that the card is changed by [`OpenApi::update_card`](crate::dingtalk::openapi::OpenApi).
    pub async fn send(self, reply: CardReply) -> bool {
        let (sent, told) = oneshot::channel();
        self.0.say(Said::Card(reply), Some(sent));
        told.await.unwrap_or(false)
    }
}

/// Acknowledges an event. Dropped, it has the event come again.
#[derive(Debug)]
pub struct EventAck {
    handle: Handle,
    memory: Arc<dyn Memory>,
}

impl std::fmt::Debug for dyn Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl EventAck {
    /// What identifies the event in the [`Memory`]: who commits its work in the journal can remember
    /// it in the same transaction.
    pub fn key(&self) -> &str {
        self.handle.key()
    }

    /// Its work is done: it is remembered, then acknowledged.
    pub async fn done(self) {
        let Self { handle, memory } = self;
        memory.first(handle.key()).await;
        handle.say(Said::Done, None);
    }
}
