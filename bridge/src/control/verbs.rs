//! What the daemon does when a verb asks for it. Each function is one verb; what it may not do it
//! answers with what was expected and what was found.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use pos_protocol::event::{Event, Kind};

use super::serve::Desk;
use super::{Done, MAX_IDS};
use crate::approve::Transfer;
use crate::config::ConfigError;
use crate::journal::{Batch, JournalReader, OutboxState};
use crate::operate;
use crate::shop::Clerk;

/// Most parked notices looked at: more than a robot that is out for a week leaves.
const MAX_PARKED: usize = 100_000;

/// Keeps corrections. Nobody is told of them: what was said stays said.
pub(super) async fn correct(corrections: Vec<Event>, desk: &Desk) -> Result<Done, String> {
    let named = |event: &Event| event.kind == Kind::Correction && event.corrects.is_some();
    if let Some(other) = corrections.iter().find(|event| !named(event)) {
        return Err(format!("expected corrections that name an event, found {}", other.kind));
    }
    let journal = desk.journal.clone();
    let shop = Some(Arc::new(Clerk::new(desk.live.config())) as Arc<_>);
    let batch = Batch { events: corrections, shop, ..Batch::default() };
    let committed = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
    let committed = committed.map_err(|error| error.to_string())?;
    let new = committed.map_err(|error| error.to_string())?.new_events;
    Ok(Done::Correct { new })
}

/// Keeps what a person entered, where it can be kept.
pub(super) async fn enter(event: Event, desk: &Desk) -> Result<Done, String> {
    let (journal, config) = (desk.journal.clone(), desk.live.config());
    let now_ms = desk.clock.wall_ms();
    let kept =
        tokio::task::spawn_blocking(move || operate::stock::enter(&journal, config, event, now_ms));
    let kept = kept.await.map_err(|error| error.to_string())?;
    let new = kept.map_err(|error| error.to_string())?;
    // What runs out by it is told now.
    desk.told.changed();
    Ok(Done::Enter { new })
}

/// Keeps that a transfer is to be asked about, where it can be.
pub(super) async fn transfer(transfer: Transfer, desk: &Desk) -> Result<Done, String> {
    let (journal, config) = (desk.journal.clone(), desk.live.config());
    let now_ms = desk.clock.wall_ms();
    let asked = tokio::task::spawn_blocking(move || {
        operate::transfer::ask(&journal, &config, transfer, now_ms)
    });
    let asked = asked.await.map_err(|error| error.to_string())?;
    let (matter, new) = asked.map_err(|error| error.to_string())?;
    Ok(Done::Transfer { matter: matter.reference(), new })
}

/// Reads the configuration again, where it is the one that the peer means.
pub(crate) async fn reload(file: Option<PathBuf>, desk: &Desk) -> Result<Done, String> {
    same_file(file, desk)?;
    let live = desk.live.clone();
    let reloaded = tokio::task::spawn_blocking(move || live.reload()).await;
    let reloaded = reloaded.map_err(|error| error.to_string())?;
    let reloaded = reloaded.map_err(|error: ConfigError| error.to_string())?;
    Ok(Done::Reload { changed: reloaded.changed, restart: reloaded.restart })
}

/// A robot was tried outside the queue. The call counts; where it worked, delivery is told so, and
/// what is parked for it leaves with the settings that it was tried with.
pub(crate) async fn tested(
    robot: String,
    delivered: bool,
    file: Option<PathBuf>,
    desk: &Desk,
) -> Result<Done, String> {
    reload(file, desk).await?;
    let config = desk.live.config();
    let Some(found) = config.robots.iter().find(|known| known.name == robot) else {
        let names: Vec<&str> = config.robots.iter().map(|known| known.name.as_str()).collect();
        return Err(format!("expected a robot ({}), found {robot:?}", names.join(", ")));
    };
    let now_ms = desk.clock.wall_ms();
    let outcome = if delivered { "delivered" } else { "refused" };
    let counted = desk.journal.count_call(&robot, outcome, "send-test", now_ms).await;
    counted.map_err(|error| error.to_string())?;
    let mut due = 0;
    if delivered {
        // A carrier that works again takes what waits for the head of its pool.
        let queue = found.pool.as_ref().unwrap_or(&found.name);
        due = parked(desk).await?.into_iter().filter(|(_, waits)| waits == queue).count();
        desk.revival.works(&robot);
    }
    Ok(Done::Tested { due })
}

/// Makes notices due at once.
pub(crate) async fn retry(ids: Vec<i64>, desk: &Desk) -> Result<Done, String> {
    few_enough(&ids)?;
    let waiting = parked(desk).await?;
    let done = desk.journal.retry(ids, desk.clock.wall_ms()).await;
    let ids = done.map_err(|error| error.to_string())?;
    // Whoever tries a parked message again says that its robot is worth a try.
    let robots: BTreeSet<String> =
        waiting.into_iter().filter(|(id, _)| ids.contains(id)).map(|(_, robot)| robot).collect();
    for robot in &robots {
        desk.revival.works(robot);
    }
    desk.told.changed();
    Ok(Done::Retry { ids })
}

/// Takes notices out of the queue for good.
pub(crate) async fn drop_notices(ids: Vec<i64>, why: &str, desk: &Desk) -> Result<Done, String> {
    few_enough(&ids)?;
    if why.trim().is_empty() {
        return Err("expected a reason, found none".to_owned());
    }
    let done = desk.journal.drop_notices(ids, why.trim()).await;
    let ids = done.map_err(|error| error.to_string())?;
    desk.told.changed();
    Ok(Done::Drop { ids })
}

/// Parked notices, each with the robot whose queue it is in.
async fn parked(desk: &Desk) -> Result<Vec<(i64, String)>, String> {
    let path = desk.journal.path().to_owned();
    let read = tokio::task::spawn_blocking(move || {
        JournalReader::open(&path)?.outbox(OutboxState::Parked, MAX_PARKED)
    });
    let rows = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(rows.into_iter().map(|row| (row.id, row.robot)).collect())
}

/// The writer does one thing at a time, and printing must not wait for a huge one.
fn few_enough(ids: &[i64]) -> Result<(), String> {
    if ids.len() > MAX_IDS {
        return Err(format!("expected at most {MAX_IDS} notices at once, found {}", ids.len()));
    }
    Ok(())
}

fn same_file(file: Option<PathBuf>, desk: &Desk) -> Result<(), String> {
    let own = desk.live.config().file.clone();
    match file {
        Some(file) if canonical(&file) != canonical(&own) => {
            Err(format!("expected the configuration {}, found {}", own.display(), file.display()))
        }
        _ => Ok(()),
    }
}

/// A path without links, as far as it can be found.
fn canonical(path: &std::path::Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
