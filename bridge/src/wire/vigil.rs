//! Tells the service manager how the wire process is, and gives the sign of life while the
//! runtime turns and the ring answers.

use std::sync::Arc;
use std::time::Duration;

use super::recorder::Hub;
use super::status::{SourceState, WireStatus};
use crate::notify::Notifier;

/// Time between two looks where no service manager asks for a quicker pace.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A watchdog is answered this many times within its period.
const LOOKS_PER_PERIOD: u32 = 4;

/// Watches for as long as it is polled. Everything is up by the time it is.
pub(super) async fn keep(hub: Arc<Hub>, notifier: Notifier) {
    if !notifier.is_there() {
        return;
    }
    let pace = notifier.watchdog().map_or(LOOK_EVERY, |limit| limit / LOOKS_PER_PERIOD);
    let mut looks = tokio::time::interval(pace.min(LOOK_EVERY));
    let mut said = String::new();
    notifier.ready();
    loop {
        looks.tick().await;
        match hub.status() {
            Ok(status) => {
                notifier.alive();
                let line = summary(&status);
                if line != said {
                    notifier.status(&line);
                    said = line;
                }
            }
            Err(error) => {
                tracing::error!(%error, "the ring does not answer; no sign of life is given");
            }
        }
    }
}

fn summary(status: &WireStatus) -> String {
    let open = status.sources.iter().filter(|source| source.state == SourceState::Open).count();
    let all = status.sources.len();
    let waits: Vec<&str> = status
        .sources
        .iter()
        .filter(|source| source.state != SourceState::Open)
        .map(|source| source.name.as_str())
        .collect();
    let waits =
        if waits.is_empty() { String::new() } else { format!("; not heard: {}", waits.join(", ")) };
    format!("{open} of {all} sources are heard{waits}")
}
