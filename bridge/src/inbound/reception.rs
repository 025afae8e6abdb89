//! Takes a call: proof, reading, and the one transaction that keeps it and what it says. Success is
//! answered once that is on disk, and not later than the provider waits.
//!
//! It knows no socket, and decides nothing about which sale is which: `shop` does.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::HeaderMap;
use pos_protocol::event::{Event, EventId, Kind, Receipt};

use super::admit::{Denied, Door, admit};
use super::draft::{Draft, Ground, Meaning, Place};
use super::read::{Read, Unread, read};
use super::refusals::{self, Refusals};
use super::verify::Call;
use crate::alarm::HookFault;
use crate::clock::Clock;
use crate::config::{Config, Hooks};
use crate::deliver::News;
use crate::health::Health;
use crate::journal::{Batch, Became, Delivery, Journal, JournalError, Received, Understand};
use crate::live::Live;
use crate::shop::stock::{Accept, accept};
use crate::shop::{self, Clerk};

/// How long a commit may take: an answer goes out within a second of the body's last byte. What is
/// committed later all the same is known when the provider tries again.
const COMMIT_LIMIT: Duration = Duration::from_millis(900);

/// What it is called where the brain tells how it is.
const PART: &str = "hooks";

/// Takes calls. Clones share everything.
#[derive(Clone, Debug)]
pub struct Reception {
    journal: Journal,
    live: Live,
    clock: Clock,
    told: Arc<News>,
    health: Arc<Health>,
    refusals: Arc<Refusals>,
    /// The last call could not be kept.
    behind: Arc<AtomicBool>,
}

/// What became of a call.
#[derive(Debug)]
pub(super) enum Taken {
    /// It is on disk.
    Kept {
        /// The event that it led to, where it is one.
        id: Option<EventId>,
        /// It was there before.
        known: bool,
        /// Fields that changed nothing.
        ignored: Vec<String>,
    },
    /// It is not let in.
    Denied(Denied),
    /// It cannot be read.
    Unread(Unread),
    /// It tells of an article that the catalogue does not have.
    NoArticle(String),
    /// It cannot be kept now.
    Later(String),
}

impl Reception {
    /// A reception for the calls of one bridge.
    pub fn new(
        journal: Journal,
        live: Live,
        clock: Clock,
        told: Arc<News>,
        health: Arc<Health>,
    ) -> Self {
        Self {
            journal,
            live,
            clock,
            told,
            health,
            refusals: Arc::default(),
            behind: Arc::default(),
        }
    }

