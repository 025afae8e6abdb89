//! Adds a summary up from the rows.

use jiff::civil::Date;
use pos_protocol::money::Amount;

use super::{Before, Checked, Period, Summary, goods};
use crate::journal::{JournalError, Rows};
use crate::shop::shift::Reckoning;
use crate::shop::tally::{Day, Sum};

impl Summary {
    /// What `shops` took from `from` to `to`; nothing where there was no trade.
    pub fn read(
        rows: &dyn Rows,
        shops: &[&str],
        period: Period,
        from: Date,
        to: Date,
    ) -> Result<Option<Self>, JournalError> {
        let (total, days) = takings(rows, shops, from, to)?;
        if days == 0 {
            return Ok(None);
        }
        let items = goods::items(rows, shops, from, to)?;
        let mut each = Vec::new();
        if let [_, _, ..] = shops {
            for shop in shops {
                let (total, _) = takings(rows, &[*shop], from, to)?;
                let amount = total.net().unwrap_or(total.sales.amount);
                each.push(((*shop).to_owned(), Sum { count: total.sales.count, amount }));
            }
        }
        let end = to.tomorrow().unwrap_or(to);
        let mut reports = Vec::new();
        for shop in shops {
            reports.extend(Reckoning::range(rows, shop, from, end)?.into_iter().map(|one| {
                Checked { agrees: one.found.agrees(), source: one.source, number: one.number }
            }));
        }
        Ok(Some(Self {
            period,
            from,
            to,
            shops: shops.iter().map(|shop| (*shop).to_owned()).collect(),
            days,
            net: total.net(),
            average: average(total.sales),
            before: before(rows, shops, period, from)?,
            top: goods::top(&items),
            categories: goods::categories(rows, shops, &items)?,
            slow: goods::slow(rows, shops, to)?,
            each,
            reports,
            total,
            ..Self::default()
        }))
    }
}

/// The sums of some days, and how many of them had trade.
fn takings(
    rows: &dyn Rows,
    shops: &[&str],
    from: Date,
    to: Date,
) -> Result<(Day, usize), JournalError> {
    let (mut total, mut traded) = (Day::default(), std::collections::BTreeSet::new());
    for shop in shops {
        for (date, day) in Day::range(rows, shop, from, to.tomorrow().unwrap_or(to))? {
            total.merge(&day);
            if !day.is_empty() {
                traded.insert(date);
            }
        }
    }
    Ok((total, traded.len()))
}

fn before(
    rows: &dyn Rows,
    shops: &[&str],
    period: Period,
    from: Date,
) -> Result<Option<Before>, JournalError> {
    let (from, to) = period.before(from);
    let (total, days) = takings(rows, shops, from, to)?;
    let net = total.net().filter(|_| days > 0);
    Ok(net.map(|net| Before { from, net, count: total.sales.count }))
}

/// What a sale was on average, to the nearest of the currency's smallest units.
fn average(sales: Sum) -> Option<Amount> {
    if sales.count <= 0 {
        return None;
    }
    let minor = sales.amount.minor();
    let half = if minor < 0 { -sales.count } else { sales.count } / 2;
    Some(Amount::new((minor + half) / sales.count, sales.amount.digits()))
}
