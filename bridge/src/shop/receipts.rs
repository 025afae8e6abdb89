//! Which receipts there were, and what became of each: sold, refunded, taken back.
//!
//! It keeps what later slips refer to (numbers, totals, tenders) and forgets it after some weeks. It
//! adds nothing up.

use jiff::ToSpan;
use jiff::civil::Date;
use pos_protocol::event::{Event, Kind};
use pos_protocol::money::Amount;
use serde::{Deserialize, Serialize};

use super::clerk::Effect;
use super::moment::Moment;
use crate::journal::{JournalError, Rows};

/// Rows by source and number, without a day: the newest receipt of that number.
const TOPIC: &str = "receipt";
/// Keys of [`TOPIC`] by day, to forget them by.
const BY_DAY: &str = "receipt_day";
/// The newest day of which a receipt was kept, one row.
const NEWEST: &str = "receipt_newest";

/// Days that a receipt can be referred to: a refund within two months finds its sale.
const KEEP_DAYS: i64 = 62;

/// A receipt as later slips find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The business day.
    pub day: Date,
    /// Local time.
    pub at: String,
    /// The event.
    pub event: String,
    /// What kind of slip.
    pub kind: Kind,
    /// Its total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    /// Who served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cashier: Option<String>,
    /// Whether it was taken back by a void.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voided: bool,
    /// What was paid back of it so far, above zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Amount>,
}

/// A receipt with the till that printed it and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The till.
    pub source: String,
    /// Its number.
    pub number: String,
    /// What is kept of it.
    pub known: Known,
}

impl Filed {
    /// The receipts of a business day, in no order; of a number that came twice the newest.
    pub fn of_day(rows: &dyn Rows, shop: &str, day: Date) -> Result<Vec<Self>, JournalError> {
        let keys = rows.range(BY_DAY, shop, &format!("{day}\t"), &format!("{day}\u{b}"))?;
        let mut filed = Vec::with_capacity(keys.len());
        for (key, _) in keys {
            let mut parts = key.splitn(3, '\t').skip(1);
            let (Some(source), Some(number)) = (parts.next(), parts.next()) else { continue };
            filed
                .extend(Self::find(rows, shop, source, number)?.filter(|one| one.known.day == day));
        }
        Ok(filed)
    }

    /// The newest receipt of this number at this till.
    pub fn find(
        rows: &dyn Rows,
        shop: &str,
        source: &str,
        number: &str,
    ) -> Result<Option<Self>, JournalError> {
        let known = Receipts::new(shop).find(source, number, rows)?;
        let (source, number) = (source.to_owned(), number.to_owned());
        Ok(known.map(|known| Self { source, number, known }))
    }
}

/// What a slip is in the light of those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing before it concerns it.
    Alone,
    /// It takes back or pays back this receipt.
    Of(Known),
}

/// The receipts of one shop.
pub(super) struct Receipts<'a> {
    shop: &'a str,
}

impl<'a> Receipts<'a> {
    pub(super) fn new(shop: &'a str) -> Self {
        Self { shop }
    }

    /// Keeps `event` and says which earlier receipt it is about.
    pub(super) fn keep(
        &self,
        event: &Event,
        at: Moment,
        effect: Effect,
        rows: &mut dyn Rows,
    ) -> Result<Standing, JournalError> {
        let standing = match event.kind {
            Kind::Refund => self.refund(event, effect, rows)?,
            Kind::Void => self.void(event, effect, rows)?,
            _ => Standing::Alone,
        };
        if matches!(event.kind, Kind::Sale | Kind::Refund) {
            self.enter(event, at, effect, rows)?;
        }
        Ok(standing)
    }

    /// The newest receipt of this number at this source.
    pub(super) fn find(
        &self,
        source: &str,
        number: &str,
        rows: &dyn Rows,
    ) -> Result<Option<Known>, JournalError> {
        rows.load(TOPIC, self.shop, &key(source, number))
    }

