//! The doctor: looks at everything the configuration names and says what is not as it should be,
//! each with what to do about it.
//!
//! It changes nothing: no port is opened, no message is sent, no file is written.

mod application;
mod machine;
mod messages;
mod reach;
mod rules;
mod sources;

pub use machine::how_to_start;
use serde::Serialize;

use crate::clock::Clock;
use crate::config::{Config, Mode};

/// How a finding is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing, and no fault.
    Note,
    /// Has to be mended.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it is meant.
    pub level: Level,
    /// What was found.
    pub words: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    fn ok(words: impl Into<String>) -> Self {
        Self { level: Level::Ok, words: words.into(), hint: None }
    }

    fn note(words: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { level: Level::Note, words: words.into(), hint: Some(hint.into()) }
    }

    fn bad(words: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { level: Level::Bad, words: words.into(), hint: Some(hint.into()) }
    }
}

/// Looks at everything. `offline` leaves out what needs the network.
pub async fn examine(config: &Config, clock: Clock, offline: bool) -> Vec<Finding> {
    let file = config.file.display();
    let mut out = vec![Finding::ok(format!("configuration {file}, secrets for their owner only"))];
    if config.mode == Mode::Setup {
        let words = "mode = \"setup\": receipts are marked as tests and count nowhere";
        out.push(Finding::note(words, "posbridge go-live ends it"));
    }
    out.push(machine::runtime_directory());
    out.extend(machine::open_files(config));
    out.extend(machine::journal(config));
    out.push(machine::clock(config, clock));
    for source in &config.sources {
        out.extend(sources::profile(source));
        out.extend(sources::source(source));
    }
    for robot in &config.robots {
        out.push(reach::told(robot));
        if robot.pool.is_none() {
            out.push(messages::reveals(config, robot));
            out.extend(messages::buttons(config, robot));
        }
        if !offline {
            out.push(reach::reach(robot, clock).await);
        }
    }
    if let Some(app) = config.dingtalk.app.as_ref().filter(|_| !offline) {
        out.push(application::known(app, clock).await);
    }
    out.extend(messages::templates(config));
    out.extend(rules::rules(config));
    out.extend(machine::service());
    out.push(machine::running().await);
    out
}
