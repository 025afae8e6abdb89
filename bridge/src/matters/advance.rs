//! One step of a matter, kept with what follows from it.

use std::sync::Arc;

use pos_protocol::event::{Ruling, Way};
use pos_protocol::time::Timestamp;

use crate::approve::{Input, Matter, State, Told, close, robots, step};
use crate::config::Config;
use crate::journal::{Batch, Change, Journal, JournalError, MatterRow, NewFinding, Rows, Which};
use crate::shop::{Clerk, Finding, Foreign};

/// How long people have to decide: a card of last week decides nothing.
pub(super) const LAPSE_MS: i64 = 7 * 24 * 3_600_000;
/// How long a card has to be changed by the answer to a press before it is changed by a call.
const CARD_GRACE_MS: i64 = 3_000;

/// What a step needs besides the matter.
pub(super) struct Circumstances {
    pub(super) config: Arc<Config>,
    pub(super) now: Timestamp,
    /// DingTalk's id of it, where it is known now.
    pub(super) instance: Option<String>,
    /// When a matter that still waits is looked at next.
    pub(super) again_ms: i64,
}

impl Circumstances {
    pub(super) fn now(config: Arc<Config>, now: Timestamp) -> Self {
        let again_ms = now.wall.as_millisecond();
        Self { config, now, instance: None, again_ms }
    }
}

/// What came of a step.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) id: i64,
    pub(super) told: Told,
    /// As it stands now.
    pub(super) matter: Matter,
}

/// Takes the matter a step further, in one transaction with what follows. Nothing where there is no
/// such matter, or this program cannot read it.
pub(super) async fn advance(
    journal: &Journal,
    which: Which,
    input: Input,
    by: Circumstances,
) -> Result<Option<Step>, JournalError> {
    let stepped = journal
        .change_matter(which, move |row, rows| {
            let Some(matter) = Matter::read(&row.body) else { return Ok((None, None)) };
            let (step, change) = next(row, matter, input, &by, rows)?;
            Ok((Some(step), change))
        })
        .await?;
    Ok(stepped.flatten())
}

fn next(
    row: &MatterRow,
    mut matter: Matter,
    input: Input,
    by: &Circumstances,
    rows: &dyn Rows,
) -> Result<(Step, Option<Change>), JournalError> {
    let said = if let Input::Ruled(ruling, _) = &input { Some(*ruling) } else { None };
    let input = match input {
        Input::Ruled(ruling @ (Ruling::Approved | Ruling::Rejected), None) => {
            Input::Ruled(ruling, matter.said_by.clone())
        }
        other => other,
    };
    let (state, told) = step(matter.state.clone(), input);
    matter.state = state;
    let instance = by.instance.clone().or_else(|| row.instance.clone());
    let change = match told {
        Told::Same | Told::Refused => None,
        Told::Late(before) => late(row, &matter, said, before, instance.as_ref(), by),
        Told::Changed | Told::Closed => {
            if let State::Asking { way, .. } = matter.state {
                matter.way = Some(way);
            }
            Some(changed(row, &mut matter, instance, by, rows)?)
        }
    };
    Ok((Step { id: row.id, told, matter }, change))
}

fn changed(
    row: &MatterRow,
    matter: &mut Matter,
    instance: Option<String>,
    by: &Circumstances,
    rows: &dyn Rows,
) -> Result<Change, JournalError> {
    let mut change = Change { open: true, ..Change::default() };
    if let Some(closing) = close(matter, by.now, instance.clone(), &by.config, rows)? {
        change.open = false;
        // What it was about is in the journal's events as long as they are kept, and nowhere else.
        matter.receipt = None;
        change.batch = Batch {
            events: vec![closing.event],
            notices: closing.notices,
            shop: Some(Arc::new(Clerk::new(Arc::clone(&by.config)))),
            ..Batch::default()
        };
    }
    let now_ms = by.now.wall.as_millisecond();
    change.due_ms = match &matter.state {
        State::Waiting { .. } => Some(by.again_ms),
        State::Asking { .. } => None,
        State::Open { way: Way::Card, seen } if !seen.is_empty() => Some(now_ms + CARD_GRACE_MS),
        State::Open { .. } => Some(lapse_ms(matter)),
        State::Closed { .. } if matter.way == Some(Way::Card) && row.instance.is_some() => {
            Some(now_ms + CARD_GRACE_MS)
        }
        State::Closed { .. } => None,
    };
    change.body = matter.body();
    change.instance = instance;
    Ok(change)
}

/// When its time is over.
pub(super) fn lapse_ms(matter: &Matter) -> i64 {
    matter.at_ms + LAPSE_MS
}

/// A process that was decided when nothing could follow from it any more: the group is told. Who
/// pressed a button is told there.
fn late(
    row: &MatterRow,
    matter: &Matter,
    said: Option<Ruling>,
    before: Ruling,
    instance: Option<&String>,
    by: &Circumstances,
) -> Option<Change> {
    let ruling = said.filter(|_| matter.way != Some(Way::Card))?;
    let found = Foreign {
        about: matter.about,
        ruling,
        before: Some(before),
        matter: Some(matter.reference()),
        instance: instance.cloned().unwrap_or_default(),
    };
    Some(Change {
        open: false,
        instance: row.instance.clone(),
        body: row.body.clone(),
        due_ms: row.due_ms,
        batch: Batch::default(),
        findings: told(found, &by.config, by.now.wall.as_millisecond()),
    })
}

/// `found` for everybody who hears how such matters end.
pub(super) fn told(found: Foreign, config: &Config, now_ms: i64) -> Vec<NewFinding> {
    let about = found.about;
    let finding = Finding::Foreign(found);
    let body = serde_json::to_string(&finding).expect("plain data always serialises");
    let robots = robots(about, config).into_iter();
    robots
        .map(|robot| NewFinding {
            robot,
            key: finding.key(),
            body: body.clone(),
            urgent: finding.is_urgent(),
            created_ms: now_ms,
        })
        .collect()
}
