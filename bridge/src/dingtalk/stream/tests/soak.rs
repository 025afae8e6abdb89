//! Hours of a gateway's ill will in seconds: two hundred connections that end in every way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::gateway::{Client, Connection, Gateway, clock, hurried};
use super::model::{bot, card, event};
use crate::dingtalk::stream::action::Limits;
use crate::dingtalk::stream::backoff::{BURST, REFILL};
use crate::dingtalk::stream::{Callback, CardReply, Inbox, Remembered};

/// Connections that the gateway ends.
const DISCONNECTS: u32 = 200;

/// How a connection is spoilt.
#[derive(Clone, Copy, Debug)]
enum Ill {
    /// A goodbye, then silence on an open line.
    Goodbye,
    /// Cut without a word.
    Cut,
    /// An event is sent and the line cut before anybody can acknowledge it.
    LostAck,
    /// Everything is taken and nothing answered.
    Zombie,
    /// The next tickets have ended.
    Expired,
    /// The next requests for a ticket fail.
    Refusing,
    /// Nonsense.
    Garbage,
}

const ILLS: [Ill; 8] = [
    Ill::Goodbye,
    Ill::Cut,
    Ill::LostAck,
    Ill::Expired,
    Ill::Goodbye,
    Ill::Refusing,
    Ill::LostAck,
    Ill::Garbage,
];

/// What the gateway knows: what it must send again, and what was taken.
#[derive(Default)]
struct Books {
    frames: u64,
    /// Events without an acknowledgement.
    owed: BTreeSet<u32>,
    events: u32,
    questions: u32,
    /// Questions that were acknowledged as taken.
    taken: BTreeSet<u32>,
    presses: u32,
}

impl Books {
    fn frame(&mut self) -> u64 {
        self.frames += 1;
        self.frames
    }

    /// Reads acknowledgements until `last` has its own, or to the end.
    async fn settle(
        &mut self,
        connection: &mut Connection,
        events: &BTreeMap<u64, u32>,
        last: Option<u64>,
    ) -> bool {
        while let Some(ack) = connection.frame().await {
            let id = ack["headers"]["messageId"].as_str().unwrap_or_default();
            let number = id.strip_prefix('f').and_then(|n| n.parse::<u64>().ok());
            let is_done = |ack: &Value| ack["data"].as_str().is_some_and(|d| d.contains("SUCCESS"));
            if let Some(event) = number.and_then(|n| events.get(&n)).filter(|_| is_done(&ack)) {
                self.owed.remove(event);
            }
            if number.is_some() && number == last {
                return true;
            }
        }
        false
    }

    /// What every connection brings: all that is owed, a new question (twice) and a press.
    async fn work(&mut self, connection: &mut Connection) -> BTreeMap<u64, u32> {
        self.events += 1;
        self.owed.insert(self.events);
        let mut sent = BTreeMap::new();
        for n in self.owed.clone() {
            let frame = self.frame();
            sent.insert(frame, n);
            connection.send(event(n, frame)).await;
        }
        self.presses += 1;
        connection.send(card(&format!("p{}", self.presses))).await;
        let question = self.questions;
        self.questions += 1;
        let (first, again) = (self.frame(), self.frame());
        connection.send(bot(question, first)).await;
        connection.send(bot(question, again)).await;
        if self.settle(connection, &sent, Some(again)).await {
            self.taken.insert(question);
        }
        sent
    }
}

/// What was handed over.
#[derive(Default)]
struct Heard {
    questions: Vec<String>,
    events: Vec<String>,
    presses: Vec<String>,
}

async fn listen(mut inbox: Inbox, heard: Arc<Mutex<Heard>>) {
    while let Some(callback) = inbox.next().await {
        let note = |what: fn(&mut Heard) -> &mut Vec<String>, id: String| {
            what(&mut heard.lock().unwrap_or_else(PoisonError::into_inner)).push(id);
        };
        match callback {
            Callback::BotMessage(message) => note(|heard| &mut heard.questions, message.id),
            Callback::Event(event, ack) => {
                note(|heard| &mut heard.events, event.id);
                ack.done().await;
            }
            Callback::CardAction(action, answer) => {
                note(|heard| &mut heard.presses, action.id);
                // On a connection that is gone by then it is too late, and known to be.
                let _too_late = answer.send(CardReply::default()).await;
            }
        }
    }
}

