//! Kitchen orders that wait for a bill and bills that wait for money.
//!
//! A slip is matched by its number, else its table, else by what is on it. Where hardly any is ever
//! matched the till prints nothing to match by, and nobody is told: an open order is news only where
//! the others are closed.

use jiff::ToSpan;
use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind, Receipt};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

use super::exception::{Exception, Oddity};
use super::watched::{Watched, of_time, seconds_since};
use crate::config::Exceptions;
use crate::journal::{JournalError, Rows};
use crate::shop::moment::Moment;

/// Rows by local time and event.
const OPEN: &str = "open";
/// How many of each kind were matched, one row.
const MATCHED: &str = "open_matched";

/// Most slips that wait at once in a shop; the oldest goes.
const MAX_OPEN: usize = 300;
/// Days that a slip waits.
const KEEP_DAYS: i64 = 2;
/// Most names of dishes kept of a slip.
const MAX_ITEMS: usize = 40;
/// Slips that were matched before an unmatched one is news.
const MIN_MATCHED: u32 = 5;
/// One unmatched slip is news for every so many that were matched.
const MATCHED_PER_OPEN: u32 = 4;
/// Words before the name of a table, folded; the longer first.
const TABLE_WORDS: [&str; 10] =
    ["TABLE", "TBL", "MEJA", "枱號", "檯號", "桌號", "桌号", "枱", "檯", "桌"];
/// Matches are not counted beyond this.
const MAX_MATCHED: u32 = 1_000;

/// A slip that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Open {
    event: String,
    kind: Kind,
    source: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cashier: Option<String>,
    items: Vec<String>,
}

/// How often waiting came to an end.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Matched {
    orders: u32,
    bills: u32,
}

impl Open {
    fn of(event: &Event, receipt: &Receipt, at: DateTime) -> Self {
        Self {
            event: event.id.to_string(),
            kind: event.kind,
            source: event.source.clone(),
            at: at.to_string(),
            number: receipt.number.clone(),
            table: receipt.table.clone(),
            total: receipt.total,
            cashier: receipt.cashier.clone(),
            items: names(receipt),
        }
    }

    /// Whether `receipt` is about the same.
    fn fits(&self, receipt: &Receipt) -> bool {
        if same_number(self.number.as_deref(), receipt.number.as_deref()) {
            return true;
        }
        if let Some(same) = same_table(self.table.as_deref(), receipt.table.as_deref()) {
            return same;
        }
        let items = names(receipt);
        let all = !self.items.is_empty() && self.items.iter().all(|name| items.contains(name));
        match self.kind {
            Kind::Bill => {
                let paid = self.total.is_some() && self.total == receipt.total;
                paid && (all || self.items.is_empty())
            }
            _ => all,
        }
    }

    /// Whether a second bill takes the place of this one.
    fn is_replaced_by(&self, newer: &Self) -> bool {
        let number = same_number(self.number.as_deref(), newer.number.as_deref());
        let table = same_table(self.table.as_deref(), newer.table.as_deref()) == Some(true);
        self.kind == Kind::Bill && newer.kind == Kind::Bill && (number || table)
    }

    fn can_be_matched(&self) -> bool {
        self.number.is_some() || self.table.is_some() || !self.items.is_empty()
    }
}

/// Whether both name the same table; `None` where one names none. `Table 7` and `7` do.
fn same_table(a: Option<&str>, b: Option<&str>) -> Option<bool> {
    Some(folded(a?) == folded(b?))
}

fn same_number(a: Option<&str>, b: Option<&str>) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches('#').to_owned();
    a.zip(b).is_some_and(|(a, b)| bare(a) == bare(b))
}

/// A table's name without the word for table, spaces and leading zeros.
fn folded(table: &str) -> String {
    let name: String =
        table.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let bare = TABLE_WORDS.iter().find_map(|word| name.strip_prefix(word));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(&name).trim_start_matches('0').to_owned()
}

fn names(receipt: &Receipt) -> Vec<String> {
    let names = receipt.items.iter().map(|item| item.name.trim().to_owned());
    names.filter(|name| !name.is_empty()).take(MAX_ITEMS).collect()
}

/// Follows orders, bills and what ends them.
pub(super) fn keep(watched: &Watched<'_>, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let Watched { event, shop, at, .. } = watched;
    let Some(receipt) = &event.receipt else { return Ok(()) };
    match event.kind {
        Kind::KitchenOrder => enter(&Open::of(event, receipt, at.local), shop, rows),
        Kind::Bill => {
            settle(receipt, &[Kind::KitchenOrder], shop, rows)?;
            enter(&Open::of(event, receipt, at.local), shop, rows)
        }
        Kind::Sale | Kind::Void => settle(receipt, &[Kind::KitchenOrder, Kind::Bill], shop, rows),
        // Who sits where now is not in its fields: whoever moved is not waited for.
        Kind::TableMove => moved(event, receipt, shop, rows),
        _ => Ok(()),
    }
}

/// A slip that was no order or bill after all.
pub(super) fn forget(event: &Event, shop: &str, rows: &mut dyn Rows) -> Result<(), JournalError> {
    let id = event.id.to_string();
    if matches!(event.kind, Kind::KitchenOrder | Kind::Bill) {
        for (key, open) in waiting(shop, rows)? {
            if open.event == id {
                rows.remove(OPEN, shop, &key)?;
            }
        }
    }
    Ok(())
}