    fn enter(
        &self,
        event: &Event,
        at: Moment,
        effect: Effect,
        rows: &mut dyn Rows,
    ) -> Result<(), JournalError> {
        let receipt = event.receipt.as_ref();
        let Some(number) = receipt.and_then(|receipt| receipt.number.as_deref()) else {
            return Ok(());
        };
        let key = key(&event.source, number);
        if effect == Effect::TakeBack {
            return rows.remove(TOPIC, self.shop, &key);
        }
        let known = Known {
            day: at.day,
            at: at.local.to_string(),
            event: event.id.to_string(),
            kind: event.kind,
            total: receipt.and_then(|receipt| receipt.total),
            cashier: receipt.and_then(|receipt| receipt.cashier.clone()),
            voided: false,
            refunded: None,
        };
        rows.save(TOPIC, self.shop, &key, &known)?;
        rows.write(BY_DAY, self.shop, &format!("{}\t{key}", at.day), "")?;
        self.forget(at.day, rows)
    }

    /// Takes away what nothing can refer to any more, when a new day begins.
    fn forget(&self, today: Date, rows: &mut dyn Rows) -> Result<(), JournalError> {
        let newest: Option<Date> = rows.load(NEWEST, self.shop, "")?;
        if newest.is_some_and(|newest| newest >= today) {
            return Ok(());
        }
        rows.save(NEWEST, self.shop, "", &today)?;
        let Ok(oldest) = today.checked_sub(KEEP_DAYS.days()) else { return Ok(()) };
        for (old, _) in rows.range(BY_DAY, self.shop, "", &oldest.to_string())? {
            rows.remove(BY_DAY, self.shop, &old)?;
            let Some((_, key)) = old.split_once('\t') else { continue };
            let known: Option<Known> = rows.load(TOPIC, self.shop, key)?;
            // The number may have come round again since.
            if known.is_some_and(|known| known.day < oldest) {
                rows.remove(TOPIC, self.shop, key)?;
            }
        }
        Ok(())
    }

    fn refund(
        &self,
        event: &Event,
        effect: Effect,
        rows: &mut dyn Rows,
    ) -> Result<Standing, JournalError> {
        let receipt = event.receipt.as_ref();
        let Some(number) = receipt.and_then(|receipt| receipt.original_number.as_deref()) else {
            return Ok(Standing::Alone);
        };
        let Some(known) = self.find(&event.source, number, rows)? else {
            return Ok(Standing::Alone);
        };
        let paid = receipt.and_then(|receipt| receipt.total);
        let paid = paid
            .and_then(|total| if total.is_negative() { total.checked_neg() } else { Some(total) });
        let before = known.refunded.or_else(|| paid.map(|paid| Amount::zero(paid.digits())));
        let refunded = before.zip(paid).and_then(|(before, paid)| match effect {
            Effect::Count => before.checked_add(paid),
            Effect::TakeBack => before.checked_sub(paid),
        });
        let after = Known { refunded, ..known.clone() };
        rows.save(TOPIC, self.shop, &key(&event.source, number), &after)?;
        Ok(Standing::Of(known))
    }

    /// A void names the sale that it takes back, or has its number; else it is of a sale that was
    /// never finished.
    fn void(
        &self,
        event: &Event,
        effect: Effect,
        rows: &mut dyn Rows,
    ) -> Result<Standing, JournalError> {
        let receipt = event.receipt.as_ref();
        let numbers = receipt.into_iter().flat_map(|receipt| {
            [receipt.original_number.as_deref(), receipt.number.as_deref()].into_iter().flatten()
        });
        for number in numbers {
            let Some(known) = self.find(&event.source, number, rows)? else { continue };
            let counted = match effect {
                Effect::Count => !known.voided,
                Effect::TakeBack => known.voided,
            };
            if known.kind == Kind::Sale && counted {
                let after = Known { voided: effect == Effect::Count, ..known.clone() };
                rows.save(TOPIC, self.shop, &key(&event.source, number), &after)?;
                return Ok(Standing::Of(known));
            }
        }
        Ok(Standing::Alone)
    }
}

fn key(source: &str, number: &str) -> String {
    format!("{source}\t{number}")
}