fn unique(ids: &[String]) -> BTreeSet<&String> {
    let set: BTreeSet<_> = ids.iter().collect();
    assert_eq!(set.len(), ids.len(), "something came twice");
    set
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_disconnects_lose_nothing_double_nothing_and_make_no_storm() {
    let mut gateway = Gateway::start().await;
    let limits = Limits { quiet: Duration::from_mins(5), ..hurried() };
    let Client { inbox, link, stop, task } =
        Client::with(&gateway, Arc::new(Remembered::default()), limits);
    let heard = Arc::new(Mutex::new(Heard::default()));
    let listening = tokio::spawn(listen(inbox, Arc::clone(&heard)));
    let (clock, mut tries, mut books) = (clock(), Vec::new(), Books::default());
    for n in 0..DISCONNECTS {
        let ill = if n == 100 { Ill::Zombie } else { ILLS[n as usize % ILLS.len()] };
        let mut connection = gateway.connection().await;
        tries.push(Duration::from_nanos(clock.now().mono));
        let sent = books.work(&mut connection).await;
        match ill {
            Ill::Goodbye => {
                connection.say_goodbye().await;
                books.settle(&mut connection, &sent, None).await;
            }
            Ill::Cut => {}
            Ill::LostAck => {
                books.events += 1;
                books.owed.insert(books.events);
                let frame = books.frame();
                connection.send(event(books.events, frame)).await;
            }
            Ill::Zombie => {
                // It is left while nobody looks; the next connection is proof.
                let _next = gateway.connection().await;
            }
            Ill::Expired => gateway.state().expired = n % 3,
            Ill::Refusing => {
                gateway.state().refuse = vec![(500, "<html>".to_owned()); n as usize % 3];
            }
            Ill::Garbage => while connection.send("nonsense").await {},
        }
    }
    let mut last = gateway.connection().await;
    for _ in 0..3 {
        books.work(&mut last).await;
    }
    // What its consumer did before this is acknowledged before this is.
    let sent = books.work(&mut last).await;
    last.say_goodbye().await;
    books.settle(&mut last, &sent, None).await;
    stop.send(true).expect("it runs");
    task.await.expect("it ends");
    listening.await.expect("no panic");
    check(&books, &heard.lock().unwrap_or_else(PoisonError::into_inner));
    let asked = gateway.state().opens.len() as u64;
    let last_link = link.borrow().clone();
    assert_eq!(last_link.tries, asked, "one request for a ticket by try");
    assert!(last_link.connections > u64::from(DISCONNECTS) && last_link.lost == 0, "{last_link:?}");
    within_allowance(&tries);
}

/// Every question that was taken and every event is there once; of the events of the last
/// connection the acknowledgement may be on the way.
fn check(books: &Books, heard: &Heard) {
    let questions = unique(&heard.questions);
    for n in &books.taken {
        assert!(questions.contains(&format!("q{n}")), "question {n} was taken and is lost");
    }
    assert!(books.taken.len() > DISCONNECTS as usize, "{} taken", books.taken.len());
    let events = unique(&heard.events);
    assert_eq!(events.len(), books.events as usize, "events that were never handed over");
    assert!(books.owed.len() <= 1, "{:?} were never acknowledged", books.owed);
    unique(&heard.presses);
}

/// No span has more connections than the allowance lets through.
fn within_allowance(tries: &[Duration]) {
    // A try is noticed here after it was made: more than half a second later, on a busy machine. The
    // exact bound is a property of `backoff`; here it is a storm that would be seen.
    let slack = Duration::from_mins(10);
    for (n, from) in tries.iter().enumerate() {
        for minutes in [30_u32, 60, 120] {
            let window = REFILL * minutes;
            let within = tries[n..].iter().take_while(|at| **at + slack < *from + window).count();
            let most = (BURST + minutes + 1) as usize;
            assert!(within <= most, "{within} tries within {minutes} min, {most} allowed");
        }
    }
}
