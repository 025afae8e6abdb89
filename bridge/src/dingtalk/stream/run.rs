//! Keeps a connection up: asks for a ticket, connects, carries frames and answers between the socket
//! and the protocol, and waits before it tries again.
//!
//! Everything that is decided is decided in `protocol` and `backoff`; here it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use uuid::Uuid;

use super::action::{Action, Delivery, Leave, Limits};
use super::backoff::{Backoff, Ended};
use super::error::StreamError;
use super::gateway;
use super::inbox::{Answer, Inbox, Parcel};
use super::link::Link;
use super::memory::Memory;
use super::protocol::Protocol;
use super::session_webhook::{is_dingtalk, is_dingtalk_or_local};
use super::socket::{self, Socket};
use super::{MAX_FRAME_BYTES, MAX_OPEN, MAX_WAITING, MAX_WAITING_BYTES};
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::error::RobotError;
use crate::dingtalk::exchange::Exchange;
use crate::dingtalk::openapi::{ApiError, Retry};
use crate::dingtalk::robot::Patience;

/// Longest wait for the other end to take a frame. Real time, whatever the clock.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Longest wait for a goodbye to be sent. Nobody waits for its answer.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);
/// Longest look at what had arrived before a connection was cut. What is there is read at once; only
/// a peer that takes nothing and stays open is waited for.
const LEFTOVERS_LIMIT: Duration = Duration::from_secs(1);

/// The producer's end of the Stream; nothing happens until it [runs](Stream::run).
pub struct Stream {
    app: App,
    exchange: Exchange,
    clock: Clock,
    protocol: Protocol,
    backoff: Backoff,
    parcels: mpsc::Sender<Parcel>,
    /// Bytes of the frames that wait to be taken.
    waiting: Arc<AtomicUsize>,
    /// Bytes of the frame that is looked at.
    frame_bytes: usize,
    answers: mpsc::Receiver<Answer>,
    link: watch::Sender<Link>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("api", &self.app.api).finish_non_exhaustive()
    }
}

/// Both ends of the Stream of `app`, and how it is. `memory` remembers over restarts what was handed
/// over. Nothing is sent yet.
pub fn open(
    app: &App,
    clock: Clock,
    memory: Arc<dyn Memory>,
) -> Result<(Stream, Inbox, watch::Receiver<Link>), RobotError> {
    bounded(app, clock, memory, Limits::new(&clock))
}

/// As [`open`], with other limits.
pub(super) fn bounded(
    app: &App,
    clock: Clock,
    memory: Arc<dyn Memory>,
    limits: Limits,
) -> Result<(Stream, Inbox, watch::Receiver<Link>), RobotError> {
    let (parcels, taken) = mpsc::channel(MAX_WAITING);
    let waiting = Arc::new(AtomicUsize::new(0));
    // Each open delivery is answered once, and so is each that waits to be taken.
    let (said, answers) = mpsc::channel(MAX_OPEN + MAX_WAITING);
    let (link, looked_at) = watch::channel(Link::default());
    let plain = app.api.starts_with("http://");
    let of_dingtalk = if plain { is_dingtalk_or_local } else { is_dingtalk };
    let stream = Stream {
        exchange: Exchange::new(app, Patience::default())?,
        app: app.clone(),
        clock,
        protocol: Protocol::new(limits, of_dingtalk),
        backoff: Backoff::default(),
        parcels,
        waiting: Arc::clone(&waiting),
        frame_bytes: 0,
        answers,
        link,
    };
    let inbox = Inbox { parcels: taken, waiting, answers: said, memory };
    Ok((stream, inbox, looked_at))
}

/// Why a connection that stood is gone.
enum Gone {
    /// By the protocol.
    Left(Leave),
    /// The other end closed it, or the network cut it.
    Closed(String),
    /// We were told to stop, or nobody takes callbacks any more.
    Stopped,
}