fn waiting(shop: &str, rows: &dyn Rows) -> Result<Vec<(String, Open)>, JournalError> {
    // Keys begin with a year.
    let found = rows.range(OPEN, shop, "", ":")?;
    let read = |(key, body): (String, String)| Some((key, serde_json::from_str(&body).ok()?));
    Ok(found.into_iter().filter_map(read).collect())
}

fn enter(open: &Open, shop: &str, rows: &mut dyn Rows) -> Result<(), JournalError> {
    if !open.can_be_matched() {
        return Ok(());
    }
    let oldest =
        open.at.parse::<DateTime>().ok().and_then(|at| at.checked_sub(KEEP_DAYS.days()).ok());
    let oldest = oldest.map_or(String::new(), |oldest| oldest.to_string());
    let waiting = waiting(shop, rows)?;
    let over = (waiting.len() + 1).saturating_sub(MAX_OPEN);
    for (at, (key, old)) in waiting.iter().enumerate() {
        if at < over || *key < oldest || old.is_replaced_by(open) {
            rows.remove(OPEN, shop, key)?;
        }
    }
    rows.save(OPEN, shop, &format!("{}\t{}", open.at, open.event), open)
}

fn settle(
    receipt: &Receipt,
    kinds: &[Kind],
    shop: &str,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    let mut matched: Matched = rows.load(MATCHED, shop, "")?.unwrap_or_default();
    let mut any = false;
    for (key, open) in waiting(shop, rows)? {
        if kinds.contains(&open.kind) && open.fits(receipt) {
            rows.remove(OPEN, shop, &key)?;
            let counted =
                if open.kind == Kind::Bill { &mut matched.bills } else { &mut matched.orders };
            *counted = (*counted + 1).min(MAX_MATCHED);
            any = true;
        }
    }
    if any { rows.save(MATCHED, shop, "", &matched) } else { Ok(()) }
}

fn moved(
    event: &Event,
    receipt: &Receipt,
    shop: &str,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    let text = event.text.as_deref().unwrap_or_default();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let named: Vec<String> = words.chain(receipt.table.as_deref()).map(folded).collect();
    for (key, open) in waiting(shop, rows)? {
        if open.table.as_deref().is_some_and(|table| named.contains(&folded(table))) {
            rows.remove(OPEN, shop, &key)?;
        }
    }
    Ok(())
}

/// Orders and bills that have waited too long.
pub(super) fn due(
    now: Moment,
    shop: &str,
    limits: &Exceptions,
    rows: &dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let matched: Matched = rows.load(MATCHED, shop, "")?.unwrap_or_default();
    let mut late: Vec<(Open, i64)> = Vec::new();
    for (_, open) in waiting(shop, rows)? {
        let limits = limits.of(&open.source);
        let limit =
            if open.kind == Kind::Bill { limits.bill_unpaid } else { limits.kitchen_unbilled };
        let waited = seconds_since(&open.at, now.local);
        if let Some((limit, waited)) = limit.zip(waited)
            && waited >= i64::try_from(limit.as_secs()).unwrap_or(i64::MAX)
        {
            late.push((open, waited));
        }
    }
    let mut found = Vec::new();
    for (kind, matched) in [(Kind::KitchenOrder, matched.orders), (Kind::Bill, matched.bills)] {
        let late = || late.iter().filter(|(open, _)| open.kind == kind);
        let count = u32::try_from(late().count()).unwrap_or(u32::MAX);
        if matched < MIN_MATCHED || count.saturating_mul(MATCHED_PER_OPEN) > matched {
            continue;
        }
        found.extend(late().map(|(open, waited)| told(open, waited / 60, shop)));
    }
    Ok(found)
}

fn told(open: &Open, minutes: i64, shop: &str) -> Exception {
    let what = if open.kind == Kind::Bill {
        Oddity::BillUnpaid { minutes }
    } else {
        Oddity::KitchenUnbilled { minutes }
    };
    Exception {
        event: Some(open.event.clone()),
        at: open.at.clone(),
        number: open.number.clone(),
        amount: open.total,
        table: open.table.clone(),
        cashier: open.cashier.clone(),
        ..of_time(what, open.event.clone(), &open.source, shop)
    }
}

#[cfg(test)]
mod tests {
    use super::{same_number, same_table};

    #[test]
    fn a_table_is_the_same_however_it_is_written() {
        for (a, b, expected) in [
            ("7", "7", true),
            ("Table 7", "7", true),
            ("枱號：07", "7", true),
            ("A7", "7", false),
            ("A7", "B7", false),
            ("7a", "7A", true),
            ("VIP", "vip", true),
            ("桌", "桌", true),
        ] {
            assert_eq!(same_table(Some(a), Some(b)), Some(expected), "{a} {b}");
        }
        assert_eq!(same_table(None, Some("7")), None);
        assert!(same_number(Some("#A12"), Some("A12")) && !same_number(Some("A12"), Some("B12")));
        assert!(!same_number(None, None));
    }
}
