//! The stage of the brain that keeps the Stream up while an application is configured.
//!
//! Another application in the configuration is another Stream; the same one goes on undisturbed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::dispatch::take_all;
use super::recall::Recall;
use super::voice::Voice;
use super::{Desk, Hall, OpenDesk};
use crate::clock::Clock;
use crate::config::{App, Config};
use crate::deliver::News;
use crate::dingtalk::RobotError;
use crate::dingtalk::openapi::OpenApi;
use crate::dingtalk::stream::{self, Inbox, Link, Memory, Stream};
use crate::health::Health;
use crate::journal::Journal;
use crate::live::Live;

/// The part of [`Health`] that this stage speaks for.
const PART: &str = "stream";
/// A connection that is lost for less than this is nobody's trouble: gateways rotate theirs.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the stage is given.
pub(crate) struct Stages {
    pub(crate) journal: Journal,
    pub(crate) live: Live,
    pub(crate) clock: Clock,
    pub(crate) told: Arc<News>,
    pub(crate) health: Arc<Health>,
    pub(crate) stopped: watch::Receiver<bool>,
    /// Whose desk presses and events go to.
    pub(crate) open_desk: OpenDesk,
}

/// Runs until `stopped` turns true.
pub(crate) async fn run(stage: Stages) {
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

impl Stages {
    /// Talks for `app` until the stop.
    async fn talk(&self, app: Option<&App>) {
        let Some(app) = app else { return told(self.stopped.clone()).await };
        match self.set_up(app) {
            Ok((stream, inbox, link, hall)) => {
                let desk = (self.open_desk)(&hall);
                // At the stop the Stream says goodbye and ends, and with it the others.
                let talk = async {
                    tokio::join!(
                        stream.run(self.stopped.clone()),
                        take_all(inbox, &hall, &desk),
                        watch_over(link, self.clock, &self.health),
                    )
                };
                tokio::select! {
                    _ended = talk => {}
                    () = at_work(&*desk) => {}
                }
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
    ) -> Result<(Stream, Inbox, watch::Receiver<Link>, Hall), RobotError> {
        let recall = Arc::new(Recall::new(self.journal.clone(), self.clock));
        let memory: Arc<dyn Memory> = recall.clone();
        let (stream, inbox, link) = stream::open(app, self.clock, memory)?;
        let api = OpenApi::new(app, self.clock, recall)?;
        let hall = Hall {
            journal: self.journal.clone(),
            live: self.live.clone(),
            clock: self.clock,
            told: Arc::clone(&self.told),
            voice: Voice::new(app, self.clock)?,
            api,
        };
        Ok((stream, inbox, link, hall))
    }
}

/// The desk's own work; one that has none left is no reason to stop.
async fn at_work(desk: &dyn Desk) {
    desk.work().await;
    std::future::pending::<()>().await;
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