impl Stream {
    /// Keeps a connection up until `stopped` turns true or the inbox is gone.
    pub async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let taken = self.parcels.clone();
        loop {
            self.backoff.tried(self.mono());
            self.link.send_modify(|link| link.tries += 1);
            let connected = tokio::select! {
                connected = self.connect() => connected,
                () = told(&mut stopped) => return,
            };
            let ended = match connected {
                Ok(socket) => {
                    let since = self.mono();
                    match self.serve(socket, &mut stopped).await {
                        Gone::Stopped => return,
                        gone => self.say_gone(&gone),
                    }
                    Ended::Stood(self.mono().saturating_sub(since))
                }
                Err(error) => self.failed(&error),
            };
            let dice = Uuid::new_v4().as_u128() as u64;
            let wait = self.backoff.wait(ended, self.mono(), dice);
            tokio::select! {
                () = self.idle(wait) => {}
                () = told(&mut stopped) => return,
                () = taken.closed() => return,
            }
        }
    }

    async fn connect(&self) -> Result<Socket, StreamError> {
        let opened = gateway::open(&self.exchange, &self.app).await?;
        let plain = self.app.api.starts_with("http://");
        socket::connect(&self.exchange, &opened, plain).await
    }

    fn failed(&self, error: &StreamError) -> Ended {
        let trouble = match error {
            StreamError::Gateway(api) => format!("{api} (hint: {})", api.hint()),
            other => other.to_string(),
        };
        tracing::warn!("no Stream connection: {trouble}");
        self.link.send_modify(|link| link.trouble = Some(trouble));
        match error {
            StreamError::Gateway(error) => match error.retry() {
                Retry::Person | Retry::Never => Ended::Refused(Duration::ZERO),
                Retry::After(wait)
                    if matches!(
                        error,
                        ApiError::Throttled { .. }
                            | ApiError::AddressBanned { .. }
                            | ApiError::Spent { .. }
                    ) =>
                {
                    Ended::Refused(wait)
                }
                _ => Ended::Failed,
            },
            _ => Ended::Failed,
        }
    }

    fn say_gone(&self, gone: &Gone) {
        let (expected, why) = match gone {
            Gone::Left(Leave::Asked) => (true, "the gateway asked for another one".to_owned()),
            Gone::Left(Leave::Dead) => (false, "it gave no sign of life".to_owned()),
            Gone::Left(Leave::Silent) => (false, "nothing came by it for too long".to_owned()),
            Gone::Left(Leave::Garbage) => (false, "nothing by it could be read".to_owned()),
            Gone::Closed(why) => (false, why.clone()),
            Gone::Stopped => (true, String::new()),
        };
        if expected {
            tracing::debug!("Stream connection over: {why}");
        } else {
            tracing::warn!("Stream connection over: {why}");
        }
        self.link.send_modify(|link| {
            link.connected = false;
            link.trouble = (!expected).then(|| format!("the Stream connection is over: {why}"));
        });
    }

    /// Carries frames and answers until the connection is gone.
    async fn serve(&mut self, mut socket: Socket, stopped: &mut watch::Receiver<bool>) -> Gone {
        self.protocol.connected(self.mono());
        self.link.send_modify(|link| {
            (link.connected, link.trouble) = (true, None);
            link.connections += 1;
        });
        tracing::info!("Stream connection up");
        let gone = loop {
            let step = tokio::select! {
                message = socket.next() => self.heard(message),
                Some(answer) = self.answers.recv() => {
                    self.answered(&mut socket, answer).await.map(|()| Vec::new())
                }
                () = wait_until(self.clock, self.protocol.deadline()) => {
                    Ok(self.protocol.tick(self.mono()))
                }
                () = self.parcels.closed() => Err(Gone::Stopped),
                () = told(stopped) => Err(Gone::Stopped),
            };
            let done = match step {
                Ok(actions) => self.act(&mut socket, actions).await,
                Err(gone) => Err(gone),
            };
            if let Err(gone) = done {
                break gone;
            }
        };
        if matches!(gone, Gone::Closed(_)) {
            // Late ones are left where they are.
            let _late = tokio::time::timeout(LEFTOVERS_LIMIT, self.leftovers(&mut socket)).await;
        }
        self.protocol.disconnected();
        // A goodbye that is not taken changes nothing.
        let _late = tokio::time::timeout(CLOSE_LIMIT, socket.close(None)).await;
        gone
    }

    fn heard(&mut self, message: Option<Result<Message, Error>>) -> Result<Vec<Action>, Gone> {
        let now = self.mono();
        let actions = match message {
            Some(Ok(Message::Text(text))) => {
                self.frame_bytes = text.len();
                let bytes = self.waiting.load(Ordering::Relaxed) + self.frame_bytes;
                let room = self.parcels.capacity() > 0 && bytes <= MAX_WAITING_BYTES;
                self.protocol.receive(now, &text, room)
            }
            Some(Ok(Message::Binary(_))) => self.protocol.unreadable(now),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                self.protocol.heard(now);
                Vec::new()
            }
            Some(Ok(Message::Close(_))) | None => {
                return Err(Gone::Closed("the gateway closed it".to_owned()));
            }
            Some(Err(Error::Capacity(_))) => {
                let why = format!("a frame of more than {MAX_FRAME_BYTES} bytes");
                return Err(Gone::Closed(why));
            }
            Some(Err(error)) => return Err(Gone::Closed(error.to_string())),
        };
        self.tell_counts();
        Ok(actions)
    }

    /// Takes what had arrived before the connection was cut: an answer that could not be sent shows
    /// the cut before what came is read, and a question never comes again. Nothing is answered.
    async fn leftovers(&mut self, socket: &mut Socket) {
        while let Some(message @ Ok(_)) = socket.next().await {
            let Ok(actions) = self.heard(Some(message)) else { return };
            for action in actions {
                let gone = match action {
                    Action::Deliver(delivery) => self.hand_over(delivery).is_err(),
                    Action::Leave(_) => true,
                    Action::Send(_) | Action::Probe => false,
                };
                if gone {
                    return;
                }
            }
        }
    }

    fn tell_counts(&self) {
        let counts = self.protocol.counts();
        self.link.send_if_modified(|link| {
            let before = (link.lost, link.unreadable, link.repeated);
            (link.lost, link.unreadable, link.repeated) =
                (counts.lost, counts.garbage, counts.again);
            before != (link.lost, link.unreadable, link.repeated)
        });
    }

    async fn act(&self, socket: &mut Socket, actions: Vec<Action>) -> Result<(), Gone> {
        for action in actions {
            match action {
                Action::Send(text) => send(socket, Message::text(text)).await?,
                Action::Probe => send(socket, Message::Ping(Bytes::new())).await?,
                Action::Deliver(delivery) => self.hand_over(delivery)?,
                Action::Leave(leave) => return Err(Gone::Left(leave)),
            }
        }
        Ok(())
    }

    /// There was room when it was decided, and nobody else puts anything in.
    fn hand_over(&self, delivery: Delivery) -> Result<(), Gone> {
        let bytes = self.frame_bytes;
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
        self.parcels.try_send(Parcel { delivery, bytes }).map_err(|_| Gone::Stopped)
    }

    async fn answered(&mut self, socket: &mut Socket, answer: Answer) -> Result<(), Gone> {
        let Answer { ticket, said, sent } = answer;
        let text = self.protocol.answer(&ticket, &said);
        let result = match text {
            Some(text) => send(socket, Message::text(text)).await.map(|()| true),
            None => Ok(false),
        };
        if let Some(sent) = sent {
            // Who asked may have gone.
            let _gone = sent.send(matches!(result, Ok(true)));
        }
        result.map(|_| ())
    }

    /// Waits without a connection; answers given meanwhile have no way back.
    async fn idle(&mut self, wait: Duration) {
        let until = self.mono() + wait;
        loop {
            tokio::select! {
                () = wait_until(self.clock, Some(until)) => return,
                Some(Answer { ticket, said, .. }) = self.answers.recv() => {
                    let _no_way_back = self.protocol.answer(&ticket, &said);
                }
            }
        }
    }

    fn mono(&self) -> Duration {
        mono(self.clock)
    }
}

fn mono(clock: Clock) -> Duration {
    Duration::from_nanos(clock.now().mono)
}

/// Sleeps until `deadline` of the clock that does not jump; for ever where there is none.
async fn wait_until(clock: Clock, deadline: Option<Duration>) {
    match deadline {
        Some(deadline) => clock.sleep(deadline.saturating_sub(mono(clock))).await,
        None => std::future::pending().await,
    }
}

/// Done when the stop is told, or nobody is left to tell it.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _nobody_left = stopped.wait_for(|stop| *stop).await;
}

async fn send(socket: &mut Socket, message: Message) -> Result<(), Gone> {
    match tokio::time::timeout(SEND_LIMIT, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Gone::Closed(error.to_string())),
        Err(_) => Err(Gone::Closed("the gateway takes nothing any more".to_owned())),
    }
}
