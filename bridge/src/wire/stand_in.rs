//! The printer that one POS connection sees: every byte into the ring, then its turn at the paper,
//! and answers in between.
//!
//! Questions are answered while bytes wait for paper, until so many wait that nothing more is read,
//! except those that ask whether it is on paper yet. What is answered is not recorded: it was made
//! up.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pos_protocol::profile::Dialect;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::answers::{Answer, Answers, Broken};
use super::paper::{Paper, QUEUE_BYTES};
use super::recorder::{Connection, Recorder};
use super::{pump, stop};
use crate::ring::{Closing, Direction};

/// Most answers that wait for one POS, in bytes. A POS that asks and does not listen gets no more;
/// one that listens never has more than a few dozen bytes waiting.
const MAX_UNSENT_BYTES: usize = 4096;

/// What the connections of one source share.
#[derive(Clone)]
pub(super) struct StandIn {
    pub(super) recorder: Recorder,
    pub(super) paper: Option<Arc<Paper>>,
    /// In which language questions are asked.
    pub(super) dialect: Dialect,
    /// Pause that ends a turn at the paper.
    pub(super) idle: Duration,
}

impl StandIn {
    /// One POS connection from its first byte to its last on paper.
    pub(super) async fn carry(self, pos: TcpStream, peer: SocketAddr, stop: watch::Receiver<bool>) {
        let (done, taken) = watch::channel(0);
        let (queue, waiting) = tokio::io::duplex(QUEUE_BYTES);
        let online = self.paper.as_ref().map(|paper| paper.online());
        let answers = Answers::new(self.dialect, online.as_ref().is_none_or(|now| *now.borrow()));
        let talk = Talk {
            connection: self.recorder.opened(),
            answers,
            replies: Replies::default(),
            queue: self.paper.is_some().then_some(queue),
            received: 0,
            taken,
            online,
            idle: self.idle,
            silent_at: None,
        };
        let talking = talk.run(pos, peer, self.recorder.name(), stop.clone());
        let printing = async {
            let Some(paper) = &self.paper else { return };
            tokio::select! {
                () = paper.print(waiting, self.idle, &done) => {}
                () = stop::overdue(stop) => {}
            }
        };
        tokio::join!(talking, printing);
    }
}

/// The POS's side of a connection.
struct Talk {
    connection: Connection,
    answers: Answers,
    replies: Replies,
    /// Towards the paper, where there is some.
    queue: Option<DuplexStream>,
    received: u64,
    /// How much of it the paper has taken.
    taken: watch::Receiver<u64>,
    online: Option<watch::Receiver<bool>>,
    idle: Duration,
    /// When the POS will have been silent for `idle`; absent while nothing is open to doubt.
    silent_at: Option<Instant>,
}

impl Talk {
    /// Until the connection is over. What waits for paper then goes on waiting without it.
    async fn run(
        mut self,
        mut pos: TcpStream,
        peer: SocketAddr,
        source: &str,
        mut stop: watch::Receiver<bool>,
    ) {
        let how = tokio::select! {
            how = self.converse(&mut pos, source) => how,
            () = stop::told(&mut stop) => Closing::Stopped,
        };
        if how == Closing::PosReset {
            tracing::info!(source, %peer, "the POS broke its connection");
        }
        self.connection.close(how);
    }

    async fn converse(&mut self, pos: &mut TcpStream, source: &str) -> Closing {
        let (from_pos, mut to_pos) = pos.split();
        // In the ring, and not yet in the queue.
        let mut held: Vec<u8> = Vec::new();
        let mut ended = false;
        loop {
            let has_paper = self.online.is_some();
            let on_paper = if has_paper { *self.taken.borrow_and_update() } else { self.received };
            self.replies.release(on_paper);
            if ended && held.is_empty() {
                if self.replies.is_empty() {
                    return Closing::Ended;
                }
                // No more comes: the job ends, and with it the turn at the paper.
                self.queue = None;
            }
            tokio::select! {
                read = pump::read(&from_pos), if !ended && held.is_empty() => match read {
                    Ok(bytes) if bytes.is_empty() => ended = true,
                    Ok(bytes) => held = self.hear(&bytes, source),
                    Err(_) => return Closing::PosReset,
                },
                moved = queued(&mut self.queue, &held), if !held.is_empty() => {
                    held.drain(..moved);
                }
                sent = to_pos.write(&self.replies.now), if !self.replies.now.is_empty() => {
                    match sent {
                        Ok(count) => drop(self.replies.now.drain(..count)),
                        Err(_) => return Closing::PosReset,
                    }
                }
                Ok(()) = self.taken.changed() => {}
                () = until(self.silent_at) => {
                    self.silent_at = None;
                    let answers = self.answers.pause();
                    self.reply(answers, source);
                }
                online = turned(&mut self.online) => {
                    let answer = self.answers.turn(online);
                    self.replies.push(answer, source);
                }
            }
        }
    }

