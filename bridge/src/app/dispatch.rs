//! Hands each callback to whoever does something about it, in a task of its own.
//!
//! Order is not kept between questions and presses: people who ask at the same time are answered at
//! the same time, and a slow answer holds nobody up. Events are taken one after the other as they
//! came, since who decided is told before what was decided.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;

use super::{Desk, Hall};
use crate::ask;
use crate::dingtalk::stream::{Callback, Event, EventAck, Inbox};

/// Most callbacks that something is done about at the same time. The next one waits in the Stream's
/// own queue, which is bounded too.
const MAX_AT_ONCE: usize = 32;

/// Most events that wait for the one before them. Further ones come again.
const MAX_EVENTS_WAITING: usize = 64;

/// How long answers under way may take at the stop.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Takes callbacks until the Stream has ended; what is under way then is let go.
pub(super) async fn take_all(mut inbox: Inbox, hall: &Hall, desk: &Arc<dyn Desk>) {
    let mut under_way = JoinSet::new();
    let (line, waiting) = mpsc::channel(MAX_EVENTS_WAITING);
    let events = tokio::spawn(take_events(waiting, Arc::clone(desk)));
    while let Some(callback) = inbox.next().await {
        let callback = match callback {
            Callback::Event(event, ack) => {
                // Where the line is full the acknowledgement is dropped with it: it comes again.
                let _comes_again = line.try_send((event, ack)).is_err();
                continue;
            }
            other => other,
        };
        while under_way.try_join_next().is_some_and(heard) {}
        if under_way.len() >= MAX_AT_ONCE {
            let _room = under_way.join_next().await.is_some_and(heard);
        }
        let (hall, desk) = (hall.clone(), Arc::clone(desk));
        under_way.spawn(async move { take(callback, &hall, &*desk).await });
    }
    // What is about to be said is said; what waits for a journal that is busy is let go.
    drop(line);
    let rest = async {
        while under_way.join_next().await.is_some_and(heard) {}
        heard(events.await)
    };
    let _let_go = tokio::time::timeout(LAST_WORDS, rest).await;
}

/// A callback that somebody stumbled over is lost, the others are not.
fn heard(ended: Result<(), tokio::task::JoinError>) -> bool {
    if let Err(error) = ended {
        tracing::error!("a callback was not dealt with: {error}");
    }
    true
}

async fn take(callback: Callback, hall: &Hall, desk: &dyn Desk) {
    match callback {
        Callback::BotMessage(message) => ask::take(&message, hall, desk).await,
        Callback::CardAction(press, answer) => desk.pressed(press, answer).await,
        Callback::Event(event, ack) => desk.happened(event, ack).await,
    }
}

/// Takes events in their order. One that somebody stumbled over comes again, and holds up no other.
async fn take_events(mut waiting: Receiver<(Event, EventAck)>, desk: Arc<dyn Desk>) {
    while let Some((event, ack)) = waiting.recv().await {
        let desk = Arc::clone(&desk);
        heard(tokio::spawn(async move { desk.happened(event, ack).await }).await);
    }
}
