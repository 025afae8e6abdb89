//! What is done without being asked: matters whose time has come, dates, tasks, the day's card.

use std::time::Duration;

use super::{ask, dates, day};
use crate::app::Hall;
use crate::approve::{Input, Matter, State};
use crate::journal::{JournalError, MatterKind};

/// Time between two looks: nobody waits longer before they are asked.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Shortest real time between two looks, however fast virtual time runs.
const REAL_PAUSE: Duration = Duration::from_millis(50);
/// Most matters of one look: calls are made one after the other, and presses must not wait for many.
const MAX_AT_ONCE: usize = 16;

/// Works until it is dropped, or the journal is closed.
pub(super) async fn run(hall: &Hall) {
    let pause = hall.clock.real_duration(LOOK_EVERY).max(REAL_PAUSE);
    let mut found = false;
    loop {
        let looked = async {
            if !found {
                recover(hall).await?;
            }
            look(hall).await
        };
        match looked.await {
            Ok(()) => found = true,
            Err(JournalError::Closed) => return,
            // A full or failing disk is told by the journal itself.
            Err(error) => tracing::debug!("a look at what is due came to nothing: {error}"),
        }
        tokio::time::sleep(pause).await;
    }
}

/// What was being asked when the bridge ended.
async fn recover(hall: &Hall) -> Result<(), JournalError> {
    for row in hall.journal.open_matters(MatterKind::Approval).await? {
        let asking = Matter::read(&row.body)
            .is_some_and(|matter| matches!(matter.state, State::Asking { .. }));
        if asking {
            ask::take(hall, row.id, Input::Found, None, hall.clock.wall_ms()).await?;
        }
    }
    Ok(())
}

/// One look.
pub(super) async fn look(hall: &Hall) -> Result<(), JournalError> {
    dates::wanted(hall).await?;
    day::wanted(hall).await?;
    for row in hall.journal.due_matters(hall.clock.wall_ms(), MAX_AT_ONCE).await? {
        let looked = match row.kind {
            MatterKind::Approval => ask::look(hall, &row).await,
            MatterKind::Date | MatterKind::Task => dates::look(hall, &row).await,
            MatterKind::Today => day::look(hall, &row).await,
        };
        match looked {
            Err(JournalError::Closed) => return Err(JournalError::Closed),
            // One that cannot be kept holds up no other.
            Err(error) => tracing::warn!(kind = %row.kind, "a matter stays as it was: {error}"),
            Ok(()) => {}
        }
    }
    Ok(())
}