    /// Keeps `bytes`, asks what a printer would answer, and hands them back if there is paper.
    fn hear(&mut self, bytes: &[u8], source: &str) -> Vec<u8> {
        self.connection.data(Direction::ToPrinter, bytes);
        self.received += bytes.len() as u64;
        self.silent_at = Some(Instant::now() + self.idle);
        let answers = self.answers.hear(bytes);
        self.reply(answers, source);
        if self.queue.is_some() { bytes.to_vec() } else { Vec::new() }
    }

    fn reply(&mut self, answers: Result<Vec<Answer>, Broken>, source: &str) {
        let Ok(answers) = answers else {
            return tracing::error!(
                source,
                "a fault of ours in reading what the POS asks: this connection is carried on and \
                 gets no more answers"
            );
        };
        self.replies.push(answers, source);
    }
}

/// Returns at `moment`; for ever nothing where there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Moves some of `held` into the queue; for ever nothing where there is none.
async fn queued(queue: &mut Option<DuplexStream>, held: &[u8]) -> usize {
    let Some(queue) = queue else { return std::future::pending().await };
    match queue.write(held).await {
        Ok(count) => count,
        // The paper's side is gone, which only a stop does: nothing is printed any more.
        Err(_) => held.len(),
    }
}

/// The printer stops or goes on; without paper it never does.
async fn turned(online: &mut Option<watch::Receiver<bool>>) -> bool {
    let Some(online) = online else { return std::future::pending().await };
    if online.changed().await.is_err() {
        return std::future::pending().await;
    }
    *online.borrow()
}

/// Answers on their way to one POS.
#[derive(Default)]
struct Replies {
    now: Vec<u8>,
    /// Those that wait for paper, in order.
    later: VecDeque<Answer>,
    overrun: bool,
}

impl Replies {
    fn push(&mut self, answers: impl IntoIterator<Item = Answer>, source: &str) {
        for answer in answers {
            let later: usize = self.later.iter().map(|answer| answer.bytes.len()).sum();
            if self.now.len() + later + answer.bytes.len() > MAX_UNSENT_BYTES {
                if !std::mem::replace(&mut self.overrun, true) {
                    tracing::warn!(source, "a POS asks and takes no answers; it gets no more");
                }
                return;
            }
            self.overrun = false;
            if answer.after == 0 {
                self.now.extend(answer.bytes);
            } else {
                self.later.push_back(answer);
            }
        }
    }

    /// The first `on_paper` bytes are on paper.
    fn release(&mut self, on_paper: u64) {
        while self.later.front().is_some_and(|answer| answer.after <= on_paper) {
            self.now.extend(self.later.pop_front().into_iter().flat_map(|answer| answer.bytes));
        }
    }

    fn is_empty(&self) -> bool {
        self.now.is_empty() && self.later.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, MAX_UNSENT_BYTES, Replies};

    fn answer(after: u64) -> Answer {
        Answer { bytes: vec![after as u8; 4], after }
    }

    #[test]
    fn an_answer_in_printing_order_waits_for_its_paper_and_one_at_once_does_not() {
        let mut replies = Replies::default();
        replies.push([answer(9), answer(0), answer(20)], "till");
        assert_eq!(replies.now, [0; 4]);
        replies.release(8);
        assert_eq!(replies.now, [0; 4]);
        replies.release(9);
        assert_eq!(replies.now, [0, 0, 0, 0, 9, 9, 9, 9]);
        replies.release(20);
        replies.now.clear();
        assert!(replies.is_empty());
    }

    #[test]
    fn what_waits_for_a_pos_that_does_not_listen_is_bounded() {
        let mut replies = Replies::default();
        for after in 0..100_000 {
            replies.push([answer(after % 2)], "till");
        }
        assert_eq!(replies.now.len() + replies.later.len() * 4, MAX_UNSENT_BYTES);
    }
}