    /// Where calls are to be taken; nothing where none are.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.live.config().hooks.as_ref().map(|hooks| hooks.listen)
    }

    /// The address is somebody else's for now.
    pub(super) fn cannot_listen(&self, error: &io::Error) {
        self.health.trouble_in(PART, error.to_string());
    }

    /// Calls are taken from now on.
    pub(super) fn listens(&self) {
        self.health.well(PART);
    }

    /// Takes one call.
    pub(super) async fn take(&self, door: Door<'_>, headers: &HeaderMap, body: &[u8]) -> Taken {
        let config = self.live.config();
        let Some(hooks) = &config.hooks else { return Taken::Denied(Denied::NotHere) };
        let now_ms = self.clock.wall_ms();
        let call = Call { headers, body, now_s: now_ms.div_euclid(1_000) };
        if let Err(denied) = admit(door, &hooks.pushed, &call) {
            match denied {
                Denied::NotHere | Denied::NoClock => {}
                _ => self.refuse(door, HookFault::Unproved, &denied, &config).await,
            }
            return Taken::Denied(denied);
        }
        let shop = &config.shop;
        let ground = Ground { zone: shop.timezone.clone(), currency: shop.currency };
        match read(door.scheme, headers, body, &hooks.pushed, &ground) {
            Ok(read) => self.keep(door, body, read, &config, hooks).await,
            Err(unread) => {
                self.refuse(door, HookFault::Malformed, &unread, &config).await;
                Taken::Unread(unread)
            }
        }
    }

    /// A body that was not read at all.
    pub(super) async fn too_large(&self, door: Door<'_>, limit: usize) {
        let why = format!("expected at most {limit} bytes, found more");
        self.refuse(door, HookFault::TooLarge, &why, &self.live.config()).await;
    }

    async fn refuse(
        &self,
        door: Door<'_>,
        fault: HookFault,
        why: &(dyn std::fmt::Display + Sync),
        config: &Config,
    ) {
        if self.refusals.say(door.scheme, fault, why) {
            let alarm = refusals::alarm_of(door.scheme, fault, config, self.clock.wall_ms());
            refusals::raise(&self.journal, &self.told, alarm).await;
        }
    }

    /// Keeps a call that was read.
    async fn keep(
        &self,
        door: Door<'_>,
        body: &[u8],
        read: Read,
        config: &Arc<Config>,
        hooks: &Hooks,
    ) -> Taken {
        let Read { reading, report, ignored } = read;
        let now = self.clock.now();
        let uuid = self.journal.uuid();
        let (scheme, bytes) = (door.scheme, body.len());
        let place = Place {
            journal: &uuid,
            scheme,
            delivery: &reading.delivery,
            bytes,
            now,
            shop: &hooks.shop,
        };
        let (became, drafts) = drafts(reading.meaning, &reading.delivery);
        let unless = drafts
            .iter()
            .filter_map(|draft| Some((place.id(&draft.object), place.id(draft.unless.as_ref()?))))
            .collect();
        let mut events: Vec<Event> = drafts.into_iter().map(|draft| place.event(draft)).collect();
        if let (Some(report), [event]) = (report, events.as_mut_slice()) {
            event.report = Some(report);
        }
        let events = match self.with_known_articles(events, config).await {
            Ok(events) => events,
            Err(Refused::Article(said)) if scheme.is_of_schema() => return Taken::NoArticle(said),
            Err(Refused::Article(_)) => {
                tracing::info!(%scheme, "a count in stock names an article that the catalogue has not");
                Vec::new()
            }
            Err(Refused::Journal(error)) => return Taken::Later(error.to_string()),
        };
        let now_ms = now.wall.as_millisecond();
        let alarm = (became == Became::Test).then(|| refusals::tested(scheme, config, now_ms));
        let delivery = Delivery {
            scheme: scheme.as_str(),
            id: reading.delivery.clone(),
            topic: reading.topic.clone(),
            became,
            received_ms: now_ms,
            body: body.to_vec(),
            unless,
            alarm: alarm.flatten(),
        };
        let id = match events.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        let known = match self.commit(delivery, events, config, now_ms).await {
            Ok(received) => received == Received::Known,
            Err(why) => return Taken::Later(why),
        };
        tracing::debug!(%scheme, topic = reading.topic, %became, known, "a pushed call is kept");
        Taken::Kept { id, known, ignored }
    }

    async fn commit(
        &self,
        delivery: Delivery,
        events: Vec<Event>,
        config: &Arc<Config>,
        now_ms: i64,
    ) -> Result<Received, String> {
        let (mut notices, mut rings) = (Vec::new(), Vec::new());
        for event in &events {
            let told = shop::notices(event, &config.robots, now_ms);
            let sold = event.kind == Kind::Sale;
            rings.extend(told.iter().map(|notice| (notice.robot.clone(), sold)));
            notices.extend(told);
        }
        let clerk: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::clone(config)));
        let alarmed = delivery.alarm.is_some();
        let batch = Batch { events, notices, shop: Some(clerk), ..Batch::default() };
        let kept = tokio::time::timeout(COMMIT_LIMIT, self.journal.receive(delivery, batch)).await;
        let received = match kept {
            Ok(Ok(received)) => received,
            Ok(Err(error)) => return Err(self.trouble(error.to_string())),
            Err(_) => {
                let limit = COMMIT_LIMIT.as_millis();
                return Err(self.trouble(format!("a commit took longer than {limit} ms")));
            }
        };
        if self.behind.swap(false, Ordering::Relaxed) {
            tracing::info!("pushed calls are kept again");
            self.health.well(PART);
            // What was committed later than its answer is in the queue, and nobody was told.
            self.told.changed();
        }
        if let Received::New(committed) = received {
            if committed.findings > 0 || alarmed {
                self.told.changed();
            }
            for (robot, sold) in &rings {
                if *sold { self.told.sold(robot) } else { self.told.queued(robot) }
            }
        }
        Ok(received)
    }

    fn trouble(&self, why: String) -> String {
        // Once: a provider with many workers asks again and again.
        if !self.behind.swap(true, Ordering::Relaxed) {
            tracing::warn!("pushed calls cannot be kept now: {why}");
            self.health.trouble_in(PART, format!("pushed calls cannot be kept: {why}"));
        }
        why
    }

    /// Events about stock with their articles named as the catalogue names them.
    async fn with_known_articles(
        &self,
        events: Vec<Event>,
        config: &Config,
    ) -> Result<Vec<Event>, Refused> {
        if events.iter().all(|event| event.inventory.is_none()) {
            return Ok(events);
        }
        let (shops, now_ms) = (config.shops(), self.clock.wall_ms());
        let accepted = self.journal.read(move |rows| {
            let by = Accept { rows, shops: &shops, now_ms };
            let each = events.into_iter().map(|event| match event.inventory {
                Some(_) => accept(event, &by),
                None => Ok(event),
            });
            Ok(each.collect::<Result<Vec<_>, _>>())
        });
        accepted
            .await
            .map_err(Refused::Journal)?
            .map_err(|error| Refused::Article(error.to_string()))
    }
}

enum Refused {
    Article(String),
    Journal(JournalError),
}

/// What becomes of a call, and the events of it. A transaction that could not be read is told, like a
/// paper that could not.
fn drafts(meaning: Meaning, delivery: &str) -> (Became, Vec<Draft>) {
    match meaning {
        Meaning::Says(drafts) => (Became::Events, drafts),
        Meaning::Test => (Became::Test, Vec::new()),
        Meaning::Unknown => (Became::Unknown, Vec::new()),
        Meaning::Unreadable { field } => {
            tracing::warn!(field, "a pushed transaction cannot be read");
            let object = format!("unread/{delivery}");
            let unread = Draft::receipt(object, Kind::Unread, Receipt::default());
            (Became::Unreadable, vec![Draft { receipt: None, ..unread }])
        }
    }
}
