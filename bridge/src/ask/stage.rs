//! The stage of the brain that keeps the Stream up while an application is configured.
//!
//! Another application in the configuration is another Stream; the same one goes on undisturbed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::recall::Recall;
use super::say::Voice;
use super::take::take;
use crate::clock::Clock;
use crate::config::{App, Config};
use crate::dingtalk::RobotError;
use crate::dingtalk::stream::{self, Inbox, Link, Memory, Stream};
use crate::health::Health;
use crate::journal::Journal;
use crate::live::Live;

/// The part of [`Health`] that this stage speaks for.
const PART: &str = "stream";
/// A connection that is lost for less than this is nobody's trouble: gateways rotate theirs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Most callbacks that are taken care of at a time.
const MAX_UNDER_WAY: usize = 8;

/// Runs until `stopped` turns true.
pub(crate) async fn run(
    journal: Journal,
    live: Live,
    clock: Clock,
    health: Arc<Health>,
    stopped: watch::Receiver<bool>,
) {
    let stage = Stage { journal, live, clock, health, stopped };
    let mut settings = stage.live.subscribe();
    while !*stage.stopped.borrow() {
        let app = settings.borrow_and_update().dingtalk.app.clone();
        tokio::select! {
            () = stage.talk(app.as_ref()) => {}
            () = another(&mut settings, app.as_ref()) => {}
        }
        stage.health.well(PART);
        stage.health.stream(None);
    }
}

struct Stage {
    journal: Journal,
    live: Live,
    clock: Clock,
    health: Arc<Health>,
    stopped: watch::Receiver<bool>,
}

impl Stage {
    /// Talks for `app` until the stop.
    async fn talk(&self, app: Option<&App>) {
        let Some(app) = app else { return told(self.stopped.clone()).await };
        match self.set_up(app) {
            Ok((stream, inbox, link, voice)) => {
                // At the stop the Stream says goodbye and ends, and with it the others.
                tokio::join!(
                    stream.run(self.stopped.clone()),
                    self.take_all(inbox, &voice),
                    watch_over(link, self.clock, &self.health),
                );
            }
            // Most likely a file of certificates: another configuration mends it.
            Err(error) => {
                self.health.trouble_in(PART, error.to_string());
                told(self.stopped.clone()).await;
            }
        }
    }

    fn set_up(
        &self,
        app: &App,
    ) -> Result<(Stream, Inbox, watch::Receiver<Link>, Voice), RobotError> {
        let recall = Arc::new(Recall::new(self.journal.clone()));
        let memory: Arc<dyn Memory> = recall.clone();
        let (stream, inbox, link) = stream::open(app, self.clock, memory)?;
        Ok((stream, inbox, link, Voice::new(app, self.clock, recall)?))
    }

    /// Several at a time: a press has two seconds, and must not wait for an answer on its way.
    async fn take_all(&self, mut inbox: Inbox, voice: &Voice) {
        let mut under_way = JoinSet::new();
        while let Some(callback) = inbox.next().await {
            while let Some(done) = under_way.try_join_next() {
                tell_of_panic(done);
            }
            if under_way.len() >= MAX_UNDER_WAY
                && let Some(done) = under_way.join_next().await
            {
                tell_of_panic(done);
            }
            let (config, voice) = (self.live.config(), voice.clone());
            under_way.spawn(async move { take(callback, &config, &voice).await });
        }
        while let Some(done) = under_way.join_next().await {
            tell_of_panic(done);
        }
    }
}

/// One callback that fails is that one's loss; where it failed is in the log already.
fn tell_of_panic(done: Result<(), JoinError>) {
    if done.is_err_and(|error| error.is_panic()) {
        tracing::error!("what somebody asked or pressed ended in a fault of the program");
    }
}

/// Tells `health` how the connection is, and of its trouble once that has lasted.
async fn watch_over(mut link: watch::Receiver<Link>, clock: Clock, health: &Health) {
    let mono = || Duration::from_nanos(clock.now().mono);
    let mut since = None;
    loop {
        let now = link.borrow_and_update().clone();
        health.stream(Some(now.clone()));
        let left = match now.trouble {
            None => {
                since = None;
                health.well(PART);
                None
            }
            Some(trouble) => {
                let until = *since.get_or_insert_with(mono) + PATIENCE;
                let left = until.saturating_sub(mono());
                if left.is_zero() {
                    health.trouble_in(PART, trouble);
                }
                Some(left).filter(|left| !left.is_zero())
            }
        };
        tokio::select! {
            changed = link.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = clock.sleep(left.unwrap_or_default()), if left.is_some() => {}
        }
    }
}

/// Done when the configuration names another application than `app`.
async fn another(settings: &mut watch::Receiver<Arc<Config>>, app: Option<&App>) {
    while settings.borrow_and_update().dingtalk.app.as_ref() == app {
        if settings.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// Done at the stop.
async fn told(mut stopped: watch::Receiver<bool>) {
    let _nobody_left = stopped.wait_for(|stop| *stop).await;
}
