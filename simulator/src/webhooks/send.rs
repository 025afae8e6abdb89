//! Sends calls and tries again: by the provider's deadline and schedule, which can be hurried.
//!
//! So many calls are under way at once and so many wait for another try; beyond that no new one
//! begins.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use reqwest::{Client, StatusCode, Url, header};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::host::{self, HostError};
use super::notice::Notice;
use super::policy::Policy;
use super::report::{Report, Times};
use super::scheme::Scheme;
use super::sign::Key;
use crate::clock::Clock;

/// Most calls that wait for another try.
const MAX_WAITING: usize = 10_000;
/// How long a connection may take, by the strictest provider.
const CONNECT: Duration = Duration::from_secs(1);
/// Longest `Retry-After` that is honoured.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);

/// How calls are sent.
#[derive(Clone, Debug)]
pub struct Order {
    /// Where to.
    pub url: String,
    /// The address as it was subscribed, where that is another one; Square signs it.
    pub subscribed: Option<String>,
    /// Whether a host that is not this machine belongs to who asks.
    pub owned: bool,
    /// Who sends.
    pub scheme: Scheme,
    /// What it signs with.
    pub key: Key,
    /// Pause between two new calls.
    pub pause: Duration,
    /// Calls under way at once.
    pub connections: usize,
    /// How many times faster the schedule of further tries runs.
    pub hurry: u32,
    /// What time it is, for signatures.
    pub clock: Clock,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address is not called.
    #[error(transparent)]
    Host(#[from] HostError),
    /// There is no client.
    #[error("expected an HTTP client, found none")]
    Client(#[source] reqwest::Error),
}

/// A call that waits for its next try.
#[derive(Debug)]
struct Waiting {
    due: Instant,
    nth: u64,
    tries: usize,
    notice: Arc<Notice>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.nth == other.nth
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due, self.nth).cmp(&(other.due, other.nth))
    }
}

/// What one try came to.
#[derive(Debug)]
struct Tried {
    waiting: Waiting,
    answer: Answer,
    took: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Status(StatusCode, Option<Duration>),
    Timeout,
    None,
}

/// Sends `calls` until each is answered 2xx or given up.
pub async fn send(order: &Order, calls: impl Iterator<Item = Notice>) -> Result<Report, SendError> {
    let url = host::admitted(&order.url, order.owned)?;
    // Somebody else of this process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = Policy::of(order.scheme);
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(policy.deadline)
        .build()
        .map_err(SendError::Client)?;
    let mut post =
        Post { order, url, client, policy, report: Report::default(), times: Times::new() };
    post.all(calls).await;
    let answered_ms = post.times.milliseconds();
    Ok(Report { answered_ms, ..post.report })
}

struct Post<'a> {
    order: &'a Order,
    url: Url,
    client: Client,
    policy: Policy,
    report: Report,
    times: Times,
}

impl Post<'_> {
    async fn all(&mut self, calls: impl Iterator<Item = Notice>) {
        let mut calls = calls.peekable();
        let mut waiting: BinaryHeap<Reverse<Waiting>> = BinaryHeap::new();
        let mut under_way: JoinSet<Tried> = JoinSet::new();
        let mut next_new = Instant::now();
        loop {
            let now = Instant::now();
            if under_way.len() < self.order.connections.max(1) {
                if waiting.peek().is_some_and(|Reverse(first)| first.due <= now)
                    && let Some(Reverse(first)) = waiting.pop()
                {
                    under_way.spawn(self.attempt(first));
                    continue;
                }
                if next_new <= now
                    && waiting.len() < MAX_WAITING
                    && !self.report.disabled
                    && let Some(notice) = calls.next()
                {
                    self.report.notices += 1;
                    let (nth, notice) = (self.report.notices, Arc::new(notice));
                    under_way.spawn(self.attempt(Waiting { due: now, nth, tries: 0, notice }));
                    next_new = (next_new + self.order.pause).max(now);
                    continue;
                }
            }
            let more = !self.report.disabled && calls.peek().is_some();
            if under_way.is_empty() && waiting.is_empty() && !more {
                return;
            }
            let due = waiting.peek().map(|Reverse(first)| first.due);
            let new = more.then_some(next_new);
            let wake = due.into_iter().chain(new).min().unwrap_or(now + self.policy.deadline);
            tokio::select! {
                Some(tried) = under_way.join_next() => {
                    // A try that panicked has no answer to count.
                    if let Ok(tried) = tried {
                        waiting.extend(self.settle(tried).map(Reverse));
                    }
                }
                () = sleep_until(wake), if under_way.len() < self.order.connections.max(1) => {}
            }
        }
    }

    /// One try, signed anew.
    fn attempt(&mut self, waiting: Waiting) -> impl Future<Output = Tried> + use<> {
        self.report.calls += 1;
        self.report.retries += u64::from(waiting.tries > 0);
        let subscribed = self.order.subscribed.as_deref().unwrap_or(&self.order.url);
        let now_ms = self.order.clock.wall_ms();
        let headers = self.order.key.headers(&waiting.notice, subscribed, now_ms);
        let mut request = self.client.post(self.url.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(waiting.notice.body.clone());
        async move {
            let began = Instant::now();
            let answer = match request.send().await {
                Ok(response) => {
                    let after = response.headers().get(header::RETRY_AFTER);
                    let seconds = after.and_then(|value| value.to_str().ok()?.parse().ok());
                    Answer::Status(response.status(), seconds.map(Duration::from_secs))
                }
                Err(error) if error.is_timeout() => Answer::Timeout,
                Err(_) => Answer::None,
            };
            Tried { waiting, answer, took: began.elapsed() }
        }
    }

    /// Counts a try; the call again where it is not settled.
    fn settle(&mut self, tried: Tried) -> Option<Waiting> {
        let Tried { waiting, answer, took } = tried;
        let (word, after) = match answer {
            Answer::Status(status, after) => (status.as_str().to_owned(), after),
            Answer::Timeout => ("timeout".to_owned(), None),
            Answer::None => ("no_answer".to_owned(), None),
        };
        *self.report.answers.entry(word).or_default() += 1;
        if let Answer::Status(status, _) = answer {
            if status.is_success() {
                self.report.accepted += 1;
                self.times.note(took);
                return None;
            }
            self.report.disabled |=
                status == StatusCode::GONE && self.order.scheme == Scheme::Standard;
        }
        let pause = self.policy.pauses.get(waiting.tries).filter(|_| !self.report.disabled);
        let Some(pause) = pause else {
            self.report.given_up += 1;
            return None;
        };
        let pause = after.map_or(*pause, |after| after.min(MAX_RETRY_AFTER).max(*pause));
        let due = Instant::now() + pause / self.order.hurry.max(1);
        Some(Waiting { due, tries: waiting.tries + 1, ..waiting })
    }
}
