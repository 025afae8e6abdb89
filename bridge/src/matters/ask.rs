//! Asks about one matter: kept as being asked, asked, kept as asked.

use std::sync::Arc;
use std::time::Duration;

use pos_protocol::event::{Reason, Way};

use super::advance::{Circumstances, Step, advance, lapse_ms};
use super::pressed::shown;
use crate::app::Hall;
use crate::approve::{Input, Matter, State, filled};
use crate::cards::{matter_card, matter_state};
use crate::config::{Approve, AskBy, Config};
use crate::dingtalk::openapi::{ApiError, Approval, CardSpace, NewCard, Retry, YidaProcess};
use crate::journal::{JournalError, MatterRow, Which};

/// How long nobody may be reached before the group is told that nobody was asked.
const MAX_WAIT_MS: i64 = 24 * 3_600_000;
/// Shortest and longest pause before a call that came to nothing is made again.
const FIRST_PAUSE_MS: i64 = 5_000;
const LONGEST_PAUSE_MS: i64 = 15 * 60_000;
/// How often what DingTalk answered is offered to a journal that cannot keep it.
const KEEP_TRIES: u32 = 10;
const KEEP_PAUSE: Duration = Duration::from_secs(1);

/// Pause after so many calls that came to nothing, at least what DingTalk asks for.
pub(super) fn pause_ms(tries: u32, asked_for: Duration) -> i64 {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << tries.min(20));
    let asked_for = i64::try_from(asked_for.as_millis()).unwrap_or(i64::MAX);
    doubled.min(LONGEST_PAUSE_MS).max(asked_for)
}

/// Does what is due about an approval.
pub(super) async fn look(hall: &Hall, row: &MatterRow) -> Result<(), JournalError> {
    let Some(matter) = Matter::read(&row.body) else {
        // Of a newer program: it is looked at again when that is back.
        return shown_later(hall, row.id).await;
    };
    let now_ms = hall.clock.wall_ms();
    match &matter.state {
        State::Waiting { tries } => ask(hall, row, &matter, *tries).await,
        State::Open { .. } if now_ms >= lapse_ms(&matter) => {
            take(hall, row.id, Input::Over, None, now_ms).await.map(|_| ())
        }
        State::Open { .. } | State::Closed { .. } => show(hall, row, &matter).await,
        // The call is under way.
        State::Asking { .. } => Ok(()),
    }
}

async fn shown_later(hall: &Hall, id: i64) -> Result<(), JournalError> {
    shown(hall, id).await;
    Ok(())
}

async fn ask(
    hall: &Hall,
    row: &MatterRow,
    matter: &Matter,
    tries: u32,
) -> Result<(), JournalError> {
    let (config, now_ms) = (hall.live.config(), hall.clock.wall_ms());
    if now_ms - matter.at_ms > MAX_WAIT_MS {
        take(hall, row.id, Input::Over, None, now_ms).await?;
        return Ok(());
    }
    let asked = config.approval(matter.about);
    let Some((asked, way)) = asked.and_then(|asked| Some((asked, asked.by.way()?))) else {
        take(hall, row.id, Input::Never(Reason::NotConfigured), None, now_ms).await?;
        return Ok(());
    };
    let card = (way == Way::Card).then(|| matter.card_name());
    take(hall, row.id, Input::Ask(way), card.clone(), now_ms).await?;
    let answer = call(hall, asked, matter, &config).await;
    let (input, instance, again_ms) = match answer {
        Ok(instance) => (Input::Placed, Some(instance), now_ms),
        Err(error) => {
            tracing::warn!(
                about = matter.about.as_str(),
                matter = matter.reference(),
                "nobody was asked: {error} (hint: {})",
                error.hint()
            );
            let (input, wait) = match error.retry() {
                Retry::After(wait) => (Input::NotYet, wait),
                Retry::WithKey(wait) => (Input::Unknown, wait),
                Retry::Person | Retry::Never => (Input::Never(Reason::Refused), Duration::ZERO),
            };
            (input, card, now_ms + pause_ms(tries, wait))
        }
    };
    // What DingTalk answered must not be lost for a disk that is full for a moment.
    for _ in 1..KEEP_TRIES {
        match take(hall, row.id, input.clone(), instance.clone(), again_ms).await {
            Ok(_) => return Ok(()),
            Err(JournalError::Closed) => return Err(JournalError::Closed),
            Err(_) => hall.clock.sleep(KEEP_PAUSE).await,
        }
    }
    take(hall, row.id, input, instance, again_ms).await.map(|_| ())
}

