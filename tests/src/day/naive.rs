//! The naive sender: what most scripts that talk to a robot do. One POST per slip, signed anew each
//! time, three tries with a pause between them, one after the other.
//!
//! It is no straw man: it looks at `errcode` and not only at HTTP, has a time-out, and tells what its
//! till printed without a bridge that could misread it. It has no `msgUuid`, no budget, no memory
//! that survives its death.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use pos_protocol::event::{Event, Kind};
use posbridge::clock::Clock;
use posbridge::dingtalk::sign;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::group::{Group, KEYWORD, MAIN, MAIN_ANEW, SECRET};

/// How often a message is tried.
const TRIES: u32 = 3;
/// Pause between two tries, in virtual time.
const PAUSE: Duration = Duration::from_secs(2);
/// Longest wait for an answer, in real time.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The naive sender and its queue, which is all it remembers.
#[derive(Debug)]
pub(super) struct Naive {
    webhook: Arc<Mutex<String>>,
    clock: Clock,
    queue: mpsc::UnboundedSender<Event>,
    task: JoinHandle<()>,
    runtime: tokio::runtime::Handle,
}

impl Naive {
    /// Starts it, with the main robot's address.
    pub(super) fn start(runtime: &Runtime, group: &Group, clock: Clock) -> Self {
        // Another test of this process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let webhook = Arc::new(Mutex::new(group.webhook(MAIN)));
        let runtime = runtime.handle().clone();
        let (queue, task) = begin(&runtime, Arc::clone(&webhook), clock);
        Self { webhook, clock, queue, task, runtime }
    }

    /// A slip was printed.
    pub(super) fn tell(&self, event: Event) {
        // Between its death and its next life nobody listens, as in any shop.
        let _ = self.queue.send(event);
    }

    /// Kills it and starts it again: what it had not sent is gone.
    pub(super) fn kill(&mut self) {
        self.task.abort();
        (self.queue, self.task) = begin(&self.runtime, Arc::clone(&self.webhook), self.clock);
    }

    /// Gives it the main robot's new address.
    pub(super) fn set_anew(&self, group: &Group) {
        *self.webhook.lock().expect("nobody panics with it") = group.webhook(MAIN_ANEW);
    }
}

impl Drop for Naive {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn begin(
    runtime: &tokio::runtime::Handle,
    webhook: Arc<Mutex<String>>,
    clock: Clock,
) -> (mpsc::UnboundedSender<Event>, JoinHandle<()>) {
    let (queue, mut events) = mpsc::unbounded_channel::<Event>();
    let client = Client::builder().timeout(TIMEOUT).build().expect("a client");
    let task = runtime.spawn(async move {
        while let Some(event) = events.recv().await {
            let body = body(&event);
            for attempt in 1..=TRIES {
                let url = webhook.lock().expect("nobody panics with it").clone();
                if is_taken(&client, &url, clock, &body).await {
                    break;
                }
                if attempt < TRIES {
                    clock.sleep(PAUSE).await;
                }
            }
        }
    });
    (queue, task)
}

async fn is_taken(client: &Client, url: &str, clock: Clock, body: &Value) -> bool {
    let at = clock.wall_ms();
    let url = format!("{url}&timestamp={at}&sign={}", sign(at, SECRET).urlencoded);
    let answer = match client.post(url).json(body).send().await {
        Ok(answer) => answer.json::<Value>().await,
        Err(error) => Err(error),
    };
    answer.is_ok_and(|answer| answer["errcode"] == 0)
}

fn body(event: &Event) -> Value {
    let receipt = event.receipt.as_ref();
    let number = receipt.and_then(|receipt| receipt.number.as_deref()).unwrap_or("-");
    let total = receipt.and_then(|receipt| receipt.total);
    let amount = total.map(|total| format!(" HK${total}")).unwrap_or_default();
    let what = match event.kind {
        Kind::Refund => "REFUND",
        Kind::NoSale => "DRAWER WITHOUT SALE",
        _ => "Sale",
    };
    let content = format!("{KEYWORD} {what} #{number}{amount}\n{}", event.source);
    json!({"msgtype": "text", "text": {"content": content}})
}
