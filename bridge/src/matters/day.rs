//! The card of the day: made with the first receipt, changed in place while the day goes on.

use super::ask::pause_ms;
use crate::app::Hall;
use crate::cards::{Shown, today_card};
use crate::config::TodayCard;
use crate::dingtalk::openapi::{ApiError, CardData, CardSpace, NewCard, Retry};
use crate::journal::{Change, JournalError, MatterKind, MatterRow, NewMatter, Which};
use crate::shop::Clerk;

/// How often it is looked whether the day has its first receipt.
const FIRST_EVERY_MS: i64 = 60_000;
/// Before the name of a day's card.
const NAME: &str = "posbridge-today-";

/// Keeps that the day that it is now has a card.
pub(super) async fn wanted(hall: &Hall) -> Result<(), JournalError> {
    let (config, now_ms) = (hall.live.config(), hall.clock.wall_ms());
    if config.today.is_none() {
        return Ok(());
    }
    let Some(now) = Clerk::new(config).moment_of(now_ms) else { return Ok(()) };
    let key = format!("today/{}", now.day);
    if hall.journal.matter(Which::Key(key.clone())).await?.is_some() {
        return Ok(());
    }
    // Unique for ever: a journal has one card a day, and two bridges of one organisation two.
    let name = format!("{NAME}{}-{}", hall.journal.uuid(), now.day);
    let shown = Shown { day: now.day, name, made: false, text: String::new() };
    let body = serde_json::to_string(&shown).expect("plain data always serialises");
    let kind = MatterKind::Today;
    let due_ms = Some(now_ms);
    let matter = NewMatter { key, kind, body, due_ms, instance: None, created_ms: now_ms };
    hall.journal.add_matters(vec![matter]).await.map(|_| ())
}

/// Changes the card of a day where its figures are others.
pub(super) async fn look(hall: &Hall, row: &MatterRow) -> Result<(), JournalError> {
    let (config, now_ms) = (hall.live.config(), hall.clock.wall_ms());
    let shown = serde_json::from_str::<Shown>(&row.body).ok();
    let (Some(mut shown), Some(today)) = (shown, &config.today) else {
        return keep(hall, row, row.body.clone(), None).await;
    };
    // This is the last look then, and shows what the day came to.
    let over = Clerk::new(config.clone()).moment_of(now_ms).is_some_and(|now| now.day > shown.day);
    if over && !shown.made {
        // Nobody waits for a card of yesterday.
        return keep(hall, row, row.body.clone(), None).await;
    }
    let (day, books) = (shown.day, config.clone());
    let card = hall.journal.read(move |rows| today_card(rows, &books, day, now_ms)).await?;
    let every = i64::try_from(today.every.as_millis()).unwrap_or(i64::MAX);
    let mut next_ms = now_ms + if card.is_some() { every } else { every.min(FIRST_EVERY_MS) };
    if let Some((data, text)) = card.filter(|(_, text)| *text != shown.text) {
        match change(hall, today, &shown, data).await {
            Ok(()) => (shown.made, shown.text) = (true, text),
            Err(error) => {
                tracing::warn!(
                    "the day's card is not up to date: {error} (hint: {})",
                    error.hint()
                );
                let (Retry::After(wait) | Retry::WithKey(wait)) = error.retry() else {
                    return keep(hall, row, row.body.clone(), None).await;
                };
                next_ms = next_ms.max(now_ms + pause_ms(0, wait));
            }
        }
    }
    let body = serde_json::to_string(&shown).expect("plain data always serialises");
    keep(hall, row, body, Some(next_ms).filter(|_| !over)).await
}

/// The call. A card that is there already is ours, and shows older figures.
async fn change(
    hall: &Hall,
    today: &TodayCard,
    shown: &Shown,
    data: CardData,
) -> Result<(), ApiError> {
    if shown.made {
        return hall.api.update_card(&shown.name, &data).await;
    }
    let card = NewCard {
        template_id: today.template.clone(),
        out_track_id: shown.name.clone(),
        data,
        space: CardSpace::Group { conversation_id: today.group.clone() },
    };
    hall.api.create_card(&card).await.map(|_| ())
}

async fn keep(
    hall: &Hall,
    row: &MatterRow,
    body: String,
    due_ms: Option<i64>,
) -> Result<(), JournalError> {
    let change = Change { open: due_ms.is_some(), body, due_ms, ..Change::default() };
    hall.journal.change_matter(Which::Id(row.id), |_, _| Ok(((), Some(change)))).await.map(|_| ())
}
