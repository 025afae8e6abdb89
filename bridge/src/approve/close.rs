//! What a matter that was closed leads to: one event, and one message for the group.
//!
//! The event's id follows from the matter's key: whoever closes it how often, there is one event.

use std::collections::BTreeSet;

use pos_protocol::event::{
    About, Approval, Event, EventId, Kind, Reason, Ruling, SCHEMA, SessionId,
};
use pos_protocol::time::Timestamp;

use super::matter::Matter;
use super::state::State;
use crate::config::Config;
use crate::journal::{JournalError, NewNotice, Rows};
use crate::shop::stock;

/// What an approval's `source` is.
const SOURCE: &str = "approval";

/// What is kept with a matter that was closed.
#[derive(Debug)]
pub(crate) struct Closing {
    /// How it ended.
    pub(crate) event: Event,
    /// Whose group hears of it.
    pub(crate) notices: Vec<NewNotice>,
}

/// Closes `matter`, whose state says how it was ruled. What was approved and cannot be done any more
/// becomes impossible here, in the transaction that would have done it.
pub(crate) fn close(
    matter: &mut Matter,
    now: Timestamp,
    instance: Option<String>,
    config: &Config,
    rows: &dyn Rows,
) -> Result<Option<Closing>, JournalError> {
    let State::Closed { ruling, reason, .. } = &mut matter.state else { return Ok(None) };
    if (matter.about, *ruling) == (About::Transfer, Ruling::Approved) {
        let to = matter.to.as_deref().unwrap_or_default();
        if !stock::can_move(rows, &matter.shop, to, &matter.lines)? {
            (*ruling, *reason) = (Ruling::Impossible, Some(Reason::Gone));
        }
    }
    let event = event(matter, now, instance);
    let notices = robots(matter.about, config).into_iter().map(|robot| NewNotice {
        event_id: event.id,
        robot,
        urgent: true,
        created_ms: now.wall.as_millisecond(),
    });
    Ok(Some(Closing { notices: notices.collect(), event }))
}

fn event(matter: &Matter, now: Timestamp, instance: Option<String>) -> Event {
    let (ruling, by, reason) = match &matter.state {
        State::Closed { ruling, by, reason } => (*ruling, by.clone(), *reason),
        _ => (Ruling::Unasked, None, None),
    };
    let session = SessionId { journal: matter.key.clone(), source: SOURCE.to_owned(), epoch: 0 };
    let named = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
    Event {
        schema: SCHEMA,
        id: session.event(0, 0, 0),
        source: SOURCE.to_owned(),
        observed_at: now.rfc3339(),
        kind: Kind::Approval,
        test: false,
        related: matter.event.as_deref().and_then(EventId::parse),
        corrects: None,
        receipt: None,
        report: None,
        drawer: None,
        printer: None,
        inventory: None,
        approval: Some(Approval {
            matter: matter.reference(),
            about: matter.about,
            ruling,
            way: matter.way,
            instance,
            by,
            reason,
            shop: named(&matter.shop),
            to: matter.to.clone(),
            lines: matter.lines.clone(),
            number: matter.number.clone(),
            amount: matter.amount,
        }),
        text: None,
        verdict: None,
        evidence: None,
    }
}

/// Whose groups hear how it ended: the configured one's, and those that ask for approvals; where
/// nobody does, the first robot's. Nobody is left without an answer.
pub(crate) fn robots(about: About, config: &Config) -> BTreeSet<String> {
    let own = config.approval(about).map(|asked| asked.robot.clone());
    let heads = config.robots.iter().filter(|robot| robot.pool.is_none());
    let wanting = heads.clone().filter(|robot| robot.notices.contains(&Kind::Approval));
    let mut told: BTreeSet<String> = wanting.map(|robot| robot.name.clone()).collect();
    told.extend(own);
    if told.is_empty() {
        told.extend(heads.map(|robot| robot.name.clone()).next());
    }
    told
}
