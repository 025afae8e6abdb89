//! Printers that need a hand: told once a trouble, and only while it lasts.
//!
//! A sensor that flickers at the end of a roll is one trouble: what comes back within minutes after it
//! had lasted is the same one.

use std::collections::BTreeMap;

use pos_protocol::event::{Cover, Fault, Kind, Paper, Printer};
use serde::{Deserialize, Serialize};

use super::exception::{Exception, Oddity, Trouble};
use super::watched::{Watched, of_time, seconds_since};
use crate::config::Exceptions;
use crate::journal::{JournalError, Rows};
use crate::shop::moment::Moment;

/// One row a source.
const PRINTER: &str = "printer";
/// What comes back so soon, in seconds, has not been away.
const BACK_SOON_S: i64 = 600;
/// What lasted so long, in seconds, was no flicker.
const LASTED_S: i64 = 30;

/// A trouble since when.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Since {
    at: String,
    event: String,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<String>,
}

type Troubles = BTreeMap<Trouble, Since>;

/// What is wrong, what is well; what the printer did not tell is in neither.
fn told(printer: Printer) -> Vec<(Trouble, bool)> {
    let mut told = Vec::new();
    if let Some(paper) = printer.paper {
        told.push((Trouble::PaperOut, paper == Paper::Out));
        told.push((Trouble::PaperLow, paper != Paper::Ok));
    }
    told.extend(printer.cover.map(|cover| (Trouble::CoverOpen, cover == Cover::Open)));
    told.extend(printer.error.map(|fault| (Trouble::Fault, fault != Fault::None)));
    told.extend(printer.offline.map(|offline| (Trouble::Offline, offline)));
    told
}

/// Follows what a printer tells.
pub(super) fn keep(watched: &Watched<'_>, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let Watched { event, shop, at, .. } = watched;
    let Some(printer) = event.printer.filter(|_| event.kind == Kind::PrinterStatus) else {
        return Ok(());
    };
    let mut troubles: Troubles = rows.load(PRINTER, shop, &event.source)?.unwrap_or_default();
    let now = at.local.to_string();
    for (trouble, is_wrong) in told(printer) {
        let known = troubles.get(&trouble).cloned();
        let next = match known {
            Some(known) if is_wrong && known.over.is_none() => Some(known),
            Some(known) if is_wrong && is_back(&known, watched) => {
                Some(Since { over: None, ..known })
            }
            _ if is_wrong => {
                Some(Since { at: now.clone(), event: event.id.to_string(), over: None })
            }
            Some(known) if known.over.is_none() => Some(Since { over: Some(now.clone()), ..known }),
            other => other,
        };
        if let Some(next) = next {
            troubles.insert(trouble, next);
        }
    }
    rows.save(PRINTER, shop, &event.source, &troubles)
}

/// Whether a trouble that had lasted comes back.
fn is_back(known: &Since, watched: &Watched<'_>) -> bool {
    let Some(over) = &known.over else { return false };
    let away = seconds_since(over, watched.at.local);
    let lasted = over.parse().ok().and_then(|over| seconds_since(&known.at, over));
    away.zip(lasted).is_some_and(|(away, lasted)| away <= BACK_SOON_S && lasted >= LASTED_S)
}

/// Troubles that have lasted, the worst of each printer.
pub(super) fn due(
    now: Moment,
    shop: &str,
    limits: &Exceptions,
    rows: &dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let mut found = Vec::new();
    // Names of sources are letters, digits and signs before `~`.
    for (source, body) in rows.range(PRINTER, shop, "", "~")? {
        let Ok(troubles) = serde_json::from_str::<Troubles>(&body) else { continue };
        let Some(limit) = limits.of(&source).printer else { continue };
        let limit = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
        // The first is the worst, and the reason for the others.
        let Some((trouble, since)) = troubles.iter().find(|(_, since)| since.over.is_none()) else {
            continue;
        };
        if seconds_since(&since.at, now.local).is_some_and(|lasts| lasts >= limit) {
            let once = format!("{source}/{}/{}", trouble.as_str(), since.event);
            let what = Oddity::Printer { trouble: *trouble };
            found.push(Exception {
                event: Some(since.event.clone()),
                at: since.at.clone(),
                ..of_time(what, once, &source, shop)
            });
        }
    }
    Ok(found)
}