/// One step; delivery hears of what is to be told.
pub(super) async fn take(
    hall: &Hall,
    id: i64,
    input: Input,
    instance: Option<String>,
    again_ms: i64,
) -> Result<Option<Step>, JournalError> {
    let now = Circumstances::now(hall.live.config(), hall.clock.now());
    let by = Circumstances { instance, again_ms, ..now };
    let step = advance(&hall.journal, Which::Id(id), input, by).await?;
    if step.as_ref().is_some_and(|step| step.told == crate::approve::Told::Closed) {
        hall.told.changed();
    }
    Ok(step)
}

/// The call; DingTalk's id of what it made.
async fn call(
    hall: &Hall,
    asked: &Approve,
    matter: &Matter,
    config: &Arc<Config>,
) -> Result<String, ApiError> {
    match &asked.by {
        AskBy::Oa { process_code, originator, department, fields } => {
            let approval = Approval {
                process_code: process_code.clone(),
                originator_user_id: originator.clone(),
                department: *department,
                fields: filled(matter, config, fields),
            };
            hall.api.start_approval(&approval).await
        }
        AskBy::Yida { app_type, system_token, form, process_code, originator, fields } => {
            let process = YidaProcess {
                app_type: app_type.clone(),
                system_token: system_token.clone(),
                form_uuid: form.clone(),
                process_code: process_code.clone(),
                user_id: originator.clone(),
                fields: filled(matter, config, fields).into_iter().collect(),
            };
            hall.api.start_yida(&process).await
        }
        AskBy::Card { template, group, .. } => {
            let card = NewCard {
                template_id: template.clone(),
                out_track_id: matter.card_name(),
                data: matter_card(matter, config),
                space: CardSpace::Group { conversation_id: group.clone() },
            };
            // One that is there already is ours: its name is unique for ever.
            hall.api.create_card(&card).await.map(|_| card.out_track_id)
        }
        // Not asked by us: `way` says so.
        AskBy::Form { .. } => Err(ApiError::Empty { field: "processCode" }),
    }
}

/// Changes a card that the answer to a press did not change.
async fn show(hall: &Hall, row: &MatterRow, matter: &Matter) -> Result<(), JournalError> {
    if let (Some(Way::Card), Some(card)) = (matter.way, &row.instance) {
        let data = matter_state(matter, &hall.live.config());
        if let Err(error) = hall.api.update_card(card, &data).await {
            let wait = match error.retry() {
                Retry::After(wait) | Retry::WithKey(wait) => wait,
                Retry::Person | Retry::Never => {
                    tracing::warn!("a card shows an old state: {error} (hint: {})", error.hint());
                    shown(hall, row.id).await;
                    return Ok(());
                }
            };
            return later(hall, row, wait).await;
        }
    }
    shown(hall, row.id).await;
    Ok(())
}

/// The card is changed after `wait`.
async fn later(hall: &Hall, row: &MatterRow, wait: Duration) -> Result<(), JournalError> {
    let due_ms = Some(hall.clock.wall_ms() + pause_ms(3, wait));
    let same = hall.journal.change_matter(Which::Id(row.id), move |row, _| {
        let (instance, body) = (row.instance.clone(), row.body.clone());
        let change = crate::journal::Change {
            open: row.open,
            instance,
            body,
            due_ms,
            ..crate::journal::Change::default()
        };
        Ok(((), Some(change)))
    });
    same.await.map(|_| ())
}
