//! A press: who may, what it means, and what everybody sees then.

use std::time::Duration;

use pos_protocol::event::Way;

use super::advance::{Circumstances, Step, advance, lapse_ms};
use crate::app::Hall;
use crate::approve::{Input, Matter, State, Told};
use crate::cards::{Button, matter_state, told};
use crate::config::{AskBy, Config};
use crate::dingtalk::stream::{CardAction, CardReply};
use crate::journal::{Change, JournalError, Which};
use crate::notice::PressWord;

/// How long the journal may take: DingTalk waits two seconds, and the answer has a way to go. A
/// decision that is kept later all the same is shown by a call.
const KEEP_LIMIT: Duration = Duration::from_millis(1_100);

/// The answer to a press, and the matter whose card it changes.
pub(super) async fn answer(hall: &Hall, press: &CardAction) -> (CardReply, Option<i64>) {
    let config = hall.live.config();
    let decided = tokio::time::timeout(KEEP_LIMIT, decide(hall, press, &config)).await;
    let (word, step) = match decided {
        Ok(Ok(decided)) => decided,
        Ok(Err(error)) => {
            tracing::warn!("a press could not be kept: {error}");
            (PressWord::NotKept, None)
        }
        Err(_) => (PressWord::NotKept, None),
    };
    let mut reply = CardReply { private: told(word, &config), ..CardReply::default() };
    let settled = step.map(|step| {
        // Also where nothing changed: whoever pressed an old card sees how it stands.
        reply.card = matter_state(&step.matter, &config);
        step.id
    });
    (reply, settled)
}

async fn decide(
    hall: &Hall,
    press: &CardAction,
    config: &std::sync::Arc<Config>,
) -> Result<(PressWord, Option<Step>), JournalError> {
    let which = Which::Instance(press.out_track_id.clone());
    let row = hall.journal.matter(which.clone()).await?;
    let Some(matter) = row.and_then(|row| Matter::read(&row.body)) else {
        return Ok((PressWord::UnknownCard, None));
    };
    let Some(button) = Button::of(press) else { return Ok((PressWord::UnknownButton, None)) };
    if !may_decide(&matter, &press.user_id, config) {
        return Ok((PressWord::MayNot, None));
    }
    let by = press.user_id.clone();
    let input = match button.ruling() {
        Some(ruling) => Input::Ruled(ruling, Some(by)),
        None => Input::Seen(by),
    };
    let circumstances = Circumstances::now(std::sync::Arc::clone(config), hall.clock.now());
    let Some(step) = advance(&hall.journal, which, input, circumstances).await? else {
        return Ok((PressWord::UnknownCard, None));
    };
    let word = match step.told {
        Told::Changed | Told::Closed => PressWord::Recorded,
        Told::Same => PressWord::Same,
        Told::Late(ruling) => PressWord::TooLate(ruling),
        Told::Refused => PressWord::NotKept,
    };
    if step.told == Told::Closed {
        hall.told.changed();
    }
    Ok((word, Some(step)))
}

/// Only those who are listed now: who was taken off the list decides nothing any more.
fn may_decide(matter: &Matter, user: &str, config: &Config) -> bool {
    let asked = config.approval(matter.about).map(|asked| &asked.by);
    matches!(asked, Some(AskBy::Card { deciders, .. }) if deciders.contains(user))
}

/// The card shows how the matter stands: nothing is left to be called.
pub(super) async fn shown(hall: &Hall, id: i64) {
    let settled = hall.journal.change_matter(Which::Id(id), |row, _| {
        let matter = Matter::read(&row.body);
        let due_ms = matter.as_ref().and_then(|matter| match &matter.state {
            State::Open { way: Way::Card, .. } => Some(lapse_ms(matter)),
            _ => None,
        });
        let (instance, body) = (row.instance.clone(), row.body.clone());
        Ok(((), Some(Change { open: row.open, instance, body, due_ms, ..Change::default() })))
    });
    if let Err(error) = settled.await {
        tracing::debug!("a card is changed once more: {error}");
    }
}
