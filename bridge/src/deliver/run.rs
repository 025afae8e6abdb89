//! Keeps one worker per queue, wakes them, and watches the month's calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use uuid::Uuid;

use super::news::{Bell, For, News};
use super::pace::Pace;
use super::revival::Revival;
use super::tell::Teller;
use super::worker::Worker;
use crate::clock::{Clock, boot_id};
use crate::config::Config;
use crate::health::{Health, Turning};
use crate::journal::{Journal, JournalError};

/// Longest time between two turns of the loop, each a sign of life.
const TURN: Duration = Duration::from_secs(5);

/// Delivers until `shutdown` turns true (or its sender is gone), then lets requests under way end.
///
/// First puts right what the last run left open. `wake` is to be told after a commit that
/// queued notices. When `settings` change, robots are taken as they are then.
pub async fn run(
    journal: Journal,
    mut settings: watch::Receiver<Arc<Config>>,
    revival: &Revival,
    clock: Clock,
    wake: Arc<News>,
    shutdown: watch::Receiver<bool>,
    health: &Health,
) -> Result<(), JournalError> {
    // Without a name every start counts as a boot of its own.
    let boot = boot_id().unwrap_or_else(Uuid::new_v4).to_string();
    let pace = Pace::resume(&journal, clock, &boot).await?;
    let recovered = journal.recover(clock.wall_ms()).await?;
    if recovered.unknown + recovered.unparked > 0 {
        let (unknown, unparked) = (recovered.unknown, recovered.unparked);
        tracing::info!(unknown, unparked, "notices of the last run are due again");
    }
    let teller = Teller {
        journal: journal.clone(),
        wake: Arc::clone(&wake),
        parked: Arc::default(),
        ahead_s: Arc::default(),
    };
    let composing = Arc::default();
    let mut crew = Crew {
        bells: BTreeMap::new(),
        tasks: JoinSet::new(),
        start: |head: &str, bell, settings| Worker {
            journal: journal.clone(),
            head: head.to_owned(),
            settings,
            revived: revival.subscribe(),
            teller: teller.clone(),
            clock,
            pace: pace.clone(),
            bell,
            shutdown: shutdown.clone(),
            composing: Arc::clone(&composing),
            dice: Uuid::new_v4,
        },
    };
    let mut shut = shutdown.clone();
    let mut tick = tokio::time::interval(TURN);
    loop {
        health.turned(Turning::Delivery);
        let config = Arc::clone(&settings.borrow_and_update());
        if let Some(ahead_s) = teller.ahead_s() {
            health.ahead(ahead_s);
        }
        crew.man(&config, &settings);
        let is_tick = tokio::select! {
            // A worker that panicked takes the stage along, which is then started anew.
            Some(Err(ended)) = crew.tasks.join_next() => {
                if let Ok(panic) = ended.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
                false
            }
            _ = tick.tick() => true,
            news = wake.next() => {
                crew.ring(&news);
                false
            }
            Ok(()) = settings.changed() => false,
            _ = shut.wait_for(|stop| *stop) => break,
        };
        if is_tick && let Err(error) = teller.watch_quota(&config, clock.wall_ms()).await {
            tracing::error!(%error, "the month's calls cannot be counted; will ask again");
        }
    }
    while let Some(ended) = crew.tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a delivery task failed");
        }
    }
    Ok(())
}

/// The workers, by queue.
struct Crew<F> {
    bells: BTreeMap<String, (Bell, AbortHandle)>,
    tasks: JoinSet<()>,
    start: F,
}

impl<F> Crew<F>
where
    F: Fn(&str, Bell, watch::Receiver<Arc<Config>>) -> Worker,
{
    /// Starts a worker for every queue that has none. One whose robot is gone ends by itself.
    fn man(&mut self, config: &Config, settings: &watch::Receiver<Arc<Config>>) {
        for robot in config.robots.iter().filter(|robot| robot.pool.is_none()) {
            let name = &robot.name;
            if self.bells.get(name).is_some_and(|(_, task)| !task.is_finished()) {
                continue;
            }
            let bell = Bell::default();
            let worker = (self.start)(name, bell.clone(), settings.clone());
            let task = self.tasks.spawn(worker.run());
            self.bells.insert(name.clone(), (bell, task));
        }
    }

    fn ring(&self, news: &For) {
        for (head, (bell, _)) in &self.bells {
            if let Some(what) = news.of(head) {
                bell.ring(what);
            }
        }
    }
}
