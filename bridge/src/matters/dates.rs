//! Dates and tasks: wanted once, made once.
//!
//! What is asked is in the journal before the call. Where no answer comes the same key goes again, a
//! date only while DingTalk still knows the key.

use std::time::Duration;

use jiff::Timestamp;

use super::ask::pause_ms;
use crate::agenda::{self, Entry};
use crate::app::Hall;
use crate::config::{Agenda, Config};
use crate::dingtalk::openapi::{ApiError, Retry};
use crate::journal::{Change, JournalError, MatterKind, MatterRow, Which};

/// How long something is worth making after it came up.
const MAX_WAIT_MS: i64 = 3 * 24 * 3_600_000;

/// How an entry stands after a call.
enum After {
    /// DingTalk has it.
    Made,
    /// It is asked again then.
    Again(i64),
    /// Nothing more is done about it.
    Over,
}

/// Keeps what the calendar of the configuration wants.
pub(super) async fn wanted(hall: &Hall) -> Result<(), JournalError> {
    let (config, now_ms) = (hall.live.config(), hall.clock.wall_ms());
    let Ok(now) = Timestamp::from_millisecond(now_ms) else { return Ok(()) };
    let today = now.to_zoned(config.shop.timezone.clone()).date();
    let mut new = Vec::new();
    for matter in agenda::promotions(&config, today, now_ms) {
        if hall.journal.matter(Which::Key(matter.key.clone())).await?.is_none() {
            new.push(matter);
        }
    }
    if !new.is_empty() {
        hall.journal.add_matters(new).await?;
    }
    Ok(())
}

/// Does what is due about a date or a task.
pub(super) async fn look(hall: &Hall, row: &MatterRow) -> Result<(), JournalError> {
    let config = hall.live.config();
    let now_ms = hall.clock.wall_ms();
    let (Some(mut entry), Some(agenda)) = (Entry::read(&row.body), &config.agenda) else {
        return keep(hall, row, row.body.clone(), After::Over).await;
    };
    if entry.may_double(row.kind, now_ms) {
        tracing::warn!(
            key = entry.token(),
            "a date may be in the calendar or not: look there; asking again could make a second one"
        );
        return keep(hall, row, entry.body(), After::Over).await;
    }
    if now_ms - row.created_ms > MAX_WAIT_MS {
        tracing::warn!(kind = %row.kind, key = entry.token(), "DingTalk did not take it for days");
        return keep(hall, row, entry.body(), After::Over).await;
    }
    // Before the call: who finds it after a crash knows since when it may have been made.
    entry.doubt_ms = entry.doubt_ms.or(Some(now_ms));
    keep(hall, row, entry.body(), After::Again(now_ms)).await?;
    let made = make(hall, row.kind, &entry, agenda, &config).await;
    let after = match made {
        Ok(()) => After::Made,
        Err(error) => refused(&mut entry, row, &error, now_ms),
    };
    keep(hall, row, entry.body(), after).await
}

/// The call.
async fn make(
    hall: &Hall,
    kind: MatterKind,
    entry: &Entry,
    agenda: &Agenda,
    config: &Config,
) -> Result<(), ApiError> {
    if kind == MatterKind::Date {
        let unknown = ApiError::Empty { field: "start" };
        let date = agenda::date(entry, agenda, config).ok_or(unknown)?;
        hall.api.create_calendar_event(&agenda.owner, &date).await?;
    } else {
        // Made now or before: it is there once.
        hall.api.create_todo(&agenda.owner, &agenda::task(entry, agenda, config)).await?;
    }
    Ok(())
}

fn refused(entry: &mut Entry, row: &MatterRow, error: &ApiError, now_ms: i64) -> After {
    /// Somebody has to mend something first.
    const PERSON: Duration = Duration::from_hours(1);
    tracing::warn!(kind = %row.kind, key = entry.token(), "not made: {error} (hint: {})", error.hint());
    let wait = match error.retry() {
        Retry::WithKey(wait) => wait,
        Retry::After(wait) => {
            entry.doubt_ms = None;
            wait
        }
        Retry::Person => {
            entry.doubt_ms = None;
            PERSON
        }
        Retry::Never => return After::Over,
    };
    let pause = pause_ms(entry.tries, wait);
    entry.tries = entry.tries.saturating_add(1);
    After::Again(now_ms + pause)
}

async fn keep(
    hall: &Hall,
    row: &MatterRow,
    body: String,
    after: After,
) -> Result<(), JournalError> {
    let due_ms = if let After::Again(at_ms) = after { Some(at_ms) } else { None };
    let change = Change { open: due_ms.is_some(), body, due_ms, ..Change::default() };
    hall.journal.change_matter(Which::Id(row.id), |_, _| Ok(((), Some(change)))).await.map(|_| ())
}
